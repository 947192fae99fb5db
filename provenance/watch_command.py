"""`provenance watch`: folders and feeds are looked at again and again, and what is new is told."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from provenance.errors import InputError, StoreError
from provenance.options import data_output, database_options, harmless, opened, shown_progress

if TYPE_CHECKING:
    from provenance.settings import WatchSettings
    from provenance.watching import Clock, News, Round, Shared, Watcher

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_RELATIONS: Final[dict[tuple[str, str], str]] = {
    ("from", "credited-copy"): "copies {other} with credit",
    ("from", "uncredited-copy"): "copies {other} without credit",
    ("from", "update"): "updates {other}",
    ("to", "credited-copy"): "is copied with credit by {other}",
    ("to", "uncredited-copy"): "is copied without credit by {other}",
    ("to", "update"): "is updated by {other}",
    ("with", "common-source"): "has it from the same source as {other}",
    ("with", "quotation"): "quotes the same words as {other}",
}
_UNTOLD: Final = "shares text with {other}, order undetermined"


def _read_duration(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    """Read `90`, `30s`, `10m`, `2h` or `1d` as seconds."""
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]{1,7})(s|m|h|d|)", value.strip().lower())
    if match is None or not int(match[1]):
        raise click.BadParameter(f"{value!r} is no duration; write such as 30s, 10m or 2h")
    return float(int(match[1]) * _UNITS[match[2]])


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@database_options
@click.option("--every", callback=_read_duration, help="Pause between two rounds, such as 30s, 10m (default) or 2h.")
@click.option("--once", is_flag=True, help="End after one round, as from a timer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for programs.")
def watch(
    places: tuple[str, ...],
    database: Path,
    settings_file: Path | None,
    every: float | None,
    once: bool,
    as_json: bool,
) -> None:
    """Watch folders and feeds: add what is new, and tell what it shares with whom.

    PLACE is a folder (of articles or WARC archives, in all formats that `add` reads), a file, an OPML list of feeds, or
    the address of an RSS or Atom feed. Files are read when nobody has written to them for a few seconds; the pages
    behind the entries of feeds are fetched, politely. A file that disappears stays in the collection.

    Ctrl-C or SIGTERM ends it after the article at hand; the same command goes on where it was.

    \b
    Examples:
      provenance watch inbox --every 30s
      provenance watch feeds.opml --db week.db --json >> news.jsonl
      provenance watch https://example.org/feed crawls --once
    """
    from provenance.watching import Stopping, Watcher

    with Stopping() as stopping, opened(database, settings_file, create=True) as corpus:
        clock = stopping.clock()
        try:
            rounds = _Rounds(Watcher(corpus, places, clock=clock), corpus.settings.watch, clock, as_json=as_json)
            if once:
                rounds.once()
            else:
                rounds.go_on(every or corpus.settings.watch.every_seconds)
        except SystemExit as asked:
            if not asked.code:
                click.echo("Stopped. What was committed is kept; run the command again to go on.", err=True)
            raise


class _Rounds:
    """Rounds of a watch, and what is printed of them."""

    def __init__(self, watcher: Watcher, settings: WatchSettings, clock: Clock, *, as_json: bool) -> None:
        self._watcher, self._settings, self._clock = watcher, settings, clock
        self._print: Callable[[News], None] = self._print_row if as_json else self._print_words
        self._out = data_output()

    def once(self) -> None:
        """One round, or two where files were being written to in the first; the exit code tells of errors."""
        done = self._round()
        failed = bool(done.errors)
        if done.waiting:
            self._clock.wait(self._settings.settle_seconds)
            done = self._round()
            failed = failed or bool(done.errors)
        if failed:
            sys.exit(InputError.exit_code)

    def go_on(self, every: float) -> None:
        """Rounds without end; one that fails is tried again, with growing pauses."""
        failures = 0
        while True:
            try:
                done = self._round()
            except (StoreError, InputError) as error:
                pause = min(
                    self._settings.retry_seconds * 2.0 ** min(failures, 30), self._settings.maximum_retry_seconds
                )
                failures += 1
                click.echo(f"This round failed: {harmless(str(error))}", err=True)
                click.echo(f"The next one begins in {pause:,.0f} s.", err=True)
            else:
                failures = 0
                # soon again for what is being written now
                pause = min(every, max(self._settings.settle_seconds, 0.1)) if done.waiting else every
            self._clock.wait(pause)

    def _round(self) -> Round:
        with shown_progress() as progress:
            done = self._watcher.round(progress)
        told = 0
        for news in self._watcher.news():
            self._print(news)
            told += bool(news.shared)
        for error in done.errors:
            click.echo(f"Skipped: {harmless(str(error))}", err=True)
        if done.added or done.changed or done.errors:
            counts = f"{done.added:,} added, {done.changed:,} changed, {told:,} of them share text with others"
            click.echo(f"{counts}, {len(done.errors):,} skipped", err=True)
        if done.left:
            click.echo(f"{done.left:,} entries of feeds are left for the next rounds", err=True)
        return done

    def _print_row(self, news: News) -> None:
        for shared in news.shared:
            self._out.write(json.dumps(shared.row(), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def _print_words(self, news: News) -> None:
        if not news.shared:
            return
        lines = [_named(news.article.id, news.article.title, news.article.outlet)]
        for shared in news.shared:
            lines += _told(shared, self._settings.evidence_characters)
        if news.left:
            lines.append(f"  … and {news.left:,} more (`provenance show` lists them)")
        self._out.write(harmless("\n".join(lines)) + "\n")
        sys.stdout.flush()


def _named(document: str, title: str | None, outlet: str | None) -> str:
    title = " ".join(title.split()) if title else ""
    shown = f"{_line(document)}, “{title}”" if title else _line(document)
    return f"{shown} ({_line(outlet)})" if outlet else shown


def _line(text: str) -> str:
    return " ".join(text.split())


def _told(shared: Shared, characters: int) -> list[str]:
    """One other article in one line, the words that show it and those that speak against it in one each."""
    words = _RELATIONS.get((shared.direction, shared.link.relation), _UNTOLD)
    other = _named(shared.other.id, shared.other.title, shared.other.outlet)
    measure = f"{shared.words:,} words, {shared.share:.0%} of it, confidence {shared.link.confidence:.2f}"
    lines = [f"  {words.replace('{other}', other)}: {measure}"]
    for role, evidence in (("shown by", shared.shown_by), ("against it", shared.spoken_against_by)):
        if evidence is not None and evidence.text.strip():
            text = _line(evidence.text)
            cut = text if len(text) <= characters else text[:characters].rstrip() + "…"
            lines.append(f"    {role} “{cut}” in {_line(evidence.document)} ({evidence.rule})")
    return lines
