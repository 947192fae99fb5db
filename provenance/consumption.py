"""What this process has used of the machine: processor time and memory.

The system counts both for a process from its start on, and for the processes it started from when they end.
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

if sys.platform != "win32":
    import resource


class Bytes(int):
    """An amount of memory: a number for programs, mebibytes where it is shown."""

    def __str__(self) -> str:
        return f"{self / (1 << 20):,.0f} MiB"


class Peak(NamedTuple):
    """Most memory held at a time; None where the system does not tell.

    Attributes:
        own: by this process.
        children: by the largest of the processes that it started and that have ended.
    """

    own: Bytes | None
    children: Bytes | None


def cpu_seconds() -> float:
    """Processor time of this process, with that of the processes it started where the system tells (not Windows)."""
    spent = time.process_time()
    if sys.platform != "win32":
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent += children.ru_utime + children.ru_stime
    return spent


def peak() -> Peak:
    """Most memory that this process, and any process it started, held at a time."""
    if sys.platform == "win32":
        return Peak(None, None)
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # getrusage(2): kibibytes, on macOS bytes
    unit = 1 if sys.platform == "darwin" else 1024
    return Peak(Bytes(own * unit), Bytes(children * unit) if children else None)
