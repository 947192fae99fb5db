"""What a run over a million articles costs and finds, and what adding a thousand to them costs (Linux).

    python benchmarks/million.py NEWS.jsonl --folder SCRATCH --record

makes a collection with planted reuse out of a real one (`enlarged.py`) and a thousand articles more, then, as a user
would, each in a process of its own:

1. `provenance run` over the collection into a new database,
2. how much of what was planted the database holds (`planted_found.py`),
3. `provenance run` over the thousand into the same database, and how much of what concerns them it holds then.

Peak memory is that of all processes of a run together, a few times a second (`watched.py`). U is counted over 20,000
texts evenly drawn, before and after the run, and scaled up by size, since counting all would take as long as a stage.

Each step leaves a JSON file in the folder and is not done again where that is there; a run that was stopped begins
anew. Adding changes the database, so that once it was stopped the whole run is needed again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import planted_found
from enlarged import Files, shortened, write
from records import LARGE, WORD, cpu_seconds, read_articles, record, recorded
from watched import FailedError, Used, as_figures, megabytes, provenance, run

SAMPLE = 20_000
"""Texts that U is counted over."""
STEPS = ("asked", "made", "full", "found", "added", "found-added")
"""Each is a JSON file in the folder; what comes later rests on what comes before."""
_ADDING = "adding"
"""A file that is there from the beginning of adding to its end."""


class Sampled:
    """Texts drawn evenly from a file of articles, for counting U without reading all of it.

    Attributes:
        words: the words of all articles, as far as the sample tells.
    """

    def __init__(self, articles: Path, texts: int = SAMPLE) -> None:
        size = articles.stat().st_size
        self._texts: list[str] = []
        taken = 0
        with articles.open("rb") as file:
            for number in range(texts):
                # the first line that begins here or later, so that long ones are not drawn more often
                at = size * number // texts
                file.seek(max(0, at - 1))
                if at:
                    file.readline()
                line = file.readline()
                if line:
                    taken += len(line)
                    self._texts.append(json.loads(line)["text"])
        self._scale = size / max(1, taken)
        self.words = round(self._scale * sum(len(WORD.findall(text)) for text in self._texts))

    def unit(self) -> float:
        """The unit U for all articles now, in seconds."""
        began = time.process_time()
        for text in self._texts:
            WORD.findall(text.lower())
        return self._scale * (time.process_time() - began)


class Benchmark:
    """The steps, and where they leave what they found.

    Raises:
        FileExistsError: the folder has the steps of another call.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.folder: Path = options.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._options = options
        self.articles, self.added, self.truth, self.copies = (
            self.folder / f"{name}.jsonl" for name in ("articles", "added", "truth", "copies")
        )
        self.database = self.folder / "articles.db"
        asked = {name: getattr(options, name) for name in ("articles", "words", "added", "seed")}
        self.settings = options.settings.read_text(encoding="utf-8") if options.settings else ""
        if self.step("asked", lambda: asked) != asked:
            raise FileExistsError(f"{self.folder} has the steps of another call; empty it, or name another folder")

    def step(self, name: str, take: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What a step found: now, or when it was taken before."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            sys.stderr.write(f"{name}\n")
            # what rests on this step is of another one now
            for later in STEPS[STEPS.index(name) + 1 :]:
                (self.folder / f"{later}.json").unlink(missing_ok=True)
            found = take()
            part = path.with_suffix(".part")
            part.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            part.replace(path)
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return kept

    def make(self) -> dict[str, Any]:
        """Write the collection."""
        options = self._options
        began, spent = time.monotonic(), cpu_seconds()
        articles = read_articles(options.collection)
        if options.words:
            articles = shortened(articles, options.words)
        files = Files(self.articles, self.added, self.truth, self.copies)
        write(articles, options.articles, options.seed, files, more=options.added, processes=options.processes)
        return {
            "wall_seconds": round(time.monotonic() - began, 1),
            "cpu_seconds": round(cpu_seconds() - spent, 1),
            "MB": megabytes(self.articles.stat().st_size),
        }

    def full(self) -> dict[str, Any]:
        """Run over the collection into a new database."""
        for path in (*self.folder.glob(f"{self.database.name}*"), self.folder / _ADDING):
            path.unlink(missing_ok=True)
        sampled = Sampled(self.articles)
        before = sampled.unit()
        used = self._run(self.articles, "full")
        unit = (before + sampled.unit()) / 2
        return {
            "articles": self._options.articles,
            "settings": self.settings,
            "words": sampled.words,
            "unit_seconds": round(unit, 3),
            **as_figures(used, unit),
            "milliseconds_an_article": round(1000 * used.cpu / self._options.articles, 3),
            "database_MB": megabytes(self.database.stat().st_size),
            "found": _counts(used.printed),
        }

    def add(self, unit: float, cpu: float, wall: float) -> dict[str, Any]:
        """Run over the articles set apart, into the database of the whole run, which took `cpu` and `wall` seconds."""
        begun = self.folder / _ADDING
        if begun.exists():
            raise FailedError(
                f"adding was stopped, the database is no longer that of the whole run; remove {self.folder}/full.json "
                "and run again"
            )
        begun.touch()
        used = self._run(self.added, "added")
        figures = as_figures(used, unit)
        begun.unlink()
        return {
            "articles": self._options.added,
            **figures,
            "of_cpu": round(used.cpu / cpu, 4),
            "of_wall": round(used.wall / wall, 4),
            "found": _counts(used.printed),
        }

    def found(self, *, of_added: bool) -> dict[str, Any]:
        """What of the planted is found, of what concerns the articles set apart or of all else."""
        chosen = planted_found.ids_of(self.added)
        return planted_found.found(self.database, self.truth, self.copies, chosen, wanted=of_added)

    def _run(self, articles: Path, name: str) -> Used:
        log = self.folder / f"{name}.log"
        log.unlink(missing_ok=True)
        settings = ["--settings", self._options.settings] if self._options.settings else []
        command = provenance("run", articles, "--db", self.database, "--json", "--log-json", log, *settings)
        return run(command, log, self.database, self.folder / "temporary")


def _counts(printed: str) -> dict[str, Any]:
    """What a run says it found."""
    report = json.loads(printed)[0]
    names = ("added", "articles", "clusters", "furniture", "attributions", "chains")
    return {**{name: report[name] for name in names}, "links": sum(report["links"].values())}


def enter(articles: int, figures: dict[str, Any]) -> None:
    """Keep the figures of one size, and make the tables of README.md anew."""
    sizes = {**recorded().get(LARGE, {}).get("large", {}), str(articles): figures}
    record(LARGE, "large", dict(sorted(sizes.items(), key=lambda item: int(item[0]))))


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """All steps, as figures."""
    benchmark = Benchmark(options)
    made = benchmark.step("made", benchmark.make)
    full = benchmark.step("full", benchmark.full)
    if full["settings"] != benchmark.settings:
        raise FileExistsError(f"{options.folder} has a run with other settings; remove full.json there to run again")
    found = benchmark.step("found", lambda: benchmark.found(of_added=False))
    added = benchmark.step(
        "added", lambda: benchmark.add(full["unit_seconds"], full["cpu_seconds"], full["wall_seconds"])
    )
    then = benchmark.step("found-added", lambda: benchmark.found(of_added=True))
    return {"made": made, "full": full, "planted": found, "added": added, "planted_added": then}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("--folder", type=Path, required=True, help="where the steps lie, and the database")
    parser.add_argument("--articles", type=int, default=1_000_000, help="how many (default: %(default)s)")
    parser.add_argument("--words", default="330", help="cut the real articles (default: to %(default)s on average)")
    parser.add_argument("--added", type=int, default=1000, help="how many more to add (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="make the collection in so many (default: 2)")
    parser.add_argument("--settings", type=Path, help="a TOML file with other thresholds")
    parser.add_argument("--record", action="store_true", help="enter the figures in README.md")
    options = parser.parse_args()
    try:
        figures = measured(options)
    except (ValueError, FileExistsError) as error:
        parser.error(str(error))
    except FailedError as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    if options.record:
        enter(options.articles, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
