"""How Datasette's tables show a value of our databases: as text, never as markup."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from provenance.pages.addresses import outside
from provenance.pages.visible import cut, shown
from provenance.web.addresses import WebAddresses

_ARTICLES: Final = {
    "articles": {"id"},
    "documents": {"id"},
    "shared_text": {"id"},
    "readable_chains": {"id"},
    "readable_hops": {"id", "held"},
    "earliest": {"id"},
    "uncredited_reuse": {"id", "taken_from"},
}
"""Columns that hold ids of articles, by table or view."""
_TO_ARTICLES: Final = frozenset(["article_id", "a_id", "b_id", "upstream_id", "downstream_id"])
"""Columns that refer to articles; Datasette hands over what the row referred to is called."""
_PASSAGES: Final = frozenset(["passages", "matches", "shared_text", "earliest", "clusters"])
_SHOWN_URL: Final = 90


def cell(value: Any, column: str, table: str | None, to: WebAddresses, most: int) -> Markup | None:
    """A value as a cell shows it; None to leave it to Datasette.

    Args:
        value: what the column holds.
        column: its name.
        table: its table or view; None for a query.
        to: where pages are.
        most: characters shown.
    """
    if column == "cluster" and table in _PASSAGES and isinstance(value, int):
        address = to.passage(value)
        return Markup('<a href="{}">{}</a>').format(address, value) if address else None
    if isinstance(value, dict):
        return _referred(str(value.get("label", "")), column, to, most)
    if not isinstance(value, str) or not value:
        return None
    if table is not None and column in _ARTICLES.get(table, ()):
        return Markup('<a href="{}">{}</a>').format(to.article(value), shown(value[:most]))
    away = outside(value) if len(value) <= most else ""
    if away:
        opening = Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>')
        return opening.format(away, shown(cut(away, _SHOWN_URL)))
    return shown(value if len(value) <= most else f"{value[:most]}…")


def _referred(label: str, column: str, to: WebAddresses, most: int) -> Markup | None:
    """A cell that refers to an article or a source, by its name."""
    if not label:
        return None
    if column in _TO_ARTICLES:
        return Markup('<a href="{}">{}</a>').format(to.article(label), shown(label[:most]))
    if column == "source_id" and to.source(label):
        return Markup('<a href="{}">{}</a>').format(to.source(label), shown(label[:most]))
    return shown(label[:most])
