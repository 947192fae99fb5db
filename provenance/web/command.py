"""The command `serve`."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.options import database_options, opened


@click.command()
@database_options
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes one that is free."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--open-sql", is_flag=True, help="Let visitors write SQL queries of their own (they can only read).")
@click.option("--downloads", is_flag=True, help="Let visitors download the database and whole tables.")
def serve(database: Path, settings_file: Path | None, port: int, host: str, open_sql: bool, downloads: bool) -> None:
    """Show the collection in a browser: pages to explore it, and its tables.

    Pages: overview, copied without credit, articles with everything marked, two side by side, passages, sources,
    outlets, who had it from whom as a tree, a box to trace a claim, full-text search. They only read; another command
    may add articles meanwhile. Needs the extra: pip install 'provenance[web]'.

    With another --host than 127.0.0.1 anybody who reaches that address reads everything.

    \b
    Examples:
      provenance serve
      provenance serve --db harbour.db --port 8010
      provenance serve --open-sql --downloads
    """
    from provenance.web.guard import LOCAL
    from provenance.web.serving import listening, served
    from provenance.web.serving import serve as run

    shown = host if ":" not in host else f"[{host}]"
    datasette = served(
        database,
        hosts=LOCAL | {shown.lower()},
        open_sql=open_sql,
        downloads=downloads,
        settings_file=settings_file,
    )
    # a database of an earlier version is brought up to date, and what lists need is counted
    with opened(database, settings_file) as corpus:
        corpus.summarize()
    made = listening(host, port)
    address = f"http://{shown}:{made.getsockname()[1]}/"
    run(datasette, made, lambda: click.echo(f"{address} shows {database}; Ctrl-C stops it.", err=True))
