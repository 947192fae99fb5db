"""Clusters and their copies: numbers on the driver, texts on Spark.

Of every match the driver holds where it stands, 60 bytes, and of the matches within families the alignments. Which
stretches are one passage is a question to all of them at once (`reuse.passages.cluster`); the words are turned into
code points where the texts are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from provenance.engines.spark.judging import SHARED
from provenance.engines.spark.parts import Families, numbers_of
from provenance.reuse.assembly import members_of
from provenance.reuse.kept import KINDS
from provenance.reuse.kinds import cluster_kinds
from provenance.reuse.passages import Alignment, Copies, SharedRows, carry_over, cluster
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from provenance.engines.spark.session import Tables

_PLACED: Final = "place long, cluster long, number long, document string, start long, end long, kind string"
_PLACED_SCHEMA: Final = pa.schema(
    [
        ("place", pa.int64()),
        ("cluster", pa.int64()),
        ("number", pa.int64()),
        ("document", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("kind", pa.string()),
    ]
)
_COPY_COLUMNS: Final = 5


def write_clusters(
    tables: Tables, documents: DataFrame, judged: DataFrame, families: Families, settings: ReuseSettings
) -> None:
    """Write the tables `matches` and `passages`, each in the order of the local engine (`place`)."""
    from pyspark.sql import functions as sql  # noqa: PLC0415 - an extra

    rows = tables.put("work/rows", judged.withColumn("row", sql.monotonically_increasing_id()))
    held = rows.select("row", "kind_number", *SHARED).toArrow()
    shared = SharedRows(*(numbers_of(held, name) for name in SHARED))
    order = shared.order()
    shared = shared.taken(order)
    row = numbers_of(held, "row")[order]
    kinds = held.column("kind_number").to_numpy()[order].astype(np.int8)
    clusters = cluster(shared, settings)
    copies = carry_over(clusters, _members(rows, shared, row, families), settings)
    of_cluster = cluster_kinds(clusters.of_match, kinds, clusters.count)
    told = pa.table({"row": row, "place": np.arange(len(row)), "cluster": clusters.of_match})
    _write_matches(tables, documents, rows, tables.spark.createDataFrame(told, "row long, place long, cluster long"))
    _write_passages(tables, documents, copies, of_cluster[copies.cluster])


def _members(
    rows: DataFrame, shared: SharedRows, row: npt.NDArray[np.int64], families: Families
) -> dict[int, list[tuple[int, Alignment]]]:
    """The members of each representative with what aligns them; only these matches' alignments are fetched."""
    of_one, of_two = families.of(shared.text_b) == shared.text_a, families.of(shared.text_a) == shared.text_b
    packed = [b""] * len(row)
    if len(families.members):
        # the alignments of other matches have no more than a head
        stars = np.flatnonzero(of_one | of_two)
        place_of = dict(zip(row[stars].tolist(), stars.tolist(), strict=True))
        for number, kept in rows.filter("length(packed) > 24").select("row", "packed").toLocalIterator():
            if number in place_of:
                packed[place_of[number]] = bytes(kept)
    return members_of(shared, packed, of_one, of_two, lambda _: 0)


def _write_matches(tables: Tables, documents: DataFrame, rows: DataFrame, told: DataFrame) -> None:
    names = documents.select("number", "id")
    kind = "element_at(array({}), kind_number + 1) as kind".format(", ".join(f"'{name}'" for name in KINDS))
    matches = (
        rows.join(told, "row")
        .join(names.toDF("a", "a_id"), "a")
        .join(names.toDF("b", "b_id"), "b")
        .selectExpr(
            *("place", "a_id as a", "a_start", "a_end", "b_id as b", "b_start", "b_end"),
            *("similarity", kind, "cluster", "packed as alignment"),
        )
    )
    tables.put_sorted("matches", matches, "place")


def _write_passages(tables: Tables, documents: DataFrame, copies: Copies, kinds: npt.NDArray[np.int8]) -> None:
    columns = [np.arange(len(copies)), copies.cluster, copies.start, copies.end, kinds.astype(np.int64)]
    order = np.argsort(copies.text, kind="stable")
    numbers, firsts = np.unique(copies.text[order], return_index=True)
    table = np.stack([column[order] for column in columns], axis=1).astype(np.int64)
    packed = [piece.tobytes() for piece in np.split(table, firsts[1:])] if len(numbers) else []
    told = pa.table({"number": pa.array(numbers, pa.int64()), "copies": pa.array(packed, pa.binary())})
    frame = tables.spark.createDataFrame(told, "number long, copies binary")
    rows = frame.join(documents.select("number", "id", "text"), "number").mapInArrow(_place_copies, _PLACED)
    tables.put_sorted("passages", rows, "place")


def _place_copies(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Copies in code points."""
    for batch in batches:
        words = words_of(batch.column("text").to_pylist())
        columns: list[list[object]] = [[] for _ in _PLACED_SCHEMA]
        given = (batch.column(name).to_pylist() for name in ("number", "id", "copies"))
        for text, (number, name, packed) in enumerate(zip(*given, strict=True)):
            first = int(words.bounds[text])
            for place, in_cluster, start, end, kind in (
                np.frombuffer(packed, np.int64).reshape(-1, _COPY_COLUMNS).tolist()
            ):
                span = int(words.starts[first + start]), int(words.ends[first + end - 1])
                for column, value in zip(columns, (place, in_cluster, number, name, *span, KINDS[kind]), strict=True):
                    column.append(value)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _PLACED_SCHEMA, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=_PLACED_SCHEMA)
