"""What a new article shares, with whom, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal

from provenance.comparing import between
from provenance.corpus import Corpus
from provenance.export.rows import row_of
from provenance.model import Article, Evidence, Link
from provenance.takings import uncredited

Direction = Literal["from", "to", "with"]
"""Whether the new article took the text, gave it, or neither is told."""

NEWS_FIELDS: Final = (
    *("document", "title", "outlet", "url"),
    *("other", "other_title", "other_outlet", "other_url", "direction", "words", "share"),
    *("relation", "credited", "confidence", "upstream", "upstream_name", "downstream", "evidence"),
)
"""The fields of a row of `Shared.row`, in their order."""

_weight = attrgetter("weight")
_ORDER: Final[dict[Direction, int]] = {"from": 0, "to": 1, "with": 2}


@dataclass(frozen=True, slots=True)
class Shared:
    """What a new article shares with another one.

    Attributes:
        article: the new article.
        other: the other one.
        link: how they stand to each other.
        direction: seen from the new article.
        words: of the new article that stand in the other one too, page furniture apart.
        share: these as a share of all its words, 0 to 1.
    """

    article: Article
    other: Article
    link: Link
    direction: Direction
    words: int
    share: float

    @property
    def shown_by(self) -> Evidence | None:
        """The evidence that speaks for it most; None where only the shared text shows it."""
        return max((each for each in self.link.evidence if each.weight >= 0), key=_weight, default=None)

    @property
    def spoken_against_by(self) -> Evidence | None:
        """The evidence that speaks against it most; None where nothing does."""
        return min((each for each in self.link.evidence if each.weight < 0), key=_weight, default=None)

    def row(self) -> dict[str, Any]:
        """All of it for programs: `NEWS_FIELDS`."""
        link = row_of("links", self.link)
        mine: dict[str, Any] = {
            "document": self.article.id,
            "title": self.article.title,
            "outlet": self.article.outlet,
            "url": self.article.url,
            "other": self.other.id,
            "other_title": self.other.title,
            "other_outlet": self.other.outlet,
            "other_url": self.other.url,
            "direction": self.direction,
            "words": self.words,
            "share": self.share,
        }
        return {name: {**link, **mine}[name] for name in NEWS_FIELDS}


@dataclass(frozen=True, slots=True)
class News:
    """One new or changed article.

    Attributes:
        article: the article.
        shared: what it shares, the surest first: what it took, what others took from it, what is not told.
        left: how many more articles it shares something with.
    """

    article: Article
    shared: tuple[Shared, ...]
    left: int = 0


def news_of(corpus: Corpus, document: str, most: int) -> News:
    """What an article shares with others.

    Args:
        corpus: the collection, up to date.
        document: the article's id.
        most: how many others are looked at.

    Raises:
        NotFoundError: the collection does not hold it.
    """
    article = corpus.article(document)
    found = [(_direction(link, document), link) for link in corpus.links(document) if _other(link, document)]
    found.sort(key=lambda each: (_ORDER[each[0]], -each[1].confidence, _other(each[1], document)))
    first: dict[str, tuple[Direction, Link]] = {}
    for direction, link in found:
        first.setdefault(_other(link, document), (direction, link))
    chosen: Sequence[tuple[Direction, Link]] = list(first.values())
    shared = tuple(_shared(corpus, article, link, direction) for direction, link in chosen[:most])
    return News(article, tuple(each for each in shared if each.words), max(0, len(chosen) - most))


def _other(link: Link, document: str) -> str:
    """The other article that a link concerns; empty where it concerns no other one that is held."""
    if link.relation == "credit-only":
        return ""
    return next((each for each in link.documents if each != document), "")


def _direction(link: Link, document: str) -> Direction:
    if not link.directed:
        return "with"
    return "from" if link.downstream == document else "to"


def _shared(corpus: Corpus, article: Article, link: Link, direction: Direction) -> Shared:
    other = corpus.article(_other(link, article.id))
    matches = between(corpus.store, corpus.settings.reuse, article, other)
    spans = [match.a_span for match in matches if match.kind != "furniture"]
    measured = uncredited(link, article, other, spans)
    return Shared(article, other, link, direction, measured.words, measured.share)
