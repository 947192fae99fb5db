"""Articles whose texts are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from provenance.model import Article


class HeldArticle(Article):
    """An article whose text stays in the database until it is asked for.

    It is for going through a collection of which few texts are needed; it equals no other record.
    """

    __slots__ = ("_read", "_version")

    _read: Callable[[int], str]
    _version: int

    def __init__(self, article: Article, version: int, read: Callable[[int], str]) -> None:
        """Args: article, for its metadata; version, the key of its text; read, which gives the text of a key."""
        for name in ("id", "title", "outlet", "url", "author", "published", "language", "credits"):
            object.__setattr__(self, name, getattr(article, name))
        object.__setattr__(self, "_version", version)
        object.__setattr__(self, "_read", read)

    @property
    def text(self) -> str:
        """The text as it came."""
        return self._read(self._version)


def remembering(read: Callable[[int], str], most: int) -> Callable[[int], str]:
    """A reader of texts that remembers the last ones it gave."""
    return lru_cache(maxsize=most)(read)
