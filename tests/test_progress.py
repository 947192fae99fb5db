"""The progress line: which stage, how much of the whole is done, how long is left."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from provenance import Corpus, progress
from provenance.progress import COSTS, REWORDINGS, Estimate, ProgressLine, in_words
from provenance.settings import ReuseSettings, Settings

ARTICLES = Path(__file__).parent.parent / "examples" / "harbour" / "articles"
STAGES = list(COSTS)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_run_tells_only_stages_whose_cost_is_known_and_in_their_order(tmp_path: Path) -> None:
    told: list[str] = []
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.run([ARTICLES], progress=lambda stage, _share: told.append(stage))
    stages = list(dict.fromkeys(told))
    assert stages == [stage for stage in STAGES if stage != REWORDINGS]


def test_a_run_that_looks_for_rewordings_tells_that_stage_too(tmp_path: Path) -> None:
    told: set[str] = set()
    with Corpus(tmp_path / "a.db", Settings(reuse=ReuseSettings(sensitivity="rewritten"))) as corpus:
        corpus.run([ARTICLES], progress=lambda stage, _share: told.add(stage))
    assert told == set(STAGES)


@pytest.mark.parametrize("stage", ["reading articles", "aligning passages", "reading attributions"])
def test_long_stages_tell_shares_that_rise_and_stay_within_bounds(tmp_path: Path, stage: str) -> None:
    shares: list[float] = []
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.run([ARTICLES], progress=lambda name, share: shares.append(share) if name == stage else None)
    assert shares == sorted(shares)
    assert 0.0 < shares[-1] <= 1.0


def test_nothing_is_foretold_before_anything_is_known() -> None:
    estimate = Estimate(clock=Clock())
    assert estimate.left() is None
    estimate.tell(STAGES[0], 0.0)
    assert estimate.left() is None
    assert estimate.done() == 0.0


def test_a_run_that_costs_what_the_table_says_is_foretold_exactly() -> None:
    clock = Clock()
    estimate = Estimate(without={REWORDINGS}, clock=clock)
    costs = {stage: cost for stage, cost in COSTS.items() if stage != REWORDINGS}
    left = sum(costs.values()) * 3
    for stage, cost in costs.items():
        estimate.tell(stage, 0.0)
        clock.now += cost * 3 / 2
        estimate.tell(stage, 0.5)
        if cost * 3 / 2 >= 2.0 or stage != STAGES[0]:
            assert estimate.left() == pytest.approx(left - cost * 3 / 2)
        clock.now += cost * 3 / 2
        left -= cost * 3
        estimate.tell(stage, 1.0)
    assert estimate.left() == pytest.approx(0.0, abs=1e-6)
    assert estimate.done() == pytest.approx(1.0)


def test_a_stage_with_a_share_is_timed_by_its_own_pace() -> None:
    clock = Clock()
    estimate = Estimate(without=set(STAGES) - {"reading articles"}, clock=clock)
    estimate.tell("reading articles", 0.0)
    clock.now += 30
    estimate.tell("reading articles", 0.25)
    assert estimate.left() == pytest.approx(90.0)


def test_stages_with_nothing_to_do_are_not_waited_for() -> None:
    clock = Clock()
    estimate = Estimate(without={REWORDINGS}, clock=clock)
    estimate.tell("reading articles", 0.0)
    clock.now += COSTS["reading articles"]
    estimate.tell("reading attributions", 0.0)
    assert estimate.left() == pytest.approx(COSTS["reading attributions"] + COSTS["linking"])


def test_an_unknown_stage_counts_by_its_own_share_alone() -> None:
    clock = Clock()
    estimate = Estimate(without=set(STAGES) - {"reading attributions", "linking"}, clock=clock)
    estimate.tell("reading attributions", 0.0)
    clock.now += COSTS["reading attributions"]
    assert estimate.tell("polishing", 0.0)
    clock.now += 50
    assert estimate.left() == pytest.approx(COSTS["linking"])
    estimate.tell("polishing", 0.5)
    assert estimate.left() == pytest.approx(50 + COSTS["linking"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*STAGES, "another"]),
            st.floats(min_value=0, max_value=1),
            st.floats(min_value=0, max_value=1e4),
        ),
        max_size=30,
    )
)
def test_whatever_is_told_the_share_done_never_falls_and_time_left_is_no_debt(
    told: list[tuple[str, float, float]],
) -> None:
    clock = Clock()
    estimate = Estimate(clock=clock)
    last = 0.0
    for stage, share, seconds in told:
        estimate.tell(stage, share)
        clock.now += seconds
        left, done = estimate.left(), estimate.done()
        assert left is None or left >= 0.0
        assert last <= done <= 1.0
        last = done


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.0, "a few seconds left"),
        (14.0, "about 10 s left"),
        (89.0, "about 90 s left"),
        (100.0, "about 2 min left"),
        (5400.0, "about 1 h 30 min left"),
    ],
)
def test_time_left_in_words(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words


def test_short_work_shows_nothing() -> None:
    out = io.StringIO()
    with ProgressLine(Console(file=out, force_terminal=True)) as line:
        line.show("reading articles", 0.5)
    assert out.getvalue() == ""


def test_a_stage_that_tells_no_share_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_DELAY", 0.0)
    shown = threading.Event()

    class Out(io.StringIO):
        def write(self, text: str) -> int:
            if "joining fingerprints" in text:
                shown.set()
            return super().write(text)

    out = Out()
    with ProgressLine(Console(file=out, force_terminal=True, width=100)) as line:
        line.show("joining fingerprints", 0.0)
        assert shown.wait(10)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
