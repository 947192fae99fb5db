"""Circles: articles each of which seems to have its text, over others, from itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


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
