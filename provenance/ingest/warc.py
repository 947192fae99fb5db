"""Records of WARC files (ISO 28500), plain or gzipped, read forward one at a time.

The format is read here and not by warcio, the library that most tools use: that one reads header lines of any length,
takes a gzip member that breaks off for one that ends, and gives up a file at its first bad record. Here a record that
is cut off or damaged is named and left out, and reading goes on behind it: at the next gzip member that begins a
record, or at the next line that begins one. Nothing but one record is held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from provenance.errors import InputError, MalformedError, TooLargeError
from provenance.ingest.members import Break, Piece, packed_pieces, plain_pieces
from provenance.settings import IngestSettings

Headers = Mapping[str, str]
"""The fields of a record by name in lower case; of a repeated one the first."""

_VERSION = re.compile(rb"WARC/(?:0\.1[78]|1\.\d)\r?\n")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})[ \t]{0,20}:(.*)", re.DOTALL)
_BEGINNING = re.compile(rb"WARC/(?:0\.1[78]|1\.\d)\r?\n[A-Za-z]")
_CUT = re.compile(rb"WARC/(?:0\.1[78]|1\.\d)\r?\n\Z")
_END: Final = b"\r\n\r\n"
_WORD: Final = b"WARC/"
_LONGEST_BEGINNING: Final = 11
_LENGTH = re.compile(r"[0-9]{1,18}")
_LINE_ENDS: Final = b"\r\n"
_LINE_END: Final = (b"\r", b"\n")
_SKIP_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        where: the file, which of its records it is (from 1, damaged ones counted) and the byte of the file at which it
            begins; in gzipped files that at which its gzip member does.
        headers: its fields.
        block: what it holds.
    """

    where: str
    headers: Headers
    block: bytes


class _DamageError(Exception):
    """What stands here is no whole record; reading goes on behind it."""


class _Reader:
    """The bytes of an archive in order, with the places at which gzip members begin records."""

    def __init__(self, pieces: Iterator[Piece | Break]) -> None:
        self._pieces = pieces
        self._waiting: Piece | Break | None = None
        self._data, self._at = b"", 0
        self._start = 0  # of `_data`, or of its gzip member
        self._counts = True  # whether offsets run on with the bytes

    @property
    def offset(self) -> int:
        """Of the next byte in the file, or of the gzip member that it is in."""
        return self._start + self._at if self._counts else self._start

    def _more(self) -> bool:
        """Read on; False at the end of all that can belong to the present record."""
        if self._waiting is None:
            self._waiting = next(self._pieces, None)
        piece = self._waiting
        if piece is None or isinstance(piece, Break) or piece.begins:
            return False
        self._append(piece)
        return True

    def _append(self, piece: Piece) -> None:
        left = self._data[self._at :]
        if not left or not piece.counts:
            self._start = piece.offset
        else:
            self._start += self._at
        self._data, self._at, self._waiting, self._counts = left + piece.data, 0, None, piece.counts

    def next_part(self) -> Break | bool:
        """Go to the next record: a break in the file before it, True where there is one, False at the end."""
        while True:
            while self._at < len(self._data):
                if self._data[self._at] not in _LINE_ENDS:
                    return True
                self._at += 1
            if self._more():
                continue
            waiting, self._waiting = self._waiting, None
            if waiting is None or isinstance(waiting, Break):
                return False if waiting is None else waiting
            self._append(waiting)

    def line(self, limit: int) -> bytes:
        """The next line with its end, cut at the limit."""
        looked = 0
        while True:
            end = self._data.find(b"\n", self._at + looked, self._at + limit)
            if end >= 0:
                return self._take(end + 1 - self._at)
            looked = min(len(self._data) - self._at, limit)
            if looked == limit or not self._more():
                return self._take(looked)

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def read(self, count: int) -> bytes:
        """So many bytes, fewer where the record cannot have them."""
        parts = [self._take(count)]
        left = count - len(parts[0])
        while left and self._more():
            parts.append(self._take(left))
            left -= len(parts[-1])
        return b"".join(parts)

    def unread(self, data: bytes) -> None:
        """Put back what was read last."""
        self._data = data + self._data[self._at :]
        self._start += self._at - len(data) if self._counts else 0
        self._at = 0

    def at_record(self) -> bool:
        """Whether the record ends here: with two line ends, or with nothing else before the next one or a sound end."""
        while len(self._data) - self._at < len(_END) and self._more():
            pass
        if self._data.startswith(_END, self._at) and (self._counts or self._ends_member(len(_END))):
            self._at += len(_END)
            return True
        passed = 0
        while passed < _SKIP_BYTES:
            ahead = self._data[self._at + passed : self._at + passed + len(_WORD)]
            if ahead[:1] in _LINE_END:
                passed += 1
            elif len(ahead) == len(_WORD):
                return ahead == _WORD
            elif not self._more():
                return not ahead and not self._broken()
        return False

    def _ends_member(self, count: int) -> bool:
        """Whether the gzip member being read ends after so many bytes, soundly: its checksum shows only there."""
        if len(self._data) - self._at > count:
            return False
        if self._waiting is None:
            self._waiting = next(self._pieces, None)
        return self._waiting is None or self._waiting.offset != self._start

    def _broken(self) -> str:
        """What broke off the gzip member that is being read; empty where nothing did."""
        waiting = self._waiting
        return waiting.what if isinstance(waiting, Break) and waiting.offset == self._start else ""

    def recover(self) -> str:
        """Go on to where the next record begins, or as far as the present one could reach.

        Returns:
            What broke the file off there; empty where nothing did.
        """
        while True:
            found = self._data.find(_WORD, self._at)
            if found < 0:
                self._at = max(self._at, len(self._data) - len(_WORD) + 1)  # it may begin in what was read
            elif _BEGINNING.match(self._data, found):
                self._at = found
                return ""
            elif len(self._data) - found >= _LONGEST_BEGINNING:
                self._at = found + 1
                continue
            else:
                self._at = found
            if not self._more():
                self._at = len(self._data)
                what = self._broken()
                if what:
                    self._waiting = None
                return what


def read_records(
    stream: BinaryIO,
    where: str,
    settings: IngestSettings,
    wanted: Callable[[Headers, bytes], bool],
    *,
    packed: bool = False,
    size: int = 0,
) -> Iterator[Record | InputError]:
    """The wanted records of an archive.

    Args:
        stream: read forward only.
        where: its name, for errors.
        settings: limits.
        wanted: asked for each record, by its fields and the first bytes of its block (`archive_header_bytes`).
        packed: whether it is gzip.
        size: bytes of a plain file, 0 where unknown; a record that claims more is then known to be cut off at once.

    Yields:
        a record, or an error (not raised) for each that is damaged or too large.

    Raises:
        TooLargeError: it unpacks to more than the settings allow, or is damaged in more places.
        UnreadableError: the stream cannot be read.
    """
    pieces = packed_pieces(stream, where, settings) if packed else plain_pieces(stream, where)
    reader = _Reader(pieces)
    number = damaged = 0
    while (part := reader.next_part()) is not False:
        number += 1
        place = f"{where}, record {number} at byte {reader.offset if part is True else part.offset}"
        item: Record | InputError | None
        what = part.what if isinstance(part, Break) else ""
        try:
            item = None if what else _record(reader, place, settings, wanted, size)
        except _DamageError as error:
            what = reader.recover() or str(error)
        if what:
            damaged += 1
            item = MalformedError(what, where=place, remedy="fetch the file again, or leave the record out")
        if item is not None:
            yield item
        if damaged > settings.archive_damage:
            what = f"damaged in more than {settings.archive_damage:,} places; the rest was not read"
            raise TooLargeError(what, where=where, remedy="fetch it again, or raise ingest.archive_damage")


def _record(
    reader: _Reader, place: str, settings: IngestSettings, wanted: Callable[[Headers, bytes], bool], size: int
) -> Record | InputError | None:
    """The record that begins here, an error for one that is too large, or None for one that is not wanted.

    Raises:
        _DamageError: it is damaged or cut off.
    """
    headers = _headers(reader, settings)
    length = _length_of(headers)
    if size and length > size - reader.offset:
        raise _DamageError(f"it should have {length:,} bytes, and the file ends before")
    head = reader.read(min(length, settings.archive_header_bytes))
    kept = length <= settings.maximum_page_bytes + settings.archive_header_bytes
    whole = wanted(headers, head) if len(head) == min(length, settings.archive_header_bytes) else False
    if kept and whole:
        block = head + reader.read(length - len(head))
        got = len(block)
    else:
        block, got = head, len(head)
        while got < length and (passed := len(reader.read(min(length - got, _SKIP_BYTES)))):
            got += passed
    sound = got == length and reader.at_record()
    if not sound:
        if got == len(block):
            reader.unread(block)
        what = (
            f"it should have {length:,} bytes, and has only {got:,}" if got < length else "it has more than its length"
        )
        raise _DamageError(what)
    if not whole:
        return None
    if not kept:
        what = f"larger than {settings.maximum_page_bytes:,} bytes"
        return TooLargeError(what, where=place, remedy="leave it out, or raise ingest.maximum_page_bytes")
    return Record(place, headers, block)


def _length_of(headers: Headers) -> int:
    length = headers.get("content-length", "")
    if _LENGTH.fullmatch(length) is None or "warc-type" not in headers:
        raise _DamageError("its fields do not say its type and length")
    return int(length)


def _headers(reader: _Reader, settings: IngestSettings) -> dict[str, str]:
    """The fields of the record that begins here.

    Raises:
        _DamageError: there is none, or its fields have no end within the limits.
    """
    left = settings.archive_header_bytes
    version = reader.line(left)
    if _VERSION.fullmatch(version) is None:
        reader.unread(version[1:])  # a record may begin within it
        raise _DamageError("no WARC record begins here")
    lines: list[bytes] = []
    while (line := reader.line(left)) not in {b"\r\n", b"\n"}:
        left -= len(line)
        lines.append(line)
        if left <= 0 or not line.endswith(b"\n") or _CUT.search(line[-_LONGEST_BEGINNING:]):
            reader.unread(b"".join(lines))
            raise _DamageError("its fields are cut off or without end")
    return fields_of(lines)


def fields_of(lines: list[bytes]) -> dict[str, str]:
    """Fields as RFC 9112 and ISO 28500 write them, by name in lower case; of a repeated one the first.

    A line that begins with white space goes on with the one before; lines that are no field are passed over.
    """
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in {" ", "\t"}:
            if name:
                found[name] += f" {text.strip()}"
            continue
        match = _FIELD.fullmatch(text)
        name = match[1].lower() if match else ""
        if match and name not in found:
            found[name] = match[2].strip()
        else:
            name = ""
    return found
