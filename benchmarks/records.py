"""What the benchmarks read and write: collections, truths, and the figures in README.md.

Collections and truths are JSON Lines, one article or one planted passage a line. Figures are kept in figures.json, and
the tables of README.md are made from that alone.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

WORD = re.compile(r"\w+")
"""What the benchmarks take for a word; on purpose not the product's own rule."""


HERE = Path(__file__).parent
FIGURES = HERE / "figures.json"
README = HERE / "README.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Truth:
    """One planted passage: where it was taken from, where it stands now, and how it was changed.

    Offsets are code points, end exclusive. `a` is the article it was taken from, `b` the one it was planted into.

    Attributes:
        edits: share of its words changed, as asked for.
        words: its words before it was edited.
    """

    a: str
    a_start: int
    a_end: int
    b: str
    b_start: int
    b_end: int
    edits: float
    words: int


def opened(path: Path) -> IO[str]:
    """A text file to read, unpacked if its name ends in .gz."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def read_articles(path: Path, limit: int | None = None, seed: int = 0) -> list[dict[str, Any]]:
    """The articles of a collection, or a random sample of them in the collection's order."""
    with opened(path) as lines:
        articles = [json.loads(line) for line in lines if line.strip()]
    if limit is None or limit >= len(articles):
        return articles
    chosen = sorted(random.Random(seed).sample(range(len(articles)), limit))
    return [articles[index] for index in chosen]


def read_truths(path: Path) -> list[Truth]:
    """The planted passages of a collection."""
    with opened(path) as lines:
        return [Truth(**json.loads(line)) for line in lines if line.strip()]


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as JSON Lines."""
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def truth_rows(truths: Iterable[Truth]) -> Iterator[dict[str, Any]]:
    """Planted passages as rows to write."""
    return (asdict(truth) for truth in truths)


def unit_of(texts: list[str]) -> float:
    """The unit U for these texts: CPU seconds that finding their lower-cased words takes, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for text in texts:
            WORD.findall(text.lower())
        best = min(best, time.process_time() - began)
    return best


def record(name: str, measure: str, figures: dict[str, Any]) -> None:
    """Keep the figures of one collection and one measure, in place of those of before, and make the tables anew."""
    kept: dict[str, dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    kept.setdefault(name, {})[measure] = figures
    FIGURES.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n{tables(kept)}\n{END}{after}", encoding="utf-8")


def tables(kept: dict[str, dict[str, Any]]) -> str:
    """The figures as Markdown."""
    parts: list[str] = []
    for name, measures in sorted(kept.items()):
        parts.append(f"### {name}\n")
        if "detection" in measures:
            parts += _detection_tables(measures["detection"])
        if "plagdet" in measures:
            scores = measures["plagdet"]
            columns = ["gold", "detected", "precision", "recall", "granularity", "plagdet"]
            parts.append(
                _table(["pairs of", *columns], [[kind, *map(row.get, columns)] for kind, row in scores.items()])
            )
    return "\n".join(parts)


def _detection_tables(figures: dict[str, Any]) -> list[str]:
    wanted = ["articles", "words", "cpu_U", "peak_MB", "loaded_MB", "pairs", "clusters", "alike"]
    parts = [_table(wanted, [[figures[column] for column in wanted]])]
    parts.append(_table(["stage", "U"], [[stage, units] for stage, units in figures["stages_U"].items()]))
    if "planted" in figures:
        columns = ["planted", "recall", "overlap"]
        rows = [[level, *map(row.get, columns)] for level, row in sorted(figures["planted"].items())]
        parts.append(_table(["words edited", *columns], rows))
    return parts


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
