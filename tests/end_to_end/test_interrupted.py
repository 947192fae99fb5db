"""Ctrl-C in a real process, at every stage: what was committed stays, and the next run finishes as if nothing was."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provenance import Corpus, Settings
from provenance.export.rows import FIELDS
from provenance.progress import COSTS, REWORDINGS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes and pseudo-terminals of Unix")

HARBOUR = Path(__file__).parent.parent.parent / "examples" / "harbour" / "articles"
IN_THE_MIDDLE = {"reading articles": 5, "reading attributions": 5}
STAGES = {stage: IN_THE_MIDDLE.get(stage, 1) for stage in COSTS if stage != REWORDINGS}
"""Each stage, and how often it tells of itself before Ctrl-C comes."""

SETTINGS = """
[store]
batch_articles = 3
[engine]
processes = 2
spread_articles = 5
articles_at_once = 2
[chains]
linked_together = 5
"""
"""Small batches and several processes, so that a stage can be stopped in its middle."""

PRESSED = """
import json, os, signal, sqlite3, sys
from provenance import Corpus, cli, options

stages, database = json.loads(sys.argv[1]), sys.argv[2]
# what every run loads is loaded once, here, and not in each process
with Corpus(database + "-first") as corpus:
    corpus.run([sys.argv[4]])
for stage, times in stages.items():
    left = times

    def pressed(told, share):
        global left
        left -= told == stage
        if told == stage and left == 0:
            os.kill(os.getpid(), signal.SIGINT)

    options._no_progress = pressed
    child = os.fork()
    if child == 0:
        cli.main([*sys.argv[3:], "--db", database])
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection = sqlite3.connect(database)
    held = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    check = connection.execute("PRAGMA integrity_check").fetchone()[0]
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    print(json.dumps([stage, status, held, check, broken]), flush=True)
"""
"""The command line once for each stage, on one database, with Ctrl-C pressed in that stage."""

AT_A_TERMINAL = """
import time
from provenance import cli, progress
from provenance.engines.local import LocalEngine

progress._DELAY = 0.0
LocalEngine.detect = lambda *given: time.sleep(60)
cli.main()
"""
"""The command line, its progress line shown at once, and in no hurry."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def rows(corpus: Corpus) -> dict[str, list[str]]:
    found = {}
    for what in FIELDS:
        out = io.StringIO()
        corpus.export(what, out)
        found[what] = out.getvalue().splitlines()
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, settings: Path) -> dict[str, list[str]]:
    with Corpus(tmp_path_factory.mktemp("whole") / "a.db", Settings.from_toml(settings)) as corpus:
        corpus.run([HARBOUR])
        return rows(corpus)


def test_stopped_in_every_stage_in_turn(tmp_path: Path, settings: Path, undisturbed: dict[str, list[str]]) -> None:
    database = tmp_path / "a.db"
    command = [sys.executable, "-c", PRESSED, json.dumps(STAGES), str(database), "run", str(HARBOUR)]
    done = subprocess.run(
        [*command, "--settings", str(settings)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stderr.count("Stopped. What was committed is kept; run the command again to finish.") == len(STAGES)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert [row[:2] for row in found] == [[stage, 130] for stage in STAGES]
    assert all(row[3:] == ["ok", []] for row in found)
    held = [row[2] for row in found]
    assert 3 <= held[0] < held[1] == len(undisturbed["documents"])
    with Corpus(database, Settings.from_toml(settings)) as corpus:
        corpus.run([HARBOUR])
        assert rows(corpus) == undisturbed


def test_ctrl_c_at_a_terminal(tmp_path: Path, settings: Path, undisturbed: dict[str, list[str]]) -> None:
    import pty

    database = tmp_path / "a.db"
    command = [sys.executable, "-c", AT_A_TERMINAL, "run", str(HARBOUR), "--db", str(database)]
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm", COLUMNS="100")
        os.execv(command[0], [*command, "--settings", str(settings)])  # noqa: S606 - no shell
    began, pressed, shown = time.monotonic(), False, b""
    while True:
        try:
            got = os.read(terminal, 4096)
        except OSError:  # what Linux says when the other side is closed
            break
        if not got:
            break
        shown += got
        if not pressed and b"reading articles" in shown:
            pressed = True
            os.write(terminal, b"\x03")
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = shown.decode("utf-8", "replace")
    assert (pressed, status) == (True, 130), said
    assert time.monotonic() - began < 50
    assert "Traceback" not in said
    assert said.rstrip().endswith("run the command again to finish.")
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    with Corpus(database, Settings.from_toml(settings)) as corpus:
        corpus.run([HARBOUR])
        assert rows(corpus) == undisturbed
