"""Articles that share nothing but what somebody said: no copy, however alike the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from provenance.chains.houses import core, site
from provenance.chains.names import fold, host
from provenance.chains.places import Shared
from provenance.model import Article, Attribution, Evidence, Link, Span
from provenance.settings import ChainSettings
from provenance.text.folding import fold_text

_NAMED: Final = frozenset({"person", "organization", "author", "outlet", "agency"})
"""Kinds of sources that can be told to be one in two articles."""

Said = Callable[[str], Sequence[Attribution]]
"""Gives an article's attributions by place in the text."""


def quotation_rows(
    found: Shared, articles: Mapping[str, Article], said: Said, settings: ChainSettings, among: Container[str]
) -> list[Link]:
    """Articles that share with others nothing but what somebody said.

    Args:
        found: the passages of the collection, or of all articles that share one with an article of `among`.
        articles: those articles.
        said: the attributions of one article.
        settings: thresholds.
        among: the articles whose rows are wanted.
    """
    rows: dict[tuple[str, str, bool], _Row] = {}
    for number, copies in found.quoted.items():
        if not any(document in among for document in copies):
            continue
        crowd: dict[int, int] = defaultdict(int)
        for document in copies:
            for cluster in found.texts_of.get(document, ()):
                crowd[cluster] += 1
        alone = [
            document
            for document in copies
            if not any(crowd[cluster] > 1 for cluster in found.texts_of.get(document, ()))
        ]
        order = sorted(copies, key=lambda document: _age(articles[document]))
        if len(alone) == len(copies):
            alone = [document for document in alone if document != order[0]]
        for document in alone:
            if document not in among:
                continue
            partner = next(other for other in order if other != document)
            own, theirs = (_speaker(said(one), copies[one]) for one in (document, partner))
            name = own or theirs
            shown = [_whole(articles[one], copies[one]) for one in (document, partner)]
            row = rows.setdefault((document, name, bool(own)), _Row())
            row.partners.add(partner)
            row.evidence.extend((number, one) for one in shown)
            plain = partner in found.running.get(number, ())
            if plain or not own or not _agree(own, theirs) or _one_publisher(articles[document], articles[partner]):
                row.doubtful = True
    return [_row(settings, *key, rows[key]) for key in sorted(rows)]


@dataclass(slots=True)
class _Row:
    """What one article shares with others of one speaker's words.

    Attributes:
        partners: the others' ids.
        evidence: both copies of each passage, with its cluster.
        doubtful: whether something speaks against the speaker as the source of both.
    """

    partners: set[str] = field(default_factory=set)
    evidence: list[tuple[int, Evidence]] = field(default_factory=list)
    doubtful: bool = False


def _agree(one: str, other: str) -> bool:
    """Whether two articles name one speaker: a word in common, or only one of them names any."""
    if not one or not other:
        return bool(one or other)
    return not set(fold_text(one).split()).isdisjoint(fold_text(other).split())


def _one_publisher(one: Article, other: Article) -> bool:
    sites = {site(host(article.url)) for article in (one, other) if article.url}
    named = {core(fold(article.outlet)) for article in (one, other) if article.outlet}
    known = [article for article in (one, other) if article.url and article.outlet]
    return (len(known) == 2 and len(sites) == 1) or (len(named) == 1 and bool(one.outlet and other.outlet))


def _row(settings: ChainSettings, document: str, name: str, named: bool, row: _Row) -> Link:
    return Link(
        upstream=None,
        upstream_name=name,
        downstream=document,
        relation="quotation",
        credited=named,
        confidence=settings.quotation_doubtful if row.doubtful else settings.quotation_confidence,
        evidence=tuple(dict.fromkeys(one for _, one in row.evidence)),
        documents=tuple(sorted((document, min(row.partners)))),
        clusters=tuple(sorted({number for number, _ in row.evidence})),
    )


def _age(article: Article) -> tuple[bool, str, str]:
    published = article.published
    return (published is None, published.end if published else "", article.id)


def _speaker(attributions: Sequence[Attribution], spans: Sequence[Span]) -> str:
    """Whom an article names as the speaker of a passage: the ultimate source of what overlaps it most."""
    best = (0, "")
    for attribution in attributions:
        if not attribution.chain or attribution.chain[-1].kind not in _NAMED:
            continue
        shared = 0
        for content in attribution.content:
            for span in spans:
                if content.start < span.end and span.start < content.end:
                    shared += min(content.end, span.end) - max(content.start, span.start)
        if shared > best[0]:
            best = (shared, attribution.chain[-1].name)
    return best[1]


def _whole(article: Article, spans: Sequence[Span]) -> Evidence:
    span = max(spans, key=lambda span: (len(span), -span.start))
    return Evidence(article.id, span.start, span.end, article.text[span.start : span.end], "quotation")
