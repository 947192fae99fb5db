"""Queries with a name, for readers who do not write SQL, and what tables and columns are called in Datasette."""

from __future__ import annotations

from typing import Any, Final

from provenance.store.descriptions import TABLES, VIEWS

QUERIES: Final[dict[str, dict[str, str]]] = {
    "taken_by_outlet": {
        "title": "What an outlet printed without credit",
        "description": "Articles of the outlet named that print another's text and do not say so, most words first.",
        "sql": """select id, title, published_start, taken_from, published_by, words, share, hours, confidence
from uncredited_reuse where outlet = :outlet order by words desc, id limit 200""",
    },
    "taken_from_outlet": {
        "title": "What others printed of an outlet without credit",
        "description": "Articles that print text of the outlet named and do not say so, most words first.",
        "sql": """select id, outlet, title, published_start, taken_from, words, share, hours, confidence
from uncredited_reuse where published_by = :outlet order by words desc, id limit 200""",
    },
    "chains_to_source": {
        "title": "Claims that go back to a source",
        "description": "Chains with a step of the name given, in small letters.",
        "sql": """select readable_chains.* from readable_chains
where chain_id in (select chain_id from hops where name_key = lower(:source)) order by id, chain_id limit 200""",
    },
    "denied_claims": {
        "title": "Claims that are denied",
        "description": "What somebody denies, in the articles' own words, the surest first.",
        "sql": """select id, outlet, claim_text, path, confidence from readable_chains
where stance = 'deny' order by confidence desc, id limit 200""",
    },
    "copies_of_passage": {
        "title": "The copies of a passage",
        "description": "Every copy of the passage with the number given, with its words; dated articles first.",
        "sql": """select shared_text.id, shared_text.outlet, shared_text.title, published_start, passage
from shared_text join documents using (id) where cluster = cast(:cluster as integer)
order by published_start is null, published_start, shared_text.id limit 200""",
    },
    "where_else": {
        "title": "Where the passages of an article stand as well",
        "description": "Other articles that hold a passage of the article with the id given.",
        "sql": """select here.cluster, here.kind, there.id, there.outlet, there.title, here.passage
from shared_text here join shared_text there on there.cluster = here.cluster and there.id <> here.id
where here.id = :id and here.kind <> 'furniture' order by here.start_offset, there.id limit 500""",
    },
    "why_linked": {
        "title": "Why two articles are linked",
        "description": "The evidence of every link that concerns the article with the id given, with its weight.",
        "sql": """select links.link_id, relation, upstream_name, links.confidence, evidence.rule, evidence.text, weight
from links join evidence on evidence.link_id = links.link_id
where links.link_id in (select link_id from link_documents join articles using (article_id) where id = :id)
order by links.link_id, evidence.place limit 500""",
    },
    "published_between": {
        "title": "Articles published between two days",
        "description": "Days as 2017-12-16; the second one is left out.",
        "sql": """select id, outlet, title, published_start, published_precision from documents
where published_start >= :first and published_start < :last order by published_start, id limit 500""",
    },
    "credited_not_held": {
        "title": "Outlets that are credited and not held",
        "description": "Publishers that articles credit and of which the collection holds no article.",
        "sql": """select name, articles, statements from most_credited
where kind = 'outlet' and held = 0 order by place limit 200""",
    },
    "texts_with": {
        "title": "Texts that hold some words in a row",
        "description": "Full-text search for a phrase; case and accents do not matter.",
        "sql": """select documents.id, documents.outlet, documents.title, published_start,
snippet(word_search, 1, '»', '«', ' … ', 20) as found
from word_search join documents on documents.article_id = word_search.rowid
where word_search match '"' || replace(:words, '"', '""') || '"' order by rank, documents.id limit 100""",
    },
    "versions_of": {
        "title": "The versions of an article",
        "description": "Every text that the article with the id given was added with.",
        "sql": """select number, added, title, sha256, length(text) as characters from versions
join articles using (article_id) where id = :id order by number""",
    },
}
"""By the name in the address: title, description and SQL, whose parameters become fields of a form."""

_HIDDEN: Final = (
    "migrations",
    "state",
    "stages",
    "document_stages",
    "word_index",
    "outlet_traces",
    "outlet_brackets",
    "linked_clusters",
    "runs",
)
_SORTABLE: Final = {
    "earliest": ["copies", "articles", "characters", "published_start"],
    "uncredited_reuse": ["words", "share", "hours", "confidence", "published_start"],
}
_LABELS: Final = {
    "articles": "id",
    "sources": "name",
    "versions": "version_id",
    "attributions": "attribution_id",
    "hops": "hop_id",
}
"""What a row is called where another refers to it; Datasette would else take a name or title."""


def described() -> dict[str, Any]:
    """Descriptions of the tables, views and columns of a database, as Datasette's metadata has them."""
    tables: dict[str, dict[str, Any]] = {}
    for name, (words, columns) in TABLES.items():
        tables[name] = {
            "description": _plain(words),
            "columns": {column: _plain(told) for column, told in columns.items()},
        }
    for name, words in VIEWS.items():
        tables[name] = {"description": _plain(words)}
    for name in _HIDDEN:
        tables[name]["hidden"] = True
    for name, sortable in _SORTABLE.items():
        tables[name]["sortable_columns"] = sortable
    for name, label in _LABELS.items():
        tables[name]["label_column"] = label
    tables["documents"] |= {"fts_table": "word_search", "fts_pk": "article_id"}
    description = "Articles, the passages they share, whom they credit, and who had it from whom."
    return {"description": description, "tables": tables}


def _plain(words: str) -> str:
    return words.replace("`", "")
