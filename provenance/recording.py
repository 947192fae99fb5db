"""The record of a run: what was asked, what came of it, how long it took and what it used.

    with recording(corpus, "nightly") as run:
        corpus.run(["news"])
        run.count(mails=3)

The calls of `Corpus` that work record themselves; within such a block they belong to its record. A record is begun when
the work begins and completed when it ends, so that of a run that was killed it is known that it began. It is never a
reason to fail: where it cannot be written, the log says so. The same is told to the log while it happens.
"""

from __future__ import annotations

import dataclasses
import inspect
import logging
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import wraps
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from provenance.consumption import cpu_seconds, peak
from provenance.errors import LockedDatabaseError, ProvenanceError, StoreError
from provenance.reports import AddReport
from provenance.settings import Settings
from provenance.store import RunRow, Store
from provenance.store.records import RunOutcome
from provenance.version import VERSION

Progress = Callable[[str, float], None]
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Counts(dict[str, int]):
    """Numbers of anything, by name."""

    def __str__(self) -> str:
        return ", ".join(f"{number:,} {name}" for name, number in self.items() if number) or "nothing"


class Collection(Protocol):
    """What is recorded of: a `Corpus`."""

    store: Store
    settings: Settings

    @property
    def made_by(self) -> tuple[str, str]:
        """The number of the method, and the name of the engine."""


_RUNNING: Final[WeakKeyDictionary[Any, Recording]] = WeakKeyDictionary()
"""The record that is being made of a collection's work."""


class Recording:
    """The record of one run while it goes on.

    Args:
        corpus: the collection.
        command: what the run is called.
    """

    def __init__(self, corpus: Collection, command: str) -> None:
        method, engine = corpus.made_by
        self._store = corpus.store
        self._began, self._cpu = time.perf_counter(), cpu_seconds()
        self._counts = Counts()
        self._stages: dict[str, float] = {}
        self.stage, self._stage_began = "", self._began
        self._row = RunRow(
            number=0,
            command=command,
            begun=_now(),
            version=VERSION,
            method=method,
            engine=engine,
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            settings=differing(corpus.settings),
        )

    # while it goes on -------------------------------------------------------------------------------------------

    def count(self, **numbers: int) -> None:
        """Add numbers of anything to the record's counts."""
        for name, number in numbers.items():
            self._counts[name] = self._counts.get(name, 0) + number

    def told(self, progress: Progress) -> Progress:
        """The same callback, which takes the stages' times as well."""
        if isinstance(progress, _Told) and progress.run is self:
            return progress
        return _Told(self, progress)

    def took(self, result: object) -> None:
        """Count what one call of `Corpus` did."""
        if isinstance(result, int):
            # only `remove` answers with a number
            self.count(removed=result)
        if not isinstance(result, AddReport):
            return
        self.count(**dataclasses.asdict(result.counts), skipped=len(result.errors))
        for error in result.errors:
            fields = {"where": error.where, "what": error.what, "remedy": error.remedy}
            _log.warning("skipped: %(where)s: %(what)s", fields, extra={"event": "input-skipped"})

    def enter(self, stage: str) -> None:
        """A stage begins, and with it the one before ends; "" for none."""
        now = time.perf_counter()
        if self.stage:
            spent = now - self._stage_began
            self._stages[self.stage] = self._stages.get(self.stage, 0.0) + spent
            fields = {"stage": self.stage, "seconds": round(spent, 3), "peak_bytes": peak().own}
            message = "%(stage)s: done in %(seconds).1f s, memory so far at most %(peak_bytes)s"
            _log.info(message, fields, extra={"event": "stage-ended"})
        self.stage, self._stage_began = stage, now
        if stage:
            _log.info("%(stage)s: begun", {"stage": stage}, extra={"event": "stage-begun"})

    # its ends ---------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Keep that the run began, unless another program is writing all the time."""
        row = self._row
        try:
            before = self._store.runs(1)
            self._row = dataclasses.replace(
                row, number=self._store.put_run(row, patience=self._store.settings.run_wait_seconds)
            )
        except StoreError as error:
            before = []
            self._lost(error)
        fields = {
            "run": self._row.number,
            "database": str(self._store.path),
            **{name: getattr(row, name) for name in ("command", "version", "method", "engine", "python", "sqlite")},
            "settings": row.settings,
        }
        message = "run %(run)d (%(command)s): begun on %(database)s, method %(method)s, engine %(engine)s"
        _log.info(message, fields, extra={"event": "run-begun"})
        if before and before[0].outcome is None:
            earlier = {"run": before[0].number, "command": before[0].command, "begun": before[0].begun}
            message = "run %(run)d (%(command)s, begun %(begun)s) has not ended: it still runs, or was killed"
            _log.warning(message, earlier, extra={"event": "run-unfinished"})

    def end(self, outcome: RunOutcome, error: BaseException | None = None) -> None:
        """Keep how the run ended."""
        self.enter("")
        used = peak()
        row = self._row = dataclasses.replace(
            self._row,
            ended=_now(),
            outcome=outcome,
            message=_reason(error),
            counts=self._counts,
            stages={name: round(seconds, 3) for name, seconds in self._stages.items()},
            seconds=round(time.perf_counter() - self._began, 3),
            cpu_seconds=round(cpu_seconds() - self._cpu, 3),
            peak_bytes=used.own,
            child_peak_bytes=used.children,
        )
        # who has just waited for another program in vain does not wait once more
        patience = self._store.settings.run_wait_seconds if isinstance(error, LockedDatabaseError) else None
        try:
            row.counts.update(self._held())
            self._row = dataclasses.replace(row, number=self._store.put_run(row, patience=patience))
        except StoreError as reason:
            self._lost(reason)
        names = ("command", "outcome", "message", "counts", "stages", "seconds", "cpu_seconds", "child_peak_bytes")
        fields = {"run": self._row.number, **{name: getattr(row, name) for name in names}, "peak_bytes": used.own}
        message = (
            "run %(run)d: %(outcome)s in %(seconds).1f s (%(cpu_seconds).1f s of processor time), memory at most "
            "%(peak_bytes)s: %(counts)s"
        )
        if outcome == "failed":
            message += "; %(message)s"
        _log.log(logging.ERROR if outcome == "failed" else logging.INFO, message, fields, extra={"event": "run-ended"})

    def _held(self) -> dict[str, int]:
        """How much the collection holds, as far as that is known without counting much."""
        held = {"articles": self._store.held()}
        if not self._store.summaries_current():
            return held
        known = self._store.summary_counts()
        passages = {name: number for name, number in known.items() if name.startswith("clusters:")}
        furniture = passages.pop("clusters:furniture", 0)
        links = sum(number for name, number in known.items() if name.startswith("links:"))
        parts = {"attributions": known.get("attributions", 0), "links": links, "chains": known.get("chains", 0)}
        return {**held, "passages": sum(passages.values()), "furniture": furniture, **parts}

    def _lost(self, error: StoreError) -> None:
        fields = {"run": self._row.number, "error": str(error)}
        _log.warning("the record of this run cannot be kept: %(error)s", fields, extra={"event": "record-lost"})


class _Told:
    """A progress callback that enters stages into a record."""

    def __init__(self, run: Recording, progress: Progress) -> None:
        self.run = run
        self._progress = progress

    def __call__(self, stage: str, share: float) -> None:
        if stage != self.run.stage:
            self.run.enter(stage)
        self._progress(stage, share)


@contextmanager
def recording(corpus: Collection, command: str) -> Iterator[Recording]:
    """Record what happens to a collection in this block as one run; within another such block, as part of that.

    Args:
        corpus: a `Corpus`.
        command: what the run is called.
    """
    outer = _RUNNING.get(corpus)
    if outer is not None:
        yield outer
        return
    run = _RUNNING[corpus] = Recording(corpus, command)
    try:
        run.begin()
        yield run
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit)
        run.end("stopped" if stopped else "failed", None if stopped else error)
        raise
    else:
        run.end("done")
    finally:
        del _RUNNING[corpus]


def recorded(command: str, *, alone: bool = True) -> Callable[[Callable[_Given, _Result]], Callable[_Given, _Result]]:
    """Make every call of a method of `Corpus` a run that is recorded.

    Args:
        command: what the run is called.
        alone: False where calls are counted within other runs only; a program may make a million of them.
    """

    def decorate(method: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
        signature = inspect.signature(method)

        @wraps(method)
        def call(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
            corpus = cast("Collection", args[0])
            if not alone and corpus not in _RUNNING:
                return method(*args, **kwargs)
            bound = signature.bind(*args, **kwargs)
            with recording(corpus, command) as run:
                if "progress" in signature.parameters:
                    bound.arguments["progress"] = run.told(bound.arguments.get("progress", _untold))
                result = method(*bound.args, **bound.kwargs)
                run.enter("")
                run.took(result)
            return result

        return call

    return decorate


def staged(stage: str) -> Callable[[Callable[_Given, _Result]], Callable[_Given, _Result]]:
    """Make a method of `Corpus` that tells no progress a stage of the run that it belongs to."""

    def decorate(method: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
        @wraps(method)
        def call(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
            run = _RUNNING.get(args[0])
            if run is None:
                return method(*args, **kwargs)
            run.enter(stage)
            result = method(*args, **kwargs)
            run.enter("")
            return result

        return call

    return decorate


def up_to_date(corpus: Collection, stage: str, made: str | None, asked: str) -> bool:
    """Whether the results of a stage are those of the settings, code and articles at hand; the log tells of it.

    Args:
        corpus: the collection, in whose record the stage before ends here.
        stage: its name.
        made: the signature of the results that are kept; None where there are none, or articles have changed since.
        asked: the signature that they should have.
    """
    run = _RUNNING.get(corpus)
    if run is not None:
        run.enter("" if made == asked else f"preparing {stage}")
    if made == asked:
        _log.info("%(stage)s: up to date, nothing to do", {"stage": stage}, extra={"event": "stage-skipped"})
        return True
    why = "articles have changed, or it was never done" if made is None else "settings or the method have changed"
    _log.debug("%(stage)s: to be done, %(why)s", {"stage": stage, "why": why}, extra={"event": "stage-due"})
    return False


def differing(settings: Settings) -> dict[str, dict[str, Any]]:
    """The settings that differ from the defaults, by table and name."""
    default = dataclasses.asdict(Settings())
    given = dataclasses.asdict(settings)
    found = {
        table: {name: value for name, value in values.items() if value != default[table][name]}
        for table, values in given.items()
    }
    return {table: values for table, values in found.items() if values}


def _untold(_stage: str, _share: float) -> None:
    """Nobody is told how far the work is."""


def _reason(error: BaseException | None) -> str:
    if error is None:
        return ""
    return str(error) if isinstance(error, ProvenanceError) else f"{type(error).__name__}: {error}"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
