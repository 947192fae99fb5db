from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from provenance import Corpus
from provenance.cli import main

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "harbour.db"
    with Corpus(path) as corpus:
        corpus.run([HARBOUR / "articles"])
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["report", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_one_file_is_written_and_nothing_beside_it(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("an older one", encoding="utf-8")
    status, printed, said = run("--db", str(database), "-o", str(out), "--title", "The spill")
    assert (status, printed) == (0, "")
    assert "20 articles" in said
    html = out.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "<h1>The spill</h1>" in html
    assert html.endswith("</html>\n")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_standard_output(database: Path) -> None:
    status, printed, _ = run("--db", str(database), "-o", "-", "--document", "ostrand-beacon")
    assert status == 0
    assert printed.startswith("<!DOCTYPE html>")


def test_a_trace_and_a_passage(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run("--db", str(database), "-o", str(out), "--trace", "400 tonnes of oil")[0] == 0
    assert "Claim traced" in out.read_text(encoding="utf-8")
    assert run("--db", str(database), "-o", str(out), "--cluster", "3")[0] == 0
    assert "Where passage 3 appears" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--document", "nonsense"], 5, "nonsense"),
        (["--cluster", "999"], 5, "999"),
        (["--cluster", "3", "--trace", "x"], 2, "one of --document, --cluster and --trace"),
        (["-o", "no/such/folder/report.html"], 2, "no folder"),
    ],
)
def test_what_cannot_be_reported_leaves_no_file(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found, _, said = run("--db", str(database), *arguments)
    assert found == status
    assert words in said
    assert not list(tmp_path.iterdir())
