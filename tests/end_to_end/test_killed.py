"""kill -9 at any moment: what was committed is there, and the next run ends with the rows of an undisturbed one.

Each process goes on from what the killed one before it left, in chains that end when one is done before its death
comes. Deaths come at statements of SQLite, just before and just behind a commit, when a stage tells of its progress,
and at moments of the clock. After each of them a copy of the database is looked at: SQLite's own checks, and whether
it holds exactly what the process had committed.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from provenance.progress import COSTS, REWORDINGS
from provenance.store import migrations

Commands = list[list[Any]]
STAGES = [stage for stage in COSTS if stage != REWORDINGS] + ["summaries"]
KINDS = ("statement", "commit", "committed", "progress", "moment")


class Chains:
    """Runs of the same commands, killed again and again.

    Args:
        victims: the server.
        base: the database to begin with; None for none.
        folder: to work in.
        commands: what is run.
        settings: with which.
    """

    def __init__(self, victims: Any, base: Path | None, folder: Path, commands: Commands, settings: Path) -> None:
        self.victims, self.base, self.folder, self.settings = victims, base, folder, settings
        self.commands = commands
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.kills: list[tuple[str, str]] = []
        self.finished = 0
        self.chains = 0
        database = self._fresh()
        began = time.monotonic()
        done = self._run(database)
        self.seconds = time.monotonic() - began
        assert done["status"] == 0, done["said"]
        self.statements, self.commits, self.tellings = done["events"]
        self.rows = victims.dump(database, settings)

    def _fresh(self) -> Path:
        self.chains += 1
        database = self.folder / f"chain{self.chains}.db"
        if self.base is not None:
            shutil.copyfile(self.base, database)
        return database

    def _run(self, database: Path, kill: dict[str, Any] | None = None) -> Any:
        ends = ["--db", database, "--settings", self.settings]
        commands = [[*command, *ends] for command in self.commands]
        return self.victims.run(*commands, kill=kill, database=database, temporary=self.temporary)

    def kill(self, fates: Iterable[dict[str, Any]], times: int | None = None) -> None:
        """Kill a run after the other, as each fate says; check after each, and compare the rows when one is done.

        Args:
            fates: one for each process.
            times: after how many deaths to stop; where the fates end if None.
        """
        until = None if times is None else len(self.kills) + times
        database = self._fresh()
        for fate in fates:
            done = self._run(database, fate)
            assert done["wrong"] == [], (fate, done)
            assert done["left"] == 0, (fate, done)
            if done["status"] == -9:
                self.kills.append((done["stage"], next(iter(fate))))
                if len(self.kills) == until:
                    break
                continue
            assert done["status"] == 0, (fate, done)
            self._compare(database)
            database = self._fresh()
        done = self._run(database)
        assert done["status"] == 0, done["said"]
        self._compare(database)

    def _compare(self, database: Path) -> None:
        self.finished += 1
        rows = self.victims.dump(database, self.settings)
        differing = [name for name in self.rows if rows[name] != self.rows[name]]
        assert differing == [], (database, {name: (rows[name], self.rows[name]) for name in differing})
        assert [path.name for path in database.parent.glob(f"{database.name}*") if path.suffix != ".bak"] == [
            database.name
        ]
        # a run that works in temporary folders removes those that killed ones left
        assert list(self.temporary.iterdir()) == []

    def fates(self, seed: int, kinds: tuple[str, ...] = KINDS) -> Iterator[dict[str, Any]]:
        """Deaths of all kinds in turn, anywhere in the first two thirds of a whole run.

        A process that goes on where another was has less to do: beyond that most would end in peace.
        """
        rng = random.Random(seed)
        most = {"statement": self.statements, "commit": self.commits, "committed": self.commits}
        for number in count():
            kind = kinds[number % len(kinds)]
            if kind == "moment":
                yield {kind: rng.uniform(0.0, self.seconds * 2 / 3)}
            else:
                yield {kind: rng.randint(1, most.get(kind, self.tellings) * 2 // 3)}


IN_EVERY_STAGE = [{"stage": stage} for stage in STAGES]
"""Death at the beginning of each stage in turn."""


def test_a_first_run(victims: Any, monday: Path, alone: Path, tmp_path: Path) -> None:
    chains = Chains(victims, None, tmp_path, [["run", monday, "--json"]], alone)
    chains.kill(IN_EVERY_STAGE)
    assert [stage for stage, _ in chains.kills] == STAGES
    chains.kill(chains.fates(1), 80)
    assert {kind for _, kind in chains.kills} >= set(KINDS)
    assert chains.finished >= 2


@pytest.fixture(scope="module")
def held(victims: Any, monday: Path, alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which everything is up to date."""
    database = tmp_path_factory.mktemp("held") / "held.db"
    done = victims.run(["run", monday, "--json", "--db", database, "--settings", alone])
    assert done["status"] == 0, done["said"]
    return database


def test_a_later_run(victims: Any, held: Path, tuesday: Path, alone: Path, tmp_path: Path) -> None:
    chains = Chains(victims, held, tmp_path, [["run", tuesday, "--json"]], alone)
    chains.kill(IN_EVERY_STAGE)
    assert {stage for stage, _ in chains.kills} >= {"reading articles", "storing passages", "linking", "summaries"}
    chains.kill(chains.fates(2), 50)


def test_removal(victims: Any, held: Path, alone: Path, tmp_path: Path) -> None:
    gone = ["made/report-001.txt", "made/report-013.txt", "made/report-020.txt"]
    chains = Chains(victims, held, tmp_path, [["remove", *gone], ["analyze", "--json"]], alone)
    chains.kill(chains.fates(3), 20)


def test_runs_of_several_processes(victims: Any, monday: Path, together: Path, tmp_path: Path) -> None:
    if not victims.adopts:
        pytest.skip("only Linux gives what killed processes leave behind to another one")
    chains = Chains(victims, None, tmp_path, [["run", monday, "--json"]], together)
    # the first is started to align passages, the second to read attributions
    chains.kill([{"worker": 1}, {"worker": 2}, {"worker": 1, "later": 0.2}, {"worker": 1, "later": 0.1}])
    stages = [stage for stage, _ in chains.kills]
    assert stages[0] in {"joining fingerprints", "aligning passages", "gathering copies"}
    assert stages[1] in {"storing passages", "reading attributions"}
    chains.kill(chains.fates(4, ("moment", "progress", "committed")), 20 - len(stages))


@pytest.fixture(scope="module")
def old(held: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first version of the schema left it, with the articles of `held`."""
    database = tmp_path_factory.mktemp("old") / "old.db"
    with closing(sqlite3.connect(database)) as connection:
        migrations.migrate(connection, None, migrations.STEPS[:1])
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("ATTACH ? AS new", (str(held),))
        with connection:
            for table in ("articles", "versions"):
                connection.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
            connection.execute("INSERT INTO word_search (word_search) VALUES ('rebuild')")
    return database


def test_bringing_an_older_database_up_to_date(
    victims: Any, old: Path, monday: Path, alone: Path, tmp_path: Path
) -> None:
    chains = Chains(victims, old, tmp_path, [["run", monday, "--json"]], alone)
    rng = random.Random(5)
    # of each chain most deaths come while the schema changes, and one later
    early = [{"statement": rng.randint(1, 100)} for _ in range(16)]
    late = [{"statement": 100_000}] * 3
    fates: list[dict[str, Any]] = []
    for number in range(4):
        fates += [*early[number * 4 : number * 4 + 4], {"commit": 1}, {"committed": 1}, {"moment": 0.02}]
        fates += late[:1] if number < 3 else []
    chains.kill(fates)
    assert Counter(stage for stage, _ in chains.kills)["opening"] >= 18
    for kept in tmp_path.glob("*.bak"):
        with closing(sqlite3.connect(kept)) as connection:
            assert migrations.version_of(connection) == 1
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] == chains.rows["current"][0]
    assert list(tmp_path.glob("*.part")) == []
