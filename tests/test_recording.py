"""What a run leaves behind it in the database and in the log, however it ends."""

from __future__ import annotations

import logging
import platform
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from provenance import Article, Corpus, Settings, __version__
from provenance.corpus import METHOD
from provenance.errors import LockedDatabaseError, NotFoundError, StoreError
from provenance.recording import Counts, differing, recording
from provenance.store import Store

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour" / "articles"
TOLD = (
    "The harbour master told the Beacon that forty tonnes of heavy fuel oil had leaked into the inner basin at night."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    for name in ("one", "two"):
        (made / f"{name}.txt").write_text(f"{name} of the papers.\n\n{TOLD}\n", encoding="utf-8")
    (made / "three.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    return made


def commands(corpus: Corpus) -> list[str]:
    return [run.command for run in reversed(corpus.store.runs())]


def fields(caplog: pytest.LogCaptureFixture, event: str) -> list[Any]:
    return [record.args for record in caplog.records if getattr(record, "event", "") == event]


def test_a_run_is_recorded_whole(corpus: Corpus, folder: Path) -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    report = corpus.run([folder])
    [run] = corpus.store.runs()
    assert (run.number, run.command, run.outcome, run.message) == (1, "run", "done", "")
    assert (run.version, run.method, run.engine) == (__version__, METHOD, "local")
    assert (run.python, run.sqlite) == (platform.python_version(), sqlite3.sqlite_version)
    assert run.ended is not None
    assert before <= datetime.fromisoformat(run.begun) <= datetime.fromisoformat(run.ended)
    assert {name: number for name, number in run.counts.items() if number} == {
        "added": 2,
        "skipped": 1,
        "articles": 2,
        "passages": report.clusters,
        "attributions": report.attributions,
        "links": sum(report.links.values()),
        "chains": report.chains,
    }
    assert report.clusters == 1
    assert run.seconds is not None
    assert 0 < sum(run.stages.values()) <= run.seconds
    stages = list(run.stages)
    assert stages[0] == "reading articles"
    assert stages[-2:] == ["linking", "making summaries"]
    assert run.cpu_seconds is not None
    assert run.cpu_seconds > 0
    if sys.platform != "win32":
        assert run.peak_bytes is not None
        assert run.peak_bytes > 1 << 20


def test_every_call_that_works_is_one_record(corpus: Corpus, folder: Path) -> None:
    corpus.add([folder])
    corpus.update()
    corpus.analyze(full=True)
    corpus.run([folder])
    corpus.remove(["one.txt"])
    assert commands(corpus) == ["add", "update", "analyze", "run", "remove"]
    runs = corpus.store.runs()
    assert runs[0].counts == {"removed": 1, "articles": 1}
    assert runs[-1].counts["added"] == 2
    assert runs[1].counts["unchanged"] == 2
    assert {run.outcome for run in runs} == {"done"}


def test_nothing_that_only_reads_is_recorded(corpus: Corpus, folder: Path) -> None:
    corpus.add_articles([Article("a", TOLD)])
    corpus.summarize()
    list(corpus.links())
    corpus.report()
    corpus.trace("forty tonnes of heavy fuel oil")
    assert corpus.store.runs() == []


def test_what_happens_within_a_record_belongs_to_it(corpus: Corpus, folder: Path) -> None:
    with recording(corpus, "nightly") as run:
        corpus.run([folder])
        corpus.add_articles([Article("a", TOLD), Article("b", TOLD)])
        corpus.remove(["a"])
        run.count(mails=3)
    corpus.add_articles([Article("c", TOLD)])
    [kept] = corpus.store.runs()
    assert kept.command == "nightly"
    assert {name: kept.counts[name] for name in ("added", "removed", "mails", "skipped")} == {
        "added": 4,
        "removed": 1,
        "mails": 3,
        "skipped": 1,
    }
    assert "linking" in kept.stages


def test_progress_is_told_as_before(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    corpus.run([folder], progress=lambda stage, share: told.append((stage, share)))
    again: list[tuple[str, float]] = []
    with Corpus(tmp_path / "b.db") as other:
        other.add([folder], progress=lambda stage, share: again.append((stage, share)))
        other.update(lambda stage, share: again.append((stage, share)))
    assert told == again
    assert {stage for stage, _ in told} >= {"reading articles", "reading words", "linking"}


def test_settings_that_differ_are_kept() -> None:
    settings = Settings()
    assert differing(settings) == {}
    changed = replace(
        settings, reuse=replace(settings.reuse, minimum_words=15), engine=replace(settings.engine, processes=1)
    )
    assert differing(changed) == {"reuse": {"minimum_words": 15}, "engine": {"processes": 1}}


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (KeyboardInterrupt(), "stopped", ""),
        (SystemExit(3), "stopped", ""),
        (StoreError("disk is full", where="a.db", remedy="free some"), "failed", "a.db: disk is full (free some)"),
        (ZeroDivisionError("of ours"), "failed", "ZeroDivisionError: of ours"),
    ],
)
def test_how_it_ended_is_recorded_and_goes_on_to_the_caller(
    corpus: Corpus, folder: Path, error: BaseException, outcome: str, message: str
) -> None:
    def stop(stage: str, _share: float) -> None:
        if stage == "reading words":
            raise error

    with pytest.raises(type(error)):
        corpus.run([folder], progress=stop)
    [run] = corpus.store.runs()
    assert (run.outcome, run.message) == (outcome, message)
    assert run.ended is not None
    assert (run.counts["added"], run.counts["articles"]) == (2, 2)
    assert "attributions" not in run.counts
    corpus.update()
    assert commands(corpus) == ["run", "update"]


def test_what_was_refused_is_recorded(corpus: Corpus) -> None:
    with pytest.raises(NotFoundError):
        corpus.remove(["nothing"])
    with pytest.raises(TypeError):
        corpus.run()  # type: ignore[call-arg]
    assert [(run.outcome, run.counts) for run in corpus.store.runs()] == [("failed", {"articles": 0})]


KILLED = """
import os, signal, sys
from provenance import Corpus

def kill(stage, share):
    if stage == "reading words":
        os.kill(os.getpid(), signal.SIGKILL)

with Corpus(sys.argv[1]) as corpus:
    corpus.run([sys.argv[2]], progress=kill)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of Unix")
def test_a_killed_run_is_known_to_have_begun_and_the_next_one_says_so(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "a.db", folder], check=False)
    assert done.returncode == -signal.SIGKILL
    caplog.set_level(logging.INFO, "provenance")
    with Corpus(tmp_path / "a.db") as corpus:
        [run] = corpus.store.runs()
        assert (run.ended, run.outcome, run.seconds, run.counts) == (None, None, None, {})
        corpus.update()
        corpus.update()
        assert [(run.number, run.outcome) for run in corpus.store.runs()] == [(3, "done"), (2, "done"), (1, None)]
        [told] = fields(caplog, "run-unfinished")
        assert told == {"run": 1, "command": "run", "begun": run.begun}


def test_a_record_that_cannot_be_kept_is_no_reason_to_fail(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_given: object, **_named: object) -> int:
        raise StoreError("disk is full", where="a.db")

    monkeypatch.setattr(Store, "put_run", refused)
    assert corpus.run([folder]).articles == 2
    assert len(fields(caplog, "record-lost")) == 2
    monkeypatch.undo()
    assert corpus.store.runs() == []


def test_a_run_that_could_not_be_recorded_when_it_began_is_when_it_ends(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings()
    settings = replace(settings, store=replace(settings.store, run_wait_seconds=0.01))
    with Corpus(tmp_path / "a.db", settings) as corpus, Corpus(tmp_path / "a.db", settings) as other:
        writing = other.store._writing()

        def release(stage: str, _share: float) -> None:
            if other.store._connection.in_transaction and stage == "reading articles":
                writing.__exit__(None, None, None)

        writing.__enter__()
        corpus.add([folder], progress=release)
        [run] = corpus.store.runs()
    assert len(fields(caplog, "record-lost")) == 1
    assert (run.number, run.command, run.outcome, run.counts["added"]) == (1, "add", "done", 2)


def test_who_waited_in_vain_does_not_wait_again_for_the_record(tmp_path: Path, folder: Path) -> None:
    settings = Settings()
    store = replace(settings.store, run_wait_seconds=0.01)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)

    def locked(_stage: str, _share: float) -> None:
        other.execute("BEGIN IMMEDIATE")
        # with the ten seconds of the store's own patience this would be a test that hangs
        raise LockedDatabaseError("another program writes")

    with Corpus(tmp_path / "a.db", replace(settings, store=store)) as corpus, closing(other):
        with pytest.raises(LockedDatabaseError):
            corpus.add([folder], progress=locked)
        other.execute("ROLLBACK")
        assert [run.outcome for run in corpus.store.runs()] == [None]


def test_the_log_tells_what_happens(corpus: Corpus, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "provenance")
    corpus.run([folder])
    [begun], [ended] = fields(caplog, "run-begun"), fields(caplog, "run-ended")
    assert (begun["run"], begun["command"], begun["method"], begun["settings"]) == (1, "run", METHOD, {})
    assert (ended["outcome"], ended["counts"]["added"], ended["run"]) == ("done", 2, 1)
    stages = [one["stage"] for one in fields(caplog, "stage-ended")]
    assert stages == [one["stage"] for one in fields(caplog, "stage-begun")] == list(corpus.store.runs()[0].stages)
    [skipped] = fields(caplog, "input-skipped")
    assert skipped["where"].endswith("three.txt")
    [detection] = fields(caplog, "detection")
    assert (detection["articles"], detection["how"]) == (2, "all with each other")
    assert [one["stage"] for one in fields(caplog, "stage-due")] == ["passages", "attributions", "links and chains"]
    assert not fields(caplog, "stage-skipped")
    [linking] = fields(caplog, "linking")
    assert (linking["articles"], linking["again"]) == (2, 2)
    caplog.clear()
    corpus.update()
    assert [one["stage"] for one in fields(caplog, "stage-skipped")] == ["passages", "attributions", "links and chains"]


def test_processes_are_told_when_they_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "provenance")
    settings = Settings()
    engine = replace(settings.engine, processes=2, spread_articles=5)
    with Corpus(tmp_path / "a.db", replace(settings, engine=engine)) as corpus:
        corpus.run([HARBOUR])
        run = corpus.store.runs()[0]
    [spread], [started] = fields(caplog, "attribution-spread"), fields(caplog, "process-started")
    assert spread == {"processes": 2}
    assert (started["work"], started["process"] > 0) == ("attributions", True)
    assert run.settings == {"engine": {"processes": 2, "spread_articles": 5}}
    if sys.platform != "win32":
        assert run.child_peak_bytes


def test_waiting_for_another_writer_is_told(
    corpus: Corpus, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "provenance")
    corpus.store.set_state("a", "b")
    assert not fields(caplog, "database-waited")
    monkeypatch.setattr(corpus.store, "settings", replace(corpus.store.settings, told_wait_seconds=0.0))
    corpus.store.set_state("a", "c")
    assert [sorted(one) for one in fields(caplog, "database-waited")] == [["seconds"]]


def test_times_do_not_depend_on_the_clock(corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(["2026-11-21T18:00:00+00:00", "2026-11-21T17:00:00+00:00"])
    monkeypatch.setattr("provenance.recording._now", lambda: next(moments))
    corpus.run([folder])
    [run] = corpus.store.runs()
    assert run.ended is not None
    assert run.ended < run.begun
    assert run.seconds is not None
    assert run.seconds > 0


def test_counts_read_as_a_list() -> None:
    assert str(Counts(added=5000, changed=0, articles=1)) == "5,000 added, 1 articles"
    assert str(Counts()) == "nothing"


def test_the_results_do_not_depend_on_what_was_run_before(tmp_path: Path) -> None:
    dumps = []
    for name, runs in (("a.db", 1), ("b.db", 3)):
        with Corpus(tmp_path / name) as corpus:
            for _ in range(runs):
                corpus.run([HARBOUR])
        with sqlite3.connect(tmp_path / name) as connection:
            tables = ("links", "chains", "hops", "attributions", "passages", "matches", "evidence", "stages", "counts")
            dumps.append([connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
        connection.close()
    assert dumps[0] == dumps[1]
    assert all(dumps[0])
