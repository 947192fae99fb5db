from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from provenance.cli import main
from provenance.corpus import Corpus
from provenance.errors import MalformedError, StoreError, UnreadableError
from provenance.importing import Result, taking
from provenance.model import Article
from provenance.reuse import INDEX_SCHEME
from provenance.settings import Settings
from provenance.signatures import METHOD

pa = pytest.importorskip("pyarrow", reason="the extra spark is not installed")
pq = pytest.importorskip("pyarrow.parquet", reason="the extra spark is not installed")


def result(folder: Path, **changed: Any) -> Path:
    """A folder with the manifest of a whole result."""
    told = {
        "layout": 1,
        "version": "0.1.0",
        "method": METHOD,
        "scheme": INDEX_SCHEME,
        "articles": 0,
        "settings": {"ingest": {}, "reuse": {"minimum_words": 9}, "attribution": {"outlets": "gone.csv"}, "chains": {}},
        "errors": [["MalformedError", "x.jsonl, line 3", "not JSON", "mend it"]],
        "outlets": None,
        "job": "one",
        **changed,
    }
    (folder / "manifest").mkdir(parents=True)
    pq.write_table(pa.table({"manifest": [json.dumps(told)]}), folder / "manifest" / "part-0.parquet")
    (folder / "manifest" / "_SUCCESS").touch()
    return folder


def test_what_is_no_whole_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no whole result"):
        Result.of(tmp_path)
    (tmp_path / "manifest").mkdir()
    with pytest.raises(UnreadableError, match="no whole result"):
        Result.of(tmp_path)


@pytest.mark.parametrize("changed", [{"method": "0"}, {"layout": 99}, {"scheme": "words 0"}])
def test_results_of_other_versions_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="whose results differ"):
        Result.of(result(tmp_path / "r", **changed))


_SETTINGS = {"ingest": {}, "reuse": {}, "attribution": {}, "chains": {}}


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"errors": [["NoSuchError", "x.jsonl, line 3", "not JSON", "mend it"]]}, "NoSuchError"),
        ({"errors": [["annotations", "x.jsonl, line 3", "not JSON", "mend it"]]}, "annotations"),
        ({"errors": [["StoreError", "x.jsonl, line 3", "not JSON", "mend it"]]}, "StoreError"),
        ({"errors": [["MalformedError", "x.jsonl, line 3", "not JSON"]]}, "an error is not"),
        ({"errors": [["MalformedError", "x.jsonl, line 3", "not JSON", None]]}, "an error is not"),
        ({"errors": None}, "no list of errors"),
        ({"settings": None}, "no settings of ingest"),
        ({"settings": {**_SETTINGS, "chains": 1}}, "no settings of chains"),
        ({"settings": {**_SETTINGS, "reuse": {"words": 1}}}, "no setting is named 'words'"),
        ({"settings": {**_SETTINGS, "reuse": {"minimum_words": "9"}}}, "is no int"),
        ({"settings": {**_SETTINGS, "reuse": {"shingle_words": 0}}}, "shingle_words"),
        ({"job": None}, "job or outlets"),
        ({"outlets": []}, "job or outlets"),
        ({"outlets": "{"}, "outlets: "),
        ({"outlets": "[[1]]"}, "outlets: "),
        ({"outlets": '[[1, "outlet", [], "", "", [], []]]'}, "outlets: "),
    ],
)
def test_a_damaged_manifest_is_refused_before_anything_is_taken_over(
    tmp_path: Path, changed: dict[str, Any], what: str
) -> None:
    folder = result(tmp_path / "r", **changed)
    with pytest.raises(MalformedError, match="the manifest is damaged") as caught:
        Result.of(folder)
    assert what in caught.value.what
    assert (caught.value.where, bool(caught.value.remedy)) == (str(folder / "manifest"), True)
    done = CliRunner().invoke(main, ["import", str(folder), "--db", str(tmp_path / "x.db")])
    assert done.exit_code == 3, done.output
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("column", [["{"], ["7"], ["[" * 100_000], [7], [None], []])
def test_a_manifest_that_is_no_manifest_is_refused(tmp_path: Path, column: list[Any]) -> None:
    folder = result(tmp_path / "r")
    kind = pa.int64() if column == [7] else pa.string()
    pq.write_table(pa.table({"manifest": pa.array(column, kind)}), folder / "manifest" / "part-0.parquet")
    with pytest.raises(MalformedError, match="the manifest is damaged"):
        Result.of(folder)
    pq.write_table(pa.table({"other": [1]}), folder / "manifest" / "part-0.parquet")
    with pytest.raises(MalformedError, match="the manifest is damaged"):
        Result.of(folder)
    (folder / "manifest" / "part-0.parquet").write_bytes(b"PAR1 no Parquet")
    with pytest.raises(MalformedError, match="the manifest is damaged"):
        Result.of(folder)


def test_settings_of_the_job_count_where_results_depend_on_them(tmp_path: Path) -> None:
    given = Settings()
    chosen = Result.of(result(tmp_path / "r")).settings(given)
    assert chosen.reuse.minimum_words == 9
    assert chosen.attribution.outlets == ""
    assert chosen.store == given.store


def test_a_database_with_other_articles_is_left_alone(tmp_path: Path) -> None:
    made = Result.of(result(tmp_path / "r"))
    with Corpus(tmp_path / "x.db") as corpus:
        corpus.add_articles([Article("a", "Some words.")])
    with pytest.raises(StoreError, match="holds articles already"):
        taking(made, tmp_path / "x.db", Settings())
    with Corpus(tmp_path / "x.db") as corpus:
        assert [article.id for article in corpus.documents()] == ["a"]


def test_one_that_was_stopped_goes_on(tmp_path: Path) -> None:
    made = Result.of(result(tmp_path / "r"))
    with taking(made, tmp_path / "x.db", Settings()) as corpus:
        corpus.add_articles([Article("a", "Some words.")])
    with taking(made, tmp_path / "x.db", Settings()) as corpus:
        assert corpus.store.held() == 1
    other = Result.of(result(tmp_path / "s", job="two"))
    with pytest.raises(StoreError, match="holds articles already"):
        taking(other, tmp_path / "x.db", Settings())


def test_the_command_tells_what_the_job_could_not_use(tmp_path: Path) -> None:
    folder = result(tmp_path / "r")
    done = CliRunner().invoke(main, ["import", str(folder), "--db", str(tmp_path / "x.db"), "--json"])
    assert done.exit_code == 3, done.output
    assert "x.jsonl, line 3: not JSON" in done.output


def test_the_command_names_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["import", str(tmp_path), "--db", str(tmp_path / "x.db")])
    assert done.exit_code == 3
    assert "no whole result of the Spark engine" in done.output
    assert not (tmp_path / "x.db").exists()
