"""An article's text with what is known of it marked: shared passages, sources, cues and what is said.

The text is cut at every boundary, so spans may nest and overlap as they like, and each piece carries all that holds
there. Labels are elements of class `label`; without them and without tags the text is the article's own, as `shown`
prints it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Generic, TypeVar

from markupsafe import Markup

from provenance.model import Article, Attribution, Chain, Link, Passage, Span
from provenance.pages.addresses import Addresses
from provenance.pages.naming import outlet_or_id
from provenance.pages.visible import ShownText, count, cut, plain
from provenance.pages.words import MATCHES, RELATIONS, STANCES

_Item = TypeVar("_Item", bound=Hashable)
_GAP: Final = re.compile(r"(?:\r?\n[ \t]*){2,}")
_ROLES: Final = ("content", "source", "cue")
_DEEPEST: Final = 3
"""Passages over each other that are told apart by their shade; the labels tell apart any number."""
_NAME_WIDTH: Final = 80
_TAKEN: Final = ("uncredited-copy", "credited-copy", "update")
_RIGHT_TO_LEFT: Final = frozenset(["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What one role of a statement says of a stretch of text."""

    role: str
    told: str


def language_tag(language: str | None) -> str:
    """A language code that a `lang` attribute may hold; empty where it is none."""
    return language if language and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", language) else ""


def marked_article(  # noqa: PLR0913 - all that is known of an article
    article: Article,
    passages: Sequence[Passage],
    attributions: Sequence[Attribution],
    chains: Sequence[Chain],
    links: Sequence[Link],
    addresses: Addresses,
    *,
    holders: Mapping[int, int] | None = None,
    held: Mapping[str, Article] | None = None,
    most: int | None = None,
) -> Markup:
    """The text of an article in paragraphs, with everything marked.

    Args:
        article: the article.
        passages: its shared passages.
        attributions: its statements.
        chains: its chains, for claims that no statement's content covers.
        links: its links, which say from whom a passage is.
        addresses: where passages are shown.
        holders: how many articles hold each passage cluster, where that is known.
        held: articles by id, for the outlets of those that passages were taken from; their texts are not read.
        most: characters shown; the rest is left out and counted.
    """
    text = ShownText(article.text)
    end = len(article.text) if most is None else text.snapped(min(most, len(article.text)))
    spoken = _spoken(article.id, attributions, chains)
    inside = _Inside(
        text,
        _clamped(((one.span, one) for one in passages), text, end),
        _clamped(spoken, text, end),
    )
    labels = _Labels(article.id, links, addresses, holders or {}, held or {})
    parts = [_paragraph(inside, labels, *spans) for spans in _paragraphs(article.text, end)]
    language = language_tag(article.language)
    direction = "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "auto"
    opening = Markup('<div class="article-text" lang="{}" dir="{}">').format(language, direction)
    rest = len(article.text) - end
    tail = Markup('<p class="label cut">… {} left out.</p>').format(count(rest, "more character")) if rest else ""
    return opening + Markup("").join(parts) + Markup("</div>") + tail


def _clamped(spans: Iterable[tuple[Span, _Item]], text: ShownText, end: int) -> list[tuple[Span, _Item]]:
    """Spans that have letters within the text shown, cut to it; the first first, the longest of those first."""
    found = ((text.snapped(max(span.start, 0)), text.snapped(min(span.end, end)), item) for span, item in spans)
    kept = [(Span(start, stop), item) for start, stop, item in found if start < stop]
    return sorted(kept, key=lambda one: (one[0].start, -one[0].end))


def _spoken(document: str, attributions: Iterable[Attribution], chains: Iterable[Chain]) -> list[tuple[Span, _Spoken]]:
    """Every stretch that is a source, a cue or what is said, with what a reader is told when pointing at it."""
    found: list[tuple[Span, _Spoken]] = []
    for each in attributions:
        names = cut(plain(" ← ".join(source.name for source in each.chain)), _NAME_WIDTH)
        stance = STANCES.get(each.stance, "")
        tail = f" ({stance})" if stance else ""
        if each.source:
            found.append((each.source.span, _Spoken("source", f"who says it: {names}")))
        if each.cue:
            found.append((each.cue.span, _Spoken("cue", f"says that {names} said it{tail}")))
        found += [(span, _Spoken("content", f"said by {names}{tail}")) for span in each.content]
    covered = {span for span, one in found if one.role == "content"}
    for chain in chains:
        if chain.claim is not None and chain.document == document and chain.claim not in covered:
            names = cut(plain(" ← ".join(hop.name for hop in chain.hops)), _NAME_WIDTH)
            found.append((chain.claim, _Spoken("content", f"said by {names}")))
    return found


def _paragraphs(text: str, end: int) -> Iterator[tuple[Span, Span]]:
    """Each paragraph, and the blank lines behind it."""
    at = 0
    for gap in _GAP.finditer(text, 0, end):
        yield Span(at, gap.start()), Span(gap.start(), gap.end())
        at = gap.end()
    yield Span(at, end), Span(end, end)


class _Sweep(Generic[_Item]):
    """Spans gone through from left to right: what holds at the place reached."""

    def __init__(self, spans: Sequence[tuple[Span, _Item]]) -> None:
        self._begin: dict[int, list[_Item]] = defaultdict(list)
        self._stop: dict[int, list[_Item]] = defaultdict(list)
        for span, item in spans:
            self._begin[span.start].append(item)
            self._stop[span.end].append(item)
        self.cuts = sorted({*self._begin, *self._stop})
        self._begun, self._ended = sorted(self._begin, reverse=True), sorted(self._stop, reverse=True)
        self.active: dict[_Item, int] = {}
        self._next = 0

    def go_to(self, place: int) -> None:
        """Take up what begins at or before a place, and leave what ends there."""
        while self._next < len(self.cuts) and self.cuts[self._next] <= place:
            at = self.cuts[self._next]
            for item in self._stop.get(at, ()):
                # equal items may hold over each other
                left = self.active.get(item, 1) - 1
                if left:
                    self.active[item] = left
                else:
                    self.active.pop(item, None)
            for item in self._begin.get(at, ()):
                self.active[item] = self.active.get(item, 0) + 1
            self._next += 1

    def beginning(self, place: int) -> list[_Item]:
        """What began up to a place since this was last asked."""
        return _due(self._begun, self._begin, place)

    def ending(self, place: int) -> list[_Item]:
        """What ended up to a place since this was last asked."""
        return _due(self._ended, self._stop, place)


def _due(places: list[int], items: Mapping[int, list[_Item]], up_to: int) -> list[_Item]:
    found: list[_Item] = []
    while places and places[-1] <= up_to:
        found += items[places.pop()]
    return found


class _Inside:
    """Which passages and statements hold at each place, asked in the order of the text."""

    def __init__(
        self, text: ShownText, passages: list[tuple[Span, Passage]], spoken: list[tuple[Span, _Spoken]]
    ) -> None:
        self.text = text
        self.passages = _Sweep(passages)
        self.spoken = _Sweep(spoken)
        self.cuts = sorted({*self.passages.cuts, *self.spoken.cuts})


class _Labels:
    """The numbers at the ends of passages, each with the way to its other copies and in whose text it stood before."""

    def __init__(
        self,
        document: str,
        links: Iterable[Link],
        addresses: Addresses,
        holders: Mapping[int, int],
        held: Mapping[str, Article],
    ) -> None:
        self._addresses = addresses
        self._holders = holders
        self._taken: dict[int, tuple[str, str]] = {}
        for relation in _TAKEN:
            for link in links:
                if link.relation == relation and link.downstream == document:
                    source = outlet_or_id(link.upstream, held) if link.upstream else link.upstream_name
                    for cluster in link.clusters:
                        self._taken.setdefault(cluster, (relation, source))

    def uncredited(self, passage: Passage) -> bool:
        """Whether the copy is one without credit."""
        return self._taken.get(passage.cluster, ("", ""))[0] == "uncredited-copy"

    def told(self, passage: Passage) -> str:
        """What a passage is, in words."""
        relation, source = self._taken.get(passage.cluster, ("", ""))
        number = self._holders.get(passage.cluster)
        copies = f", in {count(number, 'article')}" if number else ""
        taken = f"; {RELATIONS[relation]}, {cut(plain(source), _NAME_WIDTH)}" if relation else ""
        return f"passage {passage.cluster}, {MATCHES[passage.kind]}{copies}{taken}"

    def begin(self, passage: Passage) -> Markup:
        """The label where a passage begins."""
        address = self._addresses.passage(passage.cluster)
        visible = f"{passage.cluster}{' no credit' if self.uncredited(passage) else ''}"
        name = f"begin of {self.told(passage)}"
        if not address:
            return Markup('<span class="label begin" title="{}">{}</span>').format(name, visible)
        return Markup('<a class="label begin" href="{}" title="{}" aria-label="{}">{}</a>').format(
            address, name, f"{visible}: {name}", visible
        )

    def end(self, passage: Passage) -> Markup:
        """The label where it ends."""
        return Markup('<span class="label end" title="{}">{}</span>').format(
            f"end of passage {passage.cluster}", passage.cluster
        )


def _paragraph(inside: _Inside, labels: _Labels, span: Span, gap: Span) -> Markup:
    parts: list[Markup] = []
    opened: tuple[Passage, ...] = ()
    within = inside.cuts[bisect_right(inside.cuts, span.start) : bisect_left(inside.cuts, span.end)]
    for low, high in pairwise(dict.fromkeys([span.start, *within, span.end])):
        inside.passages.go_to(low)
        inside.spoken.go_to(low)
        now = tuple(inside.passages.active)
        if opened and now != opened:
            parts.append(Markup("</mark>"))
        parts += map(labels.end, inside.passages.ending(low))
        parts += map(labels.begin, inside.passages.beginning(low))
        if now and now != opened:
            parts.append(_opening(labels, now))
        opened = now
        parts.append(_piece(inside, low, high))
    if opened:
        parts.append(Markup("</mark>"))
    # what ends in the blank lines behind ends here for the eye
    parts += map(labels.end, inside.passages.ending(gap.end))
    body = Markup("").join(parts)
    whole = Markup("<p>") + body + Markup("</p>") if body else body
    return whole + inside.text.of(gap.start, gap.end)


def _opening(labels: _Labels, passages: Sequence[Passage]) -> Markup:
    kinds = sorted({f"is-{one.kind}" for one in passages})
    uncredited = ["is-uncredited"] if any(map(labels.uncredited, passages)) else []
    names = ["shared", f"deep-{min(len(passages), _DEEPEST)}", *kinds, *uncredited]
    return Markup('<mark class="{}">').format(" ".join(names))


def _piece(inside: _Inside, low: int, high: int) -> Markup:
    """A stretch throughout which the same statements hold."""
    words = inside.text.of(low, high)
    told = {one.role: one.told for one in inside.spoken.active}
    if not told:
        return words
    roles = [role for role in _ROLES if role in told]
    # the finest role tells most: a cue stands within what it introduces
    return Markup('<span class="{}" title="{}">{}</span>').format(" ".join(roles), told[roles[-1]], words)
