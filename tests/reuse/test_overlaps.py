"""Overlaps against comparing every stretch with every other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.reuse.overlaps import Overlaps, shared_words

stretches = st.tuples(st.integers(0, 400), st.integers(1, 300)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=150)
@given(st.lists(stretches, max_size=25), stretches)
def test_meets_what_a_plain_loop_finds(spans: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    overlaps = Overlaps()
    assert [overlaps.add(span) for span in spans] == list(range(len(spans)))
    expected = [
        (number, len(set(range(*span)) & set(range(*asked))))
        for number, span in enumerate(spans)
        if set(range(*span)) & set(range(*asked))
    ]
    assert overlaps.meeting(asked) == expected
    assert [overlaps[number] for number in range(len(overlaps))] == spans


def test_touching_is_not_meeting() -> None:
    overlaps = Overlaps()
    overlaps.add((10, 64))
    assert overlaps.meeting((64, 70)) == []
    assert overlaps.meeting((63, 70)) == [(0, 1)]
    assert shared_words((0, 5), (7, 9)) == 0
