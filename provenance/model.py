"""The records that flow through the house: frozen, plain, without behaviour beyond what their fields imply.

All offsets are code points into `Article.text`, end exclusive. Records are compared and sorted by value, so the same
input gives the same rows whatever the order it came in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

MatchKind = Literal["copy", "passage", "quotation", "furniture"]
"""What a shared passage is: a whole-article copy, running text, quoted speech only, or page furniture."""

Scope = Literal["document", "passage"]
"""Whether an attribution speaks for the whole article or for its content span."""

Stance = Literal["assert", "distanced", "deny", "conjecture", "contested"]
"""How the source stands to the content, or the writer to the source (`distanced`: claim, allege, boast)."""

SourceKind = Literal[
    "agency",
    "outlet",
    "person",
    "organization",
    "collective",
    "anonymous",
    "artefact",
    "statement",
    "author",
    "unnamed",
]
"""What sort of thing speaks. Collective, anonymous, artefact and unnamed ones are never merged across articles."""

Relation = Literal[
    "credited-copy", "uncredited-copy", "common-source", "update", "quotation", "credit-only", "undetermined"
]
"""How two articles that share text, or an article and a source it credits, stand to each other."""

Precision = Literal["second", "minute", "day", "month", "year"]
DateOrigin = Literal["metadata", "dateline", "text"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: code points, end exclusive."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two stretches share at least one character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether `other` lies within this stretch."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class DateInterval:
    """When something was published: an interval, since most dates are known to the day at best.

    Attributes:
        start: first possible moment, ISO 8601 in UTC, such as `2017-12-16T00:00:00Z`.
        end: first moment that is no longer possible, the same form.
        precision: how fine the date was given.
        origin: where it was found.
    """

    start: str
    end: str
    precision: Precision
    origin: DateOrigin

    def isoformat(self) -> str:
        """The interval as ISO 8601 writes one: `start/end`."""
        return f"{self.start}/{self.end}"

    def before(self, other: DateInterval) -> bool:
        """Whether this one is over before the other begins; two dates of one day are a tie."""
        return self.end <= other.start


@dataclass(frozen=True, slots=True)
class PageCredit:
    """What a page says of its origin outside its main text: in its head, JSON-LD, byline or footer.

    Attributes:
        kind: `canonical`, `is-based-on`, `credit-text`, `source-organization`, `syndication-source`,
            `original-source`, `byline`, `republish-notice` or `source-link`.
        text: the words or the markup that say so, as evidence.
        name: the outlet or person named, where there is one.
        url: the address named, where there is one.
    """

    kind: str
    text: str
    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read; `text` is kept exactly as it came, after decoding.

    Attributes:
        id: the path relative to the folder given (with `/`), or the record's own id.
        published: None where nothing dates it, which is the normal case.
        credits: what its page says of its origin outside the text.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    author: str | None = None
    published: DateInterval | None = None
    language: str | None = None
    credits: tuple[PageCredit, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8 (lone surrogates kept as they are), in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody or something that is said to say a thing: one node of a chain.

    Attributes:
        name: as the article names it at best ("Russian center for reconciliation …", not "the center"); "?" where a
            relayer must exist but is not named.
        outlet: the gazetteer's canonical name, for kinds `agency` and `outlet` only.
    """

    name: str
    kind: SourceKind
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that show something, and the rule that read them so.

    `where` is "text" (then `article.text[start:end] == text`) or "page" (a credit outside the main text: start and
    end are 0 and `text` holds the markup or words).
    """

    document: str
    start: int
    end: int
    text: str
    rule: str
    where: Literal["text", "page"] = "text"
    weight: float = 0.0
    """Log-odds this evidence adds to a link; 0 where it is not weighed."""


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of an article that name a source or are a cue, and the name they resolve to."""

    span: Span
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One statement that somebody says something, as one article makes it.

    Attributes:
        kind: the rule family, one of `attribution.KINDS` (such as `via-line`, `verb-after`, `told-outlet`).
        source: the words naming the source of this statement; None for a bare continuation of an earlier one.
        cue: the words that say it is said; None for document-level metadata and inherited quotations.
        content: what is said; may have gaps; empty for document scope.
        chain: nearest relayer first, ultimate source last, as far as the article itself says it.
        rule: the name of the rule that found it, for `show` and for fitting confidences.
    """

    document: str
    scope: Scope
    kind: str
    stance: Stance
    source: Mention | None
    cue: Mention | None
    content: tuple[Span, ...]
    evidence: tuple[Evidence, ...]
    chain: tuple[Source, ...]
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that two articles share; `a < b` as strings.

    Attributes:
        similarity: share of the words of the longer side that the other side has in the same order, 0 to 1.
        cluster: the passage cluster it belongs to; -1 before clustering.
    """

    a: str
    a_span: Span
    b: str
    b_span: Span
    similarity: float
    kind: MatchKind
    cluster: int = -1


@dataclass(frozen=True, slots=True)
class Passage:
    """One article's copy of a passage that several articles hold; a cluster has one row a copy."""

    cluster: int
    document: str
    span: Span
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class Link:
    """How one article stands to another, or to a source that it credits and the collection does not hold.

    Attributes:
        upstream: id of the article it was taken from; None where that is not held or where there is no direction.
        upstream_name: the outlet, source or article title upstream; for `common-source` the common source;
            empty where nothing is known.
        downstream: the article that took it; for undirected relations the article that the row speaks of.
        documents: the held articles concerned, sorted; two of them for every relation but credits of unseen sources.
        clusters: the passage clusters the link rests on.
        margin: log-odds between the choice made and the runner-up; 0 where there was no choice.
        runner_up: the next best upstream (document id or name), or empty.
    """

    upstream: str | None
    upstream_name: str
    downstream: str
    relation: Relation
    credited: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    documents: tuple[str, ...]
    clusters: tuple[int, ...] = ()
    margin: float = 0.0
    runner_up: str = ""

    @property
    def directed(self) -> bool:
        """Whether the link says who had it from whom."""
        return self.relation in {"credited-copy", "uncredited-copy", "update", "credit-only"}


@dataclass(frozen=True, slots=True)
class Hop:
    """One step up a chain: who the step leads to, and what shows it."""

    name: str
    document: str | None
    relation: str
    kind: SourceKind
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The path from an article's claim to its ultimate source, nearest relayer first.

    Attributes:
        claim: what is said; None where the chain speaks for the whole article.
        confidence: the product over the hops.
    """

    document: str
    claim: Span | None
    claim_text: str
    stance: Stance
    hops: tuple[Hop, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class TextIndex:
    """What is kept of one article's text, so that it need not be read again to compare others with it.

    Attributes:
        words: 64-bit hash of each word, eight bytes each, least byte first.
        sketch: MinHash signature, four bytes a permutation, least byte first.
        sampled: shingles that went into the signature.
        representative: id of the article that stands for its family of whole copies, its own where it has none.
    """

    document: str
    words: bytes
    sketch: bytes
    sampled: int
    representative: str


@dataclass(frozen=True, slots=True)
class IndexedTexts:
    """The index of some texts as columns, shape (texts,): `TextIndex` field by field; gone through, its records."""

    documents: Sequence[str]
    words: Sequence[bytes]
    sketches: Sequence[bytes]
    sampled: Sequence[int]
    representatives: Sequence[str]

    def __iter__(self) -> Iterator[TextIndex]:
        return map(TextIndex, self.documents, self.words, self.sketches, self.sampled, self.representatives)


@dataclass(frozen=True, slots=True)
class KeptMatches:
    """Some matches as columns, shape (matches,), with their alignments as `reuse.kept` packs them.

    Attributes:
        spans: start and end in a, start and end in b.
    """

    a: Sequence[str]
    b: Sequence[str]
    spans: tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]]
    similarity: Sequence[float]
    kinds: Sequence[MatchKind]
    alignments: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier detection left of the articles that have not changed since.

    Attributes:
        documents: their ids.
        texts: the index of each of them, by id, some at a time; read once.
        matches: the matches among them with their alignments, some at a time; read once.
        complete: whether these are all articles that were compared then: none is gone or changed.
    """

    documents: frozenset[str]
    texts: Iterable[IndexedTexts]
    matches: Iterable[KeptMatches]
    complete: bool = False
