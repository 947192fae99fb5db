"""Alignment spread over processes of this machine, with the passages that one process gives, in their order.

The candidates are parted where one pair of texts ends and the next begins; this process takes the first share and each
other one a further share. The processes are plain subprocesses of the same interpreter (see `engines.processes`) that
read the words' hashes from a file mapped into memory, so that nothing large is sent, and leave what they found in
another. They get no signal from Ctrl-C and end when this process does.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from provenance.engines.folders import no_room, out_of_space, working_folder
from provenance.errors import ProvenanceError
from provenance.reuse.alignment import Aligned, align_all
from provenance.reuse.candidates import Runs
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words

IndexArray = npt.NDArray[np.int64]
Found = tuple[int, int, list[Aligned]]
"""The number of the lower text, that of the higher one, and the passages they share."""

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from provenance.engines.aligning import main; main(*sys.argv[1:])"
)
_WINDOWS_OWN_GROUP: Final = 0x200
"""`subprocess.CREATE_NEW_PROCESS_GROUP`, which only Windows has."""
_SETTINGS: Final = "settings.json"
_NO_ROOM: Final = 74
"""The status with which a process ends that cannot write down what it found; `EX_IOERR` of sysexits.h."""
_REMEDY: Final = "run again; if it happens again, set processes = 1 under [engine]"
_log = logging.getLogger(__name__)


def align_spread(
    words: Words,
    runs: Runs,
    settings: ReuseSettings,
    *,
    processes: int,
    least: int,
    file_of: Callable[[HashArray], Path | None] = lambda _: None,
) -> Generator[Found, None, None]:
    """What `reuse.alignment.align_all` gives, by several processes.

    Close the iterator, or go through it, and the other processes are gone.

    Args:
        words: of the collection.
        runs: its candidates.
        settings: the thresholds.
        processes: how many, this one included.
        least: with fewer candidates than this (`EngineSettings.spread_candidates`) this process aligns them all.
        file_of: tells the file that the words' hashes are mapped from, if they are; it is not written again.

    Raises:
        StoreError: there is no room for temporary files.
        ProvenanceError: a process could not be started, or ended before it was done.
    """
    shares = parted(words, runs, processes) if len(runs.candidates) > least else []
    if len(shares) < 2:
        yield from align_all(words, runs, settings)
        return
    with working_folder() as folder, contextlib.ExitStack() as stack:
        try:
            _write(folder, words, runs, settings, file_of(words.hashes))
            workers = [stack.enter_context(_Worker(folder, *share)) for share in shares[1:]]
        except OSError as error:
            if out_of_space(error):
                raise no_room(error, os.fspath(folder)) from error
            what = f"alignment cannot be spread over processes: {error.strerror or error}"
            raise ProvenanceError(what, where=os.fspath(folder), remedy="set processes = 1 under [engine]") from error
        yield from align_all(words, _part(runs, *shares[0]), settings)
        for worker in workers:
            yield from worker.found()


def parted(words: Words, runs: Runs, shares: int) -> list[tuple[int, int]]:
    """First and last (exclusive) candidate of shares of about as many runs, none of which parts a pair of texts."""
    firsts = runs.candidates[:-1]
    text_a = words.bounds.searchsorted(runs.a[firsts], side="right")
    text_b = words.bounds.searchsorted(runs.b[firsts], side="right")
    begins = np.flatnonzero((text_a[1:] != text_a[:-1]) | (text_b[1:] != text_b[:-1])) + 1
    wanted = np.arange(1, shares) * len(runs.a) // max(1, shares)
    near = np.searchsorted(firsts[begins], wanted)
    cuts = np.unique(begins[near[near < len(begins)]]).tolist()
    edges = [0, *cuts, len(firsts)]
    return [(first, last) for first, last in pairwise(edges) if first < last]


def _part(runs: Runs, first: int, last: int) -> Runs:
    """Some candidates in a row."""
    low, high = int(runs.candidates[first]), int(runs.candidates[last])
    candidates = runs.candidates[first : last + 1] - low
    return Runs(runs.a[low:high], runs.b[low:high], runs.lengths[low:high], candidates)


def _write(folder: Path, words: Words, runs: Runs, settings: ReuseSettings, hashes: Path | None) -> None:
    arrays: dict[str, npt.NDArray[Any]] = {"bounds": words.bounds}
    if hashes is None:
        arrays["hashes"] = words.hashes
    arrays.update({entry.name: getattr(runs, entry.name) for entry in dataclasses.fields(runs)})
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    told = {"settings": dataclasses.asdict(settings), "hashes": None if hashes is None else os.fspath(hashes)}
    (folder / _SETTINGS).write_text(json.dumps(told), encoding="utf-8")


def _read(folder: Path) -> tuple[Words, Runs, ReuseSettings]:
    def array(name: str) -> npt.NDArray[Any]:
        # as a plain array: slices of a mapped one take many times as long
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))

    told = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    file = told["hashes"]
    hashes = array("hashes") if file is None else np.asarray(np.memmap(file, dtype=np.uint64, mode="r"))
    nowhere = np.zeros(0, dtype=np.int32)
    words = Words(nowhere, nowhere, hashes, array("bounds"))
    runs = Runs(*(array(entry.name) for entry in dataclasses.fields(Runs)))
    return words, runs, ReuseSettings(**told["settings"])


class _Worker:
    """One process that aligns one share; a context manager, at whose end it is gone."""

    def __init__(self, folder: Path, first: int, last: int) -> None:
        self._result = folder / f"{first}.npy"
        self._errors = folder / f"{first}.err"
        # a group of its own: Ctrl-C is this process's to handle
        own: dict[str, Any] = (
            {"creationflags": _WINDOWS_OWN_GROUP} if sys.platform == "win32" else {"start_new_session": True}
        )
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, a constant, our folder and numbers
                [sys.executable, "-c", _START, str(folder), str(first), str(last)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                **own,
            )
        fields = {"process": self._process.pid, "work": "alignment", "first": first, "last": last}
        message = "process %(process)d started for %(work)s of candidates %(first)d to %(last)d"
        _log.debug(message, fields, extra={"event": "process-started"})
        with contextlib.suppress(OSError):
            # One that is gone already is noticed by its status.
            self._input.write(json.dumps(sys.path).encode() + b"\n")
            self._input.flush()

    @property
    def _input(self) -> IO[bytes]:
        if self._process.stdin is None:  # pragma: no cover - for the type checker
            raise ValueError
        return self._process.stdin

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with contextlib.suppress(OSError):
            self._input.close()
        self._process.wait()

    def found(self) -> Iterator[Found]:
        """What it found, once it is done.

        Raises:
            StoreError: there was no room for what it found.
            ProvenanceError: it ended before.
        """
        status = self._process.wait()
        if status == _NO_ROOM:
            raise no_room(OSError("what a process found does not fit"), os.fspath(self._result.parent))
        try:
            packed = np.load(self._result, allow_pickle=False) if status == 0 else None
        except (OSError, ValueError):
            packed = None
        if packed is None:
            said = self._errors.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
            what = f"a process that aligns passages ended (status {status}{': ' + said if said else ''})"
            raise ProvenanceError(what, remedy=_REMEDY)
        yield from unpack(packed)


def pack(found: Iterable[Found]) -> IndexArray:
    """Passages as one array of numbers: counts first, then a row for each pair of texts, passage and block."""
    pairs: list[int] = []
    passages: list[int] = []
    blocks: list[int] = []
    for text_a, text_b, aligned in found:
        pairs += (text_a, text_b, len(aligned))
        for one in aligned:
            passages += (one.a, one.a_end, one.b, one.b_end, one.equal, len(one.blocks))
            for block in one.blocks:
                blocks += block
    return np.array([len(pairs), len(passages), *pairs, *passages, *blocks], dtype=np.int64)


def unpack(packed: IndexArray) -> Iterator[Found]:
    """The passages that `pack` was given."""
    pair_numbers, passage_numbers = packed[:2].tolist()
    pairs = packed[2 : 2 + pair_numbers].tolist()
    passages = iter(packed[2 + pair_numbers : 2 + pair_numbers + passage_numbers].tolist())
    blocks = iter(packed[2 + pair_numbers + passage_numbers :].tolist())
    rows = zip(passages, passages, passages, passages, passages, passages, strict=True)
    triples = zip(blocks, blocks, blocks, strict=True)
    for text_a, text_b, count in zip(pairs[::3], pairs[1::3], pairs[2::3], strict=True):
        found = []
        for _ in range(count):
            a, a_end, b, b_end, equal, size = next(rows)
            found.append(Aligned(a, a_end, b, b_end, equal, tuple([next(triples) for _ in range(size)])))
        yield text_a, text_b, found


def main(folder: str, first: str, last: str) -> None:
    """Align one share, in a process of its own, and leave what is found in the folder."""
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    words, runs, settings = _read(Path(folder))
    found = align_all(words, _part(runs, int(first), int(last)), settings)
    packed = pack(found)
    try:
        np.save(Path(folder) / f"{first}.npy", packed, allow_pickle=False)
    except OSError as error:
        # its words might not fit on the disk either
        sys.exit(_NO_ROOM if out_of_space(error) else 1)


def _end_with_the_other() -> None:
    """Wait for the end of the input, which is the end of the process that started this one."""
    # not through `sys.stdin`, whose lock a thread must not hold when the interpreter ends
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
