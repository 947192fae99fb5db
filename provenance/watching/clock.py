"""Time, and the wish to stop."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Final

_LONGEST_WAIT: Final = 86_400.0


def _go_on() -> None:
    """Nobody wants to stop."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from.

    Attributes:
        monotonic: seconds that never go back; all waiting goes by them.
        now: seconds since 1970 by the machine's clock, which may be set at any time.
        wait: waits so many seconds; may raise to stop.
        check: called between any two articles; may raise to stop.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep
    check: Callable[[], None] = _go_on


class Stopping:
    """Ctrl-C and SIGTERM as a wish to stop, heard where it does no harm; asked twice, they stop at once.

    Only for the main thread. Stopping is `KeyboardInterrupt` for the one and `SystemExit(0)` for the other.
    """

    def __init__(self) -> None:
        self._asked: int | None = None
        self._before: dict[int, Any] = {}
        self._heard, self._wakeup = socket.socketpair()
        self._wakeup_before = -1

    def __enter__(self) -> Stopping:
        for end in (self._heard, self._wakeup):
            end.setblocking(False)
        # a signal that comes right before the waiting begins would otherwise be slept over
        self._wakeup_before = signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._heard.close()
        self._wakeup.close()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        again = self._asked is not None
        self._asked = number
        if again:
            self.check()

    def check(self) -> None:
        """Stop where that was asked for."""
        if self._asked == signal.SIGINT:
            raise KeyboardInterrupt
        if self._asked is not None:
            raise SystemExit(0)

    def wait(self, seconds: float) -> None:
        """Wait, or stop where that is asked for."""
        self.check()
        select.select([self._heard], [], [], min(max(seconds, 0.0), _LONGEST_WAIT))
        self.check()

    def clock(self) -> Clock:
        """The machine's time, with waiting that ends where stopping is asked for."""
        return Clock(wait=self.wait, check=self.check)
