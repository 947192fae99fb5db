"""Records to articles: JSON Lines, JSON arrays and objects, CSV and TSV.

Every record has `id` and `text` and may have `title`, `outlet`, `url`, `author`, `published` and `language`; other
fields are ignored. Lines are streamed, so a file may be larger than the memory, and a record that cannot be used is an
error of its own: the next one is read. JSON is UTF-8 (RFC 8259), or UTF-16 or UTF-32 with a mark; CSV (RFC 4180) may
also be in a legacy encoding.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Literal

from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.ingest import encodings
from provenance.ingest.dates import parse_date
from provenance.model import Article
from provenance.settings import IngestSettings

OPTIONAL_FIELDS = ("title", "outlet", "url", "author", "published", "language")
"""Fields a record may have beside `id` and `text`; each is a string, null or absent."""

_DELIMITERS = (",", ";", "\t")
_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_SKIP_BYTES = 1 << 16
_UTF8_MARK = b"\xef\xbb\xbf"

LineProblem = Literal["", "too long", "not UTF-8"]


def language_tag(text: str | None) -> str | None:
    """The primary subtag of a language tag (BCP 47) in lower case, such as `en` of `en-GB`; None for anything else."""
    match = _LANGUAGE_TAG.fullmatch(text.strip()) if text else None
    return match.group(1).lower() if match else None


def article_from_record(record: Mapping[str, Any], where: str, settings: IngestSettings) -> Article:
    """One record as an article.

    A date that cannot be read and a language that is no tag are left out, since neither makes the text unusable. Lone
    surrogates, which JSON can express and UTF-8 cannot, become U+FFFD.

    Args:
        record: the fields.
        settings: for dates.
        where: the file and the line, for errors.

    Raises:
        MalformedError: `id` or `text` is missing, or a field has another type than text.
        EmptyInputError: the text is empty or white space.
    """
    identity = record.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity.strip():
        what = "it has no id" if identity is None or identity == "" else f"its id is {_kind(identity)}"
        raise MalformedError(what, where=where, remedy="give every record an id: a text that is not empty, or a number")
    text = record.get("text")
    if not isinstance(text, str):
        what = "it has no text" if text is None else f"its text is {_kind(text)}"
        raise MalformedError(what, where=where, remedy="give every record a field text that holds the article as text")
    if not text or text.isspace():
        raise EmptyInputError("its text is empty", where=where, remedy="leave the record out")
    fields: dict[str, str | None] = {}
    for name in OPTIONAL_FIELDS:
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            raise MalformedError(
                f"its {name} is {_kind(value)}", where=where, remedy=f"give {name} as text, or not at all"
            )
        fields[name] = (encodings.without_surrogates(value).strip() or None) if value else None
    published = fields.pop("published")
    return Article(
        id=encodings.without_surrogates(identity),
        text=encodings.without_surrogates(text),
        title=fields["title"],
        outlet=fields["outlet"],
        url=fields["url"],
        author=fields["author"],
        published=parse_date(published, settings) if published else None,
        language=language_tag(fields["language"]),
    )


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "white space" if value.isspace() else "text"
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def lines(stream: BinaryIO, encoding: str, limit: int) -> Iterator[tuple[int, str, LineProblem]]:
    """The lines of a stream with their numbers from 1, their ends kept, in memory one at a time.

    Args:
        stream: behind its byte order mark for every encoding but UTF-8, where a mark is dropped.
        encoding: `utf-8`, for which each line is decoded by itself, or another.
        limit: bytes (characters in an encoding other than UTF-8) that a line may have.

    Yields:
        number, line and what is wrong with it. A line too long is skipped and given as empty; one that is not UTF-8 has
        U+FFFD where it is not.

    Raises:
        UnicodeDecodeError: the stream is not in the encoding given and that is not UTF-8.
    """
    if encoding != "utf-8":
        wrapped = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
        yield from _text_lines(wrapped, limit)
        return
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if number == 1 and raw.startswith(_UTF8_MARK):
            raw = raw[3:]
        if len(raw) > limit and not raw.endswith(b"\n"):
            while (rest := stream.readline(_SKIP_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, "", "too long"
            continue
        try:
            yield number, raw.decode("utf-8"), ""
        except UnicodeDecodeError:
            yield number, raw.decode("utf-8", "replace"), "not UTF-8"


def _text_lines(stream: io.TextIOWrapper, limit: int) -> Iterator[tuple[int, str, LineProblem]]:
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith("\n"):
            while (rest := stream.readline(_SKIP_BYTES)) and not rest.endswith("\n"):
                pass
            yield number, "", "too long"
        else:
            yield number, line, ""


def _line_error(problem: LineProblem, where: str, settings: IngestSettings) -> InputError:
    if problem == "too long":
        what = f"the line is longer than {settings.maximum_record_bytes:,} bytes"
        return TooLargeError(what, where=where, remedy="split it, or raise ingest.maximum_record_bytes")
    return MalformedError("the line is not UTF-8", where=where, remedy="convert the file to UTF-8")


def read_jsonl(stream: BinaryIO, where: str, settings: IngestSettings) -> Iterator[tuple[str, Article] | InputError]:
    """Articles of JSON Lines, one object a line, each with the place it stands at; empty lines are passed over.

    Raises:
        MalformedError: a file marked as UTF-16 or UTF-32 is not.
    """
    stream, encoding = _behind_mark(stream)
    encoding = encoding or "utf-8"
    try:
        for number, line, problem in lines(stream, encoding, settings.maximum_record_bytes):
            place = f"{where}, line {number}"
            if problem:
                yield _line_error(problem, place, settings)
                continue
            if line.isspace() or not line:
                continue
            try:
                yield place, article_from_record(parse_object(line, place), place, settings)
            except InputError as error:
                yield error
    except UnicodeDecodeError as error:
        raise MalformedError(f"it is not {encoding.upper()}", where=where, remedy="convert it to UTF-8") from error


def parse_object(line: str, where: str) -> dict[str, Any]:
    """The JSON object that a line holds.

    Raises:
        MalformedError: it is not JSON, or JSON of another type.
    """
    record = parse_json(line, where)
    if not isinstance(record, dict):
        raise MalformedError(f"this is {_kind(record)}, not an object", where=where, remedy="give one object a line")
    return record


def parse_json(text: str, where: str) -> Any:
    """What a JSON text holds.

    Raises:
        MalformedError: it is not JSON, or nested too deeply to be read.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg} (column {error.colno})"
        raise MalformedError(what, where=where, remedy="mend it, or leave it out") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; lists within lists without end
        raise MalformedError("JSON that cannot be read", where=where, remedy="simplify the record") from error
    return value


def read_json(text: str, where: str, settings: IngestSettings) -> Iterator[tuple[str, Article] | InputError]:
    """Articles of a JSON file that holds one object, an array of objects, or in spite of its name JSON Lines.

    Raises:
        MalformedError: the file is none of these.
    """
    try:
        value = parse_json(text, where)
    except MalformedError as error:
        first = text.lstrip().partition("\n")[0]
        try:
            parse_object(first, where)
        except MalformedError:
            raise error from None
        yield from read_jsonl(io.BytesIO(text.encode("utf-8", "replace")), where, settings)
        return
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        remedy = "give an object with id and text, or an array of them"
        raise MalformedError(f"this is {_kind(value)}, not an object or an array", where=where, remedy=remedy)
    if not value:
        raise EmptyInputError("the array is empty", where=where, remedy="leave the file out")
    for number, record in enumerate(value, start=1):
        place = f"{where}, record {number}"
        try:
            if not isinstance(record, dict):
                raise MalformedError(f"this is {_kind(record)}, not an object", where=place, remedy="give objects only")
            yield place, article_from_record(record, place, settings)
        except InputError as error:
            yield error


class _Lines:
    """Lines for the csv reader, which remember what was wrong with those of the record being read."""

    def __init__(self, stream: BinaryIO, encoding: str, settings: IngestSettings) -> None:
        self._lines = lines(stream, encoding, settings.maximum_record_bytes)
        self.problem: LineProblem = ""
        self.first = 0
        self.number = 0

    def start(self) -> None:
        self.problem = ""
        self.first = self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number, line, problem = next(self._lines)
        self.problem = self.problem or problem
        return line.replace("\x00", "\ufffd")  # the csv module of Python 3.10 refuses NUL


def read_csv(
    stream: BinaryIO, where: str, settings: IngestSettings, delimiter: str | None = None
) -> Iterator[tuple[str, Article] | InputError]:
    """Articles of CSV with a header line, each with the place it stands at.

    Args:
        stream: the file.
        where: its name, for errors.
        settings: limits.
        delimiter: None to take the comma, semicolon or tab that makes the header name `id` and `text`.

    Raises:
        MalformedError: the header does not name `id` and `text`, or the file is not in the encoding it seems to be in.
        EmptyInputError: there is nothing but a header.
    """
    stream, encoding = _behind_mark(stream)
    encoding = encoding or _csv_encoding(stream, settings)
    source = _Lines(stream, encoding, settings)
    try:
        yield from _rows(source, where, settings, delimiter)
    except UnicodeDecodeError as error:
        raise MalformedError(f"it is not {encoding.upper()}", where=where, remedy="convert it to UTF-8") from error


def _rows(
    source: _Lines, where: str, settings: IngestSettings, delimiter: str | None
) -> Iterator[tuple[str, Article] | InputError]:
    header, delimiter = _header(source, where, settings, delimiter)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    empty = True
    while True:
        source.start()
        try:
            row = _next_row(reader, settings)
        except csv.Error as error:
            empty = False
            place = f"{where}, line {source.first}"
            if "field larger than field limit" in str(error):
                yield _line_error("too long", place, settings)
            else:
                yield MalformedError(
                    f"not CSV: {error}", where=place, remedy="quote the field, double quotes inside it"
                )
            continue
        if row is None:
            break
        if not row and not source.problem:
            continue
        empty = False
        place = f"{where}, line {source.first}"
        if source.problem:
            yield _line_error(source.problem, place, settings)
            continue
        try:
            yield place, _article_from_row(header, row, place, settings)
        except InputError as error:
            yield error
    if empty:
        raise EmptyInputError("no records behind the header", where=where, remedy="leave the file out")


def _next_row(reader: Any, settings: IngestSettings) -> list[str] | None:
    """The next row with our own bound on its fields; csv keeps that bound for the whole process, so it is put back."""
    previous = csv.field_size_limit(settings.maximum_record_bytes)
    try:
        row: list[str] | None = next(reader, None)
    finally:
        csv.field_size_limit(previous)
    return row


def _header(source: _Lines, where: str, settings: IngestSettings, delimiter: str | None) -> tuple[list[str], str]:
    source.start()
    line = next(source, "")
    if source.problem:
        raise _line_error(source.problem, f"{where}, line 1", settings)
    if not line.strip():
        raise EmptyInputError("no header in the first line", where=where, remedy="name the columns id and text there")
    for candidate in (delimiter,) if delimiter else _DELIMITERS:
        header = header_fields(line, candidate)
        if {"id", "text"} <= set(header):
            if header.count("id") > 1 or header.count("text") > 1:
                what = "the header names id or text twice"
                raise MalformedError(what, where=f"{where}, line 1", remedy="name each column once")
            return header, candidate
    what = "the header does not name the columns id and text"
    raise MalformedError(
        what, where=f"{where}, line 1", remedy="name them there, with commas, semicolons or tabs between"
    )


def header_fields(line: str, delimiter: str) -> list[str]:
    """The column names of a header line in lower case; empty where it is no CSV."""
    try:
        row = next(csv.reader([line.replace("\x00", "\ufffd")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


def looks_like_csv(line: str) -> bool:
    """Whether a first line is a header that names `id` and `text`."""
    return any({"id", "text"} <= set(header_fields(line, delimiter)) for delimiter in _DELIMITERS)


def _article_from_row(header: list[str], row: list[str], where: str, settings: IngestSettings) -> Article:
    if len(row) != len(header):
        what = f"{len(row)} fields, but the header names {len(header)}"
        raise MalformedError(what, where=where, remedy="quote fields that hold the delimiter, a quote or a line end")
    return article_from_record(dict(zip(header, row, strict=True)), where, settings)


def _behind_mark(stream: BinaryIO) -> tuple[BinaryIO, str | None]:
    """The stream behind its byte order mark, and the encoding the mark says."""
    peeked = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader) else stream.read(4)
    encoding, rest = encodings.split_mark(peeked)
    skip = len(peeked) - len(rest) if encoding else 0
    if isinstance(stream, io.BufferedReader):
        stream.read(skip)
    else:
        stream.seek(skip)
    return stream, encoding


def _csv_encoding(stream: BinaryIO, settings: IngestSettings) -> str:
    """UTF-8, unless most lines beyond ASCII at the beginning are not; then the legacy encoding that fits best."""
    if not isinstance(stream, io.BufferedReader):
        return "utf-8"
    sample = stream.peek(settings.sniff_bytes)[: settings.sniff_bytes]
    beyond = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    broken = sum(1 for line in beyond if not _is_utf8(line))
    if broken * 2 <= len(beyond):
        return "utf-8"
    return encodings.guess_encoding(sample) or "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
