"""Who takes from whom: text printed without credit, and how often outlets take from each other.

Both are counts over the links, which keep the words that show each of them; nothing is inferred here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Final

from provenance.model import Article, DateInterval, Link, Span
from provenance.store import PublishedRow, TakingRow
from provenance.text.tokens import words_of

_TO_THE_DAY: Final = frozenset(["second", "minute", "day"])
"""Precisions that are fine enough to tell a delay."""


@dataclass(frozen=True, slots=True)
class Uncredited:
    """Text that one article took from another without saying so.

    Attributes:
        taker: the article that printed it.
        source: the article it was taken from.
        spans: the words taken, in the taker's text, in order.
        words: how many words they are.
        share: part of the taker's words that they make up, 0 to 1.
        hours: from the publication of the source to that of the taker; None where one of them is not dated to the day.
        link: what was inferred, with its evidence.
    """

    taker: Article
    source: Article
    spans: tuple[Span, ...]
    words: int
    share: float
    hours: float | None
    link: Link

    @property
    def since(self) -> DateInterval | None:
        """Since when the taker has printed it: its date of publication."""
        return self.taker.published


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the articles of one outlet have from another.

    Attributes:
        taker: the outlet whose articles took; empty where it is not known.
        source: the outlet, agency or article's title upstream; empty where it is not known.
        articles: articles of the taker that took something.
        credited: copies of text that name their source.
        uncredited: copies of text that do not.
        mentions: articles that credit the source and share no text with an article of it that is held.
        hours: median delay behind the articles copied; None where no pair is dated to the day.
        dated: copies that the median is over.
        held: articles of the source that were copied and are held.
    """

    taker: str
    source: str
    articles: int
    credited: int
    uncredited: int
    mentions: int
    hours: float | None
    dated: int
    held: int


def uncredited(link: Link, taker: Article, source: Article, spans: Iterable[Span]) -> Uncredited:
    """Measure what an article took from another.

    Args:
        link: of relation `uncredited-copy`.
        taker: the article downstream.
        source: the article upstream.
        spans: what the two share, in the taker's text; may overlap.
    """
    taken = _united(spans)
    counted = words_of([taker.text, *(taker.text[span.start : span.end] for span in taken)])
    whole = int(counted.bounds[1])
    words = len(counted) - whole
    share = min(words / whole, 1.0) if whole else 0.0
    return Uncredited(taker, source, taken, words, round(share, 4), delay(source.published, taker.published), link)


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Stretches that overlap or touch as one, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def delay(first: DateInterval | None, second: DateInterval | None) -> float | None:
    """Hours from one publication to another; negative where the second came first.

    Dates known to the day count from its beginning, so that two of one day are 0 hours apart. None where one of the
    two is missing or coarser than a day.
    """
    if first is None or second is None or not {first.precision, second.precision} <= _TO_THE_DAY:
        return None
    if "day" in {first.precision, second.precision}:
        # a day and a minute are compared by their days: the hour of the one says nothing of the other
        begin, end = first.start[:10], second.start[:10]
    else:
        begin, end = first.start, second.start
    gap = datetime.fromisoformat(end.replace("Z", "+00:00")) - datetime.fromisoformat(begin.replace("Z", "+00:00"))
    return round(gap.total_seconds() / 3600, 2)


@dataclass(slots=True)
class _Tally:
    articles: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    delays: list[float] = field(default_factory=list)
    credited: int = 0
    uncredited: int = 0
    mentions: int = 0

    def note(self, row: TakingRow) -> None:
        self.articles.add(row.downstream.document)
        if row.relation == "credit-only":
            self.mentions += 1
            return
        self.credited += row.credited
        self.uncredited += not row.credited
        if row.upstream is not None:
            self.held.add(row.upstream.document)
            hours = delay(row.upstream.published, row.downstream.published)
            if hours is not None:
                self.delays.append(hours)


def exchanges(rows: Iterable[TakingRow], name_of: Callable[[str, str], str]) -> list[Exchange]:
    """How often outlets take from each other; what one outlet has from itself is left out.

    Args:
        rows: the links.
        name_of: the canonical name of an outlet, by its name and the address of an article of it.

    Returns:
        Ordered by copies (most first), mentions, then by the names of both.
    """
    tallies: dict[tuple[str, str], _Tally] = {}
    spelling: dict[str, str] = {}

    def known(name: str) -> str:
        # one outlet whatever the case; spelt as it came first
        return spelling.setdefault(name.casefold(), name)

    def publisher(row: PublishedRow) -> str:
        return known(name_of(row.outlet or "", row.url or ""))

    for row in rows:
        taker = publisher(row.downstream)
        source = publisher(row.upstream) if row.upstream is not None else ""
        source = source or (known(name_of(row.source, "")) if row.upstream is None else "")
        if taker and taker == source:
            continue
        if row.relation == "common-source" and not row.credited:
            # an origin that is only inferred is no outlet
            continue
        tallies.setdefault((taker, source), _Tally()).note(row)
    found = [_exchange(*pair, tally) for pair, tally in tallies.items()]
    return sorted(found, key=lambda one: (-one.credited - one.uncredited, -one.mentions, one.taker, one.source))


def _exchange(taker: str, source: str, tally: _Tally) -> Exchange:
    delays: Sequence[float] = tally.delays
    return Exchange(
        taker,
        source,
        len(tally.articles),
        tally.credited,
        tally.uncredited,
        tally.mentions,
        round(median(delays), 2) if delays else None,
        len(delays),
        len(tally.held),
    )
