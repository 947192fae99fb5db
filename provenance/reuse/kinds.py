"""Kinds: whether a shared passage is a whole copy, running text, quoted speech only, or page furniture.

Furniture is recognised from its words (`furniture`), from where it stands and from whom (a block at the beginning or
end of articles of one outlet that share nothing else), and, in collections large enough to count in, from wording that
is common between articles which have nothing else in common (`standing`).
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from provenance.model import Article, MatchKind, Span
from provenance.reuse.furniture import FurnitureReader
from provenance.reuse.passages import Shared
from provenance.reuse.standing import CommonWording, Houses, Kinship
from provenance.settings import ReuseSettings
from provenance.text.quotations import has_marks, quotations
from provenance.text.sentences import paragraphs
from provenance.text.tokens import Words


@dataclass(frozen=True, slots=True)
class Sighting:
    """One copy of a passage: the article's number in the collection and the stretch."""

    text: int
    span: Span


class KindReader:
    """Reads the kinds of the matches of one collection; quotations are segmented once a paragraph."""

    def __init__(self, articles: Sequence[Article], settings: ReuseSettings) -> None:
        self._articles = articles
        self._settings = settings
        self._paragraphs: dict[int, list[Span]] = {}
        self._quoted: dict[Sighting, list[Span]] = {}
        self._furniture = FurnitureReader(settings)
        self._told: dict[Sighting, bool] = {}

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
            if self._is_furniture(sightings, same_outlet=same_outlet, alone_in_outlet=alone):
                kinds.append("furniture")
            elif any(self._quoted_share(each) >= self._settings.quotation_share for each in sightings):
                kinds.append("quotation")
            else:
                kinds.append("passage")
        return kinds

    def counted(
        self, words: Words, shared: Sequence[Shared], kinds: Sequence[MatchKind], exact: Sequence[bool]
    ) -> list[MatchKind]:
        """The kinds again, with standing matter and stock phrases told from running text by counts.

        Small collections have no counts to go by and keep the kinds they had.

        Args:
            words: of all articles.
            shared: every match.
            kinds: what `kinds` made of each.
            exact: whether each was found by its words in their order; rewordings have few triples in common and
                cannot be judged by them.
        """
        if len(self._articles) < self._settings.furniture_articles:
            return list(kinds)
        outlets = [(self._articles[one.text_a].outlet, self._articles[one.text_b].outlet) for one in shared]
        furnished = ((one, two) for (one, two), kind in zip(outlets, kinds, strict=True) if kind == "furniture")
        houses = Houses(furnished, self._settings)
        doubtful = [
            (index, houses.same(*outlets[index]))
            for index, kind in enumerate(kinds)
            if exact[index]
            and (kind == "passage" or (kind == "quotation" and self._is_plain_on_one_side(words, shared[index])))
            and self._is_little(words, shared[index])
        ]
        wording = CommonWording(words, [shared[index].span_a for index, _ in doubtful])
        kinship = Kinship(words, self._settings)
        result = list(kinds)
        for index, one_house in doubtful:
            if self._is_common(
                words, shared[index], wording, kinship, one_house=one_house and kinds[index] == "passage"
            ):
                result[index] = "furniture"
        return result

    def _is_plain_on_one_side(self, words: Words, match: Shared) -> bool:
        """Whether one article has a passage as its own words which another has in somebody's mouth."""
        sightings = (
            Sighting(text, Span(int(words.starts[start]), int(words.ends[end - 1])))
            for text, (start, end) in ((match.text_a, match.span_a), (match.text_b, match.span_b))
        )
        return min(self._quoted_share(each) for each in sightings) < 1 - self._settings.quotation_share

    def _is_little(self, words: Words, match: Shared) -> bool:
        """Whether a match is but a small part of both articles."""
        length = max(end - start for start, end in (match.span_a, match.span_b))
        wholes = (words.of(text) for text in (match.text_a, match.text_b))
        shortest = min(whole.stop - whole.start for whole in wholes)
        return bool(length < self._settings.furniture_coverage * shortest)

    def _is_common(
        self, words: Words, match: Shared, wording: CommonWording, kinship: Kinship, *, one_house: bool
    ) -> bool:
        """Whether a match is a stock phrase or standing matter.

        It is where hardly any of its word triples is rare, it is short or of one house, and the articles have little
        else in common. Between strangers a very short one needs more rare triples (somebody's name and office have
        some), and whole paragraphs of one house are standing matter however rare (a note about an author).
        """
        chosen = self._settings
        length = max(end - start for start, end in (match.span_a, match.span_b))
        if length > chosen.stock_phrase_words and not one_house:
            return False
        limit = chosen.furniture_occurrences + chosen.furniture_occurrence_rate * len(words) / 1e6
        rare = wording.rare(match.span_a, match.span_b, limit)
        needed = max(chosen.furniture_rare_triples, chosen.furniture_rare_share * length)
        if length <= chosen.furniture_stranger_words:
            suspect = rare < needed * chosen.furniture_stranger_factor
        else:
            suspect = rare < needed
        suspect = suspect or (one_house and self._is_paragraph(words, match))
        if not suspect:
            return False
        kin = kinship.share(match.text_a, match.span_a, match.text_b, match.span_b)
        days = self._days_apart(match)
        if rare < needed:
            apart = days is not None and days > chosen.furniture_days
            return kin < (chosen.furniture_kinship_apart if apart else chosen.furniture_kinship)
        return kin < chosen.furniture_strangers and (days is None or days > chosen.furniture_days)

    def _days_apart(self, match: Shared) -> int | None:
        """Days between the dates of two articles; None where one is undated."""
        one, two = (self._articles[text].published for text in (match.text_a, match.text_b))
        if one is None or two is None:
            return None
        return abs((date.fromisoformat(one.start[:10]) - date.fromisoformat(two.start[:10])).days)

    def _is_paragraph(self, words: Words, match: Shared) -> bool:
        """Whether a match fills whole paragraphs of both articles."""
        for number, (start, end) in ((match.text_a, match.span_a), (match.text_b, match.span_b)):
            text = self._articles[number].text
            first, last = int(words.starts[start]), int(words.ends[end - 1])
            before = text[max(0, first - self._settings.furniture_margin) : first]
            after = text[last : last + self._settings.furniture_margin]
            if (first > len(before) and "\n" not in before) or (last + len(after) < len(text) and "\n" not in after):
                return False
        return True

    def _is_furniture(self, sightings: Sequence[Sighting], *, same_outlet: bool, alone_in_outlet: bool) -> bool:
        if alone_in_outlet and all(self._at_edge(each) for each in sightings):
            return True
        told = (self._is_told(each) for each in sightings)
        return any(told) if same_outlet else all(told)

    def _is_told(self, sighting: Sighting) -> bool:
        """Whether a stretch is furniture by its words; standing matter is asked for once for every match it is in."""
        if sighting not in self._told:
            text = self._articles[sighting.text].text
            self._told[sighting] = self._furniture.is_furniture(text, sighting.span)
        return self._told[sighting]

    def _at_edge(self, sighting: Sighting) -> bool:
        """Whether a stretch begins in the first or ends in the last part of its article."""
        length = len(self._articles[sighting.text].text)
        edge = self._settings.furniture_edge * length
        return sighting.span.start <= edge or sighting.span.end >= length - edge

    def _quoted_share(self, sighting: Sighting) -> float:
        spoken = sum(
            min(quoted.end, sighting.span.end) - max(quoted.start, sighting.span.start)
            for quoted in self._quotations(sighting)
            if quoted.overlaps(sighting.span)
        )
        return spoken / max(1, len(sighting.span))

    def _quotations(self, sighting: Sighting) -> Iterator[Span]:
        """The quoted speech of the paragraphs that a stretch touches."""
        text = self._articles[sighting.text].text
        if sighting.text not in self._paragraphs:
            self._paragraphs[sighting.text] = paragraphs(text)
        held = self._paragraphs[sighting.text]
        first = bisect.bisect_right(held, sighting.span.start, key=lambda paragraph: paragraph.end)
        for paragraph in held[first:]:
            if paragraph.start >= sighting.span.end:
                return
            place = Sighting(sighting.text, paragraph)
            if place not in self._quoted:
                self._quoted[place] = self._segmented(text, paragraph)
            yield from self._quoted[place]

    @staticmethod
    def _segmented(text: str, paragraph: Span) -> list[Span]:
        if not has_marks(text, paragraph.start, paragraph.end):
            return []
        return [
            quotation.span
            for quotation in quotations(text, paragraph.start, paragraph.end)
            if quotation.depth == 0 and quotation.kind == "speech"
        ]


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
