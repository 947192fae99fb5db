"""Columns: the same numbers whether they fit into memory or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import StoreError
from provenance.text.spill import Column, Spill
from provenance.text.tokens import words_of

pieces = st.lists(st.lists(st.integers(-(2**60), 2**60), max_size=12), max_size=12)


@settings(max_examples=100, deadline=None)
@given(pieces, st.integers(0, 200), st.integers(1, 5))
def test_a_column_gives_what_was_added_whatever_fits_into_memory(
    tmp_path_factory: pytest.TempPathFactory, added: list[list[int]], limit: int, block: int
) -> None:
    spill = Spill(limit, lambda: tmp_path_factory.mktemp("spill"))
    one, two = Column(np.int64, spill, block), Column(np.int64, spill, block)
    for piece in added:
        one.extend(np.array(piece, dtype=np.int64))
        two.extend(-np.array(piece, dtype=np.int64))
    flat = [number for piece in added for number in piece]
    assert one.whole().tolist() == flat
    assert (-two.whole()).tolist() == flat


def test_memory_is_counted_over_all_columns_and_given_back(tmp_path: Path) -> None:
    spill = Spill(8 * 20, lambda: tmp_path)
    first, second = Column(np.int64, spill, 10), Column(np.int64, spill, 10)
    first.extend(np.arange(15))
    assert spill.room == 0
    second.extend(np.arange(40))
    assert second.whole().tolist() == list(range(40))
    assert len(list(tmp_path.iterdir())) == 1
    first.drop()
    second.drop()
    assert spill.room == 8 * 20
    assert not list(tmp_path.iterdir())


def test_what_is_read_from_a_file_is_the_same_after_its_memory_was_given_back(tmp_path: Path) -> None:
    spill = Spill(0, lambda: tmp_path)
    column = Column(np.uint64, spill, 64)
    column.extend(np.arange(5000, dtype=np.uint64))
    whole = column.whole()
    before = whole.tolist()
    spill.release()
    assert whole.tolist() == before
    assert spill.file_of(whole) == next(tmp_path.iterdir())
    assert spill.file_of(whole[1:]) is None
    assert spill.file_of(np.arange(3, dtype=np.uint64)) is None


def test_without_a_folder_everything_stays_in_memory() -> None:
    spill = Spill(1)
    column = Column(np.int32, spill, 4)
    column.extend(np.arange(100, dtype=np.int32))
    assert column.whole().tolist() == list(range(100))
    assert spill.room is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    spill = Spill(0, lambda: tmp_path / "gone")
    column = Column(np.int64, spill, 1)
    with pytest.raises(StoreError, match=r"gone.*temporary files cannot be written"):
        column.extend(np.arange(3))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("ab .", max_size=30), max_size=8), st.integers(0, 400))
def test_words_are_the_same_whatever_fits_into_memory(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], limit: int
) -> None:
    inside = words_of(texts)
    outside = words_of(texts, Spill(limit, lambda: tmp_path_factory.mktemp("spill")))
    for name in ("starts", "ends", "hashes", "bounds"):
        assert getattr(inside, name).tolist() == getattr(outside, name).tolist()
