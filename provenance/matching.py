"""Every pair of copies in a collection: those that were aligned, and those of families filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, groupby, islice

from provenance.model import Match, Passage
from provenance.reuse.implied import implied_matches
from provenance.settings import ReuseSettings
from provenance.store import Store


def every_match(store: Store, settings: ReuseSettings) -> Iterator[Match]:
    """Every pair of copies in a cluster, by cluster and place; `Corpus.matches` says which are left out.

    Of a cluster whose pairs are filled in, its matches are held together, of others one at a time.
    """
    text_of = lru_cache(maxsize=store.settings.texts_remembered)(lambda document: store.article(document).text)
    copies = _Copies(store.passages())
    for cluster, found in groupby(store.matches_by_cluster(), key=lambda match: match.cluster):
        held = copies.of(cluster, settings.pairs_listed_copies)
        if held is None:
            yield from found
        else:
            yield from _filled_in(store, held, list(found), text_of, settings)


def _filled_in(
    store: Store, copies: Sequence[Passage], found: list[Match], text_of: Callable[[str], str], settings: ReuseSettings
) -> list[Match]:
    """The matches of one cluster with those of its pairs that were not aligned."""
    own: dict[tuple[str, str], list[Match]] = {}
    for match in found:
        own.setdefault((match.a, match.b), []).append(match)
    if all(_known(one, two, own.get((one.document, two.document), ())) for one, two in combinations(copies, 2)):
        return found
    aligned = store.matches_among(copy.document for copy in copies)
    found += implied_matches(copies, aligned, text_of, settings)
    return sorted(found, key=lambda match: (match.a, match.b, match.a_span, match.b_span))


def _known(one: Passage, two: Passage, matches: Iterable[Match]) -> bool:
    """Whether nothing is to be filled in between two copies, by what `implied_matches` goes by."""
    return one.document == two.document or any(
        match.a_span.overlaps(one.span) or match.b_span.overlaps(two.span) for match in matches
    )


class _Copies:
    """The copies of clusters whose numbers are asked for in order.

    Args:
        passages: by cluster.
    """

    def __init__(self, passages: Iterator[Passage]) -> None:
        self._clusters = groupby(passages, key=lambda passage: passage.cluster)
        self._next = next(self._clusters, None)

    def of(self, cluster: int, most: int) -> list[Passage] | None:
        """The copies of one cluster; None where there are more than so many."""
        while self._next is not None and self._next[0] < cluster:
            self._next = next(self._clusters, None)
        if self._next is None or self._next[0] != cluster:
            return []
        found = list(islice(self._next[1], most + 1))
        return found if len(found) <= most else None
