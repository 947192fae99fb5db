"""What the Spark engine costs beside the local one, and whether it finds the same.

    python benchmarks/spark.py NEWS.jsonl --folder SCRATCH --articles 5000 --master local[2]

The articles are analysed on Spark and the result is imported into a database; then they are analysed locally into
another. CPU is that of the virtual machine and all Python processes, read from /proc; what had been used when the
session stood is told apart. Every table of the two databases is compared, times, runs and arbitrary keys left out.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from provenance.corpus import Corpus
from provenance.engines.spark.job import run_job
from provenance.engines.spark.session import session
from provenance.importing import Result, import_result, taking
from provenance.settings import Settings

_KEYS: Final = {
    "attribution_id": "SELECT x.id || '/' || y.place FROM attributions y JOIN articles x USING (article_id) "
    "WHERE y.attribution_id = t.attribution_id",
    "source_id": "SELECT x.name || '/' || x.kind || '/' || ifnull(x.outlet, '') FROM sources x "
    "WHERE x.source_id = t.source_id",
    "link_id": "SELECT x.id || '/' || (SELECT count(*) FROM links z WHERE z.downstream_id = y.downstream_id "
    "AND z.link_id < y.link_id) FROM links y JOIN articles x ON x.article_id = y.downstream_id "
    "WHERE y.link_id = t.link_id",
    "chain_id": "SELECT x.id || '/' || (SELECT count(*) FROM chains z WHERE z.article_id = y.article_id "
    "AND z.chain_id < y.chain_id) FROM chains y JOIN articles x USING (article_id) WHERE y.chain_id = t.chain_id",
    "hop_id": "SELECT x.id || '/' || (SELECT count(*) FROM chains z WHERE z.article_id = y.article_id "
    "AND z.chain_id < y.chain_id) || '/' || h.place FROM hops h JOIN chains y USING (chain_id) "
    "JOIN articles x ON x.article_id = y.article_id WHERE h.hop_id = t.hop_id",
}
"""Keys of rows as what they stand for."""
_ARTICLES: Final = frozenset({"article_id", "a_id", "b_id", "upstream_id", "downstream_id", "representative_id"})
_ARTICLES_TOO: Final = frozenset({"earliest_id"})
_ARBITRARY: Final = frozenset({"added", "version_id", "match_id", "passage_id", "evidence_id"})
_OMITTED: Final = frozenset({"runs", "migrations"})
_LOOKED_AT_SECONDS: Final = 0.3
_SEARCH: Final = ("word_search", "character_search")


def tables(database: Path) -> dict[str, Counter[str]]:
    """The rows of every table of a database, without times, runs and arbitrary keys."""
    connection = sqlite3.connect(database)
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    found = {}
    for (table,) in listed.fetchall():
        if table in _OMITTED or table.startswith(_SEARCH):
            continue
        columns = [_column(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
        chosen = ", ".join(column for column in columns if column)
        found[table] = Counter(map(repr, connection.execute(f"SELECT {chosen} FROM {table} t")))
    connection.close()
    return found


def _column(name: str) -> str:
    if name in _ARBITRARY:
        return ""
    if name in _ARTICLES | _ARTICLES_TOO:
        return f"(SELECT id FROM articles x WHERE x.article_id = t.{name})"
    return f"({_KEYS[name]})" if name in _KEYS else f"t.{name}"


def differing(one: Path, two: Path) -> dict[str, tuple[list[str], list[str]]]:
    """The tables in which two databases differ, with some rows that only the one and only the other has."""
    first, second = tables(one), tables(two)
    return {
        table: (list(islice(first[table] - second[table], 3)), list(islice(second[table] - first[table], 3)))
        for table in first
        if first[table] != second.get(table)
    }


class _Tree:
    """CPU of this process and all below it, those that have ended included.

    A process whose parent does not wait for it, as Python's below a virtual machine, takes its time with it when it
    ends; so what each has used is looked at a few times a second and the last figure kept.
    """

    def __init__(self) -> None:
        self._used: dict[tuple[int, str], int] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._go_on, daemon=True).start()

    def _go_on(self) -> None:
        while True:
            self.cpu()
            time.sleep(_LOOKED_AT_SECONDS)

    def cpu(self) -> float:
        """CPU seconds so far."""
        parents: dict[int, int] = {}
        found: dict[int, tuple[str, int]] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            found[int(entry.name)] = fields[19], int(fields[11]) + int(fields[12])

        def below(process: int) -> bool:
            while process and process != os.getpid():
                process = parents.get(process, 0)
            return bool(process)

        with self._lock:
            # of one number several processes may come one after the other: they began at different times
            for process, (began, ticks) in found.items():
                if below(process):
                    self._used[process, began] = max(ticks, self._used.get((process, began), 0))
            return sum(self._used.values()) / os.sysconf("SC_CLK_TCK")


class _Meter:
    """Wall and CPU time by stage."""

    def __init__(self, tree: _Tree) -> None:
        self._tree = tree
        self._stage, self._at = "", (time.perf_counter(), tree.cpu())
        self.spent: dict[str, list[float]] = {}

    def __call__(self, stage: str, _share: float) -> None:
        if stage == self._stage:
            return
        now = (time.perf_counter(), self._tree.cpu())
        if self._stage:
            kept = self.spent.setdefault(self._stage, [0.0, 0.0])
            for place in range(2):
                kept[place] += now[place] - self._at[place]
        self._stage, self._at = stage, now

    @property
    def cpu(self) -> float:
        """CPU seconds of all stages."""
        return sum(cpu for _, cpu in self.spent.values())

    def shown(self) -> dict[str, list[float]]:
        return {name: [round(each, 1) for each in times] for name, times in self.spent.items()}


def measure(paths: list[str], folder: Path, master: str, settings: Settings) -> dict[str, Any]:
    """Analyse on Spark and locally, and compare."""
    tree = _Tree()
    spark_meter, local_meter = _Meter(tree), _Meter(tree)
    before = tree.cpu()
    with session(master) as spark:
        spark.range(1).count()
        started = tree.cpu() - before
        report = run_job(spark, paths, str(folder / "result"), settings, progress=spark_meter)
        spark_meter("done", 0.0)
    result = Result.of(folder / "result")
    import_meter = _Meter(tree)
    with taking(result, folder / "spark.db", settings) as corpus:
        import_result(corpus, result, import_meter)
        import_meter("done", 0.0)
    with Corpus(folder / "local.db", settings) as corpus:
        corpus.run(paths, progress=local_meter)
        local_meter("done", 0.0)
    return {
        "articles": report.articles,
        "matches": report.matches,
        "start-up CPU": round(started, 1),
        "Spark": spark_meter.shown(),
        "import": import_meter.shown(),
        "local": local_meter.shown(),
        "Spark CPU": round(spark_meter.cpu + import_meter.cpu, 1),
        "local CPU": round(local_meter.cpu, 1),
        "ratio": round((spark_meter.cpu + import_meter.cpu) / local_meter.cpu, 2),
        "differing": differing(folder / "spark.db", folder / "local.db"),
    }


def main() -> None:
    """Measure, and print the figures as JSON; the exit status tells whether both found the same."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path, help="JSON Lines, or a folder")
    parser.add_argument("--folder", type=Path, required=True, help="for results; must be empty or not there")
    parser.add_argument("--articles", type=int, help="only the first so many lines")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--part-words", type=int, help="words of a part")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    path = given.collection
    if given.articles:
        path = given.folder / "articles.jsonl"
        with given.collection.open("rb") as lines:
            path.write_bytes(b"".join(islice(lines, given.articles)))
    settings = Settings()
    settings = replace(settings, engine=replace(settings.engine, processes=1))
    if given.part_words:
        settings = replace(settings, spark=replace(settings.spark, part_words=given.part_words))
    found = measure([str(path)], given.folder, given.master, settings)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    sys.exit(bool(found["differing"]))


if __name__ == "__main__":
    main()
