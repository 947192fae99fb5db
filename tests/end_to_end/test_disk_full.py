"""A full disk, at any moment: a clear error, an intact database, and with space again the rows of an undisturbed run.

Two ways: a limit of the size of files, which any user may set (SQLite calls what comes of it an I/O error), at many
sizes, so that it strikes in every stage; and a small file system in memory, which only root may mount.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from provenance.progress import COSTS, REWORDINGS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")

STAGES = [stage for stage in COSTS if stage != REWORDINGS] + ["summaries"]
MOUNT, UMOUNT = shutil.which("mount") or "", shutil.which("umount") or ""
STEP = 1.3
"""How much larger each limit is than the one before."""


@pytest.fixture(scope="module")
def undisturbed(victims: Any, monday: Path, alone: Path) -> tuple[int, Any]:
    """How large the database of an undisturbed run is, and its rows."""
    database = victims.folder / "undisturbed.db"
    done = victims.run(["run", monday, "--json", "--db", database, "--settings", alone])
    assert done["status"] == 0, done["said"]
    return database.stat().st_size, victims.dump(database, alone)


def assert_says_what_to_do(done: Any, *folders: Path) -> None:
    assert done["status"] == 4, done
    assert done["left"] == 0
    assert "Traceback" not in done["said"]
    message = done["said"].strip().splitlines()[-1]
    assert message.startswith("Error: ")
    assert any(str(folder) in message for folder in folders), message
    assert "space" in message
    assert "run again" in message


def test_files_may_not_grow(
    victims: Any, monday: Path, alone: Path, undisturbed: tuple[int, Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    command = ["run", monday, "--json", "--db", database, "--settings", alone]
    stages, largest = [], 4096.0
    # each run goes on from what the last one could write
    while largest < undisturbed[0] * 4:
        done = victims.run(command, database=database, largest=int(largest))
        assert done["wrong"] == [], (largest, done)
        if done["status"] == 0:
            break
        assert_says_what_to_do(done, tmp_path)
        stages.append(done["stage"])
        largest *= STEP
    assert len(stages) > 10
    assert {"opening", "reading articles"} < set(stages), stages
    assert victims.run(command, database=database)["status"] == 0
    assert victims.dump(database, alone) == undisturbed[1]
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_files_may_not_grow_from_a_stage_on(
    victims: Any, monday: Path, alone: Path, undisturbed: tuple[int, Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    command = ["run", monday, "--json", "--db", database, "--settings", alone]
    for stage in STAGES:
        done = victims.run(command, database=database, starve={"stage": stage})
        assert done["wrong"] == [], (stage, done)
        assert_says_what_to_do(done, tmp_path)
        if stage == "reading articles":
            # the rest has no room before it is read
            assert victims.run(["add", *command[1:2], *command[3:]], database=database)["status"] == 0
    assert victims.run(command, database=database)["status"] == 0
    assert victims.dump(database, alone) == undisturbed[1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str, int], Path]]:
    """Makes file systems of so many KiB."""
    mounted: list[Path] = []

    def make(name: str, size: int) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        command = [MOUNT, "-t", "tmpfs", "-o", f"size={size}k", "provenance-test", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False) if _is_root() else None
        if done is None or done.returncode:
            pytest.skip("only root can mount a small file system")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run([UMOUNT, "-l", str(folder)], check=True)


def _is_root() -> bool:
    return os.geteuid() == 0 and bool(MOUNT and UMOUNT)


def grow(folder: Path, size: int) -> None:
    subprocess.run([MOUNT, "-o", f"remount,size={size}k", str(folder)], check=True)


def test_a_full_disk(
    victims: Any,
    monday: Path,
    alone: Path,
    undisturbed: tuple[int, Any],
    small_disk: Callable[[str, int], Path],
    tmp_path: Path,
) -> None:
    whole = undisturbed[0] // 1024
    size = 16
    disk = small_disk("disk", size)
    database = disk / "a.db"
    command = ["run", monday, "--json", "--db", database, "--settings", alone]
    stages = []
    while size < whole * 8:
        done = victims.run(command, database=database, temporary=tmp_path)
        assert done["wrong"] == [], (size, done)
        if done["status"] == 0:
            break
        assert_says_what_to_do(done, disk)
        stages.append(done["stage"])
        size = int(size * STEP) + 8
        grow(disk, size)
    assert len(stages) > 10
    assert {"opening", "reading articles"} < set(stages), stages
    assert victims.dump(database, alone) == undisturbed[1]


def test_a_disk_that_is_full_from_a_stage_on(
    victims: Any,
    monday: Path,
    alone: Path,
    undisturbed: tuple[int, Any],
    small_disk: Callable[[str, int], Path],
    tmp_path: Path,
) -> None:
    disk = small_disk("disk", undisturbed[0] // 1024 * 12)
    database, filler = disk / "a.db", disk / "filler"
    command = ["run", monday, "--json", "--db", database, "--settings", alone]
    ends = []
    for stage in STAGES:
        done = victims.run(
            command, database=database, temporary=tmp_path, starve={"stage": stage, "filler": str(filler)}
        )
        assert done["wrong"] == [], (stage, done)
        ends.append(done["status"])
        if done["status"]:
            assert_says_what_to_do(done, disk)
        filler.unlink()
    # what is written into room that the log has already needs no more
    assert ends.count(4) >= len(STAGES) // 2, ends
    assert victims.run(command, database=database)["status"] == 0
    assert victims.dump(database, alone) == undisturbed[1]


@pytest.mark.parametrize("kibibytes", [4, 32])
def test_a_full_folder_for_temporary_files(
    victims: Any,
    monday: Path,
    together: Path,
    small_disk: Callable[[str, int], Path],
    tmp_path: Path,
    kibibytes: int,
) -> None:
    temporary = small_disk("temporary", kibibytes)
    database = tmp_path / "a.db"
    command = ["run", monday, "--json", "--db", database, "--settings", together]
    done = victims.run(command, database=database, temporary=temporary)
    assert done["wrong"] == []
    assert_says_what_to_do(done, temporary)
    assert list(temporary.iterdir()) == []
    grow(temporary, 10_000)
    assert victims.run(command, database=database, temporary=temporary)["status"] == 0
    assert list(temporary.iterdir()) == []
