r"""Which files there are, and what is in them.

Ids of files: the path relative to the folder given, with `/`; for a file given by itself its name. Where that would
give two different files one id, each gets as many of the folders above it as are needed to tell them apart. The text
read from standard input has the id `stdin`. Names that are not UTF-8 have their bytes escaped (`\\xff`).
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, cast

from provenance.errors import (
    BinaryInputError,
    EmptyInputError,
    InputError,
    MalformedError,
    TooLargeError,
    UnreadableError,
)
from provenance.ingest import archives, encodings, feeds, records
from provenance.ingest.archives import Captures
from provenance.ingest.meter import Meter
from provenance.ingest.opened import open_file, reason, unchanged
from provenance.ingest.texts import read_text
from provenance.model import Article
from provenance.settings import IngestSettings

Kind = Literal["text", "markdown", "html", "jsonl", "json", "csv", "tsv", "archive", "other"]
Read = tuple[str, Article] | InputError
"""An article with the place it was read from, or what could not be used."""

STDIN = "stdin"
"""The id of a text from standard input, and its name in messages."""

_KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".warc": "archive",
    ".wet": "archive",
    **dict.fromkeys(
        (".css", ".js", ".mjs", ".ts", ".map", ".svg", ".py", ".sh", ".toml", ".yaml", ".yml", ".ini", ".cfg", ".sql"),
        "other",
    ),
}
# which setting bounds a file that is read whole; files of records are streamed
_LIMITS: dict[Kind, str] = {
    "text": "maximum_file_bytes",
    "markdown": "maximum_file_bytes",
    "html": "maximum_page_bytes",
    "json": "maximum_file_bytes",
}
_PAGE = re.compile(
    r"\s{0,999}(?:<\?xml[^<>]{0,200}\?>\s{0,99})?(?:<!--(?:[^-]|-(?!->)){0,5000}-->\s{0,99}){0,5}"
    r"<(?:!doctype\s{1,9}html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"\s{0,999}<(?:article|section|main|header|div|p|h[1-6]|meta|title|link|table)(?:\s[^<>]{0,999})?/?>", re.IGNORECASE
)
_FEED = re.compile(
    r"\s{0,99}(?:<\?xml[^<>]{0,200}\?>\s{0,99})?(?:<!--(?:[^-]|-(?!->)){0,5000}-->\s{0,99}){0,5}<(rss|feed|rdf:RDF|urlset)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[\s\ufeff]{0,999}<")
_XML = re.compile(r"\s{0,99}<\?xml\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be read, with its size in bytes, or what keeps it from being read; special ones are pipes, devices."""

    identity: str
    path: Path
    error: InputError | None = None
    size: int = 0
    special: bool = False


def list_entries(paths: Sequence[Path]) -> list[Entry]:
    """The files that paths lead to, sorted by id, each once; folders with all they hold.

    Hidden files and folders are left out, and so are a folder's README and the folder `page_files` beside a page
    `page.html`; any of them is read where it is given by itself. Folders that are
    symbolic links are followed after all others, and none is entered twice, so that loops end. What cannot be listed is
    an entry with an error.
    """
    found: dict[str, Entry] = {}  # by absolute path; the entry through a folder stands for a file also given by itself
    for path in sorted(set(paths), key=os.fspath):
        for entry in _entries_of(path):
            absolute = os.path.abspath(entry.path)  # noqa: PTH100 - resolve() would follow links
            known = found.get(absolute)
            if known is None or len(entry.identity) > len(known.identity):
                found[absolute] = entry
    return sorted(_told_apart(found), key=lambda entry: (entry.identity, os.fspath(entry.path)))


def _entries_of(path: Path) -> Iterator[Entry]:
    name = _printable(path.name or os.fspath(path))
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        remedy = "check the name and the permission"
        yield Entry(name, path, UnreadableError(reason(error), where=os.fspath(path), remedy=remedy))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk(path)
    else:
        yield Entry(name, path, size=status.st_size, special=not stat.S_ISREG(status.st_mode))


def _tells_of_folder(name: str) -> bool:
    """Whether a file is about the folder it lies in, not of what the folder collects."""
    return name.partition(".")[0].casefold() == "readme"


def _walk(root: Path) -> Iterator[Entry]:
    entered: set[tuple[int, int]] = set()
    folders, links = [root], list[Path]()
    while folders or links:
        folder = folders.pop() if folders else links.pop(0)
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                children = sorted(listing, key=lambda child: child.name)
        except OSError as error:
            where = os.fspath(folder)
            unlisted = UnreadableError(reason(error), where=where, remedy="check the permission of the folder")
            yield Entry(_identity(folder, root), folder, unlisted)
            continue
        names = {child.name for child in children}
        for child in children:
            if child.name.startswith(".") or _tells_of_folder(child.name) or _belongs_to_page(child.name, names):
                continue
            path = Path(child.path)
            if not _is_folder(child):
                yield _child(path, root)
            elif child.is_symlink():
                links.append(path)
            else:
                folders.append(path)
        links.sort()


def _is_folder(child: os.DirEntry[str]) -> bool:
    try:
        return child.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _belongs_to_page(name: str, siblings: set[str]) -> bool:
    """Whether a folder is what browsers save beside a page: its pictures, scripts and styles."""
    page = name.removesuffix("_files")
    return page != name and not siblings.isdisjoint({f"{page}.html", f"{page}.htm"})


def _child(path: Path, root: Path) -> Entry:
    where = os.fspath(path)
    try:
        status = path.stat()
    except OSError as error:
        unreadable = UnreadableError(reason(error), where=where, remedy="remove the link or mend what it leads to")
        return Entry(_identity(path, root), path, unreadable)
    if stat.S_ISREG(status.st_mode):
        return Entry(_identity(path, root), path, size=status.st_size)
    special = UnreadableError("neither a file nor a folder", where=where, remedy="leave it out")
    return Entry(_identity(path, root), path, special)


def _identity(path: Path, root: Path) -> str:
    return _printable(path.relative_to(root).as_posix())


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _told_apart(found: dict[str, Entry]) -> list[Entry]:
    """The entries, each id that several would share made longer by one folder at a time until none is shared."""
    names = {absolute: entry.identity for absolute, entry in found.items()}
    depths = {absolute: name.count("/") + 1 for absolute, name in names.items()}
    while True:
        counts = Counter(names.values())
        shared = [absolute for absolute, name in names.items() if counts[name] > 1]
        if not shared:
            break
        for absolute in shared:
            depths[absolute] += 1
            names[absolute] = _printable("/".join(Path(absolute).parts[-depths[absolute] :]))
    return [replace(entry, identity=names[absolute]) for absolute, entry in found.items()]


class _Source(io.RawIOBase):
    """A stream read forward only, with bytes already taken put back, a bound, and errors that name the file."""

    def __init__(self, stream: BinaryIO, where: str, limit: int | None, head: bytes = b"") -> None:
        super().__init__()
        self._stream, self._where, self._left, self._head = stream, where, limit, head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # typeshed's Buffer is not in Python 3.10
        try:
            data = self._head[: len(buffer)] or self._stream.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise MalformedError("damaged gzip data", where=self._where, remedy="fetch or pack it again") from error
        except OSError as error:
            raise UnreadableError(reason(error), where=self._where, remedy="check the file") from error
        self._head = self._head[len(data) :]
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                what = "it unpacks to more than ingest.maximum_unpacked_bytes or maximum_unpacked_ratio allows"
                raise TooLargeError(what, where=self._where, remedy="unpack it, or raise that setting")
        buffer[: len(data)] = data
        return len(data)


def read_entry(
    entry: Entry, settings: IngestSettings, meter: Meter | None = None, captures: Captures | None = None
) -> Iterator[Read]:
    """The articles of one file; a meter is told of it, and of pages of archives what was read of them is known.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    if entry.error is not None:
        raise entry.error
    where = os.fspath(entry.path)
    stream = open_file(where, settings, special=entry.special)
    with closing(stream):
        if meter is not None:
            meter.begin(stream)
        name = entry.path.name.lower()
        packed = name.endswith(".gz")
        kind = _KINDS.get(Path(name.removesuffix(".gz")).suffix)
        size = os.fstat(stream.fileno()).st_size
        found = read_stream(
            stream, entry.identity, where, settings, kind=kind, packed=packed, size=size, captures=captures
        )
        yield from unchanged(found, stream, where)


def read_stream(  # noqa: PLR0913 - all but the first four have usual values
    stream: BinaryIO,
    identity: str,
    where: str,
    settings: IngestSettings,
    *,
    kind: Kind | None = None,
    packed: bool = False,
    size: int = 0,
    captures: Captures | None = None,
) -> Iterator[Read]:
    """The articles of a stream.

    Args:
        stream: read forward only.
        identity: the id of the article, if the stream is one.
        where: its name, for errors.
        settings: limits.
        kind: None to tell it from the first bytes.
        packed: whether it is gzip.
        size: bytes, 0 where unknown.
        captures: which texts of the pages of archives were read before.

    Raises:
        InputError: the stream as a whole cannot be used.
    """
    if kind == "other":
        what = "program text or settings, not an article"
        raise InputError(what, where=where, remedy="leave it out, or rename it .txt")
    if kind == "archive":
        # unpacked member by member there, so that what is behind a damaged one can be read
        yield from archives.read_archive(stream, where, settings, packed=packed, size=size, captures=captures)
        return
    limit = None
    if packed:
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
        limit = settings.maximum_unpacked_bytes
        if size:
            limit = min(limit, max(settings.maximum_file_bytes, size * settings.maximum_unpacked_ratio))
    source = cast("BinaryIO", io.BufferedReader(_Source(stream, where, limit), settings.sniff_bytes))
    head = _head(source, settings.sniff_bytes)
    binary = encodings.describe_binary(head)
    if binary is not None:
        raise BinaryInputError(f"this is {binary[0]}, not text", where=where, remedy=binary[1])
    if not head:
        raise EmptyInputError("it is empty", where=where, remedy="leave it out")
    rest = io.BufferedReader(_Source(source, where, None, head), settings.sniff_bytes)
    rest.peek(settings.sniff_bytes)
    chosen = kind or sniff(head)
    if chosen == "text" and _PAGE.match(_sample(head)):
        chosen = "html"  # a page saved under the name of a text
    name = _LIMITS.get(chosen)
    if name is not None and not packed and size > getattr(settings, name):
        raise _too_large(getattr(settings, name), name, where)
    if chosen == "archive":
        yield from archives.read_archive(cast("BinaryIO", rest), where, settings, captures=captures)
    elif chosen in {"jsonl", "csv", "tsv"}:
        yield from _records(chosen, cast("BinaryIO", rest), where, settings)
    else:
        yield from _document(chosen, cast("BinaryIO", rest), identity, where, settings)


def _head(stream: BinaryIO, wanted: int) -> bytes:
    """The first bytes of a stream, as many as wanted unless it ends before; a pipe gives fewer at a time."""
    parts, length = [], 0
    while length < wanted and (part := stream.read(wanted - length)):
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def _records(kind: Kind, stream: BinaryIO, where: str, settings: IngestSettings) -> Iterator[Read]:
    if kind == "jsonl":
        yield from records.read_jsonl(stream, where, settings)
    else:
        yield from records.read_csv(stream, where, settings, "\t" if kind == "tsv" else None)


def _document(kind: Kind, stream: BinaryIO, identity: str, where: str, settings: IngestSettings) -> Iterator[Read]:
    name = _LIMITS[kind]
    limit: int = getattr(settings, name)
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise _too_large(limit, name, where)
    declares = kind == "html" or data[:100].lstrip().startswith(b"<?xml")
    declared = encodings.declared_charset(data[: settings.sniff_bytes]) if declares else None
    text = encodings.decode(data, settings, where=where, declared=declared)
    if not text or text.isspace():
        raise EmptyInputError("nothing but white space", where=where, remedy="leave it out")
    if kind == "json":
        yield from records.read_json(text, where, settings)
    elif kind == "html":
        from provenance.ingest.html import read_page  # noqa: PLC0415 - lxml is loaded for pages only

        yield where, read_page(text, identity, where, settings)
    elif _MARKUP.match(text) and (xml := feeds.kind_of(text)):
        if xml == "opml":
            remedy = "`provenance watch` follows the feeds it names"
            raise MalformedError("a list of feeds, not a feed", where=where, remedy=remedy)
        yield from feeds.feed_articles(feeds.read_feed(text, where, settings), where, settings)
    elif _FEED.match(text) or _XML.match(text):
        remedy = "give the pages it lists, or articles as JSON Lines"
        raise MalformedError("XML that is no page and no feed", where=where, remedy=remedy)
    else:
        yield where, read_text(text, identity, settings, markdown=kind == "markdown")


def _too_large(limit: int, name: str, where: str) -> TooLargeError:
    return TooLargeError(f"larger than {limit:,} bytes", where=where, remedy=f"split it, or raise ingest.{name}")


def _sample(head: bytes) -> str:
    encoding, rest = encodings.split_mark(head)
    return rest.decode(encoding or "utf-8", "replace")


def sniff(head: bytes) -> Kind:
    """What a stream without a telling name is, by its first bytes: an archive, a page, JSON, CSV, or else text."""
    if archives.is_archive(head):
        return "archive"
    text = _sample(head)
    if _PAGE.match(text) or _FRAGMENT.match(text):
        return "html"
    line = text.lstrip().partition("\n")[0]
    if line.startswith("{"):
        try:
            records.parse_object(line, "")
        except MalformedError:
            # one object over several lines; a line longer than the sample ends within the object
            return "json" if re.match(r'\{\s{0,999}"', text.lstrip()) and "\n" in text.strip() else _cut(line, text)
        return "jsonl"
    if re.match(r"\[\s{0,999}\{\s{0,999}\"", text.lstrip()):
        return "json"
    return "csv" if records.looks_like_csv(line) else "text"


def _cut(line: str, text: str) -> Kind:
    return "jsonl" if re.match(r'\{\s{0,99}"[^"]{1,99}"\s{0,99}:', line) and line == text.strip() else "text"
