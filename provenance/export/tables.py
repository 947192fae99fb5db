"""Rows written as JSON Lines, JSON or CSV.

CSV is safe to open in a spreadsheet: a cell that a program would take for a formula is written with an apostrophe in
front (OWASP, "CSV Injection"), and nested values are JSON within their cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

from provenance.export.plain import as_json

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula, in full width too (spreadsheets set to Japanese take these)."""


def write_jsonl(rows: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write one JSON object a line; returns how many."""
    count = 0
    for row in rows:
        out.write(as_json(row))
        out.write("\n")
        count += 1
    return count


def write_json(rows: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write one JSON array, an object a line, without holding it in memory; returns how many."""
    count = 0
    out.write("[")
    for row in rows:
        out.write(",\n " if count else "\n ")
        out.write(as_json(row))
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def safe_cell(value: Any) -> str | int | float:
    """A value as a CSV cell: numbers as they are, nested values as JSON, formulas made harmless, nothing as "".

    A NUL, which CSV readers refuse, becomes the replacement character.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else as_json(value)
    text = text.replace("\0", "\ufffd")
    return "'" + text if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def write_csv(rows: Iterable[dict[str, Any]], fields: Sequence[str], out: TextIO) -> int:
    """Write CSV (RFC 4180) with a head line; returns how many rows."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    count = 0
    for row in rows:
        writer.writerow([safe_cell(row.get(field)) for field in fields])
        count += 1
    return count
