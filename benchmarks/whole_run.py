"""Measure a whole run, from files to chains: CPU in U by stage, memory, size of the database.

    python benchmarks/whole_run.py COLLECTION.jsonl --db NEW.db [--record NAME]
    python benchmarks/whole_run.py ADDED.jsonl --db OLD.db --unit-of COLLECTION.jsonl

A database that is there is added to. What `provenance run` prints is not made here. U is counted before and after, text
by text as the file is read, so that the texts are not held in memory. Where stages run in several processes the CPU of
all of them is in the sum, under the stage in which they ended; `workers_MB` is what they held beside `peak_MB`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from records import WORD, Workers, cpu_seconds, opened, peak_megabytes, record

from provenance import Corpus
from provenance.settings import Settings


def streamed_unit(collection: Path) -> tuple[float, int, int]:
    """The unit U for the texts of a file, in seconds; how many texts and words there are."""
    spent, texts, words = 0.0, 0, 0
    with opened(collection) as lines:
        for line in lines:
            text = json.loads(line)["text"]
            began = time.process_time()
            words += len(WORD.findall(text.lower()))
            spent += time.process_time() - began
            texts += 1
    return spent, texts, words


class Stages:
    """CPU and wall time by stage, as it is told of them."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = defaultdict(float)
        self.wall: dict[str, float] = defaultdict(float)
        self._last = ("opening", cpu_seconds(), time.monotonic())

    def tell(self, stage: str, _share: float) -> None:
        """The progress callback of a run; a count in brackets is not part of a stage's name."""
        now = (re.sub(r" \(.*", "", stage), cpu_seconds(), time.monotonic())
        self.cpu[self._last[0]] += now[1] - self._last[1]
        self.wall[self._last[0]] += now[2] - self._last[2]
        self._last = now


def measure(collection: Path, database: Path, unit_of: Path, settings: Settings) -> dict[str, Any]:
    """Run, and what it cost."""
    before, texts, words = streamed_unit(unit_of)
    stages, began, clock = Stages(), cpu_seconds(), time.monotonic()
    with Workers() as workers, Corpus(database, settings) as corpus:
        report = corpus.run([collection], progress=stages.tell)
        stages.tell("closing", 0.0)
    stages.tell("", 1.0)
    cpu, wall, peak = cpu_seconds() - began, time.monotonic() - clock, peak_megabytes()
    unit = (before + streamed_unit(unit_of)[0]) / 2
    return {
        "articles": texts,
        "words": words,
        "held": report.articles,
        "unit_seconds": round(unit, 3),
        "cpu_seconds": round(cpu, 2),
        "wall_seconds": round(wall, 2),
        "cpu_U": round(cpu / unit, 2),
        "stages_U": {stage: round(seconds / unit, 2) for stage, seconds in stages.cpu.items()},
        "stages_wall_seconds": {stage: round(seconds, 2) for stage, seconds in stages.wall.items()},
        "peak_MB": peak,
        "workers_MB": workers.megabytes,
        "database_MB": round(database.stat().st_size / 1e6),
        "found": {
            "clusters": report.clusters,
            "furniture": report.furniture,
            "attributions": report.attributions,
            "links": sum(report.links.values()),
            "chains": report.chains,
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("--db", type=Path, required=True, help="the database, made if it is not there")
    parser.add_argument("--unit-of", type=Path, help="the texts that U is counted over, if not those of the collection")
    parser.add_argument("--settings", type=Path, help="a TOML file with other thresholds")
    parser.add_argument("--record", metavar="NAME", help="enter the figures in README.md under this name")
    options = parser.parse_args()
    settings = Settings.from_toml(options.settings) if options.settings else Settings()
    figures = measure(options.collection, options.db, options.unit_of or options.collection, settings)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    if options.record:
        record(options.record, "run", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
