"""Lists for people: the first rows, and how many more there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provenance import Corpus
from provenance.cli import main
from provenance.listings import first_of
from provenance.store import Counted

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour" / "articles"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("listings") / "harbour.db"
    with Corpus(path) as corpus:
        corpus.run([HARBOUR])
    return path


def call(database: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--db", str(database)])


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (["documents"], "documents"),
        (["attributions"], "attributions"),
        (["attributions", "--anonymous"], None),
        (["attributions", "--stance", "deny"], None),
        (["chains"], "chains"),
        (["chains", "--depth", "2"], None),
        (["sources"], "sources"),
        (["outlets"], "outlets"),
        (["passages"], None),
        (["passages", "--furniture"], None),
        (["passages", "--uncredited"], "uncredited"),
    ],
)
def test_what_is_cut_is_counted(database: Path, command: list[str], kind: str | None) -> None:
    whole = call(database, *command, "--limit", "100000")
    assert whole.exit_code == 0
    assert "more (" not in whole.stderr
    first = call(database, *command, "--limit", "1")
    assert first.exit_code == 0
    told = [line for line in first.stderr.splitlines() if line.startswith("… and ")]
    assert len(told) == 1
    more = int(told[0].split()[2].replace(",", ""))
    assert more > 0
    assert call(database, *command, "--limit", str(more + 1)).stdout == whole.stdout
    assert call(database, *command, "--limit", str(more)).stdout != whole.stdout
    if kind is not None:
        assert more + 1 == len(call(database, "export", kind).stdout.splitlines())


def test_lists_of_passages_are_the_same_where_the_summaries_are_outdated(tmp_path: Path) -> None:
    path = tmp_path / "harbour.db"
    with Corpus(path) as corpus:
        corpus.run([HARBOUR])
        words = [["passages", "--limit", "3"], ["passages", "--uncredited", "--limit", "2"]]
        before = [call(path, *each).output for each in words]
        corpus.store.set_stage_signature("summaries", None)
        assert [call(path, *each).output for each in words] == before


def test_records_without_a_number_are_counted_by_going_through_them() -> None:
    assert first_of(iter("abcde"), 2) == (["a", "b"], 5)
    assert first_of(iter("ab"), 2) == (["a", "b"], 2)
    assert first_of(iter(""), 2) == ([], 0)


def test_records_with_a_number_are_not_gone_through() -> None:
    found = Counted(iter("abcde"), 5)
    assert first_of(found, 2) == (["a", "b"], 5)
    assert found.left == 3
    assert list(found) == ["c", "d", "e"]
    assert found.left == 0


def test_a_number_does_not_fall_below_nothing() -> None:
    found = Counted(iter("abc"), 1)
    assert list(found) == ["a", "b", "c"]
    assert found.left == 0
