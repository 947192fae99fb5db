"""Rows written as JSON Lines, JSON or CSV.

CSV is safe to open in a spreadsheet: a cell that a program would take for a formula is written with an apostrophe in
front (OWASP, "CSV Injection"), and nested values are JSON within their cell.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_jsonl(rows: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write one JSON object a line; returns how many."""
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False))
        out.write("\n")
        count += 1
    return count


def write_json(rows: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write one JSON array, an object a line, without holding it in memory; returns how many."""
    count = 0
    out.write("[")
    for row in rows:
        out.write(",\n " if count else "\n ")
        out.write(json.dumps(row, ensure_ascii=False))
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
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
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
