"""Figures in tellings of a claim: those that several share, and those that rival ("40 tonnes" against "400 tonnes")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provenance.chains.tellings import sentence_spans, stem
from provenance.model import Article, Evidence, Span
from provenance.settings import ChainSettings

_FIGURE = re.compile(
    r"(?<![\w.,])(\d{1,15}(?:[., \u00a0\u202f]\d{3}){0,4}(?:[.,]\d{1,2})?)(?![\w]|[.,]\d)"
    r"(?:[\s\u00a0-]{1,2}(\w{2,30}))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in tellings of a claim.

    Attributes:
        value: its digits, without separators.
        unit: the word behind it, or empty.
        documents: the tellings that have it, sorted.
        evidence: one place in each of them.
    """

    value: str
    unit: str
    documents: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def figures(text: str, span: Span) -> list[tuple[str, str, Span]]:
    """The figures in a stretch of text: digits without separators, the word behind them, and the place.

    Single digits and what looks like a year are left out.
    """
    found = []
    for hit in _FIGURE.finditer(text, span.start, span.end):
        value = re.sub(r"[^\d.,]", "", hit.group(1))
        value = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", value)
        year = len(value) == 4 and value.isdigit() and 1900 <= int(value) <= 2100
        if len(value) > 1 and not year:
            found.append((value, (hit.group(2) or "").casefold(), Span(*hit.span(1))))
    return found


def compare_figures(
    articles: Mapping[str, Article], tellings: Mapping[str, Sequence[Span]], settings: ChainSettings
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Figures that several tellings share, most shared first, and figures of one unit in which tellings differ.

    Two tellings differ in a unit where neither has any of the other's figures of that unit, with whatever unit.

    Args:
        articles: the collection.
        tellings: article id to where it tells the claim.
        settings: how many sentences around a telling are read.
    """
    values: dict[str, dict[str, Evidence]] = defaultdict(dict)
    units: dict[str, dict[str, dict[str, Evidence]]] = defaultdict(lambda: defaultdict(dict))
    every: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for document in sorted(tellings):
        text = articles[document].text
        for near in _around(text, tellings[document], settings.figure_sentences):
            for value, unit, span in figures(text, near):
                item = Evidence(document, span.start, span.end, text[span.start : span.end], "figure")
                values[value].setdefault(document, item)
                every[document].add(value)
                if unit:
                    written.setdefault(stem(unit), unit)
                    units[stem(unit)][document].setdefault(value, item)
    shared = [_figure(value, "", holders) for value, holders in values.items() if len(holders) > 1]
    rival = [figure for unit, holders in units.items() for figure in _rivals(written[unit], holders, every)]
    shared.sort(key=lambda one: (-len(one.documents), one.value))
    rival.sort(key=lambda one: (one.unit, one.value))
    return tuple(shared), tuple(rival)


def _figure(value: str, unit: str, holders: Mapping[str, Evidence]) -> Figure:
    documents = tuple(sorted(holders))
    return Figure(value, unit, documents, tuple(holders[document] for document in documents))


def _rivals(unit: str, holders: Mapping[str, Mapping[str, Evidence]], every: Mapping[str, set[str]]) -> list[Figure]:
    at_odds: set[str] = set()
    for one, mine in holders.items():
        for other, theirs in holders.items():
            if one < other and not mine.keys() & every[other] and not theirs.keys() & every[one]:
                at_odds |= mine.keys() | theirs.keys()
    by_value: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for document, found in holders.items():
        for value in found.keys() & at_odds:
            by_value[value][document] = found[value]
    return [_figure(value, unit, by_value[value]) for value in sorted(by_value)]


def _around(text: str, spans: Sequence[Span], sentences: int) -> list[Span]:
    """The sentences in some spans and so many before and behind each, without repetition."""
    units = sentence_spans(text)
    wanted: set[int] = set()
    for span in spans:
        inside = [index for index, unit in enumerate(units) if unit.overlaps(span)]
        if inside:
            wanted.update(range(max(0, inside[0] - sentences), min(len(units), inside[-1] + sentences + 1)))
    return [units[index] for index in sorted(wanted)]
