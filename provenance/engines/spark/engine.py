"""The engine for a collection in a database: its stages on Spark, its articles sent there and results sent back.

For collections that a database on this machine can hold. Larger ones are read and written by Spark itself (`job`).
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from provenance.engines.packing import unpack_attributions
from provenance.engines.spark.attributing import write_attributions
from provenance.engines.spark.job import check_settings, detect_shared
from provenance.engines.spark.reading import ARTICLE, article_row
from provenance.engines.spark.session import Tables
from provenance.model import Article, Attribution, Earlier, Match, Passage, Span, TextIndex
from provenance.reuse import Detection
from provenance.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from provenance.attribution import Attributor
    from provenance.reuse.detector import Progress

_AT_ONCE: Final = 2000
"""Articles written together."""
_SCHEMA: Final = pa.schema([("number", pa.int64()), *((name, pa.string()) for name in ARTICLE)])
_DDL: Final = "number long, " + ", ".join(f"{name} string" for name in ARTICLE)


class SparkEngine:
    """Runs the stages that cost computation on Spark; an `engines.protocol.Engine`.

    Args:
        spark: the session.
        folder: where tables go while it works, on a path that all of Spark reads and writes.
        settings: the thresholds.

    Raises:
        SettingsError: the settings ask for what this engine does not do.
    """

    def __init__(self, spark: SparkSession, folder: str, settings: Settings) -> None:
        check_settings(settings)
        self._spark, self._folder, self._settings = spark, folder.rstrip("/"), settings

    @contextmanager
    def detect(
        self, articles: Sequence[Article], progress: Progress, earlier: Earlier | None = None
    ) -> Iterator[Detection]:
        """The passages that articles share: all are compared with all, whatever there was before."""
        del earlier
        tables = Tables(self._spark, f"{self._folder}/detection")
        progress("reading articles", 0.0)
        documents = self._documents(tables, sorted(articles, key=lambda article: article.id))
        detect_shared(tables, documents, self._settings, progress)
        try:
            rows = tables.get("matches").orderBy("place").toLocalIterator()
            matches, alignments = list[Match](), list[bytes]()
            for row in rows:
                matches.append(match_of(row))
                alignments.append(bytes(row["alignment"]))
            passages = [passage_of(row) for row in tables.get("passages").orderBy("place").toLocalIterator()]
            index = tables.get("index").orderBy("number")
            yield Detection(matches, passages, alignments, True, lambda: map(index_of, index.toLocalIterator()))
        finally:
            tables.drop("")

    def attribute(
        self, articles: Iterable[Article], attributor: Attributor
    ) -> Generator[tuple[str, list[Attribution]], None, None]:
        """The attributions of each article, in the order given."""
        tables = Tables(self._spark, f"{self._folder}/attribution")
        try:
            documents = self._documents(tables, articles)
            write_attributions(tables, documents, attributor)
            told = tables.get("attributions").join(documents.select("number", "text"), "number").orderBy("number")
            for row in told.toLocalIterator():
                name = row["document"]
                yield name, unpack_attributions(json.loads(row["attributions"]), name, row["text"])
        finally:
            tables.drop("")

    def _documents(self, tables: Tables, articles: Iterable[Article]) -> DataFrame:
        """The table `documents`, numbered in the order given."""
        rows = iter(enumerate(articles))
        mode = "overwrite"
        while (some := [(number, *article_row(one)) for number, one in islice(rows, _AT_ONCE)]) or mode == "overwrite":
            columns = zip(*some, strict=True) if some else [()] * len(_SCHEMA)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
            frame = self._spark.createDataFrame(pa.Table.from_arrays(arrays, schema=_SCHEMA), _DDL)
            frame.write.mode(mode).parquet(tables.path("documents"))
            mode = "append"
        return tables.get("documents")


def match_of(row: Any) -> Match:
    """A row of the table `matches`."""
    a, b = Span(row["a_start"], row["a_end"]), Span(row["b_start"], row["b_end"])
    return Match(row["a"], a, row["b"], b, row["similarity"], row["kind"], row["cluster"])


def passage_of(row: Any) -> Passage:
    """A row of the table `passages`."""
    return Passage(row["cluster"], row["document"], Span(row["start"], row["end"]), row["kind"])


def index_of(row: Any) -> TextIndex:
    """A row of the table `index`."""
    return TextIndex(row["document"], bytes(row["words"]), bytes(row["sketch"]), row["sampled"], row["representative"])
