"""A progress line on standard error: the stage, how much of it is done, and for how long it has run."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_DELAY: Final = 1.0
"""Seconds of work after which the line appears; shorter work needs none."""


class ProgressLine:
    """Shows the stage that runs, once the work has taken over a second."""

    def __init__(self, out: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=out,
            transient=True,
        )
        self._began = time.monotonic()
        self._task = self._progress.add_task("", total=None)
        self._stage = ""
        self._started = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._started:
            self._progress.stop()

    def show(self, stage: str, share: float) -> None:
        """Say that a stage is at a share of its work, 0 to 1; 0 where that is not known."""
        if not self._started:
            if time.monotonic() - self._began < _DELAY:
                return
            self._progress.start()
            self._started = True
        total = 1.0 if share > 0 else None
        if stage != self._stage:
            self._stage = stage
            self._progress.reset(self._task, total=total, description=stage)
        self._progress.update(self._task, completed=share, total=total)
