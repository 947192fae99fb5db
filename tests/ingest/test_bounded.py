"""What bounds the cost of one input: errors listed, records that fail in a row, attributes of a tag."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from provenance.errors import InputError, MalformedError, TooLargeError
from provenance.ingest import read
from provenance.ingest.bounded import few_attributes, listed
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = replace(IngestSettings(), maximum_listed_errors=3, maximum_errors_in_a_row=10)
BAD = InputError("bad", where="x, line 1", remedy="mend it")


def test_errors_behind_the_first_are_counted() -> None:
    found = list(listed([BAD, "a", BAD, BAD, "b", BAD, BAD], "x", SETTINGS))
    assert found[:-1] == [BAD, "a", BAD, BAD, "b"]
    assert isinstance(found[-1], InputError)
    assert "2 more records" in str(found[-1])


def test_a_file_without_many_errors_is_as_it_was() -> None:
    items = ["a", BAD, "b", BAD, BAD]
    assert list(listed(items, "x", SETTINGS)) == items


def test_errors_in_a_row_end_a_file_and_what_came_before_is_kept() -> None:
    def items() -> Iterator[object]:
        yield "a"
        while True:
            yield BAD

    taken: list[object] = []
    with pytest.raises(TooLargeError, match="10 records in a row"):
        taken.extend(listed(items(), "x", SETTINGS))
    assert taken[0] == "a"
    assert "7 more records" in str(taken[-1])


def test_what_ends_a_file_comes_behind_the_count() -> None:
    def items() -> Iterator[object]:
        yield from [BAD] * 5
        raise MalformedError("broken off", where="x")

    taken: list[object] = []
    with pytest.raises(MalformedError, match="broken off"):
        taken.extend(listed(items(), "x", SETTINGS))
    assert "2 more records" in str(taken[-1])


def test_a_field_without_end_is_no_error_for_each_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,text\na,"' + b"x\n" * 40_000 + b'"\nb,fine\n')
    limits = replace(IngestSettings(), maximum_record_bytes=1000, maximum_listed_errors=3)
    found = list(read([path], limits))
    assert len(found) == 4
    assert all(isinstance(item, InputError) for item in found)
    assert "more records" in str(found[-1])


def test_a_gzip_bomb_ends_at_its_ratio_and_not_before(tmp_path: Path) -> None:
    limits = replace(IngestSettings(), maximum_file_bytes=100_000)
    record = b'{"id": "a", "text": "The port was closed."}\n'
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(record + b"\n" * 3_000_000, mtime=0))
    (tmp_path / "small.jsonl.gz").write_bytes(gzip.compress(record.replace(b'"a"', b'"b"') + b"\n" * 90_000, mtime=0))
    bomb, left, small = read([tmp_path], limits)
    assert isinstance(bomb, Article)
    assert isinstance(left, TooLargeError)
    assert "maximum_unpacked_ratio" in str(left)
    assert isinstance(small, Article)


@pytest.mark.parametrize(
    "tag",
    [
        "<p {}>",
        "<p x\"='>' {}>",
        "<p == = {}>",
        "<p a='\n>' / {}>",
        '<p a=">" {}>',
    ],
)
@pytest.mark.parametrize("attribute", ["a{}", 'a{}=">"', "a{} = '<'", "/a{}=b", "a{}='' "])
def test_attributes_beyond_the_limit_are_cut(tag: str, attribute: str) -> None:
    many = " ".join(attribute.format(number) for number in range(500))
    markup = f"<html><body>{tag.format(many)}the text<b c=d>and more</b></body></html>"
    cut = few_attributes(markup, 50)
    tree = html.document_fromstring(cut)
    (element,) = tree.iter("p")
    assert 40 <= len(element.attrib) <= 55
    assert element.text == "the text"
    assert element[0].get("c") == "d"


def test_a_page_with_few_attributes_is_as_it_was() -> None:
    markup = "<p class='a b' id=x hidden>text</p>" * 1000
    assert few_attributes(markup, 3) == markup


@given(st.text(st.sampled_from("<>ab =\"'/\n"), max_size=300), st.integers(1, 5))
def test_only_attributes_are_cut(markup: str, most: int) -> None:
    cut = few_attributes(markup, most)
    rest = iter(markup)
    assert all(char in rest for char in cut)
    assert few_attributes(markup, 1000) == markup
    for element in html.fragments_fromstring(f"<i>x</i>{cut}"):
        if not isinstance(element, str):
            # lxml puts `</body></html>` behind, which an open tag takes for attributes
            assert all(len(each.attrib) <= most + 3 for each in element.iter() if isinstance(each.tag, str))
