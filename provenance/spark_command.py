"""`--engine spark` on the commands that analyse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from provenance.options import exit_for, print_rows, shown_progress, standard_input

if TYPE_CHECKING:
    from provenance.corpus import Corpus
    from provenance.settings import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Where:
    """Where an analysis runs.

    Attributes:
        engine: `local` or `spark`.
        output: the folder that Spark writes to.
        master: which Spark; None for what Spark itself says.
    """

    engine: str
    output: str | None
    master: str | None


def engine_options(command: _Command) -> _Command:
    """`--engine`, `--output` and `--master`, put together as the parameter `where`."""

    @wraps(command)
    def call(*given: Any, engine: str, output: str | None, master: str | None, **named: Any) -> Any:
        return command(*given, where=Where(engine, output, master), **named)

    options = (
        click.option(
            "--engine",
            type=click.Choice(["local", "spark"]),
            default="local",
            show_default=True,
            help="Where the work is done: on this machine, or on Spark (`pip install 'provenance[spark]'`, and Java).",
        ),
        click.option("--output", metavar="FOLDER", help="With Spark: the folder for its tables, on any path of its."),
        click.option("--master", help="With Spark: local[2], yarn, k8s://HOST; all cores of this machine by default."),
    )
    wrapped: Any = call
    for option in reversed(options):
        wrapped = option(wrapped)
    return cast("_Command", wrapped)


def run_on_spark(
    paths: Sequence[str],
    database: Path | None,
    settings: Settings,
    where: Where,
    *,
    as_json: bool = False,
) -> None:
    """Run a job on Spark, and bring its result into a database where one is named.

    Args:
        paths: what to read.
        database: None to leave the result in its folder.
        settings: the thresholds.
        where: which Spark, and the folder.
        as_json: whether counts are printed for programs.

    Raises:
        MissingExtraError: the extra, or Java, is not installed.
    """
    from provenance.engines.spark.session import check_installed

    check_installed()
    from provenance.engines.spark.job import check_settings, run_job
    from provenance.engines.spark.session import session

    if not where.output:
        raise click.UsageError("--engine spark needs --output, the folder for its tables")
    if database is not None and "://" in where.output:
        raise click.UsageError("--db needs an --output on this machine; leave it out, and import what you fetch later")
    check_settings(settings)
    with session(where.master, quiet=not _verbose()) as spark, shown_progress() as progress:
        report = run_job(spark, paths, where.output, settings, stdin=standard_input(), progress=progress)
    click.echo(f"{report.articles:,} articles, {report.matches:,} matches in {where.output}", err=True)
    if database is not None:
        bring_in(Path(where.output), database, settings, as_json=as_json)
        return
    click.echo(f"`provenance import {where.output} --db NAME.db` makes a database of it.", err=True)
    if as_json:
        row = {"articles": report.articles, "matches": report.matches, "skipped": len(report.errors)}
        print_rows([{**row, "output": where.output}], (), as_json=True)
    from provenance.reports import AddReport
    from provenance.store import AddCounts

    exit_for(AddReport(AddCounts(report.articles), report.errors))


def bring_in(folder: Path, database: Path, settings: Settings, *, as_json: bool) -> None:
    """Import a result of the Spark engine, and print what was found as `run` does.

    Raises:
        UnreadableError: there is no whole result.
        StoreError: another version made it, or the database holds other articles.
    """
    from provenance import summary, terminal
    from provenance.importing import Result, import_result, taking

    with taking(Result.of(folder), database, settings) as corpus:
        with shown_progress() as progress:
            report = import_result(corpus, Result.of(folder), progress)
        if as_json:
            print_rows([summary.report_row(report)], (), as_json=True)
        else:
            summary.print_summary(terminal.console(), corpus, report, str(database))
    exit_for(report.added)


@contextmanager
def on_spark(corpus: Corpus, where: Where) -> Iterator[None]:
    """Have a collection in a database analysed on Spark.

    Args:
        corpus: the collection.
        where: which Spark, and the folder for what it works on.
    """
    if where.engine == "local":
        yield
        return
    from provenance.engines.spark.session import check_installed

    check_installed()
    from provenance.engines.spark.engine import SparkEngine
    from provenance.engines.spark.session import session

    if not where.output:
        raise click.UsageError("--engine spark needs --output, a folder for what it works on")
    with session(where.master, quiet=not _verbose()) as spark:
        corpus.engine = SparkEngine(spark, where.output, corpus.settings)
        yield


def given_database() -> Path | None:
    """The database, if the user named one."""
    context = click.get_current_context()
    named = context.get_parameter_source("database")
    return None if named is click.core.ParameterSource.DEFAULT else context.params["database"]


def _verbose() -> bool:
    import logging

    return logging.getLogger("provenance").isEnabledFor(logging.INFO)
