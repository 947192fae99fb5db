"""A progress line on standard error: the stage, how much of the whole is done, and how long is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.text import Text

_DELAY: Final = 1.0
"""Seconds of work after which the line appears; shorter work needs none."""
_FIRST_SHARE: Final = 0.02
_FIRST_SECONDS: Final = 2.0
"""Share of a stage and time in it below which its own pace says nothing: models are loaded first."""

_ROOM_FOR_BAR: Final = 80
"""Columns that the stage, the bar, the time so far and the time left take together, with the longest names."""

READING: Final = "reading articles"
REWORDINGS: Final = "looking for rewordings"

COSTS: Final[dict[str, float]] = {
    READING: 5.0,
    "reading words": 1.5,
    "finding whole copies": 0.6,
    "joining fingerprints": 0.5,
    "aligning passages": 1.8,
    REWORDINGS: 36.0,
    "gathering copies": 0.5,
    "storing passages": 1.0,
    "reading attributions": 12.0,
    "linking": 3.5,
}
"""The stages of a run in their order, and how long each takes in U.

Measured by `benchmarks/whole_run.py` on thousands of news articles, on two cores. Only the proportions matter: they
tell how much is left behind the stage that runs. A stage that shows its share is timed by that, and one that shows none
by these proportions.
"""


class Estimate:
    """How much of a run is done and how long is left, from the stages so far and the known costs of the others.

    Args:
        without: stages that will not run.
        clock: seconds from any moment.
    """

    def __init__(self, without: Collection[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        self._costs = {stage: cost for stage, cost in COSTS.items() if stage not in without}
        self._clock = clock
        self._began = self._stage_began = clock()
        self._stage = ""
        self._share = 0.0
        self._spent = 0.0
        self._paid = 0.0
        self._ahead = sum(self._costs.values())
        self._shown = 0.0

    def tell(self, stage: str, share: float) -> bool:
        """Note that a stage is at a share of its work, 0 where that is not known; whether the stage is a new one."""
        new = stage != self._stage
        if new:
            now = self._clock()
            if self._stage in self._costs:
                self._spent += now - self._stage_began
                self._paid += self._costs[self._stage]
            self._stage, self._stage_began = stage, now
            if stage in self._costs:
                # stages passed over have nothing to do this time
                names = list(self._costs)
                behind = names[names.index(stage) + 1 :]
                # and of two that take turns neither comes anew
                self._ahead = min(self._ahead, sum(self._costs[each] for each in behind))
        self._share = share
        return new

    def left(self) -> float | None:
        """Seconds until the run is done; None where nothing tells yet."""
        here = self._clock() - self._stage_began
        cost = self._costs.get(self._stage, 0.0)
        if self._share >= _FIRST_SHARE and here >= _FIRST_SECONDS:
            whole = here / self._share
            pace = (self._spent + whole) / (self._paid + cost) if cost else self._pace()
        else:
            pace = self._pace()
            whole = cost * (pace or 0.0)
        if pace is None:
            return None
        return max(0.0, whole - here) + pace * self._ahead

    def _pace(self) -> float | None:
        """Seconds that one unit of cost has taken so far."""
        return self._spent / self._paid if self._paid else None

    def done(self) -> float:
        """The share of the run that is done, 0 to 1; it never falls."""
        left = self.left()
        spent = self._clock() - self._began
        if left is not None and spent + left > 0:
            self._shown = max(self._shown, spent / (spent + left))
        return self._shown


def in_words(seconds: float | None) -> str:
    """How long is left, as coarse as it is known."""
    if seconds is None:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(seconds / 10) * 10} s left"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"about {minutes} min left"
    return f"about {minutes // 60} h {minutes % 60} min left"


class _Bar(ProgressColumn):
    def __init__(self, estimate: Estimate) -> None:
        super().__init__()
        self._estimate = estimate

    def render(self, task: Task) -> ProgressBar:  # noqa: ARG002 - rich's signature
        return ProgressBar(total=1.0, completed=self._estimate.done(), width=30)


class _Left(ProgressColumn):
    def __init__(self, estimate: Estimate) -> None:
        super().__init__()
        self._estimate = estimate

    def render(self, task: Task) -> Text:  # noqa: ARG002 - rich's signature
        return Text(in_words(self._estimate.left()))


class ProgressLine:
    """Shows the stage that runs, once the work has taken over a second.

    Args:
        out: where to; a terminal.
        without: stages of `COSTS` that will not run.
    """

    def __init__(self, out: Console, without: Collection[str] = ()) -> None:
        self._estimate = Estimate(without)
        # one line, however narrow the window: the bar goes first
        drawn = [_Bar(self._estimate), TimeElapsedColumn()] if out.width >= _ROOM_FOR_BAR else []
        self._progress = Progress(
            TextColumn("{task.description}"),
            *drawn,
            _Left(self._estimate),
            console=out,
            transient=True,
        )
        self._task = self._progress.add_task("", total=1.0)
        self._lock = threading.Lock()
        self._ended = False
        # a stage that shows no share may be the one that runs when the line is due
        self._due = threading.Timer(_DELAY, self._start)
        self._due.daemon = True

    def __enter__(self) -> ProgressLine:
        self._due.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._due.cancel()
        with self._lock:
            self._ended = True
            if self._progress.live.is_started:
                self._progress.stop()

    def _start(self) -> None:
        with self._lock:
            if not self._ended:
                self._progress.start()

    def show(self, stage: str, share: float) -> None:
        """Say that a stage is at a share of its work, 0 to 1; 0 where that is not known."""
        if self._estimate.tell(stage, share):
            self._progress.update(self._task, description=stage)
