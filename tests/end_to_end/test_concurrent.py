"""Two programs on one database: one waits for the other, or says that it does not; the rows are those of one by one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from provenance.settings import Settings, StoreSettings
from provenance.store import Store, migrations

LONG = 30.0
"""Seconds in which anything here must have come about."""


@pytest.fixture(scope="module")
def one_by_one(victims: Any, monday: Path, tuesday: Path, alone: Path) -> Callable[..., Any]:
    """The rows that commands leave when they come one after the other."""
    known: dict[str, Any] = {}

    def rows(*commands: list[Any]) -> Any:
        key = repr(commands)
        if key not in known:
            database = victims.folder / f"one{len(known)}.db"
            for command in commands:
                done = victims.run([*command, "--db", database, "--settings", alone])
                assert done["status"] == 0, done["said"]
            known[key] = victims.dump(database, alone)
        return known[key]

    return rows


def until(happens: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    deadline = time.monotonic() + LONG
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def at_work(database: Path, process: int) -> bool:
    """Whether a process has the turn."""
    try:
        return database.with_name(f"{database.name}-turn").read_text() == str(process)
    except FileNotFoundError:
        return False


def clean(database: Path) -> bool:
    """Whether nothing lies beside a database that is not used any more."""
    return [path.name for path in database.parent.iterdir()] == [database.name]


def impatient(settings: Path, **seconds: float) -> Path:
    """The same settings with other patience."""
    path = settings.with_name(f"impatient{len(list(settings.parent.iterdir()))}.toml")
    lines = "\n".join(f"{name} = {value}" for name, value in seconds.items())
    path.write_text(settings.read_text().replace("[store]", f"[store]\n{lines}"))
    return path


def test_two_runs_make_one_database(
    victims: Any, monday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    command = ["run", monday, "--json", "--db", tmp_path / "a.db", "--settings", alone]
    started = [victims.start(command) for _ in range(2)]
    done = [victims.finish(process) for process in started]
    assert [one["status"] for one in done] == [0, 0], done
    assert victims.dump(tmp_path / "a.db", alone) == one_by_one(["run", monday, "--json"])
    assert clean(tmp_path / "a.db")


def test_articles_come_while_a_run_works(
    victims: Any, monday: Path, tuesday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    ends = ["--db", database, "--settings", alone]
    first = victims.start(["run", monday, "--json", *ends])
    until(lambda: at_work(database, first))
    second = victims.start(["add", tuesday, *ends], ["analyze", "--json", *ends])
    done = [victims.finish(first), victims.finish(second)]
    assert [one["status"] for one in done] == [0, 0], done
    expected = one_by_one(["run", monday, "--json"], ["add", tuesday], ["analyze", "--json"])
    assert victims.dump(database, alone) == expected


def test_articles_go_while_a_run_works(
    victims: Any, monday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    ends = ["--db", database, "--settings", alone]
    gone = ["made/report-001.txt", "made/report-013.txt"]
    first = victims.start(["run", monday, "--json", *ends])
    until(lambda: at_work(database, first))
    with closing(sqlite3.connect(database)) as connection:
        until(lambda: connection.execute("SELECT count(*) FROM articles").fetchone()[0] > 60)
    second = victims.start(["remove", *gone, *ends])
    done = [victims.finish(first), victims.finish(second)]
    assert [one["status"] for one in done] == [0, 0], done
    assert victims.run(["analyze", "--json", *ends])["status"] == 0
    expected = one_by_one(["run", monday, "--json"], ["remove", *gone], ["analyze", "--json"])
    assert victims.dump(database, alone) == expected


def test_two_add_different_articles(
    victims: Any, monday: Path, tuesday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    ends = ["--db", database, "--settings", alone]
    folders = [monday / "seeds", monday / "made", tuesday / "harbour"]
    started = [victims.start(["add", folder, *ends]) for folder in folders]
    done = [victims.finish(process) for process in started]
    assert [one["status"] for one in done] == [0, 0, 0], done
    assert victims.run(["analyze", "--json", *ends])["status"] == 0
    assert victims.dump(database, alone) == one_by_one(["run", *folders, "--json"])


def test_two_bring_an_older_database_up_to_date(
    victims: Any, monday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "old.db"
    with closing(sqlite3.connect(database)) as connection:
        migrations.migrate(connection, None, migrations.STEPS[:3])
    ends = ["--db", database, "--settings", alone]
    started = [victims.start(["run", monday, "--json", *ends]) for _ in range(2)]
    started.append(victims.start(["documents", "--json", *ends]))
    done = [victims.finish(process) for process in started]
    assert [one["status"] for one in done] == [0, 0, 0], done
    assert victims.dump(database, alone) == one_by_one(["run", monday, "--json"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.db", "old.db.v3.bak"]


def test_a_second_one_that_does_not_wait_says_so(victims: Any, monday: Path, alone: Path, tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    settings = Settings.from_toml(impatient(alone, turn_seconds=0.1))
    with Store(database, StoreSettings()) as store:
        store.add_articles([])
        with store.working():
            for command in (["run", monday, "--json"], ["add", monday], ["analyze"]):
                ends = ["--db", database, "--settings", impatient(alone, turn_seconds=0.1)]
                done = victims.run([*command, *ends])
                assert done["status"] == 4, done
                message = done["said"].strip().splitlines()[-1]
                assert f"process {os.getpid()}" in message
                assert "turn_seconds" in message
                assert str(database) in message
            # readers need not wait
            assert victims.run(["documents", "--json", *ends])["status"] == 0
    assert settings.store.turn_seconds == pytest.approx(0.1)
    assert victims.run(["run", monday, "--json", *ends])["status"] == 0


def held(database: Path) -> bool:
    return Path(f"{database}.held").exists()


def test_a_reader_keeps_a_transaction_open(
    victims: Any, monday: Path, tuesday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    ends = ["--db", database, "--settings", alone]
    assert victims.run(["run", monday, "--json", *ends])["status"] == 0
    reader = victims.start(["hold", database, "read", 3])
    until(lambda: held(database))
    began = time.monotonic()
    done = victims.run(["run", tuesday, "--json", *ends])
    # nor is it waited for at the end, when the log is to be moved into the database
    lasted = time.monotonic() - began
    assert done["status"] == 0, done
    assert lasted < StoreSettings().busy_seconds
    seen = victims.finish(reader)
    # it saw the same all the time
    assert seen["status"] == 0, seen
    assert victims.run(["documents", "--json", *ends])["status"] == 0
    Path(f"{database}.held").unlink()
    assert clean(database)
    assert victims.dump(database, alone) == one_by_one(["run", monday, "--json"], ["run", tuesday, "--json"])


def test_another_program_writes_for_long(
    victims: Any, monday: Path, alone: Path, one_by_one: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "a.db"
    Store(database, StoreSettings()).close()
    ends = ["--db", database, "--settings", impatient(alone, busy_seconds=0.2)]
    writer = victims.start(["hold", database, "write", 4])
    until(lambda: held(database))
    done = victims.run(["run", monday, "--json", *ends])
    assert done["status"] == 4, done
    assert "database is locked" in done["said"]
    assert "run again" in done["said"]
    waiting = victims.run(["run", monday, "--json", "--db", database, "--settings", alone])
    assert waiting["status"] == 0, waiting
    assert victims.finish(writer)["status"] == 0
    assert victims.dump(database, alone) == one_by_one(["run", monday, "--json"])


@pytest.fixture
def read_only(victims: Any, monday: Path, alone: Path) -> Iterator[Path]:
    """A database that may not be written to, in a folder that may not be written to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "folder"
        folder.mkdir()
        for path in (monday / "seeds", alone):
            copied = shutil.copytree if path.is_dir() else shutil.copy
            copied(path, Path(name) / path.name)
        database = folder / "a.db"
        assert victims.run(["run", monday, "--json", "--db", database, "--settings", alone])["status"] == 0
        Path(name).chmod(0o755)
        database.chmod(0o444)
        folder.chmod(0o555)
        yield database
        folder.chmod(0o755)


READING = [
    ["documents", "--json"],
    ["show", "seeds/003_8cb84d787e04d269.txt", "--json"],
    ["passages", "--json"],
    ["trace", "US instructors train former ISIS members", "--json"],
    ["export", "chains"],
]
WRITING = [["run"], ["add"], ["remove", "seeds/003_8cb84d787e04d269.txt"], ["analyze", "--full"]]


@pytest.mark.skipif(os.geteuid() == 0 and not sys.platform.startswith("linux"), reason="root minds no permissions")
@pytest.mark.parametrize("writable_folder", [False, True])
def test_a_database_that_may_only_be_read(victims: Any, read_only: Path, writable_folder: bool) -> None:
    if writable_folder:
        read_only.parent.chmod(0o777)
    before = read_only.read_bytes()
    ends = ["--db", read_only, "--settings", read_only.parent.parent / "settings1.toml"]
    for command in READING:
        done = victims.run([*command, *ends], bound=True)
        assert done["status"] == 0, (command, done["said"])
        assert len(done["said"]) > 100
    for command in WRITING:
        paths = [read_only.parent.parent / "seeds"] if command[0] in {"run", "add"} else []
        done = victims.run([*command, *paths, *ends], bound=True)
        assert done["status"] == 4, (command, done["said"])
        assert "Traceback" not in done["said"]
        message = done["said"].strip().splitlines()[-1]
        assert str(read_only) in message
        assert "folder you may write to" in message
    assert read_only.read_bytes() == before
