"""Memory: Python's collector of reference cycles stopped for a while, and free memory given back to the system."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def without_collector() -> Iterator[None]:
    """Lists of many small records are made twice as fast without the collector looking for cycles they do not have.

    At the end what they took is given back (`give_back`).
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
        give_back()


def give_back() -> None:
    """Give memory that nobody uses back to the system, so that the next stage does not come on top of this one.

    glibc keeps what is freed between blocks still in use; other C libraries give it back of themselves.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - a hundredth of a second at start-up

    # another C library has no such function
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
