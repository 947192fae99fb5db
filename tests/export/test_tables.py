"""Rows written out."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from provenance.export.tables import safe_cell, write_csv, write_json, write_jsonl

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(max_size=5), max_size=3))
ROWS = st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), max_size=5)


@given(ROWS)
def test_jsonl_is_read_back(rows: list[dict[str, object]]) -> None:
    out = io.StringIO()
    assert write_jsonl(rows, out) == len(rows)
    assert [json.loads(line) for line in out.getvalue().split("\n") if line] == rows


@given(ROWS)
def test_json_is_one_array(rows: list[dict[str, object]]) -> None:
    out = io.StringIO()
    assert write_json(rows, out) == len(rows)
    assert json.loads(out.getvalue()) == rows


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), max_size=5))
def test_csv_has_a_head_and_no_formula(rows: list[dict[str, str]]) -> None:
    out = io.StringIO(newline="")
    assert write_csv(rows, ("a", "b"), out) == len(rows)
    table = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert table[0] == ["a", "b"]
    assert len(table) == len(rows) + 1
    assert not any(cell.lstrip(" ")[:1] in {"=", "+", "-", "@", "\t"} for row in table[1:] for cell in row)


def test_cells() -> None:
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("  @SUM(A1)") == "'  @SUM(A1)"
    assert safe_cell(-3.5) == -3.5
    assert safe_cell(None) == ""
    assert safe_cell("a\0b") == "a\ufffdb"
    assert safe_cell(True) == "true"
    assert safe_cell([1, "a"]) == '[1, "a"]'
