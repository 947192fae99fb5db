"""The command that writes everything of one kind for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from provenance.errors import ProvenanceError
from provenance.options import data_output, database_options, opened

EXPORTS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        [
            "documents",
            "articles",
            "passages",
            "matches",
            "attributions",
            "links",
            "chains",
            "sources",
            "outlets",
            "uncredited",
        ],
        ("jsonl", "json", "csv"),
    ),
    "graph": ("gexf", "graphml"),
    "prov": ("json", "provn"),
    "jsonld": ("jsonld",),
    "clusters": ("passim",),
    "annotations": ("jsonld",),
}
"""What `export` writes, with its formats; `export.writing.FORMATS` without what importing that takes."""


@click.command()
@click.argument("what", type=click.Choice(EXPORTS), metavar="WHAT")
@database_options
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted({form for forms in EXPORTS.values() for form in forms})),
    help="One of the formats of WHAT; the first by default.",
)
@click.option("--document", help="The article, for annotations.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
def export(
    what: str,
    database: Path,
    settings_file: Path | None,
    form: str | None,
    document: str | None,
    output: Path | None,
) -> None:
    """Write everything of one kind for other programs.

    \b
    WHAT and its formats:
      documents     jsonl, json, csv  articles without their text
      articles      jsonl, json, csv  articles with their text, as `add` reads them
      passages      jsonl, json, csv  which text appears where
      matches       jsonl, json, csv  every pair of copies
      attributions  jsonl, json, csv  who is said to say what
      links         jsonl, json, csv  who had it from whom
      chains        jsonl, json, csv  from claims to their sources
      sources       jsonl, json, csv  who is credited
      outlets       jsonl, json, csv  which outlets take from which
      uncredited    jsonl, json, csv  who printed whose text without saying so
      graph         gexf, graphml     articles, outlets and sources as a network (Gephi, networkx)
      prov          json, provn       the W3C's provenance model
      jsonld        jsonld            schema.org: NewsArticle with isBasedOn, citation, creditText
      clusters      passim            copies of passages as passim writes them
      annotations   jsonld            one article's attributions, passages and chains: W3C Web Annotations

    Field names and meanings are fixed; offsets are code points, end exclusive.

    \b
    Examples:
      provenance export attributions --format jsonl > attributions.jsonl
      provenance export links --format csv -o links.csv
      provenance export graph -o collection.gexf
      provenance export annotations --document courier-tanker --db harbour.db
    """
    if form is not None and form not in EXPORTS[what]:
        raise click.BadParameter(f"{what} is written as {' or '.join(EXPORTS[what])}", param_hint="--format")
    if (what == "annotations") != (document is not None):
        raise click.UsageError("annotations are those of one article: --document names it, and only they need it")
    with opened(database, settings_file) as corpus:
        if document is not None:
            # asked before a file of that name is overwritten
            corpus.article(document)
        if output is None:
            corpus.export(what, data_output(), form, document)
            return
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                corpus.export(what, file, form, document)
        except OSError as error:
            raise ProvenanceError(
                f"cannot be written: {error.strerror}", where=str(output), remedy="name another file"
            ) from error
