"""Links as pairs of publishers: who had it from whom, with the dates of both sides."""

from __future__ import annotations

from provenance.model import DateInterval
from provenance.store.records import PublishedRow, TakingRow
from provenance.store.search import SearchStore

# not through the view `documents`: of its outer join SQLite would make a table of all texts first; CROSS
# JOIN keeps it from going through all articles instead of the links
_READ = """
    SELECT relation, links.credited, upstream_name,
        one.id, down.outlet, down.url, down.published_start, down.published_end, down.published_precision,
        down.published_origin,
        two.id, up.outlet, up.url, up.published_start, up.published_end, up.published_precision, up.published_origin
    FROM links CROSS JOIN articles one ON one.article_id = downstream_id
    CROSS JOIN versions down INDEXED BY version_heads ON down.version_id = one.version_id
    LEFT JOIN articles two ON two.article_id = upstream_id
    LEFT JOIN versions up INDEXED BY version_heads ON up.version_id = two.version_id
    WHERE relation IN ('credited-copy', 'uncredited-copy', 'update', 'credit-only', 'common-source')
    ORDER BY one.id, link_id"""


class TakingStore(SearchStore):
    """The part of `Store` that tells who takes from whom."""

    def takings(self) -> list[TakingRow]:
        """Every link that says who had it from whom, or from which source that is not held; by downstream article."""
        return [
            TakingRow(
                relation=row[0],
                credited=bool(row[1]),
                source=row[2],
                downstream=_published(row[3:10]),
                upstream=None if row[10] is None else _published(row[10:17]),
            )
            for row in self._rows(_READ)
        ]


def _published(row: tuple[str | None, ...]) -> PublishedRow:
    document, outlet, url, start, end, precision, origin = row
    date = None if start is None else DateInterval(start, end or start, precision, origin)  # type: ignore[arg-type]
    return PublishedRow(document or "", outlet, url, date)
