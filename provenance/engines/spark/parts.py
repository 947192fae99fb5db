"""Parts: how rows are dealt out, and how the rows of one part come together again.

What belongs together travels as a few rows of many numbers, packed as bytes, rather than as a row a number: Spark moves
them without looking into them, and NumPy does the rest. A part is worked on as a whole and has to fit into the memory
of one Python process; `SparkSettings.part_words` says how large parts are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from provenance.text.tokens import HashArray, Words, mix

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

IndexArray = npt.NDArray[np.int64]
Kernel = Callable[[pa.Table], Iterator[pa.RecordBatch]]

BLOBS: Final = "part int, kind int, number long, one binary, two binary, three binary, four binary"
"""Rows of packed numbers: the part they are dealt to, what they are, and up to four columns."""
_BLOBS: Final = pa.schema(
    [("part", pa.int32()), ("kind", pa.int32()), ("number", pa.int64())]
    + [(name, pa.binary()) for name in ("one", "two", "three", "four")]
)
COLUMNS: Final = ("one", "two", "three", "four")
_DEALT: Final = 1 << 14
_MOST_DEALT: Final = 1 << 22
"""Numbers of a column dealt out together, for each part and at most: Spark holds some hundreds of the rows that come of
it in memory. They decide no result."""
_NOWHERE: Final = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Parts:
    """How many parts there are.

    Attributes:
        keys: for each part the number that Spark's own partitioning puts into a partition of its own, shape (parts,).
    """

    keys: npt.NDArray[np.int32]

    @classmethod
    def of(cls, spark: SparkSession, count: int) -> Parts:
        """A power of two of parts."""
        drawn = spark.range(64 * count + 1024).selectExpr("cast(id as int) as part")
        rows = drawn.selectExpr("part", f"pmod(hash(part), {count}) as home").groupBy("home").min("part").collect()
        keys = {row[0]: row[1] for row in rows}
        return cls(np.array([keys[home] for home in range(count)], dtype=np.int32))

    def __len__(self) -> int:
        return len(self.keys)

    def of_hashes(self, hashes: HashArray) -> IndexArray:
        """The part of each hash, by its highest bits."""
        bits = len(self).bit_length() - 1
        if not bits:
            return np.zeros(len(hashes), dtype=np.int64)
        index: IndexArray = (hashes >> np.uint64(64 - bits)).astype(np.int64)
        return index

    def of_numbers(self, numbers: IndexArray) -> IndexArray:
        """The part of each number of a text."""
        return self.of_hashes(mix(numbers.astype(np.uint64)))

    def gather(
        self, frame: DataFrame, kernel: Kernel, schema: str, order: Sequence[str] = ("kind", "number")
    ) -> DataFrame:
        """Have each part worked on as a whole, its rows in order.

        Args:
            frame: with a column `part`.
            kernel: is given the rows of one part.
            schema: of what it gives.
            order: columns by which the rows of a part are sorted.
        """
        together = frame.repartition(len(self), "part").sortWithinPartitions("part", *order)
        return together.mapInArrow(partial(_by_part, kernel), schema)

    def deal(self, index: IndexArray, columns: Sequence[npt.NDArray[Any]], kind: int = 0) -> Iterator[pa.RecordBatch]:
        """Rows of `BLOBS` with the numbers of each part.

        Args:
            index: the part of each row, shape (rows,).
            columns: up to four, each of shape (rows,).
            kind: of the rows.
        """
        at_once = min(_DEALT * len(self), _MOST_DEALT)
        for begin in range(0, len(index), at_once):
            piece = slice(begin, begin + at_once)
            order = np.argsort(index[piece].astype(np.uint16), kind="stable")
            ends = np.cumsum(np.bincount(index[piece], minlength=len(self))).tolist()
            sorted_columns = [column[piece][order] for column in columns]
            rows = [
                (int(self.keys[part]), kind, 0, *(column[low:high].tobytes() for column in sorted_columns))
                for part, (low, high) in enumerate(pairwise([0, *ends]))
                if low < high
            ]
            yield blobs(rows)


def blobs(rows: Iterable[Sequence[Any]]) -> pa.RecordBatch:
    """Rows of `BLOBS`; columns that are not given stay empty."""
    filled = [(*row, *[None] * (len(_BLOBS) - len(row))) for row in rows]
    columns = zip(*filled, strict=True) if filled else [()] * len(_BLOBS)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _BLOBS, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_BLOBS)


def _by_part(kernel: Kernel, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Hand the rows of each part to a kernel; they come one part after the other."""
    held: list[pa.RecordBatch] = []
    current = -1
    for batch in batches:
        if not batch.num_rows:
            continue
        keys = batch.column("part").to_numpy()
        edges = (np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist()
        for low, high in pairwise([0, *edges, len(keys)]):
            if held and keys[low] != current:
                yield from kernel(pa.Table.from_batches(held))
                held = []
            current = int(keys[low])
            held.append(batch.slice(low, high - low))
    if held:
        yield from kernel(pa.Table.from_batches(held))


def of_kind(table: pa.Table, kind: int) -> pa.Table:
    """The rows of one kind."""
    return table.filter(pc.equal(table.column("kind"), kind))


def numbers_of(table: pa.Table, name: str = "number") -> IndexArray:
    """A column of integers."""
    found: IndexArray = table.column(name).to_numpy().astype(np.int64)
    return found


def joined(column: pa.ChunkedArray, kind: Any) -> npt.NDArray[Any]:
    """The numbers of all values of a column of bytes, one after the other."""
    pieces = [np.zeros(0, dtype=np.uint8)]
    for chunk in column.chunks:
        _, offsets, data = chunk.buffers()
        if not len(chunk) or data is None:
            continue
        bounds = np.frombuffer(offsets, dtype=np.int32)
        low, high = bounds[chunk.offset], bounds[chunk.offset + len(chunk)]
        pieces.append(np.frombuffer(data, dtype=np.uint8)[low:high])
    return np.concatenate(pieces).view(kind)


def words_in(column: pa.ChunkedArray) -> Words:
    """The words of texts out of a column of their hashes, without places."""
    counts = pc.binary_length(column).to_numpy().astype(np.int64) // 8
    bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    return Words(_NOWHERE, _NOWHERE, joined(column, np.dtype("<u8")).astype(np.uint64, copy=False), bounds)


def pieces(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Batches put together until they have so many rows."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pa.Table.from_batches(held)
            held, count = [], 0
    if count:
        yield pa.Table.from_batches(held)


@dataclass(frozen=True, slots=True)
class Families:
    """The representatives of those texts that are not their own.

    Attributes:
        members: numbers of texts, ascending.
        centres: their representatives' numbers.
    """

    members: IndexArray
    centres: IndexArray

    def of(self, numbers: IndexArray) -> IndexArray:
        """The representative of each of some texts, itself where it has none."""
        if not len(self.members):
            return numbers
        at = np.minimum(np.searchsorted(self.members, numbers), len(self.members) - 1)
        return np.where(self.members[at] == numbers, self.centres[at], numbers)

    def within(self, numbers: IndexArray) -> npt.NDArray[np.int32]:
        """The same as places in the array of these texts, which is ascending and holds the representatives."""
        return np.searchsorted(numbers, self.of(numbers)).astype(np.int32)

    def closed(self, numbers: IndexArray) -> IndexArray:
        """Texts, each once and ascending, with their representatives."""
        return np.unique(np.concatenate([numbers, self.of(numbers)]))
