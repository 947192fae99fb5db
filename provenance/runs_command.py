"""The command `runs`: what was run on the collection, and how it ended."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from provenance.options import database_options, opened, page, pager_option, print_rows, row_options

if TYPE_CHECKING:
    from rich.console import Console

    from provenance.store import RunRow

_COUNTED: Final = ("added", "changed", "updated", "removed", "skipped")
"""Counts that a line shows where they are not 0."""


@click.command()
@database_options
@row_options
@pager_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many to print for people."
)
def runs(database: Path, settings_file: Path | None, as_json: bool, as_csv: bool, limit: int) -> None:
    """List what was run on the collection, the newest first: how it ended, how long it took, what it used.

    A run that has not ended still runs, or was killed; running again finishes what it left. --json and --csv have the
    version, the settings that differ from the defaults and the seconds of every stage as well.

    \b
    Examples:
      provenance runs
      provenance runs --json --db harbour.db
    """
    with opened(database, settings_file) as corpus:
        if as_json or as_csv:
            rows = (dataclasses.asdict(run) for run in corpus.store.runs())
            print_rows(rows, _fields(), as_json=as_json)
            return
        found = corpus.store.runs(limit)
        if not found:
            click.echo("Nothing was run.")
            return
        with page() as out:
            show_runs(out, found)


def _fields() -> list[str]:
    from provenance.store import RunRow

    return [entry.name for entry in dataclasses.fields(RunRow)]


def show_runs(out: Console, found: list[RunRow]) -> None:
    """A table of runs; of those that failed also why."""
    from provenance import terminal

    columns = (
        terminal.Column("run", side="right"),
        terminal.Column("command"),
        terminal.Column("begun"),
        terminal.Column("outcome"),
        terminal.Column("took", side="right"),
        terminal.Column("memory", side="right"),
        terminal.Column("articles", side="right"),
        terminal.Column("what", 18),
    )
    cells = [
        (
            str(run.number),
            terminal.printable(run.command),
            _moment(run.begun),
            run.outcome or "not ended",
            "" if run.seconds is None else duration(run.seconds),
            "" if run.peak_bytes is None else f"{run.peak_bytes / (1 << 20):,.0f} MiB",
            f"{run.counts['articles']:,}" if "articles" in run.counts else "",
            _what(run),
        )
        for run in found
    ]

    def block(*row: str) -> terminal.Block:
        number, command, begun, outcome, took, memory, articles, what = row
        used = ", ".join(filter(None, [outcome, took, memory, f"{articles} articles" if articles else ""]))
        return f"{number}  {command}, {begun}", [used, *filter(None, [what])]

    terminal.listed(out, columns, cells, block)


def _what(run: RunRow) -> str:
    """The counts of a run, or why it failed."""
    from provenance import terminal

    counts = ", ".join(f"{run.counts[name]:,} {name}" for name in _COUNTED if run.counts.get(name))
    message = terminal.shortened(run.message, 200) if run.message else ""
    return "; ".join(filter(None, [counts, message]))


def _moment(begun: str) -> str:
    """A moment in the reader's time zone, to the minute."""
    return f"{datetime.fromisoformat(begun).astimezone():%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """Seconds as people say them: 4.2 s, 3 min 20 s, 5 h 12 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
