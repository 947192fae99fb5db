"""Checking a database: everything in it against everything that it must agree with.

    with reading(Path("db/provenance.db"), settings.store) as store:
        for finding in check(store, settings):
            print(finding.what, finding.remedy)

What can be wrong is told by `store.findings`. What is looked at comes from the store; what needs the stages (the index
of words, who takes from whom) is here.
"""

from __future__ import annotations

import dataclasses
import sqlite3
import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from provenance.attribution.collection import TRACE_METHOD
from provenance.attribution.kinds import KINDS
from provenance.attribution.renewal import trace_row
from provenance.corpus import Corpus, gazetteer_with, known_outlets
from provenance.model import Article
from provenance.reuse import INDEX_SCHEME
from provenance.reuse.families import signatures
from provenance.reuse.kept import unpack
from provenance.settings import Settings
from provenance.signatures import signature_of
from provenance.store import Store
from provenance.store.checks import at_one_moment, guarded, page_findings, reading, reference_findings, schema_findings
from provenance.store.findings import Finding
from provenance.store.repairs import Repaired, repair
from provenance.store.row_checks import row_findings
from provenance.store.search_checks import listing_findings, search_findings
from provenance.store.summary_checks import summary_findings
from provenance.store.text_checks import text_findings
from provenance.takings import exchanges
from provenance.text.tokens import words_of

__all__ = ["Finding", "Repaired", "check", "reading", "repair"]

Progress = Callable[[str, float], None]

PAGES: Final = "checking pages"
ROWS: Final = "checking rows"
WORDS: Final = "checking words"
OUTLETS: Final = "checking outlets"
_DAMAGE: Final = frozenset(["page", "schema", "entry"])
"""Kinds of finding after which comparing rows with each other tells nothing."""
_WORD_BYTES: Final = 8
_ALIGNED: Final = """
    SELECT match_id, id, alignment,
        (SELECT length(words) / 8 FROM word_index WHERE word_index.article_id = a_id),
        (SELECT length(words) / 8 FROM word_index WHERE word_index.article_id = b_id)
    FROM matches JOIN articles ON articles.article_id = a_id WHERE length(alignment) > 0"""
_TRACED: Final = """
    SELECT id, outlet, host, names_itself, plain, page FROM outlet_traces JOIN articles USING (article_id)
    JOIN document_stages USING (article_id) WHERE article_id = ? AND stage = 'outlets' AND signature = ?"""
_BRACKETS: Final = "SELECT acronym, preceding FROM outlet_brackets WHERE article_id = ? ORDER BY place"
_INDEXED: Final = """
    SELECT id, text, words, sketch, sampled FROM word_index JOIN documents USING (article_id)
    WHERE article_id = ? AND scheme = ?"""


def check(
    store: Store, settings: Settings | None = None, *, deep: bool = False, progress: Progress | None = None
) -> Iterator[Finding]:
    """Everything that is wrong with a database, as it is at the moment of the first step.

    Nothing is changed, and others may read and write meanwhile. Memory does not grow with the collection, but for
    eight bytes an article, and what `deep` needs to count anew who takes from whom.

    Where a part of the file cannot be read, or SQLite's own indexes do not fit their tables, only the texts and the
    spans in them are looked at besides.

    Args:
        store: of the database (`reading`).
        settings: those that the collection was analysed with; the index of words is checked where they are the same.
        deep: compare all articles with both indexes, not only some of them, and count anew who takes from whom.
        progress: is told the stage and how far it is.

    Raises:
        LockedDatabaseError: another program holds the database.
    """
    settings = settings or Settings()
    told = progress or _silent
    with at_one_moment(store) as connection:
        damaged = False
        for part in (_pages(connection, told), schema_findings(connection)):
            for finding in guarded(part, store):
                damaged = damaged or finding.kind in _DAMAGE
                yield finding
        kept = settings.store
        told(ROWS, 0.0)
        yield from guarded(reference_findings(connection), store)
        yield from guarded(text_findings(connection, kept.checked_together, kept.checked_characters, told), store)
        if not damaged:
            told(ROWS, 0.0)
            for part in _contents(store, connection, settings, told, deep=deep):
                yield from guarded(part, store)
            yield from guarded(_search(connection, settings, told, deep=deep), store, searching=True)


def _silent(_stage: str, _share: float) -> None:
    """Nobody watches."""


def _pages(connection: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    """What SQLite finds, first quickly; thoroughly where that finds nothing."""
    progress(PAGES, 0.0)
    found = False
    for finding in page_findings(connection, quick=True):
        found = True
        yield finding
    if not found:
        yield from page_findings(connection, quick=False)


def _contents(
    store: Store, connection: sqlite3.Connection, settings: Settings, progress: Progress, *, deep: bool
) -> Iterator[Iterator[Finding]]:
    """What an undamaged file holds, part by part."""
    yield row_findings(connection)
    yield _alignment_findings(connection)
    yield summary_findings(store, connection)
    yield _outlet_findings(store, settings, deep=deep)
    yield _kind_findings(connection)
    yield _word_findings(connection, settings, progress, deep=deep)
    yield _trace_findings(store, connection, settings, progress, deep=deep)


def _search(connection: sqlite3.Connection, settings: Settings, progress: Progress, *, deep: bool) -> Iterator[Finding]:
    """The full-text indexes of an undamaged file."""
    yield from listing_findings(connection)
    keys = _keys(connection, settings, deep=deep)
    count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    yield from search_findings(connection, keys, progress, whole=len(keys) == count)


def _keys(connection: sqlite3.Connection, settings: Settings, *, deep: bool) -> Sequence[int]:
    """The articles whose words are compared with the indexes: all, or some spread over the collection."""
    keys = array("q", (row[0] for row in connection.execute("SELECT article_id FROM articles ORDER BY article_id")))
    return keys if deep else keys[:: max(1, -(-len(keys) // max(1, settings.store.checked_articles)))]


def _alignment_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Alignments of matches that are not of their two texts; detection goes on from them."""
    for row, document, packed, words_a, words_b in connection.execute(_ALIGNED):
        # without words detection does not go on from it
        if words_a is not None and words_b is not None and not _fits(packed, words_a, words_b):
            yield Finding("index", "matches", row, "the alignment is not of these two texts", document)


def _fits(packed: bytes, words_a: int, words_b: int) -> bool:
    try:
        kept = unpack(packed, 0, 0)
    except (struct.error, IndexError):
        return False
    (a, a_end), (b, b_end) = kept.span_a, kept.span_b
    return (
        0 <= a < a_end <= words_a
        and 0 <= b < b_end <= words_b
        and all(
            length > 0 and 0 <= at <= words_a - length and 0 <= to <= words_b - length for at, to, length in kept.blocks
        )
    )


def _word_findings(
    connection: sqlite3.Connection, settings: Settings, progress: Progress, *, deep: bool
) -> Iterator[Finding]:
    """Articles whose words or signature in the index are not those of their text."""
    scheme = signature_of(settings.reuse, INDEX_SCHEME)
    keys = _keys(connection, settings, deep=deep)
    for number, key in enumerate(keys):
        progress(WORDS, number / len(keys))
        row = connection.execute(_INDEXED, (key, scheme)).fetchone()
        if row is None:
            continue
        document, text, words, sketch, sampled = row
        if not isinstance(text, str):
            # which was found before
            continue
        found = words_of([text])
        sketches, sizes = signatures(found, settings.reuse)
        if found.hashes.astype("<u8", copy=False).tobytes() != words:
            yield Finding("index", "word_index", key, "the words are not those of the text", document)
        elif sketches[0].astype("<u4", copy=False).tobytes() != sketch or int(sizes[0]) != sampled:
            yield Finding("index", "word_index", key, "the signature is not that of the text", document)


def _kind_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Attributions of a kind that there is none of."""
    known = dict(KINDS)
    for kind, row in connection.execute("SELECT kind, min(attribution_id) FROM attributions GROUP BY kind"):
        if kind not in known:
            yield Finding("value", "attributions", row, f"kind is {kind!r}, which it cannot be")


def _trace_findings(
    store: Store, connection: sqlite3.Connection, settings: Settings, progress: Progress, *, deep: bool
) -> Iterator[Finding]:
    """Articles that contribute something else to the outlets than is kept."""
    keys = _keys(connection, settings, deep=deep)
    for number, key in enumerate(keys):
        progress(OUTLETS, number / len(keys))
        row = connection.execute(_TRACED, (key, TRACE_METHOD)).fetchone()
        if row is None:
            continue
        brackets = [tuple(each) for each in connection.execute(_BRACKETS, (key,))]
        try:
            article = next(store.articles([row[0]]), None)
        except (TypeError, ValueError):
            # its credits are not what they must be, which was found before
            continue
        if article is None:
            continue
        wanted = trace_row(article)
        if (*row, brackets) != (*wanted[:-1], [tuple(each) for each in wanted[-1]]):
            what = "what the article contributes to the outlets is not what is kept"
            yield Finding("index", "outlet_traces", key, what, row[0])


def _outlet_findings(store: Store, settings: Settings, *, deep: bool) -> Iterator[Finding]:
    """The outlets that the user gave; with `deep` also who takes from whom, counted anew."""
    try:
        gazetteer = gazetteer_with(known_outlets(store))
    except (ValueError, TypeError) as error:
        yield Finding("value", "state", "own_outlets", f"the outlets that were given cannot be read back: {error}")
        return
    if not deep or not store.summaries_current():
        return
    corpus = Corpus.reading(store, settings, gazetteer)

    def name_of(name: str, url: str) -> str:
        return corpus.publisher(Article("", "", outlet=name, url=url))

    wanted = (dataclasses.astuple(one) for one in exchanges(store.takings(), name_of))
    for place, (kept, row) in enumerate(zip_longest(store.exchange_rows(None, -1), wanted), 1):
        if kept != row:
            yield Finding("summary", "exchanges", place, "the outlets are not those that stand there by their copies")
