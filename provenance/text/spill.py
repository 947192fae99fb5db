"""Arrays that grow: kept in memory as long as they fit in, in files of a folder from there on.

A file is read back as an array mapped into memory, so that whoever reads it need not know. The pages that were read
count as this process's memory until `Spill.release` gives them back; they stay in the system's cache, which it empties
as it needs room.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from provenance.errors import StoreError

Number = TypeVar("Number", np.int32, np.int64, np.uint64)

_BLOCK = 1 << 21
"""Numbers kept together while a column grows: many small pieces would leave holes in memory that nothing else fits in.
It decides no result."""


class Spill:
    """How much memory growing arrays may take together, and where they go beyond that.

    Args:
        limit: bytes; None for no limit.
        folder: gives the folder for the files, and is called once, when the first one is needed. Whoever gives it
            removes it.
    """

    def __init__(self, limit: int | None = None, folder: Callable[[], Path] | None = None) -> None:
        self.limit = limit if folder is not None else None
        self._give = folder
        self._folder: Path | None = None
        self._held = 0
        self._files = 0
        self._mapped: dict[Path, mmap.mmap] = {}

    @property
    def room(self) -> int | None:
        """Bytes that are left; None where there is no limit."""
        return None if self.limit is None else max(0, self.limit - self._held)

    def take(self, size: int) -> bool:
        """Count some bytes as held, if they fit in."""
        if self.limit is not None and self._held + size > self.limit:
            return False
        self._held += size
        return True

    def give_back(self, size: int) -> None:
        """Count some bytes as held no longer."""
        self._held -= size

    def path(self) -> Path:
        """A name for a new file."""
        if self._folder is None:
            if self._give is None:
                raise StoreError("no folder was given for temporary files")
            self._folder = self._give()
        self._files += 1
        return self._folder / f"column-{self._files}.bin"

    def map(self, path: Path) -> mmap.mmap:
        """A file's bytes, mapped into memory until it is forgotten."""
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mapped[path] = mapped
        return mapped

    def file_of(self, array: npt.NDArray[Number]) -> Path | None:
        """The file that an array is mapped from as a whole; None where it is in memory."""
        base: object = array
        while isinstance(base, np.ndarray):
            base = base.base
        mapped = base.obj if isinstance(base, memoryview) else base
        whole = next((path for path, each in self._mapped.items() if each is mapped), None)
        return whole if whole is not None and whole.stat().st_size == array.nbytes else None

    def forget(self, path: Path) -> None:
        """Remove a file."""
        self._mapped.pop(path, None)
        # a system that does not let go of a mapped file keeps it until the folder is removed
        with suppress(OSError):
            path.unlink()

    def release(self) -> None:
        """Give back the memory of what was read from files; it is read again when it is asked for."""
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in self._mapped.values():
                mapped.madvise(mmap.MADV_DONTNEED)


class Column(Generic[Number]):
    """Numbers that are added to at the end.

    Args:
        kind: of number.
        spill: where they go that do not fit into memory.
        block: numbers kept together.
    """

    def __init__(self, kind: type[Number], spill: Spill, block: int = _BLOCK) -> None:
        self._kind: type[Number] = kind
        self._spill = spill
        self._size = block
        self._blocks: list[npt.NDArray[Number]] = []
        self._room = 0
        self._held = 0
        self._path: Path | None = None
        self._file: IO[bytes] | None = None

    def extend(self, piece: npt.NDArray[Number]) -> None:
        """Add numbers at the end.

        Raises:
            StoreError: they do not fit into memory, and the folder has no room for them.
        """
        while len(piece):
            if not self._room:
                self._begin_block()
            taken = min(len(piece), self._room)
            at = self._size - self._room
            self._blocks[-1][at : at + taken] = piece[:taken]
            self._room -= taken
            piece = piece[taken:]

    def _begin_block(self) -> None:
        size = self._size * np.dtype(self._kind).itemsize
        if self._path is None and self._spill.take(size):
            self._held += size
        elif self._blocks:
            # The blocks so far go into the file, and the last of them is filled anew.
            self._write(self._blocks)
            self._spill.give_back(self._held)
            self._held = 0
            self._blocks = self._blocks[-1:]
            self._room = self._size
            return
        self._blocks.append(np.empty(self._size, dtype=self._kind))
        self._room = self._size

    def _write(self, blocks: list[npt.NDArray[Number]]) -> None:
        if self._path is None:
            self._path = self._spill.path()
        try:
            if self._file is None:
                self._file = self._path.open("xb", buffering=0)
            for block in blocks:
                left = block.data.cast("B")
                while len(left):
                    left = left[self._file.write(left) :]
        except OSError as error:
            what = f"temporary files cannot be written: {(error.strerror or str(error)).lower()}"
            remedy = "free space there, or name another folder in TMPDIR, and run again; what was committed is kept"
            raise StoreError(what, where=str(self._path.parent), remedy=remedy) from error

    def whole(self) -> npt.NDArray[Number]:
        """All numbers; nothing can be added then.

        Raises:
            StoreError: the folder has no room for what does not fit into memory.
        """
        if self._blocks:
            self._blocks[-1] = self._blocks[-1][: self._size - self._room]
        if self._path is None:
            whole = np.concatenate([np.zeros(0, dtype=self._kind), *self._blocks])
            self._blocks, self._room = [], 0
            return whole
        self._write(self._blocks)
        self._blocks, self._room = [], 0
        if self._file is not None:
            self._file.close()
            self._file = None
        return np.frombuffer(self._spill.map(self._path), dtype=self._kind)

    def drop(self) -> None:
        """Forget the numbers: their memory or their file. No array that `whole` gave is read any more."""
        self._blocks, self._room = [], 0
        self._spill.give_back(self._held)
        self._held = 0
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._path is not None:
            self._spill.forget(self._path)
            self._path = None
