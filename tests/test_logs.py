"""The log: nothing unless asked for, a line for people, JSON for programs, and no name that fakes a line."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.consumption import Bytes
from provenance.errors import ProvenanceError
from provenance.logs import LOGGER, ForPeople, ForPrograms, shown

FAKED = "a.txt\n12:00:00 info    run 9: done\r\x1b[2K\x1b]0;owned\x07\u2028\u202e\ud800\x00"
log = logging.getLogger(f"{LOGGER}.tests")


def record(message: str, *arguments: object, event: str | None = None) -> logging.LogRecord:
    made = log.makeRecord(log.name, logging.INFO, __file__, 1, message, arguments, None)
    if event:
        made.event = event
    return made


def test_a_line_for_people_has_the_time_the_level_and_the_message() -> None:
    made = record("%(stage)s: done in %(seconds).1f s", {"stage": "linking", "seconds": 1.25})
    moment = datetime.fromtimestamp(made.created, timezone.utc).astimezone()
    assert ForPeople().format(made) == f"{moment:%H:%M:%S} info    linking: done in 1.2 s"


def test_a_line_for_programs_has_the_fields_as_they_are() -> None:
    fields = {"stage": "linking", "memory": Bytes(3 << 20), "of": {"a": [1, None, Path("b")]}, "left": True}
    made = record("%(stage)s: %(memory)s", fields, event="stage-ended")
    row = json.loads(ForPrograms().format(made))
    assert datetime.fromisoformat(row.pop("time")) == datetime.fromtimestamp(
        int(made.created * 1000) / 1000, timezone.utc
    )
    assert row == {
        "level": "info",
        "event": "stage-ended",
        "message": "linking: 3 MiB",
        "fields": {"stage": "linking", "memory": 3 << 20, "of": {"a": [1, None, "b"]}, "left": True},
    }


def test_a_record_of_plain_arguments_is_a_message_without_fields() -> None:
    row = json.loads(ForPrograms().format(record("%s of %d", "some", 3)))
    assert (row["event"], row["message"], row["fields"]) == ("message", "some of 3", {})


def test_an_exception_is_told_in_its_last_line() -> None:
    made = record("lost")
    made.exc_info = (ValueError, ValueError("no\nnumber"), None)
    assert ForPeople().format(made).endswith("lost: ValueError: no<U+000A>number")
    assert json.loads(ForPrograms().format(made))["error"] == "ValueError: no\nnumber"


def test_no_name_fakes_a_line_or_acts_on_a_terminal() -> None:
    made = record("skipped: %(where)s", {"where": FAKED})
    line = ForPeople().format(made)
    assert line.endswith(
        "skipped: a.txt<U+000A>12:00:00 info    run 9: done<U+000D><U+001B>[2K<U+001B>]0;owned<U+0007>"
        "<U+2028><U+202E><U+D800><U+0000>"
    )
    packed = ForPrograms().format(made)
    assert packed.isprintable()
    assert json.loads(packed)["fields"]["where"] == FAKED


@given(st.text(alphabet=st.characters()))
def test_every_text_makes_one_line(text: str) -> None:
    made = record("%(text)s", {"text": text})
    for form in (ForPeople(), ForPrograms()):
        line = form.format(made)
        assert len(line.splitlines()) == 1
        line.encode("utf-8")
    assert json.loads(ForPrograms().format(made))["fields"]["text"] == text


def test_a_long_message_is_cut_for_people_only() -> None:
    made = record("%(text)s", {"text": "x" * 100_000})
    assert len(ForPeople().format(made)) < 2100
    assert len(json.loads(ForPrograms().format(made))["message"]) == 100_000


@pytest.mark.parametrize(("verbosity", "told"), [(0, ""), (1, "warning info"), (2, "warning info debug")])
def test_more_is_told_the_more_it_is_asked_for(verbosity: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with shown(verbosity):
        log.warning("one")
        log.info("two")
        log.debug("three")
    log.warning("after")
    printed = capsys.readouterr()
    assert [line.split()[1] for line in printed.err.splitlines()] == told.split()
    assert printed.out == ""


def test_lines_are_appended_to_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log.jsonl"
    for number in range(2):
        with shown(0, str(file)):
            log.info("run %(run)d", {"run": number}, extra={"event": "run"})
            log.debug("a detail")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(row["event"], row["fields"]["run"]) for row in rows] == [("run", 0), ("run", 1)]
    assert capsys.readouterr() == ("", "")
    with shown(2, str(file)):
        log.debug("a detail")
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[-1])["level"] == "debug"


def test_json_goes_to_standard_error_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(0, "-"):
        log.info("run")
    assert json.loads(capsys.readouterr().err)["message"] == "run"


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(b"SQLite format 3\x00 and so on")
    for path, what in ((tmp_path, "directory"), (tmp_path / "no" / "log", "No such file"), (database, "a database")):
        with pytest.raises(ProvenanceError, match=what) as raised, shown(1, str(path)):
            raise AssertionError
        assert raised.value.where == str(path)
        assert raised.value.remedy
    assert database.read_bytes() == b"SQLite format 3\x00 and so on"
    assert logging.getLogger(LOGGER).level == logging.NOTSET
    assert len(logging.getLogger(LOGGER).handlers) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("verbosity", [0, 1])
def test_a_full_disk_ends_the_log_and_not_the_work(verbosity: int, capsys: pytest.CaptureFixture[str]) -> None:
    with shown(verbosity, "/dev/full"):
        log.info("one")
        log.info("two")
    said = capsys.readouterr().err
    assert said.count("/dev/full") == 1
    assert "not complete" in said or "the work goes on" in said
    assert said.count("two") == verbosity


def test_a_short_write_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(io.BytesIO):
        def write(self, data: object) -> int:
            return super().write(bytes(data)[:3])  # type: ignore[call-overload]

    slow = Slow()
    monkeypatch.setattr("provenance.logs._opened", lambda _path: slow)
    monkeypatch.setattr(slow, "close", lambda: None)
    with shown(0, str(tmp_path / "log")):
        log.info("all of it")
    assert json.loads(slow.getvalue())["message"] == "all of it"


def test_a_closed_standard_error_kills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(sys, "stderr", gone)
    with shown(1):
        log.info("one")
        log.info("two")


def test_a_program_that_does_not_ask_sees_nothing_and_one_that_does_sees_it_all() -> None:
    code = """
import logging, sys
import provenance.logs
log = logging.getLogger("provenance.recording")
log.warning("unseen")
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(name)s %(message)s")
log.info("seen")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("provenance.recording seen\n", "")
