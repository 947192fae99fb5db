"""Records that are read as they are taken, with how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

_Record = TypeVar("_Record")


class Counted(Iterator[_Record], Generic[_Record]):
    """An iterator that knows how much is left of it.

    Args:
        records: what it gives.
        count: how many they are.
    """

    def __init__(self, records: Iterator[_Record], count: int) -> None:
        self._records = records
        self.left = count

    def __iter__(self) -> Counted[_Record]:
        return self

    def __next__(self) -> _Record:
        found = next(self._records)
        # never below 0: what it is made of may have been written to since
        self.left = max(0, self.left - 1)
        return found

    def __length_hint__(self) -> int:
        return self.left
