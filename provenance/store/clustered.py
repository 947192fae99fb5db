"""Matches cluster by cluster, of which only those of one cluster need to be held at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from provenance.model import Match, Span
from provenance.store.connection import Row
from provenance.store.leading import LeadingStore

_COLUMNS: Final = "match_id, a.id, a_start, a_end, b.id, b_start, b_end, similarity, kind, cluster"
_MATCHES: Final = "FROM matches JOIN articles a ON a.article_id = a_id JOIN articles b ON b.article_id = b_id"
_IN_ORDER: Final = f"""
    SELECT match_id {_MATCHES}
    ORDER BY cluster, a.id, b.id, a_start, a_end, b_start, b_end, kind, similarity, match_id"""
_READ: Final = f"SELECT {_COLUMNS} {_MATCHES} WHERE match_id IN {{keys}}"
_AMONG: Final = "SELECT a_id, b_id, match_id FROM matches WHERE a_id IN {keys}"


class ClusteredStore(LeadingStore):
    """The part of `Store` that reads matches by cluster."""

    def matches_by_cluster(self) -> Iterator[Match]:
        """All matches, ordered by cluster, then by the ids of both articles, their spans, kind and similarity."""
        return map(_match, self._by_key(_READ, self._keys(_IN_ORDER)))

    def matches_among(self, documents: Iterable[str]) -> dict[tuple[str, str], list[Match]]:
        """The matches between some articles, by the ids of both.

        Raises:
            NotFoundError: the store does not hold one of the articles.
        """
        articles = sorted(self._keys_of(sorted(set(documents))).values())
        both = set(articles)
        keys = [key for rows in self._grouped(_AMONG, articles).values() for _, b, key in rows if b in both]
        found: dict[tuple[str, str], list[Match]] = {}
        for match in map(_match, self._by_key(_READ, sorted(keys))):
            found.setdefault((match.a, match.b), []).append(match)
        return found


def _match(row: Row) -> Match:
    _, a, a_start, a_end, b, b_start, b_end, similarity, kind, cluster = row
    return Match(a, Span(a_start, a_end), b, Span(b_start, b_end), similarity, kind, cluster)
