"""Pairs of a cluster's copies that were not aligned, because a representative stood for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from provenance.model import Match, Passage
from provenance.reuse.edits import likeness
from provenance.settings import ReuseSettings


def implied_matches(
    copies: Sequence[Passage],
    aligned: Mapping[tuple[str, str], Sequence[Match]],
    text_of: Callable[[str], str],
    settings: ReuseSettings,
) -> Iterator[Match]:
    """The pairs of a cluster that were not aligned, as far as they are alike.

    Args:
        copies: of one cluster, sorted by article.
        aligned: the matches that were, by their articles' ids.
        text_of: gives the text of an article.
        settings: how alike the two copies must be.
    """
    for one, two in combinations(copies, 2):
        known = aligned.get((one.document, two.document), ())
        if one.document == two.document or any(
            match.a_span.overlaps(one.span) or match.b_span.overlaps(two.span) for match in known
        ):
            continue
        alike = likeness(text_of(one.document), one.span, text_of(two.document), two.span)
        long_enough = min(len(alike.a), len(alike.b)) >= settings.minimum_characters
        if long_enough and alike.equal >= settings.minimum_words and alike.similarity >= settings.minimum_similarity:
            similarity = round(alike.similarity, 4)
            yield Match(one.document, alike.a, two.document, alike.b, similarity, one.kind, one.cluster)
