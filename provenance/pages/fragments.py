"""Pieces of pages: a chain, a link with its evidence, a trace, the copies of a passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from markupsafe import Markup

from provenance.chains import Trace
from provenance.model import Article, Chain, Evidence, Link, Passage
from provenance.pages.addresses import Addresses
from provenance.pages.lineage import lineage, lineage_svg, nodes_and_steps
from provenance.pages.naming import Held
from provenance.pages.rendering import rendered
from provenance.pages.visible import quoted
from provenance.pages.words import RULES, STANCES, others, rule
from provenance.settings import PagesSettings
from provenance.store import ClusterRow

_DATES: Final = frozenset(["earlier", "later", "first", "same-outlet"])
"""Rules whose evidence is two intervals."""
_TWO_DATES: Final = re.compile(r"(?P<a>undated|[\dTZ:.-]+/[\dTZ:.-]+) against (?P<b>undated|[\dTZ:.-]+/[\dTZ:.-]+)")
_OTHERS: Final = 3
"""Articles of a link that a sentence names; it counts the rest."""
_DEFAULT: Final = PagesSettings()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that show something.

    Attributes:
        text: cut.
        elsewhere: the article they stand in, where it is not the one spoken of; else empty.
        page: whether they stand outside its text.
    """

    text: str
    elsewhere: str
    page: bool


def chain_line(
    chain: Chain,
    addresses: Addresses,
    *,
    held: Held | None = None,
    document: bool = False,
    said: bool = True,
    settings: PagesSettings = _DEFAULT,
) -> Markup:
    """A chain as breadcrumbs, nearest relayer first, with what is said and the words that prove it.

    Args:
        chain: the chain.
        addresses: where its sources and articles are shown.
        held: the articles that its hops lead to.
        document: whether to begin with the article that it is of.
        said: whether to show what is said above it.
        settings: where words are cut.
    """
    return rendered(
        "chain.html",
        chain=chain,
        a=addresses,
        held=held,
        own=document,
        said=said,
        claim=quoted(chain.claim_text, settings.claim_characters),
        stance=STANCES[chain.stance],
        pieces=_proof(chain, settings.proof_characters),
    )


def _proof(chain: Chain, width: int) -> list[_Piece]:
    """The words that show a chain but for what is said: the article's own in their order, then those of others.

    Pieces within others are left out.
    """
    pieces = {
        (each.document != chain.document, each.document, each.start, -each.end, each.where, each.text)
        for hop in chain.hops
        for each in hop.evidence
        if each.text and not _said(chain, each)
    }
    found: list[_Piece] = []
    reached: tuple[str, int] = ("", 0)
    for elsewhere, document, _, minus_end, where, text in sorted(pieces):
        if reached[0] == document and -minus_end <= reached[1] and where == "text":
            continue
        reached = (document, max(-minus_end, reached[1] if reached[0] == document else 0))
        found.append(_Piece(quoted(text, width), document if elsewhere else "", where == "page"))
    return found


def _said(chain: Chain, evidence: Evidence) -> bool:
    """Whether words are part of the claim, which is shown above them."""
    claim = chain.claim
    if claim is None or evidence.where == "page" or evidence.document != chain.document:
        return False
    return claim.start <= evidence.start and evidence.end <= claim.end


@dataclass(frozen=True, slots=True)
class _Shown:
    """Evidence of one rule and article: what it shows, the words, and what it weighs."""

    told: str
    pieces: list[dict[str, Any]]
    weight: float


def link_item(
    link: Link,
    addresses: Addresses,
    *,
    held: Held | None = None,
    here: str = "",
    part: Literal["both", "said", "why"] = "both",
    opened: bool = False,
    settings: PagesSettings = _DEFAULT,
) -> Markup:
    """A link: the relation in words, then why: each piece of evidence with its words and weight, and the runner-up.

    Args:
        link: the link.
        addresses: where its articles are shown.
        held: its articles, for their names.
        here: the article below which the link stands, called "this article" in the sentence; empty for none.
        part: the sentence, the evidence, or both. The sentence alone does not lead to the comparison: it stands there.
        opened: whether the evidence is shown at once.
        settings: how much evidence is shown.
    """
    rest = others(link)
    other = link.upstream or (rest[0] if rest else "")
    aside = part != "both" or link.relation == "credit-only" or not other
    pair = "" if aside else addresses.compare(other, link.downstream)
    groups = _grouped(link, settings)
    return rendered(
        "link.html",
        link=link,
        a=addresses,
        held=held,
        others=rest[:_OTHERS],
        more=max(0, len(rest) - _OTHERS),
        compare=pair,
        here=here,
        said=part != "why",
        why=part != "said",
        opened=opened,
        groups=groups[: settings.evidence_shown],
        left=max(0, len(groups) - settings.evidence_shown),
        weighed=any(group.weight for group in groups),
        runner=link.runner_up in link.documents or bool(held and link.runner_up in held),
    )


def _grouped(link: Link, settings: PagesSettings) -> list[_Shown]:
    """Evidence by rule and article, the weightiest first."""
    found: dict[tuple[str, str], _Shown] = {}
    for each in link.evidence:
        key = (each.rule, each.document)
        before = found.get(key)
        piece = {
            "text": _words(each, settings.evidence_characters),
            "plain": each.rule in _DATES or (each.where == "page" and each.rule in {"agency", "opposite", "circle"}),
            "document": "" if before is not None or each.rule in _DATES else each.document,
        }
        if before is None:
            found[key] = _Shown(rule(each), [piece], each.weight)
        else:
            found[key] = _Shown(before.told, [*before.pieces, piece], before.weight + each.weight)
    return sorted(found.values(), key=lambda one: -abs(one.weight))


def _words(evidence: Evidence, width: int) -> str:
    dates = _TWO_DATES.fullmatch(evidence.text) if evidence.rule in _DATES else None
    if dates is not None:
        return f"{_moment(dates['a'])} against {_moment(dates['b'])}"
    return quoted(evidence.text, width)


def _moment(interval: str) -> str:
    """The beginning of an ISO interval, without a clock where it is a day or longer."""
    if interval == "undated":
        return interval
    start, _, end = interval.partition("/")
    whole = start.endswith("T00:00:00Z") and end.endswith("T00:00:00Z")
    return start[:10] if whole else start[:16].replace("T", " ")


def trace_view(
    trace: Trace, addresses: Addresses, *, held: Held | None = None, settings: PagesSettings = _DEFAULT, level: int = 2
) -> Markup:
    """A trace: three answers, timeline, tree, what changed on the way, who denies it, figures that differ.

    Args:
        trace: of `Corpus.trace`.
        addresses: where articles are shown.
        held: the articles that tell the claim.
        settings: how much is shown.
        level: of the headings.
    """
    known = held or {}
    dated = [one for one in trace.tellings if one.published]
    undated = [one for one in trace.tellings if not one.published]
    answers = (
        ("Earliest copy held", "The earliest article of this collection that tells it.", trace.earliest_held),
        ("Earliest publisher credited", "Whom the articles credit with it, held or not.", trace.earliest_credited),
        ("Ultimate speaker", "Who is said to have said it.", trace.ultimate_speaker),
    )
    told = [one.document for one in trace.tellings]
    first = [trace.earliest_held.document] if trace.earliest_held.document else []
    inside = [link for link in trace.links if link.downstream in set(told)]
    nodes, steps = nodes_and_steps(
        inside, known, focus=first, deniers=[one.document for one in trace.denials], documents=told
    )
    drawn = lineage(nodes, steps, settings)
    return rendered(
        "trace.html",
        trace=trace,
        a=addresses,
        held=known,
        answers=answers,
        documents=frozenset(told),
        dated=dated,
        undated=undated,
        most=settings.tellings_shown,
        width=settings.evidence_characters,
        tree=lineage_svg(drawn, addresses, name="trace-tree") if len(told) > 1 else "",
        links=[link_item(link, addresses, held=known, settings=settings) for link in inside[: settings.links_shown]],
        chain=lambda one: chain_line(one, addresses, held=known, document=True, said=False, settings=settings),
        stances=lambda pair: " became ".join(STANCES[one] or "asserted" for one in pair),
        h=level,
    )


def passage_view(  # noqa: PLR0913 - what is known of a passage, and how it is shown
    cluster: ClusterRow,
    copies: Sequence[tuple[Article, Passage]],
    links: Iterable[Link],
    addresses: Addresses,
    *,
    settings: PagesSettings = _DEFAULT,
    level: int = 2,
    tree: str = "",
    held: Held | None = None,
) -> Markup:
    """One passage cluster: its copies with their words, who had it from whom, and the tree.

    Args:
        cluster: the cluster.
        copies: of it, each with its article; the caller may leave some out (`cluster.copies` has the number).
        links: of these articles; those that do not rest on the cluster are left out.
        addresses: where articles are shown.
        settings: how much is shown.
        level: of the headings.
        tree: an id unique on the page for the tree; none is drawn without.
        held: further articles that the links name.
    """
    ordered = sorted(copies, key=lambda one: (_age(one[0]), one[0].id, one[1].span))
    holders = {article.id: article for article, _ in ordered}
    known = {**holders, **(held or {})} if held is None or len(held) < len(holders) else held
    own = [link for link in links if cluster.cluster in link.clusters]
    drawn = ""
    if tree:
        nodes, steps = nodes_and_steps(own, known, documents=holders)
        drawn = lineage_svg(lineage(nodes, steps, settings), addresses, name=tree)
    return rendered(
        "passage.html",
        cluster=cluster,
        copies=ordered[: settings.copies_shown],
        left=max(0, cluster.copies - settings.copies_shown),
        links=[link_item(link, addresses, held=known, settings=settings) for link in own[: settings.links_shown]],
        left_links=max(0, len(own) - settings.links_shown),
        tree=drawn,
        a=addresses,
        held=known,
        width=settings.copy_characters,
        h=level,
    )


def _age(article: Article) -> tuple[str, str]:
    return (article.published.end, article.published.start) if article.published else ("~", "~")


__all__ = ["RULES", "Held", "chain_line", "link_item", "passage_view", "trace_view"]
