"""Every export by name and format: the one way from a collection to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TextIO

from provenance.errors import NotFoundError
from provenance.export.annotations import write_annotations
from provenance.export.collection import Collection
from provenance.export.graphs import write_gexf, write_graphml
from provenance.export.json_ld import write_json_ld
from provenance.export.passim import write_passim
from provenance.export.prov import write_prov_json, write_prov_n
from provenance.export.rows import FIELDS, row_of
from provenance.export.tables import write_csv, write_json, write_jsonl

_ROWS: Final[dict[str, Callable[[Collection], Iterable[Any]]]] = {
    "documents": lambda every: every.documents(),
    "articles": lambda every: every.documents(),
    "matches": lambda every: every.matches(),
    "passages": lambda every: every.all_copies(furniture=True),
    "attributions": lambda every: every.attributions(),
    "links": lambda every: every.links(),
    "chains": lambda every: every.chains(),
    "sources": lambda every: every.sources(),
    "outlets": lambda every: every.outlets(),
    "uncredited": lambda every: every.uncredited(),
}
_TABLES: Final = ("jsonl", "json", "csv")
_FILES: Final[dict[tuple[str, str], Callable[[Collection, TextIO], int]]] = {
    ("graph", "gexf"): write_gexf,
    ("graph", "graphml"): write_graphml,
    ("prov", "json"): write_prov_json,
    ("prov", "provn"): write_prov_n,
    ("jsonld", "jsonld"): write_json_ld,
    ("clusters", "passim"): write_passim,
}
OF_ONE_ARTICLE: Final = frozenset(["annotations"])
"""Exports that are of one article."""
FORMATS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(_ROWS, _TABLES),
    "graph": ("gexf", "graphml"),
    "prov": ("json", "provn"),
    "jsonld": ("jsonld",),
    "clusters": ("passim",),
    "annotations": ("jsonld",),
}
"""What can be written, each with its formats, the default first."""


def write(collection: Collection, what: str, out: TextIO, form: str | None = None, document: str | None = None) -> int:
    """Write everything of one kind.

    Args:
        collection: of which.
        what: a key of `FORMATS`.
        out: where to; characters, in UTF-8 where it becomes bytes.
        form: one of its formats; the first by default.
        document: the article, for what is `OF_ONE_ARTICLE`.

    Returns:
        How many rows, nodes and edges, statements or annotations were written.

    Raises:
        NotFoundError: there is no such kind or format, or the article is not held, or none is named where one must be.
    """
    if what not in FORMATS:
        raise NotFoundError(f"no export is named {what!r}", remedy=f"one of {', '.join(FORMATS)}")
    form = form or FORMATS[what][0]
    if form not in FORMATS[what]:
        raise NotFoundError(f"{what} has no format {form!r}", remedy=f"one of {', '.join(FORMATS[what])}")
    if what in OF_ONE_ARTICLE:
        if document is None:
            raise NotFoundError(f"{what} are those of one article", remedy="name the article")
        return write_annotations(collection, document, out)
    if what not in _ROWS:
        return _FILES[what, form](collection, out)
    rows = _rows(collection, what)
    if form == "csv":
        return write_csv(rows, FIELDS[what], out)
    return write_json(rows, out) if form == "json" else write_jsonl(rows, out)


def _rows(collection: Collection, what: str) -> Iterator[dict[str, Any]]:
    tags = collection.tags
    return (row_of(what, record, tags) for record in _ROWS[what](collection))
