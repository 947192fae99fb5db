"""Kinds: whether a shared passage is a whole copy, running text, quoted speech only, or page furniture.

Furniture is recognised from where it stands and from whom: a block at the beginning or end of articles of one outlet
that share nothing else, and blocks that talk to the reader of the page (comment forms, newsletters, cookies).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.model import Article, MatchKind, Span
from provenance.settings import ReuseSettings
from provenance.text.quotations import has_marks, quotations
from provenance.text.sentences import paragraphs

FURNITURE_PHRASES: Final = (
    r"your e-?mail address will not be published",
    r"required fields are marked",
    r"leave a (?:reply|comment)",
    r"please enter your (?:comment|name)",
    r"related (?:posts|articles|stories|news)",
    r"(?:sign up|subscribe) (?:for|to) (?:our|the|my|this)\b[^.\n]{0,40}\b(?:newsletter|mailing list|updates|alerts)",
    r"follow us on (?:facebook|twitter|telegram|instagram|x\b)",
    r"share (?:this|on) (?:article|story|post|facebook|twitter|email)",
    r"this (?:site|website) uses cookies|we use cookies|accept (?:all )?cookies",
    r"all rights reserved",
    r"(?:may not|cannot) be (?:published|reproduced), (?:broadcast|published|rewritten|redistributed)",
    r"click here to (?:read|subscribe|sign|donate|view)",
    r"(?:skip|jump) to (?:main )?content",
    r"terms (?:of use|of service|and conditions)[^.\n]{0,40}privacy policy",
    r"support (?:our|independent) journalism",
    r"the views expressed in this (?:article|column|piece) are",
)
"""What pages say to their readers; a passage that holds one of these is furniture if it is short."""

_FURNITURE: Final = re.compile("|".join(FURNITURE_PHRASES), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One copy of a passage: the article's number in the collection and the stretch."""

    text: int
    span: Span


class KindReader:
    """Reads the kinds of the matches of one collection; quotations are segmented once an article."""

    def __init__(self, articles: Sequence[Article], settings: ReuseSettings) -> None:
        self._articles = articles
        self._settings = settings
        self._quoted: dict[int, list[Span]] = {}

    def kinds(self, pair: tuple[int, int], spans: Sequence[tuple[Span, Span]]) -> list[MatchKind]:
        """The kind of each of the passages that two articles share.

        Args:
            pair: the two articles' numbers.
            spans: their passages as spans of the first and of the second.
        """
        one, two = (self._articles[text] for text in pair)
        needed = self._settings.copy_coverage
        shares = [
            _covered(span[side] for span in spans) / max(1, _extent(article.text))
            for side, article in enumerate((one, two))
        ]
        if min(shares) >= needed:
            return ["copy"] * len(spans)
        covered = max(shares)
        same_outlet = one.outlet is not None and one.outlet == two.outlet
        kinds: list[MatchKind] = []
        for a, b in spans:
            sightings = (Sighting(pair[0], a), Sighting(pair[1], b))
            alone = same_outlet and covered < self._settings.furniture_coverage
            if self._is_furniture(sightings, alone_in_outlet=alone):
                kinds.append("furniture")
            elif any(self._quoted_share(each) >= self._settings.quotation_share for each in sightings):
                kinds.append("quotation")
            else:
                kinds.append("passage")
        return kinds

    def _is_furniture(self, sightings: Sequence[Sighting], *, alone_in_outlet: bool) -> bool:
        if alone_in_outlet and all(self._at_edge(each) for each in sightings):
            return True
        first = sightings[0]
        if len(first.span) > self._settings.furniture_characters:
            return False
        return _FURNITURE.search(self._articles[first.text].text[first.span.start : first.span.end]) is not None

    def _at_edge(self, sighting: Sighting) -> bool:
        """Whether a stretch begins in the first or ends in the last part of its article."""
        length = len(self._articles[sighting.text].text)
        edge = self._settings.furniture_edge * length
        return sighting.span.start <= edge or sighting.span.end >= length - edge

    def _quoted_share(self, sighting: Sighting) -> float:
        spoken = sum(
            min(quoted.end, sighting.span.end) - max(quoted.start, sighting.span.start)
            for quoted in self._quotations(sighting.text)
            if quoted.overlaps(sighting.span)
        )
        return spoken / max(1, len(sighting.span))

    def _quotations(self, number: int) -> list[Span]:
        if number not in self._quoted:
            text = self._articles[number].text
            self._quoted[number] = [
                quotation.span
                for paragraph in paragraphs(text)
                if has_marks(text, paragraph.start, paragraph.end)
                for quotation in quotations(text, paragraph.start, paragraph.end)
                if quotation.depth == 0 and quotation.kind == "speech"
            ]
        return self._quoted[number]


def _extent(text: str) -> int:
    return len(text.strip())


def _covered(spans: Iterable[Span]) -> int:
    """Characters that lie in any of some spans, which may overlap."""
    total = reached = 0
    for span in sorted(spans):
        total += max(0, span.end - max(span.start, reached))
        reached = max(reached, span.end)
    return total


def cluster_kind(kinds: Mapping[MatchKind, int]) -> MatchKind:
    """The kind of a cluster from how many of its matches are of each: the commonest, the weightier at a tie."""
    order: tuple[MatchKind, ...] = ("copy", "passage", "quotation", "furniture")
    return max(order, key=lambda kind: (kinds.get(kind, 0), -order.index(kind)))
