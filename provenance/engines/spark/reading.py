"""Reading a collection on Spark: JSON Lines and Parquet by Spark, everything else by this process, as locally.

Every article gets a number, its place among all of them sorted by id: by it articles are ordered everywhere. What
cannot be used is listed with file and line, as the local reader does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from provenance import errors
from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.fetched import read_places
from provenance.fetching.addresses import is_address
from provenance.ingest import list_entries
from provenance.ingest.records import article_from_record, parse_object
from provenance.model import Article, DateInterval, PageCredit
from provenance.settings import IngestSettings, Settings
from provenance.text.languages import detect_language

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from provenance.engines.spark.session import Tables

ARTICLE: Final = (
    "id",
    "text",
    "title",
    "outlet",
    "url",
    "author",
    "published_start",
    "published_end",
    "published_precision",
    "published_origin",
    "language",
    "credits",
)
"""The columns of an article."""
_PLACE: Final = ("source", "file", "block", "row")
_ERROR: Final = ("error", "what", "remedy")
_READ: Final = pa.schema(
    [
        *((name, pa.string()) for name in ARTICLE),
        ("source", pa.int32()),
        ("file", pa.string()),
        ("block", pa.int64()),
        ("row", pa.int64()),
        *((name, pa.string()) for name in _ERROR),
    ]
)
_READ_DDL: Final = (
    ", ".join(f"{name} string" for name in ARTICLE)
    + ", source int, file string, block long, row long, error string, what string, remedy string"
)
_LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.bz2")
_DRIVER, _SPARK_LINES, _SPARK_ROWS = 0, 1, 2
_WRITTEN: Final = 2000
"""Articles that this process writes together."""
_MARK: Final = b"\xef\xbb\xbf"
_NUMBER_BITS: Final = 33
"""Spark's increasing numbers have the partition above these bits."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Who reads what.

    Attributes:
        lines: paths of JSON Lines that Spark reads.
        tables: paths of Parquet that Spark reads.
        others: what this process reads.
    """

    lines: tuple[str, ...]
    tables: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, paths: Sequence[str]) -> Sources:
        """Tell by names, and for folders by what is in them."""
        lines, tables, others = list[str](), list[str](), list[str]()
        for path in paths:
            if "://" in path and not is_address(path):
                (lines if path.lower().endswith(_LINES) else tables).append(path)
            elif path.lower().endswith(_LINES) and Path(path).is_file():
                lines.append(path)
            elif path.lower().endswith(".parquet") or (Path(path).is_dir() and any(Path(path).glob("*.parquet"))):
                tables.append(path)
            elif Path(path).is_dir() and (files := _all_lines(path)):
                lines += files
            else:
                others.append(path)
        return cls(tuple(lines), tuple(tables), tuple(others))


def _all_lines(folder: str) -> list[str]:
    """The files of a folder, where all of them are JSON Lines."""
    entries = list_entries([Path(folder)])
    fit = all(entry.error is None and str(entry.path).lower().endswith(_LINES) for entry in entries)
    return [str(entry.path) for entry in entries] if fit else []


def read_collection(
    tables: Tables, paths: Sequence[str], settings: Settings, stdin: BinaryIO | None = None
) -> tuple[DataFrame, list[InputError]]:
    """Read a collection and number it.

    Args:
        tables: where `documents` is put.
        paths: files, folders and addresses, those of anything that Spark reads among them.
        settings: limits.
        stdin: what `-` reads.

    Returns:
        The table `documents`: `number` and the columns of `ARTICLE`; and what could not be used.
    """
    sources = Sources.of(paths)
    frames = [_by_spark(tables.spark, sources, settings)]
    if sources.others:
        frames.append(_by_driver(tables, sources.others, settings, stdin))
    held = [frame for frame in frames if frame is not None]
    read = held[0] if len(held) == 1 else held[0].unionByName(held[1])
    read = tables.put("work/read", read)
    good, again = _once(read.filter("error is null"))
    return _numbered(tables, good), [*_errors(read, settings.ingest), *again]


def _named(path: str) -> str:
    """A path as Spark is told it: one of this machine as it stands, others as patterns of Hadoop's."""
    return f"file://{_literal(str(Path(path).absolute()))}" if Path(path).exists() else path


def _literal(path: str) -> str:
    """A path in which nothing is a pattern."""
    return "".join(f"\\{each}" if each in "[]{}*?\\" else each for each in path)


def _by_spark(spark: SparkSession, sources: Sources, settings: Settings) -> DataFrame | None:
    frames = []
    place = ["_metadata.file_path as file", "_metadata.file_block_start as block"]
    if sources.lines:
        text = spark.read.option("lineSep", "\n").text([*map(_named, sources.lines)])
        rows = text.selectExpr("cast(value as binary) as value", *place)
        frames.append(rows.mapInArrow(partial(_read_lines, settings.ingest), _READ_DDL))
    if sources.tables:
        table = spark.read.parquet(*map(_named, sources.tables))
        rows = table.selectExpr("*", "_metadata.file_path as _file", "_metadata.row_index as _row")
        frames.append(rows.mapInArrow(partial(_read_rows, settings.ingest), _READ_DDL))
    if not frames:
        return None
    return frames[0] if len(frames) == 1 else frames[0].unionByName(frames[1])


def _read_lines(settings: IngestSettings, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Lines of files, numbered within the block that Spark reads at a time."""
    at: tuple[str, int] = ("", -1)
    row = 0
    for batch in batches:
        rows: list[tuple[Any, ...]] = []
        columns = (batch.column(name).to_pylist() for name in ("value", "file", "block"))
        for value, file, block in zip(*columns, strict=True):
            if (file, block) != at:
                at, row = (file, block), 0
            row += 1
            found = _line(value, first=row == 1 and block == 0, settings=settings)
            if found is not None:
                rows.append(_row(found, (_SPARK_LINES, file, block, row), settings))
        yield _batch(rows)


def _line(value: bytes, *, first: bool, settings: IngestSettings) -> Article | InputError | None:
    """One line as `ingest.records.read_jsonl` reads it."""
    if first and value.startswith(_MARK):
        value = value[len(_MARK) :]
    if len(value) > settings.maximum_record_bytes:
        what = f"the line is longer than {settings.maximum_record_bytes:,} bytes"
        return TooLargeError(what, remedy="split it, or raise ingest.maximum_record_bytes")
    try:
        line = value.decode("utf-8")
    except UnicodeDecodeError:
        return MalformedError("the line is not UTF-8", remedy="convert the file to UTF-8")
    if not line or line.isspace():
        return None
    try:
        return article_from_record(parse_object(line, ""), "", settings)
    except InputError as error:
        return error


def _read_rows(settings: IngestSettings, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of Parquet: articles as this engine writes them, or records with the fields of JSON Lines."""
    for batch in batches:
        own = set(ARTICLE) <= set(batch.schema.names)
        rows: list[tuple[Any, ...]] = []
        for record in batch.to_pylist():
            place = (_SPARK_ROWS, record["_file"], 0, record["_row"] + 1)
            found: Article | InputError
            try:
                found = _record(record, settings, own=own)
            except InputError as error:
                found = error
            rows.append(_row(found, place, settings))
        yield _batch(rows)


def _record(record: dict[str, Any], settings: IngestSettings, *, own: bool) -> Article:
    if own:
        return article_of([record[name] for name in ARTICLE])
    given = {name: value.isoformat() if isinstance(value, date) else value for name, value in record.items()}
    return article_from_record(given, "", settings)


def _by_driver(tables: Tables, paths: Sequence[str], settings: Settings, stdin: BinaryIO | None) -> DataFrame:
    """What Spark does not read, read here and written some thousands at a time."""
    name, mode = "work/own", "overwrite"
    found = enumerate(read_places(paths, settings, stdin=stdin), start=1)
    empty: list[tuple[int, Article | InputError]] = []
    for items in chain(iter(lambda: list(islice(found, _WRITTEN)), []), [empty]):
        rows = [
            _row(item, (_DRIVER, item.where if isinstance(item, InputError) else "", 0, number), settings.ingest)
            for number, item in items
        ]
        if rows or mode == "overwrite":
            frame = tables.spark.createDataFrame(pa.Table.from_batches([_batch(rows)]), _READ_DDL)
            frame.write.mode(mode).parquet(tables.path(name))
        mode = "append"
    return tables.get(name)


def _row(item: Article | InputError, place: tuple[int, str, int, int], settings: IngestSettings) -> tuple[Any, ...]:
    if isinstance(item, InputError):
        return (*[None] * len(ARTICLE), *place, type(item).__name__, item.what, item.remedy)
    if not item.language:
        item = replace(item, language=detect_language(item.text, settings))
    return (*article_row(item), *place, None, None, None)


def _batch(rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(_READ)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _READ, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_READ)


def article_row(article: Article) -> tuple[Any, ...]:
    """An article as the columns of `ARTICLE`."""
    day = article.published
    published = (None,) * 4 if day is None else (day.start, day.end, day.precision, day.origin)
    credits = [[one.kind, one.text, one.name, one.url] for one in article.credits]  # noqa: A001 - the model's word
    names = (article.title, article.outlet, article.url, article.author)
    return (article.id, article.text, *names, *published, article.language, json.dumps(credits) if credits else None)


def article_of(row: Sequence[Any]) -> Article:
    """The article that `article_row` was given.

    Raises:
        MalformedError: it has no id or no text.
    """
    name, text, title, outlet, url, author, start, end, precision, origin, language, packed = row
    if not isinstance(name, str) or not name.strip() or not isinstance(text, str):
        raise MalformedError("it has no id or no text", remedy="give every record both")
    if not text or text.isspace():
        raise EmptyInputError("its text is empty", remedy="leave the record out")
    published = None if start is None else DateInterval(start, end, precision, origin)
    credits = tuple(PageCredit(*one) for one in json.loads(packed)) if packed else ()  # noqa: A001
    return Article(name, text, title, outlet, url, author, published, language, credits)


# what was read before, and what cannot be used -------------------------------------------------------------------


def _once(read: DataFrame) -> tuple[DataFrame, list[InputError]]:
    """Each article once, the first that was read; the same id with another text is an error."""
    from pyspark.sql import Window  # noqa: PLC0415 - an extra
    from pyspark.sql import functions as sql  # noqa: PLC0415

    several = read.groupBy("id").count().filter("count > 1").select("id")
    if not several.head(1):
        return read, []
    order = Window.partitionBy("id").orderBy(*_PLACE)
    keys = read.join(several, "id").select("id", *_PLACE, sql.sha2(sql.col("text"), 256).alias("digest"))
    turns = keys.withColumn("turn", sql.row_number().over(order)).withColumn("known", sql.first("digest").over(order))
    later = turns.filter("turn > 1")
    good = read.join(later.select(*_PLACE), list(_PLACE), "left_anti")
    files = _Files(read.sparkSession)
    again: list[InputError] = [
        MalformedError(
            f"the id {row['id']!r} was read before with another text",
            where=files.where(row["source"], row["file"], row["block"], row["row"]),
            remedy="give every article an id of its own",
        )
        for row in later.filter("digest <> known").select("id", *_PLACE).collect()
    ]
    return good, again


def _errors(read: DataFrame, settings: IngestSettings) -> list[InputError]:
    """What could not be used, as the reader raised it."""
    files = _Files(read.sparkSession)
    bad = read.filter("error is not null")
    most = settings.maximum_listed_errors
    found: list[InputError] = []
    counts = bad.groupBy("source", "file").count().orderBy("source", "file").collect()
    for source, file, count in counts:
        of_file = bad.filter((bad["source"] == source) & (bad["file"] == file))
        first = of_file.select(*_PLACE, *_ERROR).orderBy(*_PLACE)
        for row in (first if source == _DRIVER else first.limit(most)).collect():
            kind: type[InputError] = getattr(errors, row["error"])
            where = files.where(source, file, row["block"], row["row"])
            found.append(kind(row["what"], where=where, remedy=row["remedy"]))
        if source != _DRIVER and count > most:
            what = f"{count - most:,} more records could not be used"
            found.append(InputError(what, where=files.name(file), remedy="mend those listed first"))
    return found


class _Files:
    """Names places in files; lines before a block are counted only where one has to be named."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self._before: dict[str, dict[int, int]] = {}

    def where(self, source: int, file: str, block: int, row: int) -> str:
        """File and line, or record."""
        if source == _DRIVER:
            return file
        name = self.name(file)
        if source == _SPARK_ROWS:
            return f"{name}, record {row}"
        return f"{name}, line {row + self._lines(file).get(block, 0)}"

    @staticmethod
    def name(file: str) -> str:
        """A file as its user names it."""
        parts = urlsplit(file)
        return unquote(parts.path) if parts.scheme == "file" else file

    def _lines(self, file: str) -> dict[int, int]:
        if file not in self._before:
            lines = self._spark.read.option("lineSep", "\n").text(_literal(unquote(file)))
            blocks = lines.selectExpr("_metadata.file_block_start as block").groupBy("block").count().collect()
            before, total = {}, 0
            for block, count in sorted((row[0], row[1]) for row in blocks):
                before[block] = total
                total += count
            self._before[file] = before
        return self._before[file]


def _numbered(tables: Tables, read: DataFrame) -> DataFrame:
    """Articles sorted by id, each with its place among all."""
    from pyspark.sql import functions as sql  # noqa: PLC0415 - an extra

    ordered = read.select(*ARTICLE).orderBy("id").withColumn("drawn", sql.monotonically_increasing_id())
    ordered = tables.put("work/ordered", ordered)
    partition = sql.shiftright("drawn", _NUMBER_BITS)
    counts = ordered.groupBy(partition.alias("partition")).count().collect()
    before, total = [], 0
    for number, count in sorted((row[0], row[1]) for row in counts):
        before.append((number, total))
        total += count
    first = tables.spark.createDataFrame(before or [(0, 0)], "partition long, first long")
    joined = ordered.withColumn("partition", partition).join(sql.broadcast(first), "partition")
    number = sql.expr(f"first + (drawn & {(1 << _NUMBER_BITS) - 1})").alias("number")
    return tables.put("documents", joined.select(number, *ARTICLE))
