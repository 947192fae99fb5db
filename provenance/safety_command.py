"""The commands that keep a collection safe: checking its database, and copying it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from provenance.errors import NotFoundError, StoreError
from provenance.options import database_options, harmless, print_rows, row_options, say_rest, shown_progress

if TYPE_CHECKING:
    from provenance.checking import Finding
    from provenance.settings import Settings

_FIELDS: Final = ("kind", "table", "row", "document", "what", "remedy")
_ROUNDS: Final = 3
"""How often `--repair` looks again: SQLite's own indexes hide what is wrong behind them."""


@click.command()
@database_options
@row_options
@click.option(
    "--deep", is_flag=True, help="Compare all articles with both indexes, not some; takes about as long as adding them."
)
@click.option("--repair", "repairing", is_flag=True, help="Undo what is wrong, so that `analyze` makes it anew.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many to print for people."
)
def check(
    database: Path,
    settings_file: Path | None,
    as_json: bool,
    as_csv: bool,
    deep: bool,
    repairing: bool,
    limit: int,
) -> None:
    """Verify a database: its pages, hashes, offsets, references, indexes and summaries.

    Nothing is changed unless --repair is given, and others may go on reading and writing. Give the --settings that the
    collection was analysed with. Ends with 4 where something is wrong, and was not repaired.

    --repair never touches texts. It makes SQLite's and the full-text indexes anew and removes results that are wrong;
    the next `analyze` finds those again. What it cannot undo is a text that is not the one that was added, and a file
    that SQLite cannot read: restore a backup.

    \b
    Examples:
      provenance check
      provenance check --deep --json --db week.db
      provenance check --repair && provenance analyze
    """
    from provenance.settings import Settings

    settings = Settings.from_toml(settings_file) if settings_file else Settings()
    _must_exist(database)
    with _findings(database, settings, deep=deep, streamed=as_json or as_csv) as found:
        first = list(islice(found, limit))
        kept: Iterable[Finding] = first
        if repairing:
            kept = first = [*first, *found]
        if as_json or as_csv:
            print_rows(map(_row, chain(kept, found)), _FIELDS, as_json=as_json)
            rest = 0
        else:
            rest = sum(1 for _ in found)
    if not (as_json or as_csv):
        _say(first[:limit], len(first) + rest)
    if first and not (repairing and _repaired(database, settings, first, deep=deep)):
        sys.exit(StoreError.exit_code)


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@database_options
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@click.option("--compact", is_flag=True, help="Leave out the room of deleted rows; slower, and FILE is smaller.")
def backup(target: Path, database: Path, settings_file: Path | None, force: bool, compact: bool) -> None:
    """Copy the database to FILE, while others go on reading and writing it.

    The copy holds what was committed when the command began. It is checked before it gets its name. To restore it,
    copy it back while no command uses the database.

    \b
    Examples:
      provenance backup monday.db
      provenance backup copies/news.db --force --db news.db
    """
    from provenance.settings import Settings
    from provenance.store.backups import backup as copied
    from provenance.store.checks import reading

    settings = Settings.from_toml(settings_file) if settings_file else Settings()
    _must_exist(database)
    with reading(database, settings.store) as store, shown_progress() as progress:
        copied(store, target, replace=force, compact=compact, progress=_with_share(progress))
    click.echo(f"copied to {harmless(str(target))}", err=True)


def _must_exist(database: Path) -> None:
    if not database.exists():
        remedy = "`provenance run PATH...` makes one, `--db` names another"
        raise NotFoundError("there is no database", where=str(database), remedy=remedy)


@contextmanager
def _findings(database: Path, settings: Settings, *, deep: bool, streamed: bool = False) -> Iterator[Iterator[Finding]]:
    """What is wrong with a database, found as it is taken."""
    from provenance.checking import check as checked
    from provenance.checking import reading

    with reading(database, settings.store) as store:
        if streamed and sys.stdout.isatty():
            # a progress line would run into the rows
            yield checked(store, settings, deep=deep)
            return
        with shown_progress() as progress:
            yield checked(store, settings, deep=deep, progress=_with_share(progress))


def _with_share(progress: Callable[[str, float], None]) -> Callable[[str, float], None]:
    """A progress line whose words say how far the stage is; how long others take is not known beforehand."""

    def show(stage: str, share: float) -> None:
        progress(f"{stage}, {share:.0%}" if share else stage, share)

    return show


def _repaired(database: Path, settings: Settings, found: list[Finding], *, deep: bool) -> bool:
    """Undo what was found, and say what was done; whether nothing is wrong any more."""
    from provenance.checking import repair
    from provenance.store import Store

    for _ in range(_ROUNDS):
        if not any(each.repairable for each in found):
            break
        with Store(database, settings.store, create=False) as store:
            report = repair(store, found)
        for done in report.done:
            click.echo(f"Repaired: {done}.", err=True)
        if not report.done:
            break
        with _findings(database, settings, deep=deep) as again:
            found = list(again)
        if not found:
            click.echo("Nothing is wrong any more. `provenance analyze` makes anew what was removed.", err=True)
            return True
    click.echo(f"{len(found):,} left that cannot be repaired here:", err=True)
    for finding in found[:_SHOWN]:
        click.echo(f"  {_line(finding)}", err=True)
    return False


_SHOWN: Final = 10
"""Findings that are named as left after a repair."""


def _say(found: list[Finding], count: int) -> None:
    """Print findings for people, and once each what can be done about them."""
    if not found:
        click.echo("Nothing is wrong.")
        return
    for finding in found:
        click.echo(_line(finding))
    say_rest(count, len(found), "--limit shows more, --json all")
    click.echo(f"\n{count:,} {'fault' if count == 1 else 'faults'}. What to do:")
    for remedy in dict.fromkeys(finding.remedy for finding in found):
        click.echo(f"  {remedy}")


def _line(finding: Finding) -> str:
    row = "" if finding.row is None else f" {finding.row}"
    where = f"{finding.table}{row}" if finding.table else "the file"
    document = f" ({finding.document})" if finding.document else ""
    return harmless(f"{finding.kind:<10} {where}{document}: {finding.what}").replace("\n", " ")


def _row(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _FIELDS}
