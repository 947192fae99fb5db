"""Articles that are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from provenance.model import Article, PageCredit


class HeldArticle(Article):
    """An article of which the text, title, author, date and language stay in the database until they are asked for.

    It is for going through a collection of which little is needed; it equals no other record.
    """

    __slots__ = ("_read", "_version")

    _read: Callable[[int], Article]
    _version: int

    def __init__(
        self,
        about: tuple[str, str | None, str | None, tuple[PageCredit, ...]],
        version: int,
        read: Callable[[int], Article],
    ) -> None:
        """Args: about, its id, outlet, address and credits; version, the key of its text; read, gives it by that."""
        # the slots of a frozen class, set without asking it
        _SET_ID(self, about[0])
        _SET_OUTLET(self, about[1])
        _SET_URL(self, about[2])
        _SET_CREDITS(self, about[3])
        _SET_VERSION(self, version)
        _SET_READ(self, read)

    def __getattr__(self, name: str) -> Any:
        """What was left in the database; only asked for where a slot is empty."""
        if name not in _LEFT:
            raise AttributeError(name)
        value = getattr(self._read(self._version), name)
        if name != "text":
            object.__setattr__(self, name, value)
        return value


_LEFT = frozenset(["text", "title", "author", "published", "language"])
_SET_ID, _SET_OUTLET, _SET_URL, _SET_CREDITS, _SET_VERSION, _SET_READ = (
    getattr(HeldArticle, name).__set__ for name in ("id", "outlet", "url", "credits", "_version", "_read")
)


def remembering(read: Callable[[int], Article], most: int) -> Callable[[int], Article]:
    """A reader of articles that remembers the last ones it gave."""
    return lru_cache(maxsize=most)(read)
