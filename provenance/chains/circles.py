"""Circles: articles each of which seems to have its text, over others, from itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from provenance.chains.evidence import against
from provenance.model import Evidence


@dataclass(frozen=True, slots=True)
class Circle:
    """Copies of one text whose best parents lead round.

    Attributes:
        documents: ids of the articles, each of which seems to have the text from the next.
        weakest: log-odds by which the two weakest steps beat a source not held, each with its child, ascending.
        shown: the ids in order; of many the first.
    """

    documents: tuple[str, ...]
    weakest: tuple[tuple[float, str], ...]
    shown: tuple[str, ...]

    @classmethod
    def of(cls, strengths: Mapping[str, float], most: int) -> Circle:
        """A circle of articles in order.

        Args:
            strengths: each article to the log-odds by which its step to the next beats a source not held.
            most: ids that are listed at most.
        """
        weakest = nsmallest(2, ((strength, document) for document, strength in strengths.items()))
        return cls(tuple(strengths), tuple(weakest), shortened(strengths, most))

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each article with the one that it seems to have the text from."""
        return list(zip(self.documents, (*self.documents[1:], self.documents[0]), strict=True))

    def against(self, child: str, parent: str) -> Evidence:
        """What does not go together with a step between two of them: the steps that lead back to its child."""
        back = next(strength for strength, document in self.weakest if document != child)
        if len(self.documents) == 2:
            return against((child, parent, child), "opposite", back)
        return against(self.shown, "circle", back)


def shortened(documents: Iterable[str], most: int) -> tuple[str, ...]:
    """Ids in order, of more than `most` the first and an ellipsis."""
    ordered = sorted(documents)
    return (*ordered[:most], "…") if len(ordered) > most else tuple(ordered)


def circles_of(steps: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Strongly connected parts of more than one article (Tarjan 1972, without recursion).

    Args:
        steps: pairs of an article and the one it had text from.
    """
    up: dict[str, list[str]] = defaultdict(list)
    for child, parent in sorted(steps):
        up[child].append(parent)
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on: set[str] = set()
    found: list[set[str]] = []
    for start in sorted(up):
        if start in number:
            continue
        walk = [(start, iter(up[start]))]
        number[start] = low[start] = len(number)
        stack.append(start)
        on.add(start)
        while walk:
            node, parents = walk[-1]
            for parent in parents:
                if parent not in number:
                    number[parent] = low[parent] = len(number)
                    stack.append(parent)
                    on.add(parent)
                    walk.append((parent, iter(up.get(parent, ()))))
                    break
                if parent in on:
                    low[node] = min(low[node], number[parent])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == number[node]:
                    part = set()
                    while True:
                        one = stack.pop()
                        on.discard(one)
                        part.add(one)
                        if one == node:
                            break
                    if len(part) > 1:
                        found.append(part)
    return found
