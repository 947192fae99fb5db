from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spark import differing

from provenance.corpus import Corpus
from provenance.engines.spark.engine import SparkEngine
from provenance.engines.spark.job import run_job
from provenance.errors import ProvenanceError, SettingsError
from provenance.importing import Result, import_result, taking
from provenance.reuse.detector import silent
from provenance.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[3]
HARBOUR = ROOT / "examples" / "harbour"


def settings(part_words: int = 8_000_000, outlets: str = "") -> Settings:
    chosen = Settings()
    return replace(
        chosen,
        engine=replace(chosen.engine, processes=1),
        spark=replace(chosen.spark, part_words=part_words),
        attribution=replace(chosen.attribution, outlets=outlets),
    )


def both(spark: SparkSession, paths: Sequence[str], folder: Path, chosen: Settings) -> tuple[Path, Path]:
    """The databases that the two engines make of the same input."""
    run_job(spark, paths, str(folder / "result"), chosen)
    result = Result.of(folder / "result")
    with taking(result, folder / "spark.db", chosen) as corpus:
        import_result(corpus, result, silent)
    with Corpus(folder / "local.db", chosen) as corpus:
        corpus.run(paths)
    return folder / "spark.db", folder / "local.db"


@pytest.fixture(scope="module")
def harbour(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what `both` makes of the harbour."""
    folder = tmp_path_factory.mktemp("harbour")
    both(spark, [str(HARBOUR / "articles")], folder, settings(outlets=str(HARBOUR / "outlets.csv")))
    return folder


def test_harbour_is_the_same(harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings(outlets=str(HARBOUR / "outlets.csv"))
    assert differing(harbour / "spark.db", harbour / "local.db") == {}

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("it was worked out again")

    # an import works nothing out again
    result = Result.of(harbour / "result")
    monkeypatch.setattr("provenance.corpus.infer", refuse)
    with taking(result, tmp_path / "again.db", chosen) as corpus:
        monkeypatch.setattr(corpus.engine, "detect", refuse)
        monkeypatch.setattr(corpus.engine, "attribute", lambda articles, _: (refuse() for _ in articles))
        assert import_result(corpus, result, silent).chains
    assert differing(tmp_path / "again.db", harbour / "local.db") == {}


def test_a_collection_in_several_parts_is_the_same(spark: SparkSession, collection: Path, tmp_path: Path) -> None:
    one, two = both(spark, [str(collection)], tmp_path, settings(part_words=4000))
    assert differing(one, two) == {}
    with Corpus(two) as corpus:
        kinds = {match.kind for match in corpus.store.matches()}
        families = corpus.store._rows("SELECT count(*) FROM word_index WHERE representative_id <> article_id")[0][0]
        relations = {link.relation for link in corpus.links()}
    # what the collection was made for is in it
    assert relations >= {"quotation"}
    assert kinds >= {"copy", "passage", "furniture"}
    assert families >= 25


def test_what_is_added_afterwards_is_the_same(spark: SparkSession, collection: Path, tmp_path: Path) -> None:
    lines = collection.read_text(encoding="utf-8").splitlines()
    first, more = tmp_path / "first.jsonl", tmp_path / "more.jsonl"
    first.write_text("\n".join(lines[:-8]), encoding="utf-8")
    more.write_text("\n".join(lines[-8:]), encoding="utf-8")
    chosen = settings()
    one, two = both(spark, [str(first)], tmp_path, chosen)
    for database in (one, two):
        with Corpus(database, chosen) as corpus:
            corpus.run([more])
    assert differing(one, two) == {}


def test_a_database_is_analysed_on_spark(spark: SparkSession, collection: Path, tmp_path: Path) -> None:
    chosen = settings(part_words=4000)
    for name in ("spark", "local"):
        with Corpus(tmp_path / f"{name}.db", chosen) as corpus:
            corpus.add([collection])
            if name == "spark":
                corpus.engine = SparkEngine(spark, str(tmp_path / "work"), chosen)
                assert corpus.made_by[1] == "spark"
            corpus.analyze()
    assert differing(tmp_path / "spark.db", tmp_path / "local.db") == {}
    assert not list((tmp_path / "work").glob("*"))


def test_no_articles_are_no_fault(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n\n", encoding="utf-8")
    report = run_job(spark, [str(tmp_path / "none.jsonl")], str(tmp_path / "result"), settings())
    assert (report.articles, report.matches, report.errors) == (0, 0, ())
    result = Result.of(tmp_path / "result")
    with taking(result, tmp_path / "new.db", settings()) as corpus:
        assert import_result(corpus, result, silent).articles == 0


def test_a_result_is_not_written_over(spark: SparkSession, harbour: Path, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "a", "text": "Some words."}), encoding="utf-8")
    with pytest.raises(ProvenanceError, match="holds a result already"):
        run_job(spark, [str(tmp_path / "one.jsonl")], str(harbour / "result"), settings())


def test_rewordings_are_refused(spark: SparkSession, tmp_path: Path) -> None:
    chosen = settings()
    chosen = replace(chosen, reuse=replace(chosen.reuse, sensitivity="rewritten"))
    with pytest.raises(SettingsError, match="rewordings"):
        run_job(spark, [], str(tmp_path / "result"), chosen)
    assert not (tmp_path / "result").exists()
