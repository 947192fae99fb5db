"""Implied origins: several articles share a text, and none of them can be where all of it is from.

Where three articles lack, each of them, a stretch that the other two share, none can have been the source of the
others: a common exemplar that is lost, as the editors of manuscripts infer it (Maas 1960). Nobody credits it, so it
has no name of its own. Articles dated one after the other show nothing of the kind: the second may have had its part
from the first, and the third the rest from both. Three may also be one that put together two others; for four, two of
them would have to have done so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from provenance.chains.clusters import Weighing
from provenance.chains.evidence import Member, before
from provenance.chains.grounds import Ground
from provenance.chains.wording import Flags, Hashes, Indices, found_in, share_found, stretches_of
from provenance.model import Evidence, Link, Span
from provenance.settings import ChainSettings


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that two articles share and a third lacks.

    Attributes:
        one: index of the article whose words they are.
        other: index of the one that has them too.
        words: how many pairs of neighbouring words of them the third lacks.
        pairs: the distinct pairs, sorted.
        span: where they stand in the one's text.
    """

    one: int
    other: int
    words: int
    pairs: Hashes
    span: Span


@dataclass(frozen=True, slots=True)
class Triangle:
    """Three articles and, for each of them, the stretch that it lacks and the other two share."""

    lacked: Mapping[int, Stretch]

    @property
    def least(self) -> int:
        """Words of the shortest of the three stretches."""
        return min(stretch.words for stretch in self.lacked.values())


def implied_rows(
    weighings: Mapping[int, Weighing], found: Ground, steps: Collection[tuple[str, str]], settings: ChainSettings
) -> tuple[list[Link], set[tuple[str, str]]]:
    """Common sources that nobody credits.

    Args:
        weighings: the shared texts, weighed.
        found: what they rest on.
        steps: each article with one that credits, dates or the like say it had text from.
        settings: thresholds.

    Returns:
        One row for each article of each implied origin, and the pairs of articles, sorted ids, that share one.
    """
    up: dict[str, set[str]] = {}
    for child, parent in steps:
        up.setdefault(child, set()).add(parent)
    rows: list[Link] = []
    pairs: set[tuple[str, str]] = set()
    for number in sorted(weighings):
        weighing = weighings[number]
        if len(weighing.at) < 3 or weighing.credits_unseen:
            continue
        tops = [
            weighing.at[one.document]
            for one in weighing.decisions
            if up.get(one.document, set()).isdisjoint(weighing.at)
        ]
        places = [found.everywhere(one.article.id) for one in tops]
        for triangles in origins(tops, places, settings):
            rows.extend(_rows(number, tops, triangles, found, settings))
            ids = sorted({tops[index].article.id for one in triangles for index in one.lacked})
            pairs.update(combinations(ids, 2))
    return rows, pairs


def origins(tops: Sequence[Member], places: Sequence[Sequence[Span]], settings: ChainSettings) -> list[list[Triangle]]:
    """The implied origins of one text, each by the triangles that show it.

    Args:
        tops: the copies that were taken from no other one, sorted by id; of very many only the fullest are compared.
        places: where each article stands that is shared with anybody, in this text or another.
        settings: thresholds.
    """
    least = settings.implied_words
    full = [index for index, one in enumerate(tops) if one.words > least]
    full = sorted(sorted(full, key=lambda index: (-tops[index].words, index))[: settings.maximum_all_pairs])
    if len(full) < 3:
        return []
    shared = _shared(tops, places, full)
    triangles = []
    for three in combinations(full, 3):
        # found only where each two share enough; most three do not
        if all(shared[u][v].sum() >= least for u, v in combinations(three, 2)) and _may_be(tops, three):
            a, b, c = three
            lacked = {t: _lacked(tops, shared, t, u, v, settings) for t, u, v in ((a, b, c), (b, a, c), (c, a, b))}
            known = {t: stretch for t, stretch in lacked.items() if stretch is not None}
            if len(known) == 3:
                triangles.append(Triangle(known))
    return [
        every
        for every in _together(triangles)
        if len({index for one in every for index in one.lacked}) >= settings.implied_articles
        and not _held_by_another(tops, every)
    ]


def _shared(
    tops: Sequence[Member], places: Sequence[Sequence[Span]], full: Sequence[int]
) -> dict[int, dict[int, Flags]]:
    """Which pairs of neighbouring words within shared text the others have too, shape (pairs of the article,)."""
    found: dict[int, dict[int, Flags]] = {}
    for u in full:
        worded = tops[u].worded
        inside = np.zeros(len(worded.words), dtype=bool)
        inside[worded.within(places[u])] = True
        within = inside[:-1] & inside[1:]
        found[u] = {v: within & found_in(worded.pairs, tops[v].worded.sequence) for v in full if v != u}
    return found


def _may_be(tops: Sequence[Member], three: Sequence[int]) -> bool:
    """Whether three articles are of three outlets and not dated one after the other."""
    for u, v in combinations(three, 2):
        if tops[u].outlet and tops[u].outlet == tops[v].outlet:
            return False
    articles = [tops[index].article for index in three]
    return not all(before(one, other) or before(other, one) for one, other in combinations(articles, 2))


def _lacked(
    tops: Sequence[Member], shared: Mapping[int, Mapping[int, Flags]], t: int, u: int, v: int, settings: ChainSettings
) -> Stretch | None:
    """The longest stretch that `u` and `v` share and `t` lacks; None where it is short.

    A third article that holds the stretch with a few words changed does not lack it.
    """
    worded = tops[u].worded
    both = shared[u][v]
    places: Indices = np.flatnonzero(both & ~found_in(worded.pairs, tops[t].worded.sequence))
    best: tuple[int, int, int] | None = None
    for first, last in stretches_of(places, settings.reading_gap):
        words = int(np.searchsorted(places, last, side="right") - np.searchsorted(places, first))
        whole = int(both[first : last + 1].sum())
        if words >= max(settings.implied_words, settings.implied_lacking * whole) and (best is None or words > best[0]):
            best = (words, first, last)
    if best is None:
        return None
    words, first, last = best
    span = Span(int(worded.starts[first]), int(worded.ends[last + 1]))
    return Stretch(u, v, words, np.unique(worded.pairs[first : last + 1]), span)


def _together(triangles: Sequence[Triangle]) -> list[list[Triangle]]:
    """Triangles that have two articles in common are of one origin; one article may draw on two."""
    groups: list[tuple[set[int], list[Triangle]]] = []
    for one in triangles:
        members, joined = set(one.lacked), [one]
        apart = []
        for known, every in groups:
            if len(known & members) > 1:
                members |= known
                joined = [*every, *joined]
            else:
                apart.append((known, every))
        groups = [*apart, (members, joined)]
    return [every for _, every in sorted(groups, key=lambda group: sorted(group[0]))]


def _held_by_another(tops: Sequence[Member], triangles: Sequence[Triangle]) -> bool:
    """Whether a copy outside holds half of every stretch: it may then be the origin."""
    members = {index for one in triangles for index in one.lacked}
    stretches = [stretch.pairs for one in triangles for stretch in one.lacked.values()]
    return any(
        all(share_found(pairs, one.worded.sequence) > 0.5 for pairs in stretches)
        for index, one in enumerate(tops)
        if index not in members
    )


def _rows(
    text: int, tops: Sequence[Member], triangles: Sequence[Triangle], found: Ground, settings: ChainSettings
) -> list[Link]:
    members = sorted({index for one in triangles for index in one.lacked})
    first, second = (tops[index].article.id for index in members[:2])
    rows = []
    for index in members:
        own = [one for one in triangles if index in one.lacked]
        shown = max(own, key=lambda one: (one.least, [-other for other in sorted(one.lacked)]))
        document = tops[index].article.id
        partner = tops[min(other for other in shown.lacked if other != index)].article.id
        rows.append(
            Link(
                upstream=None,
                upstream_name=f"an origin that is not held, of text in {first} and {second}",
                downstream=document,
                relation="common-source",
                credited=False,
                confidence=settings.implied_confidence,
                evidence=tuple(
                    item for _, stretch in sorted(shown.lacked.items()) for item in _sides(tops, stretch, settings)
                ),
                documents=(document, partner) if document < partner else (partner, document),
                clusters=tuple(found.both(document, partner, text)),
            )
        )
    return rows


def _sides(tops: Sequence[Member], stretch: Stretch, settings: ChainSettings) -> list[Evidence]:
    """The words of a stretch in both articles that share it."""
    worded = tops[stretch.other].worded
    places: Indices = np.flatnonzero(found_in(worded.pairs, stretch.pairs))
    first, last = max(stretches_of(places, settings.reading_gap), key=lambda ends: (ends[1] - ends[0], -ends[0]))
    there = Span(int(worded.starts[first]), int(worded.ends[last + 1]))
    found = []
    for index, span in ((stretch.one, stretch.span), (stretch.other, there)):
        article = tops[index].article
        found.append(Evidence(article.id, span.start, span.end, article.text[span.start : span.end], "implied", "text"))
    return found
