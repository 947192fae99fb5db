from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.engines.spark import pairing
from provenance.engines.spark.parts import BLOBS, Families, Parts, blobs, joined, numbers_of, words_in
from provenance.reuse.alignment import Aligned

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _sums(table: pa.Table) -> Iterator[pa.RecordBatch]:
    numbers = joined(table.column("one"), np.int64)
    yield blobs([(table.column("part")[0].as_py(), 0, int(numbers.sum()), numbers.tobytes())])


def _dealt(parts: Parts, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        numbers = batch.column("id").to_numpy()
        yield from parts.deal(parts.of_numbers(numbers), (numbers,))


@pytest.mark.parametrize("count", [1, 8])
def test_rows_of_a_part_come_together(spark: SparkSession, count: int) -> None:
    parts = Parts.of(spark, count)
    assert len(parts) == count
    dealt = spark.range(0, 5000, numPartitions=3).mapInArrow(partial(_dealt, parts), BLOBS)
    found = parts.gather(dealt, _sums, BLOBS).toArrow()
    assert sorted(found.column("part").to_pylist()) == sorted(parts.keys.tolist())
    assert sorted(joined(found.column("one"), np.int64).tolist()) == list(range(5000))
    assert int(numbers_of(found).sum()) == sum(range(5000))


@given(st.lists(st.lists(st.integers(0, 2**63), max_size=5), max_size=6), st.integers(0, 3))
def test_bytes_are_numbers_again(rows: list[list[int]], skipped: int) -> None:
    packed = [np.array(row, dtype=np.uint64).tobytes() for row in rows]
    column = pa.chunked_array([pa.array(packed, pa.binary()).slice(min(skipped, len(packed)))])
    kept = rows[skipped:]
    assert joined(column, np.uint64).tolist() == [number for row in kept for number in row]
    assert np.diff(words_in(column).bounds).tolist() == [len(row) for row in kept]


_number = st.integers(0, 10**6)
_blocks = st.lists(st.tuples(_number, _number, _number), max_size=4).map(tuple)
_aligned = st.builds(Aligned, _number, _number, _number, _number, _number, _blocks)


@given(st.lists(_aligned, max_size=4), _number, _number)
def test_passages_come_back_as_they_were(found: list[Aligned], first_a: int, first_b: int) -> None:
    packed = pairing.pack(found, first_a, first_b)
    assert list(pairing.unpack(packed, first_a, first_b)) == found


def test_families() -> None:
    families = Families(np.array([2, 5, 9]), np.array([1, 1, 4]))
    numbers = np.array([0, 2, 9])
    assert families.of(numbers).tolist() == [0, 1, 4]
    closed = families.closed(numbers)
    assert closed.tolist() == [0, 1, 2, 4, 9]
    assert families.within(closed).tolist() == [0, 1, 1, 3, 3]
    nobody = Families(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert nobody.of(numbers).tolist() == [0, 2, 9]
