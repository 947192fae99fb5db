"""Circles of steps, against reachability worked out the plain way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.circles import circles_of

NAMES = st.sampled_from("abcdefg")


@given(st.sets(st.tuples(NAMES, NAMES), max_size=16))
def test_articles_are_in_one_circle_if_each_is_reached_from_the_other(steps: set[tuple[str, str]]) -> None:
    reached = set(steps)
    while more := {(a, d) for a, b in reached for c, d in reached if b == c} - reached:
        reached |= more
    found = circles_of(steps)
    for one in "abcdefg":
        for two in "abcdefg":
            together = any({one, two} <= circle for circle in found)
            if one != two:
                assert together == ((one, two) in reached and (two, one) in reached)


def test_a_line_has_no_circle() -> None:
    assert circles_of([("b", "a"), ("c", "b")]) == []
