from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from provenance.engines.spark.reading import ARTICLE, Sources, article_of, article_row, read_collection
from provenance.engines.spark.session import Tables
from provenance.fetched import read_places
from provenance.model import Article, DateInterval, PageCredit
from provenance.settings import Settings
from provenance.text.languages import detect_language

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BAD = [
    b'{"id": "one", "text": "The first of them."}',
    b"not JSON",
    b'{"id": "two"}',
    b'{"id": "three", "text": "   "}',
    b"",
    b'{"id": "four", "text": "caf\xe9"}',
    b'{"id": 5, "text": "A number for an id.\\n\\nAnd two paragraphs.", "published": "2024-03-01"}',
    b'{"id": "one", "text": "The first of them."}',
    b'{"id": "one", "text": "Another text under an id that is taken."}',
    b"[1, 2]",
    '{"id": "\u00e4", "text": "Wörter", "outlet": "  "}'.encode(),
]


def articles(documents: DataFrame) -> list[Article]:
    rows = documents.orderBy("number").collect()
    assert [row["number"] for row in rows] == list(range(len(rows)))
    return [article_of([row[name] for name in ARTICLE]) for row in rows]


def locally(paths: list[str]) -> tuple[list[Article], list[str]]:
    chosen = Settings()
    found = list(read_places(paths, chosen))
    good = [item for item in found if isinstance(item, Article)]
    told = [
        article if article.language else _with_language(article) for article in sorted(good, key=lambda one: one.id)
    ]
    return told, sorted(str(item) for item in found if not isinstance(item, Article))


def _with_language(article: Article) -> Article:
    from dataclasses import replace

    return replace(article, language=detect_language(article.text))


def test_bad_lines_are_told_as_locally(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "some [of] them.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(BAD))
    documents, errors = read_collection(Tables(spark, str(tmp_path / "out")), [str(path)], Settings())
    expected, told = locally([str(path)])
    assert articles(documents) == expected
    assert sorted(map(str, errors)) == told
    assert any("line 9" in str(error) for error in errors)


def test_lines_are_counted_across_blocks(spark: SparkSession, tmp_path: Path) -> None:
    rows = [json.dumps({"id": f"{number:04}", "text": f"Text number {number} of them."}) for number in range(900)]
    rows[850] = "no"
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    spark.conf.set("spark.sql.files.maxPartitionBytes", "8k")
    try:
        documents, errors = read_collection(Tables(spark, str(tmp_path / "out")), [str(path)], Settings())
    finally:
        spark.conf.unset("spark.sql.files.maxPartitionBytes")
    assert documents.count() == 899
    assert [error.where for error in errors] == [f"{path}, line 851"]


def test_parquet_is_read(spark: SparkSession, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "b", "text": "Words of b.", "outlet": "B", "published": date(2024, 5, 6)},
        {"id": "a", "text": "Words of a.", "outlet": None, "published": None},
        {"id": "c", "text": None, "outlet": None, "published": None},
    ]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    documents, errors = read_collection(Tables(spark, str(tmp_path / "out")), [str(path)], Settings())
    found = articles(documents)
    assert [one.id for one in found] == ["a", "b"]
    assert found[1].outlet == "B"
    assert found[1].published == DateInterval("2024-05-06T00:00:00Z", "2024-05-07T00:00:00Z", "day", "metadata")
    assert [error.where for error in errors] == [f"{path}, record 3"]


def test_documents_of_a_result_are_input_again(spark: SparkSession, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    words = " ".join(["Harbour pilots said on Monday that the channel would be closed for a week."] * 6)
    page.write_text(
        f'<html><head><link rel="canonical" href="https://example.org/x"><title>T</title></head>'
        f"<body><article><p>{words}</p><p>Via The Argus</p></article></body></html>",
        encoding="utf-8",
    )
    first, _ = read_collection(Tables(spark, str(tmp_path / "one")), [str(page)], Settings())
    again, _ = read_collection(Tables(spark, str(tmp_path / "two")), [str(tmp_path / "one" / "documents")], Settings())
    assert articles(first) == articles(again) == locally([str(page)])[0]


def test_who_reads_what(tmp_path: Path) -> None:
    lines, mixed, tables = tmp_path / "lines", tmp_path / "mixed", tmp_path / "tables"
    for folder, names in ((lines, ["a.jsonl", "b.ndjson"]), (mixed, ["a.jsonl", "b.txt"]), (tables, ["x.parquet"])):
        folder.mkdir()
        for name in names:
            (folder / name).write_text("x", encoding="utf-8")
    paths = [str(lines), str(mixed), str(tables), "hdfs://h/x.jsonl", "s3a://b/news", "https://example.org/feed", "-"]
    found = Sources.of(paths)
    assert found.lines == (str(lines / "a.jsonl"), str(lines / "b.ndjson"), "hdfs://h/x.jsonl")
    assert found.tables == (str(tables), "s3a://b/news")
    assert found.others == (str(mixed), "https://example.org/feed", "-")


_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: not text.isspace())
_maybe = st.none() | _text
_credit = st.builds(PageCredit, _text, _text, _maybe, _maybe)
_date = st.just(DateInterval("2024-05-06T00:00:00Z", "2024-05-07T00:00:00Z", "day", "dateline"))


@given(st.builds(Article, _text, _text, _maybe, _maybe, _maybe, _maybe, st.none() | _date, _maybe, st.tuples(_credit)))
def test_articles_come_back_as_they_were(article: Article) -> None:
    assert article_of(article_row(article)) == article
