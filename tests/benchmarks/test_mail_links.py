"""Scoring links between mails."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import fit_links
import mail_links
import numpy as np
import pytest

from provenance.model import Link

PARENTS = {"b": "a", "c": "b", "d": "a"}


def drawn(upstream: str, downstream: str, confidence: float = 0.9) -> Link:
    return Link(upstream, upstream, downstream, "uncredited-copy", False, confidence, (), (upstream, downstream))


def test_right_wrong_and_turned_links_are_told_apart() -> None:
    links = [drawn("a", "b"), drawn("a", "c"), drawn("d", "a"), drawn("x", "y")]
    found = mail_links.figures(links, PARENTS)
    assert (found["links"], found["direction"], found["parent_precision"]) == (2, 0.5, 0.5)
    assert (found["parent_recall"], found["ancestor_beyond_parent"]) == (0.3333, 0.5)


def test_confidence_that_is_the_share_of_right_ones_is_not_off() -> None:
    assert mail_links.miscalibration([(0.5, True), (0.5, False)]) == 0
    assert mail_links.miscalibration([(0.9, False)]) == pytest.approx(0.9)
    assert mail_links.miscalibration([]) == 0


def test_a_circle_of_parents_has_an_end() -> None:
    assert mail_links.ancestors({"a": "b", "b": "a"}, "a") == {"a", "b"}


def test_dates_are_left_out_where_asked(tmp_path: Path) -> None:
    row = {"id": "a", "text": "words", "published": "2024-03-01"}
    with gzip.open(tmp_path / "documents.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")
    for undated in (False, True):
        made = mail_links.prepared(tmp_path, tmp_path / "mails.jsonl", undated=undated)
        assert ("published" in json.loads(made.read_text())) is not undated


def test_a_thread_falls_into_one_half() -> None:
    assert len({fit_links.in_first_half(PARENTS, one) for one in "abcd"}) == 1


def test_the_fit_finds_the_share_of_right_ones() -> None:
    rows = np.array([[1.0, 0.0]] * 100 + [[1.0, 1.0]] * 100)
    right = np.array([1.0] * 30 + [0.0] * 70 + [1.0] * 80 + [0.0] * 20)
    share = 1 / (1 + np.exp(-rows @ fit_links.fitted(rows, right)))
    assert share[0] == pytest.approx(0.3, abs=0.01)
    assert share[-1] == pytest.approx(0.8, abs=0.01)
