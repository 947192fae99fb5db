"""What links rest on: the records of articles that share text, sorted and looked up by article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from provenance.chains.evidence import days_between
from provenance.chains.names import Outlets, by_id
from provenance.chains.places import Places, Shared, shared
from provenance.chains.surroundings import Surroundings, surroundings
from provenance.chains.unseen import Credit, check_documents, collect_credits
from provenance.chains.wording import Wording
from provenance.errors import ProvenanceError
from provenance.model import Article, Attribution, Match, Passage, Source, Span
from provenance.settings import ChainSettings


@dataclass(frozen=True, slots=True)
class Ground:
    """What links rest on, sorted and looked up by article.

    Attributes:
        shared: where their passages stand.
        clusters_of: article id to the passage clusters it is in.
        matched: pair of articles, both ways round, to the cluster and stretches of each passage they were found to
            share, the first article's stretch first.
        wording: the words of all articles that share text.
    """

    articles: dict[str, Article]
    outlets: Outlets
    credits: dict[str, tuple[Credit, ...]]
    attributions: dict[str, tuple[Attribution, ...]]
    agencies: frozenset[str]
    shared: Shared
    clusters_of: dict[str, frozenset[int]]
    matched: dict[tuple[str, str], list[tuple[int, Span, Span]]]
    partners: dict[str, list[tuple[int, str]]]
    wording: Wording

    @property
    def texts(self) -> Places:
        """The shared texts, each by the number of its first passage cluster."""
        return self.shared.texts

    def said(self, document: str) -> tuple[Attribution, ...]:
        """The attributions of an article by place in the text."""
        return self.attributions.get(document, ())

    def elsewhere(self, document: str, text: int) -> list[Span]:
        """Where the other texts stand that an article shares with anybody."""
        texts = self.shared.texts
        return [span for other in self.shared.texts_of[document] if other != text for span in texts[other][document]]

    def everywhere(self, document: str) -> list[Span]:
        """Where an article shares running text with anybody: its passages, and matches that reach beyond them."""
        spans = {span for text in self.shared.texts_of[document] for span in self.shared.texts[text][document]}
        for _, other in self.partners.get(document, ()):
            spans.update(span for _, span, _ in self.matched[document, other])
        return sorted(spans)

    def one_house(self, one: str, other: str) -> bool:
        """Whether two articles are one publisher's, by their outlets' names or by the site that they stand on."""
        outlets = self.outlets
        if outlets.one_site(one, other):
            return True
        if not outlets.of[one] or outlets.of[one] != outlets.of[other]:
            return False
        # a guest's columns on two papers' sites are no versions by one outlet
        return not (outlets.sites.get(one) and outlets.sites.get(other) and outlets.writes_for_others(outlets.of[one]))

    def is_version(self, one: str, other: str, settings: ChainSettings) -> bool:
        """Whether two articles of one house tell one story, by the text they share and the days between them."""
        spans = [
            span
            for text in self.shared.texts_of[one]
            if other in self.shared.texts[text]
            for _, span, _ in self.stretches(one, other, text)
        ]
        shorter = min(len(self.wording.of(document).words) for document in (one, other))
        share = len(self.wording.of(one).within(spans)) / max(1, shorter)
        near = days_between(self.articles[one], self.articles[other]) <= settings.update_days
        return share >= (settings.update_text if near else settings.house_update_share)

    def stretches(self, one: str, other: str, text: int) -> list[tuple[int, Span, Span]]:
        """The stretches that two articles share in one text: cluster, stretch of the one, stretch of the other."""
        clusters = self.both(one, other, text)
        found = [item for item in self.matched.get((one, other), ()) if item[0] in clusters]
        if not found:
            # copies of one passage that were only compared with a third one
            running = self.shared.running
            found = [(number, running[number][one][0], running[number][other][0]) for number in clusters]
        return sorted(found, key=lambda item: (-len(item[1]), item))

    def both(self, one: str, other: str, text: int) -> list[int]:
        """The passage clusters of a text that two articles are in, sorted."""
        return sorted(
            number for number in self.clusters_of[one] & self.clusters_of[other] if self.shared.text_of[number] == text
        )


def ground(
    articles: Iterable[Article],
    matches: Iterable[Match],
    passages: Iterable[Passage],
    attributions: Iterable[Attribution],
    settings: ChainSettings,
    around: Surroundings | None = None,
) -> Ground:
    """Sort out the records.

    Args:
        articles: a collection, or all articles of it that share text with one of them.
        matches: the matches among these articles.
        passages: the passages of these articles.
        attributions: the attributions of these articles.
        settings: weights and thresholds.
        around: what is known of the whole collection; worked out where the articles are all of it.

    Raises:
        NotFoundError: a record names an unknown article.
        ProvenanceError: a passage lies outside its article's text, or two articles carry one id.
    """
    held = by_id(articles)
    said: dict[str, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        said[attribution.document].append(attribution)
    check_documents(held, said, "an attribution")
    ordered = {document: tuple(in_text_order(said[document])) for document in sorted(said)}
    around = around or surroundings(held.values(), agencies_named(ordered))
    passages = list(passages)
    _check_places(held, passages)
    found = shared(passages)
    clusters_of: dict[str, set[int]] = defaultdict(set)
    for number, copies in found.running.items():
        for document in copies:
            clusters_of[document].add(number)
    matched: dict[tuple[str, str], list[tuple[int, Span, Span]]] = defaultdict(list)
    for match in matches:
        check_documents(held, (match.a, match.b), "a match")
        if match.cluster in found.running and match.kind in {"copy", "passage"}:
            matched[match.a, match.b].append((match.cluster, match.a_span, match.b_span))
            matched[match.b, match.a].append((match.cluster, match.b_span, match.a_span))
    partners: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (one, other), every in matched.items():
        partners[one].append((-sum(len(span) for _, span, _ in every), other))
    made = (one for every in ordered.values() for one in every)
    return Ground(
        articles=held,
        outlets=around.outlets,
        credits=collect_credits(held, made, around.outlets, settings, around.by_address),
        attributions=ordered,
        agencies=around.agencies,
        shared=found,
        clusters_of={document: frozenset(numbers) for document, numbers in clusters_of.items()},
        matched=dict(matched),
        partners={document: sorted(every) for document, every in partners.items()},
        wording=Wording(held, found.texts_of),
    )


def agencies_named(said: Mapping[str, Iterable[Attribution]]) -> Iterator[tuple[str, Source]]:
    """Every source that an attribution calls a news agency, with the article that does."""
    for document, attributions in said.items():
        for attribution in attributions:
            for source in attribution.chain:
                if source.kind == "agency":
                    yield document, source


def _check_places(articles: Mapping[str, Article], passages: Iterable[Passage]) -> None:
    for passage in passages:
        check_documents(articles, (passage.document,), "a passage")
        if not 0 <= passage.span.start < passage.span.end <= len(articles[passage.document].text):
            raise ProvenanceError(
                f"passage {passage.span.start}:{passage.span.end} of cluster {passage.cluster} lies outside the text",
                where=passage.document,
                remedy="detect passages again",
            )


_ATTITUDE: Final = "attitude"
"""The kind of attribution that no link and no chain rests on."""


def in_text_order(attributions: Iterable[Attribution]) -> list[Attribution]:
    """One article's attributions by place in the text, in a total order, without attitudes.

    What somebody hopes, wants or is expected to do is no statement that could have come from anybody.
    """
    placed = sorted(((_start(one), one) for one in attributions if one.kind != _ATTITUDE), key=itemgetter(0))
    found: list[Attribution] = []
    for _, group in groupby(placed, key=itemgetter(0)):
        together = [one for _, one in group]
        if len(together) > 1:
            together.sort(key=attribution_order)
        found.extend(together)
    return found


def _start(attribution: Attribution) -> int:
    starts = [span.start for span in attribution.content]
    starts += [shown.start for shown in attribution.evidence]
    return min(starts) if starts else 0


def attribution_order(attribution: Attribution) -> tuple[object, ...]:
    """A total order of one article's attributions, by place in the text."""
    shown = tuple((one.start, one.end, one.text) for one in attribution.evidence)
    chain = tuple((source.name, source.kind) for source in attribution.chain)
    return (
        _start(attribution),
        attribution.content,
        shown,
        attribution.scope,
        attribution.kind,
        attribution.rule,
        chain,
    )
