"""Answers that are wrong, endless or meant to do harm, over real sockets."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import FetchError
from provenance.fetching.addresses import addresses_of, parse_address
from provenance.fetching.wire import Answer, Wire, unpacker
from provenance.settings import FetchSettings

SMALL = FetchSettings(allow_private=True, any_port=True, body_bytes=10_000, header_bytes=4_000)
Get = Callable[..., Answer]


@pytest.fixture
def get(web_server: Any, fake_clock: Any) -> Get:
    """Ask the local server for a path, by a wire with small limits."""

    def ask(path: str = "/", cut: int | None = None, chosen: FetchSettings = SMALL) -> Answer:
        target = parse_address(web_server.url(path), chosen)
        return Wire(chosen, clock=fake_clock).get(target, addresses_of(target, chosen), {}, cut=cut)

    return ask


def drip(pieces: int, piece: bytes, head: bytes = b"") -> Callable[[socket.socket], None]:
    """Send something over and over, without end if the other side does not hang up."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(pieces):
            connection.sendall(piece)

    return send


def test_headers_and_body(get: Get, web_server: Any, http_answer: Any) -> None:
    web_server.says("/", http_answer("body", X_Thing="Ä"))
    found = get()
    assert (found.status, found.body, found.headers["X-Thing"]) == (200, b"body", "Ä")


def test_a_body_without_length_ends_with_the_connection(get: Get, web_server: Any) -> None:
    web_server.says("/", b"HTTP/1.0 200 OK\r\n\r\nall of it")
    assert get().body == b"all of it"


@pytest.mark.parametrize("status", [301, 304, 404, 503])
def test_of_other_answers_only_the_head_is_read(get: Get, web_server: Any, http_answer: Any, status: int) -> None:
    web_server.says("/", http_answer(b"no brotli", status=status, Content_Encoding="br", Content_Length="99999999"))
    found = get()
    assert (found.status, found.body) == (status, b"")


def test_chunks(get: Get, web_server: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    web_server.says("/", head + b"4;x=y\r\nwhol\r\n1\r\ne\r\n0\r\nTrailer: x\r\n\r\n")
    assert get().body == b"whole"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00\x01\x02",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 99 OK\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfar less",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"cut off" * 99, mtime=0)[:-9],
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n\xff\xff\xff",
    ],
)
def test_answers_that_are_none(get: Get, web_server: Any, sent: bytes) -> None:
    web_server.says("/", sent)
    with pytest.raises(FetchError) as caught:
        get()
    assert web_server.url("/") in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"y" * 1000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1000),
        (b"HTTP/1.1 ", b"2" * 1000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n", b"X: y\r\n"),
    ],
)
def test_headers_without_end(get: Get, web_server: Any, head: bytes, piece: bytes) -> None:
    web_server.says("/", drip(100_000, piece, head))
    with pytest.raises(FetchError, match=r"headers of more than 4,000 bytes|not HTTP"):
        get()


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"Trailer: x\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0" * 500),
    ],
)
def test_bodies_without_end(get: Get, web_server: Any, head: bytes, piece: bytes) -> None:
    web_server.says("/", drip(100_000 if piece else 1, piece, head))
    with pytest.raises(FetchError, match=r"more than 10,000 bytes|not HTTP"):
        get()


@pytest.mark.parametrize(("coding", "bits"), [("gzip", 31), ("x-gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_packed_bodies_are_unpacked(get: Get, web_server: Any, http_answer: Any, coding: str, bits: int) -> None:
    packer = zlib.compressobj(wbits=bits)
    packed = packer.compress(b"text " * 1000) + packer.flush()
    web_server.says("/", http_answer(packed, Content_Encoding=coding))
    assert get().body == b"text " * 1000


@pytest.mark.parametrize("members", [1, 3])
def test_packed_bombs_are_not_unpacked(get: Get, web_server: Any, http_answer: Any, members: int) -> None:
    bomb = gzip.compress(bytes(5_000_000), mtime=0) * members
    assert len(bomb) < SMALL.body_bytes * 2
    web_server.says("/", http_answer(bomb, Content_Encoding="gzip"))
    with pytest.raises(FetchError, match="more than 10,000 bytes"):
        get()


def test_many_pieces_of_gzip(get: Get, web_server: Any, http_answer: Any) -> None:
    few, many = gzip.compress(b"ab", mtime=0) * 10, gzip.compress(b"", mtime=0) * 400
    web_server.says("/", http_answer(few + b"padding", Content_Encoding="gzip"))
    assert get().body == b"ab" * 10
    web_server.says("/", http_answer(many, Content_Encoding="gzip"))
    with pytest.raises(FetchError, match="damaged gzip"):
        get()


@given(st.binary(max_size=3000), st.sampled_from([31, 15, -15]), st.integers(1, 100), st.integers(1, 3000))
def test_unpacking_piece_by_piece(data: bytes, bits: int, size: int, limit: int) -> None:
    packer = zlib.compressobj(wbits=bits)
    packed = packer.compress(data) + packer.flush()
    unpack = unpacker("gzip" if bits == 31 else "deflate", limit, 16)
    assert unpack is not None
    found = b"".join(unpack.feed(packed[at : at + size]) for at in range(0, len(packed), size))
    assert found == data[:limit]
    assert unpack.complete


def test_a_robots_txt_is_cut_instead(get: Get, web_server: Any, http_answer: Any) -> None:
    web_server.says("/", http_answer(b"x" * 9_000))
    assert get(cut=100).body == b"x" * 100
    web_server.says("/", drip(100_000, b"x" * 1000, b"HTTP/1.1 200 OK\r\n\r\n"))
    assert get(cut=100).body == b"x" * 100
    web_server.says("/", http_answer(gzip.compress(bytes(5_000_000), mtime=0), Content_Encoding="gzip"))
    assert get(cut=100).body == bytes(100)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_sends_a_byte_now_and_then(get: Get, web_server: Any, fake_clock: Any, head: bytes) -> None:
    """The clock goes on by a second with each look, and each read looks once."""
    fake_clock.step = 1.0
    reads = threading.Event()

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while not reads.wait(0.001):
            connection.sendall(b"a")

    web_server.says("/", send)
    try:
        with pytest.raises(FetchError, match="no answer in time") as caught:
            get()
    finally:
        reads.set()
    assert caught.value.transient


def test_a_server_that_says_nothing(get: Get, web_server: Any) -> None:
    silent = threading.Event()
    web_server.says("/", lambda _connection: silent.wait(5))
    try:
        with pytest.raises(FetchError, match="no answer in time"):
            get(chosen=replace(SMALL, read_seconds=0.05))
    finally:
        silent.set()


def test_the_next_address_is_tried(web_server: Any, http_answer: Any, fake_clock: Any) -> None:
    web_server.says("/", http_answer("x"))
    tried: list[str] = []

    def connect(address: str, _port: int, seconds: float) -> socket.socket:
        tried.append(address)
        if len(tried) == 1:
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", web_server.port), seconds)

    target = parse_address("http://two.example/", SMALL)
    found = addresses_of(target, SMALL, lambda _host, _port: ["93.184.216.34", "93.184.216.35"])
    assert Wire(SMALL, connect, clock=fake_clock).get(target, found, {}).body == b"x"
    assert tried == ["93.184.216.34", "93.184.216.35"]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_answer_or_an_error(data: bytes) -> None:
    for head in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(head + data)
            theirs.shutdown(socket.SHUT_WR)
            wire = Wire(SMALL, lambda _address, _port, _seconds, ours=ours: ours, clock=lambda: 0.0)
            target = parse_address("http://93.184.216.34/", SMALL)
            try:
                found = wire.get(target, addresses_of(target, SMALL), {})
            except FetchError:
                continue
            assert len(found.body) <= SMALL.body_bytes


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for site.example that only itself vouches for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "site.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=site.example"]
    command += ["-addext", "subjectAltName=DNS:site.example", "-out", os.fspath(made), "-keyout", os.fspath(key)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return made, key


def over_tls(
    web_server: Any, certificate: tuple[Path, Path], reply: bytes
) -> Callable[[str, int, float], socket.socket]:
    """A connection that ends at a TLS server of one request."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)

    def connect(_address: str, _port: int, seconds: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(seconds)

        def serve() -> None:
            try:
                with serving.wrap_socket(theirs, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(reply)
                    connection.unwrap()
            except OSError:
                pass  # the other side did not like the certificate
            finally:
                theirs.close()

        threading.Thread(target=serve, daemon=True).start()
        return ours

    return connect


@pytest.mark.parametrize(
    ("host", "trusted", "problem"),
    [
        ("site.example", True, ""),
        ("site.example", False, "certificate of site.example is not valid"),
        ("other.example", True, "certificate of other.example is not valid"),
    ],
)
def test_certificates_are_checked_for_the_name(
    web_server: Any, http_answer: Any, certificate: tuple[Path, Path], host: str, trusted: bool, problem: str
) -> None:
    context = ssl.create_default_context(cafile=os.fspath(certificate[0]) if trusted else None)
    connect = over_tls(web_server, certificate, http_answer("secret"))
    wire = Wire(SMALL, connect, clock=lambda: 0.0, context=context)
    target = parse_address(f"https://{host}/", SMALL)
    found = addresses_of(target, SMALL, lambda _host, _port: ["93.184.216.34"])
    if problem:
        with pytest.raises(FetchError, match=problem) as caught:
            wire.get(target, found, {})
        assert not caught.value.transient
    else:
        assert wire.get(target, found, {}).body == b"secret"


def test_a_server_without_tls(web_server: Any, http_answer: Any, get: Get) -> None:
    web_server.says("/", http_answer("x"))
    target = parse_address(f"https://127.0.0.1:{web_server.port}/", SMALL)
    with pytest.raises(FetchError):
        Wire(SMALL, clock=lambda: 0.0).get(target, addresses_of(target, SMALL), {})
