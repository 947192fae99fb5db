"""Records as rows for programs: plain dictionaries with fixed field names.

The names and meanings are a promise to those who read them; fields may be added, none is renamed or dropped. Offsets
are code points into the document's text, end exclusive. Evidence with `where` "page" was read outside the text (head,
byline, footer): its start and end are 0. `tags` are the user's own words for outlets: those of a document's outlet, or
an object of lists under the names that bear them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from provenance.export.tags import UNTAGGED, Tags
from provenance.model import Article, Attribution, Chain, Evidence, Link, Match, Mention, Passage, Span

Row = dict[str, Any]

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "documents": ("id", "title", "outlet", "url", "author", "published", "language", "sha256", "characters", "tags"),
    "matches": ("a", "a_start", "a_end", "b", "b_start", "b_end", "similarity", "cluster", "kind"),
    "passages": ("cluster", "document", "start", "end", "kind"),
    "attributions": (
        "document",
        "scope",
        "kind",
        "stance",
        "source",
        "cue",
        "content",
        "evidence",
        "chain",
        "confidence",
        "chain_kinds",
        "rule",
        "tags",
        "stands_for",
    ),
    "links": (
        "upstream",
        "upstream_name",
        "downstream",
        "relation",
        "credited",
        "confidence",
        "evidence",
        "documents",
        "clusters",
        "margin",
        "runner_up",
        "tags",
    ),
    "chains": ("document", "claim", "chain", "confidence", "stance", "tags"),
    "articles": (
        "id",
        "title",
        "outlet",
        "url",
        "author",
        "published",
        "language",
        "sha256",
        "characters",
        "tags",
        "text",
    ),
    "sources": ("name", "kind", "outlet", "document", "held", "articles", "statements", "chains", "tags"),
    "outlets": (
        "taker",
        "source",
        "articles",
        "credited",
        "uncredited",
        "mentions",
        "median_hours",
        "dated",
        "held",
        "tags",
    ),
    "uncredited": (
        "taker",
        "taker_outlet",
        "source",
        "source_outlet",
        "words",
        "share",
        "since",
        "source_published",
        "hours",
        "confidence",
        "margin",
        "runner_up",
        "passages",
        "clusters",
        "tags",
    ),
}
"""The fields of each kind of row, in the order in which CSV writes them."""


def _span(span: Span) -> Row:
    return {"start": span.start, "end": span.end}


def _mention(mention: Mention | None, *, named: bool) -> Row | None:
    if mention is None:
        return None
    row = {**_span(mention.span), "text": mention.text}
    return {**row, "name": mention.name} if named else row


def evidence_row(evidence: Evidence) -> Row:
    """One piece of evidence."""
    return {
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "rule": evidence.rule,
        "where": evidence.where,
        "weight": evidence.weight,
    }


def document_row(article: Article, tags: Tags = UNTAGGED) -> Row:
    """One article without its text; `tags` are those of its outlet."""
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "url": article.url,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "sha256": article.sha256,
        "characters": len(article.text),
        "tags": tags.article(article),
    }


def match_row(match: Match) -> Row:
    """One passage that two articles share."""
    return {
        "a": match.a,
        "a_start": match.a_span.start,
        "a_end": match.a_span.end,
        "b": match.b,
        "b_start": match.b_span.start,
        "b_end": match.b_span.end,
        "similarity": match.similarity,
        "cluster": match.cluster,
        "kind": match.kind,
    }


def passage_row(passage: Passage) -> Row:
    """One copy of a passage."""
    return {
        "cluster": passage.cluster,
        "document": passage.document,
        "start": passage.span.start,
        "end": passage.span.end,
        "kind": passage.kind,
    }


def attribution_row(attribution: Attribution, tags: Tags = UNTAGGED) -> Row:
    """One statement that somebody says something."""
    return {
        "document": attribution.document,
        "scope": attribution.scope,
        "kind": attribution.kind,
        "stance": attribution.stance,
        "source": _mention(attribution.source, named=True),
        "cue": _mention(attribution.cue, named=False),
        "content": [_span(span) for span in attribution.content],
        "evidence": [evidence_row(evidence) for evidence in attribution.evidence],
        "chain": [source.name for source in attribution.chain],
        "confidence": attribution.confidence,
        "chain_kinds": [source.kind for source in attribution.chain],
        "rule": attribution.rule,
        "tags": tags.attribution(attribution),
        "stands_for": tags.meant(attribution),
    }


def link_row(link: Link, tags: Tags = UNTAGGED) -> Row:
    """How one article stands to another or to a source it credits."""
    return {
        "upstream": link.upstream,
        "upstream_name": link.upstream_name,
        "downstream": link.downstream,
        "relation": link.relation,
        "credited": link.credited,
        "confidence": link.confidence,
        "evidence": [evidence_row(evidence) for evidence in link.evidence],
        "documents": list(link.documents),
        "clusters": list(link.clusters),
        "margin": link.margin,
        "runner_up": link.runner_up,
        "tags": tags.link(link),
    }


def chain_row(chain: Chain, tags: Tags = UNTAGGED) -> Row:
    """The path from a claim to its ultimate source; `claim` is null where it speaks for the whole article."""
    return {
        "document": chain.document,
        "claim": None if chain.claim is None else {**_span(chain.claim), "text": chain.claim_text},
        "chain": [
            {
                "name": hop.name,
                "document": hop.document,
                "relation": hop.relation,
                "kind": hop.kind,
                "evidence": [evidence_row(evidence) for evidence in hop.evidence],
            }
            for hop in chain.hops
        ],
        "confidence": chain.confidence,
        "stance": chain.stance,
        "tags": tags.chain(chain),
    }


def article_row(article: Article, tags: Tags = UNTAGGED) -> Row:
    """One article with its text; `provenance add` reads such rows."""
    return {**document_row(article, tags), "text": article.text}


def source_row(source: Any, tags: Tags = UNTAGGED) -> Row:
    """One source (a `SourceRow` of the store), with the tags of the outlet where it is one."""
    return {**{name: getattr(source, name) for name in FIELDS["sources"][:-1]}, "tags": tags.outlet(source.outlet)}


def exchange_row(exchange: Any, tags: Tags = UNTAGGED) -> Row:
    """What the articles of one outlet have from another (`takings.Exchange`); empty names are unknown outlets."""
    named = {name: tags.outlet(name) for name in (exchange.taker, exchange.source)}
    return {
        "taker": exchange.taker,
        "source": exchange.source,
        "articles": exchange.articles,
        "credited": exchange.credited,
        "uncredited": exchange.uncredited,
        "mentions": exchange.mentions,
        "median_hours": exchange.hours,
        "dated": exchange.dated,
        "held": exchange.held,
        "tags": {name: every for name, every in named.items() if every},
    }


def uncredited_row(taken: Any, tags: Tags = UNTAGGED) -> Row:
    """Text that one article took from another without saying so (`takings.Uncredited`); `tags` by name."""
    since, before = taken.since, taken.source.published
    return {
        "taker": taken.taker.id,
        "taker_outlet": taken.taker.outlet,
        "source": taken.source.id,
        "source_outlet": taken.source.outlet,
        "words": taken.words,
        "share": taken.share,
        "since": since.isoformat() if since else None,
        "source_published": before.isoformat() if before else None,
        "hours": taken.hours,
        "confidence": taken.link.confidence,
        "margin": taken.link.margin,
        "runner_up": taken.link.runner_up,
        "passages": [_span(span) for span in taken.spans],
        "clusters": list(taken.link.clusters),
        "tags": tags.link(taken.link),
    }


ROWS: Final[dict[str, Callable[..., Row]]] = {
    "documents": document_row,
    "matches": match_row,
    "passages": passage_row,
    "attributions": attribution_row,
    "links": link_row,
    "chains": chain_row,
    "articles": article_row,
    "sources": source_row,
    "outlets": exchange_row,
    "uncredited": uncredited_row,
}
"""What turns a record of each kind into a row."""
_UNTAGGED: Final = frozenset(["matches", "passages"])


def row_of(what: str, record: Any, tags: Tags = UNTAGGED) -> Row:
    """A record as a row of its kind, with the tags of its outlets where that has any."""
    return ROWS[what](record) if what in _UNTAGGED else ROWS[what](record, tags)
