"""Every pair of copies in a collection: those that were aligned, and those of families filled in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from provenance.model import Match
from provenance.reuse.implied import implied_matches
from provenance.settings import ReuseSettings
from provenance.store import Store


def every_match(store: Store, settings: ReuseSettings) -> Iterator[Match]:
    """Every pair of copies in a cluster, by cluster and place; `Corpus.matches` says which are left out."""
    aligned: dict[tuple[str, str], list[Match]] = {}
    clusters: dict[int, list[Match]] = {}
    for match in store.matches():
        aligned.setdefault((match.a, match.b), []).append(match)
        clusters.setdefault(match.cluster, []).append(match)
    text_of = lru_cache(maxsize=None)(lambda document: store.article(document).text)
    for cluster in sorted(clusters):
        found = clusters[cluster]
        copies = list(store.passages(cluster=cluster))
        if len(copies) <= settings.pairs_listed_copies:
            found = [*found, *implied_matches(copies, aligned, text_of, settings)]
        yield from sorted(found, key=lambda match: (match.a, match.b, match.a_span, match.b_span))
