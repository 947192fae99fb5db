"""Run a program and watch what it and all the processes below it use, by stage of its log (Linux).

The log is that of `--log-json`: lines with an `event`, of which `stage-begun` names the `stage` in its `fields`. A few
times a second the tree of processes is looked at in /proc, and what it uses is entered under the stage that has begun
last. Memory is the sum over the processes: `rss` counts what two of them share, or read from one mapped file, twice;
`anonymous` is what they hold of their own, which no file backs.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROC = Path("/proc")
OPENING, CLOSING = "opening", "closing"
"""What comes before the first stage, and after the last."""
_MEMORY = re.compile(r"^(VmHWM|VmRSS|RssAnon):\s+(\d+) kB", re.MULTILINE)
_LONGEST_MESSAGE = 2000


@dataclass(frozen=True)
class Sample:
    """What a tree of processes uses at a moment.

    Attributes:
        rss: bytes in memory.
        anonymous: those of them that no file backs.
        own_peak: the most bytes that the first process held at a time by now.
        cpu: seconds of processor time by now, with that of the processes that have ended.
        unlinked: bytes on disk of open files that have no name any more.
    """

    rss: int
    anonymous: int
    own_peak: int
    cpu: float
    unlinked: int


@dataclass
class Stage:
    """What was used in one stage: the most bytes at a time, and seconds."""

    rss: int = 0
    anonymous: int = 0
    temporary: int = 0
    cpu: float = 0.0
    wall: float = 0.0


@dataclass
class Used:
    """What a program used.

    Attributes:
        printed: its standard output.
        cpu: seconds of processor time of the program and the processes below it, as the system counts them at the end.
        own_peak: the most bytes that the program itself held at a time, of which the system keeps count.
        temporary: the most bytes its temporary files took at a time.
        database: the most bytes the database took, with its log of what is not yet in it.
        stages: by name, in the order in which they began.
    """

    printed: str
    cpu: float = 0.0
    wall: float = 0.0
    own_peak: int = 0
    temporary: int = 0
    database: int = 0
    stages: dict[str, Stage] = field(default_factory=lambda: defaultdict(Stage))

    @property
    def rss(self) -> int:
        """The most bytes in memory at a time."""
        return max((stage.rss for stage in self.stages.values()), default=0)

    @property
    def anonymous(self) -> int:
        """The most bytes in memory at a time that no file backs."""
        return max((stage.anonymous for stage in self.stages.values()), default=0)


class FailedError(Exception):
    """The program failed; the message has the end of what it said."""


def tree(root: int) -> list[int]:
    """A process and all below it."""
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        for task in _listed(PROC / str(process) / "task"):
            # one that ends while it is looked at has no children to speak of
            with suppress(OSError):
                waiting += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def sample(root: int) -> Sample:
    """What a process and those below it use now."""
    rss, anonymous, own_peak, cpu = 0, 0, 0, 0.0
    unlinked: dict[tuple[int, int], int] = {}
    for process in tree(root):
        folder = PROC / str(process)
        try:
            status = (folder / "status").read_text(encoding="utf-8", errors="replace")
            # the name of the program, in brackets, may hold spaces; times follow it, those of ended children last
            times = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[11:15]
        except OSError:
            continue
        memory = {name: 1024 * int(kilobytes) for name, kilobytes in _MEMORY.findall(status)}
        rss += memory.get("VmRSS", 0)
        anonymous += memory.get("RssAnon", 0)
        own_peak = memory.get("VmHWM", 0) if process == root else own_peak
        cpu += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        unlinked.update(_unlinked(folder))
    return Sample(rss, anonymous, own_peak, cpu, sum(unlinked.values()))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _unlinked(process: Path) -> Iterator[tuple[tuple[int, int], int]]:
    """The open files of a process that no folder lists: which, and how many bytes on disk."""
    for file in _listed(process / "fd"):
        with suppress(OSError):
            found = file.stat()
            if stat.S_ISREG(found.st_mode) and not found.st_nlink and not str(file.readlink()).startswith("/memfd:"):
                yield (found.st_dev, found.st_ino), 512 * found.st_blocks


def on_disk(folder: Path) -> int:
    """The bytes that the files in a folder and those below it take."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += 512 * Path(path, name).lstat().st_blocks
    return total


def _length(database: Path) -> int:
    """The bytes of a database and of what is not yet in it."""
    total = 0
    for suffix in ("", "-wal", "-journal"):
        # they come and go
        with suppress(OSError):
            total += database.with_name(database.name + suffix).stat().st_size
    return total


class _Log:
    """Tells from a log that grows which stage has begun last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0
        self.stage = OPENING

    def look(self) -> str:
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._at)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._at += len(line)
                    row = json.loads(line)
                    if row.get("event") == "stage-begun":
                        # a count in brackets is not part of a stage's name
                        self.stage = re.sub(r" \(.*", "", row["fields"]["stage"])
                    elif row.get("event") == "run-ended":
                        self.stage = CLOSING
        return self.stage


def run(command: Sequence[str | Path], log: Path, database: Path, temporary: Path, seconds: float = 0.3) -> Used:
    """Run a program to its end.

    Args:
        command: the program and its arguments, which name the log and the database.
        log: the file that it appends to; what is in it by now is passed over.
        database: the file whose size is looked at.
        temporary: where its temporary files go; made if it is not there.
        seconds: how often to look.

    Raises:
        FailedError: it failed.
    """
    temporary.mkdir(parents=True, exist_ok=True)
    out, errors = (log.with_suffix(suffix) for suffix in (".out", ".err"))
    with out.open("wb") as printed, errors.open("wb") as said:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=printed, stderr=said, env=_environment(temporary))
        try:
            used, code = _watched(process.pid, _Log(log), database, temporary, seconds)
            process.returncode = code
        finally:
            # not ended where looking at it failed, or was stopped
            if process.returncode is None:
                process.terminate()
                process.wait()
    used.wall = time.monotonic() - began
    if code:
        end = errors.read_text(encoding="utf-8", errors="replace")[-_LONGEST_MESSAGE:]
        raise FailedError(f"{command[0]} ended with {code}; what it said is in {errors}:\n{end}")
    used.printed = out.read_text(encoding="utf-8")
    return used


def _environment(temporary: Path) -> Mapping[str, str]:
    folder = os.fspath(temporary.absolute())
    return {**os.environ, "TMPDIR": folder, "SQLITE_TMPDIR": folder}


def _watched(root: int, log: _Log, database: Path, temporary: Path, seconds: float) -> tuple[Used, int]:
    """What a process uses until it ends, and the code that it ends with."""
    used = Used("")
    clock, cpu = time.monotonic(), 0.0
    while True:
        stage = used.stages[log.look()]
        ended, status, resources = os.wait4(root, os.WNOHANG)
        now = time.monotonic()
        stage.wall += now - clock
        clock = now
        if ended:
            used.cpu = resources.ru_utime + resources.ru_stime
            stage.cpu += max(0.0, used.cpu - cpu)
            return used, os.waitstatus_to_exitcode(status)
        found = sample(root)
        # a process that ends is counted by the one above it only when that has waited for it
        stage.cpu += max(0.0, found.cpu - cpu)
        cpu = max(cpu, found.cpu)
        used.own_peak = max(used.own_peak, found.own_peak)
        stage.rss = max(stage.rss, found.rss)
        stage.anonymous = max(stage.anonymous, found.anonymous)
        stage.temporary = max(stage.temporary, on_disk(temporary) + found.unlinked)
        used.temporary = max(used.temporary, stage.temporary)
        used.database = max(used.database, _length(database))
        time.sleep(seconds)


def megabytes(count: int) -> int:
    """Bytes on disk as MB."""
    return round(count / 1e6)


def memory(count: int) -> int:
    """Bytes of memory as the other figures have them: MiB."""
    return round(count / (1 << 20))


def as_figures(used: Used, unit: float) -> dict[str, Any]:
    """What was used, as figures to keep; CPU also in the unit U, which takes `unit` seconds."""
    return {
        "cpu_seconds": round(used.cpu, 1),
        "cpu_U": round(used.cpu / unit, 2),
        "wall_seconds": round(used.wall, 1),
        "hours": round(used.wall / 3600, 2),
        # what is looked at now and then misses the top
        "peak_MB": memory(max(used.rss, used.own_peak)),
        "anonymous_MB": memory(used.anonymous),
        "own_peak_MB": memory(used.own_peak),
        "temporary_MB": megabytes(used.temporary),
        "database_at_most_MB": megabytes(used.database),
        "stages": {
            name: {
                "cpu_U": round(stage.cpu / unit, 2),
                "cpu_seconds": round(stage.cpu, 1),
                "wall_seconds": round(stage.wall, 1),
                "peak_MB": memory(stage.rss),
                "anonymous_MB": memory(stage.anonymous),
                "temporary_MB": megabytes(stage.temporary),
            }
            for name, stage in used.stages.items()
        },
    }


def provenance(*arguments: str | Path) -> list[str | Path]:
    """The command line of this package, as a child process of the same Python."""
    return [sys.executable, "-c", "from provenance.cli import main; main(prog_name='provenance')", *arguments]
