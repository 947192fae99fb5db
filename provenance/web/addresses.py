"""Where pages and rows are, below the address that Datasette serves a database at."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

PREFIX: Final = "/-/provenance"
"""All pages are below it; Datasette gives `/-/` to itself and to plugins."""
_VIEWS: Final = frozenset(["readable_chains", "readable_hops", "earliest", "uncredited_reuse", "shared_text"])
"""Counting them takes longer than showing them."""


class WebAddresses:
    """The addresses of one database's pages; parameters hold ids, so that no id can leave its place.

    Args:
        pages: where the pages of the database are, such as `/-/provenance/harbour`.
        tables: where Datasette shows its tables, such as `/harbour`.
    """

    def __init__(self, pages: str, tables: str) -> None:
        self.pages = pages
        self.tables = tables

    def page(self, page: str, /, **parameters: object) -> str:
        """A page by its name, `overview` for the first one."""
        path = self.pages if page == "overview" else f"{self.pages}/{page}"
        given = {key: value for key, value in parameters.items() if value is not None and value != ""}
        return f"{path}?{_query(given)}" if given else path

    def article(self, document: str) -> str:
        """The page of one article."""
        return self.page("article", id=document)

    def compare(self, a: str, b: str) -> str:
        """Two articles side by side."""
        return self.page("compare", a=a, b=b)

    def passage(self, cluster: int) -> str:
        """The copies of one passage."""
        return self.page("passage", cluster=str(cluster)) if cluster >= 0 else ""

    def source(self, name: str) -> str:
        """What a source is credited with."""
        return self.page("source", name=name) if name and name != "?" else ""

    def outlet(self, name: str) -> str:
        """What an outlet takes and what is taken from it."""
        return self.page("outlet", name=name) if name else ""

    def graph(self, document: str) -> str:
        """The tree that an article stands in."""
        return self.page("graph", id=document)

    def rows(self, table: str, **where: object) -> str:
        """The rows of a table or view whose columns have some values; all of a view are not counted first."""
        given = {f"{column}__exact": value for column, value in where.items()}
        if not given and table in _VIEWS:
            given = {"_nocount": "1"}
        path = f"{self.tables}/{quote(table, safe='')}"
        return f"{path}?{_query(given)}" if given else path


def _query(given: dict[str, object]) -> str:
    # what is no text cannot be an address; such an id is not held either
    return urlencode({key: str(value) for key, value in given.items()}, quote_via=quote, errors="replace")
