"""What `run` prints: the whole collection on a page that a person can use at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from provenance import terminal
from provenance.export import rows
from provenance.export.tags import Tags
from provenance.model import Article, Chain

if TYPE_CHECKING:
    from provenance.chains import Answer, Figure, Trace
    from provenance.corpus import Corpus
    from provenance.reports import Comparison, RunReport
    from provenance.store import SourceRow

RELATIONS: Final = (
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
    """Print the page."""
    articles = list(corpus.documents())
    db = "" if database == "db/provenance.db" else f" --db {_quoted(database)}"
    if not articles:
        out.print("The collection holds no article.")
        return
    _articles(out, articles, corpus.tags, db)
    _passages(out, corpus, report, db)
    _links(out, corpus, report, db)
    _chains(out, corpus, articles, db)
    _sources(out, list(corpus.sources()), corpus.tags, db)
    _next(out, corpus, articles, db)


def _rest(out: Console, count: int, shown: int, command: str) -> None:
    if count > shown:
        terminal.indented(out, f"… and {count - shown:,} more: {terminal.printable(command)}", 2, style="dim")


def _heading(out: Console, text: str) -> None:
    out.print()
    out.print(Text(text, style="bold"))


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _articles(out: Console, articles: Sequence[Article], tags: Tags, db: str) -> None:
    undated = sum(article.published is None for article in articles)
    dates = "none dated" if undated == len(articles) else f"{undated:,} undated" if undated else "all dated"
    out.print(Text(f"{_counted(len(articles), 'article', 'articles')}, {dates}", style="bold"))
    terminal.documents(out, articles[:_ARTICLES], tags)
    _rest(out, len(articles), _ARTICLES, f"provenance documents{db}")


def _passages(out: Console, corpus: Corpus, report: RunReport, db: str) -> None:
    _heading(out, "Shared passages")
    aside = f" ({_counted(report.furniture, 'piece', 'pieces')} of page furniture apart)" if report.furniture else ""
    if not report.clusters:
        words = corpus.settings.reuse.minimum_words
        out.print(f"No two of these articles share a passage of {words} words or more{aside}.")
        return
    out.print(f"{_counted(report.clusters, 'passage is', 'passages are')} shared{aside}.")
    shown = []
    for row in corpus.passages():
        shown.append(row)
        if len(shown) == _CLUSTERS:
            break
    terminal.clusters(out, shown)
    _rest(out, report.clusters, _CLUSTERS, f"provenance passages{db}")


def _links(out: Console, corpus: Corpus, report: RunReport, db: str) -> None:
    _heading(out, "Who had it from whom")
    count = sum(report.links.values())
    if not count:
        out.print("No link: these articles neither share text nor credit an outlet or agency.")
        return
    found = sorted(corpus.links(), key=lambda link: (-link.confidence, link.downstream, link.upstream or ""))
    shown = 0
    for relation in RELATIONS:
        some = [link for link in found if link.relation == relation]
        if some:
            out.print(Text(f"{relation} ({len(some):,})", style="bold dim"))
            terminal.links(out, some[:_LINKS_OF_A_KIND], corpus.tags)
            shown += min(len(some), _LINKS_OF_A_KIND)
    _rest(out, count, shown, f"provenance export links{db}")


def _chains(out: Console, corpus: Corpus, articles: Sequence[Article], db: str) -> None:
    _heading(out, "Attribution chains, nearest relayer first, ultimate source last, with the words that show them")
    tags = corpus.tags
    most = _CHAINS_OF_FEW if len(articles) <= _FEW else _CHAINS_OF_MANY
    for article in articles[:_ARTICLES]:
        found = distinct(corpus.chains(article.id))
        out.print()
        head = f"{terminal.printable(article.id)}  {terminal.label(article)}{terminal.tagged(tags.article(article))}"
        terminal.indented(out, Text(head, style="bold"), 0)
        if not found:
            out.print(Text("  It credits nobody.", style="dim"))
        for chain in found[:most]:
            terminal.chain_lines(out, chain, tags=tags)
        _rest(out, len(found), most, f"provenance chains --document {_quoted(article.id)}{db}")
    if len(articles) > _ARTICLES:
        _rest(out, len(articles), _ARTICLES, f"provenance chains{db}")


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


def _sources(out: Console, found: Sequence[SourceRow], tags: Tags, db: str) -> None:
    _heading(out, "Most relied on")
    if not found:
        out.print("No source is credited.")
        return
    terminal.sources(out, found[:_SOURCES], tags)
    _rest(out, len(found), _SOURCES, f"provenance sources{db}")
    unseen = [row for row in found if row.outlet is not None and not row.held]
    _heading(out, "Credited but not held")
    if not unseen:
        out.print("None: every outlet and agency credited has an article in the collection.")
        return
    shown = (
        f"{terminal.printable(row.name)}{terminal.tagged(tags.outlet(row.outlet))} ({row.articles})"
        for row in unseen[:_UNSEEN]
    )
    terminal.indented(out, ", ".join(shown), 0)
    _rest(out, len(unseen), _UNSEEN, f"provenance sources --unseen{db}")


def _next(out: Console, corpus: Corpus, articles: Sequence[Article], db: str) -> None:
    _heading(out, "Next")
    pair = next(((link.upstream, link.downstream) for link in corpus.links() if link.upstream), None)
    steps = [(f"provenance show {_quoted(articles[0].id)}{db}", "an article with its credits marked")]
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
