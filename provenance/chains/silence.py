"""Whether an article may be said to have copied from another in silence, which is an accusation.

Two papers print the same words for many reasons: both had them from an agency, a statement, a report or a speech. Only
what no such cause accounts for is told as an uncredited copy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.chains.clusters import Weighing
from provenance.chains.evidence import Member, coverage
from provenance.chains.grounds import Ground
from provenance.chains.leads import after_sentence
from provenance.chains.speech import unspoken_words
from provenance.model import Article, Attribution, Span
from provenance.settings import ChainSettings


def silent(child: str, parent: str, weighings: Sequence[Weighing], found: Ground, settings: ChainSettings) -> bool:
    """Whether words that an article shares with an earlier one can hardly have reached both from elsewhere.

    Args:
        child: id of the article that seems to have them from the other.
        parent: id of the other.
        weighings: the texts that it seems to have from there.
        found: what they rest on.
        settings: thresholds.
    """
    if found.outlets.of[child] and found.outlets.of[child] == found.outlets.of[parent]:
        # a writer's text in two places
        return False
    copies = [(one.at[child], one.at[parent]) for one in weighings if {child, parent} <= one.at.keys()]
    if any(_names_another(each, one) for one in weighings for each in (one.at.get(child), one.at.get(parent))):
        return False
    stretches = {item[1:] for one in weighings for item in found.stretches(child, parent, one.number)}
    mine, theirs = {one for one, _ in stretches}, {other for _, other in stretches}
    text = found.articles[child].text
    least = min(float(settings.uncredited_words), settings.uncredited_share * len(text.split()))
    # what the later one lays into somebody's mouth may be just what it takes; the earlier one then speaks for itself
    if min(unspoken_words(text, _without(mine, ())), _plain_words(parent, theirs, found)) < least:
        return False
    words = sum(one.words for one, _ in copies)
    likeness = sum(one.words * coverage(other, one) for one, other in copies) / max(1, words)
    if likeness < settings.uncredited_scattered and _longest(text, mine) < least:
        # several turns of phrase, each with a change: both may describe the same people
        return False
    whole = words >= settings.uncredited_whole * len(found.wording.of(child).sequence)
    return whole or likeness >= settings.uncredited_likeness


def _longest(text: str, spans: Collection[Span]) -> int:
    return max((len(text[span.start : span.end].split()) for span in spans), default=0)


def marked(child: str, parent: str, texts: Sequence[int], found: Ground, settings: ChainSettings) -> Mark | None:
    """The words by which an article presents what it shares with another as somebody's, where it does.

    A colon right before a stretch, or the first word of the other's outlet or writer just before it ("the Pew study").
    That word in a paragraph that has ended does not say that the stretch is theirs.

    Args:
        child: id of the article that has the words from the other.
        parent: id of the other.
        texts: the shared texts that it has from there.
        found: what they rest on.
        settings: thresholds.
    """
    text = found.articles[child].text
    names = _first_words(found.articles[parent])
    vague: Mark | None = None
    for number in texts:
        for _, span, _ in found.stretches(child, parent, number):
            first = max(0, span.start - settings.lead_characters)
            start = after_sentence(text, first, span.start)
            whole = _shown(text, first, span.start)
            if text[whole.start : whole.end].endswith(_COLONS):
                return Mark(whole, theirs=True)
            if any(name.search(text, start, span.start) for name in names):
                return Mark(_shown(text, start, span.start), theirs=True)
            if vague is None and any(name.search(text, first, start) for name in names):
                vague = Mark(whole, theirs=False)
    return vague


def _shown(text: str, start: int, end: int) -> Span:
    """The words before a stretch, without the marks that open it."""
    return Span(start, start + max(1, len(text[start:end].rstrip(_BEFORE_QUOTED))))


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that present a stretch as somebody's, and whether they say that it is the other article's."""

    span: Span
    theirs: bool


_COLONS: Final = (":", "\uff1a")
_BEFORE_QUOTED: Final = " \t\r\n>|*\"'\u201c\u201e\u00ab\u2018"
_COMMON_WORDS: Final = frozenset({"the", "new", "daily", "national", "american", "world", "global", "guest", "united"})
_SHORTEST_NAME: Final = 3


def _first_words(article: Article) -> list[re.Pattern[str]]:
    """The words, as they are written, that alone may name an article's outlet or writer."""
    found = []
    for name in (article.outlet, article.author):
        words = [word for word in _WORD.findall(name or "") if word.casefold() not in _COMMON_WORDS]
        if words and len(words[0]) >= _SHORTEST_NAME and words[0][0].isupper():
            found.append(re.compile(rf"\b{re.escape(words[0])}\b"))
    return found


_WORD: Final = re.compile(r"\w+")


def _names_another(one: Member | None, weighing: Weighing) -> bool:
    """Whether an article credits a publisher with its copy that has none here: the words may be that one's."""
    if one is None:
        return False
    here = {member.outlet for member in weighing.cluster.members}
    return any(item.credit.publisher and outlet not in here for outlet, item in one.credits.items())


def _plain_words(document: str, spans: Collection[Span], found: Ground) -> int:
    """Words of some stretches that an article neither quotes nor, outside them, lays into somebody's mouth.

    Where the words that name the speaker are shared, too, the sentence is the writer's.
    """
    said = [
        content
        for one in found.said(document)
        if one.scope == "passage" and not _inside(one, spans)
        for content in one.content
    ]
    return unspoken_words(found.articles[document].text, _without(spans, said))


def _inside(attribution: Attribution, spans: Collection[Span]) -> bool:
    shown = [Span(one.start, one.end) for one in attribution.evidence if one.where == "text"]
    return bool(shown) and all(any(span.holds(one) for span in spans) for one in shown)


def _without(spans: Collection[Span], gone: Collection[Span]) -> list[Span]:
    """What is left of some spans without others: sorted, none overlapping."""
    left: list[Span] = []
    cuts = sorted(gone)
    reached = 0
    for span in sorted(spans):
        start = max(span.start, reached)
        for cut in cuts:
            if cut.end <= start or cut.start >= span.end:
                continue
            if cut.start > start:
                left.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < span.end:
            left.append(Span(start, span.end))
        reached = max(reached, span.end)
    return left
