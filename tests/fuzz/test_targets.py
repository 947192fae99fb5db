"""A few hundred random cases for every target; `benchmarks/fuzz.py` runs them by the hundred thousand.

Two kinds of cases: changed seeds, the same in every run, and what hypothesis makes of the pieces that readers look for.
"""

from __future__ import annotations

import random

import pytest
from fuzz import mutated
from fuzz_seeds import seeds, words
from fuzz_targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = {"collection": 6, "html": 60, "attributions": 150, "claim": 100, "views": 200, "gzip": 100, "feed": 150}
"""Cases of targets that take longer than most."""

pieces = st.one_of(
    st.sampled_from(words()),
    st.binary(max_size=8),
    st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace")),
)
"""What cases are put together from."""


@pytest.mark.parametrize("target", TARGETS)
def test_changed_seeds_break_no_promise(target: str) -> None:
    chance = random.Random(target)
    pool, inserted = seeds(target), words()
    for case in pool:
        TARGETS[target](case)
    for _ in range(CASES.get(target, 400)):
        case = mutated(pool, inserted, chance)
        try:
            TARGETS[target](case)
        except Exception as error:
            raise AssertionError(f"{target}: {case!r}") from error


@pytest.mark.parametrize("target", sorted(TARGETS.keys() - {"collection", "html", "claim"}))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=30).map(b"".join))
def test_pieces_put_together_break_no_promise(target: str, case: bytes) -> None:
    TARGETS[target](case)
