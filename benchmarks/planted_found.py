"""How much of what was planted a database holds, read from it alone and in bounded memory.

    python benchmarks/planted_found.py DATABASE --truth TRUTH.jsonl [--copies COPIES.jsonl] [--only ADDED.jsonl]

A planted passage is found where one cluster has a copy in its giver and one in its taker, or one match joins both, each
covering at least half of the characters planted on its side. `recall` counts all of them, `told` those that are not all
marked as page furniture. A copy is found where at least half of its text stands in clusters in which half of its family
has a copy, too; an article and the copies of it are a family.

`--only` counts what concerns an article of that file, `--but` all else.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from records import Truth, opened

COVERED = 0.5
FURNITURE = "furniture"
LARGE_FAMILY = 100
"""Families with more members are counted apart."""


class Place(NamedTuple):
    """Where a copy stands, as a row of the database."""

    cluster: int
    start: int
    end: int
    kind: str


class Database:
    """A database of this package, opened for nothing but reading.

    Raises:
        sqlite3.Error: it is none.
    """

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def close(self) -> None:
        """Close it."""
        self._rows.close()

    def key(self, document: str) -> int | None:
        """The integer key of an article; None where it is not held."""
        row = self._rows.execute("SELECT article_id FROM articles WHERE id = ?", (document,)).fetchone()
        return None if row is None else int(row[0])

    def copies(self, key: int) -> list[Place]:
        """What an article shares."""
        sql = "SELECT cluster, start_offset, end_offset, kind FROM passages WHERE article_id = ?"
        return [Place(*row) for row in self._rows.execute(sql, (key,))]

    def matches(self, one: int, other: int) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
        """The matches of two articles: where in the one, where in the other, and of what kind."""
        sql = "SELECT a_start, a_end, b_start, b_end, kind FROM matches WHERE a_id = ? AND b_id = ?"
        for a_start, a_end, b_start, b_end, kind in self._rows.execute(sql, (one, other)):
            yield (a_start, a_end), (b_start, b_end), kind
        for a_start, a_end, b_start, b_end, kind in self._rows.execute(sql, (other, one)):
            yield (b_start, b_end), (a_start, a_end), kind

    def characters(self, key: int) -> int:
        """How long an article is."""
        sql = "SELECT length(text) FROM versions NATURAL JOIN articles WHERE article_id = ?"
        return int(self._rows.execute(sql, (key,)).fetchone()[0])


def covers(start: int, end: int, planted: tuple[int, int]) -> bool:
    """Whether a stretch covers enough of what was planted."""
    return min(end, planted[1]) - max(start, planted[0]) >= COVERED * (planted[1] - planted[0])


def kinds_of(database: Database, truth: Truth) -> set[str]:
    """The kinds of what joins both sides of a planted passage; empty where nothing does."""
    giver, taker = database.key(truth.a), database.key(truth.b)
    if giver is None or taker is None:
        return set()
    planted = (truth.a_start, truth.a_end), (truth.b_start, truth.b_end)
    held: dict[int, set[str]] = defaultdict(set)
    for place in database.copies(giver):
        if covers(place.start, place.end, planted[0]):
            held[place.cluster].add(place.kind)
    found: set[str] = set()
    for place in database.copies(taker):
        if place.cluster in held and covers(place.start, place.end, planted[1]):
            found |= held[place.cluster] | {place.kind}
    for one, other, kind in database.matches(giver, taker):
        if covers(*one, planted[0]) and covers(*other, planted[1]):
            found.add(kind)
    return found


def passages_found(database: Database, truths: Iterable[Truth]) -> dict[str, dict[str, float]]:
    """The shares of planted passages found, over all and by level of edits."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for truth in truths:
        kinds = kinds_of(database, truth)
        for level in ("all", f"{truth.edits:g}"):
            planted[level] += 1
            found[level] += bool(kinds)
            told[level] += bool(kinds - {FURNITURE})
    return {
        level: {
            "planted": count,
            "recall": round(found[level] / count, 4),
            "told": round(told[level] / count, 4),
        }
        for level, count in sorted(planted.items())
    }


def copies_found(
    database: Database, rows: Iterable[dict[str, Any]], chosen: frozenset[str] | None = None
) -> dict[str, dict[str, float]]:
    """The shares of whole copies found, of all or of the chosen articles, by the sort of family they belong to."""
    families: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        families[row["of"]].append(row["document"])
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, documents in families.items():
        sort = "of an article"
        if not name.startswith("family "):
            documents.append(name)
        else:
            sort = "large family" if len(documents) > LARGE_FAMILY else "family"
        counted = set(documents if chosen is None else chosen.intersection(documents))
        if counted and len(documents) > 1:
            totals[sort][0] += len(counted)
            totals[sort][1] += len(_together(database, documents) & counted)
    return {
        sort: {"planted": planted, "recall": round(found / planted, 4)}
        for sort, (planted, found) in sorted(totals.items())
    }


def _together(database: Database, documents: Iterable[str]) -> set[str]:
    """Which of a family stand, with half of their text, in clusters that half of the family has a copy in."""
    held = {document: key for document in documents if (key := database.key(document)) is not None}
    members: Counter[int] = Counter()
    for key in held.values():
        members.update({place.cluster for place in database.copies(key)})
    # a text that only meets itself is nobody's copy
    least = max(2, len(held) / 2)
    common = {cluster for cluster, count in members.items() if count >= least}
    return {
        document
        for document, key in held.items()
        if _length(place for place in database.copies(key) if place.cluster in common)
        >= COVERED * database.characters(key)
    }


def _length(places: Iterable[Place]) -> int:
    """How many characters are covered."""
    total = reached = 0
    for place in sorted(places, key=lambda place: place.start):
        total += max(0, place.end - max(place.start, reached))
        reached = max(reached, place.end)
    return total


def ids_of(articles: Path) -> frozenset[str]:
    """The ids of the articles of a file."""
    with opened(articles) as lines:
        return frozenset(json.loads(line)["id"] for line in lines)


def rows_of(path: Path, chosen: frozenset[str], *, wanted: bool) -> Iterator[dict[str, Any]]:
    """The rows of a file that concern a chosen article, or those that do not."""
    with opened(path) as lines:
        for line in lines:
            row = json.loads(line)
            concerned = {row.get(name) for name in ("a", "b", "document", "of")}
            if bool(concerned & chosen) is wanted:
                yield row


def found(database: Path, truth: Path, copies: Path | None, chosen: frozenset[str], *, wanted: bool) -> dict[str, Any]:
    """What of the planted passages and copies is found, of those that concern a chosen article or of all others."""
    with closing(Database(database)) as held:
        report: dict[str, Any] = {
            "passages": passages_found(held, (Truth(**row) for row in rows_of(truth, chosen, wanted=wanted)))
        }
        if copies and wanted:
            report["copies"] = copies_found(held, rows_of(copies, frozenset(), wanted=False), chosen)
        elif copies:
            report["copies"] = copies_found(held, rows_of(copies, chosen, wanted=False))
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--truth", type=Path, required=True, help="what enlarged.py or planted.py wrote")
    parser.add_argument("--copies", type=Path, help="what enlarged.py wrote")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--only", type=Path, help="articles one of which must be concerned")
    which.add_argument("--but", type=Path, help="articles none of which may be concerned")
    options = parser.parse_args()
    file = options.only or options.but
    chosen = ids_of(file) if file else frozenset()
    report = found(options.database, options.truth, options.copies, chosen, wanted=bool(options.only))
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
