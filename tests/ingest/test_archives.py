"""Web archives: what is taken of them, and that what is damaged costs no more than itself."""

from __future__ import annotations

import gzip
import io
import random
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.corpus import Corpus
from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.ingest import Captures, Meter, read
from provenance.ingest.archives import page_id, read_archive
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
HTTP = "application/http; msgtype=response"


def record(
    address: str,
    block: bytes,
    kind: str = "response",
    content: str = HTTP,
    date: str = "2024-01-02T03:04:05Z",
    more: str = "",
) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: {date}\r\n"
        f"WARC-Target-URI: {address}\r\nContent-Type: {content}\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(body: bytes, more: str = "", status: int = 200, content: str = "text/html; charset=utf-8") -> bytes:
    return f"HTTP/1.1 {status} OK\r\nContent-Type: {content}\r\n{more}\r\n".encode() + body


def page(words: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Port</title>{head}</head><body><p>{words}</p></body></html>".encode()


def story(number: int) -> str:
    return f"Ferry number {number} stayed in the port of Veld because of the storm."


def stories(count: int) -> list[bytes]:
    return [record(f"https://veld.example/{number}", response(page(story(number)))) for number in range(count)]


def items_of(
    data: bytes,
    *,
    packed: bool = False,
    size: int = 0,
    chosen: IngestSettings = SETTINGS,
    captures: Captures | None = None,
) -> list[Article | InputError]:
    found: list[Article | InputError] = []
    items = read_archive(io.BytesIO(data), "crawl", chosen, packed=packed, size=size, captures=captures)
    try:
        found.extend(item if isinstance(item, InputError) else item[1] for item in items)
    except InputError as error:
        found.append(error)
    return found


def ids_of(items: Sequence[Article | InputError]) -> list[str]:
    return [item.id for item in items if isinstance(item, Article)]


def errors_of(items: Sequence[Article | InputError]) -> list[InputError]:
    return [item for item in items if isinstance(item, InputError)]


RECORDS = [
    record("", b"software: test\r\n", "warcinfo", "application/warc-fields"),
    *stories(3),
    record("https://veld.example/1", b"HTTP/1.1 200 OK\r\n\r\n", "revisit"),
]
PLAIN = b"".join(RECORDS)
PACKED = b"".join(gzip.compress(each, mtime=0) for each in RECORDS)
WHOLE = gzip.compress(PLAIN, mtime=0)
PAGES = [f"https://veld.example/{number}" for number in range(3)]


@pytest.mark.parametrize(("data", "packed"), [(PLAIN, False), (PACKED, True), (WHOLE, True)])
def test_pages_are_read_plain_packed_by_record_and_packed_as_a_whole(data: bytes, packed: bool) -> None:
    items = items_of(data, packed=packed)
    assert ids_of(items) == PAGES
    assert not errors_of(items)
    first = items[0]
    assert isinstance(first, Article)
    assert (first.text, first.title, first.url) == (story(0), "Port", PAGES[0])
    assert first.published is None, "the day of a crawl is no day of publication"


def test_gzip_members_need_not_end_with_records() -> None:
    parts = [PLAIN[start : start + 300] for start in range(0, len(PLAIN), 300)]
    assert ids_of(items_of(b"".join(map(gzip.compress, parts)), packed=True)) == PAGES
    assert ids_of(items_of(PACKED + bytes(1000), packed=True)) == PAGES, "tapes are padded"


# what is taken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        (record("https://a.example/x", response(page("A word."), status=404)), False),
        (record("https://a.example/x", response(page("A word."), status=304)), False),
        (record("https://a.example/x", response(b"body {}", content="text/css")), False),
        (record("https://a.example/x", response(page("A word."), content="application/xhtml+xml")), True),
        (record("https://a.example/x", page("A word."), "resource", "text/html"), True),
        (record("https://a.example/x", b"a\tb", "resource", "text/csv"), False),
        (record("https://a.example/x", b"A word said in the port.", "conversion", "text/plain"), True),
        (record("https://a.example/x", b"GET / HTTP/1.1\r\n\r\n", "request"), False),
        (record("dns:a.example", response(page("A word."))), False),
        (record("<https://a.example/x>", response(page("A word."))), True),
    ],
)
def test_which_records_are_read(data: bytes, taken: bool) -> None:
    items = items_of(data)
    if taken:
        assert ids_of(items) == ["https://a.example/x"]
    else:
        assert [type(item) for item in items] == [EmptyInputError]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTPS://Veld.Example:443/A?b=C#d", "https://veld.example/A?b=C"),
        ("http://veld.example", "http://veld.example/"),
        ("http://veld.example:8080/", "http://veld.example:8080/"),
        ("http://[2001:db8::1]:80/x", "http://[2001:db8::1]/x"),
        ("http://user@veld.example/", None),
        ("ftp://veld.example/", None),
        ("http://veld.example:port/", None),
        ("http://[::1/", None),
        ("https://veld.example/a b", None),
        ("", None),
    ],
)
def test_the_address_of_a_page_is_its_id(address: str, expected: str | None) -> None:
    assert page_id(address) == expected


def test_a_canonical_link_to_another_house_is_a_credit_since_the_own_address_is_known() -> None:
    link = '<link rel="canonical" href="https://other-paper.example/story">'
    items = items_of(record("https://veld.example/x", response(page(story(1), link))))
    assert isinstance(items[0], Article)
    assert [(credit.kind, credit.url) for credit in items[0].credits] == [
        ("canonical", "https://other-paper.example/story")
    ]
    assert items[0].url == "https://veld.example/x"


def test_the_servers_word_on_the_encoding_is_heard() -> None:
    body = page("Шторм задержал паром в порту, сообщили рыбаки.").decode().encode("koi8-r")
    items = items_of(record("https://veld.example/x", response(body, content="text/html; charset=KOI8-R")))
    assert isinstance(items[0], Article)
    assert items[0].text.startswith("Шторм задержал")


# how responses are packed -------------------------------------------------------------------------------------------


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("more", "body"),
    [
        ("Transfer-Encoding: chunked\r\n", chunked(page(story(1)))),
        ("Transfer-Encoding: chunked\r\n", page(story(1))),
        ("Content-Encoding: gzip\r\n", gzip.compress(page(story(1)), mtime=0)),
        ("Content-Encoding: gzip\r\n", page(story(1))),
        ("Content-Encoding: deflate\r\n", zlib.compress(page(story(1)))),
        ("Content-Encoding: deflate\r\n", raw_deflate(page(story(1)))),
        ("Content-Encoding: deflate\r\n", page(story(1))),
        ("content-encoding: X-GZIP\r\nTRANSFER-ENCODING: Chunked\r\n", chunked(gzip.compress(page(story(1)), mtime=0))),
    ],
)
def test_bodies_are_unpacked(more: str, body: bytes) -> None:
    items = items_of(record("https://a.example/x", response(body, more)))
    assert [item.text for item in items if isinstance(item, Article)] == [story(1)]


@pytest.mark.parametrize(
    ("more", "body", "what"),
    [
        ("Transfer-Encoding: chunked\r\n", chunked(page(story(1)))[:-20], "chunks are cut off"),
        ("Content-Encoding: gzip\r\n", gzip.compress(page(story(1)), mtime=0)[:-20], "packed body is cut off"),
        (
            "Content-Encoding: gzip\r\n",
            gzip.compress(page(story(1)), mtime=0)[:12] + b"\xff" * 40,
            "packed body is damaged",
        ),
        ("Content-Encoding: br\r\n", b"\x0b\x02\x80", "packed as 'br'"),
        ("Content-Encoding: gzip, gzip, gzip\r\n", b"", "packed over and over"),
        ("X-No-End: yes\r", b"", "no HTTP response"),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_named(more: str, body: bytes, what: str) -> None:
    items = items_of(record("https://a.example/x", response(body, more)) + b"".join(stories(1)))
    (error,) = errors_of(items)
    assert isinstance(error, MalformedError)
    assert what in error.what
    assert error.where == "crawl, record 1 at byte 0 (https://a.example/x)"
    assert ids_of(items) == ["https://veld.example/0"]


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    small = replace(SETTINGS, maximum_page_bytes=100_000)
    bomb = gzip.compress(bytes(3_000_000), mtime=0)
    for body in (bomb, gzip.compress(bomb, mtime=0)):
        twice = "Content-Encoding: gzip, gzip\r\n" if body != bomb else "Content-Encoding: gzip\r\n"
        items = items_of(record("https://a.example/x", response(body, twice)) + b"".join(stories(1)), chosen=small)
        assert [type(error) for error in errors_of(items)] == [TooLargeError]
        assert ids_of(items) == ["https://veld.example/0"]
    large = record("https://a.example/x", response(page("word " * 60_000)))
    items = items_of(gzip.compress(large, mtime=0) + gzip.compress(stories(1)[0], mtime=0), packed=True, chosen=small)
    assert [type(error) for error in errors_of(items)] == [TooLargeError]
    assert ids_of(items) == ["https://veld.example/0"]
    whole = replace(SETTINGS, maximum_unpacked_bytes=1_000_000)
    items = items_of(gzip.compress(stories(1)[0], mtime=0) + bomb, packed=True, chosen=whole)
    assert ids_of(items) == ["https://veld.example/0"]
    assert "maximum_unpacked_bytes" in errors_of(items)[-1].what


@pytest.mark.parametrize("flood", [b"\r\n" * 200_000, b"x" * 400_000, b"WARC/1.1\r\n" * 3000, b"a: b\r\n" * 60_000])
def test_floods_are_passed_over(flood: bytes) -> None:
    for data in (flood, b"WARC/1.1\r\n" + flood):
        items = items_of(data + b"\r\n" + b"".join(stories(2)))
        assert ids_of(items)[-1:] == ["https://veld.example/1"] or "places" in errors_of(items)[-1].what


# damage -------------------------------------------------------------------------------------------------------------


# texts, which cost nothing to read, in place of pages
LIGHT = [
    RECORDS[0],
    *(record(address, story(number).encode(), "conversion", "text/plain") for number, address in enumerate(PAGES)),
    RECORDS[-1],
]
LIGHT_PLAIN = b"".join(LIGHT)
LIGHT_PACKED = b"".join(gzip.compress(each, mtime=0) for each in LIGHT)
LIGHT_WHOLE = gzip.compress(LIGHT_PLAIN, mtime=0)


@pytest.mark.parametrize(("data", "packed"), [(LIGHT_PLAIN, False), (LIGHT_PACKED, True), (LIGHT_WHOLE, True)])
def test_cut_off_anywhere_it_gives_what_comes_before_and_one_error(data: bytes, packed: bool) -> None:
    for end in range(len(data)):
        for size in (0,) if packed else (0, end):
            items = items_of(data[:end], packed=packed, size=size)
            found = ids_of(items)
            assert found == PAGES[: len(found)], end
            assert len(items) - len(found) <= 1, end


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


def test_a_damaged_gzip_member_costs_its_own_record_only() -> None:
    for place in range(len(LIGHT_PACKED)):
        items = items_of(flipped(LIGHT_PACKED, place), packed=True)
        found = ids_of(items)
        assert set(found) <= set(PAGES), place
        assert len(found) >= len(PAGES) - 1, place
        assert len(found) == len(PAGES) or errors_of(items), place


def test_a_damaged_byte_of_a_plain_file_costs_one_record_at_most() -> None:
    for place in range(len(LIGHT_PLAIN)):
        items = items_of(flipped(LIGHT_PLAIN, place), size=len(LIGHT_PLAIN))
        assert len(set(ids_of(items)) & set(PAGES)) >= len(PAGES) - 1, place


def test_a_crawler_that_was_killed_and_went_on_loses_the_page_it_was_at() -> None:
    first, *others = LIGHT[1:4]
    for end in range(len(first)):
        items = items_of(first[:end] + b"".join(others))
        assert ids_of(items)[-2:] == PAGES[1:], end
        assert set(ids_of(items)) <= set(PAGES), end
    member = gzip.compress(first, mtime=0)
    for end in range(10, len(member)):
        items = items_of(member[:end] + b"".join(gzip.compress(each, mtime=0) for each in others), packed=True)
        assert ids_of(items) == PAGES[1:], end
        assert errors_of(items), end


def test_no_altered_text_comes_out_of_damaged_members_of_many_pieces() -> None:
    chance = random.Random(5)
    texts = ["".join(chance.choices("abcdefgh ", k=length)) for length in (70_000, 140_000, 400)]
    members = [
        gzip.compress(record(address, text.encode(), "conversion", "text/plain"), mtime=0)
        for address, text in zip(PAGES, texts, strict=True)
    ]
    data = b"".join(members)
    for _ in range(120):
        place = chance.randrange(len(data) - len(members[-1]))
        items = items_of(flipped(data, place), packed=True)
        for item in items:
            assert isinstance(item, InputError) or item.text == texts[PAGES.index(item.id)], place
        assert PAGES[-1] in ids_of(items), place
    for end in range(len(members[0]) - 12, len(members[0])):
        items = items_of(members[0][:end] + members[2], packed=True)
        assert ids_of(items) == [PAGES[-1]], end


def test_the_error_names_file_record_and_offset() -> None:
    first = gzip.compress(LIGHT[0], mtime=0)
    (error,) = errors_of(items_of(flipped(LIGHT_PACKED, len(first) + 40), packed=True))
    assert error.where == f"crawl, record 2 at byte {len(first)}"
    assert error.remedy


def test_a_file_of_damage_is_given_up() -> None:
    items = items_of(b"WARC/1.1\r\nWARC-Type: response\r\n\r\n" * 50, chosen=replace(SETTINGS, archive_damage=20))
    assert len(items) == 22
    assert "damaged in more than 20 places" in errors_of(items)[-1].what


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_named(data: bytes, packed: bool) -> None:
    for given_bytes in (
        data,
        LIGHT_PLAIN[:500] + data + LIGHT_PLAIN[500:],
        LIGHT_PACKED[:300] + data + LIGHT_PACKED[300:],
    ):
        for item in items_of(given_bytes, packed=packed):
            assert isinstance(item, Article | InputError)


@given(st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=4), st.integers(1, 4000))
@settings(max_examples=40, deadline=None)
def test_what_was_packed_comes_out(texts: list[str], piece: int) -> None:
    texts = [f"Said in port: {''.join(char for char in text if char.isprintable())} end" for text in texts]
    texts = [text.replace("<", "").replace("&", "") for text in texts]
    records = [
        record(f"https://veld.example/{number}", text.encode(), "conversion", "text/plain")
        for number, text in enumerate(texts)
    ]

    class Slowly(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(piece, size if size is not None and size > 0 else piece))

    for data, packed in ((b"".join(records), False), (b"".join(map(gzip.compress, records)), True)):
        items = list(read_archive(cast("BinaryIO", Slowly(data)), "crawl", SETTINGS, packed=packed))
        assert [item[1].text for item in items if not isinstance(item, InputError)] == texts


# versions -----------------------------------------------------------------------------------------------------------


def capture(words: str, date: str) -> bytes:
    return record("https://veld.example/x", response(page(words)), date=date)


OLD = capture("The ferry is expected at noon, the port said.", "2024-01-01T00:00:00Z")
NEW = capture("The ferry was cancelled, the port said.", "2024-01-02T00:00:00Z")


def test_later_texts_of_a_page_are_versions_of_one_article(tmp_path: Path) -> None:
    (tmp_path / "crawl.warc").write_bytes(OLD + NEW)
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add([tmp_path / "crawl.warc"])
        assert "cancelled" in corpus.article("https://veld.example/x").text
        assert [version.number for version in corpus.store.versions("https://veld.example/x")] == [1, 2]
        again = corpus.add([tmp_path / "crawl.warc"])
        assert (again.counts.added, again.counts.changed, again.counts.unchanged) == (0, 0, 1)


def test_an_older_text_never_replaces_a_newer_one(tmp_path: Path) -> None:
    (tmp_path / "b-new.warc").write_bytes(NEW)
    (tmp_path / "c-old.warc").write_bytes(OLD)
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add([tmp_path / "b-new.warc", tmp_path / "c-old.warc"])
        assert len(corpus.store.versions("https://veld.example/x")) == 1
        corpus.add([tmp_path / "c-old.warc"])
        assert "cancelled" in corpus.article("https://veld.example/x").text
        corpus.remove(["https://veld.example/x"])
        corpus.add([tmp_path / "c-old.warc"])
        assert "expected" in corpus.article("https://veld.example/x").text


# files --------------------------------------------------------------------------------------------------------------


def test_archives_are_found_in_folders_and_on_standard_input(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(PACKED)
    (tmp_path / "b.txt").write_text("A text of its own.")
    meter = Meter()
    found, shares = [], []
    for item in read([tmp_path], SETTINGS, meter=meter):
        found.append(item)
        shares.append(meter.share)
    assert ids_of(found) == [*PAGES, "b.txt"]
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert ids_of(list(read(["-"], SETTINGS, stdin=io.BytesIO(PLAIN)))) == PAGES


def test_an_archive_of_pictures_says_what_was_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record("https://a.example/x.png", response(b"\x89PNG", content="image/png")))
    (error,) = list(read([tmp_path / "a.warc"], SETTINGS))
    assert isinstance(error, EmptyInputError)
    assert "1 of other kinds" in error.what
