"""How far reading is."""

from __future__ import annotations

from typing import BinaryIO


class Meter:
    """The share of the bytes of all files that has been read; packed files count as they lie on the disk."""

    def __init__(self) -> None:
        self._total = 0
        self._done = 0
        self._stream: BinaryIO | None = None

    def expect(self, size: int) -> None:
        """Count in a file of so many bytes that is going to be read."""
        self._total += size

    def begin(self, stream: BinaryIO) -> None:
        """A file is read now, through this stream; how far is not known where it is a pipe."""
        self._stream = stream if stream.seekable() else None

    def end(self, size: int) -> None:
        """That file, of so many bytes, is done with, whether or not it could be used."""
        self._stream = None
        self._done += size

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where no size is known, as of standard input."""
        if not self._total:
            return 0.0
        now = 0 if self._stream is None or self._stream.closed else self._stream.tell()
        return min(1.0, (self._done + now) / self._total)
