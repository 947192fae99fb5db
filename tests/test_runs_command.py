"""`provenance runs`: what was run, for people and for programs."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provenance import Corpus
from provenance.cli import main
from provenance.runs_command import duration
from provenance.store import RunRow

HOSTILE = "\x1b[2Jdone\n99  run  2030-01-01\u202e"
RUNS = [
    RunRow(0, "add", "2026-11-21T18:00:00+00:00"),
    RunRow(
        0,
        f"nightly{HOSTILE}",
        "2026-11-21T18:10:00+00:00",
        ended="2026-11-21T18:15:00+00:00",
        outcome="failed",
        message=f"/data/a.db: disk is full {HOSTILE}",
        counts={"added": 1200, "unchanged": 7, "articles": 12_345},
        stages={"reading articles": 200.0},
        seconds=200.4,
        peak_bytes=3 << 30,
    ),
    RunRow(
        0, "remove", "2026-11-21T18:20:00+00:00", outcome="done", counts={"removed": 1, "articles": 3}, seconds=0.04
    ),
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with Corpus(tmp_path / "a.db") as corpus:
        for run in RUNS:
            corpus.store.put_run(run)
    return tmp_path / "a.db"


def call(database: Path, *words: str, columns: int = 160) -> Result:
    done = CliRunner(env={"COLUMNS": str(columns), "TZ": "UTC"}).invoke(main, ["runs", "--db", str(database), *words])
    assert done.exit_code == 0, done.output
    return done


def test_a_table_of_the_newest_first(database: Path) -> None:
    printed = call(database).stdout
    rows = [re.split(r" {2,}", line.strip()) for line in printed.splitlines()]
    assert rows[0] == ["run", "command", "begun", "outcome", "took", "memory", "articles", "what"]
    assert rows[1][:2] == ["3", "remove"]
    assert rows[1][3:] == ["done", "0.0 s", "3", "1 removed"]
    assert rows[2][0] == "2"
    assert rows[2][3:7] == ["failed", "3 min 20 s", "3,072 MiB", "12,345"]
    assert "1,200 added; /data/a.db: disk is full" in printed
    assert rows[-1][:2] == ["1", "add"]
    assert rows[-1][3:] == ["not ended"]


@pytest.mark.parametrize("columns", [160, 50])
def test_nothing_in_it_acts_on_a_terminal_or_fakes_a_line(database: Path, columns: int) -> None:
    printed = call(database, columns=columns).stdout
    assert all(each.isprintable() or each == "\n" for each in printed)
    assert not re.search(r"^ *99 ", printed, re.MULTILINE)


def test_in_a_narrow_window_each_has_its_lines(database: Path) -> None:
    lines = call(database, columns=50).stdout.splitlines()
    assert re.fullmatch(r"3  remove, \d{4}-\d\d-\d\d \d\d:\d\d", lines[0])
    assert lines[1:3] == ["  done, 0.0 s, 3 articles", "  1 removed"]


def test_only_so_many_are_listed(database: Path) -> None:
    assert len(call(database, "--limit", "1").stdout.splitlines()) == 2


def test_for_programs_everything_is_there(database: Path) -> None:
    rows = json.loads(call(database, "--json").stdout)
    assert [row["number"] for row in rows] == [3, 2, 1]
    assert rows[1]["stages"] == {"reading articles": 200.0}
    assert rows[1]["message"] == RUNS[1].message
    assert rows[2]["ended"] is None
    table = list(csv.DictReader(io.StringIO(call(database, "--csv").stdout)))
    assert list(table[0]) == list(rows[0]) == [entry.name for entry in dataclasses.fields(RunRow)]
    assert json.loads(table[1]["counts"]) == RUNS[1].counts


def test_a_new_database_has_none(tmp_path: Path) -> None:
    Corpus(tmp_path / "a.db").close()
    assert call(tmp_path / "a.db").stdout == "Nothing was run.\n"
    assert call(tmp_path / "a.db", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0.0 s"),
        (59.94, "59.9 s"),
        (60, "1 min 0 s"),
        (200.4, "3 min 20 s"),
        (3599.7, "1 h 0 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_how_long_it_took_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
