"""What changed on the way from one telling of a claim to another: words, figures, stance, headline.

Words count as dropped or added only where they stand nowhere in the other article, so that moving a sentence is no
change. A figure counts as altered where both give one of the same unit and neither has the other's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from provenance.chains.figures import figures
from provenance.chains.names import fold
from provenance.chains.tellings import stem
from provenance.model import Article, Link, Span, Stance
from provenance.settings import ChainSettings

_WORD = re.compile(r"\w+")
_SHORT = 4
"""Letters up to which a word that is no figure is mostly grammar."""


@dataclass(frozen=True, slots=True)
class Told:
    """How one article tells a claim.

    Attributes:
        document: its id.
        spans: where it does.
        stance: that of whoever is said to say it; None where nobody is.
        closest: the sentence closest to the claim; None where it is not told apart.
    """

    document: str
    spans: tuple[Span, ...]
    stance: Stance | None = None
    closest: Span | None = None

    @property
    def core(self) -> Told:
        """The closest sentence alone."""
        return self if self.closest is None else replace(self, spans=(self.closest,))


@dataclass(frozen=True, slots=True)
class Change:
    """How a telling differs from one that came before it.

    Attributes:
        before: the article that had it first.
        after: the other one.
        linked: whether `after` had it from `before`; otherwise it is only the later one.
        dropped: words of the earlier telling that the later article has nowhere, in their order.
        added: words of the later telling that the earlier article has nowhere, in their order.
        figures: figures altered: unit, before, after.
        stance: the stance before and after, where it is another one.
        headline: the headline before and after, where it is another one and they are linked.
    """

    before: str
    after: str
    linked: bool
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    figures: tuple[tuple[str, str, str], ...] = ()
    stance: tuple[Stance, Stance] | None = None
    headline: tuple[str, str] | None = None


def changes(
    articles: Mapping[str, Article],
    tellings: Sequence[Told],
    links: Sequence[Link],
    earliest: str | None,
    settings: ChainSettings,
) -> tuple[Change, ...]:
    """What changed from each telling to those that had it from there, and from the earliest to all others.

    Args:
        articles: the tellings' articles at least.
        tellings: where each article tells the claim.
        links: the links between the tellings.
        earliest: the article that is known to be the earliest of them; None where that is not decided.
        settings: how many words of one difference are listed.

    Returns:
        One a pair of tellings that differ: those joined by a link first, then in the order of the tellings.
    """
    told = {one.document: one for one in tellings}
    pairs = {
        (link.upstream, link.downstream): True
        for link in links
        if link.directed and link.upstream in told and link.downstream in told and link.upstream is not None
    }
    fed = {after for _, after in pairs}
    if earliest is not None:
        for one in tellings:
            if one.document != earliest and one.document not in fed:
                pairs.setdefault((earliest, one.document), False)
    place = {one.document: number for number, one in enumerate(tellings)}
    ordered = sorted(pairs, key=lambda pair: (not pairs[pair], place[pair[1]], place[pair[0]]))
    found = (_between(articles, told[a], told[b], settings, linked=pairs[a, b]) for a, b in ordered)
    return tuple(
        one for one in found if one.dropped or one.added or one.figures or one.stance is not None or one.headline
    )


def _between(
    articles: Mapping[str, Article], before: Told, after: Told, settings: ChainSettings, *, linked: bool
) -> Change:
    one, two = articles[before.document], articles[after.document]
    other = before.stance is not None and after.stance is not None and before.stance != after.stance
    # articles of different make have other headlines and other sentences around the claim, which is no change of it
    titles = (one.title or "", two.title or "") if linked else ("", "")
    if not linked:
        before, after = before.core, after.core
    return Change(
        before.document,
        after.document,
        linked,
        _only(one, before, two, settings),
        _only(two, after, one, settings),
        _altered(one, before, two, after),
        (before.stance, after.stance) if other and before.stance and after.stance else None,
        titles if all(titles) and fold(titles[0]) != fold(titles[1]) else None,
    )


def _only(article: Article, told: Told, other: Article, settings: ChainSettings) -> tuple[str, ...]:
    """The words of a telling whose stems the other article has nowhere, each once."""
    known = {stem(word) for word in _WORD.findall(f"{other.title or ''} {other.text}")}
    found: dict[str, str] = {}
    for span in told.spans:
        for word in _WORD.findall(article.text[span.start : span.end]):
            if (len(word) > _SHORT or word.isdigit()) and stem(word) not in known:
                found.setdefault(stem(word), word)
    return tuple(found.values())[: settings.maximum_words_changed]


def _altered(one: Article, before: Told, two: Article, after: Told) -> tuple[tuple[str, str, str], ...]:
    every = [{value for value, _, _ in figures(article.text, Span(0, len(article.text)))} for article in (one, two)]
    theirs: dict[str, list[str]] = {}
    for span in after.spans:
        for value, unit, _ in figures(two.text, span):
            if unit and value not in every[0]:
                theirs.setdefault(stem(unit), []).append(value)
    found: dict[tuple[str, str, str], None] = {}
    for span in before.spans:
        for value, unit, _ in figures(one.text, span):
            if unit and value not in every[1]:
                for changed in theirs.get(stem(unit), ()):
                    found[unit, value, changed] = None
    return tuple(found)
