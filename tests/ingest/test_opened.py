"""Files that are changed while they are read."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from provenance.errors import BinaryInputError, InputError, UnreadableError
from provenance.ingest import files, read
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings(sniff_bytes=1024)
OLD = "old words " * 2000
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")


def records(count: int, word: str = "old") -> bytes:
    rows = ({"id": f"{word}{number}", "text": f"{word} words " * 100} for number in range(count))
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def write(path: Path, content: bytes) -> None:
    """Write to a file at another time than it was written to before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_bytes(content)
    if path.stat().st_mtime_ns == before:
        os.utime(path, ns=(before + 1, before + 1))


def replace(path: Path) -> None:
    path.with_name("new").write_bytes(b"new words " * 500)
    path.with_name("new").replace(path)


CHANGES: dict[str, Callable[[Path], None]] = {
    "grows": lambda path: write(path, path.read_bytes() + b"new words"),
    "shrinks": lambda path: write(path, path.read_bytes()[:5000]),
    "is written anew": lambda path: write(path, b"new words " * 2000),
    "is emptied": lambda path: write(path, b""),
}
HARMLESS: dict[str, Callable[[Path], None]] = {
    "is deleted": Path.unlink,
    "is replaced": replace,
}


def change_within(monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[Path], None]) -> None:
    """Have a file changed when its first bytes have been read and the others not."""
    head = files._head

    def changing(stream: object, wanted: int) -> bytes:
        found = head(stream, wanted)  # type: ignore[arg-type]
        if path.exists():
            change(path)
        return found

    monkeypatch.setattr(files, "_head", changing)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_a_mixture_is_never_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    path.write_text(OLD)
    change_within(monkeypatch, path, change)
    (error,) = read([path], SETTINGS)
    assert isinstance(error, UnreadableError)
    assert "changed while it was read" in error.what
    assert error.where == str(path)
    assert error.remedy


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_is_deleted_or_replaced_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(OLD)
    change_within(monkeypatch, path, change)
    (article,) = read([path], SETTINGS)
    assert isinstance(article, Article)
    assert article.text.strip() == OLD.strip()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.jsonl.gz"])
def test_records_before_a_change_are_kept_and_none_is_mixed(
    tmp_path: Path, change: Callable[[Path], None], name: str
) -> None:
    path = tmp_path / name
    plain = records(400)
    if name == "a.csv":
        plain = b"id,text\n" + b"".join(b"old%d,%s\n" % (number, b"old words " * 100) for number in range(400))
    # not packed smaller than what is read at a time
    path.write_bytes(gzip.compress(plain, compresslevel=0, mtime=0) if name.endswith(".gz") else plain)
    found = []
    for item in read([path], SETTINGS):
        found.append(item)
        if len(found) == 3:
            change(path)
    *articles, error = found
    assert isinstance(error, UnreadableError)
    assert "changed while it was read" in error.what
    assert 3 <= len(articles) < 400
    assert articles == [Article(f"old{number}", "old words " * 100) for number in range(len(articles))]


def test_what_had_been_read_before_the_change_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(records(3))
    found = []
    for item in read([path], IngestSettings()):
        found.append(item)
        if len(found) == 1:
            write(path, b"")
    assert [item.id for item in found if isinstance(item, Article)] == ["old0", "old1", "old2"]
    assert len(found) == 3


def test_a_text_that_changes_after_it_was_given_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(OLD)
    found = []
    for item in read([path], SETTINGS):
        found.append(item)
        write(path, b"new")
    assert len(found) == 1
    assert isinstance(found[0], Article)


@pytest.mark.parametrize("becomes", ["folder", "pipe", "nothing"])
def test_a_file_that_is_something_else_when_its_turn_comes(tmp_path: Path, becomes: str) -> None:
    if becomes == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with names")
    (tmp_path / "a.txt").write_text("first")
    other = tmp_path / "b.txt"
    other.write_text("second")
    found: list[Article | InputError] = []
    for item in read([tmp_path], IngestSettings(pipe_seconds=1000.0)):
        found.append(item)
        if len(found) == 1:
            other.unlink()
            if becomes == "folder":
                other.mkdir()
            elif becomes == "pipe":
                os.mkfifo(other)
    assert isinstance(found[0], Article)
    assert isinstance(found[1], UnreadableError)
    assert found[1].where == str(other)


def test_a_database_in_use_is_not_opened(tmp_path: Path) -> None:
    # closing it again would drop the locks that this process holds on it
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (x)")
        (tmp_path / "b.txt").write_text("text")
        found = list(read([tmp_path], SETTINGS))
        other = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM t'); c.close()"
        subprocess.run([sys.executable, "-c", other, str(tmp_path / "a.db")], check=True)
        assert (tmp_path / "a.db-wal").exists()
    assert [type(item) for item in found] == [BinaryInputError] * 3 + [Article]
    (error, _) = read([tmp_path], SETTINGS)
    assert "SQLite" in str(error)


@needs_pipes
def test_a_pipe_that_nobody_writes_to_is_not_waited_for_without_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    (error,) = read([path], IngestSettings(pipe_seconds=0.01))
    assert isinstance(error, UnreadableError)
    assert "pipe_seconds" in error.remedy


@needs_pipes
def test_a_pipe_is_waited_for_and_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)

    def fill() -> None:
        with path.open("wb", buffering=0) as pipe:
            for _ in range(3):
                # a reader that did not wait would take the pause for the end, or for an error
                time.sleep(0.02)
                pipe.write(b"words ")

    writer = threading.Thread(target=fill)
    writer.start()
    (article,) = read([path], IngestSettings())
    writer.join()
    assert isinstance(article, Article)
    assert article.text.strip() == "words words words"
