from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from provenance.cli import main

EXTRA = all(importlib.util.find_spec(name) for name in ("pyspark", "pyarrow", "pandas"))
needs_extra = pytest.mark.skipif(not EXTRA, reason="the extra spark is not installed")
needs_spark = pytest.mark.skipif(not EXTRA or shutil.which("java") is None, reason="Java or the extra is not installed")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    rows = [{"id": "a", "text": "Some words of an article."}, {"id": "b"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.mark.parametrize("command", ["run", "analyze"])
def test_the_extra_is_named_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, articles: Path, command: str
) -> None:
    database = tmp_path / "x.db"
    assert invoke("add", articles, "--db", database).exit_code == 3
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyspark" else found(name))
    given = [articles] if command == "run" else []
    done = invoke(command, *given, "--engine", "spark", "--output", tmp_path / "r", "--db", database)
    assert done.exit_code == 6
    assert "pyspark" in done.output
    assert "pip install 'provenance[spark]'" in done.output
    assert not (tmp_path / "r").exists()


@needs_extra
def test_java_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, articles: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = invoke("run", articles, "--engine", "spark", "--output", tmp_path / "r")
    assert done.exit_code == 6
    assert "needs Java" in done.output
    assert "JAVA_HOME" in done.output


@needs_spark
@pytest.mark.parametrize("command", ["run", "analyze"])
def test_a_folder_is_asked_for(tmp_path: Path, articles: Path, command: str) -> None:
    database = tmp_path / "x.db"
    invoke("add", articles, "--db", database)
    done = invoke(command, *([articles] if command == "run" else []), "--engine", "spark", "--db", database)
    assert done.exit_code == 2
    assert "--output" in done.output


@needs_spark
@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--follow", "--output", "r"], "--follow is for --engine local"),
        (["--output", "hdfs://h/r", "--db", "x.db"], "an --output on this machine"),
    ],
)
def test_what_does_not_go_together_is_refused(articles: Path, given: list[str], told: str) -> None:
    done = invoke("run", articles, "--engine", "spark", *given)
    assert done.exit_code == 2
    assert told in " ".join(done.output.replace("│", " ").split())


@needs_spark
def test_rewordings_are_refused_before_anything_starts(tmp_path: Path, articles: Path) -> None:
    done = invoke("run", articles, "--engine", "spark", "--output", tmp_path / "r", "--sensitivity", "rewritten")
    assert done.exit_code == 2
    assert "rewordings" in done.output
    assert not (tmp_path / "r").exists()


@needs_spark
def test_a_run_on_spark_makes_a_result_and_a_database(tmp_path: Path, articles: Path) -> None:
    output, database = tmp_path / "r", tmp_path / "x.db"
    done = invoke("run", articles, "--engine", "spark", "--master", "local[1]", "--output", output, "--db", database)
    assert done.exit_code == 3, done.output
    assert f"{articles}, line 2: it has no text" in done.output
    assert "1 articles" in done.output
    assert (output / "manifest" / "_SUCCESS").exists()
    listed = invoke("documents", "--db", database, "--json")
    assert [row["id"] for row in json.loads(listed.stdout)] == ["a"]
