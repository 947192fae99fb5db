"""HTTP responses as archives keep them (RFC 9112): status, fields and the body, unpacked within limits."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

from provenance.errors import InputError, MalformedError, TooLargeError
from provenance.ingest.encodings import known_charset
from provenance.ingest.warc import Headers, fields_of
from provenance.settings import IngestSettings

_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])? {1,9}([0-9]{3})(?:[ \t][^\r\n]{0,9999})?\r?\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]{0,20}(?:;[^\r\n]{0,999})?\r?\n")
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_CODINGS_AT_MOST: Final = 2
_GZIP: Final = frozenset({"gzip", "x-gzip"})
_GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """The beginning of a response.

    Attributes:
        status: such as 200.
        fields: by name in lower case.
        length: bytes before the body.
    """

    status: int
    fields: Headers
    length: int

    @property
    def media_type(self) -> str:
        """Such as `text/html`; empty where it is not said."""
        return media_type(self.fields.get("content-type", ""))


def media_type(value: str) -> str:
    """The media type of a `Content-Type`, in lower case and without parameters."""
    return value.partition(";")[0].strip().lower()


def charset(value: str) -> str | None:
    """The encoding that a `Content-Type` names, as Python names it; None where it names none that pages are in."""
    match = _CHARSET.search(value[:1000])
    return None if match is None else known_charset(match[1])


def response_head(data: bytes) -> ResponseHead | None:
    """The head of a response; None where it has no end within these bytes or they are no response."""
    match = _STATUS.match(data)
    if match is None:
        return None
    lines: list[bytes] = []
    at = match.end()
    while True:
        end = data.find(b"\n", at)
        if end < 0:
            return None
        line, at = data[at : end + 1], end + 1
        if line in {b"\r\n", b"\n"}:
            return ResponseHead(int(match[1]), fields_of(lines), at)
        lines.append(line)


def body_of(data: bytes, fields: Headers, where: str, settings: IngestSettings) -> bytes:
    """The body of a response as the server meant it: out of its chunks, and unpacked.

    Archives of some tools keep the fields of a response and the body without chunks or unpacked; what does not begin
    as the fields say is taken as it is.

    Args:
        data: behind the fields.
        fields: of the response.
        where: its place, for errors.
        settings: `maximum_page_bytes`.

    Raises:
        MalformedError: it is cut off, damaged, or packed in a way that is not read here.
        TooLargeError: it unpacks to more than a page may have.
    """
    if fields.get("transfer-encoding", "").strip().lower() == "chunked":
        data = _unchunked(data, where)
    codings = [each.strip().lower() for each in fields.get("content-encoding", "").split(",")]
    codings = [each for each in codings if each and each != "identity"]
    unknown = next((each for each in codings if each not in _GZIP | {"deflate"}), None)
    if unknown is not None or len(codings) > _CODINGS_AT_MOST:
        what = f"packed as {unknown[:40]!r}, which is not read" if unknown else "packed over and over"
        raise MalformedError(what, where=where, remedy="leave it out, or archive it as gzip")
    for coding in reversed(codings):
        data = _unpacked(data, coding, where, settings.maximum_page_bytes)
    if len(data) > settings.maximum_page_bytes:
        raise _too_large(where, settings.maximum_page_bytes)
    return data


def _too_large(where: str, limit: int) -> InputError:
    what = f"the page is larger than {limit:,} bytes"
    return TooLargeError(what, where=where, remedy="leave it out, or raise ingest.maximum_page_bytes")


def _damaged(what: str, where: str) -> InputError:
    return MalformedError(what, where=where, remedy="fetch the page again, or leave it out")


def _unchunked(data: bytes, where: str) -> bytes:
    match = _CHUNK.match(data)
    if match is None:
        return data
    parts: list[bytes] = []
    while match is not None:
        size, start = int(match[1], 16), match.end()
        if size == 0:
            return b"".join(parts)
        part = data[start : start + size]
        if len(part) < size:
            raise _damaged("its chunks are cut off", where)
        parts.append(part)
        end = start + size
        end += 2 if data[end : end + 2] == b"\r\n" else data[end : end + 1] == b"\n"
        match = _CHUNK.match(data, end)
    raise _damaged("its chunks are cut off or damaged", where)


def _unpacked(data: bytes, coding: str, where: str, limit: int) -> bytes:
    if coding in _GZIP:
        return _inflated(data, 31, where, limit) if data.startswith(_GZIP_MAGIC) else data
    # RFC 9110 means zlib by deflate; some servers send it without zlib's head
    zlib_head = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    if zlib_head:
        return _inflated(data, 15, where, limit)
    try:
        return _inflated(data, -15, where, limit)
    except MalformedError:
        if data.lstrip()[:1] == b"<":
            return data
        raise


def _inflated(data: bytes, bits: int, where: str, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit + 1
    while data:
        unpacker = zlib.decompressobj(bits)
        try:
            part = unpacker.decompress(data, room)
        except zlib.error as error:
            raise _damaged("its packed body is damaged", where) from error
        parts.append(part)
        room -= len(part)
        if room <= 0:
            raise _too_large(where, limit)
        if not unpacker.eof:
            raise _damaged("its packed body is cut off", where)
        data = unpacker.unused_data
        if bits != 31 or not data.startswith(_GZIP_MAGIC):
            break
    return b"".join(parts)
