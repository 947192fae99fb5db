from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from provenance.errors import LockedDatabaseError, StoreError
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import Store
from provenance.store.turns import Turn, in_turn

IMPATIENT = StoreSettings(turn_seconds=0.0)
ROOT = str(Path(__file__).parents[2])


def _beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file != path)


def test_one_has_it_and_the_next_says_who(path: Path) -> None:
    one, two = Turn(path, StoreSettings()), Turn(path, IMPATIENT)
    with one.taken():
        with pytest.raises(LockedDatabaseError) as raised, two.taken():
            pass
        assert f"process {os.getpid()}" in raised.value.what
        assert "turn_seconds" in raised.value.remedy
        assert raised.value.where == str(path)
    with two.taken():
        pass
    assert _beside(path) == []


def test_it_may_be_nested_and_is_given_back_after_an_error(path: Path) -> None:
    one, two = Turn(path, IMPATIENT), Turn(path, IMPATIENT)
    with one.taken():
        with pytest.raises(ZeroDivisionError), one.taken():
            raise ZeroDivisionError
        with pytest.raises(LockedDatabaseError), two.taken():
            pass
    with pytest.raises(ZeroDivisionError), one.taken():
        raise ZeroDivisionError
    with two.taken():
        pass


def test_a_second_one_waits_and_is_told_so_once(path: Path) -> None:
    one, two = Turn(path, StoreSettings()), Turn(path, StoreSettings())
    told: list[str] = []
    release = threading.Event()

    def waiting() -> None:
        told.append("waiting")
        release.set()

    with one.taken():
        second = threading.Thread(target=lambda: _take(two, told, waiting))
        second.start()
        assert release.wait(30)
        told.append("given back")
    second.join()
    assert told == ["waiting", "given back", "taken"]


def _take(turn: Turn, told: list[str], waiting: object) -> None:
    with turn.taken(waiting):  # type: ignore[arg-type]
        told.append("taken")


def test_many_take_it_in_turn(path: Path) -> None:
    # each reads a number, waits, and writes the next one: two at once would lose one
    count = path.with_name("count")
    count.write_text("0")

    def work() -> None:
        turn = Turn(path, StoreSettings(retry_seconds=0.001))
        for _ in range(20):
            with turn.taken():
                number = int(count.read_text())
                count.write_text(str(number + 1))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.read_text() == "80"
    assert _beside(path) == ["count"]


def test_it_ends_with_the_process(path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from provenance.settings import StoreSettings
from provenance.store.turns import Turn
with Turn(Path(sys.argv[1]), StoreSettings()).taken():
    os._exit(9)
"""
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": ROOT}, check=False)
    assert done.returncode == 9
    assert _beside(path) == ["collection.db-turn"]
    with Turn(path, IMPATIENT).taken():
        pass
    assert _beside(path) == []


def test_a_folder_that_is_gone_is_named(path: Path) -> None:
    turn = Turn(path.parent / "none" / "a.db", IMPATIENT)
    with pytest.raises(StoreError) as raised, turn.taken():
        pass
    assert "none" in raised.value.where
    assert raised.value.remedy


def test_articles_are_added_and_deleted_in_turn(store: Store) -> None:
    store.add_articles([Article("a", "text")])
    with Store(store.path, IMPATIENT) as other, store.working():
        with pytest.raises(LockedDatabaseError):
            other.add_articles([Article("b", "text")])
        with pytest.raises(LockedDatabaseError):
            other.delete_articles(["a"])
        assert other.article_ids() == ["a"]
        assert store.delete_articles(["a"]) == 1
    assert store.article_ids() == []


def test_a_method_that_waits_tells_its_progress(path: Path) -> None:
    class Owner:
        def __init__(self) -> None:
            self.store = Store(path, StoreSettings(turn_seconds=0.01))

        @in_turn
        def work(self, number: int, progress: object = None) -> int:
            """Work."""
            return number

    owner = Owner()
    told: list[tuple[str, float]] = []
    assert owner.work(3) == 3
    with Turn(path, StoreSettings()).taken(), pytest.raises(LockedDatabaseError):
        owner.work(3, progress=lambda *given: told.append(given))
    assert told == [("waiting for another program", 0.0)]
    assert owner.work.__doc__ == "Work."
    owner.store.close()
