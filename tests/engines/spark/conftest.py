"""One Spark session for all tests here; they are skipped where Java or the extra `spark` is not installed."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class _Absent(pytest.Module):
    """A module of tests that cannot be imported here."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        if os.environ.get("CI") == "true":
            raise self.CollectError("the extra spark is not installed")
        pytest.skip("the extra spark is not installed", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if find_spec("pyspark") is not None and find_spec("pyarrow") is not None:
        return None
    absent: pytest.Module = _Absent.from_parent(parent, path=module_path)
    return absent


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    from provenance.engines.spark.session import session

    with session("local[2]") as running:
        # small tables: a task costs more than what it does
        running.conf.set("spark.sql.shuffle.partitions", "2")
        yield running


_STEMS = """
harbour ferry council river pilot storm budget school bridge market tunnel winter signal orchard
lantern copper violet meadow gravel anchor barrel candle drawer engine fabric garden hammer island
jacket kettle ladder mirror needle office pencil quarry ribbon saddle ticket urchin valley window
yellow zipper basket carpet dinner
"""
_WORDS = _STEMS.split()


def _sentence(drawn: random.Random, words: int) -> str:
    chosen = [drawn.choice(_WORDS) + drawn.choice(["", "s", "ed", "ing", "ly", "er"]) for _ in range(words)]
    return " ".join(chosen).capitalize() + "."


def _story(drawn: random.Random, sentences: int) -> str:
    return "\n\n".join(_sentence(drawn, drawn.randint(8, 20)) for _ in range(sentences))


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles with families of edited copies, equal texts, a passage in very many, and standing matter of outlets."""
    drawn = random.Random(7)
    agency, common, quoted = _story(drawn, 14), _sentence(drawn, 30), f'"{_sentence(drawn, 24)}"'
    footer = {name: _sentence(drawn, 24) for name in ("Argus", "Beacon", "Courier", "Dispatch")}
    rows: list[dict[str, str]] = []
    for number in range(260):
        outlet = drawn.choice(sorted(footer))
        text = _story(drawn, drawn.randint(3, 9))
        if number < 30:
            # a copy of one report, edited here and there, with a beginning of its own
            words = agency.split(" ")
            for _ in range(number % 9):
                words[drawn.randrange(len(words))] = drawn.choice(_WORDS)
            text = " ".join(words) + "\n\n" + _sentence(drawn, number)
        elif number < 36:
            text = rows[31]["text"] if number > 32 else text
        elif number % 2:
            text += f"\n\n{common}"
        elif number % 7 == 0:
            named = " ".join(drawn.choice(_WORDS).capitalize() for _ in range(2))
            text += f"\n\n{quoted} {named} told the Veldmark Press Agency (VPA). {_sentence(drawn, 20)}"
        if number % 3 == 0:
            text += f"\n\n{footer[outlet]}"
        row = {"id": f"a{number:03}", "text": text, "outlet": outlet, "title": f"Story {number}"}
        if number % 4:
            row["published"] = f"2024-0{1 + number % 9}-1{number % 10}"
        rows.append(row)
    drawn.shuffle(rows)
    path = tmp_path_factory.mktemp("collection") / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
