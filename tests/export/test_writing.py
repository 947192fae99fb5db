"""Every export by name: fields, formats, order, and cells that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provenance import Corpus
from provenance.cli import main
from provenance.errors import NotFoundError
from provenance.export.rows import FIELDS, ROWS
from provenance.export.writing import FORMATS
from provenance.export_command import EXPORTS

ROW_KINDS = [what for what, forms in FORMATS.items() if "csv" in forms]
EVERY = [(what, form) for what, forms in FORMATS.items() for form in forms]
RAW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def written(corpus: Corpus, what: str, form: str) -> str:
    out = io.StringIO(newline="")
    document = next(corpus.documents()).id if what == "annotations" else None
    corpus.export(what, out, form, document)
    return out.getvalue()


def test_the_command_offers_what_there_is() -> None:
    assert EXPORTS == FORMATS
    assert set(ROW_KINDS) == set(FIELDS) == set(ROWS)


@pytest.mark.parametrize("what", ROW_KINDS)
def test_rows_have_their_fields(corpus: Corpus, what: str) -> None:
    rows = [json.loads(line) for line in written(corpus, what, "jsonl").splitlines()]
    assert all(tuple(row) == FIELDS[what] for row in rows)
    assert json.loads(written(corpus, what, "json")) == rows


@pytest.mark.parametrize("what", ROW_KINDS)
def test_no_cell_is_a_formula(hostile: Corpus, what: str) -> None:
    text = written(hostile, what, "csv")
    assert "\0" not in text
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(table[0]) == FIELDS[what]
    assert len(table) > 1 or what == "uncredited"
    for row in table[1:]:
        assert len(row) == len(FIELDS[what])
        for cell in row:
            assert not cell.lstrip(" ").startswith(("=", "+", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
            assert not cell.startswith("-") or re.fullmatch(r"-\d+(\.\d+)?", cell)


@pytest.mark.parametrize(("what", "form"), [each for each in EVERY if each[1] != "csv"])
def test_no_control_sequence_gets_through(hostile: Corpus, what: str, form: str) -> None:
    assert not RAW.search(written(hostile, what, form))


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_the_same_collection_is_the_same_file(corpus: Corpus, what: str, form: str) -> None:
    assert written(corpus, what, form) == written(corpus, what, form)


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory: pytest.TempPathFactory, harbour: Corpus) -> Iterator[list[Corpus]]:
    """The same articles added in their order and in the other."""
    articles = [article for article in harbour.documents() if article.id > "o"]
    folder = tmp_path_factory.mktemp("order")
    with Corpus(folder / "a.db") as one, Corpus(folder / "b.db") as two:
        one.add_articles(articles)
        two.add_articles(reversed(articles))
        one.update()
        two.update()
        yield [one, two]


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_the_order_of_the_input_does_not_matter(both_ways: list[Corpus], what: str, form: str) -> None:
    one, two = (written(each, what, form) for each in both_ways)
    assert one == two
    assert one


def test_articles_can_be_added_again(harbour: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(written(harbour, "articles", "jsonl"), encoding="utf-8")
    with Corpus(tmp_path / "again.db") as again:
        report = again.add([path])
        assert not report.errors
        assert list(again.documents()) == [
            # credits outside the text are what a page says, and no field of a record
            type(one)(one.id, one.text, one.title, one.outlet, one.url, one.author, one.published, one.language)
            for one in harbour.documents()
        ]


def test_what_is_not_there_is_named(harbour: Corpus) -> None:
    with pytest.raises(NotFoundError, match="no export is named 'nonsense'"):
        harbour.export("nonsense", io.StringIO())
    with pytest.raises(NotFoundError, match="graph has no format 'csv'"):
        harbour.export("graph", io.StringIO(), "csv")


def called(corpus: Corpus, *words: str) -> Result:
    return CliRunner().invoke(main, ["export", *words, "--db", str(corpus.store.path)])


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_the_command_writes_what_the_library_does(harbour: Corpus, tmp_path: Path, what: str, form: str) -> None:
    target = tmp_path / "out"
    named = ["--document", next(harbour.documents()).id] if what == "annotations" else []
    result = called(harbour, what, "--format", form, "-o", str(target), *named)
    assert (result.exit_code, result.output) == (0, "")
    with target.open(encoding="utf-8", newline="") as file:
        assert file.read() == written(harbour, what, form)


def test_wrong_usage_is_told_and_overwrites_nothing(harbour: Corpus, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("kept", encoding="utf-8")
    for words, code, told in (
        (["graph", "--format", "csv"], 2, "graph is written as gexf or graphml"),
        (["annotations"], 2, "--document names it"),
        (["links", "--document", "vpa-0312"], 2, "only they need it"),
        (["annotations", "--document", "nobody"], 5, "no article has the id 'nobody'"),
    ):
        result = called(harbour, *words, "-o", str(target))
        assert result.exit_code == code
        assert told in result.output
    assert target.read_text(encoding="utf-8") == "kept"
