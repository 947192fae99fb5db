"""Kinds: whether a shared passage is a whole copy, running text, quoted speech only, or page furniture.

Furniture is recognised from its words (`furniture`), from where it stands and from whom (a block at the beginning or
end of articles of one outlet that share nothing else), and, in collections large enough to count in, from wording that
is common between articles which have nothing else in common (`standing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.model import Article, MatchKind, Span
from provenance.reuse.furniture import FurnitureReader, name_share
from provenance.reuse.kept import KINDS
from provenance.reuse.passages import Shared, SharedRows
from provenance.reuse.standing import CountArray, Houses, Kinship, rare_limit, shared_triples
from provenance.settings import ReuseSettings
from provenance.text.quotations import has_marks, quotations
from provenance.text.sentences import paragraphs
from provenance.text.tokens import Words

_INK: Final = re.compile(r"\S")
_TRIPLE: Final = 3
_REMEMBERED: Final = 1 << 16
"""Stretches of which it is remembered what they quote and say. It decides no result."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One copy of a passage: the article's number in the collection and the stretch."""

    text: int
    span: Span


@dataclass(frozen=True, slots=True)
class _Doubtful:
    """A match to be judged by counts.

    Attributes:
        triples: how many different triples its two sides share.
        rare: how many of these are rare.
        own: how many of these no third article has.
        one_house: whether its outlets are of one house.
        days: between the dates of its articles; None where one is undated.
    """

    shared: Shared
    sightings: tuple[Sighting, Sighting]
    triples: int
    rare: int
    own: int
    one_house: bool
    days: int | None

    @property
    def length(self) -> int:
        """Words of its longer side."""
        return _length(self.shared)

    @property
    def room(self) -> int:
        """Triples that its longer side has."""
        return max(1, self.length - _TRIPLE + 1)


class KindReader:
    """Reads the kinds of the matches of one collection; what lines say and quote is read once."""

    def __init__(self, articles: Sequence[Article], settings: ReuseSettings) -> None:
        self._articles = articles
        self._settings = settings
        self._quoted: dict[Sighting, list[Span]] = {}
        self._days: dict[int, int | None] = {}
        self._counts: list[int] = []
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
            else:
                kinds.append(self._running(sightings))
        return kinds

    def _running(self, sightings: Sequence[Sighting]) -> MatchKind:
        """Whether what is no furniture is quoted speech only or running text."""
        spoken = any(self._quoted_share(each) >= self._settings.quotation_share for each in sightings)
        return "quotation" if spoken else "passage"

    def counted(
        self, words: Words, shared: SharedRows, kinds: Sequence[MatchKind], exact: Sequence[bool]
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
        outlets = [article.outlet for article in self._articles]
        furnished = np.array([number for number, kind in enumerate(kinds) if kind == "furniture"], dtype=np.int64)
        houses = Houses(shared.taken(furnished), outlets, self._settings)
        doubtful = self.doubtful(words, shared, kinds, exact, houses)
        asked = shared.taken(np.array(doubtful, dtype=np.int64))
        counts = shared_triples(words, asked, rare_limit(len(words), self._settings))
        return self.judged(words, shared, kinds, doubtful, counts, Kinship(words, self._settings), houses)

    def doubtful(
        self,
        words: Words,
        shared: SharedRows,
        kinds: Sequence[MatchKind],
        exact: Sequence[bool],
        houses: Houses,
    ) -> list[int]:
        """The matches whose kinds counts may change; the words need be those of their articles only."""
        self._counts = np.diff(words.bounds).tolist()
        asked = np.array([number for number, each in enumerate(exact) if each], dtype=np.int64)
        return [
            number
            for number, match in zip(asked.tolist(), shared.taken(asked), strict=True)
            if (
                kinds[number] in {"passage", "quotation"}
                or (
                    kinds[number] == "furniture" and self._is_questionable(words, match, self._one_house(match, houses))
                )
            )
            and self._is_little(match)
        ]

    def judged(
        self,
        words: Words,
        shared: SharedRows,
        kinds: Sequence[MatchKind],
        doubtful: Sequence[int],
        counts: tuple[CountArray, CountArray, CountArray],
        kinship: Kinship,
        houses: Houses,
    ) -> list[MatchKind]:
        """The kinds with those of doubtful matches judged by what `standing.shared_triples` counted for each."""
        triples, rare, own = counts
        result = list(kinds)
        for place, index in enumerate(doubtful):
            match = _Doubtful(
                shared[index],
                self._sightings(words, shared[index]),
                int(triples[place]),
                int(rare[place]),
                int(own[place]),
                self._one_house(shared[index], houses),
                self._days_apart(shared[index]),
            )
            result[index] = self._judged(words, match, kinds[index], kinship)
        return result

    def _one_house(self, match: Shared, houses: Houses) -> bool:
        return houses.same(self._articles[match.text_a].outlet, self._articles[match.text_b].outlet)

    def _judged(self, words: Words, match: _Doubtful, kind: MatchKind, kinship: Kinship) -> MatchKind:
        if self._is_own(match):
            return self._running(match.sightings) if kind == "furniture" else kind
        if kind == "furniture":
            return self._running(match.sightings) if self._is_retold(match, kinship) else kind
        if self._is_names(match, kinship):
            return "furniture"
        if kind == "quotation" and not self._is_plain_on_one_side(match.sightings):
            return kind
        return "furniture" if self._is_common(words, match, kinship, spoken=kind == "quotation") else kind

    def _sightings(self, words: Words, match: Shared) -> tuple[Sighting, Sighting]:
        one, two = (
            Sighting(text, Span(int(words.starts[start]), int(words.ends[end - 1])))
            for text, (start, end) in ((match.text_a, match.span_a), (match.text_b, match.span_b))
        )
        return one, two

    def _is_questionable(self, words: Words, match: Shared, same_house: bool) -> bool:
        """Whether counts may show that what was taken for furniture is running text.

        That is asked of long passages of two houses, of long ones of one house that are furniture in one article only,
        and of those that nothing but their place at an edge made furniture, if they are long or of one time.
        """
        long = _length(match) >= self._settings.furniture_own_words
        if not same_house:
            return long
        days = self._days_apart(match)
        if not long and (days is None or days > self._settings.furniture_days):
            return False
        sightings = self._sightings(words, match)
        at_edges = all(self._at_edge(each) for each in sightings)
        if not at_edges and not long:
            return False
        told = sum(self._is_told(each) for each in sightings)
        return (long and told == 1) or (at_edges and not told)

    def _is_own(self, match: _Doubtful) -> bool:
        """Whether a match is long and hardly any of its wording stands in a third article: reuse, whatever it says."""
        chosen = self._settings
        return (
            match.length >= chosen.furniture_own_words
            and match.triples > 0
            and match.own >= chosen.furniture_own_share * match.triples
        )

    def _is_retold(self, match: _Doubtful, kinship: Kinship) -> bool:
        """Whether what two articles of one outlet have at an edge is a piece of the story that both tell."""
        chosen = self._settings
        near = match.days is not None and match.days <= chosen.furniture_days
        retold = match.one_house and near and match.rare >= self._needed(match)
        return retold and kinship.between(match.shared) >= chosen.furniture_retold_kinship

    def _is_plain_on_one_side(self, sightings: Sequence[Sighting]) -> bool:
        """Whether one article has a passage as its own words which another has in somebody's mouth."""
        return min(self._quoted_share(each) for each in sightings) < 1 - self._settings.quotation_share

    def _is_little(self, match: Shared) -> bool:
        """Whether a match is but a small part of both articles."""
        shortest = min(self._counts[match.text_a], self._counts[match.text_b])
        return _length(match) < self._settings.furniture_coverage * shortest

    def _needed(self, match: _Doubtful) -> float:
        """Rare triples that running text of a length has."""
        return max(self._settings.furniture_rare_triples, self._settings.furniture_rare_share * match.length)

    def _is_names(self, match: _Doubtful, kinship: Kinship) -> bool:
        """Whether a match is made up of names: somebody's office, the title of a book, a list of states or members."""
        chosen = self._settings
        if match.length >= chosen.furniture_own_words:
            return False
        short = match.length <= chosen.stock_phrase_words
        needed = chosen.furniture_office_share if short else chosen.furniture_list_share
        share = 1.0
        for each in match.sightings:
            share = min(share, name_share(self._articles[each.text].text[each.span.start : each.span.end]))
            if share < needed:
                return False
        if share < chosen.furniture_list_share and match.rare >= self._needed(match) * chosen.furniture_stranger_factor:
            return False
        if short and share >= chosen.furniture_name_share:
            return True
        return kinship.between(match.shared) < (chosen.furniture_retold_kinship if short else chosen.furniture_kinship)

    def _is_common(self, words: Words, match: _Doubtful, kinship: Kinship, *, spoken: bool) -> bool:
        """Whether a match is a stock phrase or standing matter.

        It is where hardly any of its word triples is rare, it is short or of one house, and the articles have little
        else in common. Between strangers a very short one needs more rare triples (somebody's name and office have
        some), and whole paragraphs of one house are standing matter however rare (a note about an author).
        """
        chosen = self._settings
        one_house = match.one_house and not spoken
        told_alike = match.triples < chosen.furniture_fact_share * match.room
        if not one_house and match.length <= chosen.furniture_fact_words and not match.rare and told_alike:
            return True  # the same fact in words that anybody would use, with no wording of its own
        if match.length > chosen.stock_phrase_words and not one_house:
            return False
        needed = self._needed(match)
        curt = match.length <= chosen.furniture_stranger_words and not spoken
        factor = chosen.furniture_stranger_factor if curt else 1.0
        if match.rare >= needed * factor and not (one_house and self._is_paragraph(words, match.shared)):
            return False
        kin = kinship.between(match.shared)
        near = match.days is not None and match.days <= chosen.furniture_days
        if match.rare >= needed:
            return kin < chosen.furniture_strangers and not near
        if near and kin >= chosen.furniture_near_kinship and match.rare >= chosen.furniture_near_share * needed:
            return False
        standing = one_house and not match.rare and match.triples >= chosen.furniture_verbatim_share * match.room
        apart = match.days is not None and not near
        return kin < (chosen.furniture_kinship_apart if apart or standing else chosen.furniture_kinship)

    def _days_apart(self, match: Shared) -> int | None:
        """Days between the dates of two articles; None where one is undated."""
        one, two = (self._day(text) for text in (match.text_a, match.text_b))
        return None if one is None or two is None else abs(one - two)

    def _day(self, text: int) -> int | None:
        if text not in self._days:
            published = self._articles[text].published
            self._days[text] = None if published is None else date.fromisoformat(published.start[:10]).toordinal()
        return self._days[text]

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
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
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

    def _quotations(self, sighting: Sighting) -> list[Span]:
        """The quoted speech of the paragraphs that a stretch touches."""
        text = self._articles[sighting.text].text
        around = Sighting(sighting.text, self._surroundings(text, sighting.span))
        if around not in self._quoted:
            if len(self._quoted) >= _REMEMBERED:
                self._quoted.clear()
            begin, stop = around.span.start, around.span.end
            marked = has_marks(text, begin, stop)
            self._quoted[around] = [
                quoted
                for paragraph in (paragraphs(text[begin:stop]) if marked else ())
                for quoted in self._segmented(text, Span(paragraph.start + begin, paragraph.end + begin))
            ]
        return self._quoted[around]

    def _surroundings(self, text: str, span: Span) -> Span:
        """A part of a text around a stretch that begins and ends between paragraphs.

        A line that does not begin with a lower-case letter begins a paragraph (`paragraphs`). Where there is none near,
        the whole text is given, so that the work on one article stays bounded.
        """
        reach = self._settings.furniture_reach
        begin = span.start
        while begin > 0 and (begin == span.start or not _begins(text, begin)):
            begin = text.rfind("\n", max(0, span.start - reach), begin - 1) + 1
            if begin == 0 and span.start > reach:
                return Span(0, len(text))
        at = span.end
        while True:
            below = text.find("\n", at, span.end + reach)
            if below < 0:
                return Span(begin if len(text) <= span.end + reach else 0, len(text))
            first = _INK.search(text, below)
            if first is None or not first.group().islower():
                return Span(begin, below + 1)
            at = first.start()

    @staticmethod
    def _segmented(text: str, paragraph: Span) -> list[Span]:
        if not has_marks(text, paragraph.start, paragraph.end):
            return []
        return [
            quotation.span
            for quotation in quotations(text, paragraph.start, paragraph.end)
            if quotation.depth == 0 and quotation.kind == "speech"
        ]


def _length(match: Shared) -> int:
    """Words of the longer side of a match."""
    return max(match.span_a[1] - match.span_a[0], match.span_b[1] - match.span_b[0])


def _begins(text: str, at: int) -> bool:
    """Whether a paragraph begins with the line that begins at an offset, or with the first below it with words."""
    found = _INK.search(text, at)
    return found is None or not found.group().islower()


def _extent(text: str) -> int:
    return len(text.strip())


def _covered(spans: Iterable[Span]) -> int:
    """Characters that lie in any of some spans, which may overlap."""
    total = reached = 0
    for span in sorted(spans):
        total += max(0, span.end - max(span.start, reached))
        reached = max(reached, span.end)
    return total


def cluster_kinds(clusters: npt.NDArray[np.int64], kinds: npt.NDArray[np.int8], count: int) -> npt.NDArray[np.int8]:
    """The kind of each cluster from those of its matches: the commonest, the weightier at a tie.

    Args:
        clusters: of each match, shape (matches,).
        kinds: of each match, as numbers in `kept.KINDS`.
        count: how many clusters there are.
    """
    tally = np.bincount(clusters * len(KINDS) + kinds, minlength=count * len(KINDS)).reshape(-1, len(KINDS))
    commonest: npt.NDArray[np.int8] = tally.argmax(axis=1).astype(np.int8)
    return commonest
