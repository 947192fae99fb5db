"""Overlaps: which of many stretches of words meet a given one, without asking each of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

WordSpan = tuple[int, int]
"""First word and last word (exclusive) in the collection's `Words`."""

_CELL: Final = 64
"""Words of a cell; it decides no result."""


def shared_words(one: WordSpan, two: WordSpan) -> int:
    """Words that lie in both of two stretches."""
    return max(0, min(one[1], two[1]) - max(one[0], two[0]))


class Overlaps:
    """Stretches of words, each entered under the cells of 64 words that it touches.

    An article that shares thousands of passages would otherwise have each compared with every other.
    """

    def __init__(self) -> None:
        self._spans: list[WordSpan] = []
        self._cells: dict[int, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._spans)

    def __getitem__(self, number: int) -> WordSpan:
        return self._spans[number]

    def add(self, span: WordSpan) -> int:
        """Enter a stretch of at least one word; returns its number, counted from 0."""
        number = len(self._spans)
        self._spans.append(span)
        for cell in _cells(span):
            self._cells[cell].append(number)
        return number

    def meeting(self, span: WordSpan) -> list[tuple[int, int]]:
        """The stretches that share words with one, as (number, words shared), by number."""
        near = {number for cell in _cells(span) for number in self._cells.get(cell, ())}
        shared = ((number, shared_words(self._spans[number], span)) for number in sorted(near))
        return [(number, words) for number, words in shared if words]


def _cells(span: WordSpan) -> range:
    return range(span[0] // _CELL, (span[1] - 1) // _CELL + 1)
