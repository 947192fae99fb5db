"""What the store answers with where the model has no record for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from provenance.model import Article, DateInterval, Link, MatchKind, Relation, SourceKind, Span, TextIndex

WatchedKind = Literal["file", "feed", "page"]
"""What `watch` remembers: a file it has read, a feed it asks for, or a page behind an entry of a feed."""

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
class LeadingRow:
    """One of the first rows of the list of sources: a `SourceRow` without its chains, which take longest to count."""

    name: str
    kind: SourceKind
    outlet: str | None
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


RunOutcome = Literal["done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class RunRow:
    """One time that articles were added, analysed or removed.

    Attributes:
        number: from 1, in the order in which they began; 0 where it is not kept yet.
        command: `run`, `add`, `analyze`, `update`, `remove`, or what a program calls it.
        begun: when it began, by the machine's clock, ISO 8601 in UTC.
        ended: when it ended, by the same clock, which may have been set back; None where it still runs or was killed.
        outcome: None where it still runs or was killed.
        message: why it failed; empty otherwise.
        version: of this package.
        method: the number of the method, `signatures.METHOD`.
        engine: what detection ran on.
        python: the version of Python.
        sqlite: the version of SQLite.
        settings: those that differ from the defaults, by table and name.
        counts: articles added, changed, updated, unchanged, skipped and removed, and what the collection held then.
        stages: seconds by stage, in the order in which they began.
        seconds: how long it took, by a clock that is never set; None where it still runs or was killed.
        cpu_seconds: processor time, with that of the processes it started where that is known.
        peak_bytes: most memory that the process held at a time, from its start on; None where that is not known.
        child_peak_bytes: most memory that one of the processes it started held; None where none is known.
    """

    number: int
    command: str
    begun: str
    ended: str | None = None
    outcome: RunOutcome | None = None
    message: str = ""
    version: str = ""
    method: str = ""
    engine: str = ""
    python: str = ""
    sqlite: str = ""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    seconds: float | None = None
    cpu_seconds: float | None = None
    peak_bytes: int | None = None
    child_peak_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """What is remembered of a file, feed or page that was read.

    Attributes:
        kind: which of them it is.
        name: its path or address.
        state: what it was then: size and times of a file, the time of the last change of a feed's entry.
        sha256: of a file's bytes; empty for others.
        etag: of a feed's last answer, as it came.
        last_modified: the same.
        seen: when it was last read, by the machine's clock, ISO 8601 in UTC.
        failures: how often in a row it could not be had.
        next_at: when it may be asked for again after that, seconds since 1970 by the same clock; 0 for at once.
        error: why it could not be had; empty where it could.
    """

    kind: WatchedKind
    name: str
    state: str = ""
    sha256: str = ""
    etag: str | None = None
    last_modified: str | None = None
    seen: str = ""
    failures: int = 0
    next_at: float = 0.0
    error: str = ""
