"""`-v` and `--log-json`: every command has them, and they get in nobody's way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from provenance.cli import main

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour" / "articles"
LINE = re.compile(r"\d\d:\d\d:\d\d (debug|info|warning|error) +\S.*")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("logs") / "harbour.db"
    assert call("run", HARBOUR, "--db", path).exit_code == 0
    return path


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def events(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("command", list(main.commands))
def test_every_command_takes_them(command: str) -> None:
    said = call(command, "--help").output
    assert "-v, --verbose" in said
    assert "--log-json FILE" in said


def test_nothing_is_told_unless_it_is_asked_for(database: Path) -> None:
    assert call("run", HARBOUR, "--db", database).stderr == ""


def test_verbose_tells_on_standard_error_and_leaves_the_output_as_it_is(database: Path) -> None:
    told, quiet = (call("chains", "--json", "--db", database, *options) for options in (["-v"], []))
    assert told.stdout == quiet.stdout
    assert quiet.stderr == ""
    lines = told.stderr.splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    assert [line.split(maxsplit=4)[2:4] for line in lines] == [["chains:", "begun"], ["chains:", "done"]]


def test_more_detail_is_told_when_asked_twice(tmp_path: Path) -> None:
    once = call("run", HARBOUR, "--db", tmp_path / "a.db", "-v").stderr
    twice = call("run", HARBOUR, "--db", tmp_path / "b.db", "-v", "-v").stderr
    assert "linking: done in" in once
    assert " debug " not in once
    assert " debug " in twice


def test_the_file_has_the_run_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    done = call("run", HARBOUR, "--db", tmp_path / "a.db", "--log-json", log)
    assert done.stderr == ""
    rows = events(log)
    names = [row["event"] for row in rows]
    assert names[:3] == ["command-begun", "run-begun", "stage-begun"]
    assert names[-2:] == ["run-ended", "command-ended"]
    ended = rows[-2]["fields"]
    assert (ended["outcome"], ended["counts"]["added"], ended["counts"]["articles"]) == ("done", 20, 20)
    assert all(set(row) == {"time", "level", "event", "message", "fields"} for row in rows)
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    call("remove", "hollin-letter.md", "--db", tmp_path / "a.db", "--log-json", log)
    assert events(log)[: len(rows)] == rows
    assert events(log)[-1]["fields"]["command"] == "remove"


def test_inputs_that_are_left_out_are_in_the_log(tmp_path: Path) -> None:
    bad = tmp_path / "bad\n12:00:00 info    run 1: done.txt"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    done = call("add", bad, "--db", tmp_path / "a.db", "-v", "--log-json", tmp_path / "log")
    assert done.exit_code == 3
    told = [line for line in done.stderr.splitlines() if LINE.fullmatch(line)]
    assert sum("skipped: " in line and "<U+000A>12:00:00 info" in line for line in told) == 1
    assert "add: ended with status 3 after" in told[-1]
    rows = {row["event"]: row for row in events(tmp_path / "log")}
    assert rows["input-skipped"]["level"] == "warning"
    assert rows["input-skipped"]["fields"]["where"] == str(bad)
    assert rows["command-ended"]["fields"]["status"] == 3


def test_a_command_that_fails_says_why_in_the_log_too(tmp_path: Path) -> None:
    done = call("chains", "--db", tmp_path / "none.db", "--log-json", tmp_path / "log")
    assert done.exit_code == 5
    last = events(tmp_path / "log")[-1]
    assert (last["level"], last["event"]) == ("error", "command-failed")
    assert "there is no database" in last["fields"]["error"]
    assert done.stderr == f"Error: {last['fields']['error']}\n"


@pytest.mark.parametrize("place", ["", "missing/log.jsonl"])
def test_a_log_that_cannot_be_written_is_wrong_usage(tmp_path: Path, place: str) -> None:
    done = call("run", HARBOUR, "--db", tmp_path / "a.db", "--log-json", tmp_path / place)
    assert done.exit_code == 2
    assert "--log-json" in done.stderr
    assert "name another file" in done.stderr
    assert not (tmp_path / "a.db").exists()


def test_a_database_is_no_log(database: Path, tmp_path: Path) -> None:
    before = database.read_bytes()
    assert call("chains", "--db", database, "--log-json", database).exit_code == 2
    assert call("chains", "--db", tmp_path / "new.db", "--log-json", database).exit_code == 2
    assert call("run", HARBOUR, "--db", tmp_path / "new.db", "--log-json", tmp_path / "new.db").exit_code == 2
    assert database.read_bytes() == before
    assert not (tmp_path / "new.db").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_log_on_a_full_disk_does_not_end_the_run(tmp_path: Path) -> None:
    done = call("run", HARBOUR, "--db", tmp_path / "a.db", "--log-json", "/dev/full")
    assert done.exit_code == 0
    assert "20 articles" in done.stdout
    assert done.stderr == "The log /dev/full is not complete: it could not be written.\n"


AT_A_TERMINAL = """
import sys, time
from provenance import cli, options, progress

progress._DELAY = 0.0
told = progress.ProgressLine.show

def slowly(self, stage, share):
    told(self, stage, share)
    time.sleep(0.02)

progress.ProgressLine.show = slowly
cli.main()
"""
"""The command line, its progress line shown at once, and slow enough to be drawn between what is logged."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pseudo-terminals of Unix")
@pytest.mark.parametrize("options", [["-v"], ["--log-json", "-"]])
def test_lines_and_the_progress_line_do_not_tear_each_other(tmp_path: Path, options: list[str]) -> None:
    import pty

    watched, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "1000"}
    command = [sys.executable, "-c", AT_A_TERMINAL, "run", str(HARBOUR), "--db", str(tmp_path / "a.db"), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal, env=environment) as child:
        os.close(terminal)
        shown = b""
        while True:
            try:
                got = os.read(watched, 65536)
            except OSError:  # what Linux says when the other side is closed
                break
            if not got:
                break
            shown += got
    os.close(watched)
    assert child.returncode == 0
    text = shown.decode("utf-8")
    drawn = "\x1b[" in text
    assert drawn == (options == ["-v"])
    # each time it is drawn the progress line stands alone, and is wiped before a line is written
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line.rpartition("\x1b[2K")[2]) for line in text.splitlines()]
    if not drawn:
        assert [json.loads(line)["event"] for line in lines][-1] == "command-ended"
        return
    told = [line for line in lines if re.match(r"\d\d:\d\d:\d\d ", line)]
    assert all(LINE.fullmatch(line.rstrip()) for line in told)
    assert text.count("info ") == len(told)
    for stage in ("reading articles", "reading attributions", "linking"):
        assert any(line.rstrip().endswith(f"info    {stage}: begun") for line in told)
