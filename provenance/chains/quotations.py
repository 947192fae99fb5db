"""Articles that share nothing but what somebody said: no copy, however alike the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from provenance.chains.clusters import Ground
from provenance.model import Article, Evidence, Link, Span
from provenance.settings import ChainSettings


def quotation_rows(found: Ground, settings: ChainSettings) -> list[Link]:
    """Articles that share with others nothing but what somebody said."""
    rows: dict[tuple[str, str, bool], tuple[set[str], list[tuple[int, Evidence]]]] = {}
    for number, copies in found.quoted.items():
        crowd: dict[int, int] = defaultdict(int)
        for document in copies:
            for cluster in found.texts_of.get(document, ()):
                crowd[cluster] += 1
        alone = [
            document
            for document in copies
            if not any(crowd[cluster] > 1 for cluster in found.texts_of.get(document, ()))
        ]
        order = sorted(copies, key=lambda document: _age(found, document))
        if len(alone) == len(copies):
            alone = [document for document in alone if document != order[0]]
        for document in alone:
            partner = next(other for other in order if other != document)
            own = _speaker(found, document, copies[document])
            name = own or _speaker(found, partner, copies[partner])
            shown = [_whole(found.articles[one], copies[one]) for one in (document, partner)]
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


def _age(found: Ground, document: str) -> tuple[bool, str, str]:
    published = found.articles[document].published
    return (published is None, published.end if published else "", document)


def _speaker(found: Ground, document: str, spans: Sequence[Span]) -> str:
    """Whom an article names as the speaker of a passage: the ultimate source of what overlaps it most."""
    best = (0, "")
    for attribution in found.attributions.get(document, ()):
        shared = sum(
            max(0, min(content.end, span.end) - max(content.start, span.start))
            for content in attribution.content
            for span in spans
        )
        if attribution.chain and shared > best[0]:
            best = (shared, attribution.chain[-1].name)
    return best[1]


def _whole(article: Article, spans: Sequence[Span]) -> Evidence:
    span = max(spans, key=lambda span: (len(span), -span.start))
    return Evidence(article.id, span.start, span.end, article.text[span.start : span.end], "quotation")
