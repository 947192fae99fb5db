"""Options and habits that all commands share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

import click

from provenance.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from rich.console import Console

    from provenance.corpus import Corpus
    from provenance.model import Span
    from provenance.reports import AddReport
    from provenance.settings import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])
_NO_PAGER = "provenance.no_pager"
"""Under which the context of a command keeps whether the user wants no pager."""
_NO_PROGRESS = "provenance.no_progress"
"""Under which it keeps whether standard error is taken by lines for programs."""
PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")


def harmless(message: str) -> str:
    """A message in which nothing is left that a terminal would act on."""
    return "".join(each if each.isprintable() or each in "\n\t" else f"<U+{ord(each):04X}>" for each in message)


def _logged(command: _Command) -> _Command:
    """The command, with the log shown as long as it runs."""

    @wraps(command)
    def call(*given: Any, verbosity: int, log_file: str | None, **named: Any) -> Any:
        if not verbosity and log_file is None:
            return command(*given, **named)
        from provenance.command_log import logged

        context = click.get_current_context()
        context.meta[_NO_PROGRESS] = log_file == "-"
        with logged(context.info_name or "", named["database"], verbosity, log_file):
            return command(*given, **named)

    return cast("_Command", call)


def database_options(command: _Command) -> _Command:
    """`--db`, `--settings`, `-v` and `--log-json`, which every command takes."""
    command = click.option(
        "--log-json",
        "log_file",
        metavar="FILE",
        help="Append what is done to a file, one JSON object a line; - for standard error.",
    )(_logged(command))
    command = click.option(
        "-v",
        "--verbose",
        "verbosity",
        count=True,
        help="Say on standard error what is done, as it is done; -vv for every detail.",
    )(command)
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


FOLLOW = click.option(
    "--follow", is_flag=True, help="Fetch the pages behind the entries of feeds, newest first (fetch.pages_a_run)."
)
OUTLETS = click.option(
    "--outlets",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV or TOML file of outlets of your own, with aliases and tags; kept in the database.",
)


def row_options(command: _Command) -> _Command:
    """`--json` and `--csv`, for commands that print a list."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON array for programs.")(command)


def chosen_settings(settings_file: Path | None, sensitivity: str | None, outlets: Path | None) -> Settings:
    """The settings of a file, overruled by what options say.

    Raises:
        SettingsError: the file cannot be used.
    """
    from provenance.settings import Settings

    settings = Settings.from_toml(settings_file) if settings_file else Settings()
    if sensitivity is not None:
        settings = replace(settings, reuse=replace(settings.reuse, sensitivity=sensitivity))
    if outlets is not None:
        settings = replace(settings, attribution=replace(settings.attribution, outlets=str(outlets)))
    return settings


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

    settings = chosen_settings(settings_file, sensitivity, outlets)
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
    context = click.get_current_context(silent=True)
    # lines for programs must come as they are
    if not err.is_terminal or (context is not None and context.meta.get(_NO_PROGRESS, False)):
        yield _no_progress
        return
    from provenance.progress import COSTS, READING, REWORDINGS, ProgressLine

    without = set(COSTS) - {READING} if adding else set[str]() if rewordings else {REWORDINGS}
    with ProgressLine(err, without) as line:
        yield line.show


def _no_progress(_stage: str, _share: float) -> None:
    """Nothing is shown where nobody watches."""


class _Shown:
    """A terminal to which data is written: what it would act on is shown by its number, line breaks and tabs stay."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        from provenance.export.plain import visible

        return self._out.write(visible(text))


def data_output() -> TextIO:
    """Where data goes: standard output, in UTF-8 whatever the locale, and harmless where it is a terminal."""
    out = sys.stdout
    if out.isatty():
        return cast("TextIO", _Shown(out))
    if isinstance(out, io.TextIOWrapper) and out.encoding.lower().replace("-", "") != "utf8":
        out.reconfigure(encoding="utf-8")
    return out


def _set_pager(context: click.Context, _option: click.Parameter, value: bool) -> None:
    context.meta[_NO_PAGER] = value


def pager_option(command: _Command) -> _Command:
    """`--no-pager`, for commands that may print more than a window holds."""
    return click.option(
        "--no-pager",
        is_flag=True,
        expose_value=False,
        callback=_set_pager,
        envvar="PROVENANCE_NO_PAGER",
        help="Print long lists at once; otherwise a terminal shows them page by page (PAGER, less).",
    )(command)


@contextmanager
def page() -> Iterator[Console]:
    """A console for people; on a terminal, what is longer than its window is shown by a pager.

    Outside of a terminal, and with `--no-pager`, everything is printed as it comes.
    """
    from provenance import terminal

    out = terminal.console()
    unwanted = click.get_current_context().meta.get(_NO_PAGER, False)
    if unwanted or not (out.is_terminal and sys.stdin.isatty() and sys.stdout.isatty()):
        yield out
        return
    with out.capture() as held:
        yield out
    text = held.get()
    if text.count("\n") < out.height:
        click.echo(text, nl=False)
    else:
        click.echo_via_pager(text.removesuffix("\n"))


def print_rows(rows: Iterable[dict[str, Any]], fields: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a JSON array or as CSV."""
    from provenance.export.tables import write_csv, write_json

    if as_json:
        write_json(rows, data_output())
    else:
        write_csv(rows, fields, data_output())


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
    # Python reads no number of thousands of digits, and no text has so many characters
    written = len(value) <= 40 and colon and start.isdecimal() and end.isdecimal()
    if not written or int(start) >= int(end):
        raise click.BadParameter(f"{value[:40]!r} is no span; write two offsets such as 120:480")
    return Span(int(start), int(end))
