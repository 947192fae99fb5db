"""One program at a time changes a collection.

A stage reads articles, works on them for minutes or hours, and then writes what it found. Were articles changed in
between by another program, offsets would be those of other texts, and results be called complete that are not. SQLite
locks single transactions; this lock is held from the first thing read to the last thing written. Readers do without.

It is a lock of the operating system on a file of its own beside the database (`NAME-turn`), so that it is gone with
the process that holds it, however that ends. The database itself must not be opened for it: closing the file would
drop SQLite's own locks.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar, cast

from provenance.errors import LockedDatabaseError
from provenance.settings import StoreSettings
from provenance.store.opening import unusable

_Method = TypeVar("_Method", bound=Callable[..., Any])
_LONGEST_NUMBER: Final = 20
_WAITING: Final = "waiting for another program"


class Turn:
    """The right to change one database; one object for each connection.

    Args:
        path: the database.
        settings: how long to wait.
    """

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        self._database = path
        self._file = path.with_name(f"{path.name}-turn")
        self._settings = settings
        self._depth = 0

    @contextlib.contextmanager
    def taken(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold it; within itself this does nothing.

        Args:
            waiting: called once where another program has it.

        Raises:
            LockedDatabaseError: another program had it for longer than `StoreSettings.turn_seconds`.
            StoreError: the folder cannot be written to, or its disk is full.
        """
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        descriptor = self._wait(waiting)
        self._depth = 1
        try:
            yield
        finally:
            self._depth = 0
            self._give_back(descriptor)

    def _wait(self, waiting: Callable[[], None] | None) -> int:
        deadline = time.monotonic() + self._settings.turn_seconds
        while True:
            descriptor = self._try()
            if descriptor is not None:
                return descriptor
            if waiting is not None:
                waiting()
                waiting = None
            if time.monotonic() >= deadline:
                holder = self._holder()
                what = f"another program{holder} is changing this collection"
                remedy = "run again when it is done, or have it waited for longer: turn_seconds under [store]"
                raise LockedDatabaseError(what, where=str(self._database), remedy=remedy)
            time.sleep(self._settings.retry_seconds)

    def _try(self) -> int | None:
        """The file, open and locked; None where another program has it."""
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except OSError as error:
            raise unusable(error, self._file) from error
        try:
            if not (_lock(descriptor) and self._in_place(descriptor)):
                os.close(descriptor)
                return None
        except OSError as error:
            os.close(descriptor)
            raise unusable(error, self._file) from error
        # for people who look for who it is; on a full disk it stays empty
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        return descriptor

    def _in_place(self, descriptor: int) -> bool:
        """Whether the file locked is still the one of that name: who had it before may have removed it."""
        try:
            named = self._file.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(named, os.fstat(descriptor))

    def _give_back(self, descriptor: int) -> None:
        # removed while it is locked: who opened it before sees that it is gone and makes a new one. Windows does not
        # remove an open file, where it stays behind, empty.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            self._file.unlink()
        os.close(descriptor)

    def _holder(self) -> str:
        try:
            number = self._file.read_text(encoding="ascii", errors="replace")[:_LONGEST_NUMBER].strip()
        except OSError:
            return ""
        return f" (process {number})" if number.isdecimal() else ""


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            # far behind what is written: a range locked there cannot be read by others
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class _Keeping(Protocol):
    """What works on a store."""

    store: Any


def in_turn(method: _Method) -> _Method:
    """A method of an object with a `store`, during which no other program changes that store (`Store.working`).

    Where the method is given `progress`, it is told that another program is waited for.
    """

    @wraps(method)
    def working(owner: _Keeping, *given: Any, **named: Any) -> Any:
        progress = next((one for one in (named.get("progress"), *given) if callable(one)), None)
        with owner.store.working(None if progress is None else lambda: progress(_WAITING, 0.0)):
            return method(owner, *given, **named)

    return cast("_Method", working)
