"""Lines of a text in a terminal: where they are, and breaking long ones to the window."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

_AT_ONCE: Final = 100
"""Lines printed at a time: rich takes the first line off what is printed, and copies the rest, until none is left."""


def lines_of(text: str) -> list[tuple[int, int]]:
    """Where the lines of a text are, without their ends; of empty lines behind each other the first two."""
    found, at = list[tuple[int, int]](), 0
    for line in text.splitlines(keepends=True):
        if line.strip("\r\n") or [last - first for first, last in found[-2:]] != [0, 0]:
            found.append((at, at + len(line.rstrip("\r\n"))))
        at += len(line)
    return found


def printed(out: Console, text: Text) -> None:
    """Print a text of any length as `out.print` does, in time that grows as the text does."""
    lines = iter(text.wrap(out, out.width))
    while some := list(islice(lines, _AT_ONCE)):
        out.print(Text("\n").join(some), no_wrap=True, overflow="ignore", crop=True)
