from __future__ import annotations

import dataclasses
import gzip
import io
import os
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import (
    BinaryInputError,
    EmptyInputError,
    InputError,
    MalformedError,
    TooLargeError,
    UnreadableError,
)
from provenance.ingest.files import list_entries, read_entry, read_stream, sniff
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
PAGE = b"<!DOCTYPE html><html><head><title>Ferry</title></head><body><p>The ferry stayed in port.</p></body></html>"


def read_file(path: Path, chosen: IngestSettings = SETTINGS) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    for entry in list_entries([path]):
        items = read_entry(entry, chosen)
        while True:
            try:
                item = next(items, None)
            except InputError as error:
                found.append(error)
                break
            if item is None:
                break
            found.append(item if isinstance(item, InputError) else item[1])
    return found


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def identities(*paths: Path) -> list[str]:
    return [entry.identity for entry in list_entries(list(paths))]


def test_folders_are_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(("b.txt", "a/z.txt", "a/b/c.txt", ".hidden", ".git/x.txt", "a/.y"), b"x"))
    assert identities(tmp_path) == ["a/b/c.txt", "a/z.txt", "b.txt"]


def test_a_file_given_by_itself_is_called_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.txt": b"x"})
    assert identities(tmp_path / "a" / "b.txt") == ["b.txt"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.txt": b"x"})
    assert identities(tmp_path, tmp_path / "a" / "b.txt", tmp_path) == ["a/b.txt"]


def test_equal_names_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(("one/in/x.txt", "two/in/x.txt", "two/in/y.txt"), b"x"))
    paths = (tmp_path / "one" / "in", tmp_path / "two" / "in")
    wanted = ["one/in/x.txt", "two/in/x.txt", "y.txt"]
    assert identities(*paths) == wanted
    assert identities(*reversed(paths)) == wanted


def test_names_made_longer_do_not_meet_others(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(("p/in/x.txt", "q/on/x.txt", "r/in/x.txt"), b"x"))
    paths = (tmp_path / "p" / "in", tmp_path / "q" / "on", tmp_path / "r")
    found = identities(*paths)
    assert found == ["on/x.txt", "p/in/x.txt", "r/in/x.txt"]
    assert identities(*reversed(paths)) == found


def test_links_to_themselves_are_named(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (error,) = read_file(tmp_path)
    assert isinstance(error, UnreadableError)


def test_a_nul_in_a_name_is_an_error() -> None:
    (error,) = read_file(Path("a\0b"))
    assert isinstance(error, UnreadableError)


def test_loops_of_links_end_and_linked_folders_are_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"data/a.txt": b"x", "outside/b.txt": b"y"})
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data", target_is_directory=True)
    (tmp_path / "data" / "more").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "data" / "again").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "outside" / "back").symlink_to(tmp_path / "data", target_is_directory=True)
    assert identities(tmp_path / "data") == ["a.txt", "again/b.txt"]


def test_what_is_saved_beside_a_page_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"page.html": PAGE, "page_files/a.css": b"a{}", "own_files/a.txt": b"x"})
    assert identities(tmp_path) == ["own_files/a.txt", "page.html"]


def test_dangling_links_and_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    for path in (tmp_path, tmp_path / "missing.txt"):
        (error,) = read_file(path)
        assert isinstance(error, UnreadableError)
        assert error.where.endswith(("gone.txt", "missing.txt"))
        assert "no such file" in str(error)


def test_pipes_in_a_folder_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (error,) = read_file(tmp_path)
    assert isinstance(error, UnreadableError)


def test_a_readme_tells_of_its_folder_and_is_no_article(tmp_path: Path) -> None:
    names = ("README.md", "a/readme", "a.txt", "readme-first.txt")
    write(tmp_path, dict.fromkeys(names, b"About these."))
    assert identities(tmp_path) == ["a.txt", "readme-first.txt"]
    assert identities(tmp_path / "README.md") == ["README.md"]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).write_bytes(b"text")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert identities(tmp_path) == ["caf\\xe9.txt"]


@pytest.mark.parametrize("name", ["a.txt", "a.text", "a", "a.unknown", "a.TXT", "a.2024-05-03"])
def test_texts_are_kept_exactly(tmp_path: Path, name: str) -> None:
    text = "  Ferry stays in port\r\n\r\nThe ferry\u00a0stayed.\r\n"
    write(tmp_path, {name: b"\xef\xbb\xbf" + text.encode()})
    (article,) = read_file(tmp_path / name)
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == (name, text, "Ferry stays in port")


@pytest.mark.parametrize(
    ("name", "data", "ids"),
    [
        ("a.jsonl", b'{"id":1,"text":"x"}\n{"id":2,"text":"y"}', ["1", "2"]),
        ("a.ndjson", b'{"id":1,"text":"x"}', ["1"]),
        ("a.json", b'[{"id":1,"text":"x"}]', ["1"]),
        ("a.csv", b"id;text\n1;x\n", ["1"]),
        ("a.tsv", b"id\ttext\n1\tx\n", ["1"]),
        ("a.html", PAGE, ["a.html"]),
        ("a.htm", PAGE, ["a.htm"]),
        ("a.md", b"# T\n\nText.", ["a.md"]),
        ("lines", b'{"id":1,"text":"x"}\n{"id":2,"text":"y"}', ["1", "2"]),
        ("object", b'{\n"id":1,\n"text":"x"}', ["1"]),
        ("array", b'[\n {"id":1,"text":"x"}]', ["1"]),
        ("table", b"id,title,text\n1,t,x\n", ["1"]),
        ("page", PAGE, ["page"]),
        ("page.txt", PAGE, ["page.txt"]),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_kinds_by_name_and_by_content(tmp_path: Path, name: str, data: bytes, ids: list[str], packed: bool) -> None:
    if packed:
        write(tmp_path, {f"{name}.gz": gzip.compress(data, mtime=0)})
        ids = [f"{identity}.gz" if identity == name else identity for identity in ids]
    else:
        write(tmp_path, {name: data})
    found = read_file(tmp_path)
    assert [item.id for item in found if isinstance(item, Article)] == ids
    assert not [item for item in found if isinstance(item, InputError)]


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("a.txt", b"", EmptyInputError, "empty"),
        ("a.txt", b" \n\t\r\n", EmptyInputError, "white space"),
        ("a.txt", b"\xef\xbb\xbf", EmptyInputError, "white space"),
        ("a.html", b"<html><body><script>x</script></body></html>", EmptyInputError, "no text"),
        ("a.html", b"<!-- -->", EmptyInputError, "page"),
        ("a.txt", b"%PDF-1.4 ...", BinaryInputError, "PDF"),
        ("a.jsonl", b"PK\x03\x04...", BinaryInputError, "ZIP"),
        ("a.txt", gzip.compress(b"text", mtime=0), BinaryInputError, "gzip"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00", BinaryInputError, "JPEG"),
        ("a.txt", b"a\x00b", BinaryInputError, "NUL"),
        ("a.gz", b"no gzip at all", MalformedError, "gzip"),
        ("a.txt.gz", gzip.compress(b"text " * 5000, mtime=0)[:-20], MalformedError, "gzip"),
        ("feed.xml", b"<?xml version='1.0'?><rss><channel/></rss>", EmptyInputError, "feed without entries"),
        ("feeds.opml", b"<?xml version='1.0'?><opml><body/></opml>", MalformedError, "watch"),
        ("map.xml", b"<?xml version='1.0'?><urlset><url/></urlset>", MalformedError, "no feed"),
        ("style.css", b"a { color: red }", InputError, "not an article"),
        ("a.json", b"{", MalformedError, "JSON"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, name: str, data: bytes, error: type[InputError], words: str
) -> None:
    write(tmp_path, {name: data})
    (found,) = read_file(tmp_path / name)
    assert type(found) is error
    assert words in str(found)
    assert found.where == str(tmp_path / name)
    assert found.remedy


def test_a_damaged_gzip_keeps_the_records_before_the_damage(tmp_path: Path) -> None:
    lines = b"".join(b'{"id":%d,"text":"%s"}\n' % (number, os.urandom(40).hex().encode()) for number in range(5000))
    write(tmp_path, {"a.jsonl.gz": gzip.compress(lines, mtime=0)[:-4000]})
    found = read_file(tmp_path)
    assert sum(isinstance(item, Article) for item in found) > 1000
    assert isinstance(found[-1], MalformedError)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a", "a.txt.gz"])
def test_files_beyond_the_limit(tmp_path: Path, name: str) -> None:
    small = dataclasses.replace(SETTINGS, maximum_file_bytes=1000, maximum_page_bytes=1000)
    data = b"word " * 201
    write(tmp_path, {name: gzip.compress(data, mtime=0) if name.endswith(".gz") else data})
    (error,) = read_file(tmp_path, small)
    assert isinstance(error, TooLargeError)
    assert "1,000 bytes" in str(error)
    write(tmp_path, {name: gzip.compress(data[:1000], mtime=0) if name.endswith(".gz") else data[:1000]})
    assert not isinstance(read_file(tmp_path, small)[0], TooLargeError)


def test_a_gzip_of_records_is_bounded(tmp_path: Path) -> None:
    small = dataclasses.replace(SETTINGS, maximum_unpacked_bytes=200_000)
    write(tmp_path, {"a.jsonl.gz": gzip.compress(b'{"id":1,"text":"x"}\n' * 50_000, mtime=0)})
    assert isinstance(read_file(tmp_path, small)[-1], TooLargeError)


class Dripping(io.RawIOBase):
    """A pipe that gives one byte at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    def read(self, size: int = -1) -> bytes:
        given, self._data = self._data[: min(size, 1)], self._data[1:]
        return given


@pytest.mark.parametrize(
    ("data", "identity"), [(b"Some text.", "stdin"), (PAGE, "stdin"), (b'{"id":9,"text":"x"}', "9")]
)
def test_streams_that_drip_are_sniffed_whole(data: bytes, identity: str) -> None:
    pipe: BinaryIO = Dripping(data)  # type: ignore[assignment]
    ((_, article),) = read_stream(pipe, "stdin", "stdin", SETTINGS)  # type: ignore[misc]
    assert article.id == identity


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"Plain words.", "text"),
        (b"[UPDATE] Plain words.", "text"),
        (b"{Plain} words.", "text"),
        (b'"Quoted," he said, and the text of id 5', "text"),
        (b"<3 is a heart", "text"),
        (b"< not a tag", "text"),
        (b"\xef\xbb\xbf<!doctype html>", "html"),
        (b"<!-- a note --><html>", "html"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", "html"),
        (b"<div class='a'>", "html"),
        ('{"id":1,"text":"x"}\n'.encode("utf-16"), "jsonl"),
        (b'{"id":1,"text":"' + b"x" * 70_000, "jsonl"),
        (b"text,id\n", "csv"),
    ],
)
def test_sniffing(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(st.sampled_from('{}[]"<>/!-:, \nidtexhml1&;')).map(str.encode)),
    st.sampled_from([None, "text", "markdown", "html", "jsonl", "json", "csv", "tsv"]),
    st.booleans(),
)
def test_any_bytes_give_articles_or_input_errors(data: bytes, kind: str | None, packed: bool) -> None:
    try:
        items = list(read_stream(io.BytesIO(data), "x", "x", SETTINGS, kind=kind, packed=packed))  # type: ignore[arg-type]
    except InputError:
        return
    for item in items:
        assert isinstance(item, InputError) or item[1].text.encode("utf-8")
