"""The command `report`: what was found as one HTML file to hand over."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.options import database_options, opened

if TYPE_CHECKING:
    from provenance.corpus import Corpus
    from provenance.pages.report import Written


@click.command()
@database_options
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    default="report.html",
    show_default=True,
    help="The file to write; - for standard output.",
)
@click.option("--document", metavar="ID", help="Report on one article: whom it has its text from, and who has its.")
@click.option("--cluster", type=int, metavar="N", help="Report on one passage: who holds it.")
@click.option("--trace", "claim", metavar="TEXT", help="Report on a claim: where it comes from.")
@click.option("--title", default="", help="The report's title.")
def report(
    database: Path,
    settings_file: Path | None,
    output: Path,
    document: str | None,
    cluster: int | None,
    claim: str | None,
    title: str,
) -> None:
    """Write what was found as one HTML file, to read, print and hand over.

    The file loads nothing from anywhere and works without scripts. A small collection is shown whole; of a large one
    the strongest evidence, and the report names the command that shows the rest. How many articles, pairs and rows it
    shows are settings of the table [pages].

    \b
    Examples:
      provenance report
      provenance report -o harbour.html --db harbour.db --title "The Skelhaven spill"
      provenance report --document ostrand-beacon -o beacon.html --db harbour.db
      provenance report --trace "400 tonnes of oil leaked into the harbour" -o claim.html --db harbour.db
    """
    if sum(one is not None for one in (document, cluster, claim)) > 1:
        raise click.UsageError("a report is about one of --document, --cluster and --trace")
    chosen = {"document": document, "cluster": cluster, "trace": claim, "title": title}
    with opened(database, settings_file) as corpus:
        named = "" if str(database) == "db/provenance.db" else str(database)
        written = _write(corpus, output, {**chosen, "database": named})
    click.echo(
        f"{output}: {written.articles} articles, {written.comparisons} pairs side by side, "
        f"{written.passages} passages, {written.characters / 1e6:.1f} million characters",
        err=True,
    )


def _write(corpus: Corpus, output: Path, chosen: dict[str, Any]) -> Written:
    """Write the report to a file beside the place it goes to, and move it there when it is whole."""
    from provenance.pages.report import write_report

    made = datetime.now(timezone.utc).astimezone().date()
    if str(output) == "-":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        return write_report(corpus, sys.stdout, made=made, **chosen)
    if not output.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(output.parent)!r}", param_hint="--output")
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as out:
            written = write_report(corpus, out, made=made, **chosen)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    return written
