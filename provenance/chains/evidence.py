"""What speaks for one article's copy of a passage having been taken from another's, in log-odds.

The sum is a plain additive one, after the weights-of-evidence reading of log-odds (Good 1950). Readings shared by two
copies against the rest are the stemmatic "shared error" (Maas 1960): the best evidence among undated copies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from provenance.chains.leads import Lead, leads, naming
from provenance.chains.names import Outlets
from provenance.chains.unseen import Credit, Relevant, relevant
from provenance.chains.wording import (
    Flags,
    Hashes,
    Indices,
    Worded,
    found_in,
    frequencies,
    runs,
    share_found,
    stretches_of,
)
from provenance.model import Article, Attribution, Evidence, Span
from provenance.settings import ChainSettings

_CREDITS = frozenset({"document-credit", "passage-credit", "address", "lead-in"})

_DAY = 86_400.0
"""Seconds of a day."""

_REPEATED = 0.5
"""Share of a lead-in's pairs of words from which on another article is taken to have it too."""

DIRECTIONAL = frozenset({*_CREDITS, "earlier", "same-outlet", "quoted", "peculiarity"})
"""The rules that can point an arrow. Coverage cannot: a text covers its copy as its copy covers it. Nor can it be
enough that the other one is an agency or credited by third parties: agencies print what was handed to them, too."""


@dataclass(slots=True)
class Member:
    """One article's copy of a text that several share.

    Attributes:
        spans: where it stands in the article, sorted.
        outlet: the article's outlet key.
        credits: the credits that bear on it, by outlet key.
        introduced: the words outside the passage by which the article attributes it to somebody.
        worded: the words of the whole article.
        pairs: the distinct pairs of neighbouring words within the copy, sorted.
        elsewhere: the pairs of words of the other texts that the article shares with anybody, sorted.
        leads: the words before the copy, and lines in it, that may name whom it is from.
        readings: words in or just before the copy that some other members have and some have not.
    """

    article: Article
    spans: tuple[Span, ...]
    outlet: str
    credits: dict[str, Relevant]
    introduced: Evidence | None
    worded: Worded
    pairs: Hashes
    elsewhere: Hashes | None = None
    leads: tuple[Lead, ...] = ()
    readings: Readings | None = None

    @property
    def words(self) -> int:
        """How large the copy is, in distinct pairs of words."""
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class Readings:
    """Words of one copy that tell the members apart; all arrays of one shape.

    Attributes:
        places: index of each word in the article.
        words: its hash.
        before: hash of the pair it ends.
        behind: hash of the pair it begins.
        holders: how many members have the word.
        inside: whether the word lies in the copy, not just beside it.
    """

    places: Indices
    words: Hashes
    before: Hashes
    behind: Hashes
    holders: Indices
    inside: Flags


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence for one step between two copies: each rule with its log-odds, and their sum."""

    total: float
    parts: dict[str, float]

    @property
    def credited(self) -> bool:
        """Whether the child credits the parent."""
        return not _CREDITS.isdisjoint(self.parts)

    @property
    def directional(self) -> bool:
        """Whether anything but likeness speaks for the step."""
        return any(self.parts.get(rule, 0.0) > 0 for rule in DIRECTIONAL)


@dataclass(slots=True)
class Cluster:
    """The copies of one text, ready to be weighed.

    Attributes:
        members: its copies, by article id.
        agencies: the outlets that are news agencies.
        credited: how many members credit each outlet.
        creditors: the first two that do.
        first: the article dated before every other dated one, or empty.
    """

    members: list[Member]
    agencies: frozenset[str]
    settings: ChainSettings
    credited: Counter[str] = field(default_factory=Counter)
    creditors: dict[str, list[Member]] = field(default_factory=dict)
    first: str = ""

    def __post_init__(self) -> None:
        for member in self.members:
            self.credited.update(member.credits.keys())
            for outlet in member.credits:
                # two are enough to name one that is not the child itself
                if len(self.creditors.setdefault(outlet, [])) < 2:
                    self.creditors[outlet].append(member)
        if len(self.members) > 2:
            self._read()
        dated = [member.article for member in self.members if member.article.published]
        if len(dated) > 2:
            early = min(dated, key=lambda article: (article.published.end if article.published else "", article.id))
            if all(before(early, other) for other in dated if other is not early):
                self.first = early.id

    @property
    def rare(self) -> int:
        """In how many copies a reading may stand and still be peculiar."""
        return max(2, int(self.settings.peculiar_share * len(self.members)))

    def _read(self) -> None:
        """Find each copy's words that other members have and not all have, in company that others have too.

        A word held by all tells nothing; one held here alone can have come from nobody in the cluster; one that
        others have in other company is a coincidence.
        """
        words, held = np.unique(np.concatenate([one.worded.vocabulary for one in self.members]), return_counts=True)
        pairs, met = np.unique(np.concatenate([one.worded.sequence for one in self.members]), return_counts=True)
        for one in self.members:
            places = one.worded.within(one.spans, self.settings.tag_characters)
            # the words of a credit are weighed as one; siblings have them in common
            said = [word for found in one.credits.values() for word in found.credit.words]
            places = np.setdiff1d(places, one.worded.within(said), assume_unique=True)
            every = one.worded.pairs
            if len(places) < 2 or len(every) < 1:
                continue
            before_each = every[np.maximum(places - 1, 0)]
            behind_each = every[np.minimum(places, len(every) - 1)]
            holders = frequencies(one.worded.words[places], words, held)
            company = np.maximum(frequencies(before_each, pairs, met), frequencies(behind_each, pairs, met))
            telling = np.flatnonzero((holders > 1) & (holders < len(self.members)) & (company > 1))
            telling = telling[: self.settings.maximum_readings]
            one.readings = Readings(
                places[telling],
                one.worded.words[places[telling]],
                before_each[telling],
                behind_each[telling],
                holders[telling],
                np.isin(places[telling], one.worded.within(one.spans)),
            )


def before(one: Article, other: Article) -> bool:
    """Whether one article is dated clearly before another; an undated one is before nothing and after nothing."""
    if one.published is None or other.published is None:
        return False
    return one.published.before(other.published)


def days_between(one: Article, other: Article) -> float:
    """The days that lie between two articles at least, 0 or more; 0 where one of them is not dated."""
    if one.published is None or other.published is None:
        return 0.0
    early, late = sorted((one.published, other.published), key=lambda interval: interval.start)
    gap = datetime.fromisoformat(late.start.removesuffix("Z")) - datetime.fromisoformat(early.end.removesuffix("Z"))
    return max(0.0, gap.total_seconds() / _DAY)


def member(
    article: Article,
    spans: Sequence[Span],
    outlets: Outlets,
    made: Sequence[Credit],
    attributions: Sequence[Attribution],
    worded: Worded,
    settings: ChainSettings,
) -> Member:
    """One article's copy of a passage with what bears on it."""
    places = tuple(sorted(set(spans)))
    return Member(
        article=article,
        spans=places,
        outlet=outlets.of[article.id],
        credits=relevant(made, places, settings),
        introduced=_introduced(attributions, places, settings),
        worded=worded,
        pairs=worded.pairs_within(places),
        leads=leads(article.text, places, settings),
    )


def _introduced(
    attributions: Sequence[Attribution], passage: Sequence[Span], settings: ChainSettings
) -> Evidence | None:
    """The words, outside the passage, by which the article says that somebody else says the passage."""
    length = sum(len(span) for span in passage)
    for attribution in attributions:
        if attribution.scope == "document" or not length:
            continue
        covered = sum(
            max(0, min(content.end, span.end) - max(content.start, span.start))
            for content in attribution.content
            for span in passage
        )
        if covered < settings.introduced_share * length:
            continue
        for shown in attribution.evidence:
            inside = any(span.overlaps(Span(shown.start, shown.end)) for span in passage)
            if shown.where == "text" and not inside:
                return shown
    return None


def weigh(cluster: Cluster, u: Member, v: Member, *, update: bool, held: float | None = None) -> Weighed:
    """How much speaks for `v` having its copy from `u`.

    Args:
        cluster: what both are members of.
        u: the possible parent.
        v: the possible child.
        update: whether the two are versions of one story by one outlet.
        held: the coverage of `v` by `u`, where it is known already.

    Returns:
        Log-odds by rule; rules that add nothing are left out.
    """
    settings = cluster.settings
    parts = {"coverage": settings.weight_coverage * (coverage(u, v) if held is None else held)}
    parts.update(_credit_parts(cluster, u, v, settings))
    credited = not _CREDITS.isdisjoint(parts)
    if v.elsewhere is not None and (other := share_found(v.elsewhere, u.worded.sequence)) > 0:
        parts["elsewhere"] = settings.weight_elsewhere * other
    if before(u.article, v.article):
        parts["earlier"] = settings.weight_earlier
        if update:
            parts["same-outlet"] = settings.weight_update
    elif before(v.article, u.article):
        parts["later"] = -(settings.penalty_later_credited if credited else settings.penalty_later)
    if cluster.first == u.article.id:
        parts["first"] = settings.weight_first
    if v.introduced is not None and u.introduced is None:
        parts["quoted"] = settings.weight_quoted
    if u.outlet in cluster.agencies and v.outlet not in cluster.agencies:
        parts["agency"] = settings.weight_agency
    if v.readings is not None and len(v.readings.places):
        shared, lacking = (runs(places, settings.reading_gap) for places in _readings(cluster, u, v))
        if shared:
            parts["peculiarity"] = settings.weight_peculiarity * min(shared, settings.maximum_peculiarities)
        if lacking:
            parts["lacking"] = -settings.penalty_lacking * min(lacking, settings.maximum_lacking)
    return Weighed(round(sum(parts.values()), 9), parts)


def _credit_parts(cluster: Cluster, u: Member, v: Member, settings: ChainSettings) -> dict[str, float]:
    parts: dict[str, float] = {}
    found = v.credits.get(u.outlet) if u.outlet else None
    if found is not None:
        parts["document-credit" if found.credit.whole else "passage-credit"] = found.weight
    if (found is None or found.weight < settings.weight_lead) and _leads_in(u, v):
        parts["lead-in"] = settings.weight_lead - (found.weight if found is not None else 0.0)
    if any(credit.credit.target == u.article.id for credit in v.credits.values()):
        parts["address"] = settings.weight_address
    others = cluster.credited[u.outlet] - (found is not None) if u.outlet else 0
    if others > 0:
        parts["credited-by-others"] = settings.weight_credited_by_others
    return parts


def _leads_in(u: Member, v: Member) -> tuple[Lead, ...]:
    """The lead-ins of one copy that name the other article's outlet, which is not its own.

    Where the other article has these words too it repeats what was said of it: it does not stand above them.
    """
    if not u.article.outlet or u.outlet == v.outlet:
        return ()
    found = naming(v.leads, u.article.outlet)
    return tuple(lead for lead in found if not _repeats(u, v, lead)) if found else ()


def _repeats(u: Member, v: Member, lead: Lead) -> bool:
    said = v.worded.pairs_within([lead.span])
    return share_found(said, u.worded.sequence) > _REPEATED


def coverage(u: Member, v: Member) -> float:
    """The share of `v`'s pairs of neighbouring words that `u`'s article has too, 0 to 1.

    The whole of `u`'s article counts: where a copy ends is for the detector to say, not for the copier.
    """
    return share_found(v.pairs, u.worded.sequence)


def alike(one: Member, other: Member) -> float:
    """The share of the shorter article's pairs of neighbouring words that the longer has too, 0 to 1."""
    mine, theirs = one.worded.sequence, other.worded.sequence
    return share_found(mine, theirs) if len(mine) <= len(theirs) else share_found(theirs, mine)


def _readings(cluster: Cluster, u: Member, v: Member) -> tuple[Indices, Indices]:
    """Where `v` reads like `u` against most others, and where it reads like others against `u`: word indices."""
    readings = v.readings
    if readings is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    held = found_in(readings.words, u.worded.vocabulary)
    rare = np.flatnonzero(held & (readings.holders <= cluster.rare))
    together = found_in(readings.before[rare], u.worded.sequence) | found_in(readings.behind[rare], u.worded.sequence)
    lacking = readings.places[~held & readings.inside]
    if len(lacking):
        # who is named cannot have the words that name it
        said = [lead.span for lead in _leads_in(u, v)]
        lacking = np.setdiff1d(lacking, v.worded.within(said), assume_unique=True) if said else lacking
    return readings.places[rare[together]], lacking


def describe(cluster: Cluster, u: Member, v: Member, weighed: Weighed) -> list[Evidence]:
    """The evidence of one step but for the shared text itself, with the words that show each rule."""
    found: list[Evidence] = []
    for rule, weight in weighed.parts.items():
        if rule in {"coverage", "elsewhere"}:
            # the passages of the link show both
            continue
        found.extend(_shown(cluster, u, v, rule, weight))
    return found


def credited_back(cluster: Cluster, u: Member, v: Member, turned: Weighed) -> list[Evidence]:
    """The words by which `u` credits `v`, which speak against `v` having its copy from `u`.

    Args:
        cluster: what both are members of.
        u: the parent.
        v: the child.
        turned: what speaks for the step turned round.
    """
    found: list[Evidence] = []
    for rule in sorted(_CREDITS & turned.parts.keys()):
        found.extend(
            replace(shown, rule="credited-back", weight=0.0 - shown.weight)
            for shown in _shown(cluster, v, u, rule, turned.parts[rule])
        )
    return found


def against(path: Sequence[str], rule: str, margin: float) -> Evidence:
    """What does not go together with a step: other steps that lead back to where it began.

    Args:
        path: ids of the articles: for `opposite`, each seems to have it from the next; for `circle`, those in it.
        rule: `opposite` for two articles that seem to have text from each other, `circle` for more.
        margin: log-odds of what stands against the step.
    """
    joined = (" ← " if rule == "opposite" else ", ").join(path)
    return Evidence(path[0], 0, 0, joined, rule, "page", 0.0 - margin)


def _shown(cluster: Cluster, u: Member, v: Member, rule: str, weight: float) -> list[Evidence]:
    if rule in {"earlier", "later", "first", "same-outlet"}:
        return [_dates(u, v, rule, weight)]
    if rule in {"document-credit", "passage-credit"}:
        return _credit_words(v, v.credits[u.outlet].credit, rule, weight)
    if rule == "lead-in":
        lead = _leads_in(u, v)[-1].span
        text = v.article.text[lead.start : lead.end]
        return [Evidence(v.article.id, lead.start, lead.end, text, rule, "text", weight)]
    if rule == "address":
        credit = next(c.credit for _, c in sorted(v.credits.items()) if c.credit.target == u.article.id)
        return _credit_words(v, credit, rule, weight)
    if rule == "quoted" and v.introduced is not None:
        shown = v.introduced
        return [Evidence(shown.document, shown.start, shown.end, shown.text, rule, "text", weight)]
    if rule == "credited-by-others":
        other = next(creditor for creditor in cluster.creditors[u.outlet] if creditor is not v)
        return _credit_words(other, other.credits[u.outlet].credit, rule, weight)
    if rule in {"peculiarity", "lacking"}:
        return _reading_words(cluster, u, v, rule, weight)
    return [Evidence(u.article.id, 0, 0, u.article.outlet or "", rule, "page", weight)]


def _dates(u: Member, v: Member, rule: str, weight: float) -> Evidence:
    one, other = u.article.published, v.article.published
    text = f"{one.isoformat() if one else 'undated'} against {other.isoformat() if other else 'undated'}"
    return Evidence(u.article.id, 0, 0, text, rule, "page", weight)


def _credit_words(member: Member, credit: Credit, rule: str, weight: float) -> list[Evidence]:
    shown = credit.evidence or (Evidence(member.article.id, 0, 0, credit.name, rule, "page"),)
    return [
        Evidence(item.document, item.start, item.end, item.text, rule, item.where, weight if i == 0 else 0.0)
        for i, item in enumerate(shown)
    ]


def _reading_words(cluster: Cluster, u: Member, v: Member, rule: str, weight: float) -> list[Evidence]:
    """The stretches of `v` that it shares with `u` against the rest, or that `u` lacks."""
    shared, lacking = _readings(cluster, u, v)
    stretches = stretches_of(shared if rule == "peculiarity" else lacking, cluster.settings.reading_gap)
    found: list[Evidence] = []
    for first, last in stretches[: cluster.settings.maximum_readings_shown]:
        start, end = int(v.worded.starts[first]), int(v.worded.ends[last])
        text = v.article.text[start:end]
        found.append(Evidence(v.article.id, start, end, text, rule, "text", 0.0 if found else weight))
    return found
