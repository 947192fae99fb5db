"""Places that stand for who sits there: Damascus for the government of Syria, the Pentagon for a department.

A source keeps the name that the article gives it; what it stands for is told beside it. Only an organisation is meant
so: "Paris" as a person's name stands for nobody else.
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib import resources

from provenance.attribution.outlets import folded
from provenance.model import Source


def stands_for(source: Source) -> str:
    """What a source named by a place stands for, such as "government of Syria"; empty where it is no such place."""
    return _table().get(folded(source.name), ("", ""))[0] if source.kind == "organization" else ""


def is_house(name: str) -> bool:
    """Whether a place is named for who speaks there and nothing else (Pentagon), unlike a capital, which is a town."""
    return _table().get(folded(name), ("", ""))[1] == "house"


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, str]]:
    file = resources.files("provenance.attribution") / "metonyms.csv"
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return {folded(row["name"]): (row["stands_for"], row["kind"]) for row in rows}
