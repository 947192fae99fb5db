"""What a check of a database finds, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FindingKind = Literal[
    "page",
    "schema",
    "entry",
    "text",
    "offset",
    "words",
    "value",
    "reference",
    "incomplete",
    "index",
    "search",
    "stage",
    "summary",
]
"""What sort of fault it is.

- `page`: SQLite cannot read a part of the file.
- `schema`: a table, index or view is missing.
- `entry`: one of SQLite's own indexes lacks a row, or has one too many.
- `text`: an article's text or metadata is not what was added.
- `offset`: a span lies outside of its text, or is empty.
- `words`: words kept in a row are not those that stand at their place in the text.
- `value`: a value that no row may have.
- `reference`: a row refers to nothing.
- `incomplete`: rows that belong together are not all there, or there twice.
- `index`: the index of words, from which detection goes on, is not that of the text.
- `search`: full-text search does not find what the texts hold.
- `stage`: a stage is marked as complete and is not.
- `summary`: a summary differs from what it sums up.
"""

Area = Literal[
    "page",
    "schema",
    "entry",
    "text",
    "search",
    "reuse",
    "attribution",
    "links",
    "traces",
    "stages",
    "state",
    "summaries",
    "other",
]
"""What has to be done again about a finding."""

_BY_TABLE: Final[dict[str, Area]] = {
    "articles": "text",
    "versions": "text",
    "word_search": "search",
    "character_search": "search",
    "matches": "reuse",
    "passages": "reuse",
    "word_index": "reuse",
    "sources": "attribution",
    "attributions": "attribution",
    "attribution_sources": "attribution",
    "evidence": "attribution",
    "links": "links",
    "link_documents": "links",
    "linked_clusters": "links",
    "chains": "links",
    "hops": "links",
    "outlet_traces": "traces",
    "outlet_brackets": "traces",
    "stages": "stages",
    "document_stages": "stages",
    "state": "state",
    "clusters": "summaries",
    "uncredited": "summaries",
    "exchanges": "summaries",
    "most_credited": "summaries",
    "published": "summaries",
    "counts": "summaries",
}
_BY_KIND: Final[dict[FindingKind, Area]] = {
    "page": "page",
    "schema": "schema",
    "entry": "entry",
    "text": "text",
    "search": "search",
    "stage": "stages",
    "summary": "summaries",
}
_LOST: Final = "restore a backup, or `provenance remove` the article and add it again"
_RESTORE: Final = "restore a backup; without one, `sqlite3 FILE .recover` saves what can still be read"
_AT_ONCE: Final = "`provenance check --repair` makes it anew"
_AGAIN: Final = "`provenance check --repair`, then `provenance analyze`"
_FULL: Final = "`provenance analyze --full` makes it anew"
_REMEDIES: Final[dict[Area, str]] = {
    "page": _RESTORE,
    "text": _LOST,
    "schema": _AT_ONCE,
    "entry": _AT_ONCE,
    "search": _AT_ONCE,
    "reuse": _FULL,
    "links": _FULL,
    "other": "restore a backup",
}
BEYOND_REPAIR: Final[frozenset[Area]] = frozenset(["page", "text", "other"])
"""Where `repair` can do nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a database.

    Attributes:
        kind: what sort of fault it is.
        table: where it is; empty where that is not known.
        row: the row's key, or its name in a table of names; None where it is no single row.
        what: what is wrong.
        document: the id of the article that the row is about; empty for none.
    """

    kind: FindingKind
    table: str
    row: int | str | None
    what: str
    document: str = ""

    @property
    def area(self) -> Area:
        """What has to be done again."""
        return _BY_KIND.get(self.kind) or _BY_TABLE.get(self.table, "other")

    @property
    def remedy(self) -> str:
        """What the user can do about it."""
        if self.area == "schema" and self.row not in {"index", "view"}:
            return _RESTORE
        return _REMEDIES.get(self.area, _AGAIN)

    @property
    def repairable(self) -> bool:
        """Whether `repair` can do something about it, with the analysis that follows."""
        return self.area not in BEYOND_REPAIR and self.remedy != _RESTORE
