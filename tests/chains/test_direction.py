from __future__ import annotations

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains.direction import ROOT, arborescence, decide


def total(incoming, parents):
    return sum(incoming[node][parent] for node, parent in enumerate(parents))


def is_tree(parents):
    for start in range(len(parents)):
        node, steps = start, 0
        while node != ROOT:
            node, steps = parents[node], steps + 1
            if steps > len(parents):
                return False
    return True


def best_by_trying_all(incoming):
    options = [sorted(tails) for tails in incoming]
    return max(total(incoming, chosen) for chosen in itertools.product(*options) if is_tree(chosen))


@st.composite
def graphs(draw):
    size = draw(st.integers(1, 6))
    incoming = []
    for node in range(size):
        tails = {ROOT: draw(st.integers(-3, 3))}
        for other in range(size):
            if other != node and draw(st.booleans()):
                tails[other] = draw(st.integers(-4, 9))
        incoming.append({u: float(score) for u, score in tails.items()})
    return incoming


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_tree_is_as_heavy_as_the_best_found_by_trying_all(incoming):
    parents = arborescence(incoming)
    assert is_tree(parents)
    assert math.isclose(total(incoming, parents), best_by_trying_all(incoming))


def test_nested_circles_are_resolved():
    incoming = [
        {ROOT: 0.0, 1: 9.0},
        {ROOT: 0.0, 0: 9.0, 3: 8.0},
        {ROOT: 0.0, 3: 9.0},
        {ROOT: 1.0, 2: 9.0, 0: 8.0},
    ]
    parents = arborescence(incoming)
    assert is_tree(parents)
    assert total(incoming, parents) == best_by_trying_all(incoming)


def test_a_long_chain_needs_no_recursion():
    size = 5000
    incoming = [{ROOT: -3.0, **({node - 1: 4.0} if node else {})} for node in range(size)]
    choices = decide(incoming, lambda u, v: incoming[v].get(u))
    assert [choice.parent for choice in choices] == [ROOT, *range(size - 1)]


def test_ties_go_to_the_lower_index():
    incoming = [{ROOT: 0.0}, {ROOT: -9.0, 0: 1.0, 2: 1.0}, {ROOT: -9.0, 0: 1.0}]
    assert arborescence(incoming) == [ROOT, 0, 0]


def test_the_margin_is_to_the_next_parent_that_makes_no_circle():
    incoming = [{ROOT: 0.0, 1: 3.0}, {ROOT: -2.0, 0: 5.0}, {ROOT: -3.0, 0: 4.0, 1: 3.5}]
    choices = decide(incoming, lambda u, v: incoming[v].get(u))
    assert [choice.parent for choice in choices] == [ROOT, 0, 0]
    assert (choices[2].margin, choices[2].runner_up) == (0.5, 1)
    assert choices[1].runner_up == ROOT
    assert choices[0].runner_up is None
    assert choices[0].margin == math.inf


def test_two_steps_alike_both_ways_have_no_direction():
    incoming = [{ROOT: 0.0, 1: 3.0}, {ROOT: 0.0, 0: 3.0}]
    choices = decide(incoming, lambda u, v: incoming[v].get(u))
    assert choices[1].parent == 0
    assert choices[1].direction == 0.0


def test_a_step_that_cannot_be_turned_round_has_a_sure_direction():
    incoming = [{ROOT: 0.0}, {ROOT: 0.0, 0: 3.0}]
    choices = decide(incoming, lambda u, v: incoming[v].get(u))
    assert choices[1].direction == math.inf
