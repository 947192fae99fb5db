"""Alignment by several processes gives what one gives, and leaves nothing behind."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from provenance.engines import aligning
from provenance.engines.aligning import align_spread, pack, parted, unpack
from provenance.errors import ProvenanceError
from provenance.reuse.alignment import Aligned, align_all
from provenance.reuse.candidates import Runs, find_runs
from provenance.reuse.fingerprints import fingerprint
from provenance.settings import ReuseSettings
from provenance.text.spill import Column, Spill
from provenance.text.tokens import Words, words_of

SETTINGS = ReuseSettings()


def story(number: int) -> list[str]:
    return [f"s{number}w{place}" for place in range(60)]


@pytest.fixture(scope="module")
def collection() -> tuple[Words, Runs]:
    """Thirty texts, each of which has a story of one before it and one of the next; some edited."""
    texts = []
    for number in range(30):
        own, other = story(number), story((number * 7 + 1) % 30)
        other[number % 50] = "changed"
        texts.append(" ".join([*own, *(f"f{number}x{place}" for place in range(80)), *other]))
    words = words_of(texts)
    own_family = np.arange(len(texts), dtype=np.int32)
    return words, find_runs(words, fingerprint(words, 5, 1), own_family, SETTINGS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; nothing may be left there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_processes_give_what_one_gives(collection: tuple[Words, Runs], folder: Path, processes: int) -> None:
    words, runs = collection
    expected = list(align_all(words, runs, SETTINGS))
    assert len(expected) > 20
    assert list(align_spread(words, runs, SETTINGS, processes=processes, least=1)) == expected


def test_words_in_a_file_are_read_from_it_and_not_written_again(
    collection: tuple[Words, Runs], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, runs = collection
    spill = Spill(0, lambda: tmp_path)
    column = Column(np.uint64, spill, 64)
    column.extend(words.hashes)
    outside = dataclasses.replace(words, hashes=column.whole())
    written: list[str] = []
    save = np.save
    monkeypatch.setattr(
        np, "save", lambda path, *given, **named: (written.append(path.stem), save(path, *given, **named))
    )
    found = list(align_spread(outside, runs, SETTINGS, processes=2, least=1, file_of=spill.file_of))
    assert found == list(align_all(words, runs, SETTINGS))
    assert "bounds" in written
    assert "hashes" not in written


def test_few_candidates_start_no_process(
    collection: tuple[Words, Runs], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, runs = collection
    count = len(runs.candidates) - 1
    monkeypatch.setattr(aligning, "_START", "no Python")
    assert list(align_spread(words, runs, SETTINGS, processes=2, least=count + 1))
    with pytest.raises(ProvenanceError):
        list(align_spread(words, runs, SETTINGS, processes=2, least=count))


@pytest.mark.parametrize("shares", [1, 2, 3, 7, 1000])
def test_shares_part_no_pair_of_texts(collection: tuple[Words, Runs], shares: int) -> None:
    words, runs = collection
    found = parted(words, runs, shares)
    edges = [0, *(last for _, last in found)]
    assert found == list(pairwise(edges))
    assert edges[-1] == len(runs.candidates) - 1
    assert len(found) <= shares
    pairs = []
    for first, last in found:
        rows = runs.candidates[first:last]
        sides = (words.bounds.searchsorted(side[rows], side="right").tolist() for side in (runs.a, runs.b))
        pairs.append(set(zip(*sides, strict=True)))
    assert sum(map(len, pairs)) == len(set().union(*pairs))
    if shares < 8:
        assert len(found) == shares
        assert max(last - first for first, last in found) <= 2 * len(runs.candidates) // shares


def test_nothing_to_part() -> None:
    empty = np.zeros(0, dtype=np.int64)
    runs = Runs(empty, empty, empty, np.zeros(1, dtype=np.int64))
    assert parted(words_of([]), runs, 2) == []
    assert list(align_spread(words_of([]), runs, SETTINGS, processes=2, least=0)) == []


def test_what_is_packed_comes_back() -> None:
    found = [
        (
            0,
            3,
            [Aligned(1, 9, 101, 110, 7, ((1, 101, 3), (5, 106, 4))), Aligned(20, 32, 140, 152, 12, ((20, 140, 12),))],
        ),
        (2, 3, [Aligned(60, 72, 200, 212, 12, ())]),
    ]
    assert list(unpack(pack(found))) == found
    assert list(unpack(pack([]))) == []


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("import sys; sys.exit('no more room')", "no more room"),
        ("import sys; sys.exit(0)", "status 0"),
        ("import os; os.abort()", "status"),
    ],
)
def test_a_process_that_ends_early_is_an_error_and_no_wait(
    collection: tuple[Words, Runs], folder: Path, monkeypatch: pytest.MonkeyPatch, start: str, said: str
) -> None:
    words, runs = collection
    monkeypatch.setattr(aligning, "_START", start)
    with pytest.raises(ProvenanceError, match=said) as caught:
        list(align_spread(words, runs, SETTINGS, processes=2, least=1))
    assert "processes = 1" in caught.value.remedy


def test_no_interpreter_is_an_error(
    collection: tuple[Words, Runs], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, runs = collection
    monkeypatch.setattr(sys, "executable", str(folder / "nowhere"))
    with pytest.raises(ProvenanceError, match="cannot be spread"):
        list(align_spread(words, runs, SETTINGS, processes=2, least=1))


def test_an_iterator_closed_early_ends_the_processes(
    collection: tuple[Words, Runs], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, runs = collection
    monkeypatch.setattr(aligning, "_START", "import time; time.sleep(600)")
    started: list[subprocess.Popen[bytes]] = []
    plain = subprocess.Popen

    def noted(*given: object, **named: object) -> subprocess.Popen[bytes]:
        started.append(plain(*given, **named))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    found = align_spread(words, runs, SETTINGS, processes=3, least=1)
    next(found)
    assert len(started) == 2
    assert all(process.poll() is None for process in started)
    found.close()
    assert all(process.returncode is not None for process in started)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_process_ends_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    # The middle process starts a worker on a folder that never holds anything to read, says its number and waits.
    middle = (
        "import sys, time; from pathlib import Path; from provenance.engines import aligning\n"
        "aligning._START = aligning._START.replace('main(*', 'import time, threading; '\n"
        '    \'threading.Thread(target=__import__("provenance.engines.aligning", fromlist=["x"])\'\n'
        "    '._end_with_the_other, daemon=True).start(); time.sleep(600); main(*')\n"
        "worker = aligning._Worker(Path(sys.argv[1]), 0, 1)\n"
        "print(worker._process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", middle, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.kill()
    for _ in range(200):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        # An orphan may stay a zombie where nothing collects it.
        state = Path(f"/proc/{worker}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived the process that started it")
