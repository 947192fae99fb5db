"""Texts against their hashes, and every span of every row against the text that it is of.

The texts are gone through once, in the order of their articles, some of them at a time; the rows about those are then
read by their indexes. Values are taken as they come: a damaged row may hold anything.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from provenance.store.connection import Row
from provenance.store.findings import Finding
from provenance.store.words import unspaced

Progress = Callable[[str, float], None]
Texts = Mapping[int, tuple[str, str]]
"""Id and text of some articles, by key."""

STAGE: Final = "checking texts"
_VERSIONS: Final = "SELECT version_id FROM versions ORDER BY article_id, number"
_VERSION: Final = """
    SELECT versions.article_id, id, articles.version_id, number, sha256, title, published_start, published_end, credits,
        unspaced, CAST(text AS BLOB)
    FROM versions LEFT JOIN articles ON articles.article_id = versions.article_id WHERE versions.version_id = ?"""
_ELSEWHERE: Final = """
    SELECT articles.article_id, id FROM articles JOIN versions ON versions.version_id = articles.version_id
    WHERE versions.article_id <> articles.article_id"""
_SPANS: Final = (
    ("passages", "the copy", "SELECT passage_id, article_id, start_offset, end_offset, NULL FROM passages", ""),
    ("matches", "side a", "SELECT match_id, a_id, a_start, a_end, NULL FROM matches", "a_id"),
    ("matches", "side b", "SELECT match_id, b_id, b_start, b_end, NULL FROM matches", "b_id"),
    (
        "attributions",
        "the source",
        "SELECT attribution_id, article_id, source_start, source_end, source_text FROM attributions",
        "",
    ),
    (
        "attributions",
        "the cue",
        "SELECT attribution_id, article_id, cue_start, cue_end, cue_text FROM attributions",
        "",
    ),
    ("chains", "the claim", "SELECT chain_id, article_id, claim_start, claim_end, claim_text FROM chains", ""),
)
"""Table, what stands there, key, article, start, end and words of its spans, and the column of the article."""
_MAY_LACK: Final = frozenset(["attributions", "chains"])
"""Tables whose spans may be NULL."""
_EVIDENCE: Final = """
    SELECT evidence_id, evidence.article_id, start_offset, end_offset, text, found_in, attributions.article_id
    FROM evidence LEFT JOIN attributions ON attributions.attribution_id = evidence.attribution_id
    WHERE evidence.article_id BETWEEN ? AND ?"""
_CONTENTS: Final = "SELECT attribution_id, article_id, content FROM attributions WHERE article_id BETWEEN ? AND ?"


def text_findings(
    connection: sqlite3.Connection, together: int, characters: int, progress: Progress
) -> Iterator[Finding]:
    """Faults of texts, and of spans in them.

    Args:
        connection: gives text of any bytes (`lenient`).
        together: articles that are looked at together.
        characters: fewer are, where their texts together have so many.
        progress: is told how far it is.
    """
    for article, document in connection.execute(_ELSEWHERE):
        yield Finding("text", "articles", article, "its current version is one of another article", document or "")
    keys = array("q", (row[0] for row in connection.execute(_VERSIONS)))
    texts: dict[int, tuple[str, str]] = {}
    held = 0
    for number, version in enumerate(keys):
        row, fault = _read(connection, version)
        if fault is not None:
            yield fault
        if row is not None:
            yield from _version_findings(version, row)
            if row[2] == version and row[1] is not None:
                text = row[10].decode("utf-8", "replace")
                texts[row[0]] = row[1], text
                held += len(text)
        if len(texts) >= together or held >= characters:
            yield from span_findings(connection, texts)
            texts, held = {}, 0
            progress(STAGE, number / len(keys))
    if texts:
        yield from span_findings(connection, texts)


def _read(connection: sqlite3.Connection, version: int) -> tuple[Row | None, Finding | None]:
    """A version's row, or what is wrong where it cannot be read."""
    try:
        row = connection.execute(_VERSION, (version,)).fetchone()
    except (sqlite3.DatabaseError, MemoryError, UnicodeDecodeError) as error:
        return None, Finding("text", "versions", version, f"cannot be read: {error}")
    if row is None:
        return None, Finding("text", "versions", version, "is listed, but not found")
    if not isinstance(row[10], bytes):
        return None, Finding("text", "versions", version, "has no text", row[1] or "")
    return row, None


def _version_findings(version: int, row: Row) -> Iterator[Finding]:
    _, document, _, _, kept, title, published, until, packed, flag, text = row
    name = document or ""
    found = hashlib.sha256(text).hexdigest()
    if found != kept:
        yield Finding("text", "versions", version, f"the text's SHA-256 is {found}, not {kept}, which is kept", name)
        return
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Finding("text", "versions", version, f"the text is not UTF-8: {error.reason}", name)
        return
    if title is not None and not isinstance(title, str):
        yield Finding("value", "versions", version, "the title is no text", name)
        return
    if (published is None) != (until is None) or (published is not None and not published < until):
        yield Finding("value", "versions", version, f"the date from {published} to {until} is no interval", name)
    if not _are_credits(packed):
        yield Finding("value", "versions", version, "the credits are not a JSON list of four words each", name)
    if bool(flag) != unspaced(title, decoded):
        script = "without" if unspaced(title, decoded) else "with"
        what = f"the text is of a script {script} spaces between words, and searched as one of the other"
        yield Finding("search", "versions", version, what, name)


def _are_credits(packed: object) -> bool:
    credit = parsed(packed)
    return isinstance(credit, list) and all(
        isinstance(each, list) and len(each) == 4 and all(part is None or isinstance(part, str) for part in each)
        for each in credit
    )


def parsed(packed: object) -> Any:
    """What a text says in JSON; None where it is none."""
    if not isinstance(packed, str):
        return None
    try:
        return json.loads(packed)
    except (ValueError, RecursionError):
        return None


# spans --------------------------------------------------------------------------------------------------------------


def span_findings(connection: sqlite3.Connection, texts: Texts) -> Iterator[Finding]:
    """Faults of the spans in some texts, of all tables."""
    among = min(texts), max(texts)
    for table, what, select, column in _SPANS:
        where = f"WHERE {column or 'article_id'} BETWEEN ? AND ?"
        for row, article, start, end, words in connection.execute(f"{select} {where}", among):
            held = texts.get(article)
            if held is None or (table in _MAY_LACK and start is None and end is None):
                continue
            yield from _faults(table, row, what, (start, end, words), held)
    for row, article, start, end, words, place, owner in connection.execute(_EVIDENCE, among):
        held = texts.get(article)
        if held is None:
            continue
        if place == "page":
            if (start, end) != (0, 0):
                what = f"evidence from outside the text stands at {start} to {end} in it"
                yield Finding("offset", "evidence", row, what, held[0])
        else:
            yield from _faults("evidence", row, "the evidence", (start, end, words), held)
        if owner is not None and owner != article:
            yield Finding("reference", "evidence", row, "it shows an attribution of another article", held[0])
    for row, article, packed in connection.execute(_CONTENTS, among):
        held = texts.get(article)
        if held is not None:
            yield from _content_faults(row, packed, held)


def _content_faults(row: int, packed: object, held: tuple[str, str]) -> Iterator[Finding]:
    spans = parsed(packed)
    if not isinstance(spans, list) or not all(isinstance(span, list) and len(span) == 2 for span in spans):
        yield Finding("value", "attributions", row, "the content is no JSON list of spans", held[0])
        return
    for start, end in spans:
        yield from _faults("attributions", row, "the content", (start, end, None), held)


def _faults(
    table: str, row: int, what: str, span: tuple[object, object, object], held: tuple[str, str]
) -> Iterator[Finding]:
    """Whether a span lies in its text and, where words of it are kept, has those words."""
    (start, end, words), (document, text) = span, held
    if not isinstance(start, int) or not isinstance(end, int):
        yield Finding("offset", table, row, f"{what} stands at {start!r} to {end!r}, which is no place", document)
    elif not 0 <= start < end <= len(text):
        where = f"from {start} to {end} in a text of {len(text)} characters"
        yield Finding("offset", table, row, f"{what} stands {where}", document)
    elif words is not None and text[start:end] != words:
        yield Finding("words", table, row, f"{what} is not what stands at {start} to {end}", document)
