"""Rules for the whole test run, how it is spread over processes, and a local server for what fetches.

The server says over plain sockets what a test lets it say, right or wrong; the clock moves only when told.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

LONGEST = ("engines/spark/", "test_spark_command.py", "end_to_end/test_killed.py", "end_to_end/")
"""Where a run that is spread over processes begins, so that none of them is left working alone at its end."""


def pytest_configure() -> None:
    """A shell has what it starts in the background ignore Ctrl-C, and so would all that tests start and interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test may skip on a user's machine, where a component is absent; in CI a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") == "true":
        reporter.write_line(f"{len(skipped)} skipped, which CI does not allow", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread the tests over processes file by file; those that use Spark share one session, and so one process."""
    from xdist.scheduler import LoadFileScheduling

    class Spreading(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "spark" if "spark" in file else file

    # the files in the order in which they were collected
    config.option.loadscopereorder = False
    return Spreading(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where this is one of several processes, let the longest files come first; all of them must say the same."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: next((n for n, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST)))


Reply = bytes | Callable[[socket.socket], None]


@dataclass
class Clock:
    """Seconds; sleeping moves it on, and each look by `step`."""

    now: float = 1000.0
    step: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        self.now += self.step
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def answer(body: bytes | str = b"", status: int = 200, kind: str = "text/html", **headers: str) -> bytes:
    """A whole response."""
    data = body.encode() if isinstance(body, str) else body
    given = {"Content-Type": kind, "Content-Length": str(len(data))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + data


@dataclass
class Server:
    """Raw replies by path; a list is used up one by one, its last one stays."""

    port: int
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)

    def says(self, path: str, *replies: Reply) -> str:
        self.replies[path] = list(replies)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.requests]

    def headers(self, number: int = -1) -> dict[str, str]:
        lines = self.requests[number].decode("latin-1").split("\r\n")[1:]
        return dict(line.split(": ", 1) for line in lines if line)

    def take(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                piece = connection.recv(65536)
                request += piece
                if not piece or request.startswith(b"\x16"):  # a TLS client, which waits for more than this
                    return
            self.requests.append(request)
            replies = self.replies.get(self.paths[-1], [answer("not here", 404)])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            try:
                if callable(reply):
                    reply(connection)
                else:
                    connection.sendall(reply)
            except OSError:
                pass  # the other side has hung up, as it may


@pytest.fixture
def web_server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Server(listening.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                made.take(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.fixture
def http_answer() -> Callable[..., bytes]:
    return answer


@pytest.fixture
def fake_clock() -> Clock:
    return Clock()
