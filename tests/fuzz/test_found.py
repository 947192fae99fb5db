"""What fuzzing found is read without harm ever since: each file in `found` once broke a promise.

The name of a file begins with the target that it is for (`benchmarks/fuzz_targets.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_targets import TARGETS, BrokenPromiseError

from provenance.model import Span

FOUND = sorted((Path(__file__).parent / "found").iterdir())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_is_found_no_more(path: Path) -> None:
    TARGETS[path.name.rpartition("-")[0]](path.read_bytes())


def test_there_is_something_found() -> None:
    assert len(FOUND) >= 8


def test_a_target_tells_of_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz_targets.paragraphs", lambda text: [Span(0, len(text) + 1)])
    with pytest.raises(BrokenPromiseError, match="paragraph"):
        TARGETS["views"](b"anything")
