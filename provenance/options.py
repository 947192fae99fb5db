"""Options and habits that all commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provenance.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from provenance.corpus import Corpus
    from provenance.model import Span
    from provenance.reports import AddReport

_Command = TypeVar("_Command", bound=Callable[..., Any])
PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")


def harmless(message: str) -> str:
    """A message in which nothing is left that a terminal would act on."""
    return "".join(each if each.isprintable() or each == "\n" else f"<U+{ord(each):04X}>" for each in message)


def database_options(command: _Command) -> _Command:
    """`--db` and `--settings`, which every command takes."""
    command = click.option(
        "--settings",
        "settings_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="TOML file with thresholds (see the settings page of the documentation).",
    )(command)
    return click.option(
        "--db",
        "database",
        envvar="PROVENANCE_DB",
        default="db/provenance.db",
        show_default=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="The database. Also read from PROVENANCE_DB.",
    )(command)


OUTLETS = click.option(
    "--outlets",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV or TOML file of outlets of your own, with aliases and tags; kept in the database.",
)


def row_options(command: _Command) -> _Command:
    """`--json` and `--csv`, for commands that print a list."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON array for programs.")(command)


@contextmanager
def opened(
    database: Path,
    settings_file: Path | None,
    *,
    create: bool = False,
    sensitivity: str | None = None,
    outlets: Path | None = None,
) -> Iterator[Corpus]:
    """The collection in a database, closed afterwards; `sensitivity` and `outlets` overrule the settings file.

    Raises:
        NotFoundError: there is none and it is not to be made.
    """
    from provenance.corpus import Corpus
    from provenance.settings import Settings

    settings = Settings.from_toml(settings_file) if settings_file else Settings()
    if sensitivity is not None:
        settings = replace(settings, reuse=replace(settings.reuse, sensitivity=sensitivity))
    if outlets is not None:
        settings = replace(settings, attribution=replace(settings.attribution, outlets=str(outlets)))
    if not create and not database.exists():
        raise NotFoundError(
            "there is no database",
            where=str(database),
            remedy="`provenance run PATH...` makes one, `--db` names another",
        )
    with Corpus(database, settings, create=create) as corpus:
        yield corpus


@contextmanager
def shown_progress(*, adding: bool = False, rewordings: bool = False) -> Iterator[Callable[[str, float], None]]:
    """A progress line on a terminal, silence elsewhere.

    Args:
        adding: whether articles are only read.
        rewordings: whether passages without a common n-gram are looked for as well.
    """
    from provenance import terminal

    err = terminal.console(stderr=True)
    if not err.is_terminal:
        yield _no_progress
        return
    from provenance.progress import COSTS, READING, REWORDINGS, ProgressLine

    without = set(COSTS) - {READING} if adding else set[str]() if rewordings else {REWORDINGS}
    with ProgressLine(err, without) as line:
        yield line.show


def _no_progress(_stage: str, _share: float) -> None:
    """Nothing is shown where nobody watches."""


def print_rows(rows: Iterable[dict[str, Any]], fields: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a JSON array or as CSV."""
    from provenance.export.tables import write_csv, write_json

    if as_json:
        write_json(rows, sys.stdout)
    else:
        write_csv(rows, fields, sys.stdout)


def exit_for(added: AddReport) -> None:
    """Name what could not be read, and leave with the status that says so."""
    for error in added.errors:
        click.echo(f"Skipped: {harmless(str(error))}", err=True)
    if added.errors:
        click.echo(f"{len(added.errors)} of the inputs could not be used; the rest was added.", err=True)
        sys.exit(InputError.exit_code)


def standard_input() -> Any:
    """Standard input as bytes."""
    return sys.stdin.buffer


def say_rest(count: int, limit: int, how: str) -> None:
    """Say how many rows were not printed, and how to see them."""
    if count > limit:
        click.echo(f"… and {count - limit:,} more ({how})", err=True)


def read_span(_context: click.Context, _option: click.Parameter, value: str | None) -> Span | None:
    """Read `START:END`."""
    from provenance.model import Span

    if value is None:
        return None
    start, colon, end = value.partition(":")
    if not (colon and start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise click.BadParameter(f"{value!r} is no span; write two offsets such as 120:480")
    return Span(int(start), int(end))
