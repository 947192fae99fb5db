"""The whole job: from input on any path that Spark reads to tables of results.

    documents      articles by number: their place among all, sorted by id
    index          words and signatures of each, and its family's representative
    matches        with their alignments
    passages       copies of the clusters
    traces         what each article contributes to the outlets
    attributions   of each article
    linked         links and chains, some thousands of articles a row; what they rest on in `link_signatures`,
                   `link_clusters` and `link_names`
    manifest       version, settings and counts; written last, so that a result without it is not whole

`provenance.importing` makes a database of them.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.outlet_files import extended, read_outlets, written
from provenance.engines.spark.attributing import renewed, write_attributions, write_traces
from provenance.engines.spark.clustering import write_clusters
from provenance.engines.spark.judging import Whole, found_matches, judged_matches
from provenance.engines.spark.linking import write_links
from provenance.engines.spark.pairing import aligned_pairs
from provenance.engines.spark.parts import Families, Parts
from provenance.engines.spark.reading import read_collection
from provenance.engines.spark.session import Tables
from provenance.engines.spark.wording import find_families, words_of_documents
from provenance.errors import InputError, ProvenanceError, SettingsError
from provenance.reuse import INDEX_SCHEME
from provenance.settings import ReuseSettings, Settings
from provenance.signatures import METHOD
from provenance.version import VERSION

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Progress = Callable[[str, float], None]
LAYOUT: Final = 1
"""Raised when the tables change, so that a result of another version is not read wrongly."""


@dataclass(frozen=True, slots=True)
class JobReport:
    """What came of a job.

    Attributes:
        articles: how many were read.
        matches: how many pairs of passages were found.
        errors: what could not be used.
    """

    articles: int
    matches: int
    errors: tuple[InputError, ...]


def run_job(
    spark: SparkSession,
    paths: Sequence[str],
    output: str,
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress = lambda _stage, _share: None,
) -> JobReport:
    """Read a collection, find shared passages and read attributions, and leave the results in a folder.

    Args:
        spark: the session.
        paths: what Spark reads, and what the local reader does.
        output: a folder on any path that Spark writes to.
        settings: the thresholds of all stages.
        stdin: what `-` reads.
        progress: is told how far the work is.

    Raises:
        ProvenanceError: the folder holds a result already.
        InputError: the file of outlets that the settings name cannot be used.
        SettingsError: the settings ask for what this engine does not do.
    """
    check_settings(settings)
    own = read_outlets(Path(settings.attribution.outlets)) if settings.attribution.outlets else []
    tables = Tables(spark, output)
    if tables.holds("manifest"):
        raise ProvenanceError("it holds a result already", where=output, remedy="name another folder, or remove it")
    progress("reading articles", 0.0)
    documents, errors = read_collection(tables, paths, settings, stdin)
    articles, matches = detect_shared(tables, documents, settings, progress)
    progress("reading attributions", 0.0)
    traces = write_traces(tables, documents)
    known = renewed(traces, extended(Gazetteer.default(), own))
    write_attributions(tables, documents, Attributor(settings.attribution, known))
    progress("linking", 0.0)
    if articles:
        parts = Parts.of(spark, _parts_needed(spark, 0, articles // settings.chains.linked_together, settings))
        write_links(tables, documents, parts, settings.chains)
    _finish(tables, settings, articles, errors, written(own) if own else None)
    return JobReport(articles, matches, tuple(errors))


def check_settings(settings: Settings) -> None:
    """See that this engine can do what is asked.

    Raises:
        SettingsError: it cannot.
    """
    if settings.reuse.sensitivity == "rewritten":
        what = "the Spark engine does not look for rewordings"
        raise SettingsError(what, remedy="use --engine local, or --sensitivity edited")


def _effective(settings: ReuseSettings) -> ReuseSettings:
    """The settings as `reuse.detector.detect` applies them."""
    if settings.sensitivity != "verbatim":
        return settings
    return dataclasses.replace(
        settings,
        minimum_similarity=settings.verbatim_similarity,
        unmatched_cost=settings.verbatim_unmatched_cost,
    )


def detect_shared(tables: Tables, documents: DataFrame, settings: Settings, progress: Progress) -> tuple[int, int]:
    """Write the tables `index`, `matches` and `passages`, out of the table `documents`.

    Returns:
        How many articles there are, and how many matches.
    """
    progress("reading words", 0.0)
    reuse = _effective(settings.reuse)
    words = tables.put("work/words", words_of_documents(documents, reuse))
    sums = words.selectExpr("count(*) as texts", "coalesce(sum(count), 0) as words").collect()[0]
    whole = Whole(int(sums[0]), int(sums[1]))
    parts = Parts.of(tables.spark, _parts_needed(tables.spark, whole.words, 0, settings))
    # joins of plain rows: as many partitions as parts, rather than Spark's 200
    tables.spark.conf.set("spark.sql.shuffle.partitions", str(len(parts)))
    progress("finding whole copies", 0.0)
    families = find_families(tables, words, parts, reuse)
    told = tables.spark.sparkContext.broadcast(families)
    _write_index(tables, documents, words, families)
    progress("joining fingerprints", 0.0)
    aligned = aligned_pairs(tables, words, told, parts, reuse)
    progress("aligning passages", 0.0)
    found = found_matches(tables, documents, aligned, told, parts, reuse)
    judged = judged_matches(tables, documents, words, found, whole, parts, reuse)
    progress("gathering copies", 0.0)
    write_clusters(tables, documents, judged, families, reuse)
    return whole.texts, tables.get("matches").count()


def _parts_needed(spark: SparkSession, words: int, batches: int, settings: Settings) -> int:
    """A power of two: so many parts that one fits into memory, and at least one for each core."""
    needed = max(1, words // settings.spark.part_words, batches, spark.sparkContext.defaultParallelism)
    return min(settings.spark.most_parts, 1 << (int(needed) - 1).bit_length())


def _write_index(tables: Tables, documents: DataFrame, words: DataFrame, families: Families) -> None:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    spark = tables.spark
    pairs = pa.table({"number": families.members, "centre": families.centres})
    centres = spark.createDataFrame(pairs, "number long, centre long")
    names = documents.select("number", "id")
    stood = centres.join(names.toDF("centre", "representative"), "centre").select("number", "representative")
    rows = words.join(names, "number").join(stood, "number", "left")
    columns = ("number", "id as document", "words", "sketch", "sampled")
    rows = rows.selectExpr(*columns, "coalesce(representative, id) as representative")
    tables.put("index", rows)


def _finish(
    tables: Tables, settings: Settings, articles: int, errors: Sequence[InputError], outlets: str | None
) -> None:
    tables.drop("work")
    listed = [[type(one).__name__, one.where, one.what, one.remedy] for one in errors]
    told = {
        "layout": LAYOUT,
        "version": VERSION,
        "method": METHOD,
        "scheme": INDEX_SCHEME,
        "articles": articles,
        "settings": dataclasses.asdict(settings),
        "errors": listed,
        "outlets": outlets,
        "job": uuid.uuid4().hex,
    }
    frame = tables.spark.createDataFrame([(json.dumps(told),)], "manifest string")
    frame.coalesce(1).write.mode("overwrite").parquet(tables.path("manifest"))
