"""Which parent each copy of a passage has, and how sure that is.

Every copy points to its best parent or to the unseen root. Where that makes no cycle it is the answer; where it does,
the heaviest tree is found by contracting cycles (Chu and Liu 1965, Edmonds 1967), which touches nothing outside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROOT = -1


@dataclass(frozen=True, slots=True)
class Choice:
    """The parent of one copy.

    Attributes:
        parent: index of the parent, or `ROOT`.
        score: log-odds of the choice.
        margin: log-odds by which it beats the next best parent that makes no cycle.
        runner_up: that next best one (`ROOT` for the unseen root), or None where there is none.
        direction: log-odds by which the step beats the same step turned round; infinite for the root.
    """

    parent: int
    score: float
    margin: float
    runner_up: int | None
    direction: float


@dataclass(slots=True)
class _Edge:
    score: float
    tail: int
    head: int


@dataclass(slots=True)
class _Level:
    best: dict[int, int]
    edges: dict[int, dict[int, _Edge]]
    cycles: dict[int, list[int]]
    entered: dict[tuple[int, int], int]


def arborescence(incoming: Sequence[Mapping[int, float]]) -> list[int]:
    """The heaviest tree in which every node has a parent or hangs on `ROOT`.

    Args:
        incoming: for each node its possible parents and their scores; each must have `ROOT` among them.

    Returns:
        The parent of each node. Ties go to the lower index, `ROOT` first.
    """
    edges = {node: {u: _Edge(score, u, node) for u, score in tails.items()} for node, tails in enumerate(incoming)}
    fresh = len(incoming)
    levels: list[_Level] = []
    best = {node: _best(tails) for node, tails in edges.items()}
    cycles = _cycles(best)
    while cycles:
        level = _Level(best, edges, {fresh + i: cycle for i, cycle in enumerate(cycles)}, {})
        fresh += len(cycles)
        edges = _contract(level)
        levels.append(level)
        best = {node: _best(tails) for node, tails in edges.items()}
        cycles = _cycles(best)
    chosen = {node: edges[node][tail] for node, tail in best.items()}
    for level in reversed(levels):
        for cycle, members in level.cycles.items():
            edge = chosen.pop(cycle)
            entry = level.entered[edge.tail, edge.head]
            for member in members:
                chosen[member] = edge if member == entry else level.edges[member][level.best[member]]
    return [chosen[node].tail for node in range(len(incoming))]


def naive_circles(incoming: Sequence[Mapping[int, float]]) -> list[list[int]]:
    """The circles that the best parents make before any tree is sought.

    Args:
        incoming: as for `arborescence`.

    Returns:
        Circles of two or more nodes, each followed by its best parent and the last one's best parent the first.
    """
    return _cycles({node: min(tails, key=lambda u: (-tails[u], u)) for node, tails in enumerate(incoming)})


def _best(tails: Mapping[int, _Edge]) -> int:
    return min(tails, key=lambda u: (-tails[u].score, tails[u].tail))


def _cycles(best: Mapping[int, int]) -> list[list[int]]:
    """The cycles of a graph in which every node points to one other."""
    seen: dict[int, int] = {}
    found: list[list[int]] = []
    for start in best:
        path: list[int] = []
        node = start
        while node != ROOT and node not in seen:
            seen[node] = start
            path.append(node)
            node = best[node]
        if node != ROOT and seen[node] == start and node in path:
            found.append(path[path.index(node) :])
    return found


def _contract(level: _Level) -> dict[int, dict[int, _Edge]]:
    """The graph with each cycle as one node; entering it at a member costs the member's own best edge."""
    home = {member: cycle for cycle, members in level.cycles.items() for member in members}
    found: dict[int, dict[int, _Edge]] = {}
    for node, tails in level.edges.items():
        target = home.get(node, node)
        kept = level.edges[node][level.best[node]].score if node in home else 0.0
        into = found.setdefault(target, {})
        for tail, edge in tails.items():
            source = home.get(tail, tail)
            if source == target:
                continue
            level.entered[edge.tail, edge.head] = node
            score = edge.score - kept
            known = into.get(source)
            if known is None or (-score, edge.tail, edge.head) < (-known.score, known.tail, known.head):
                into[source] = _Edge(score, edge.tail, edge.head)
    return found


def decide(incoming: Sequence[Mapping[int, float]], score: Callable[[int, int], float | None]) -> list[Choice]:
    """The parent of every node with its margins.

    Args:
        incoming: as for `arborescence`.
        score: log-odds of the step from one node (or `ROOT`) to another, also for steps not listed in `incoming`;
            None where that step is impossible.

    Returns:
        One choice a node.
    """
    parents = arborescence(incoming)
    enter, leave = _tour(parents)
    choices = []
    for node, parent in enumerate(parents):
        others = [
            (weight, -u, u)
            for u, weight in incoming[node].items()
            if u != parent and (u == ROOT or not enter[node] <= enter[u] < leave[node])
        ]
        own = incoming[node][parent]
        top = max(others, default=None)
        margin = own - top[0] if top else float("inf")
        turned = _turned(node, parents, score)
        choices.append(Choice(parent, own, margin, top[2] if top else None, turned))
    return choices


def _turned(node: int, parents: Sequence[int], score: Callable[[int, int], float | None]) -> float:
    parent = parents[node]
    if parent == ROOT:
        return float("inf")
    above = parents[parent]
    back, again = score(node, parent), score(above, node)
    forth, first = score(parent, node), score(above, parent)
    if back is None or again is None or forth is None or first is None:
        return float("inf")
    return forth + first - back - again


def _tour(parents: Sequence[int]) -> tuple[list[int], list[int]]:
    """Entry and exit times of each node in a walk of the tree: a node's descendants lie between its two."""
    children: list[list[int]] = [[] for _ in parents]
    stack = []
    for node, parent in enumerate(parents):
        if parent == ROOT:
            stack.append((node, False))
        else:
            children[parent].append(node)
    enter, leave = [0] * len(parents), [0] * len(parents)
    clock = 0
    while stack:
        node, done = stack.pop()
        if done:
            leave[node] = clock
            continue
        enter[node] = clock
        clock += 1
        stack.append((node, True))
        stack.extend((child, False) for child in children[node])
    return enter, leave
