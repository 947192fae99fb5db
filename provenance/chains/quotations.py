"""Articles that share nothing but what somebody said: no copy, however alike the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence

from provenance.chains.places import Shared
from provenance.model import Article, Attribution, Evidence, Link, Span
from provenance.settings import ChainSettings

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
    rows: dict[tuple[str, str, bool], tuple[set[str], list[tuple[int, Evidence]]]] = {}
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
            own = _speaker(said(document), copies[document])
            name = own or _speaker(said(partner), copies[partner])
            shown = [_whole(articles[one], copies[one]) for one in (document, partner)]
            partners, evidence = rows.setdefault((document, name, bool(own)), (set(), []))
            partners.add(partner)
            evidence.extend((number, one) for one in shown)
    return [_row(settings, *key, *rows[key]) for key in sorted(rows)]


def _row(
    settings: ChainSettings,
    document: str,
    name: str,
    named: bool,
    partners: set[str],
    evidence: Sequence[tuple[int, Evidence]],
) -> Link:
    return Link(
        upstream=None,
        upstream_name=name,
        downstream=document,
        relation="quotation",
        credited=named,
        confidence=settings.quotation_confidence,
        evidence=tuple(dict.fromkeys(one for _, one in evidence)),
        documents=tuple(sorted((document, min(partners)))),
        clusters=tuple(sorted({number for number, _ in evidence})),
    )


def _age(article: Article) -> tuple[bool, str, str]:
    published = article.published
    return (published is None, published.end if published else "", article.id)


def _speaker(attributions: Sequence[Attribution], spans: Sequence[Span]) -> str:
    """Whom an article names as the speaker of a passage: the ultimate source of what overlaps it most."""
    best = (0, "")
    for attribution in attributions:
        if not attribution.chain:
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
