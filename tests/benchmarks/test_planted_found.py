"""How much of the planted a database holds."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import planted_found
import pytest
from records import Truth

from provenance.settings import StoreSettings
from provenance.store import Store

TEXT = "word " * 40
"""200 characters."""


class Made:
    """A database of the present schema with articles, and what they are said to share."""

    def __init__(self, folder: Path, articles: str) -> None:
        self.path = folder / "articles.db"
        Store(self.path, StoreSettings()).close()
        self._rows = sqlite3.connect(self.path)
        self._keys = {document: number for number, document in enumerate(articles, 1)}
        for document, key in self._keys.items():
            self._rows.execute("INSERT INTO articles VALUES (?, ?, ?)", (key, document, key))
            self._put("versions", version_id=key, article_id=key, text=TEXT)
        self._rows.commit()

    def _put(self, table: str, **values: Any) -> None:
        """A row of which only some columns matter."""
        empty = {"TEXT": "", "INTEGER": 0, "REAL": 0.0, "BLOB": None}
        columns = {
            name: empty[kind]
            for _, name, kind, needed, *_ in self._rows.execute(f"PRAGMA table_info({table})")
            if needed
        }
        columns |= values
        marks = ", ".join("?" * len(columns))
        self._rows.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))

    def share(self, cluster: int, kind: str = "passage", **spans: tuple[int, int]) -> None:
        for document, (start, end) in spans.items():
            key = self._keys[document]
            self._put("passages", cluster=cluster, article_id=key, start_offset=start, end_offset=end, kind=kind)
        self._rows.commit()

    def match(self, a: str, a_span: tuple[int, int], b: str, b_span: tuple[int, int]) -> None:
        spans = dict(zip(("a_start", "a_end", "b_start", "b_end"), (*a_span, *b_span), strict=True))
        self._put("matches", a_id=self._keys[a], b_id=self._keys[b], kind="quotation", cluster=-1, **spans)
        self._rows.commit()


def planted(giver: str, taker: str, edits: float = 0.15) -> Truth:
    return Truth(giver, 0, 100, taker, 100, 200, edits, 20)


def found(made: Made, *truths: Truth) -> dict[str, dict[str, float]]:
    with planted_found.closing(planted_found.Database(made.path)) as database:
        return planted_found.passages_found(database, truths)


@pytest.mark.parametrize(
    ("giver", "taker", "recall"),
    [
        ((0, 100), (100, 200), 1.0),
        ((50, 200), (0, 150), 1.0),
        ((51, 200), (100, 200), 0.0),
        ((0, 100), (0, 149), 0.0),
    ],
)
def test_half_of_both_sides_must_stand_in_one_cluster(
    tmp_path: Path, giver: tuple[int, int], taker: tuple[int, int], recall: float
) -> None:
    made = Made(tmp_path, "ab")
    made.share(7, a=giver, b=taker)
    assert found(made, planted("a", "b"))["all"]["recall"] == recall


def test_copies_of_different_clusters_join_nothing(tmp_path: Path) -> None:
    made = Made(tmp_path, "ab")
    made.share(7, a=(0, 100))
    made.share(8, b=(100, 200))
    assert found(made, planted("a", "b"))["all"]["recall"] == 0


@pytest.mark.parametrize("sides", [("a", "b"), ("b", "a")])
def test_a_match_joins_in_either_order(tmp_path: Path, sides: tuple[str, str]) -> None:
    made = Made(tmp_path, "ab")
    spans = {"a": (0, 90), "b": (110, 200)}
    made.match(sides[0], spans[sides[0]], sides[1], spans[sides[1]])
    assert found(made, planted("a", "b"))["all"] == {"planted": 1, "recall": 1.0, "told": 1.0}
    assert found(made, planted("b", "a"))["all"]["recall"] == 0


def test_furniture_is_found_and_not_told(tmp_path: Path) -> None:
    made = Made(tmp_path, "abc")
    made.share(7, "furniture", a=(0, 100), b=(100, 200))
    made.share(8, a=(0, 100), c=(100, 200))
    scores = found(made, planted("a", "b", 0.0), planted("a", "c", 0.3), planted("a", "x", 0.3))
    assert scores["0"] == {"planted": 1, "recall": 1.0, "told": 0.0}
    assert scores["0.3"] == {"planted": 2, "recall": 0.5, "told": 0.5}
    assert scores["all"] == {"planted": 3, "recall": 0.6667, "told": 0.3333}


def test_members_stand_together_with_half_of_their_family(tmp_path: Path) -> None:
    made = Made(tmp_path, "abcdefg")
    # of the family a and b in two pieces, c with too little, d with nobody but e
    made.share(1, a=(0, 60), b=(0, 60), c=(0, 60))
    made.share(2, a=(60, 120), b=(60, 120))
    made.share(3, d=(0, 200), e=(0, 200))
    made.share(4, f=(0, 200), g=(0, 200))
    rows = [{"document": document, "of": "family 3"} for document in "abcd"] + [{"document": "g", "of": "f"}]
    with planted_found.closing(planted_found.Database(made.path)) as database:
        assert planted_found.copies_found(database, rows) == {
            "family": {"planted": 4, "recall": 0.5},
            "of an article": {"planted": 2, "recall": 1.0},
        }
        assert planted_found.copies_found(database, rows, frozenset("bc"))["family"] == {"planted": 2, "recall": 0.5}


def test_what_concerns_articles_set_apart_is_counted_by_itself(tmp_path: Path) -> None:
    made = Made(tmp_path, "abc")
    made.share(7, a=(0, 100), b=(100, 200))
    rows = [planted_found.Truth("a", 0, 100, taker, 100, 200, 0.0, 20) for taker in "bc"]
    truth, copies = tmp_path / "truth.jsonl", tmp_path / "copies.jsonl"
    truth.write_text("".join(json.dumps(vars(row)) + "\n" for row in rows), encoding="utf-8")
    copies.write_text(json.dumps({"document": "c", "of": "a", "edits": 0.1}) + "\n", encoding="utf-8")
    base = planted_found.found(made.path, truth, copies, frozenset("c"), wanted=False)
    added = planted_found.found(made.path, truth, copies, frozenset("c"), wanted=True)
    assert base == {
        "passages": {level: {"planted": 1, "recall": 1.0, "told": 1.0} for level in ("0", "all")},
        "copies": {},
    }
    assert added["passages"]["all"]["recall"] == 0
    assert added["copies"] == {"of an article": {"planted": 1, "recall": 0.0}}


def test_a_database_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        planted_found.Database(tmp_path / "none.db").key("a")
    assert not (tmp_path / "none.db").exists()
