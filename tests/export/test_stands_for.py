"""What a place stands for is told beside the name that the article gives, not instead of it."""

from __future__ import annotations

from pathlib import Path

from provenance import Article, Corpus


def test_a_capital_that_speaks_is_told_with_its_government(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_articles([Article(id="a", text="Damascus said on Monday that the truce would hold.", language="en")])
        corpus.update()
        [row] = corpus.rows("attributions", corpus.attributions())
    assert row["chain"] == ["Damascus"]
    assert row["stands_for"] == {"Damascus": "government of Syria"}


def test_a_person_stands_for_nobody_else(tmp_path: Path) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_articles([Article(id="a", text="Paris Jones said on Monday that it would rain.", language="en")])
        corpus.update()
        [row] = corpus.rows("attributions", corpus.attributions())
    assert row["stands_for"] == {}
