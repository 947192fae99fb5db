"""What the benchmarks read and write: collections, truths, and the figures in README.md.

Collections and truths are JSON Lines, one article or one planted passage a line. Figures are kept in figures.json, and
the tables of README.md are made from that alone.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import resource
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from plot import log_log

WORD = re.compile(r"\w+")
"""What the benchmarks take for a word; on purpose not the product's own rule."""


HERE = Path(__file__).parent
FIGURES = HERE / "figures.json"
README = HERE / "README.md"
PLOT = HERE / "scale.svg"
SCALE = "Cost against size"
"""Under which name `scale.py` keeps its figures."""
LARGE = "Large made collections"
"""Under which name `million.py` keeps its figures."""
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


def cpu_seconds() -> float:
    """CPU time of this process so far, all its threads, and of the children it has waited for."""
    ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


def peak_megabytes() -> int:
    """The most memory this process ever held, in MB.

    Linux hands `ru_maxrss` down from the process that started this one, so its own mark is read there.
    """
    own = _memory_of("self", "VmHWM")
    if own is not None:
        return round(own / 1024)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 if sys.platform != "darwin" else 1024 * 1024))


def _memory_of(process: str, field: str) -> int | None:
    """A field of a process's status in kB; None where there is none, or the process is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) if found else None


class Workers:
    """The most memory that the processes started by this one held together, looked at a few times a second (Linux)."""

    def __init__(self, seconds: float = 0.3) -> None:
        self.megabytes = 0
        self._seconds = seconds
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Workers:
        self._watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._done.wait(self._seconds):
            kilobytes = 0
            for task in Path("/proc/self/task").glob("*/children"):
                try:
                    children = task.read_text(encoding="ascii").split()
                except OSError:
                    continue
                kilobytes += sum(_memory_of(child, "VmRSS") or 0 for child in children)
            self.megabytes = max(self.megabytes, round(kilobytes / 1024))


def recorded() -> dict[str, dict[str, Any]]:
    """The figures kept, by name of the collection and by measure."""
    if not FIGURES.exists():
        return {}
    kept: dict[str, dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return kept


def record(name: str, measure: str, figures: dict[str, Any]) -> None:
    """Keep the figures of one collection and one measure, in place of those of before, and make the tables anew."""
    kept = recorded()
    kept.setdefault(name, {})[measure] = figures
    save(kept)


def save(kept: dict[str, dict[str, Any]]) -> None:
    """Keep all figures, and make the tables of README.md anew."""
    FIGURES.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n{tables(kept)}\n{END}{after}", encoding="utf-8")


def redraw(sizes: dict[str, dict[str, Any]]) -> None:
    """Draw the plot of cost against size anew.

    CPU is in U of 1,000 articles of the size's own texts, so that neither the machine nor the day decides the height.
    """
    names = {"whole run": "run_U", "detection alone": "detection_U", "adding 1%": "adding_U"}
    lines = {
        name: [(int(size), row[field] * int(size) / 1000) for size, row in sizes.items()]
        for name, field in names.items()
    }
    first, last = lines["whole run"][0], lines["whole run"][-1]
    guide = [first, (last[0], first[1] * last[0] / first[0])]
    title = "CPU against articles; dashed: in proportion"
    PLOT.write_text(log_log(title, "articles", "CPU in U of 1,000 articles", lines, guide), encoding="utf-8")


def tables(kept: dict[str, dict[str, Any]], folder: str = "") -> str:
    """The figures as Markdown, for a page from which the plot lies in `folder`."""
    parts: list[str] = []
    for name, measures in sorted(kept.items()):
        parts.append(f"### {name}\n")
        if "detection" in measures:
            parts += _detection_tables(measures["detection"])
        if "run" in measures:
            parts += _run_tables(measures["run"])
        if "scale" in measures:
            parts += _scale_tables(measures["scale"], folder)
        if "large" in measures:
            parts += _large_tables(measures["large"])
        if "peers" in measures:
            parts.append(_peers_table(measures["peers"]))
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


def _run_tables(figures: dict[str, Any]) -> list[str]:
    wanted = ["articles", "words", "cpu_U", "peak_MB", "workers_MB", "database_MB"]
    head = [*wanted, *figures["found"]]
    parts = [_table(head, [[*(figures[column] for column in wanted), *figures["found"].values()]])]
    parts.append(_table(["stage of a whole run", "U"], list(figures["stages_U"].items())))
    return parts


def _scale_tables(sizes: dict[str, dict[str, Any]], folder: str) -> list[str]:
    """Cost by size, and by stage of a run and of adding; each stage in U of the collection of that size."""
    columns = {
        "words": "words",
        "detection, U": "detection_U",
        "detection, MB": "detection_MB",
        "run, U": "run_U",
        "run, ms an article": "milliseconds_an_article",
        "run, MB": "run_MB",
        "its workers, MB": "workers_MB",
        "database, MB": "database_MB",
        "adding 1%, U": "adding_U",
        "of a run": "adding_share",
    }
    rows = [[f"{int(size):,}", *(row[field] for field in columns.values())] for size, row in sizes.items()]
    parts = [f"![CPU against articles]({folder}{PLOT.name})\n", _table(["articles", *columns], rows)]
    for label, field in (("stage of a run, U", "stages_U"), ("stage of adding 1%, U", "adding_stages_U")):
        stages = list(dict.fromkeys(stage for row in sizes.values() for stage in row[field]))
        head = [label, *(f"{int(size):,}" for size in sizes)]
        parts.append(
            _table(head, [[stage, *(row[field].get(stage, "") for row in sizes.values())] for stage in stages])
        )
    return parts


def _large_tables(sizes: dict[str, dict[str, Any]]) -> list[str]:
    """Cost of a run and of adding to it by size, then by stage, then what of the planted was found."""
    head = ["articles", "run", "words", "CPU, U", "CPU, s", "hours", "ms an article", "of the run's CPU"]
    head += ["peak MB", "anonymous, MB", "temporary files, MB", "database, MB"]
    rows, stages, planted = [], [], []
    for size, figures in sizes.items():
        full, added = figures["full"], figures["added"]
        label, more = f"{int(size):,}", f"adding {added['articles']:,}"
        for run, what in ((full, "whole"), (added, more)):
            cost = [run["cpu_U"], run["cpu_seconds"], run["hours"]]
            cost += [run.get("milliseconds_an_article", ""), run.get("of_cpu", "")]
            room = [run["peak_MB"], run["anonymous_MB"], run["temporary_MB"], run.get("database_MB", "")]
            rows.append([label, what, run.get("words", ""), *cost, *room])
            for stage, used in run["stages"].items():
                fields = ("cpu_U", "wall_seconds", "peak_MB", "anonymous_MB", "temporary_MB")
                stages.append([label, what, stage, *(used[field] for field in fields)])
        for field, what in (("planted", "in the whole run"), ("planted_added", f"after {more}")):
            for level, row in figures[field]["passages"].items():
                edits = "all" if level == "all" else f"{float(level):.0%}"
                planted.append([label, what, f"passages, edited: {edits}", row["planted"], row["recall"], row["told"]])
            for sort, row in figures[field].get("copies", {}).items():
                planted.append([label, what, f"whole copies: {sort}", row["planted"], row["recall"], ""])
    return [
        _table(head, rows),
        _table(["articles", "run", "stage", "U", "seconds", "peak MB", "anonymous, MB", "temporary files, MB"], stages),
        _table(["articles", "found", "what was planted", "planted", "recall", "told"], planted),
    ]


def _peers_table(methods: dict[str, dict[str, Any]]) -> str:
    """One row a method; the reason stands where one could not be measured."""
    planted = [row["planted"] for row in methods.values() if "planted" in row]
    levels = sorted(planted[0]) if planted else []
    head = ["method", "CPU in U", "peak MB", "pairs", "precision"]
    head += ["recall" if level == "all" else f"at {float(level):.0%}" for level in levels]
    rows = []
    for name, row in methods.items():
        label = f"{name} {row['version']}" if row.get("version") else name
        if "failed" in row:
            rows.append([label, f"not measured: {row['failed']}", *[""] * (len(head) - 1)])
            continue
        recalls = [row["planted"][level]["recall"] for level in levels]
        cost = [row["cpu_U"], row["peak_MB"], row["pairs"], row["precision"]]
        rows.append([label, *cost, *recalls, row["planted"]["all"]["overlap"]])
    return _table([*head, "overlap"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
