"""A clock that goes backwards, within a run and between runs: the rows are the same, and nothing waits for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def test_the_clock_goes_backwards(victims: Any, monday: Path, tuesday: Path, together: Path, tmp_path: Path) -> None:
    rows = []
    for number, name in enumerate(["right", "wrong"]):
        database = tmp_path / f"{name}.db"
        ends = ["--db", database, "--settings", together]
        # behind the first run the clock is turned back once more: each process starts at the present time
        for run, folder in enumerate([monday, tuesday]):
            clock = {"clock": run} if number else {}
            done = victims.run(["run", folder, "--json", *ends], database=database, **clock)
            assert done["status"] == 0, done["said"]
            assert done["wrong"] == []
        rows.append(victims.dump(database, together))
    assert rows[0] == rows[1]
    with closing(sqlite3.connect(tmp_path / "wrong.db")) as connection:
        wrong = [row[0] for row in connection.execute("SELECT added FROM versions ORDER BY version_id")]
    # it was turned back
    assert wrong != sorted(wrong)
