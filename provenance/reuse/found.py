"""What detection found, as columns of numbers: millions of records would take kilobytes each.

Records are made when they are asked for, some thousands at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar, overload

import numpy as np
import numpy.typing as npt

from provenance.model import Span
from provenance.reuse.kept import KINDS, Kept
from provenance.reuse.kept import pack as packed_match
from provenance.reuse.passages import SharedRows

IndexArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Record = TypeVar("Record")

_NUMBERS: Final = 10
_CODES: Final = 4
_AT_ONCE: Final = 1 << 12
"""Records made together. It decides no result."""


class Rows(Sequence[Record]):
    """Records that are made when they are asked for; equal to any sequence of the same records.

    Args:
        count: how many there are.
        make: gives those of a range of numbers.
    """

    def __init__(self, count: int, make: Callable[[int, int], list[Record]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> list[Record]: ...
    def __getitem__(self, number: int | slice) -> Record | list[Record]:
        if isinstance(number, slice):
            return [self._make(each, each + 1)[0] for each in range(*number.indices(self._count))]
        at = number + self._count if number < 0 else number
        if not 0 <= at < self._count:
            raise IndexError(number)
        return self._make(at, at + 1)[0]

    def __iter__(self) -> Iterator[Record]:
        edges = [*range(0, self._count, _AT_ONCE), self._count]
        for first, last in pairwise(edges):
            yield from self._make(first, last)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Matches as columns of shape (matches,).

    Attributes:
        shared: where they stand in words.
        spans: where they stand in code points: start and end in a, start and end in b.
        similarity: of the two sides.
        exact: whether each was found by its words in their order.
        first: number (in `kept.KINDS`) of its kind before anything was counted.
        kind: of its kind after.
        fresh: whether it was found now; the others are of before.
        packed: its alignment as `kept.pack` packs it.
    """

    shared: SharedRows
    spans: tuple[IndexArray, IndexArray, IndexArray, IndexArray]
    similarity: npt.NDArray[np.float64]
    exact: Mask
    first: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    fresh: Mask
    packed: list[bytes]

    def __len__(self) -> int:
        return len(self.packed)

    def span_a(self, row: int) -> Span:
        """Where a match stands in a."""
        return Span(int(self.spans[0][row]), int(self.spans[1][row]))

    def span_b(self, row: int) -> Span:
        """Where a match stands in b."""
        return Span(int(self.spans[2][row]), int(self.spans[3][row]))


class Finds:
    """Matches as they are found, one after the other."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._similarity = array("d")
        self._codes = array("b")
        self._packed: list[bytes] = []

    def __len__(self) -> int:
        return len(self._packed)

    def add(
        self, texts: tuple[int, int], kept: Kept, spans: tuple[Span, Span], similarity: float, firsts: tuple[int, int]
    ) -> None:
        """Add one that was found now.

        Args:
            texts: the numbers of its articles.
            kept: where it stands in words, with its kind before anything is counted.
            spans: where it stands in code points.
            similarity: of the two sides.
            firsts: the first words of its articles.
        """
        kind = KINDS.index(kept.first)
        self._add(texts, kept, spans, similarity, (int(kept.exact), kind, kind, 1), packed_match(kept, *firsts))

    def add_known(
        self,
        texts: IndexArray,
        stand: IndexArray,
        spans: IndexArray,
        similarity: npt.NDArray[np.float64],
        codes: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.int8]],
        packed: Sequence[bytes],
    ) -> None:
        """Add some of before.

        Args:
            texts: the numbers of their articles, shape (2, matches).
            stand: where they start and end in a and in b, in words, shape (4, matches).
            spans: the same in code points.
            similarity: of the two sides, shape (matches,).
            codes: whether each is exact, the numbers of its kind before anything was counted, and of that in the end.
            packed: the alignment of each.
        """
        numbers = np.concatenate([texts[:1], stand[:2], texts[1:], stand[2:], spans])
        self._numbers.frombytes(np.ascontiguousarray(numbers.T).tobytes())
        self._similarity.frombytes(similarity.tobytes())
        self._codes.frombytes(np.stack([*codes, np.zeros_like(codes[0])], axis=1).tobytes())
        self._packed += packed

    def _add(
        self,
        texts: tuple[int, int],
        kept: Kept,
        spans: tuple[Span, Span],
        similarity: float,
        codes: tuple[int, int, int, int],
        packed: bytes,
    ) -> None:
        one, two = spans
        places = one.start, one.end, two.start, two.end
        self._numbers.extend((texts[0], *kept.span_a, texts[1], *kept.span_b, *places))
        self._similarity.append(similarity)
        self._codes.extend(codes)
        self._packed.append(packed)

    def without(self, texts: int, pairs: IndexArray) -> tuple[Finds, IndexArray]:
        """Those of other pairs of texts than some, and which of these pairs had one.

        Args:
            texts: how many there are.
            pairs: lower number times the number of texts, plus the higher one.
        """
        numbers = np.array(self._numbers, dtype=np.int64).reshape(-1, _NUMBERS)
        keys = numbers[:, 0] * texts + numbers[:, 3]
        gone = np.isin(keys, pairs)
        left = Finds()
        rows = np.flatnonzero(~gone)
        left._numbers = array("q", numbers[rows].tobytes())
        left._similarity = array("d", np.array(self._similarity)[rows].tobytes())
        left._codes = array("b", np.array(self._codes, dtype=np.int8).reshape(-1, _CODES)[rows].tobytes())
        left._packed = [self._packed[row] for row in rows.tolist()]
        return left, np.unique(keys[gone])

    def extend(self, others: Finds) -> None:
        """Add those of others."""
        self._numbers.extend(others._numbers)
        self._similarity.extend(others._similarity)
        self._codes.extend(others._codes)
        self._packed.extend(others._packed)

    def sorted(self) -> Found:
        """All of them, by texts and place."""
        numbers = np.frombuffer(self._numbers, dtype=np.int64).reshape(-1, _NUMBERS)
        codes = np.frombuffer(self._codes, dtype=np.int8).reshape(-1, _CODES)
        order = SharedRows(*numbers[:, :6].T).order()
        columns = [numbers[order, column] for column in range(_NUMBERS)]
        exact, first, kind, fresh = (codes[order, column] for column in range(_CODES))
        return Found(
            SharedRows(*columns[:6]),
            (columns[6], columns[7], columns[8], columns[9]),
            np.frombuffer(self._similarity, dtype=np.float64)[order],
            exact.astype(bool),
            first,
            kind,
            fresh.astype(bool),
            [self._packed[row] for row in order.tolist()],
        )
