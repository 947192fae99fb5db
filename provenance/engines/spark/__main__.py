"""The job for spark-submit: `python -m provenance.engines.spark INPUT... OUTPUT`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from provenance.engines.spark.session import session
from provenance.errors import ProvenanceError
from provenance.settings import Settings


def main() -> int:
    """Run one job; the exit codes are those of the `provenance` command."""
    parser = argparse.ArgumentParser(prog="provenance.engines.spark", description="Analyse a collection on Spark.")
    parser.add_argument("input", nargs="+", help="JSON Lines or Parquet on any path that Spark reads")
    parser.add_argument("output", help="a folder on any path that Spark writes to")
    parser.add_argument("--settings", type=Path, help="TOML file with thresholds")
    parser.add_argument("--master", help="which Spark; what spark-submit says by default")
    given = parser.parse_args()

    def told(stage: str, _share: float) -> None:
        sys.stderr.write(f"{stage}\n")

    try:
        settings = Settings.from_toml(given.settings) if given.settings else Settings()
        with session(given.master, quiet=False) as spark:
            from provenance.engines.spark.job import run_job  # noqa: PLC0415 - an extra, which `session` looks for

            report = run_job(spark, given.input, given.output, settings, progress=told)
    except ProvenanceError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.exit_code
    for skipped in report.errors:
        sys.stderr.write(f"Skipped: {skipped}\n")
    sys.stderr.write(f"{report.articles:,} articles, {report.matches:,} matches in {given.output}\n")
    return report.errors[0].exit_code if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
