"""Attributions on Spark: what each article contributes to the outlets, the outlets of all, then each article read."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from provenance.attribution import Gazetteer
from provenance.attribution.collection import MOST_PLACES, initials, outlets_of
from provenance.attribution.renewal import trace_row
from provenance.engines.packing import pack_attributions
from provenance.engines.spark.reading import ARTICLE, article_of
from provenance.engines.worker import attributor_of, task_of
from provenance.ordering import in_order

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast
    from pyspark.sql import DataFrame

    from provenance.attribution import Attributor
    from provenance.engines.spark.session import Tables

_TRACES: Final = (
    "number long, document string, outlet string, host string, names_itself boolean, plain boolean, page string, "
    "brackets string"
)
_TRACES_SCHEMA: Final = pa.schema(
    [
        ("number", pa.int64()),
        ("document", pa.string()),
        ("outlet", pa.string()),
        ("host", pa.string()),
        ("names_itself", pa.bool_()),
        ("plain", pa.bool_()),
        ("page", pa.string()),
        ("brackets", pa.string()),
    ]
)
_READ: Final = "number long, document string, attributions string"
_READ_SCHEMA: Final = pa.schema([("number", pa.int64()), ("document", pa.string()), ("attributions", pa.string())])


def write_traces(tables: Tables, documents: DataFrame) -> DataFrame:
    """Write the table `traces`: what each article contributes to the outlets of the collection."""
    return tables.put("traces", documents.select("number", *ARTICLE).mapInArrow(_trace, _TRACES))


def _trace(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows = []
        for number, article in _articles(batch):
            *told, brackets = trace_row(article)
            rows.append((number, *told, json.dumps(brackets) if brackets else None))
        yield _batch(rows, _TRACES_SCHEMA)


def renewed(traces: DataFrame, gazetteer: Gazetteer) -> Gazetteer:
    """A gazetteer with the outlets of the collection, as `attribution.renewal.renewed_gazetteer` makes it."""
    from pyspark.sql import Window  # noqa: PLC0415 - an extra
    from pyspark.sql import functions as sql  # noqa: PLC0415

    own = traces.select("outlet", "host", "names_itself").distinct().collect()
    rows = sorted((row[0], row[1], row[2]) for row in own)
    acronyms = sorted({initials(name) for name, _, _ in rows} - {""})
    before: dict[str, list[str]] = {}
    if acronyms:
        each = sql.from_json("brackets", "array<array<string>>")
        places = traces.filter("brackets is not null").select("number", sql.posexplode(each).alias("place", "bracket"))
        known = traces.sparkSession.createDataFrame([(each,) for each in acronyms], "acronym string")
        found = places.select(
            "number", "place", sql.col("bracket")[0].alias("acronym"), sql.col("bracket")[1].alias("told")
        )
        order = Window.partitionBy("acronym").orderBy("number", "place")
        first = found.join(known, "acronym").withColumn("turn", sql.row_number().over(order))
        for acronym, told in (
            first.filter(f"turn <= {MOST_PLACES}").orderBy("acronym", "turn").select("acronym", "told").collect()
        ):
            before.setdefault(acronym, []).append(told)
    return gazetteer.with_outlets(outlets_of(rows, lambda acronym: before.get(acronym, ())))


def write_attributions(tables: Tables, documents: DataFrame, attributor: Attributor) -> DataFrame:
    """Write the table `attributions`: those of each article as `engines.packing` packs them, in JSON."""
    task = tables.spark.sparkContext.broadcast(task_of(attributor))
    rows = documents.select("number", *ARTICLE).mapInArrow(partial(_attribute, task), _READ)
    # in their order, which decides how names are written where several ways are as common
    return tables.put_sorted("attributions", rows, "number")


def _attribute(task: Broadcast[Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    attributor = attributor_of(task.value)
    # as in `engines.worker`: reading leaves no cycles behind that grow
    gc.disable()
    for batch in batches:
        rows = []
        for number, article in _articles(batch):
            found = pack_attributions(in_order(attributor.attribute(article)), article.text)
            rows.append((number, article.id, json.dumps(found, ensure_ascii=False, separators=(",", ":"))))
        yield _batch(rows, _READ_SCHEMA)
        gc.collect()


def _articles(batch: pa.RecordBatch) -> Iterator[tuple[int, Any]]:
    columns = [batch.column(name).to_pylist() for name in ("number", *ARTICLE)]
    return ((number, article_of(row)) for number, *row in zip(*columns, strict=True))


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
