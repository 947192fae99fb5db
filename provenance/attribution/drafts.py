"""Attributions being made, and how they become rows: evidence, misspelt outlets made one, order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from provenance.attribution.calibration import FITTED_LANGUAGE, Calibration, default_calibration, values_of
from provenance.attribution.names import UNRESOLVED, same_source
from provenance.attribution.speakers import Speakers
from provenance.model import Article, Attribution, Evidence, Mention, PageCredit, Source, Span, Stance

OPENING_WORDS: Final = 60


@dataclass(slots=True)
class Draft:
    """An attribution being made."""

    kind: str
    rule: str
    stance: Stance
    source: tuple[int, int] | None
    source_name: str
    cue: tuple[int, int] | None
    content: list[tuple[int, int]]
    evidence: list[tuple[int, int]]
    chain: list[Source]
    confidence: float
    paragraph: int
    quoted: bool = False
    after: bool = False
    inherits: list[Source] = field(default_factory=list)
    speaker: Source = UNRESOLVED
    nested: bool = False
    """Whether it stands within what somebody else is quoted as saying."""
    certainty: float = 1.0
    """The confidence of the statement whose content it stands in, a factor of its own."""
    nodes: int = 1
    """How many nodes of the chain its own words give."""
    fitted: bool = True
    """Whether annotated articles of its language were there to fit confidences on; otherwise its prior stands."""


def _renamed(node: Source, names: dict[str, Source]) -> Source:
    return names.get(node.name, node)


def without_repeats(chain: Sequence[Source]) -> list[Source]:
    """A chain in which each node stands once, at its first place."""
    kept: list[Source] = []
    for node in chain:
        if not any(same_source(node, other) for other in kept):
            kept.append(node)
    return kept


def opening_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The first words of a stretch, to a word's end."""
    if end - start <= OPENING_WORDS + 20:
        return start, end
    space = text.rfind(" ", start, start + OPENING_WORDS)
    return start, space if space > start else start + OPENING_WORDS


def evidence_of(article: Article, start: int, end: int, rule: str) -> Evidence:
    """The words of an article from start to end as evidence read by a rule."""
    return Evidence(article.id, start, end, article.text[start:end], rule)


def on_the_page(article: Article, credit: PageCredit, chain: tuple[Source, ...], prior: float) -> Attribution:
    """What a credit outside of the text says: the whole document is from the chain."""
    return Attribution(
        document=article.id,
        scope="document",
        kind="page-credit",
        stance="assert",
        source=None,
        cue=None,
        content=(),
        evidence=(Evidence(article.id, 0, 0, credit.text, f"page:{credit.kind}", where="page"),),
        chain=chain,
        confidence=prior,
        rule=f"page:{credit.kind}",
    )


def position(one: Attribution) -> tuple[int, int, int, str, str]:
    """What attributions are sorted by: where the evidence starts, then the cue, then kind and name."""
    first = one.evidence[0] if one.evidence else None
    start, end = (first.start, first.end) if first is not None else (0, 0)
    cue = one.cue.span.start if one.cue is not None else 0
    return (start, cue, end, one.kind, one.chain[0].name if one.chain else "")


def finished(article: Article, drafts: Sequence[Draft], speakers: Speakers) -> list[Attribution]:
    """The attributions found, with misspelt outlet names made one."""
    names = _variants(drafts, speakers)
    calibrated = speakers.settings.calibrated and speakers.lexicon.language == FITTED_LANGUAGE
    calibration = default_calibration() if calibrated else None
    done = []
    seen: set[tuple[object, ...]] = set()
    for draft in drafts:
        chain = tuple([_renamed(node, names) for node in draft.chain]) if names else tuple(draft.chain)
        key = (draft.source, draft.cue, tuple(draft.content))
        if key in seen:
            continue
        seen.add(key)
        done.append(_finished(article, draft, chain, names, calibration))
    return done


def _variants(drafts: Sequence[Draft], speakers: Speakers) -> dict[str, Source]:
    """Unknown outlet names that are one letter away from a known one of the same article."""
    nodes = {node.name: node for draft in drafts for node in draft.chain if node.outlet is not None}
    known = sorted(name for name in nodes if speakers.gazetteer.lookup(name) is not None)
    renamed = {}
    for name in sorted(nodes):
        if name not in known:
            other = speakers.names.unify(name, known)
            if other != name:
                renamed[name] = nodes[other]
    return renamed


def _finished(
    article: Article,
    draft: Draft,
    chain: tuple[Source, ...],
    names: dict[str, Source],
    calibration: Calibration | None,
) -> Attribution:
    text, document, rule = article.text, article.id, draft.rule
    source = cue = None
    named = said = ""
    if draft.source is not None:
        start, end = draft.source
        named = text[start:end]
        name = names[draft.source_name].name if draft.source_name in names else draft.source_name
        source = Mention(Span(start, end), named, name)
    if draft.cue is not None:
        start, end = draft.cue
        said = text[start:end]
        cue = Mention(Span(start, end), said)
    confidence = draft.confidence
    if calibration is not None and draft.fitted and not draft.nested:
        # annotators leave out what stands within another statement: it is judged as if it stood alone
        through = chain[-draft.nodes : -1] if draft.certainty < 1 else chain[:-1]
        confidence = draft.certainty * calibration.of_values(
            confidence / draft.certainty,
            values_of(
                draft.kind,
                rule,
                draft.stance,
                chain[-1].kind,
                through[0].kind if through else "",
                named,
                said,
                [text[start:end] for start, end in draft.content],
            ),
        )
    shown = [part for part in draft.evidence if part[0] < part[1]]
    if len(shown) > 1:
        shown = sorted(set(shown))
    # positional: there are some twenty of these in an article
    return Attribution(
        document,
        "passage",
        draft.kind,
        draft.stance,
        source,
        cue,
        tuple([Span(start, end) for start, end in draft.content]),
        tuple([Evidence(document, start, end, text[start:end], rule) for start, end in shown]),
        chain,
        round(confidence, 4),
        rule,
    )
