"""What the store answers with where the model has no record for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from provenance.model import Article, DateInterval, Link, MatchKind, Relation, SourceKind, Span, TextIndex

Stage = Literal["reuse", "attribution", "links", "chains", "summaries"]
"""The stages whose results the store holds, in the order in which they build on each other."""

STAGES: tuple[Stage, ...] = ("reuse", "attribution", "links", "chains", "summaries")


@dataclass(frozen=True, slots=True)
class AddCounts:
    """What adding articles did.

    Attributes:
        added: articles the store did not hold.
        unchanged: articles held with the same text and metadata.
        changed: articles whose text differs from the one held; each got a new version.
        updated: articles of which only the metadata differs; their current version was updated.
    """

    added: int = 0
    unchanged: int = 0
    changed: int = 0
    updated: int = 0

    def __add__(self, other: AddCounts) -> AddCounts:
        return AddCounts(
            self.added + other.added,
            self.unchanged + other.unchanged,
            self.changed + other.changed,
            self.updated + other.updated,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article, as it was added.

    Attributes:
        number: 1 for the first text of the article.
        sha256: of the text, as `Article.sha256`.
        added: when it was stored, ISO 8601 in UTC.
        article: the record with this version's text and metadata.
    """

    number: int
    sha256: str
    added: str
    article: Article


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One passage cluster: a text that several articles hold.

    Attributes:
        kind: the commonest kind among the copies; of equally common ones the first in the alphabet.
        copies: how many passages the cluster has.
        articles: how many articles hold one.
        words: words of the first copy, parted by white space.
        characters: code points of the first copy.
        document: the article of the first copy (the least id, then the least offset).
        span: where the first copy stands in that article.
        sample: the first copy's text, cut to `StoreSettings.sample_characters` code points.
    """

    cluster: int
    kind: MatchKind
    copies: int
    articles: int
    words: int
    characters: int
    document: str
    span: Span
    sample: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source that articles name in their attributions, or that a chain leads to.

    Attributes:
        name: the outlet's canonical name, or the commonest spelling.
        outlet: the canonical name, for agencies and outlets.
        document: for kinds that are never merged across articles, the only article this row is about; None otherwise.
        held: articles of the collection whose outlet is of this name, apart from case; 0 for other kinds.
        articles: articles with a statement that names it.
        statements: attributions that name it.
        chains: chains with a hop of this name and kind.
    """

    name: str
    kind: SourceKind
    outlet: str | None
    document: str | None
    held: int
    articles: int
    statements: int
    chains: int


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Who published one article, and when."""

    document: str
    outlet: str | None
    url: str | None
    published: DateInterval | None


@dataclass(frozen=True, slots=True)
class TakingRow:
    """One link as a step between two publishers.

    Attributes:
        relation: `credited-copy`, `uncredited-copy`, `update`, `credit-only` or `common-source`.
        source: the name of what stands upstream.
        upstream: the article it was taken from; None where that is not held.
    """

    relation: Relation
    credited: bool
    source: str
    downstream: PublishedRow
    upstream: PublishedRow | None


@dataclass(frozen=True, slots=True)
class CreditedRow:
    """One of the sources with a name that most articles credit.

    Attributes:
        name: the outlet's canonical name, or one spelling of the name.
        kind: agencies count as outlets.
        held: articles of the collection whose outlet is of this name, apart from case; 0 for other kinds.
        articles: articles that credit it.
        statements: attributions that name it.
    """

    name: str
    kind: SourceKind
    held: int
    articles: int
    statements: int


@dataclass(frozen=True, slots=True)
class ReuseRow:
    """Text that one article took from another without saying so.

    Attributes:
        link: what was inferred.
        words: how many words were taken.
        share: part of the taker's words that they make up, 0 to 1.
        hours: from the publication of the source to that of the taker; None where one is not dated to the day.
    """

    link: Link
    words: int
    share: float
    hours: float | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that holds every word of a query.

    Attributes:
        snippet: `article.text[start:end]`, around the first word found.
        highlights: where words of the query stand in the text, of those within the snippet.
        title_highlights: where they stand in the title.
        score: BM25 as SQLite gives it; lower is better.
    """

    document: str
    title: str | None
    outlet: str | None
    start: int
    end: int
    snippet: str
    highlights: tuple[Span, ...]
    title_highlights: tuple[Span, ...]
    score: float


@dataclass(frozen=True, slots=True)
class IndexCounts:
    """How far a collection has moved on since everything in it was compared with everything.

    Attributes:
        articles: articles held.
        compared: articles there were at that time; 0 where there is no index of that scheme.
        changed: articles added, changed or deleted since; a changed one counts twice.
    """

    articles: int
    compared: int
    changed: int


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """What the next detection goes on from.

    Attributes:
        scheme: the settings and code that made it.
        texts: the index of the articles that were compared.
        alignments: of each match, in the matches' order.
        whole: whether everything was compared with everything.
        counts: where the collection stood before.
    """

    scheme: str
    texts: Iterable[TextIndex]
    alignments: Iterable[bytes]
    whole: bool
    counts: IndexCounts
