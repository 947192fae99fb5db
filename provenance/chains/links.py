"""Links between articles: the decisions on single passages joined into one row for each pair.

An article takes one text from one place: the parent that accounts for most of what it shares is taken for all the
passages which that parent holds too, unless one of them speaks clearly against it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from provenance.chains.circles import circles_of, shortened
from provenance.chains.clusters import Decision, Weighing
from provenance.chains.credit_only import credit_rows
from provenance.chains.evidence import DIRECTIONAL, against, before, coverage, credited_back, describe
from provenance.chains.grounds import Ground, ground
from provenance.chains.implied import implied_rows
from provenance.chains.quotations import quotation_rows
from provenance.chains.silence import marked, silent
from provenance.model import Article, Attribution, Evidence, Link, Match, Passage, Relation, Span
from provenance.settings import ChainSettings


@dataclass(slots=True)
class _Step:
    """One article's text from one held parent, over all passages."""

    child: str
    parent: str
    decisions: list[Decision] = field(default_factory=list)

    @property
    def leading(self) -> Decision:
        """The decision that speaks for the step: of those that chose this parent, the longest passage's."""
        return max(self._own(), key=lambda one: (one.words, one.margin, -one.text))

    def _own(self) -> list[Decision]:
        own = [one for one in self.decisions if one.outcome == "parent" and one.parent == self.parent]
        return own or self.decisions


def link(
    articles: Sequence[Article],
    matches: Sequence[Match],
    passages: Sequence[Passage],
    attributions: Sequence[Attribution],
    settings: ChainSettings,
) -> list[Link]:
    """Infer how articles that share text, and articles and the outlets they credit, stand to each other.

    Args:
        articles: the collection.
        matches: passages shared by two; a family of many copies may have them around one representative only.
        passages: each article's copy of each passage.
        attributions: who the articles say said what.
        settings: weights and thresholds.

    Returns:
        One row for each pair and relation, sorted; the same rows whatever the order of the arguments' items.

    Raises:
        NotFoundError: a match, passage or attribution names an article that is not given.
        ProvenanceError: a passage lies outside its article's text, or two articles carry one id.
    """
    found = ground(articles, matches, passages, attributions, settings)
    quoted = quotation_rows(found.shared, found.articles, found.said, settings, found.articles)
    return sorted([*copy_rows(found, settings), *quoted], key=_order)


def copy_rows(found: Ground, settings: ChainSettings) -> list[Link]:
    """The links of all relations but `quotation`, sorted."""
    return sorted(_Linking(found, settings).rows(), key=_order)


class _Linking:
    def __init__(self, found: Ground, settings: ChainSettings) -> None:
        self._ground = found
        self._settings = settings
        self._weighings = {number: Weighing(number, found, settings) for number in found.texts}
        self._steps: dict[tuple[str, str], _Step] = {}
        self._open: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        self._sources: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        self._takers: dict[tuple[int, str], dict[str, Decision]] = {}
        self._against: dict[tuple[str, str], Evidence] = {}

    def rows(self) -> list[Link]:
        """All links but those of quotations, in no order."""
        by_document: dict[str, list[Decision]] = defaultdict(list)
        for weighing in self._weighings.values():
            for decision in weighing.decisions:
                by_document[decision.document].append(decision)
        for document in sorted(by_document):
            self._join(document, by_document[document])
        self._settle_opposites()
        self._break_circles()
        rows, alike = self._implied()
        rows.extend(self._step_rows())
        rows.extend(self._source_rows())
        self._open_circles()
        rows.extend(row for row in self._open_rows() if row.documents not in alike)
        rows.extend(credit_rows(self._ground, rows, self._settings))
        return rows

    def _join(self, document: str, decisions: Sequence[Decision]) -> None:
        """Join one article's decisions: as few parents as account for all its passages.

        What an article's readings say of a possible parent in one text counts in its other texts too.
        """
        left = [one for one in decisions if one.outcome in {"parent", "undetermined"}]
        pooled = self._pooled(left)
        while True:
            parents = sorted({one.parent for one in left if one.outcome == "parent"})
            if not parents:
                break
            taken = {
                parent: [one for one, scores in zip(left, pooled, strict=True) if self._accounts(parent, one, scores)]
                for parent in parents
            }
            best = max(parents, key=lambda parent: sum(one.words for one in taken[parent]))
            if not taken[best]:
                # each decision has a better parent that no decision chose: they stand as they are
                taken[best] = [one for one in left if one.outcome == "parent" and one.parent == best]
            self._steps[document, best] = _Step(document, best, taken[best])
            rest = [(one, scores) for one, scores in zip(left, pooled, strict=True) if one not in taken[best]]
            left, pooled = [one for one, _ in rest], [scores for _, scores in rest]
        for one in left:
            self._open[document, one.parent].append(one)
        for one in decisions:
            if one.outcome == "source" and one.source is not None:
                self._sources[document, one.source.outlet].append(one)

    def _pooled(self, decisions: Sequence[Decision]) -> list[dict[str, float]]:
        """The scores of each decision with the readings of all of them."""
        most = self._settings.weight_peculiarity * self._settings.maximum_peculiarities
        least = -self._settings.penalty_lacking * self._settings.maximum_lacking
        every: dict[str, float] = defaultdict(float)
        for one in decisions:
            for parent, weight in one.readings.items():
                every[parent] += weight
        return [
            {
                parent: score - one.readings.get(parent, 0.0) + min(most, max(least, every[parent]))
                for parent, score in one.scores.items()
            }
            for one in decisions
        ]

    def _accounts(self, parent: str, decision: Decision, scores: Mapping[str, float]) -> bool:
        if parent not in scores:
            return False
        best = max(scores.values())
        # the best one accounts for it; another does where it is as good as chosen elsewhere
        margin = self._settings.switch_margin if decision.outcome == "parent" else self._settings.minimum_margin
        return scores[parent] == best or scores[parent] > best - margin

    def _settle_opposites(self) -> None:
        """Where two articles had text from each other: the weightier way, or none."""
        for child, parent in sorted(self._steps):
            other = self._steps.get((parent, child))
            if other is None or child > parent:
                continue
            one = self._steps[child, parent]
            forth, back = self._weight(one), self._weight(other)
            self._against[child, parent] = against((child, parent, child), "opposite", back)
            self._against[parent, child] = against((parent, child, parent), "opposite", forth)
            if forth - back >= self._settings.minimum_margin:
                del self._steps[parent, child]
            elif back - forth >= self._settings.minimum_margin:
                del self._steps[child, parent]
            else:
                self._give_up([one, other])

    def _weight(self, step: _Step) -> float:
        words = sum(one.words for one in step.decisions) or 1
        return sum(_finite(one.margin) * one.words for one in step.decisions if one.outcome == "parent") / words

    def _give_up(self, steps: Iterable[_Step]) -> None:
        for step in steps:
            del self._steps[step.child, step.parent]
            self._open[step.child, step.parent].extend(step.decisions)

    def _break_circles(self) -> None:
        """No article may be its own ancestor: the weakest steps of a circle are undetermined."""
        while True:
            circles = circles_of(self._steps)
            if not circles:
                return
            home = {document: place for place, circle in enumerate(circles) for document in circle}
            inside: dict[int, list[_Step]] = defaultdict(list)
            for (child, parent), step in sorted(self._steps.items(), key=lambda item: item[0]):
                if child in home and home[child] == home.get(parent):
                    inside[home[child]].append(step)
            for steps in inside.values():
                weakest = min(_finite(step.leading.margin) for step in steps)
                path = shortened({step.child for step in steps}, self._settings.maximum_evidence)
                for step in steps:
                    self._against[step.child, step.parent] = against(path, "circle", _finite(step.leading.margin))
                self._give_up([step for step in steps if _finite(step.leading.margin) <= weakest])

    def _implied(self) -> tuple[list[Link], set[tuple[str, str]]]:
        """The origins that nobody names, which outweigh steps on readings alone, and the pairs that share one."""
        hard = {pair for pair, step in self._steps.items() if self._is_hard(step)}
        rows, alike = implied_rows(self._weighings, self._ground, hard, self._settings)
        for pair in sorted(self._steps.keys() - hard):
            if _two(*pair) in alike:
                del self._steps[pair]
        return rows, alike

    def _is_hard(self, step: _Step) -> bool:
        """Whether more than likeness and common readings points the arrow."""
        for one in step.decisions:
            at = self._weighings[one.text].at
            if step.parent in at:
                parts = self._weighings[one.text].weighed(at[step.parent], at[step.child]).parts
                if any(parts.get(rule, 0.0) > 0 for rule in DIRECTIONAL - {"peculiarity"}):
                    return True
        return False

    def _step_rows(self) -> list[Link]:
        """The rows of all steps; whom the words may have reached from elsewhere is not told to have copied."""
        rows = []
        for pair in sorted(self._steps):
            step = self._steps[pair]
            row = self._step_row(step)
            if row.relation == "update" and not self._ground.is_version(*pair, self._settings):
                # what an outlet prints in one article it may carry over into another
                del self._steps[pair]
            elif row.relation == "uncredited-copy":
                told = self._told(step, row)
                if told is None:
                    self._give_up([step])
                else:
                    rows.append(told)
            else:
                rows.append(row)
        return rows

    def _told(self, step: _Step, row: Link) -> Link | None:
        """A copy without credit as it may be told; None where the words may have reached both from elsewhere."""
        texts = sorted({one.text for one in step.decisions})
        weighings = [self._weighings[text] for text in texts]
        if not silent(step.child, step.parent, weighings, self._ground, self._settings):
            return None
        mark = marked(step.child, step.parent, texts, self._ground, self._settings)
        if mark is None:
            return replace(row, confidence=min(row.confidence, self._settings.uncredited_confidence))
        if not mark.theirs:
            # the words may be somebody's, and it is not said whose: neither a credit nor a copy in silence
            return None
        shown = self._cut(step.child, mark.span, "marked", 0.0)
        return replace(row, relation="credited-copy", credited=True, evidence=(*row.evidence, shown))

    def _step_row(self, step: _Step) -> Link:
        articles, outlets = self._ground.articles, self._ground.outlets
        child, parent = articles[step.child], articles[step.parent]
        outlet = outlets.of[parent.id]
        credited = any(self._credits_parent(one, parent.id, outlet) for one in step.decisions)
        relation: Relation = "credited-copy" if credited else "uncredited-copy"
        if self._ground.one_house(parent.id, child.id) and not (credited and outlet != outlets.of[child.id]):
            relation = "update"
        leading = step.leading
        said = credited and any(self._credits_words(one, parent.id) for one in step.decisions)
        return Link(
            upstream=parent.id,
            upstream_name=parent.outlet or parent.title or parent.id,
            downstream=child.id,
            relation=relation,
            credited=credited,
            confidence=self._confidence(leading.margin, credited=said, dated=before(parent, child)),
            evidence=self._evidence(step.decisions, step.parent),
            documents=_two(child.id, parent.id),
            clusters=self._clusters(step.decisions, child.id, parent.id),
            margin=_finite(leading.margin),
            runner_up=leading.runner_up,
        )

    def _credits_parent(self, decision: Decision, parent: str, outlet: str) -> bool:
        weighing = self._weighings[decision.text]
        found = weighing.at[decision.document].credits
        if outlet in found or any(item.credit.target == parent for item in found.values()):
            return True
        held = weighing.at.get(parent)
        return held is not None and weighing.weighed(held, weighing.at[decision.document]).credited

    def _credits_words(self, decision: Decision, parent: str) -> bool:
        """Whether a credit of the parent speaks of the copied words, not only of a sentence beside them."""
        weighing = self._weighings[decision.text]
        one, held = weighing.at[decision.document], weighing.at.get(parent)
        outlet = self._ground.outlets.of[parent]
        bearing = [item for key, item in one.credits.items() if key == outlet or item.credit.target == parent]
        if any(item.credit.whole or item.touches(one.spans) for item in bearing):
            return True
        return held is not None and not {"lead-in", "address"}.isdisjoint(weighing.weighed(held, one).parts)

    def _evidence(self, decisions: Sequence[Decision], parent: str) -> tuple[Evidence, ...]:
        """What shows a step, the longest passages first; a rule that speaks for several texts is told once."""
        found: dict[tuple[str, int, int, str], Evidence] = {}
        for decision in sorted(decisions, key=lambda one: (-one.words, one.text)):
            weighing = self._weighings[decision.text]
            one, other = weighing.at[decision.document], weighing.at.get(parent)
            if other is None:
                continue
            weighed = weighing.weighed(other, one)
            shown = self._stretches(decision.text, decision.document, parent, weighed.parts["coverage"])
            shown.extend(describe(weighing.cluster, other, one, weighed))
            if other.credits or other.leads:
                shown.extend(credited_back(weighing.cluster, other, one, weighing.weighed(one, other)))
            for item in shown:
                found.setdefault((item.document, item.start, item.end, item.rule), item)
        return (*found.values(), *self._back(decisions, parent))

    def _back(self, decisions: Sequence[Decision], parent: str) -> list[Evidence]:
        """The steps that lead back to where one between two articles began, within one text or over several."""
        child = decisions[0].document
        known = self._against.get((child, parent))
        found = [known] if known else []
        for decision in decisions:
            circle = self._weighings[decision.text].circles.get(child)
            if circle is not None and circle is self._weighings[decision.text].circles.get(parent):
                found.append(circle.against(child, parent))
        return sorted(found, key=lambda one: one.weight)[:1]

    def _stretches(self, text: int, child: str, parent: str, weight: float) -> list[Evidence]:
        """Both sides of the passages that two articles share in one text, the longest first."""
        found: list[Evidence] = []
        for _, mine, theirs in self._ground.stretches(child, parent, text)[: self._settings.maximum_evidence]:
            found.append(self._cut(child, mine, "coverage", 0.0 if found else weight))
            found.append(self._cut(parent, theirs, "shared", 0.0))
        return found

    def _cut(self, document: str, span: Span, rule: str, weight: float) -> Evidence:
        text = self._ground.articles[document].text[span.start : span.end]
        return Evidence(document, span.start, span.end, text, rule, "text", weight)

    def _clusters(self, decisions: Iterable[Decision], one: str, other: str) -> tuple[int, ...]:
        """The passage clusters of some texts that both articles are in."""
        return tuple(
            sorted({number for decision in decisions for number in self._ground.both(one, other, decision.text)})
        )

    def _confidence(self, margin: float, *, credited: bool, dated: bool) -> float:
        """How often a step with this margin, with or without credit and dates that agree, is right (Platt 1999)."""
        settings = self._settings
        odds = settings.confidence_base + settings.confidence_slope * min(margin, settings.confidence_margin)
        odds += settings.confidence_credited * credited + settings.confidence_dated * dated
        return round(min(1.0 / (1.0 + math.exp(-odds)), settings.maximum_confidence), 4)

    def _source_rows(self) -> list[Link]:
        """Common sources: two or more articles share text and credit one outlet that holds none of it here."""
        rows = []
        for (document, outlet), decisions in sorted(self._sources.items()):
            if any(self._ground.outlets.of[parent] == outlet for child, parent in self._steps if child == document):
                continue
            ordered = sorted(decisions, key=lambda one: (-one.words, -_finite(one.margin), one.text))
            found = next(((one, partner) for one in ordered if (partner := self._sharer(one, outlet))), None)
            if found is not None:
                leading, partner = found
                kept = [one for one in ordered if partner in self._also_from(one.text, outlet)]
                rows.append(self._common_row(document, outlet, kept, leading, partner))
        return rows

    def _sharer(self, decision: Decision, outlet: str) -> str:
        """Another article that had the same text from the same source and shares words with this one; or empty."""
        weighing = self._weighings[decision.text]
        own = weighing.at[decision.document]
        others = [document for document in self._also_from(decision.text, outlet) if document != decision.document]
        for document in others[: self._settings.maximum_candidates]:
            if self._ground.one_house(document, decision.document):
                # what one publisher prints twice may be its own
                continue
            if max(coverage(weighing.at[document], own), coverage(own, weighing.at[document])) >= (
                self._settings.minimum_coverage
            ):
                return document
        return ""

    def _also_from(self, text: int, outlet: str) -> dict[str, Decision]:
        """The articles that had a text from one unseen source, by id."""
        if (text, outlet) not in self._takers:
            self._takers[text, outlet] = {
                one.document: one
                for one in self._weighings[text].decisions
                if one.outcome == "source" and one.source is not None and one.source.outlet == outlet
            }
        return self._takers[text, outlet]

    def _common_row(
        self, document: str, outlet: str, decisions: Sequence[Decision], leading: Decision, partner: str
    ) -> Link:
        evidence: dict[tuple[str, int, int, str], Evidence] = {}
        sure = self._confidence(leading.margin, credited=True, dated=False)
        # it is no surer than that both name the source
        named = [self._weighings[leading.text].at[holder].credits.get(outlet) for holder in (document, partner)]
        sure *= min((one.credit.confidence for one in named if one is not None), default=1.0)
        for one in sorted(decisions, key=lambda one: (-one.words, one.text))[: self._settings.maximum_evidence]:
            for holder in (document, partner):
                copy = self._weighings[one.text].at[holder]
                credit = copy.credits.get(outlet)
                if credit is not None:
                    weight = credit.weight
                    for shown in credit.credit.evidence:
                        item = Evidence(
                            shown.document, shown.start, shown.end, shown.text, "common-credit", shown.where, weight
                        )
                        evidence.setdefault((item.document, item.start, item.end, item.rule), item)
                        weight = 0.0
            for shown in self._stretches(one.text, document, partner, 0.0):
                item = replace(shown, rule="shared")
                evidence.setdefault((item.document, item.start, item.end, item.rule), item)
        name = decisions[0].source.name if decisions[0].source else outlet
        return Link(
            upstream=None,
            upstream_name=name,
            downstream=document,
            relation="common-source",
            credited=True,
            confidence=round(sure, 4),
            evidence=tuple(evidence.values()),
            documents=_two(document, partner),
            clusters=self._clusters(decisions, document, partner),
            margin=_finite(leading.margin),
            runner_up=leading.runner_up,
        )

    def _open_circles(self) -> None:
        """Steps of a circle within one text that the tree left out are told as undetermined, not passed over."""
        for weighing in self._weighings.values():
            circles = {id(circle): circle for circle in weighing.circles.values()}
            steps = dict(step for circle in circles.values() for step in circle.steps)
            for decision in weighing.decisions if steps else ():
                parent = steps.get(decision.document, "")
                known = {(decision.document, parent), (parent, decision.document)}
                if parent and known.isdisjoint(self._steps) and known.isdisjoint(self._open):
                    left = replace(decision, outcome="undetermined", parent=parent, margin=0.0)
                    self._open[decision.document, parent].append(left)

    def _open_rows(self) -> list[Link]:
        """Pairs that share text in an order the evidence does not decide; one row a pair."""
        pairs: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        for (document, other), decisions in self._open.items():
            if other and (document, other) not in self._steps and (other, document) not in self._steps:
                pairs[_two(document, other)].extend(decisions)
        rows = []
        for pair in sorted(pairs):
            decisions = sorted(pairs[pair], key=lambda one: (-one.words, one.text, one.document))
            documents = {one.document for one in decisions}
            downstream = max(pair) if len(documents) > 1 else documents.pop()
            other = pair[0] if downstream == pair[1] else pair[1]
            shown = [one for one in decisions if one.document == downstream]
            margin = min(abs(_finite(one.margin)) for one in decisions)
            credited = any(self._credits_parent(one, other, self._ground.outlets.of[other] or "-") for one in shown)
            articles = self._ground.articles
            likely = self._confidence(margin, credited=credited, dated=before(articles[other], articles[downstream]))
            rows.append(
                Link(
                    upstream=None,
                    upstream_name="",
                    downstream=downstream,
                    relation="undetermined",
                    credited=credited,
                    confidence=round(1.0 - likely, 4),
                    evidence=self._evidence(shown, other),
                    documents=pair,
                    clusters=self._clusters(decisions, *pair),
                    margin=margin,
                    runner_up=other,
                )
            )
        return rows


def _finite(margin: float) -> float:
    """A margin as it is stored: where nothing stood against the choice, a large one."""
    return min(margin, 20.0)


def _two(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _order(row: Link) -> tuple[object, ...]:
    return (row.downstream, row.relation, row.upstream or "", row.upstream_name, row.documents, row.clusters)
