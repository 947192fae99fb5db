"""Attribution spread over processes of this machine, in the order given, with the rows that one process gives.

This process reads articles, too, whenever it would wait for an answer: what it reads need not be sent to and fro, which
costs a tenth of reading it.

The processes are plain subprocesses of the same interpreter that talk over pipes. `multiprocessing` would run the
caller's script a second time in each of them unless it is guarded by `if __name__ == "__main__"`, and a script that
adds articles must not run twice. They know neither the database nor the terminal: they get no signal from Ctrl-C and
end with the pipe.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Final

from provenance.attribution import Attributor
from provenance.engines.folders import no_room, out_of_space
from provenance.engines.packing import pack_article, unpack_attributions
from provenance.engines.worker import receive, send, task_of
from provenance.errors import ProvenanceError
from provenance.model import Article, Attribution

_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from provenance.engines.worker import main; main()"
)
_AHEAD: Final = 3
"""Lists of articles for each process that are on their way at a time, so that none waits for this one."""
_HELD: Final = 8
"""Lists of attributions that this process reads while it waits for the ones before them; bounds what is held."""
_LAST_WORDS: Final = 4096

_WINDOWS_OWN_GROUP: Final = 0x200
"""`subprocess.CREATE_NEW_PROCESS_GROUP`, which only Windows has."""

Told = tuple[str, list[Attribution]]
_log = logging.getLogger(__name__)


def can_start() -> bool:
    """Whether there is an interpreter to start; programs packed into one file have none."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class _Worker:
    """One process, and the pipes to it."""

    def __init__(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        # a group of its own: Ctrl-C is this process's to handle
        windows = sys.platform == "win32"
        try:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, and a constant
                [sys.executable, "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=not windows,
                creationflags=_WINDOWS_OWN_GROUP if windows else 0,
            )
        except BaseException:
            self._errors.close()
            raise
        fields = {"process": self.process.pid, "work": "attributions"}
        _log.debug("process %(process)d started for %(work)s", fields, extra={"event": "process-started"})

    def begin(self, task: Any) -> None:
        """Send the path for imports and the first message."""
        if self.process.stdin is None:  # pragma: no cover - for the type checker
            raise ValueError
        try:
            self.process.stdin.write(json.dumps(sys.path).encode() + b"\n")
            send(self.process.stdin, task)
        except OSError as error:
            raise self._died([]) from error

    def ask(self, articles: Sequence[Article]) -> list[Told]:
        """The attributions of some articles.

        Raises:
            ProvenanceError: the process ended.
        """
        if self.process.stdin is None or self.process.stdout is None:  # pragma: no cover - for the type checker
            raise ValueError
        try:
            send(self.process.stdin, [pack_article(article) for article in articles])
            answer = receive(self.process.stdout)
        except (OSError, ValueError) as error:
            raise self._died(articles) from error
        if answer is None:
            raise self._died(articles)
        return [
            (article.id, unpack_attributions(found, article.id, article.text))
            for article, found in zip(articles, answer, strict=True)
        ]

    def _died(self, articles: Sequence[Article]) -> ProvenanceError:
        self.process.kill()
        status = self.process.wait()
        said = self._last_words()
        what = f"a process that reads attributions ended (status {status}{': ' + said if said else ''})"
        where = f"{articles[0].id} to {articles[-1].id}" if articles else ""
        remedy = "run again, which goes on where it was; if it happens again, set processes = 1 under [engine]"
        return ProvenanceError(what, where=where, remedy=remedy)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            size = self._errors.seek(0, os.SEEK_END)
            self._errors.seek(max(0, size - _LAST_WORDS))
            lines = self._errors.read().decode("utf-8", "replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""

    def close(self, *, kill: bool) -> None:
        """End the process: at once, or when it has read that there is no more."""
        if kill:
            self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.wait()
        self._errors.close()


class Processes:
    """A number of processes that read attributions beside this one; a context manager, at whose end they are gone."""

    def __init__(self, count: int, attributor: Attributor) -> None:
        self._attributor = attributor
        self._workers: list[_Worker] = []
        self._count = count
        self._task = task_of(attributor)
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="attributions")

    def __enter__(self) -> Processes:
        try:
            for _ in range(self._count):
                self._workers.append(_Worker())
            for worker in self._workers:
                worker.begin(self._task)
                self._free.put(worker)
        except OSError as error:
            self._close(kill=True)
            if out_of_space(error):
                raise no_room(error, tempfile.gettempdir()) from error
            remedy = "set processes = 1 under [engine]"
            raise ProvenanceError(f"no process can be started: {error}", where=sys.executable, remedy=remedy) from error
        except BaseException:
            self._close(kill=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(kill=kind is not None)

    def _close(self, *, kill: bool) -> None:
        if kill:
            # a thread that waits for an answer hears the end of it
            for worker in self._workers:
                worker.process.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close(kill=kill)

    def read(self, articles: Iterable[Article], at_once: int) -> Iterator[Told]:
        """Each article's id and attributions, in the order given.

        Args:
            articles: gone through in this thread, a few lists ahead of what is given back.
            at_once: articles sent in one message, or read here at a time.

        Raises:
            ProvenanceError: a process ended before it answered.
        """
        pending: deque[Future[list[Told]]] = deque()
        given = iter(articles)
        while True:
            asked = sum([not one.done() for one in pending])
            while asked < self._count * _AHEAD and (some := list(islice(given, max(1, at_once)))):
                pending.append(self._threads.submit(self._ask, some))
                asked += 1
            if not pending:
                return
            held = len(pending) - asked
            if not pending[0].done() and held < _HELD and (some := list(islice(given, max(1, at_once)))):
                pending.append(self._read_here(some))
                continue
            yield from pending.popleft().result()

    def _read_here(self, articles: Sequence[Article]) -> Future[list[Told]]:
        told: Future[list[Told]] = Future()
        told.set_result([(article.id, self._attributor.attribute(article)) for article in articles])
        return told

    def _ask(self, articles: Sequence[Article]) -> list[Told]:
        worker = self._free.get()
        try:
            return worker.ask(articles)
        finally:
            self._free.put(worker)
