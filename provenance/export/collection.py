"""What an export needs of a collection, and how its records are gone through article by article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

from provenance.export.tags import Tags
from provenance.model import Article, Attribution, Chain, Link, Match, Passage

_Record = TypeVar("_Record")


class View(Protocol):
    """One article with all that is known of it."""

    @property
    def article(self) -> Article:
        """The article."""

    @property
    def attributions(self) -> tuple[Attribution, ...]:
        """What it says that others say."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its copies of passages that others hold."""

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Where its claims come from."""


class Collection(Protocol):
    """A collection of articles, as `Corpus` is one.

    Articles come by id; attributions, links and chains by the id of their (downstream) article, in the same order.
    """

    @property
    def tags(self) -> Tags:
        """The user's own words for outlets."""

    def article(self, document: str) -> Article:
        """One article; raises NotFoundError."""

    def publisher(self, article: Article) -> str:
        """The canonical name of an article's outlet; empty where none is known."""

    def documents(self) -> Iterator[Article]:
        """All articles."""

    def matches(self) -> Iterator[Match]:
        """Every pair of copies."""

    def copies(self, cluster: int) -> list[Passage]:
        """The copies of one passage."""

    def all_copies(self, *, furniture: bool = False) -> Iterator[Passage]:
        """The copies of all passages."""

    def attributions(self) -> Iterator[Attribution]:
        """All statements that somebody says something."""

    def links(self) -> Iterator[Link]:
        """Who had it from whom."""

    def chains(self) -> Iterator[Chain]:
        """All paths from claims to their sources."""

    def sources(self) -> Iterator[Any]:
        """Who is credited: rows of the store (`SourceRow`)."""

    def outlets(self) -> list[Any]:
        """Which outlets take from which (`takings.Exchange`)."""

    def uncredited(self) -> list[Any]:
        """Text taken without credit (`takings.Uncredited`)."""

    def show(self, document: str) -> View:
        """One article with all that is known of it; raises NotFoundError."""


class Alongside(Generic[_Record]):
    """Records sorted by article, handed out article by article; only those of one article are held at a time.

    Args:
        records: those of one article next to each other, the articles in the order in which they are asked for.
        key: the article of a record.
    """

    def __init__(self, records: Iterable[_Record], key: Callable[[_Record], str]) -> None:
        self._groups = groupby(records, key)
        self._next = next(self._groups, None)

    def of(self, document: str) -> list[_Record]:
        """The records of one article; of an article without any, none."""
        if self._next is None or self._next[0] != document:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found
