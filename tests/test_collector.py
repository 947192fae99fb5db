"""The collector stopped for a while, and memory given back."""

from __future__ import annotations

import ctypes
import gc
import sys

import pytest

from provenance.collector import give_back, without_collector


def test_the_collector_is_afterwards_as_it_was() -> None:
    assert gc.isenabled()
    with without_collector():
        with without_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), without_collector():
        raise KeyError
    assert gc.isenabled()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is asked")
def test_the_c_library_is_asked_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    class Library:
        def malloc_trim(self, kept: int) -> int:
            asked.append(kept)
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
    with without_collector():
        assert asked == []
    assert asked == [0]
    # one that has no such function
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    give_back()
    assert asked == [0]
