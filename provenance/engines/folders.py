"""Folders for what is written down for other processes, gone at the end, and those that killed runs left behind."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from provenance.errors import StoreError

PREFIX: Final = "provenance-work-"
_LOCK: Final = "lock"
"""A file in each folder, locked by the process that made the folder: the lock ends with it, however that ends."""


@contextlib.contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder for temporary files, removed afterwards; those that killed runs left are removed before.

    Raises:
        StoreError: there is no room for it, or no folder to make it in.
    """
    _remove_left()
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError as error:
        raise no_room(error, tempfile.gettempdir()) from error
    held = None
    try:
        try:
            held = _hold(folder)
        except OSError as error:
            raise no_room(error, os.fspath(folder)) from error
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def out_of_space(error: OSError) -> bool:
    """Whether it says that a file cannot grow: the disk is full, or a quota or limit of size is reached.

    NumPy raises an error without a number where an array is not written as a whole.
    """
    return error.errno in {None, errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}


def no_room(error: OSError, where: str) -> StoreError:
    """That temporary files cannot be written, as an error that names the remedy."""
    what = f"temporary files cannot be written: {(error.strerror or str(error)).lower()}"
    remedy = "free space there, or name another folder in TMPDIR, and run again; what was committed is kept"
    return StoreError(what, where=where, remedy=remedy)


def _remove_left() -> None:
    """Remove the folders of processes that ended without doing so: nobody holds their locks any more."""
    if sys.platform == "win32":
        return
    # one that goes in the meantime, or is somebody else's, is not ours to remove
    with contextlib.suppress(OSError):
        for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_LOCK}"):
            with contextlib.suppress(OSError):
                if lock.lstat().st_uid == os.geteuid() and not _is_held(lock):
                    shutil.rmtree(lock.parent, ignore_errors=True)


if sys.platform == "win32":

    def _hold(folder: Path) -> int | None:
        del folder

else:
    import fcntl

    def _hold(folder: Path) -> int | None:
        """Lock a folder for as long as the descriptor given stays open."""
        # locked under another name: whoever finds the file under its own finds it locked
        new = folder / f"{_LOCK}.new"
        descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(folder / _LOCK)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _is_held(lock: Path) -> bool:
        descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)
