from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.ingest.records import (
    article_from_record,
    language_tag,
    looks_like_csv,
    read_csv,
    read_json,
    read_jsonl,
)
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()


def stream(data: bytes) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(io.BytesIO(data)))  # type: ignore[type-var]


def jsonl(data: bytes, chosen: IngestSettings = SETTINGS) -> list[Article | InputError]:
    return [item if isinstance(item, InputError) else item[1] for item in read_jsonl(stream(data), "f.jsonl", chosen)]


def table(data: bytes, delimiter: str | None = None, chosen: IngestSettings = SETTINGS) -> list[Article | InputError]:
    found = read_csv(stream(data), "f.csv", chosen, delimiter)
    return [item if isinstance(item, InputError) else item[1] for item in found]


def test_all_fields_of_a_record() -> None:
    record = {
        "id": "a1",
        "text": " The text, kept. \n",
        "title": " A title ",
        "outlet": "Daily Echo",
        "url": "https://echo.example/1",
        "author": "Jo Doe",
        "published": "2024-05-03",
        "language": "en-GB",
        "other": [1],
    }
    article = article_from_record(record, "f", SETTINGS)
    assert (article.id, article.text, article.title) == ("a1", " The text, kept. \n", "A title")
    assert (article.outlet, article.url, article.author) == ("Daily Echo", "https://echo.example/1", "Jo Doe")
    assert article.published is not None
    assert article.published.start == "2024-05-03T00:00:00Z"
    assert article.language == "en"
    assert article.credits == ()


def test_null_and_empty_fields_are_none() -> None:
    article = article_from_record({"id": 7, "text": "x", "title": None, "outlet": "", "author": " "}, "f", SETTINGS)
    assert article.id == "7"
    assert (article.title, article.outlet, article.author) == (None, None, None)


def test_a_date_that_cannot_be_read_is_left_out() -> None:
    for value in ("soon", "05/03/2024"):
        assert article_from_record({"id": "a", "text": "x", "published": value}, "f", SETTINGS).published is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"text": "x"}, "no id"),
        ({"id": "", "text": "x"}, "no id"),
        ({"id": "  ", "text": "x"}, "white space"),
        ({"id": None, "text": "x"}, "no id"),
        ({"id": True, "text": "x"}, "true or false"),
        ({"id": 1.5, "text": "x"}, "a number"),
        ({"id": "a"}, "no text"),
        ({"id": "a", "text": ["x"]}, "a list"),
        ({"id": "a", "text": "x", "title": {"en": "T"}}, "title is an object"),
        ({"id": "a", "text": "x", "published": 1710000000}, "published is a number"),
    ],
)
def test_what_is_wrong_with_a_record_is_named(record: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedError, match=words) as caught:
        article_from_record(record, "f.jsonl, line 3", SETTINGS)
    assert caught.value.where == "f.jsonl, line 3"
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_text_is_an_error_of_its_own(text: str) -> None:
    with pytest.raises(EmptyInputError):
        article_from_record({"id": "a", "text": text}, "f", SETTINGS)


def test_jsonl_goes_on_after_each_bad_line() -> None:
    data = b'{"id":1,"text":"one"}\n\nnot json\n[1]\n{"id":2}\n\xff\xfe\n{"id":3,"text":"three"}'
    found = jsonl(data)
    assert [item.id for item in found if isinstance(item, Article)] == ["1", "3"]
    assert [item.where for item in found if isinstance(item, InputError)] == [
        "f.jsonl, line 3",
        "f.jsonl, line 4",
        "f.jsonl, line 5",
        "f.jsonl, line 6",
    ]


def test_a_line_too_long_is_skipped_alone() -> None:
    small = dataclasses.replace(SETTINGS, maximum_record_bytes=64)
    long = json.dumps({"id": "long", "text": "x" * 200_000}).encode()
    found = jsonl(b'{"id":1,"text":"one"}\n' + long + b'\n{"id":2,"text":"two"}\n' + long, small)
    assert [type(item) for item in found] == [Article, TooLargeError, Article, TooLargeError]


@pytest.mark.parametrize("line", [b"[" * 100_000, b'{"a":' * 50_000, b'{"id":' + b"9" * 10_000 + b',"text":"x"}'])
def test_json_that_exhausts_the_parser_is_an_error(line: bytes) -> None:
    found = jsonl(line + b'\n{"id":2,"text":"two"}\n')
    assert isinstance(found[0], MalformedError)
    assert isinstance(found[1], Article)


def test_lone_surrogates_in_escapes_are_replaced_and_pairs_kept() -> None:
    (article,) = jsonl(rb'{"id":"a\ud800","text":"x \ud83d\ude00 y \udc00","title":"\ud800"}')
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == ("a\ufffd", "x 😀 y \ufffd", "\ufffd")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_jsonl_with_a_mark(encoding: str) -> None:
    data = '{"id":"ä","text":"eins"}\n{"id":"b","text":"zwei"}\n'.encode(encoding)
    assert [item.id for item in jsonl(data) if isinstance(item, Article)] == ["ä", "b"]


def test_jsonl_marked_as_what_it_is_not() -> None:
    with pytest.raises(MalformedError, match="UTF-16"):
        jsonl(b'\xff\xfe{"id":1\x00\xd8')


def read_whole(text: str) -> list[Article | InputError]:
    return [item if isinstance(item, InputError) else item[1] for item in read_json(text, "f.json", SETTINGS)]


def test_json_of_one_object_an_array_or_lines() -> None:
    one = '{\n "id": "a",\n "text": "x"}'
    assert [item.id for item in read_whole(one) if isinstance(item, Article)] == ["a"]
    found = read_whole('[{"id":"a","text":"x"}, 3, {"id":"b","text":"y"}]')
    assert [type(item) for item in found] == [Article, MalformedError, Article]
    assert isinstance(found[1], InputError)
    assert found[1].where == "f.json, record 2"
    assert len(read_whole('{"id":"a","text":"x"}\n{"id":"b","text":"y"}\n')) == 2


@pytest.mark.parametrize(("text", "error"), [("3", MalformedError), ("{", MalformedError), ("[]", EmptyInputError)])
def test_json_that_holds_no_articles(text: str, error: type[InputError]) -> None:
    with pytest.raises(error, match=r"f\.json"):
        read_whole(text)


def test_csv_with_quotes_line_ends_and_other_columns() -> None:
    data = b'ID,Kind,text,published\r\n1,x,"one, ""two""\r\nthree",2024-05-03\r\n\r\n2,y,plain,\r\n'
    found = table(data)
    assert [item.text for item in found if isinstance(item, Article)] == ['one, "two"\r\nthree', "plain"]
    assert isinstance(found[0], Article)
    assert found[0].published is not None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(delimiter: str) -> None:
    found = table(f"id{delimiter}text\na{delimiter}x\n".encode())
    assert [item.text for item in found if isinstance(item, Article)] == ["x"]


def test_bad_rows_are_named_by_line_and_passed_over() -> None:
    data = b'id,text\n1,one\n2,two,three\n3\n4,"bad"quote\n5,\n"6","six\nlines"\n7,seven\n'
    found = table(data)
    assert [item.id for item in found if isinstance(item, Article)] == ["1", "6", "7"]
    lines = [item.where for item in found if isinstance(item, InputError)]
    assert lines == ["f.csv, line 3", "f.csv, line 4", "f.csv, line 5", "f.csv, line 6"]


def test_a_quote_never_closed_does_not_lose_what_stood_before() -> None:
    found = table(b'id,text\n1,one\n2,"open\n3,three\n')
    assert [type(item) for item in found] == [Article, MalformedError]


def test_a_field_too_long_is_an_error_of_its_record() -> None:
    small = dataclasses.replace(SETTINGS, maximum_record_bytes=100)
    rows = "\n".join(["x" * 40] * 5)
    found = table(f'id,text\n1,one\n2,"{rows}"\n{"y" * 300},z\n3,three\n'.encode(), chosen=small)
    assert any(isinstance(item, TooLargeError) for item in found)
    ids = [item.id for item in found if isinstance(item, Article)]
    assert (ids[0], ids[-1]) == ("1", "3")


def test_the_limit_of_the_csv_module_is_left_as_it_was() -> None:
    # whatever other programs in this process have made of it
    found = csv.field_size_limit(131_072)
    try:
        long = "x" * 131_073
        (article,) = table(f"id,text\n1,{long}\n".encode())
        assert isinstance(article, Article)
        assert article.text == long
        assert csv.field_size_limit() == 131_072
    finally:
        csv.field_size_limit(found)


def test_csv_in_a_legacy_encoding() -> None:
    text = "Начальник порта сообщил совету, что паром не выйдет в море"
    (article,) = table(f'id,text\n1,"{text}"\n'.encode("cp1251"))
    assert isinstance(article, Article)
    assert article.text == text


def test_one_broken_line_in_a_utf8_table_is_one_error() -> None:
    found = table("id,text\n1,één\n2,twéé\n".encode() + b"3,\xff\n" + "4,viér\n".encode())
    assert [type(item) for item in found] == [Article, Article, MalformedError, Article]


def test_csv_in_utf16_with_tabs() -> None:
    (article,) = table("id\ttext\n1\tжёлтый\n".encode("utf-16"))
    assert isinstance(article, Article)
    assert article.text == "жёлтый"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"name,body\n1,2\n", MalformedError),
        (b"id,text,text\n1,2,3\n", MalformedError),
        (b"\n1,2\n", EmptyInputError),
        (b"id,text\n", EmptyInputError),
    ],
)
def test_tables_without_what_is_needed(data: bytes, error: type[InputError]) -> None:
    with pytest.raises(error, match=r"f\.csv"):
        table(data)


def test_headers_are_told_from_sentences() -> None:
    assert looks_like_csv("id;title;text")
    assert not looks_like_csv("The id, the text and the title were lost.")


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "en"), ("pt_BR", "pt"), ("ZH-Hans-CN", "zh"), ("English", None), ("", None), (None, None)]
)
def test_language_tags(tag: str | None, code: str | None) -> None:
    assert language_tag(tag) == code


values = st.one_of(
    st.text(max_size=20), st.integers(), st.none(), st.lists(st.text(max_size=3), max_size=2), st.booleans()
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "text", "title", "published", "language", "x"]), values))
def test_any_record_gives_an_article_or_an_input_error(record: dict[str, Any]) -> None:
    (item,) = jsonl(json.dumps(record).encode())
    assert isinstance(item, Article | InputError)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1), min_size=1
    ).filter(lambda texts: all(not text.isspace() for text in texts))
)
def test_what_is_written_as_csv_is_read_back(texts: list[str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows([str(number), text] for number, text in enumerate(texts))
    found = table(out.getvalue().encode())
    assert [item.text for item in found if isinstance(item, Article)] == texts


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_jsonl_give_articles_or_input_errors(data: bytes) -> None:
    with contextlib.suppress(InputError):  # the file as a whole cannot be used
        assert all(isinstance(item, Article | InputError) for item in jsonl(data))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_csv_give_articles_or_input_errors(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert all(isinstance(item, Article | InputError) for item in table(b"id,text\n" + data))
