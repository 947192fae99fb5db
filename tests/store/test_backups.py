"""A backup is a whole copy of one moment, or there is none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from provenance.cli import main
from provenance.errors import StoreError
from provenance.model import Article
from provenance.settings import StoreSettings
from provenance.store import Store, backups
from provenance.store.backups import backup
from provenance.store.checks import reading

SETTINGS = StoreSettings(backup_pages=3)


def articles(first: int, last: int) -> list[Article]:
    return [Article(f"{number:03}.txt", f"Text number {number}. " * 40, title="T") for number in range(first, last)]


@pytest.fixture
def filled(path: Path) -> Path:
    with Store(path, SETTINGS) as store:
        store.add_articles(articles(0, 40))
    return path


def held(path: Path) -> list[Article]:
    with Store(path, SETTINGS, create=False) as store:
        return list(store.articles())


@pytest.mark.parametrize("compact", [False, True])
def test_a_backup_holds_everything(filled: Path, tmp_path: Path, compact: bool) -> None:
    target = tmp_path / "copy.db"
    told: list[tuple[str, float]] = []
    with reading(filled, SETTINGS) as store:
        made = backup(store, target, compact=compact, progress=lambda stage, share: told.append((stage, share)))
    assert made == target
    assert held(target) == articles(0, 40)
    assert sorted(path.name for path in tmp_path.iterdir() if "part" in path.name) == []
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["copying the database", "checking the copy"]
    shares = [share for stage, share in told if stage == "copying the database"]
    assert shares == sorted(shares)
    if not compact:
        assert shares[-1] == 1.0
        assert len(shares) > 5


def test_a_compact_backup_is_smaller(filled: Path, tmp_path: Path) -> None:
    with Store(filled, SETTINGS) as store:
        store.delete_articles(article.id for article in articles(5, 40))
        plain, compact = (
            backup(store, tmp_path / f"{compact}.db", compact=compact).stat().st_size for compact in (False, True)
        )
    assert compact < plain
    assert held(tmp_path / "True.db") == held(tmp_path / "False.db") == articles(0, 5)


def test_others_write_meanwhile_and_the_backup_is_of_one_moment(filled: Path, tmp_path: Path) -> None:
    writing = Store(filled, SETTINGS)
    added = iter(range(100, 1000))

    def write(stage: str, share: float) -> None:
        if stage == "copying the database":
            number = next(added)
            writing.add_articles(articles(number, number + 1))

    with writing, reading(filled, SETTINGS) as store:
        backup(store, tmp_path / "copy.db", progress=write)
    assert next(added) > 110
    assert held(tmp_path / "copy.db") == articles(0, 40)
    assert len(held(filled)) > 50


def test_restoring_is_copying_back(filled: Path, tmp_path: Path) -> None:
    with reading(filled, SETTINGS) as store:
        backup(store, tmp_path / "copy.db")
    with Store(filled, SETTINGS) as store:
        store.delete_articles(["000.txt"])
    shutil.copy(tmp_path / "copy.db", filled)
    assert held(filled) == articles(0, 40)
    with Store(filled, SETTINGS) as store:
        assert store.add_articles(articles(40, 41)).added == 1
        assert [hit.document for hit in store.search("number 39")] == ["039.txt"]


# refusals -----------------------------------------------------------------------------------------------------------


def test_a_file_is_replaced_only_when_asked(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine", encoding="utf-8")
    with reading(filled, SETTINGS) as store:
        with pytest.raises(StoreError, match="there is such a file already"):
            backup(store, target)
        assert target.read_text(encoding="utf-8") == "mine"
        backup(store, target, replace=True)
    assert held(target) == articles(0, 40)


def test_the_database_itself_is_no_target(filled: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.hardlink_to(filled)
    before = filled.read_bytes()
    with reading(filled, SETTINGS) as store:
        for target in (filled, link):
            with pytest.raises(StoreError, match="the database itself"):
                backup(store, target, replace=True)
    assert filled.read_bytes() == before


def test_a_database_in_use_is_no_target(filled: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "other.db", SETTINGS) as other:
        other.add_articles(articles(7, 8))
        with reading(filled, SETTINGS) as store, pytest.raises(StoreError, match=r"in use.*other\.db-wal"):
            backup(store, other.path, replace=True)
        assert other.article_ids() == ["007.txt"]


def test_a_folder_and_a_missing_one_are_no_targets(filled: Path, tmp_path: Path) -> None:
    with reading(filled, SETTINGS) as store:
        with pytest.raises(StoreError, match="this is a folder"):
            backup(store, tmp_path, replace=True)
        with pytest.raises(StoreError, match="its folder is not there"):
            backup(store, tmp_path / "none" / "copy.db")
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(StoreError, match="this is no file"):
            backup(store, tmp_path / "pipe", replace=True)


def test_no_room_is_said_before_anything_is_written(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: usage(10, 10, 1000))
    with (
        reading(filled, SETTINGS) as store,
        pytest.raises(StoreError, match=r"the copy takes .* MB, and 0.0 MB") as caught,
    ):
        backup(store, tmp_path / "copy.db")
    assert "free some space" in caught.value.remedy
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of file sizes are those of Unix")
@pytest.mark.parametrize("compact", [False, True])
def test_a_disk_that_is_full_in_the_middle_leaves_nothing(filled: Path, tmp_path: Path, compact: bool) -> None:
    import resource
    import signal

    target = tmp_path / "copy.db"
    target.write_text("before", encoding="utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with reading(filled, SETTINGS) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (filled.stat().st_size // 2, before[1]))
            with pytest.raises(StoreError) as caught:
                backup(store, target, replace=True, compact=compact)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert "free" in caught.value.remedy
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    assert target.read_text(encoding="utf-8") == "before"
    assert held(filled) == articles(0, 40)


def test_a_backup_that_is_stopped_leaves_nothing(filled: Path, tmp_path: Path) -> None:
    def stop(_stage: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with reading(filled, SETTINGS) as store, pytest.raises(KeyboardInterrupt):
        backup(store, tmp_path / "copy.db", progress=stop)
    assert not list(tmp_path.glob("copy*"))


def test_what_a_killed_backup_left_is_replaced(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db.part").write_bytes(b"half a copy")
    with reading(filled, SETTINGS) as store:
        backup(store, tmp_path / "copy.db")
    assert held(tmp_path / "copy.db") == articles(0, 40)
    assert not (tmp_path / "copy.db.part").exists()


def test_a_damaged_database_gives_no_backup(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'versions'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(filled.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    filled.write_bytes(content)
    with reading(filled, SETTINGS) as store, pytest.raises(StoreError, match="the copy is damaged") as caught:
        backup(store, tmp_path / "copy.db")
    assert "provenance check" in caught.value.remedy
    assert not list(tmp_path.glob("copy*"))


# the command --------------------------------------------------------------------------------------------------------


def test_the_command(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    arguments = ["backup", str(target), "--db", str(filled)]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("copied to ")
    assert held(target) == articles(0, 40)
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 4
    assert "use `--force`" in again.stderr
    assert CliRunner().invoke(main, [*arguments, "--force", "--compact"]).exit_code == 0


def test_the_command_without_a_database(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["backup", str(tmp_path / "copy.db"), "--db", str(tmp_path / "none.db")])
    assert done.exit_code == 5
    assert list(tmp_path.iterdir()) == []
