"""Measure this project and its peers from PyPI on one collection with planted passages, in one run.

    python benchmarks/planted.py NEWS.jsonl --articles 3000 -n 1000 -o PLANTED.jsonl --truth TRUTH.jsonl
    python benchmarks/peers.py PLANTED.jsonl --truth TRUTH.jsonl --install VENV --record "NAME"
    python benchmarks/peers.py PLANTED.jsonl --truth TRUTH.jsonl --peer-python VENV/bin/python

The peers need an environment of their own: `--install` makes it (about 2 GB with all that text-dedup brings) and
`--peer-python` names one that is there. Each method runs in a process of its own, one after the other, and counts its U
itself, so that all figures are of one machine on one day. What is measured how: benchmarks/README.md. How the libraries
are used, and why so: windows.py.

A peer that cannot be installed or does not finish is a row of the table that says why.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detection import against_truth, alike
from records import HERE, Truth, opened, read_articles, read_truths, record
from windows import METHODS

from provenance.model import Match, Span

OURS = "this project"


def install(folder: Path) -> tuple[Path, dict[str, str]]:
    """An environment with the peers; for each that could not be installed, why."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    failed = {}
    for peer in METHODS:
        done = subprocess.run([python, "-m", "pip", "install", "-q", peer], capture_output=True, text=True, check=False)
        if done.returncode:
            failed[peer] = "not installable: " + last_line(done.stderr)
    return python, failed


def last_line(text: str) -> str:
    """The last line that says something, of a program that failed; short enough for a table."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].replace("|", "/")[:120] if lines else "no message"


def read_matches(path: Path) -> list[Match]:
    """Pairs of passages as a method wrote them."""
    with opened(path) as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Match(
            row["a"], Span(row["a_start"], row["a_end"]), row["b"], Span(row["b_start"], row["b_end"]), 0.0, "passage"
        )
        for row in rows
    ]


def measured(command: Sequence[str | Path], seconds: float) -> dict[str, Any]:
    """What a process prints about itself, or `failed` with the reason."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return {"failed": f"not done after {seconds:g} s"}
    except OSError as error:
        return {"failed": str(error)}
    if done.returncode:
        return {"failed": last_line(done.stderr) if done.returncode > 0 else f"killed by signal {-done.returncode}"}
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def figures(report: dict[str, Any], pairs: Path, truths: Sequence[Truth], texts: dict[str, str]) -> dict[str, Any]:
    """One row of the table: cost as the method counted it, quality as this process scores it."""
    if "failed" in report:
        return report
    matches = read_matches(pairs)
    unit = report["unit_seconds"]
    unit = sum(unit) / len(unit) if isinstance(unit, list) else unit
    return {
        "version": report.get("version", ""),
        "cpu_U": report["cpu_U"] if "cpu_U" in report else round(report["cpu_seconds"] / unit, 1),
        "unit_seconds": round(unit, 3),
        "peak_MB": report["peak_MB"],
        "loaded_MB": report["loaded_MB"],
        "pairs": len(matches),
        "precision": alike(matches, texts),
        "planted": against_truth(truths, matches),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="what planted.py wrote")
    parser.add_argument("--truth", type=Path, required=True, help="what planted.py wrote beside it")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--peer-python", type=Path, help="the interpreter of an environment that holds the peers")
    where.add_argument("--install", type=Path, metavar="VENV", help="make such an environment here")
    parser.add_argument("--methods", help="comma-separated, all where not given", default=",".join([OURS, *METHODS]))
    parser.add_argument("--memory", type=int, metavar="MB", help="stop a peer that needs more")
    parser.add_argument("--seconds", type=float, default=1800, help="stop a method then (default: %(default)s)")
    parser.add_argument("--record", metavar="NAME", help="enter the figures in README.md under this name")
    options = parser.parse_args()
    wanted = [name.strip() for name in options.methods.split(",")]
    unknown = sorted(set(wanted) - {OURS, *METHODS})
    if unknown:
        parser.error(f"no method is named {', '.join(unknown)}; there are {', '.join([OURS, *METHODS])}")
    python, failed = install(options.install) if options.install else (options.peer_python, {})
    truths = read_truths(options.truth)
    texts = {str(row["id"]): row["text"] for row in read_articles(options.collection)}
    limit = ["--memory", str(options.memory)] if options.memory else []
    table: dict[str, Any] = {}
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            pairs = Path(folder) / "pairs.jsonl"
            if name in failed:
                report: dict[str, Any] = {"failed": failed[name]}
            elif name == OURS:
                ours = [sys.executable, HERE / "detection.py", options.collection, "--matches", pairs]
                report = measured(ours, options.seconds)
            else:
                theirs = [python, HERE / "windows.py", name, options.collection, pairs, *limit]
                report = measured(theirs, options.seconds)
            table[name] = figures(report, pairs, truths, texts)
        sys.stdout.write(f"{name}: {json.dumps(table[name])}\n")
        sys.stdout.flush()
    if options.record:
        record(options.record, "peers", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
