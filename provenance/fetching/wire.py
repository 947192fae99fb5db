"""One request and its answer over a connection to a checked address, within bounds of time and size.

The answer is parsed by the standard library's `http.client` (RFC 9112), over a reader of ours: every read from the
socket is bounded by what is left of the request's time, so that a server that sends a byte now and then cannot hold it,
and by a budget of bytes. No proxies, no cookies, no Referer; the environment is not looked at, except for the
certificates that OpenSSL is told of (SSL_CERT_FILE).
"""

from __future__ import annotations

import io
import socket
import ssl
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse

from provenance.errors import FetchError
from provenance.fetching.addresses import IPAddress, Target
from provenance.settings import FetchSettings

Connect = Callable[[str, int, float], socket.socket]
"""IP address, port and seconds to a connection; raises OSError."""
Clock = Callable[[], float]

_READ = 64 * 1024
_READ_AHEAD = 8 * 1024
_GZIP = 31
_ZLIB = 15
_RAW = -15


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, its content codings undone."""

    status: int
    headers: HTTPMessage
    body: bytes


def system_connect(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to an IP address."""
    return socket.create_connection((address, port), seconds)


class _Reader(io.RawIOBase):
    """A socket read under a deadline and a budget of bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline, settings: FetchSettings) -> None:
        super().__init__()
        self._connection, self._deadline, self._settings = connection, deadline, settings
        self.left = settings.header_bytes + _READ_AHEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed's Buffer is not in Python 3.10
        self._connection.settimeout(self._deadline.left(self._settings.read_seconds))
        count = self._connection.recv_into(buffer)
        self.left -= count
        if self.left < 0:
            raise _TooMuchError
        return count


class _TooMuchError(Exception):
    """More bytes than the budget has."""


class _Opened:
    """What `HTTPResponse` asks of a socket."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader, _READ_AHEAD)


class Deadline:
    """When a request must be over."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self, at_most: float) -> float:
        """Seconds for the next step.

        Raises:
            TimeoutError: none are left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError("the request took too long altogether")
        return min(left, at_most)


class Wire:
    """Makes single requests.

    Args:
        settings: limits.
        connect: makes connections; other than the default for tests.
        clock: seconds that never go back.
        context: for TLS; certificates and names are checked by the system's default one.
    """

    def __init__(
        self,
        settings: FetchSettings,
        connect: Connect = system_connect,
        *,
        clock: Clock,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._connect, self._clock, self._context = settings, connect, clock, context

    def get(
        self, target: Target, addresses: Sequence[IPAddress], headers: dict[str, str], *, cut: int | None = None
    ) -> Answer:
        """Ask for one target.

        Args:
            target: what to ask for.
            addresses: where to connect to, tried in turn until one answers.
            headers: besides `Host` and `Connection`; names and values without line ends.
            cut: take so many bytes of the body and leave the rest; None to refuse a body beyond `body_bytes`.

        Raises:
            FetchError: no connection, no answer in time, an answer beyond a limit or that is not HTTP.
        """
        deadline = Deadline(self._settings.request_seconds, self._clock)
        where = target.url
        try:
            with self._open(target, addresses, deadline) as connection:
                connection.settimeout(deadline.left(self._settings.read_seconds))
                connection.sendall(_request(target, headers))
                return self._answer(connection, deadline, target, cut)
        except FetchError:
            raise
        except ssl.SSLCertVerificationError as error:
            what = f"the certificate of {target.host} is not valid: {error.verify_message}"
            raise FetchError(what, where=where, remedy="the site must mend it; SSL_CERT_FILE names yours") from error
        except TimeoutError as error:
            raise FetchError("no answer in time", where=where, remedy="try again later", transient=True) from error
        except ssl.SSLError as error:
            what = f"no secure connection: {error.reason or 'TLS failed'}"
            raise FetchError(what, where=where, remedy="check the address") from error
        except OSError as error:
            what = f"no connection: {(error.strerror or type(error).__name__).lower()}"
            raise FetchError(what, where=where, remedy="try again later", transient=True) from error

    def _open(self, target: Target, addresses: Sequence[IPAddress], deadline: Deadline) -> socket.socket:
        for number, address in enumerate(addresses, start=1):
            try:
                connection = self._connect(str(address), target.port, deadline.left(self._settings.connect_seconds))
                break
            except OSError:
                if number == len(addresses):
                    raise
        if target.scheme == "http":
            return connection
        if self._context is None:
            self._context = ssl.create_default_context()
        connection.settimeout(deadline.left(self._settings.connect_seconds))
        try:
            return self._context.wrap_socket(connection, server_hostname=target.host)
        except BaseException:
            connection.close()
            raise

    def _answer(self, connection: socket.socket, deadline: Deadline, target: Target, cut: int | None) -> Answer:
        settings = self._settings
        reader = _Reader(connection, deadline, settings)
        response = HTTPResponse(_Opened(reader), method="GET")  # type: ignore[arg-type] # asks a socket for makefile only
        try:
            try:
                response.begin()
            except _TooMuchError as error:
                what = f"headers of more than {settings.header_bytes:,} bytes"
                raise FetchError(what, where=target.url, remedy="check the address") from error
            if response.status < 200:
                raise FetchError(f"status {response.status} and no answer", where=target.url, remedy="try again later")
            limit = settings.body_bytes if cut is None else cut
            reader.left = limit + settings.header_bytes + _READ_AHEAD  # chunk sizes and trailers, too
            return Answer(response.status, response.headers, self._body(response, target, limit, cut=cut is not None))
        except (HTTPException, ValueError) as error:
            # ValueError: a chunk size or a header that http.client takes for a number
            what = f"an answer that is not HTTP, or breaks off ({type(error).__name__})"
            raise FetchError(what, where=target.url, remedy="try again later", transient=True) from error
        finally:
            response.close()

    def _body(self, response: HTTPResponse, target: Target, limit: int, *, cut: bool) -> bytes:
        if response.status >= 300:
            return b""  # what an error page says is not read, so that nothing in it can hide the status
        settings = self._settings
        too_large = FetchError(
            f"more than {limit:,} bytes", where=target.url, remedy="raise fetch.body_bytes if it is meant"
        )
        if response.length is not None and response.length > limit and not cut:
            raise too_large
        coding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
        unpack = unpacker(coding, limit + 1, settings.gzip_members)
        if unpack is None:
            what = f"packed as {coding[:40]!r}, which was not asked for"
            raise FetchError(what, where=target.url, remedy="check the address")
        pieces, length, whole = [], 0, True
        damaged = FetchError("damaged gzip data", where=target.url, remedy="try again later", transient=True)
        try:
            while length <= limit and (piece := response.read(min(_READ, limit + 1))):
                unpacked = unpack.feed(piece)
                pieces.append(unpacked)
                length += len(unpacked)
        except _TooMuchError:
            whole = False
        except zlib.error as error:
            raise damaged from error
        if (length > limit or not whole) and not cut:
            raise too_large
        if length <= limit and whole:
            if response.length:
                what = f"the answer breaks off {response.length:,} bytes before its end"
                raise FetchError(what, where=target.url, remedy="try again later", transient=True)
            if not unpack.complete:
                raise damaged
        return b"".join(pieces)[:limit]


def _request(target: Target, headers: dict[str, str]) -> bytes:
    lines = [f"GET {target.path} HTTP/1.1", f"Host: {target.host_header}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


class _Plain:
    """A body that is not packed."""

    complete = True

    def feed(self, piece: bytes) -> bytes:
        return piece


class _Packed:
    """Undoes gzip or deflate, giving up behind a bound, so that a small answer cannot fill the memory.

    `deflate` is zlib data by RFC 9110, and raw deflate data with some servers; the first byte tells.
    """

    def __init__(self, limit: int, members: int, *, gzip: bool) -> None:
        self._left, self._members, self._gzip = limit, members, gzip
        self._engine = zlib.decompressobj(_GZIP) if gzip else None

    def feed(self, piece: bytes) -> bytes:
        found = []
        while piece and self._left > 0:
            if self._engine is None:
                self._engine = zlib.decompressobj(_ZLIB if piece[0] & 0x0F == 8 else _RAW)
            unpacked = self._engine.decompress(piece, self._left)
            self._left -= len(unpacked)
            found.append(unpacked)
            piece = self._engine.unconsumed_tail
            if self._engine.eof:
                piece = self._next_member()
        return b"".join(found)

    def _next_member(self) -> bytes:
        """What follows a finished member; padding and garbage behind it are left, as gzip(1) leaves them."""
        rest = self._engine.unused_data if self._engine is not None else b""
        if not self._gzip or not rest.startswith(b"\x1f\x8b"):
            return b""
        self._members -= 1
        if self._members <= 0:
            raise zlib.error("too many members")
        self._engine = zlib.decompressobj(_GZIP)
        return rest

    @property
    def complete(self) -> bool:
        """Whether the packed data came to its end, or to the bound."""
        return self._left <= 0 or self._engine is None or self._engine.eof


def unpacker(coding: str, limit: int, members: int) -> _Plain | _Packed | None:
    """What undoes a content coding, giving at most `limit` bytes; None for a coding that is not known.

    Raises:
        zlib.error: from its `feed`: the data is damaged, or gzip of more pieces than `members`.
    """
    if coding in {"identity", ""}:
        return _Plain()
    if coding in {"gzip", "x-gzip"}:
        return _Packed(limit, members, gzip=True)
    return _Packed(limit, members, gzip=False) if coding == "deflate" else None
