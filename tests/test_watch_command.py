"""`provenance watch` as a user starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from provenance.cli import main
from provenance.corpus import Corpus
from provenance.errors import StoreError
from provenance.watching import Clock, Stopping, Watcher
from provenance.watching.news import NEWS_FIELDS

TEXT = (
    "The harbour board closed the inner basin on Tuesday after the cargo ship Ilse Marn lost two containers of paint "
    "near the eastern breakwater, and divers expect to work there for nine days, said the harbour master Odile Trant."
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "first.txt").write_text(TEXT)
    (folder / "second.txt").write_text(f"As it was told in port. {TEXT}")
    chosen = tmp_path / "settings.toml"
    chosen.write_text("[engine]\nprocesses = 1\n[watch]\nsettle_seconds = 0\n")
    return folder


def arguments(place: Path, *more: str) -> list[str]:
    folder = place.parent
    return ["watch", str(place), "--db", str(folder / "a.db"), "--settings", str(folder / "settings.toml"), *more]


def test_one_round_prints_what_new_articles_share(place: Path) -> None:
    result = CliRunner().invoke(main, arguments(place, "--once"))
    assert result.exit_code == 0, result.output
    assert "first.txt" in result.stdout
    assert "words, 100% of it" in result.stdout
    assert "2 added, 0 changed, 2 of them share text with others, 0 skipped" in result.stderr
    again = CliRunner().invoke(main, arguments(place, "--once"))
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")


def test_rows_for_programs_have_the_fields_that_are_promised(place: Path) -> None:
    result = CliRunner().invoke(main, arguments(place, "--once", "--json"))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["document"], row["other"]) for row in rows] == [
        ("first.txt", "second.txt"),
        ("second.txt", "first.txt"),
    ]
    assert all(tuple(row) == NEWS_FIELDS for row in rows)
    assert {(row["direction"], row["words"]) for row in rows} == {(rows[0]["direction"], len(TEXT.split()))}


def test_what_cannot_be_read_is_named_and_the_exit_code_tells(place: Path) -> None:
    (place / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = CliRunner().invoke(main, arguments(place, "--once"))
    assert result.exit_code == 3
    assert "picture.txt" in result.stderr


def test_names_cannot_act_on_a_terminal(place: Path) -> None:
    (place / "\x1b[2Jthird.txt").write_text(f"Once more for the fishermen of the port. {TEXT}")
    result = CliRunner().invoke(main, arguments(place, "--once"))
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "third.txt" in result.stdout


@pytest.mark.parametrize("every", ["0", "-1", "soon", "1w", "1.5h", "", "9" * 30])
def test_a_pause_that_is_none_is_refused(place: Path, every: str) -> None:
    result = CliRunner().invoke(main, arguments(place, "--every", every))
    assert result.exit_code == 2
    assert "is no duration" in result.stderr


def test_a_folder_that_is_not_there_is_refused(place: Path) -> None:
    result = CliRunner().invoke(main, ["watch", str(place / "nowhere"), "--db", str(place.parent / "b.db")])
    assert result.exit_code == 3
    assert "no such folder or file" in result.stderr


def test_rounds_that_fail_are_told_and_tried_again_after_longer_and_longer(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, pauses = iter(range(100)), list[float]()
    genuine = Watcher.round

    def sometimes(self: Watcher, *given: object) -> object:
        number = next(rounds)
        if number in {0, 1, 3}:
            raise StoreError("disk is full", where="a.db", remedy="free some space")
        if number == 5:
            raise KeyboardInterrupt
        return genuine(self)

    monkeypatch.setattr(Watcher, "round", sometimes)
    monkeypatch.setattr(Stopping, "clock", lambda self: Clock(now=lambda: 4e9, wait=pauses.append, check=self.check))
    result = CliRunner().invoke(main, arguments(place, "--every", "7m"))
    assert result.exit_code == 130
    assert pauses == [60.0, 120.0, 420.0, 60.0, 420.0]
    assert result.stderr.count("This round failed: a.db: disk is full (free some space)") == 3
    assert "2 added" in result.stderr


def test_memory_does_not_grow_with_the_rounds(place: Path) -> None:
    import tracemalloc

    with Corpus(place.parent / "a.db") as corpus:
        watcher = Watcher(corpus, [place], clock=Clock(now=lambda: 4e9))
        for _ in range(5):
            watcher.round()
            list(watcher.news())
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(100):
            watcher.round()
            list(watcher.news())
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    assert grown < 50_000, f"{grown} bytes in 100 rounds"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program hears")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signals_end_it_and_a_new_start_goes_on(place: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "provenance.cli", *arguments(place, "--every", "1h")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()  # it is at work, or waits
        process.send_signal(number)
        rest, said = process.communicate(timeout=60)
    assert process.returncode == code, said
    assert "first.txt" in first + rest
    assert "Stopped. What was committed is kept" in said
    assert "Traceback" not in said
    with Corpus(place.parent / "a.db") as corpus:
        assert corpus.store.article_ids() == ["first.txt", "second.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_signal_ends_the_waiting_at_once_and_one_before_it_is_not_slept_over() -> None:
    with Stopping() as stopping:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(SystemExit):
            stopping.wait(3600)
    with Stopping() as stopping:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        try:
            with pytest.raises(KeyboardInterrupt):
                stopping.wait(3600)
        finally:
            signal.signal(signal.SIGALRM, before)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
