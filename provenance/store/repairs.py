"""Undoing what a check found wrong, so that the next analysis makes it anew. No text is ever touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from provenance.store import migrations
from provenance.store.articles import CREDITS_COUNTED
from provenance.store.connection import in_batches
from provenance.store.database import Store
from provenance.store.findings import Area, Finding
from provenance.store.records import STAGES
from provenance.store.words import unspaced

_SUMMARIES: Final = ("clusters", "uncredited", "exchanges", "most_credited", "published", "counts")
_REBUILT_AT_ONCE: Final = 200
_DETECTION, _LINKING, _READ_WITH, _GIVEN = "detection", "linking", "outlets", "own_outlets"
"""Names in the table `state`."""
_WANTED: Final = "IN (SELECT article_id FROM temp.doomed)"
_NOT_HELD: Final = "article_id NOT IN (SELECT article_id FROM articles)"
_ORPHANS: Final = (
    f"DELETE FROM evidence WHERE {_NOT_HELD}",
    "DELETE FROM evidence WHERE attribution_id NOT IN (SELECT attribution_id FROM attributions)",
    "DELETE FROM attribution_sources WHERE attribution_id NOT IN (SELECT attribution_id FROM attributions)",
    f"DELETE FROM attributions WHERE {_NOT_HELD}",
    "DELETE FROM sources WHERE source_id NOT IN (SELECT source_id FROM attribution_sources)",
)
"""Rows that refer to nothing, once the attributions that do are gone."""
_NAMING: Final = """
    SELECT DISTINCT article_id FROM attributions JOIN attribution_sources USING (attribution_id) WHERE source_id = ?"""
_SHOWN_BY: Final = """
    SELECT attributions.article_id FROM evidence JOIN attributions USING (attribution_id) WHERE evidence_id = ?"""
_SOURCELESS: Final = """
    SELECT DISTINCT article_id FROM attributions JOIN attribution_sources USING (attribution_id)
    WHERE source_id NOT IN (SELECT source_id FROM sources)"""


@dataclass(slots=True)
class Repaired:
    """What a repair did.

    Attributes:
        found: how many findings there were.
        left: how many of them nothing can be done about here.
        done: what was done, a sentence each.
    """

    found: int = 0
    left: int = 0
    done: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """What is to be done.

    Attributes:
        areas: where.
        articles: whose attributions and traces are wrong.
        everywhere: whether they may be wrong in any.
        names: of state that is wrong.
        unsound: whether nothing can be done.
    """

    areas: set[Area] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    everywhere: bool = False
    names: set[str] = field(default_factory=set)
    unsound: bool = False


def repair(store: Store, findings: Iterable[Finding]) -> Repaired:
    """Undo what is wrong, in one transaction: indexes are made anew, faulty results removed and marked as not done.

    Where SQLite itself cannot read the file, or a table is missing, nothing is done.

    Args:
        store: of the database, to write to.
        findings: all that `checking.check` found.

    Raises:
        StoreError: it cannot be written; everything is as before then.
        LockedDatabaseError: another program is at work.
    """
    report, plan = Repaired(), _Plan()
    for finding in findings:
        report.found += 1
        if finding.repairable:
            _note(store, plan, finding)
        else:
            report.left += 1
            plan.unsound = plan.unsound or finding.area in {"page", "schema"}
    if plan.unsound:
        report.left = report.found
        return report
    with store.working(), store._writing():
        for area, work in _WORK:
            if area in plan.areas:
                report.done.append(work(store, plan))
        if any(area in plan.areas for area, _ in _WORK[_FIRST_DERIVED:]):
            store._clear_stages(*STAGES)
    return report


def _note(store: Store, plan: _Plan, finding: Finding) -> None:
    """Note what is to be done about a finding."""
    area = finding.area
    plan.areas.add(area)
    if area == "state":
        plan.names.add(str(finding.row))
        if finding.row == _DETECTION:
            plan.areas.add("reuse")
        if finding.row == _LINKING:
            plan.areas.add("links")
    if area == "attribution":
        # chains rest on attributions, and evidence may be that of a link
        plan.areas.add("links")
    if area not in {"attribution", "traces"}:
        return
    if finding.table == "evidence":
        # it may stand in another article than what it shows
        plan.articles.update(row[0] for row in store._rows(_SHOWN_BY, (finding.row,)))
    if finding.table == "sources":
        plan.articles.update(row[0] for row in store._rows(_NAMING, (finding.row,)))
    elif finding.document:
        keys = store._rows("SELECT article_id FROM articles WHERE id = ?", (finding.document,))
        plan.articles.update(row[0] for row in keys)
    elif finding.kind != "reference":
        plan.everywhere = True


# the work -----------------------------------------------------------------------------------------------------------


def _reindex(store: Store, _plan: _Plan) -> str:
    store._run("REINDEX")
    return "SQLite's own indexes were made anew"


def _recreate(store: Store, _plan: _Plan) -> str:
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrations.migrate(fresh)
        named = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'view') AND sql IS NOT NULL"
        there = {row[0] for row in store._rows(named)}
        missing = [(name, sql) for name, sql in fresh.execute(named) if name not in there]
    for _, sql in missing:
        store._run(sql)
    return f"made anew: {', '.join(name for name, _ in missing)}"


def _search_again(store: Store, _plan: _Plan) -> str:
    wrong = []
    for version in store._keys("SELECT version_id FROM versions"):
        title, flag, text = store._rows("SELECT title, unspaced, text FROM versions WHERE version_id = ?", (version,))[
            0
        ]
        if bool(flag) != unspaced(title, text):
            wrong.append((not flag, version))
    store._many("UPDATE versions SET unspaced = ? WHERE version_id = ?", wrong)
    store._run("INSERT INTO word_search (word_search) VALUES ('rebuild')")
    store._run("INSERT INTO character_search (character_search) VALUES ('delete-all')")
    for keys in in_batches(store._keys("SELECT article_id FROM documents WHERE unspaced"), _REBUILT_AT_ONCE):
        marks = ", ".join("?" * len(keys))
        store._index(store._rows(f"SELECT article_id, title, text FROM documents WHERE article_id IN ({marks})", keys))
    return "the full-text indexes were made anew from the texts"


def _forget_state(store: Store, plan: _Plan) -> str:
    for name in sorted(plan.names):
        store.set_state(name, None)
    if _READ_WITH in plan.names:
        store._run("DELETE FROM document_stages WHERE stage = 'attribution'")
    names = ", ".join(sorted(plan.names))
    given = "; give your outlets again (`--outlets FILE`)" if _GIVEN in plan.names else ""
    return f"removed from what is kept between runs: {names}{given}"


def _detect_again(store: Store, _plan: _Plan) -> str:
    for table in ("matches", "passages", "word_index"):
        store._run(f"DELETE FROM {table}")
    store.set_state(_DETECTION, None)
    return "shared passages and the index of words were removed"


def _trace_again(store: Store, plan: _Plan) -> str:
    store._doom(_articles(store, plan))
    for table in ("outlet_traces", "outlet_brackets"):
        store._run(f"DELETE FROM {table} WHERE article_id {_WANTED} OR {_NOT_HELD}")
    store._run(f"DELETE FROM document_stages WHERE stage = 'outlets' AND article_id {_WANTED}")
    return "what articles contribute to the outlets was removed where it was wrong"


def _link_again(store: Store, _plan: _Plan) -> str:
    store._clear_inferred()
    store._run("DELETE FROM linked_clusters")
    return "links and chains were removed"


def _attribute_again(store: Store, plan: _Plan) -> str:
    store._doom({*_articles(store, plan), *(row[0] for row in store._rows(_SOURCELESS))})
    count = store._rows("SELECT count(*) FROM temp.doomed")[0][0]
    store._run(f"DELETE FROM attributions WHERE article_id {_WANTED}")
    for sql in _ORPHANS:
        store._run(sql)
    store.set_state(CREDITS_COUNTED, None)
    store._run(f"DELETE FROM document_stages WHERE stage = 'attribution' AND article_id {_WANTED}")
    return f"the attributions of {count} {'article was' if count == 1 else 'articles were'} removed"


def _unmark(store: Store, _plan: _Plan) -> str:
    store._run(f"DELETE FROM document_stages WHERE {_NOT_HELD} OR stage NOT IN ('attribution', 'links', 'outlets')")
    store._run("DELETE FROM stages")
    return "every stage was marked as not complete"


def _summarize_again(store: Store, _plan: _Plan) -> str:
    store.set_state(CREDITS_COUNTED, None)
    for table in _SUMMARIES:
        store._run(f"DELETE FROM {table}")
    return "the summaries were removed"


def _articles(store: Store, plan: _Plan) -> Iterable[int]:
    return store._keys("SELECT article_id FROM articles") if plan.everywhere else plan.articles


_WORK: Final[tuple[tuple[Area, Callable[[Store, _Plan], str]], ...]] = (
    ("entry", _reindex),
    ("schema", _recreate),
    ("search", _search_again),
    ("state", _forget_state),
    ("reuse", _detect_again),
    ("links", _link_again),
    ("traces", _trace_again),
    ("attribution", _attribute_again),
    ("stages", _unmark),
    ("summaries", _summarize_again),
)
"""What is done about each area, in this order: what rests on something goes before it."""
_FIRST_DERIVED: Final = 3
"""The first of them after which the analysis has to be done again."""
