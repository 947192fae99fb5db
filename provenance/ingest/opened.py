"""Files that somebody else may change while they are read: what is given is the whole old text or an error."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, TypeVar, cast

from provenance.errors import BinaryInputError, InputError, UnreadableError
from provenance.settings import IngestSettings

_Item = TypeVar("_Item")
_BESIDE: Final = ("-wal", "-shm")
"""What the names of the log and of its index end in, which lie beside a database for as long as it is open."""


def reason(error: OSError | ValueError) -> str:
    """What the operating system says, for a message."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def open_file(where: str, settings: IngestSettings, *, special: bool) -> BinaryIO:
    """A file, unbuffered; of a pipe, once something has come through it.

    Args:
        where: its path.
        settings: how long a pipe is waited for.
        special: whether it may be something else than a regular file: it was named as a pipe or device. A file found
            as such and replaced by a pipe since is not waited for.

    Raises:
        BinaryInputError: it belongs to a database that a program has open.
        UnreadableError: it cannot be opened, is no longer a file, or nothing came.
    """
    if _in_use(where):
        raise BinaryInputError("this belongs to a database in use", where=where, remedy="leave it out")
    try:
        stream = open(where, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except (OSError, ValueError) as error:
        raise UnreadableError(reason(error), where=where, remedy="check the name and the permission") from error
    try:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            _wait(stream.fileno(), where, settings, special=special)
    except BaseException:
        stream.close()
        raise
    return cast("BinaryIO", stream)


def _in_use(where: str) -> bool:
    """Whether it is an SQLite database with its log, or one of the files beside it.

    It may be the one that articles are added to. To open it and close it again would drop the locks that this process
    holds on it, as POSIX has it, and another program could then take its log away.
    """
    base = next((where.removesuffix(end) for end in _BESIDE if where.endswith(end)), where)
    return all(os.path.exists(base + end) for end in ("", *_BESIDE))  # noqa: PTH110 - a third of the cost, for each file


def _without_waiting(path: str, flags: int) -> int:
    # a pipe that nobody writes to would be waited for without end
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _wait(descriptor: int, where: str, settings: IngestSettings, *, special: bool) -> None:
    """Wait for the first bytes of a pipe, or for its end."""
    if not special:
        raise UnreadableError("it is no longer a file", where=where, remedy="run again, or leave it out")
    if sys.platform == "win32":
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    if not poll.poll(settings.pipe_seconds * 1000):
        what = f"nothing came through this pipe in {settings.pipe_seconds:g} seconds"
        raise UnreadableError(what, where=where, remedy="check what writes to it, or raise ingest.pipe_seconds")
    os.set_blocking(descriptor, True)


def unchanged(items: Iterable[_Item], stream: BinaryIO, where: str) -> Iterator[_Item]:
    """Items that are read from a file, as long as nobody else changes it.

    A file that grows, shrinks or is written to shows it by its size or time; one that is replaced or deleted can still
    be read as it was. What comes after the whole file was read is given.

    Args:
        items: what is read, one after the other.
        stream: the file itself, below all buffers; pipes are not looked at.
        where: its name.

    Raises:
        UnreadableError: it was changed, and not all of it had been read before.
    """
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        yield from items
        return
    before = _state(stream)
    size, read = before[0], 0
    iterator = iter(items)
    while True:
        try:
            item, ended = next(iterator), False
        except StopIteration:
            ended = True
        except InputError as error:
            if _state(stream) != before:
                raise _changed(where) from error
            raise
        now = stream.tell()
        # where some is left, what was read last may have been cut short by an end that was none before
        if (now != read or now < size) and _state(stream) != before:
            raise _changed(where)
        if ended:
            return
        read = now
        yield item


def _state(stream: BinaryIO) -> tuple[int, int]:
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns


def _changed(where: str) -> UnreadableError:
    what = "it was changed while it was read"
    return UnreadableError(what, where=where, remedy="add it again when nobody writes to it; what came before is kept")
