"""Scoring nested sources."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpqa
import pytest

from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

TEXT = "Ann Cole said the guild is poor. Tom Reed told the Harbour Times that the pier was shut."


def gold(cue: str, *chain: str) -> dict[str, Any]:
    at = TEXT.index(cue)
    spans = [[TEXT.index(name), TEXT.index(name) + len(name)] if name else None for name in chain]
    return {
        "doc": "x",
        "cue_start": at,
        "cue_end": at + len(cue),
        "sentence_start": 0,
        "sentence_end": len(TEXT),
        "source_start": spans[-1][0] if spans[-1] else None,
        "source_end": spans[-1][1] if spans[-1] else None,
        "chain_text": list(chain),
        "chain_spans": spans,
    }


@pytest.mark.parametrize(
    ("row", "right"),
    [
        (gold("said", "Ann Cole"), True),
        (gold("said", "Tom Reed"), False),
        (gold("said", "Tom Reed", "Ann Cole"), False),
        (gold("said", "Ann Cole", "Ann Cole"), True),
        # who was told is no source there
        (gold("told", "Tom Reed"), True),
        (gold("told", ""), False),
    ],
)
def test_a_chain_is_right_name_by_name(row: dict[str, Any], right: bool) -> None:
    found = Attributor(AttributionSettings()).attribute(Article("x", TEXT, language="en"))
    one = mpqa.best(row, found)
    assert one is not None
    assert mpqa.same_chain(one, mpqa.gold_chain(row)) is right


def test_a_name_and_its_acronym_are_alike() -> None:
    assert mpqa.alike("WPG", "the Wharf Pilots Guild")
    assert mpqa.alike("Tom Reed", "Mr. Reed")
    assert not mpqa.alike("the guild", "the mayor")


def test_the_script_prints_the_shares(tmp_path: Path) -> None:
    documents, attributions = tmp_path / "documents.jsonl", tmp_path / "attributions.jsonl.gz"
    documents.write_text(json.dumps({"id": "x", "text": TEXT}) + "\n", encoding="utf-8")
    with gzip.open(attributions, "wt", encoding="utf-8") as lines:
        for row in (gold("said", "Ann Cole"), gold("told", "Ann Cole"), gold("poor", "Ann Cole", "the guild")):
            lines.write(json.dumps(row) + "\n")
    script = Path(mpqa.__file__)
    done = subprocess.run(
        [sys.executable, str(script), str(documents), str(attributions)], capture_output=True, check=True
    )
    report = json.loads(done.stdout)
    assert (report["gold"], report["found"], report["chain_right"]) == (3, 2, 0.5)
    assert report["by_depth"]["2"] == {"gold": 1, "found": 0, "right": 0}
