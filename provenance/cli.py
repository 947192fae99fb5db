"""The command line: one command, one call of `Corpus`, and its rendering.

Data goes to standard output, progress and messages to standard error. Nothing heavy is imported before a command
runs, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance import __version__
from provenance.errors import ProvenanceError
from provenance.export_command import export
from provenance.import_command import import_
from provenance.listings import LISTINGS, list_uncredited
from provenance.options import (
    FOLLOW,
    OUTLETS,
    PATHS,
    chosen_settings,
    database_options,
    exit_for,
    harmless,
    opened,
    page,
    pager_option,
    print_rows,
    read_span,
    row_options,
    say_rest,
    shown_progress,
    standard_input,
)
from provenance.report_command import report
from provenance.runs_command import runs
from provenance.safety_command import backup, check
from provenance.spark_command import Where, engine_options, given_database, on_spark, run_on_spark
from provenance.watch_command import watch
from provenance.web.command import serve

if TYPE_CHECKING:
    from provenance.model import Span

EXIT_CODES = """\
\b
Exit codes:
  0  done
  1  a fault of provenance itself
  2  wrong usage or settings
  3  some of the input could not be used (the rest was)
  4  the database cannot be used, or `check` found faults in it
  5  no such article, passage or source
  6  an optional component is not installed
  130  stopped by Ctrl-C (what was committed is kept)
"""

SENSITIVITY = click.option(
    "--sensitivity",
    type=click.Choice(["verbatim", "edited", "rewritten"]),
    help="How much a passage may be changed and still be found; edited where neither this nor the settings say.",
)


class _Group(click.Group):
    """Turns the package's errors into messages and exit codes; commands are listed in the order of a first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProvenanceError as error:
            click.echo(f"Error: {harmless(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Stopped. What was committed is kept; run the command again to finish.", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            # The reader (head, less) has seen enough.
            sys.stderr.close()
            ctx.exit(0)


@click.group(cls=_Group, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="provenance")
def main() -> None:
    """Tell where a text comes from.

    provenance finds the passages that articles share, reads whom they credit, and infers who had it from whom, with
    the words that show every step.

    \b
    Start with:
      provenance run seeds
    """


@main.command()
@PATHS
@database_options
@SENSITIVITY
@OUTLETS
@FOLLOW
@engine_options
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def run(  # noqa: PLR0913, PLR0917 - click hands over every option
    paths: tuple[str, ...],
    database: Path,
    settings_file: Path | None,
    sensitivity: str | None,
    outlets: Path | None,
    follow: bool,
    as_json: bool,
    where: Where,
) -> None:
    """Add articles, find shared passages and credits, and print what was found.

    PATH is a text, Markdown, HTML, JSONL, CSV, WARC or feed (RSS, Atom) file, a folder of such, the web address of a
    page or feed, or - for standard input. An address is fetched once, as slowly as its site asks for; what a feed does
    not hold itself is fetched with --follow only.

    \b
    Examples:
      provenance run seeds
      provenance run examples/harbour/articles --db harbour.db --outlets examples/harbour/outlets.csv
      provenance run essays --sensitivity rewritten
      cat article.txt | provenance run - --db one.db
      provenance run news.jsonl --engine spark --output result --db news.db
    """
    from provenance import summary, terminal

    if where.engine == "spark":
        if follow:
            raise click.UsageError("--follow is for --engine local; `add` the pages, and `analyze --engine spark`")
        settings = chosen_settings(settings_file, sensitivity, outlets)
        run_on_spark(paths, given_database(), settings, where, as_json=as_json)
        return
    with opened(database, settings_file, create=True, sensitivity=sensitivity, outlets=outlets) as corpus:
        with shown_progress(rewordings=corpus.settings.reuse.sensitivity == "rewritten") as progress:
            report = corpus.run(paths, stdin=standard_input(), progress=progress, follow=follow)
        if as_json:
            print_rows([summary.report_row(report)], (), as_json=True)
        else:
            summary.print_summary(terminal.console(), corpus, report, str(database))
    exit_for(report.added)


@main.command()
@PATHS
@database_options
@FOLLOW
def add(paths: tuple[str, ...], database: Path, settings_file: Path | None, follow: bool) -> None:
    """Add articles without analysing them yet.

    PATH is what `run` takes. Adding the same article again changes nothing; a changed file becomes a new version of
    the same article. The next `analyze` or `run` analyses what was added.

    \b
    Examples:
      provenance add news/monday news/tuesday
      provenance add articles.jsonl --db week.db
      provenance add https://example.org/news/story https://example.org/feed
      provenance add https://example.org/feed --follow
    """
    with opened(database, settings_file, create=True) as corpus, shown_progress(adding=True) as progress:
        added = corpus.add(paths, stdin=standard_input(), progress=progress, follow=follow)
    counts = added.counts
    click.echo(
        f"{counts.added} added, {counts.changed} changed, {counts.updated} updated, {counts.unchanged} unchanged",
        err=True,
    )
    exit_for(added)


@main.command()
@database_options
@SENSITIVITY
@OUTLETS
@click.option("--full", is_flag=True, help="Compare all articles with each other, not only the changed ones with all.")
@engine_options
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def analyze(
    database: Path,
    settings_file: Path | None,
    sensitivity: str | None,
    outlets: Path | None,
    full: bool,
    as_json: bool,
    where: Where,
) -> None:
    """Bring everything found up to date with the articles held.

    Only articles added or changed since the last time are compared, with all others. What was told by counts over the
    collection (stock phrases, standing paragraphs, which wordings are too common to be joined everywhere) stays as it
    was for the others until a fifth of the articles has changed, or until --full compares everything anew.

    \b
    Examples:
      provenance analyze
      provenance analyze --full --db week.db
    """
    from provenance import summary, terminal

    with opened(database, settings_file, sensitivity=sensitivity, outlets=outlets) as corpus:
        rewordings = corpus.settings.reuse.sensitivity == "rewritten"
        with shown_progress(rewordings=rewordings) as progress, on_spark(corpus, where):
            report = corpus.analyze(full=full, progress=progress)
        if as_json:
            print_rows([summary.report_row(report)], (), as_json=True)
        else:
            summary.print_summary(terminal.console(), corpus, report, str(database))


@main.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@database_options
def remove(documents: tuple[str, ...], database: Path, settings_file: Path | None) -> None:
    """Delete articles with all their versions and everything found in them.

    The next `analyze` or `run` mends what rested on them. If one of them is not held, none is deleted.

    \b
    Examples:
      provenance remove 003_8cb84d787e04d269.txt
      provenance remove courier-tanker veld-voice --db harbour.db
    """
    with opened(database, settings_file) as corpus:
        removed = corpus.remove(documents)
    click.echo(f"{removed} removed", err=True)


@main.command()
@database_options
@row_options
@pager_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="How many to print for people."
)
def documents(database: Path, settings_file: Path | None, as_json: bool, as_csv: bool, limit: int) -> None:
    """List the articles held.

    \b
    Examples:
      provenance documents
      provenance documents --csv > articles.csv
    """
    from provenance import terminal
    from provenance.export.rows import FIELDS

    with opened(database, settings_file) as corpus:
        if as_json or as_csv:
            print_rows(corpus.rows("documents", corpus.documents()), FIELDS["documents"], as_json=as_json)
        else:
            with page() as out:
                terminal.documents(out, corpus.store.first_articles(limit), corpus.tags)
            say_rest(corpus.store.count_articles()[0], limit, "--limit shows more, --json all")


@main.command()
@click.argument("document")
@database_options
@pager_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(document: str, database: Path, settings_file: Path | None, as_json: bool) -> None:
    """Show one article with everything known of it.

    Its text with sources, cues and contents marked, its attributions with the rule that found each, its chains,
    shared passages and links.

    \b
    Examples:
      provenance show 003_8cb84d787e04d269.txt
      provenance show courier-tanker --db harbour.db --json
    """
    from provenance import terminal
    from provenance.export import rows

    with opened(database, settings_file) as corpus:
        view = corpus.show(document)
        if as_json:
            row = {
                **rows.document_row(view.article, corpus.tags),
                "text": view.article.text,
                "attributions": list(corpus.rows("attributions", view.attributions)),
                "passages": list(corpus.rows("passages", view.passages)),
                "links": list(corpus.rows("links", view.links)),
                "chains": list(corpus.rows("chains", view.chains)),
            }
            print_rows([row], (), as_json=True)
        else:
            with page() as out:
                terminal.article(out, view, corpus.tags)


@main.command()
@click.argument("cluster", type=int, required=False)
@database_options
@row_options
@pager_option
@click.option(
    "--furniture", is_flag=True, help="List page furniture too (comment forms, newsletters, standing matter)."
)
@click.option("--uncredited", is_flag=True, help="List instead who printed whose text without saying so.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=40, show_default=True, help="How many to print for people."
)
def passages(  # noqa: PLR0913, PLR0917 - click hands over every option
    cluster: int | None,
    database: Path,
    settings_file: Path | None,
    as_json: bool,
    as_csv: bool,
    furniture: bool,
    uncredited: bool,
    limit: int,
) -> None:
    """List the passages that articles share, or the copies of one.

    With --uncredited: who printed whose text without saying so, how many words, which share of the article, and since
    when; most words first. Only pairs whose direction the evidence decides are listed.

    \b
    Examples:
      provenance passages
      provenance passages 3
      provenance passages --furniture --json
      provenance passages --uncredited --csv > uncredited.csv
    """
    from provenance import terminal
    from provenance.export.rows import FIELDS, passage_row

    if uncredited and (furniture or cluster is not None):
        raise click.UsageError("--uncredited lists pairs of articles; leave --furniture and the number out")
    if uncredited:
        list_uncredited(database, settings_file, as_json=as_json, as_csv=as_csv, limit=limit)
        return
    with opened(database, settings_file) as corpus:
        if as_json or as_csv:
            chosen = corpus.copies(cluster) if cluster is not None else corpus.all_copies(furniture=furniture)
            print_rows(map(passage_row, chosen), FIELDS["passages"], as_json=as_json)
        elif cluster is not None:
            copies = corpus.copies(cluster)
            with page() as out:
                terminal.copies(out, ((corpus.store.article(copy.document), copy.span, copy.kind) for copy in copies))
        else:
            listed = corpus.store.first_clusters(limit, furniture=furniture)
            if not listed:
                click.echo("No two articles share a passage.")
                return
            with page() as out:
                terminal.clusters(out, listed)
            kinds = corpus.store.cluster_counts().items()
            count = sum(number for kind, number in kinds if furniture or kind != "furniture")
            say_rest(count, limit, "--limit shows more, --json all")


@main.command()
@click.argument("a")
@click.argument("b")
@database_options
@pager_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def compare(a: str, b: str, database: Path, settings_file: Path | None, as_json: bool) -> None:
    """Show what two articles share and what was changed.

    \b
    Examples:
      provenance compare vpa-0312 ostrand-beacon --db harbour.db
      provenance compare vpa-0312 ostrand-beacon --db harbour.db --json
    """
    from provenance import terminal
    from provenance.summary import comparison_row

    with opened(database, settings_file) as corpus:
        compared = corpus.compare(a, b)
        if as_json:
            print_rows([comparison_row(compared)], (), as_json=True)
        else:
            with page() as out:
                terminal.comparison(out, compared)


for _listing in LISTINGS:
    main.add_command(_listing)
main.add_command(report)
main.add_command(serve)


@main.command()
@click.argument("text", required=False)
@database_options
@pager_option
@click.option("--document", help="Trace an article, or with --span a passage of it.")
@click.option(
    "--span", callback=read_span, metavar="START:END", help="A passage of the article: code points, end exclusive."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def trace(
    text: str | None,
    database: Path,
    settings_file: Path | None,
    document: str | None,
    span: Span | None,
    as_json: bool,
) -> None:
    """Trace a claim: the earliest copy held, the earliest publisher credited, the ultimate speaker.

    The three are different questions and are never merged into one answer. Edited and reworded tellings count too;
    the timeline, who had it from whom, what changed on the way and who denies it come below.

    \b
    Examples:
      provenance trace "US instructors train former ISIS members as the New Syrian Army"
      provenance trace --document ostrand-beacon --span 0:196 --db harbour.db
    """
    from provenance import trace_page
    from provenance.summary import trace_row

    if (text is None) == (document is None):
        raise click.UsageError("give a text, or --document with an article's id")
    if span is not None and document is None:
        raise click.UsageError("--span needs --document")
    with opened(database, settings_file) as corpus:
        found = corpus.trace(text, document=document, span=span)
        if as_json:
            print_rows([trace_row(found)], (), as_json=True)
        else:
            with page() as out:
                trace_page.trace(out, found)


main.add_command(export)
main.add_command(import_)
main.add_command(check)
main.add_command(backup)
main.add_command(watch)
main.add_command(runs)


if __name__ == "__main__":
    main()
