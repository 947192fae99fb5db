"""What `run` prints: the whole collection on a page that a person can use at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from provenance import terminal
from provenance.export import rows
from provenance.model import Article, Chain, Relation

if TYPE_CHECKING:
    from provenance.chains import Answer, Figure, Trace
    from provenance.corpus import Corpus
    from provenance.reports import Comparison, RunReport
    from provenance.store import LeadingRow, SourceRow

RELATIONS: Final[tuple[Relation, ...]] = (
    "uncredited-copy",
    "credited-copy",
    "common-source",
    "update",
    "credit-only",
    "quotation",
    "undetermined",
)
"""The relations in the order in which a reader wants them."""

_ARTICLES: Final = 20
_FEW: Final = 8
_CHAINS_OF_FEW: Final = 16
_CHAINS_OF_MANY: Final = 4
_CLUSTERS: Final = 12
_LINKS_OF_A_KIND: Final = 10
_UNSEEN: Final = 24
_SOURCES: Final = 10
"""Rows of each kind on the page; what is cut is counted, with the command that lists the rest."""


def print_summary(out: Console, corpus: Corpus, report: RunReport, database: str) -> None:
    """Print the page; it reads the first rows of each list, however long the lists are."""
    db = "" if database == "db/provenance.db" else f" --db {_quoted(database)}"
    articles = corpus.store.first_articles(_ARTICLES)
    if not articles:
        out.print("The collection holds no article.")
        return
    _articles(out, corpus, articles, report.articles, db)
    _passages(out, corpus, report, db)
    _links(out, corpus, report, db)
    _chains(out, corpus, articles, report.articles, db)
    _sources(out, corpus, report, db)
    _next(out, corpus, articles[0], db)


def _rest(out: Console, count: int | None, shown: int, command: str) -> None:
    """Say how many rows were cut; None where they are too many to be counted for this."""
    if count is None:
        terminal.indented(out, f"… and more: {terminal.printable(command)}", 2, style="dim")
    elif count > shown:
        terminal.indented(out, f"… and {count - shown:,} more: {terminal.printable(command)}", 2, style="dim")


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(Text(text, style="bold"))


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _articles(out: Console, corpus: Corpus, articles: Sequence[Article], count: int, db: str) -> None:
    undated = corpus.store.count_undated()
    dates = "none dated" if undated == count else f"{undated:,} undated" if undated else "all dated"
    out.print(Text(f"{_counted(count, 'article', 'articles')}, {dates}", style="bold"))
    terminal.documents(out, articles, corpus.tags)
    _rest(out, count, _ARTICLES, f"provenance documents{db}")


def _passages(out: Console, corpus: Corpus, report: RunReport, db: str) -> None:
    _heading(out, "Shared passages")
    aside = f" ({_counted(report.furniture, 'piece', 'pieces')} of page furniture apart)" if report.furniture else ""
    if not report.clusters:
        words = corpus.settings.reuse.minimum_words
        out.print(f"No two of these articles share a passage of {words} words or more{aside}.")
        return
    out.print(f"{_counted(report.clusters, 'passage is', 'passages are')} shared{aside}.")
    terminal.clusters(out, corpus.store.first_clusters(_CLUSTERS))
    _rest(out, report.clusters, _CLUSTERS, f"provenance passages{db}")


def _links(out: Console, corpus: Corpus, report: RunReport, db: str) -> None:
    _heading(out, "Who had it from whom")
    count = sum(report.links.values())
    if not count:
        out.print("No link: these articles neither share text nor credit an outlet or agency.")
        return
    tags = corpus.tags
    shown = 0
    for relation in RELATIONS:
        some = report.links.get(relation, 0)
        if some:
            out.print(Text(f"{relation} ({some:,})", style="bold dim"))
            terminal.links(out, corpus.store.first_links(relation, _LINKS_OF_A_KIND), tags)
            shown += min(some, _LINKS_OF_A_KIND)
    _rest(out, count, shown, f"provenance export links{db}")


def _chains(out: Console, corpus: Corpus, articles: Sequence[Article], count: int, db: str) -> None:
    _heading(out, "Attribution chains, nearest relayer first, ultimate source last, with the words that show them")
    tags = corpus.tags
    most = _CHAINS_OF_FEW if count <= _FEW else _CHAINS_OF_MANY
    for article in articles:
        found = distinct(corpus.chains(article.id))
        out.print()
        head = f"{terminal.printable(article.id)}  {terminal.label(article)}{terminal.tagged(tags.article(article))}"
        terminal.indented(out, Text(head, style="bold"), 0)
        if not found:
            out.print(Text("  It credits nobody.", style="dim"))
        for chain in found[:most]:
            terminal.chain_lines(out, chain, tags=tags)
        _rest(out, len(found), most, f"provenance chains --document {_quoted(article.id)}{db}")
    _rest(out, count, _ARTICLES, f"provenance chains{db}")


def distinct(chains: Iterable[Chain]) -> list[Chain]:
    """One chain of each sequence of names and stance: whole-article ones first, then the longest, then the surest."""
    best: dict[tuple[object, ...], Chain] = {}
    for chain in chains:
        key = (tuple(hop.name for hop in chain.hops), chain.stance == "deny")
        held = best.get(key)
        if held is None or chain.confidence > held.confidence:
            best[key] = chain
    return sorted(best.values(), key=_prominence)


def _prominence(chain: Chain) -> tuple[bool, int, float, int]:
    return (chain.claim is not None, -len(chain.hops), -chain.confidence, chain.claim.start if chain.claim else 0)


def _sources(out: Console, corpus: Corpus, report: RunReport, db: str) -> None:
    tags = corpus.tags
    few = report.attributions <= corpus.settings.store.counted_statements
    every: Sequence[SourceRow] = list(corpus.sources()) if few else ()
    first = every[:_SOURCES] if few else corpus.store.first_sources(_SOURCES)
    _heading(out, "Most relied on")
    if not first:
        out.print("No source is credited.")
        return
    terminal.sources(out, first, tags)
    _rest(out, len(every) if few else None, _SOURCES, f"provenance sources{db}")
    found: Sequence[SourceRow | LeadingRow] = [row for row in every if row.outlet is not None and not row.held]
    unseen, count = (found[:_UNSEEN], len(found)) if few else corpus.store.first_unseen(_UNSEEN)
    _heading(out, "Credited but not held")
    if not unseen:
        out.print("None: every outlet and agency credited has an article in the collection.")
        return
    shown = (
        f"{terminal.printable(row.name)}{terminal.tagged(tags.outlet(row.outlet))} ({row.articles})" for row in unseen
    )
    terminal.indented(out, ", ".join(shown), 0)
    _rest(out, count, _UNSEEN, f"provenance sources --unseen{db}")


def _next(out: Console, corpus: Corpus, article: Article, db: str) -> None:
    _heading(out, "Next")
    pair = corpus.store.first_pair()
    steps = [(f"provenance show {_quoted(article.id)}{db}", "an article with its credits marked")]
    if pair:
        both = " ".join(map(_quoted, pair))
        steps.append((f"provenance compare {both}{db}", "two articles side by side"))
    steps.append((f'provenance trace "words of a claim"{db}', "where a claim comes from"))
    steps.append((f"provenance export chains --format csv{db}", "the rows behind this page"))
    steps = [(terminal.printable(command), what) for command, what in steps]
    width = max(len(command) for command, _ in steps)
    beside = width + max(len(what) for _, what in steps) + 4 <= out.width
    for command, what in steps:
        if beside:
            out.print(Text.assemble("  ", (command.ljust(width), "cyan"), "  ", what))
        else:
            terminal.indented(out, f"{what}:", 2)
            terminal.indented(out, Text(command, style="cyan"), 6)


def _quoted(document: str) -> str:
    """An id as a shell takes it, whatever stands in it: people copy these lines."""
    return shlex.quote(terminal.printable(document))


def report_row(report: RunReport) -> rows.Row:
    """The counts of a run."""
    counts = report.added.counts
    return {
        "added": counts.added,
        "changed": counts.changed,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "skipped": [
            {"where": error.where, "what": error.what, "remedy": error.remedy} for error in report.added.errors
        ],
        "articles": report.articles,
        "clusters": report.clusters,
        "furniture": report.furniture,
        "attributions": report.attributions,
        "links": report.links,
        "chains": report.chains,
    }


def comparison_row(compared: Comparison) -> rows.Row:
    """Two articles side by side."""
    return {
        "a": rows.document_row(compared.a),
        "b": rows.document_row(compared.b),
        "relation": compared.relation,
        "why": compared.why,
        "links": [rows.link_row(link) for link in compared.links],
        "passages": [
            {
                **rows.match_row(passage.match),
                "edits": [
                    {
                        "kind": edit.kind,
                        "a_start": edit.a.start,
                        "a_end": edit.a.end,
                        "a_text": compared.a.text[edit.a.start : edit.a.end],
                        "b_start": edit.b.start,
                        "b_end": edit.b.end,
                        "b_text": compared.b.text[edit.b.start : edit.b.end],
                    }
                    for edit in passage.edits
                    if edit.kind != "equal"
                ],
            }
            for passage in compared.passages
        ],
    }


def trace_row(found: Trace) -> rows.Row:
    """A trace."""
    return {
        "query": found.query,
        **{
            name: _answer_row(getattr(found, name))
            for name in ("earliest_held", "earliest_credited", "ultimate_speaker")
        },
        "tellings": [
            {
                "document": telling.document,
                "outlet": telling.outlet or None,
                "published": telling.published.isoformat() if telling.published else None,
                "share": telling.share,
                "why": list(telling.why),
                "clusters": list(telling.clusters),
                "closest": rows.evidence_row(telling.closest) if telling.closest else None,
                "evidence": [rows.evidence_row(each) for each in telling.evidence],
                "chains": [rows.chain_row(chain) for chain in telling.chains],
            }
            for telling in found.tellings
        ],
        "undated": list(found.undated),
        "common_figures": [_figure_row(figure) for figure in found.common_figures],
        "left_out": found.left_out,
        "rival_figures": [_figure_row(figure) for figure in found.rival_figures],
        "denials": [
            {
                "document": denial.document,
                "by": denial.by,
                "through": denial.through or None,
                "evidence": [rows.evidence_row(each) for each in denial.evidence],
            }
            for denial in found.denials
        ],
        "links": [rows.link_row(link) for link in found.links],
        "changes": [
            {
                "before": change.before,
                "after": change.after,
                "linked": change.linked,
                "dropped": list(change.dropped),
                "added": list(change.added),
                "figures": [{"unit": unit, "before": before, "after": after} for unit, before, after in change.figures],
                "stance": list(change.stance) if change.stance else None,
                "headline": list(change.headline) if change.headline else None,
            }
            for change in found.changes
        ],
    }


def _answer_row(answer: Answer) -> rows.Row:
    return {
        "name": answer.name or None,
        "document": answer.document,
        "decided": answer.decided,
        "why": answer.why,
        "candidates": list(answer.candidates),
        "evidence": [rows.evidence_row(each) for each in answer.evidence],
    }


def _figure_row(figure: Figure) -> rows.Row:
    return {
        "value": figure.value,
        "unit": figure.unit or None,
        "documents": list(figure.documents),
        "evidence": [rows.evidence_row(each) for each in figure.evidence],
    }
