"""A clock that is set by hand, and a web server of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from provenance.settings import Settings
from provenance.watching import Clock


@dataclass
class HandClock:
    """Seconds since 1970 and since nothing, moved by hand; far behind the times of real files unless told otherwise."""

    wall: float = 4_000_000_000.0
    steady: float = 0.0
    waited: list[float] = field(default_factory=list)

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.pass_by(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.steady, now=lambda: self.wall, wait=self.wait)


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def settings() -> Settings:
    plain = Settings()
    fetch = replace(plain.fetch, allow_private=True, any_port=True, host_delay_seconds=0.0, tries=1)
    return replace(plain, engine=replace(plain.engine, processes=1), fetch=fetch)


@dataclass
class Site:
    """Pages by path: status, headers and body; and which were asked for, with which conditions."""

    url: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """What was asked for since the last time, robots.txt apart."""
        found = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return found


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            condition = self.headers.get("If-None-Match")
            made.asked.append((self.path, condition))
            status, headers, body = made.pages.get(self.path, (404, {}, b""))
            if condition is not None and condition == headers.get("ETag"):
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
