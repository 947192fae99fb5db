"""The bytes of archives in pieces: of plain files as they come, of gzipped ones unpacked, member by member."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from provenance.errors import TooLargeError, UnreadableError
from provenance.settings import IngestSettings

_PIECE: Final = 1 << 16
_PACKED_PIECE: Final = 1 << 14
_MAGIC: Final = b"\x1f\x8b\x08"
_RECORD: Final = b"WARC/"
_SAMPLE: Final = 1 << 10
"""Bytes of a gzip member that unpack to at least the first few of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of an archive.

    Attributes:
        offset: of their first byte in the file, or of the gzip member that they are from.
        data: at least one byte.
        counts: whether offsets run on with the bytes, as in a plain file.
        begins: whether a gzip member begins with them, and with it a record.
    """

    offset: int
    data: bytes
    counts: bool = True
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A gzip member that is damaged or cut off, from here on; what was unpacked of it came before."""

    offset: int
    what: str


def plain_pieces(stream: BinaryIO, where: str) -> Iterator[Piece | Break]:
    """The bytes of a file that is not packed.

    Raises:
        UnreadableError: it cannot be read.
    """
    offset = 0
    while data := _load(stream, _PIECE, where):
        yield Piece(offset, data)
        offset += len(data)


def _load(stream: BinaryIO, count: int, where: str) -> bytes:
    try:
        return stream.read(count)
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UnreadableError(what, where=where, remedy="check the file") from error


class _Packed:
    """A gzipped file, of which so much is known as was read."""

    def __init__(self, stream: BinaryIO, where: str, settings: IngestSettings) -> None:
        self._stream, self._where, self._settings = stream, where, settings
        self.data = b""  # read and not unpacked yet
        self.offset = 0  # of `data` in the file
        self.unpacked = 0
        self._passed = b""  # the bytes before `data`
        self._refused = 0

    def fill(self, count: int = 1) -> bool:
        """Read until there are so many bytes; False where there are not."""
        while len(self.data) < count:
            more = _load(self._stream, _PACKED_PIECE, self._where)
            if not more:
                return False
            self.data += more
        return True

    def drop(self, count: int) -> None:
        """Pass over bytes."""
        self._passed = (self._passed + self.data[:count])[-2 * _PACKED_PIECE :]
        self.data, self.offset = self.data[count:], self.offset + count

    def go_back(self, offset: int) -> None:
        """Return to an offset, or as near to it as what is remembered allows.

        What breaks off is often unpacked a little way into what is behind it before it shows.
        """
        count = min(max(self.offset - offset, 0), len(self._passed))
        if count:
            self.data, self.offset = self._passed[-count:] + self.data, self.offset - count
        elif self.offset < offset:
            self.drop(offset - self.offset)
        self._passed = b""

    def to_member(self) -> bool:
        """Go on to the next gzip member that begins a record; False where there is none.

        Raises:
            TooLargeError: too much looks like one and is none.
        """
        while self.fill(len(_MAGIC)):
            found = self.data.find(_MAGIC)
            self.drop(found if found >= 0 else len(self.data) - len(_MAGIC) + 1)
            if found < 0:
                if not self.fill(len(_MAGIC)):
                    return False
                continue
            self.fill(_SAMPLE)
            if _begins_record(self.data[:_SAMPLE]):
                return True
            self.drop(1)
            self._refused += 1
            if self._refused > self._settings.archive_damage:
                what = f"damaged in more than {self._settings.archive_damage:,} places; the rest was not read"
                raise TooLargeError(what, where=self._where, remedy="fetch it again, or raise ingest.archive_damage")
        return False

    def count(self, data: bytes) -> bytes:
        """Count in what was unpacked.

        Raises:
            TooLargeError: it is more than the settings allow.
        """
        self.unpacked += len(data)
        if self.unpacked > self._settings.maximum_unpacked_bytes:
            what = "it unpacks to more than ingest.maximum_unpacked_bytes; what comes before was read"
            raise TooLargeError(what, where=self._where, remedy="split it, or raise that setting")
        return data


def _begins_record(sample: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(sample, len(_RECORD)) == _RECORD
    except zlib.error:
        return False


def packed_pieces(stream: BinaryIO, where: str, settings: IngestSettings) -> Iterator[Piece | Break]:
    """The unpacked bytes of a gzipped file; behind a break those from the next member on that begins a record.

    Raises:
        TooLargeError: it unpacks to more than the settings allow, or is damaged in too many places.
        UnreadableError: it cannot be read.
    """
    file = _Packed(stream, where, settings)
    while file.fill():
        if file.data[:1] == b"\0":  # padding to a full block
            file.drop(len(file.data) - len(file.data.lstrip(b"\0")))
            continue
        start = file.offset
        what = ""
        for item in _member(file):
            if isinstance(item, Break):
                what = item.what
            yield item
        if what:
            file.go_back(start + 1)  # where it stands itself it would be found again
            if not file.to_member():
                return


def _member(file: _Packed) -> Iterator[Piece | Break]:
    """The pieces of the gzip member that begins here."""
    start = file.offset
    unpacker = zlib.decompressobj(31)
    first = b""  # of the member, until it tells whether a record begins
    fresh = True
    fed = tail = b""
    data = b""
    while not unpacker.eof:
        # what was fed may be used up and still give more than was asked for
        if not tail and len(data) < _PIECE:
            if not file.fill():
                yield Break(start, "the file breaks off in it")
                return
            fed = tail = file.data[:_PACKED_PIECE]
        try:
            data = unpacker.decompress(tail, _PIECE)
        except zlib.error:
            yield Break(start, "damaged gzip data")
            return
        # at the end of a member both may hold what is behind it
        tail = b"" if unpacker.eof else unpacker.unconsumed_tail
        if fed and not tail:
            file.drop(len(fed) - len(unpacker.unused_data))
            fed = b""
        first += file.count(data)
        if first and (not fresh or len(first) >= len(_RECORD) or unpacker.eof):
            yield Piece(start, first, counts=False, begins=fresh and first.startswith(_RECORD))
            first, fresh = b"", False
