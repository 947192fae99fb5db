"""The command that brings a result of the Spark engine into a database."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.options import database_options
from provenance.spark_command import bring_in


@click.command("import")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@database_options
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def import_(folder: Path, database: Path, settings_file: Path | None, as_json: bool) -> None:
    """Bring a result of the Spark engine into a database.

    FOLDER is what `run --engine spark --output` wrote, on this machine. The database must be new. What it then holds
    is what `run` on this machine would have found, and `run`, `add` and `analyze` go on from it. Links and chains are
    made here.

    \b
    Examples:
      provenance import result --db news.db
    """
    from provenance.settings import Settings

    settings = Settings.from_toml(settings_file) if settings_file else Settings()
    bring_in(folder, database, settings, as_json=as_json)
