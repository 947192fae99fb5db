"""One shared text at a time: which parent each copy has, if the evidence decides.

Passage clusters whose copies overlap in one article are parts of one text and weighed together, since where a detected
passage ends differs from pair to pair. Work is near linear in the number of copies: few copies are weighed pair by
pair, many against the likeliest parents only (credited outlets, detected partners, shared peculiarities, the earliest,
the agencies).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from provenance.chains.circles import Circle
from provenance.chains.direction import ROOT, Choice, decide, naive_circles
from provenance.chains.evidence import Cluster, Member, Weighed, alike, before, coverage, member, weigh
from provenance.chains.grounds import Ground
from provenance.chains.unseen import Credit, unseen_sources
from provenance.settings import ChainSettings


@dataclass(slots=True)
class Decision:
    """Where one article has its copy of one shared text from.

    Attributes:
        outcome: `parent` (a held article), `source` (an unseen one it credits), `root` (nothing above it among the
            copies) or `undetermined`.
        parent: the held article chosen, or for `undetermined` the likeliest one.
        source: the unseen source chosen.
        margin: log-odds between this choice and the next, in choice and direction; infinite without one.
        runner_up: the next best: an article's id, an unseen source's name, or empty.
        scores: log-odds of each article weighed.
        readings: the part of them that rests on peculiarities shared and lacking.
    """

    document: str
    text: int
    words: int
    outcome: Literal["parent", "source", "root", "undetermined"]
    parent: str = ""
    source: Credit | None = None
    margin: float = math.inf
    runner_up: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    readings: dict[str, float] = field(default_factory=dict)


class Weighing:
    """One cluster with its copies, what is known of each step between them, and the decisions.

    Attributes:
        cluster: the copies.
        at: article id to its copy.
        decisions: one for every copy, in the order of the articles' ids.
        circles: article id to the circle of best parents that it is in, where evidence points each step of it.
    """

    def __init__(self, number: int, found: Ground, settings: ChainSettings) -> None:
        self._ground = found
        self._settings = settings
        members = [
            member(
                found.articles[document],
                spans,
                found.outlets,
                found.credits.get(document, ()),
                found.attributions.get(document, ()),
                found.wording.of(document),
                settings,
            )
            for document, spans in found.texts[number].items()
        ]
        for one in members:
            others = found.elsewhere(one.article.id, number)
            one.elsewhere = one.worded.pairs_within(others) if others else None
        self.number = number
        self.cluster = Cluster(members, found.agencies, settings)
        self.at = {one.article.id: one for one in members}
        self._known: dict[tuple[int, int], Weighed | None] = {}
        self._printed = Counter(one.outlet for one in members)
        present = frozenset(one.outlet for one in members)
        self._unseen = unseen_sources({one.article.id: one.credits for one in members}, present)
        self._roots = [self._root(one) for one in members]
        self.circles: dict[str, Circle] = {}
        self.decisions = self._decide()

    @property
    def credits_unseen(self) -> bool:
        """Whether a copy credits a source that is not held."""
        return bool(self._unseen)

    def weighed(self, parent: Member, child: Member) -> Weighed:
        """The evidence for one step, whether or not it was a candidate."""
        update = self._one_house(parent, child)
        return weigh(self.cluster, parent, child, update=update)

    def _root(self, one: Member) -> tuple[float, Credit | None, float]:
        """The best unseen source above a copy, one that it credits or one that nobody names; and by how much."""
        unnamed = self._settings.weight_coverage - self._settings.penalty_unseen
        if self._unseen:
            # others had it from there: so may this one, without saying so
            unnamed += self._settings.weight_unseen_known
        # a few words in common may be a stock phrase, a name with its titles, an official wording
        short = max(0.0, 1.0 - one.words / self._settings.short_passage_words)
        unnamed += self._settings.weight_stock_phrase * short
        best, source = unnamed, None
        for creditors in self._unseen.values():
            found = creditors.get(one.article.id)
            if found is not None:
                score = self._settings.weight_coverage + found.weight - self._settings.penalty_unseen_credited
                if score > best:
                    best, source = score, found.credit
        if best - unnamed < self._settings.minimum_source_margin:
            return best, None, best - unnamed
        return best, source, best - unnamed

    def _step(self, u: int, v: int) -> Weighed | None:
        """The evidence for copy `v` from copy `u`; None where that step is impossible."""
        if (u, v) not in self._known:
            self._known[u, v] = self._weigh(self.cluster.members[u], self.cluster.members[v])
        return self._known[u, v]

    def _weigh(self, parent: Member, child: Member) -> Weighed | None:
        least = self._settings.minimum_coverage
        held = coverage(parent, child)
        if held < least and coverage(child, parent) < least:
            # copies of two different parts of one passage
            return None
        if self._one_house(parent, child):
            if not self._versions(parent, child):
                return None
            return weigh(self.cluster, parent, child, update=True, held=held)
        both = parent.credits.keys() & child.credits.keys() & self._unseen.keys()
        if parent.outlet not in child.credits and any(child.article.id in self._unseen[outlet] for outlet in both):
            # both name the same third party: a common source, whatever else speaks for a step
            return None
        return weigh(self.cluster, parent, child, update=False, held=held)

    def _one_house(self, parent: Member, child: Member) -> bool:
        """Whether one publisher printed both; an agency's text on a paper's site is the paper's where it credits it."""
        if not self._ground.one_house(parent.article.id, child.article.id):
            return False
        return parent.outlet == child.outlet or not (parent.outlet in child.credits or child.outlet in parent.credits)

    def _versions(self, one: Member, other: Member) -> bool:
        """Whether two articles of one outlet are versions of one story, by how much text they share."""
        if self._printed[one.outlet] >= self._settings.house_copies or len(self._printed) > 1:
            # what an outlet prints over and over, such as a signature, makes no versions of its articles; nor does
            # that both took a text which another outlet has, too
            return alike(one, other) >= self._settings.house_update_share
        return alike(one, other) >= self._settings.update_share

    def _decide(self) -> list[Decision]:
        incoming: list[dict[int, float]] = []
        for v, tails in enumerate(self._candidates()):
            scores = {ROOT: self._roots[v][0]}
            for u in tails:
                step = self._step(u, v)
                if step is not None:
                    scores[u] = step.total
            incoming.append(scores)
        self._note_circles(incoming)
        choices = decide(incoming, self._score)
        return [self._decision(v, choice, incoming[v]) for v, choice in enumerate(choices)]

    def _note_circles(self, incoming: Sequence[Mapping[int, float]]) -> None:
        """Keep the circles of best parents, which the tree settles; likeness alone makes no circle worth telling."""
        for nodes in naive_circles(incoming):
            steps = [(v, self._known[u, v]) for v, u in zip(nodes, [*nodes[1:], nodes[0]], strict=True)]
            if all(step is not None and step.directional for _, step in steps):
                ids = {v: self.cluster.members[v].article.id for v in nodes}
                strengths = {ids[v]: step.total - self._roots[v][0] for v, step in steps if step is not None}
                circle = Circle.of(strengths, self._settings.maximum_evidence)
                self.circles.update(dict.fromkeys(ids.values(), circle))

    def _score(self, u: int, v: int) -> float | None:
        if u == ROOT:
            return self._roots[v][0]
        step = self._step(u, v)
        return None if step is None else step.total

    def _decision(self, v: int, choice: Choice, scores: Mapping[int, float]) -> Decision:
        members = self.cluster.members
        one = members[v]
        found = Decision(one.article.id, self.number, one.words, "root", margin=choice.margin)
        found.scores = {members[u].article.id: score for u, score in scores.items() if u != ROOT}
        for u in scores:
            step = self._known.get((u, v))
            if step is not None:
                parts = step.parts
                found.readings[members[u].article.id] = parts.get("peculiarity", 0.0) + parts.get("lacking", 0.0)
        source = self._roots[v][1]
        if choice.runner_up is not None:
            found.runner_up = members[choice.runner_up].article.id if choice.runner_up != ROOT else ""
            if choice.runner_up == ROOT and source is not None:
                found.runner_up = source.name
        thin = choice.margin < self._settings.minimum_margin
        if choice.parent == ROOT:
            found.source = source
            found.outcome = "source" if source is not None else "root"
            if source is not None:
                found.margin = min(found.margin, self._roots[v][2])
            if thin and choice.runner_up is not None:
                found.outcome, found.parent = "undetermined", found.runner_up
            return found
        found.parent = members[choice.parent].article.id
        found.margin = min(choice.margin, choice.direction)
        step = self._step(choice.parent, v)
        if choice.direction < self._settings.minimum_margin or step is None or not step.directional:
            found.outcome = "undetermined"
            found.parent = max(found.scores, key=lambda document: (found.scores[document], document == found.parent))
            found.margin = min(found.margin, self._settings.minimum_margin)
        elif self._too_thin(choice, v, step):
            found.outcome = "undetermined"
        else:
            found.outcome = "parent"
        return found

    def _too_thin(self, choice: Choice, child: int, step: Weighed) -> bool:
        """Whether a step beats its rivals by too little: to say who copied in silence takes more than other steps."""
        chosen, one = self.cluster.members[choice.parent], self.cluster.members[child]
        if choice.margin < self._settings.minimum_margin and not self._earlier_version(choice, one):
            return True
        accuses = not step.credited and not self._one_house(chosen, one)
        return accuses and min(choice.margin, choice.direction) < self._settings.minimum_uncredited_margin

    def _earlier_version(self, choice: Choice, child: Member) -> bool:
        """Whether the choice and its runner-up are dated versions by one outlet that the child credits."""
        if choice.runner_up is None or ROOT in {choice.runner_up, choice.parent}:
            return False
        chosen, other = self.cluster.members[choice.parent], self.cluster.members[choice.runner_up]
        same = bool(chosen.outlet) and chosen.outlet == other.outlet
        return same and chosen.outlet in child.credits and before(chosen.article, other.article)

    def _candidates(self) -> list[list[int]]:
        """For each copy the copies that may be its parent, in the order of the articles' ids."""
        size = len(self.cluster.members)
        if size <= self._settings.maximum_all_pairs:
            return [[u for u in range(size) if u != v] for v in range(size)]
        at = {one.article.id: index for index, one in enumerate(self.cluster.members)}
        by_outlet: dict[str, list[int]] = defaultdict(list)
        for index in sorted(range(size), key=self._age):
            by_outlet[self.cluster.members[index].outlet].append(index)
        hubs = self._hubs(by_outlet)
        readings = self._rare_readings()
        return [self._likeliest(v, at, by_outlet, hubs, readings) for v in range(size)]

    def _age(self, index: int) -> tuple[bool, str, int]:
        published = self.cluster.members[index].article.published
        return (published is None, published.end if published else "", index)

    def _hubs(self, by_outlet: Mapping[str, Sequence[int]]) -> list[int]:
        """Copies that may be anybody's parent: credited, agencies', the earliest, the fullest."""
        few = max(1, self._settings.maximum_candidates // 4)
        members = self.cluster.members
        ranked = sorted(self.cluster.credited.items(), key=lambda item: (-item[1], item[0]))
        hubs = [index for outlet, _ in ranked[:few] for index in by_outlet.get(outlet, ())[:few]]
        hubs.extend([index for outlet in sorted(self.cluster.agencies) for index in by_outlet.get(outlet, ())][:few])
        hubs.extend(sorted(range(len(members)), key=self._age)[:few])
        hubs.extend(sorted(range(len(members)), key=lambda index: (-members[index].words, index))[:2])
        return list(dict.fromkeys(hubs))

    def _rare_readings(self) -> dict[int, list[int]]:
        """Who has each word that only a few copies have."""
        holders: dict[int, list[int]] = defaultdict(list)
        for index, one in enumerate(self.cluster.members):
            for word in _rare_words(one, self._settings.maximum_candidates):
                holders[word].append(index)
        return holders

    def _likeliest(
        self,
        v: int,
        at: Mapping[str, int],
        by_outlet: Mapping[str, Sequence[int]],
        hubs: Sequence[int],
        readings: Mapping[int, Sequence[int]],
    ) -> list[int]:
        most = self._settings.maximum_candidates
        few = max(1, most // 4)
        one = self.cluster.members[v]
        chosen = [index for outlet in sorted(one.credits) for index in by_outlet.get(outlet, ())[:few]]
        targets = sorted({credit.credit.target or "" for credit in one.credits.values()})
        chosen.extend(at[target] for target in targets if target in at)
        agreeing: Counter[int] = Counter()
        for word in _rare_words(one, most):
            agreeing.update(readings[word])
        chosen.extend(index for index, _ in sorted(agreeing.items(), key=lambda item: (-item[1], item[0]))[: few + 1])
        near = [at[document] for _, document in self._ground.partners.get(one.article.id, ()) if document in at]
        chosen.extend(near[: most // 2])
        chosen.extend(hubs)
        kept = [index for index in dict.fromkeys(chosen) if index != v]
        return sorted(kept[:most])


def _rare_words(one: Member, most: int) -> list[int]:
    """The words of a copy that tell the members apart and that at most so many of them have."""
    if one.readings is None:
        return []
    return [int(word) for word in np.unique(one.readings.words[one.readings.holders <= most])]
