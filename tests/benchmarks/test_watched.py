"""What a program and those below it use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import watched

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")

CHILD = "held = bytearray(80_000_000); import time; time.sleep(0.8)"
PROGRAM = f"""
import json, os, subprocess, sys, tempfile, time
log, database = sys.argv[1:]
def tell(event, **fields):
    with open(log, "a") as out:
        out.write(json.dumps({{"event": event, "fields": fields}}) + "\\n")
tell("stage-begun", stage="writing (3 of 4)")
with tempfile.TemporaryFile() as gone, open(os.path.join(tempfile.gettempdir(), "kept"), "wb") as kept:
    for file in (gone, kept):
        file.write(bytes(3_000_000))
        file.flush()
    with open(database, "wb") as out:
        out.write(bytes(2_000_000))
    time.sleep(0.5)
tell("stage-ended", stage="writing (3 of 4)", seconds=0.5)
tell("stage-begun", stage="holding")
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}])
while sum(os.times()[:2]) < 0.5:
    pass
child.wait()
tell("run-ended")
print("done")
"""


def test_memory_files_and_time_are_entered_under_their_stage(tmp_path: Path) -> None:
    log, database = tmp_path / "run.log", tmp_path / "made.db"
    log.write_text('{"event": "stage-begun", "fields": {"stage": "of before"}}\n', encoding="utf-8")
    used = watched.run([sys.executable, "-c", PROGRAM, log, database], log, database, tmp_path / "temporary", 0.05)
    assert used.printed == "done\n"
    assert list(used.stages)[:3] == ["opening", "writing", "holding"]
    assert set(used.stages) <= {"opening", "writing", "holding", "closing"}
    writing, holding = used.stages["writing"], used.stages["holding"]
    # one file in the folder and one without a name, in blocks
    assert 6_000_000 <= writing.temporary < 6_300_000
    assert used.temporary == writing.temporary
    assert used.database == 2_000_000
    # the child's 80 MB count, and are nobody's before
    assert holding.anonymous > 80_000_000 > writing.anonymous > 0
    assert holding.rss >= holding.anonymous
    assert used.rss == holding.rss
    assert 0 < used.own_peak < 80_000_000
    assert used.cpu >= 0.5
    assert holding.cpu > 0.25
    figures = watched.as_figures(used, 0.1)
    assert figures["cpu_U"] == pytest.approx(10 * used.cpu, abs=0.01)
    assert figures["stages"]["holding"]["anonymous_MB"] >= 76


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]
    with pytest.raises(watched.FailedError, match=r"ended with 1(?s:.*)the disk is full"):
        watched.run(command, tmp_path / "a.log", tmp_path / "a.db", tmp_path / "temporary")


def test_a_program_ends_when_watching_it_fails(tmp_path: Path) -> None:
    # a log that is none
    command = [sys.executable, "-c", "import sys, time; print('{', file=open(sys.argv[1], 'a')); time.sleep(60)"]
    log = tmp_path / "a.log"
    with pytest.raises(ValueError, match="Expecting"):
        watched.run([*command, log], log, tmp_path / "a.db", tmp_path / "temporary", 0.05)


def test_a_process_that_has_ended_uses_nothing() -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert watched.sample(done.pid) == watched.Sample(0, 0, 0, 0.0, 0)
    assert watched.tree(os.getpid())[0] == os.getpid()
