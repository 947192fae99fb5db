"""Matches as they are kept for the next detection: where they stand in words, and what was made of them at first."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.model import MatchKind
from provenance.reuse.alignment import Block
from provenance.reuse.overlaps import WordSpan

IndexArray = npt.NDArray[np.int64]

_HEAD: Final = struct.Struct("<6i")
_RUN: Final = struct.Struct("<3i")
KINDS: Final[tuple[MatchKind, ...]] = ("copy", "passage", "quotation", "furniture")
"""Kinds by number, the weightier first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A match in words of the collection, with what was made of it at first.

    Attributes:
        exact: whether it was found by its words in their order.
        first: its kind before anything was counted.
        blocks: its runs of equal words, where one side stands for the family of the other; else empty.
    """

    span_a: WordSpan
    span_b: WordSpan
    exact: bool
    first: MatchKind
    blocks: tuple[Block, ...]


def pack(kept: Kept, first_a: int, first_b: int) -> bytes:
    """A match's alignment as 32-bit integers, least byte first, counted from its texts' first words.

    Args:
        kept: the match.
        first_a: index of the first word of the text of a in the collection.
        first_b: the same of b.
    """
    (a, a_end), (b, b_end) = kept.span_a, kept.span_b
    numbers = [a - first_a, a_end - first_a, b - first_b, b_end - first_b, int(kept.exact), KINDS.index(kept.first)]
    for at, to, length in kept.blocks:
        numbers += (at - first_a, to - first_b, length)
    return struct.pack(f"<{len(numbers)}i", *numbers)


def unpack(packed: bytes, first_a: int, first_b: int, *, blocks: bool = True) -> Kept:
    """The alignment that `pack` packed, in words of another collection; its runs only where they are asked for."""
    a, a_end, b, b_end, exact, kind = _HEAD.unpack_from(packed)
    equal: tuple[Block, ...] = ()
    if blocks and len(packed) > _HEAD.size:
        runs = _RUN.iter_unpack(memoryview(packed)[_HEAD.size :])
        equal = tuple((first_a + at, first_b + to, length) for at, to, length in runs)
    return Kept((first_a + a, first_a + a_end), (first_b + b, first_b + b_end), bool(exact), KINDS[kind], equal)


def heads(
    packed: Sequence[bytes], first_a: IndexArray, first_b: IndexArray
) -> tuple[IndexArray, tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]]:
    """What `unpack` gives for many matches at once, without their runs.

    Args:
        packed: the matches.
        first_a: the first word of each one's text of a, shape (matches,).
        first_b: the same of b.

    Returns:
        Where they start and end in a and in b, shape (4, matches); whether each is exact, and the number of its kind
        before anything was counted.
    """
    head = b"".join([each[: _HEAD.size] for each in packed])
    columns = np.frombuffer(head, dtype="<i4").reshape(len(packed), -1).T.astype(np.int64)
    stand = columns[:4] + np.stack([first_a, first_a, first_b, first_b])
    return stand, (columns[4].astype(np.int8), columns[5].astype(np.int8))
