from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from provenance.engines.spark.session import Tables, session
from provenance.errors import ProvenanceError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def test_what_fails_in_spark_is_told(spark: SparkSession, tmp_path: Path) -> None:
    assert spark is not None
    with pytest.raises(ProvenanceError, match="Spark failed") as told, session() as running:
        running.read.parquet(str(tmp_path / "nowhere")).count()
    assert "nowhere" in str(told.value)


def test_what_fails_in_a_kernel_is_told(spark: SparkSession) -> None:
    def failing(batches: object) -> object:
        raise ValueError("the kernel's own words")

    assert spark is not None
    with pytest.raises(ProvenanceError, match="the kernel's own words"), session() as running:
        running.range(3).mapInArrow(failing, "id long").count()


def test_a_session_that_runs_already_goes_on(spark: SparkSession) -> None:
    with session() as running:
        assert running is spark
    assert spark.range(3).count() == 3


def test_tables_are_written_and_removed(spark: SparkSession, tmp_path: Path) -> None:
    tables = Tables(spark, str(tmp_path / "some folder"))
    assert not tables.holds("numbers")
    assert tables.put_sorted("numbers", spark.range(9).selectExpr("8 - id as id"), "id").count() == 9
    assert tables.holds("numbers")
    assert [row[0] for row in tables.get("numbers").collect()] == list(range(9))
    assert not list((tmp_path / "some folder" / "work").glob("*"))
    tables.drop("numbers")
    assert not tables.holds("numbers")
