"""Commands that list across the collection whom its articles credit: attributions, chains, sources, outlets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from provenance.options import database_options, opened, page, pager_option, print_rows, row_options, say_rest

if TYPE_CHECKING:
    from provenance.model import Stance

_Record = TypeVar("_Record")


def first_of(found: Iterator[_Record], most: int) -> tuple[list[_Record], int]:
    """The first records of a list, and how many it has; no more of them are held than that."""
    from provenance.store import Counted

    count = found.left if isinstance(found, Counted) else None
    listed = list(islice(found, most))
    return listed, len(listed) + sum(1 for _ in found) if count is None else count


@click.command()
@database_options
@row_options
@pager_option
@click.option("--document", help="Only statements in this article.")
@click.option("--source", help="Only those whose chain names this source or outlet.")
@click.option("--kind", help="Only those found by this family of rules, such as told-outlet.")
@click.option(
    "--stance",
    type=click.Choice(["assert", "distanced", "deny", "conjecture", "contested"]),
    help="Only those in which the source stands so to what is said.",
)
@click.option("--anonymous", is_flag=True, help="Only those that end on a source without a name.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=60, show_default=True, help="How many to print for people."
)
def attributions(  # noqa: PLR0913, PLR0917 - click hands over every option
    database: Path,
    settings_file: Path | None,
    as_json: bool,
    as_csv: bool,
    document: str | None,
    source: str | None,
    kind: str | None,
    stance: Stance | None,
    anonymous: bool,
    limit: int,
) -> None:
    """List who is said to say what, across the collection.

    A chain reads from the nearest relayer to the ultimate source. Sources without a name are such as "a source
    familiar with the matter", "eyewitnesses", or nobody at all ("it was reported").

    \b
    Examples:
      provenance attributions --source TASS
      provenance attributions --anonymous --csv > anonymous.csv
      provenance attributions --stance deny --document 003_8cb84d787e04d269.txt
    """
    from provenance import terminal
    from provenance.attribution import KINDS
    from provenance.export.rows import FIELDS

    known = sorted({one for one, _ in KINDS})
    if kind is not None and kind not in known:
        raise click.BadParameter(f"{kind!r} is no kind; one of {', '.join(known)}", param_hint="--kind")
    with opened(database, settings_file) as corpus:
        found = corpus.attributions(document, source, kind, stance, anonymous=anonymous)
        if as_json or as_csv:
            print_rows(corpus.rows("attributions", found), FIELDS["attributions"], as_json=as_json)
            return
        listed, count = first_of(found, limit)
        if not listed:
            click.echo("No attribution.")
            return
        with page() as out:
            terminal.attributions(out, listed, corpus.tags)
        say_rest(count, limit, "--limit shows more, --json all")


@click.command()
@database_options
@row_options
@pager_option
@click.option("--document", help="Only chains of this article.")
@click.option("--source", help="Only chains through this source or outlet.")
@click.option("--outlet", help="Only chains of articles that this outlet published.")
@click.option("--depth", type=click.IntRange(min=1), help="Only chains of this many steps or more.")
@click.option(
    "--relation",
    type=click.Choice(["attribution", "document-credit", "relay-elsewhere"]),
    help="Only chains with such a step: said in the article, credited for all of it, or read in another article.",
)
@click.option(
    "--sort",
    type=click.Choice(["article", "confidence"]),
    default="article",
    show_default=True,
    help="In the order of the articles, or the surest first.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=60, show_default=True, help="How many to print for people."
)
def chains(  # noqa: PLR0913, PLR0917 - click hands over every option
    database: Path,
    settings_file: Path | None,
    as_json: bool,
    as_csv: bool,
    document: str | None,
    source: str | None,
    outlet: str | None,
    depth: int | None,
    relation: str | None,
    sort: str,
    limit: int,
) -> None:
    """List attribution chains: from an article to the ultimate source of each claim.

    A chain reads from the nearest relayer to the ultimate source: "TASS ← a reconciliation center ← refugees".

    \b
    Examples:
      provenance chains
      provenance chains --source TASS
      provenance chains --depth 3 --sort confidence
      provenance chains --document 003_8cb84d787e04d269.txt --json
    """
    from provenance import terminal
    from provenance.export.rows import FIELDS

    with opened(database, settings_file) as corpus:
        found = corpus.chains(
            document, source, outlet=outlet, depth=depth, relation=relation, surest_first=sort == "confidence"
        )
        if as_json or as_csv:
            print_rows(corpus.rows("chains", found), FIELDS["chains"], as_json=as_json)
            return
        listed, count = first_of(found, limit)
        if not listed:
            click.echo("No chain.")
            return
        with page() as out:
            terminal.chains(out, listed, corpus.tags)
        say_rest(count, limit, "--limit shows more, --json all")


@click.command()
@database_options
@row_options
@pager_option
@click.option("--unseen", is_flag=True, help="Only outlets and agencies that are credited but not held.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many to print for people."
)
def sources(database: Path, settings_file: Path | None, as_json: bool, as_csv: bool, unseen: bool, limit: int) -> None:
    """List who is credited, by how many articles, most relied on first.

    \b
    Examples:
      provenance sources
      provenance sources --unseen
      provenance sources --csv > sources.csv
    """
    from provenance import terminal
    from provenance.export.rows import FIELDS

    with opened(database, settings_file) as corpus:
        found = [row for row in corpus.sources() if not unseen or (row.outlet is not None and not row.held)]
        if as_json or as_csv:
            print_rows(corpus.rows("sources", found), FIELDS["sources"], as_json=as_json)
            return
        if not found:
            click.echo("No source.")
            return
        with page() as out:
            terminal.sources(out, found[:limit], corpus.tags)
        say_rest(len(found), limit, "--limit shows more, --json all")


@click.command()
@database_options
@row_options
@pager_option
@click.option("--outlet", help="Only what this outlet takes or what is taken from it.")
@click.option("--copies", is_flag=True, help="Only pairs that share text, not those of mere credits.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many to print for people."
)
def outlets(
    database: Path,
    settings_file: Path | None,
    as_json: bool,
    as_csv: bool,
    outlet: str | None,
    copies: bool,
    limit: int,
) -> None:
    """List which outlets take from which, how often, with and without credit, and how long after.

    Articles are those of the taker; credited and uncredited are copies of text, mentions are credits of articles that
    are not held or share no text. The delay is the median over the copies of which both sides are dated to the day,
    with their number; where it is negative, the links rest on other evidence than dates.

    \b
    Examples:
      provenance outlets
      provenance outlets --outlet TASS
      provenance outlets --copies --csv > outlets.csv
    """
    from provenance import takings_page
    from provenance.export.rows import FIELDS

    with opened(database, settings_file) as corpus:
        wanted = outlet.casefold() if outlet else ""
        found = [
            one
            for one in corpus.outlets()
            if (not copies or one.credited or one.uncredited)
            and (not wanted or wanted in {one.taker.casefold(), one.source.casefold()})
        ]
        if as_json or as_csv:
            print_rows(corpus.rows("outlets", found), FIELDS["outlets"], as_json=as_json)
            return
        if not found:
            click.echo("No outlet takes from another.")
            return
        with page() as out:
            takings_page.exchanges(out, found[:limit], corpus.tags)
        say_rest(len(found), limit, "--limit shows more, --json all")


def list_uncredited(database: Path, settings_file: Path | None, *, as_json: bool, as_csv: bool, limit: int) -> None:
    """List who printed whose text without saying so: `passages --uncredited`."""
    from provenance import takings_page
    from provenance.export.rows import FIELDS

    with opened(database, settings_file) as corpus:
        if as_json or as_csv:
            print_rows(corpus.rows("uncredited", corpus.uncredited()), FIELDS["uncredited"], as_json=as_json)
            return
        found = corpus.uncredited(limit)
        if not found:
            click.echo("No article is found to print another's text without saying so.")
            return
        with page() as out:
            takings_page.uncredited(out, found, corpus.tags)
        count = corpus.store.link_counts().get("uncredited-copy", len(found))
        say_rest(count, limit, "--limit shows more, --json all")


LISTINGS: Final = (attributions, chains, sources, outlets)
"""In the order in which the help lists them."""
