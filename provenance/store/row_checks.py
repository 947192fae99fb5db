"""Rows against each other: what no row may hold, what refers to nothing, what is not all there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, get_args

from provenance.model import MatchKind, Relation, Scope, SourceKind, Stance
from provenance.store.articles import CREDITS_COUNTED
from provenance.store.attributions import name_key
from provenance.store.findings import Finding, FindingKind
from provenance.store.records import STAGES
from provenance.store.text_checks import parsed


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that rows keep.

    Attributes:
        what: what is wrong with a row that does not; `{}` stands for what the query gives third.
        sql: gives the key of each row that does not, the id of the article that it is about, and a value.
        stage: the stage that must be complete for the rule to hold; empty for none.
    """

    kind: FindingKind
    table: str
    what: str
    sql: str
    stage: str = ""


_ID: Final = "(SELECT id FROM articles WHERE articles.article_id = {})"
_OF_LINK: Final = _ID.format("downstream_id")


def _own(table: str) -> str:
    """The id of the article of a table's row; without the table's name it would be that of `articles`."""
    return _ID.format(f"{table}.article_id")


def _one_of(table: str, key: str, column: str, words: tuple[str, ...], document: str = "") -> Rule:
    """A rule that a column holds one of some words."""
    among = ", ".join(f"'{word}'" for word in words)
    sql = f"SELECT {key}, {document or _own(table)}, {column} FROM {table} WHERE {column} NOT IN ({among})"
    return Rule("value", table, f"{column} is {{!r}}, which it cannot be", sql)


def _share(table: str, key: str, column: str, document: str = "") -> Rule:
    """A rule that a column holds a number from 0 to 1."""
    sql = f"""
        SELECT {key}, {document or _own(table)}, {column} FROM {table} WHERE NOT ({column} >= 0 AND {column} <= 1)"""
    return Rule("value", table, f"{column} is {{}}, not from 0 to 1", sql)


def _finite(table: str, key: str, column: str, document: str) -> Rule:
    sql = f"SELECT {key}, {document}, {column} FROM {table} WHERE abs({column}) > 1e300"
    return Rule("value", table, f"{column} is {{}}", sql)


def _places(table: str, owner: str, key: str, document: str, where: str = "1") -> Rule:
    """A rule that the places of what belongs together are numbered from 0, each once."""
    sql = f"""
        SELECT min({key}), {document}, {owner} FROM {table} WHERE {where} GROUP BY {owner}
        HAVING min(place) <> 0 OR max(place) <> count(*) - 1 OR count(DISTINCT place) <> count(*)"""
    return Rule("incomplete", table, f"those of {owner} {{}} are not all there, or there twice", sql)


def _lacking(table: str, key: str, other: str, document: str, where: str = "1") -> Rule:
    """A rule that each row has some of another table."""
    sql = f"""SELECT {key}, {document}, 0 FROM {table}
        WHERE {where} AND NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.{key} = {table}.{key})"""
    return Rule("incomplete", table, f"it has no row in {other}", sql)


_STANCES: Final = get_args(Stance)
_KINDS: Final = get_args(MatchKind)
_ARTICLE_A: Final = _ID.format("a_id")
_OF_ATTRIBUTION: Final = """(SELECT id FROM articles JOIN attributions USING (article_id)
    WHERE attributions.attribution_id = {}.attribution_id)"""
_OF_CHAIN: Final = """(SELECT id FROM articles JOIN chains USING (article_id) WHERE chains.chain_id = hops.chain_id)"""

RULES: Final = (
    _share("matches", "match_id", "similarity", _ARTICLE_A),
    _share("attributions", "attribution_id", "confidence"),
    _share("links", "link_id", "confidence", _OF_LINK),
    _share("chains", "chain_id", "confidence"),
    _finite("links", "link_id", "margin", _OF_LINK),
    _finite("evidence", "evidence_id", "weight", _own("evidence")),
    _one_of("matches", "match_id", "kind", _KINDS, _ARTICLE_A),
    _one_of("passages", "passage_id", "kind", _KINDS),
    _one_of("attributions", "attribution_id", "scope", get_args(Scope)),
    _one_of("attributions", "attribution_id", "stance", _STANCES),
    _one_of("sources", "source_id", "kind", get_args(SourceKind), "''"),
    _one_of("links", "link_id", "relation", get_args(Relation), _OF_LINK),
    _one_of("chains", "chain_id", "stance", _STANCES),
    _one_of("hops", "hop_id", "kind", get_args(SourceKind), _OF_CHAIN),
    _one_of("evidence", "evidence_id", "found_in", ("text", "page")),
    _one_of("stages", "stage", "stage", STAGES, "''"),
    _one_of("document_stages", "article_id", "stage", ("attribution", "links", "outlets")),
    Rule(
        "value",
        "sources",
        "its name without case is kept as {!r}",
        "SELECT source_id, '', name_key FROM sources WHERE name_key <> provenance_key(name)",
    ),
    Rule(
        "value",
        "sources",
        "its outlet without case is kept as {!r}",
        "SELECT source_id, '', outlet_key FROM sources WHERE outlet_key IS NOT provenance_key(outlet)",
    ),
    Rule(
        "value",
        "hops",
        "its name without case is kept as {!r}",
        f"SELECT hop_id, {_OF_CHAIN}, name_key FROM hops WHERE name_key <> provenance_key(name)",
    ),
    Rule(
        "value",
        "matches",
        "the article with the lesser id is not the first one, {!r}",
        """SELECT match_id, a.id, b.id FROM matches JOIN articles a ON a.article_id = a_id
            JOIN articles b ON b.article_id = b_id WHERE a.id >= b.id""",
    ),
    Rule(
        "value",
        "links",
        "credited is {!r}, neither 0 nor 1",
        f"SELECT link_id, {_OF_LINK}, credited FROM links WHERE credited NOT IN (0, 1)",
    ),
    Rule(
        "value",
        "evidence",
        "it shows {} things, not one",
        f"""SELECT evidence_id, {_own("evidence")}, (attribution_id NOTNULL) + (link_id NOTNULL) + (hop_id NOTNULL)
            FROM evidence WHERE (attribution_id NOTNULL) + (link_id NOTNULL) + (hop_id NOTNULL) <> 1""",
    ),
    Rule(
        "value",
        "links",
        "the article is linked with itself",
        f"SELECT link_id, {_OF_LINK}, 0 FROM links WHERE upstream_id = downstream_id",
    ),
    # what belongs together
    _places("attributions", "article_id", "attribution_id", _own("attributions")),
    _places("attribution_sources", "attribution_id", "attribution_id", _OF_ATTRIBUTION.format("attribution_sources")),
    _places("evidence", "attribution_id", "evidence_id", _OF_ATTRIBUTION.format("evidence"), "attribution_id NOTNULL"),
    _places("evidence", "link_id", "evidence_id", _own("evidence"), "link_id NOTNULL"),
    _places("evidence", "hop_id", "evidence_id", _own("evidence"), "hop_id NOTNULL"),
    _places("hops", "chain_id", "hop_id", _OF_CHAIN),
    _places("link_documents", "link_id", "link_id", _own("link_documents")),
    _places("outlet_brackets", "article_id", "article_id", _own("outlet_brackets")),
    _lacking("attributions", "attribution_id", "attribution_sources", _own("attributions")),
    _lacking("attributions", "attribution_id", "evidence", _own("attributions")),
    _lacking("links", "link_id", "evidence", _OF_LINK),
    _lacking("chains", "chain_id", "hops", _own("chains")),
    _lacking("hops", "hop_id", "evidence", _OF_CHAIN, "attribution_id IS NULL"),
    Rule(
        "incomplete",
        "sources",
        "no attribution names it",
        """SELECT source_id, '', 0 FROM sources
            WHERE NOT EXISTS (SELECT 1 FROM attribution_sources named WHERE named.source_id = sources.source_id)""",
    ),
    Rule(
        "incomplete",
        "sources",
        "there are {} with this name, kind and outlet",
        "SELECT max(source_id), '', count(*) FROM sources GROUP BY name, kind, outlet HAVING count(*) > 1",
    ),
    Rule(
        "incomplete",
        "matches",
        "there are {} of these spans",
        f"""SELECT max(match_id), {_ARTICLE_A}, count(*) FROM matches
            GROUP BY a_id, a_start, a_end, b_id, b_start, b_end HAVING count(*) > 1""",
    ),
    Rule(
        "incomplete",
        "passages",
        "there are {} of this span in its cluster",
        f"""SELECT max(passage_id), {_own("passages")}, count(*) FROM passages
            GROUP BY cluster, article_id, start_offset, end_offset HAVING count(*) > 1""",
    ),
    Rule(
        "incomplete",
        "passages",
        "no other article holds a copy of cluster {}",
        f"""SELECT min(passage_id), {_own("passages")}, cluster FROM passages
            GROUP BY cluster HAVING count(DISTINCT article_id) < 2""",
    ),
    Rule(
        "incomplete",
        "link_documents",
        "{} articles are named, which are not those of the link",
        f"""SELECT link_id, {_OF_LINK}, (SELECT count(*) FROM link_documents d WHERE d.link_id = links.link_id)
            FROM links
            WHERE downstream_id NOT IN (SELECT article_id FROM link_documents d WHERE d.link_id = links.link_id)
                OR upstream_id NOT IN (SELECT article_id FROM link_documents d WHERE d.link_id = links.link_id)
                OR ((upstream_id IS NOT NULL OR relation IN ('common-source', 'quotation', 'undetermined'))
                    AND (SELECT count(*) FROM link_documents d WHERE d.link_id = links.link_id) <> 2)""",
    ),
    # what refers to nothing, where SQLite does not know that it refers
    # by the index of articles (+ rules out the other): a passage may have thousands of copies, an article has few
    *(
        Rule(
            "reference",
            "matches",
            f"side {side} overlaps no copy of cluster {{}} in its article",
            f"""SELECT match_id, {_ID.format(f"{side}_id")}, cluster FROM matches
                WHERE cluster <> -1 AND NOT EXISTS (SELECT 1 FROM passages WHERE passages.article_id = {side}_id
                    AND +passages.cluster = matches.cluster AND start_offset < {side}_end
                    AND {side}_start < end_offset)""",
        )
        for side in ("a", "b")
    ),
    Rule(
        "reference",
        "word_index",
        "article {}, which stands for its family, is not held",
        f"""SELECT article_id, {_own("word_index")}, representative_id FROM word_index
            WHERE representative_id NOT IN (SELECT article_id FROM articles)""",
        "reuse",
    ),
    Rule(
        "reference",
        "links",
        "there is no passage cluster {}, on which it rests",
        f"""SELECT link_id, {_OF_LINK}, value
            FROM links, json_each(CASE WHEN json_valid(clusters) THEN clusters ELSE '[]' END)
            WHERE NOT EXISTS (SELECT 1 FROM passages WHERE cluster = value)""",
        "links",
    ),
    Rule(
        "reference",
        "links",
        "the runner-up {!r} is neither an article nor a source that is named",
        f"""SELECT link_id, {_OF_LINK}, runner_up FROM links
            WHERE runner_up <> '' AND NOT EXISTS (SELECT 1 FROM articles WHERE id = runner_up)
                AND NOT EXISTS (SELECT 1 FROM sources WHERE name_key = provenance_key(runner_up))
                AND NOT EXISTS (SELECT 1 FROM sources WHERE outlet_key = provenance_key(runner_up))
                AND NOT EXISTS (SELECT 1 FROM versions WHERE outlet = runner_up)""",
        "links",
    ),
    Rule(
        "reference",
        "linked_clusters",
        "there is no such passage cluster",
        """SELECT cluster, '', 0 FROM linked_clusters
            WHERE NOT EXISTS (SELECT 1 FROM passages WHERE passages.cluster = linked_clusters.cluster)""",
        "links",
    ),
    Rule(
        "incomplete",
        "linked_clusters",
        "a passage cluster is left out",
        """SELECT DISTINCT cluster, '', 0 FROM passages
            WHERE kind <> 'furniture' AND cluster NOT IN (SELECT cluster FROM linked_clusters)""",
        "links",
    ),
    Rule(
        "value",
        "links",
        "clusters is {!r}, which is no JSON list of numbers",
        f"""SELECT link_id, {_OF_LINK}, clusters FROM links
            WHERE CASE WHEN json_valid(clusters) THEN json_type(clusters) <> 'array'
                OR EXISTS (SELECT 1 FROM json_each(clusters) WHERE type <> 'integer') ELSE 1 END""",
    ),
    # stages that are marked as complete
    *(
        Rule(
            "stage",
            "document_stages",
            f"{stage} is marked as complete, and was not done for the article",
            f"""SELECT article_id, id, 0 FROM articles
                WHERE article_id NOT IN (SELECT article_id FROM document_stages WHERE stage = '{done}')""",
            stage,
        )
        for stage, done in (("attribution", "attribution"), ("attribution", "outlets"), ("chains", "links"))
    ),
    *(
        Rule(
            "stage",
            "stages",
            f"{stage} is marked as complete, and {ground}, on which it rests, is not",
            f"SELECT '{stage}', '', 0 WHERE NOT EXISTS (SELECT 1 FROM stages WHERE stage = '{ground}')",
            stage,
        )
        for stage, ground in (("links", "reuse"), ("links", "attribution"), ("chains", "links"))
    ),
    Rule(
        "stage",
        "document_stages",
        "{} articles were read with other settings than the rest",
        """SELECT NULL, '', count(*) FROM document_stages WHERE stage = 'attribution' GROUP BY signature
            ORDER BY count(*) DESC LIMIT -1 OFFSET 1""",
        "attribution",
    ),
    Rule(
        "incomplete",
        "outlet_traces",
        "the article is marked as read for outlets, and is not there",
        f"""SELECT article_id, {_own("document_stages")}, 0 FROM document_stages
            WHERE stage = 'outlets' AND article_id NOT IN (SELECT article_id FROM outlet_traces)""",
    ),
    Rule(
        "incomplete",
        "word_index",
        "the article was compared, and is not there",
        """SELECT article_id, id, 0 FROM articles WHERE EXISTS (SELECT 1 FROM word_index)
            AND article_id NOT IN (SELECT article_id FROM word_index)""",
        "reuse",
    ),
    Rule(
        "value",
        "word_index",
        "words have {} bytes, which are no whole number of words, or the signature is none",
        f"""SELECT article_id, {_own("word_index")}, length(words) FROM word_index
            WHERE length(words) % 8 <> 0 OR length(sketch) % 4 <> 0 OR sampled < 0""",
    ),
)
"""In the order in which they are looked at; a rule may take the ones before for granted."""


def row_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Faults of rows among each other."""
    connection.create_function("provenance_key", 1, lru_cache(maxsize=65536)(_key), deterministic=True)
    complete = {row[0] for row in connection.execute("SELECT stage FROM stages")}
    for rule in RULES:
        if not rule.stage or rule.stage in complete:
            for row, document, value in connection.execute(rule.sql):
                yield Finding(rule.kind, rule.table, row, rule.what.format(value), document or "")
    yield from _state_findings(connection)


def _key(name: object) -> str | None:
    return name_key(name) if isinstance(name, str) else None


def _state_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What the run's state keeps must be what is read back from it."""
    for name, value in connection.execute("SELECT name, value FROM state"):
        found = parsed(value)
        wanted = {"detection": list, "outlets": list, "linking": dict, CREDITS_COUNTED: list}.get(name)
        if wanted is None:
            continue
        count = {"detection": 3, CREDITS_COUNTED: 2}.get(name)
        numbers = isinstance(found, list) and len(found) == count and all(isinstance(each, int) for each in found)
        if not isinstance(found, wanted) or (count is not None and not numbers):
            yield Finding("value", "state", name, f"what is kept is not a JSON {wanted.__name__} as expected")
