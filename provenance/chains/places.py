"""Where shared passages stand, and which passage clusters are parts of one text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provenance.model import Passage, Span

Places = dict[int, dict[str, list[Span]]]
"""Number of a text or passage cluster to article id to the stretches of the article that are its copies."""

_OVERLAPS_COMPARED = 64
"""Passages over one place that a further one is compared with; more tell nothing new and would cost a square."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The passages of some articles, looked up by cluster and by article.

    Attributes:
        running: passage clusters of running text; furniture is left out.
        quoted: passage clusters, or copies in them, that are quoted speech only.
        texts: shared texts, each by the number of its first passage cluster.
        text_of: passage cluster to the text it is part of.
        texts_of: article id to the texts it is in.
    """

    running: Places
    quoted: Places
    texts: Places
    text_of: dict[int, int]
    texts_of: dict[str, tuple[int, ...]]


def shared(passages: Iterable[Passage]) -> Shared:
    """Sort out passages; the same whatever their order."""
    running, quoted = _places(passages)
    texts, text_of = _texts(running)
    texts_of: dict[str, list[int]] = defaultdict(list)
    for number, copies in texts.items():
        for document in copies:
            texts_of[document].append(number)
    found = {document: tuple(numbers) for document, numbers in texts_of.items()}
    return Shared(running, quoted, texts, text_of, found)


def _places(passages: Iterable[Passage]) -> tuple[Places, Places]:
    text: Places = defaultdict(lambda: defaultdict(list))
    quoted: Places = defaultdict(lambda: defaultdict(list))
    for passage in passages:
        if passage.kind == "quotation":
            quoted[passage.cluster][passage.document].append(passage.span)
        elif passage.kind != "furniture":
            text[passage.cluster][passage.document].append(passage.span)
    # in a mixed cluster those that print the words as running text hold the quotation too
    for number, copies in text.items():
        if number in quoted:
            for document, spans in copies.items():
                quoted[number][document].extend(spans)
    return _sorted(text), _sorted(quoted)


def _sorted(places: Mapping[int, Mapping[str, list[Span]]]) -> Places:
    return {
        number: {document: sorted(set(spans)) for document, spans in sorted(places[number].items())}
        for number in sorted(places)
        if len(places[number]) > 1
    }


def _texts(running: Places) -> tuple[Places, dict[int, int]]:
    """Join passage clusters whose copies overlap by half of the shorter in some article."""
    parent = {number: number for number in running}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    stretches: dict[str, list[tuple[Span, int]]] = defaultdict(list)
    for number, copies in running.items():
        for document, spans in copies.items():
            stretches[document].extend((span, number) for span in spans)
    for every in stretches.values():
        every.sort()
        reach: list[tuple[Span, int]] = []
        for span, number in every:
            reach = [item for item in reach if item[0].end > span.start][-_OVERLAPS_COMPARED:]
            for other, known in reach:
                shared = min(span.end, other.end) - span.start
                if 2 * shared >= min(len(span), len(other)):
                    one, two = sorted((root(number), root(known)))
                    parent[two] = one
            reach.append((span, number))
    texts: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for number in sorted(running):
        for document, spans in running[number].items():
            texts[root(number)][document].extend(spans)
    joined = {
        number: {document: _union(spans) for document, spans in sorted(copies.items())}
        for number, copies in sorted(texts.items())
    }
    return joined, {number: root(number) for number in running}


def _union(spans: Iterable[Span]) -> list[Span]:
    """Spans with those joined that overlap, sorted."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
