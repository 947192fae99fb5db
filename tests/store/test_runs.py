from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provenance.errors import LockedDatabaseError
from provenance.settings import StoreSettings
from provenance.store import RunRow, Store

BEGUN = RunRow(
    0,
    "run",
    "2026-11-21T18:00:00+00:00",
    version="0.1.0",
    method="5",
    engine="local",
    settings={"reuse": {"minimum_words": 15}},
)


def test_a_run_comes_back_as_it_was_kept(store: Store) -> None:
    number = store.put_run(BEGUN)
    assert number == 1
    begun = replace(BEGUN, number=1)
    assert store.runs() == [begun]
    ended = replace(
        begun,
        ended="2026-11-21T18:00:05+00:00",
        outcome="done",
        counts={"added": 5, "articles": 5},
        stages={"reading articles": 1.5, "linking": 0.25},
        seconds=5.0,
        cpu_seconds=6.5,
        peak_bytes=1 << 31,
        child_peak_bytes=1 << 33,
    )
    assert store.put_run(ended) == 1
    assert store.runs() == [ended]
    assert list(store.runs()[0].stages) == ["reading articles", "linking"]


def test_the_newest_come_first_and_at_most_as_many_as_asked(store: Store) -> None:
    for command in ("add", "analyze", "run"):
        store.put_run(replace(BEGUN, command=command))
    assert [(run.number, run.command) for run in store.runs()] == [(3, "run"), (2, "analyze"), (1, "add")]
    assert [run.number for run in store.runs(2)] == [3, 2]
    assert store.runs(0) == []


@pytest.mark.parametrize(("kept", "numbers"), [(3, [6, 5, 4]), (1, [6]), (0, [6])])
def test_only_so_many_are_kept(path: Path, kept: int, numbers: list[int]) -> None:
    with Store(path, StoreSettings(runs_kept=kept)) as store:
        for _ in range(6):
            store.put_run(BEGUN)
        assert [run.number for run in store.runs()] == numbers


def test_one_that_ends_after_it_was_deleted_is_kept_again_if_it_is_of_the_newest(path: Path) -> None:
    with Store(path, StoreSettings(runs_kept=2)) as store:
        first = store.put_run(BEGUN)
        store.put_run(BEGUN)
        store.put_run(BEGUN)
        assert store.put_run(replace(BEGUN, number=first, outcome="done")) == first
        assert [run.number for run in store.runs()] == [3, 2]


def test_a_message_of_anything_is_kept_and_cut(path: Path) -> None:
    with Store(path, StoreSettings(run_message_characters=30)) as store:
        store.put_run(replace(BEGUN, outcome="failed", message="no \udcff.txt\x00\u2028" + "x" * 100))
        message = store.runs()[0].message
    assert message.startswith("no \\udcff.txt\x00\u2028x")
    assert len(message) == 30


def test_an_unknown_outcome_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="CHECK constraint"):
        store.put_run(replace(BEGUN, outcome="perhaps"))  # type: ignore[arg-type]
    assert store.runs() == []


def test_it_waits_no_longer_than_asked_and_the_connection_waits_as_before(path: Path) -> None:
    # patience of a minute would be a test that hangs
    with Store(path, StoreSettings(busy_seconds=60)) as other, Store(path, StoreSettings(busy_seconds=60)) as store:
        with other._writing(), pytest.raises(LockedDatabaseError):
            store.put_run(BEGUN, patience=0.01)
        assert store._rows("PRAGMA busy_timeout") == [(60_000,)]
        assert store.put_run(BEGUN, patience=0.01) == 1
        assert store._rows("PRAGMA busy_timeout") == [(60_000,)]
