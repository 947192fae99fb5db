"""What a run costs as a collection grows, and what adding 1% to it costs.

    python benchmarks/scale.py NEWS.jsonl --folder SCRATCH --sizes 1000,3000,10000,30000,100000 --record

For each size a collection is made (`enlarged.py`), then detection alone, the whole run into a new database, and the run
that adds 1% to it are measured, each in a process of its own (`detection.py`, `whole_run.py`). `--record` enters the
figures in README.md, in place of those of the same sizes, and draws `scale.svg` anew. At 100,000 articles of news
length SCRATCH holds about 6 GB for a while.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from enlarged import Files, write
from records import HERE, SCALE, read_articles, recorded, redraw, save

SIZES = "1000,3000,10000,30000,100000"


def child(script: str, *arguments: str | Path) -> dict[str, Any]:
    """What a script prints about itself.

    Raises:
        CalledProcessError: it failed; what it said on standard error was passed on.
    """
    done = subprocess.run([sys.executable, HERE / script, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def measure(articles: list[dict[str, Any]], size: int, seed: int, folder: Path) -> dict[str, Any]:
    """The figures of one size; files are removed afterwards."""
    base, added, database = (folder / f"scale-{size}{suffix}" for suffix in (".jsonl", "-added.jsonl", ".db"))
    files = [base, added, *(database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm"))]
    try:
        for path in files:
            path.unlink(missing_ok=True)
        write(articles, size, seed, Files(base, added))
        detection = child("detection.py", base, "--fast")
        full = child("whole_run.py", base, "--db", database)
        more = child("whole_run.py", added, "--db", database, "--unit-of", base)
    finally:
        for path in files:
            path.unlink(missing_ok=True)
    return {
        "words": full["words"],
        "unit_seconds": full["unit_seconds"],
        "detection_U": detection["cpu_U"],
        "detection_MB": detection["peak_MB"],
        "run_U": full["cpu_U"],
        "run_MB": full["peak_MB"],
        "workers_MB": full["workers_MB"],
        "database_MB": full["database_MB"],
        "milliseconds_an_article": round(1000 * full["cpu_seconds"] / size, 3),
        "adding_U": more["cpu_U"],
        "adding_share": round(more["cpu_U"] / full["cpu_U"], 4),
        "stages_U": full["stages_U"],
        "adding_stages_U": more["stages_U"],
        "found": full["found"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("--sizes", default=SIZES, help="articles, comma-separated (default: %(default)s)")
    parser.add_argument("--folder", type=Path, required=True, help="where files may lie for a while")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="enter the figures in README.md and draw scale.svg")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    articles = read_articles(options.collection)
    for size in sorted({int(size) for size in options.sizes.split(",")}):
        figures = measure(articles, size, options.seed, options.folder)
        sys.stdout.write(f"{size:,} articles\n{json.dumps(figures, indent=1)}\n")
        sys.stdout.flush()
        if options.record:
            kept = recorded()
            sizes = kept.setdefault(SCALE, {}).setdefault("scale", {})
            sizes[str(size)] = figures
            kept[SCALE]["scale"] = dict(sorted(sizes.items(), key=lambda item: int(item[0])))
            save(kept)
            redraw(kept[SCALE]["scale"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
