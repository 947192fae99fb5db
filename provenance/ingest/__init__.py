"""Outside to `Article`: files, pages, records, and what a page says of its origin outside its text."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from provenance.errors import InputError, MalformedError
from provenance.ingest.archives import Captures
from provenance.ingest.bounded import listed
from provenance.ingest.dates import parse_date
from provenance.ingest.files import STDIN, Entry, Read, list_entries, read_entry, read_stream
from provenance.ingest.meter import Meter
from provenance.model import Article
from provenance.settings import IngestSettings

__all__ = ["Captures", "Entry", "Meter", "list_entries", "parse_date", "read", "read_entries"]


def read(
    paths: Sequence[Path | str],
    settings: IngestSettings,
    *,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
    captures: Captures | None = None,
) -> Iterator[Article | InputError]:
    """Read articles out of files, folders and standard input, one after the other.

    Files are read in the order of their ids, whatever the order of `paths`; standard input comes last. Nothing but one
    file or record and the ids so far is held in memory. The same id with the same text is given once; with another text
    it is an error, since which of the two is meant cannot be told. Only pages of archives come again, with each text in
    the order in which they were fetched.

    Args:
        paths: files and folders; `-` is standard input.
        settings: limits.
        stdin: what `-` reads; the standard input of this process where None.
        meter: shows, whenever an article has been given, how far reading is.
        captures: when the texts held of the pages of archives were fetched; older ones are passed over.

    Yields:
        an article, or an error (not raised) for each file or record that cannot be used.
    """
    captures = captures or Captures()
    named = [os.fspath(path) for path in paths]
    entries = list_entries([Path(name) for name in named if name != "-"])
    piped = (stdin or sys.stdin.buffer) if "-" in named else None
    meter = meter or Meter()
    meter.expect(sum(entry.size for entry in entries))
    return _once(_read_all(entries, settings, piped, meter, captures), captures)


def read_entries(
    entries: Iterable[Entry], settings: IngestSettings, *, captures: Captures | None = None
) -> Iterator[Article | InputError]:
    """Read articles out of some of the files that `list_entries` found, as `read` does.

    The next entry is asked for when all articles of the one before have been taken.
    """
    captures = captures or Captures()
    return _once(_read_all(entries, settings, None, Meter(), captures), captures)


def _once(items: Iterable[Read], captures: Captures) -> Iterator[Article | InputError]:
    """Each article once; the same id with another text is an error unless it is a later text of a page."""
    texts: dict[str, int] = {}  # id to hash of the text
    for item in items:
        if isinstance(item, InputError):
            yield item.with_traceback(None)
            continue
        where, article = item
        digest = hash(article.text)
        known = texts.get(article.id)
        if known is None or (known != digest and article.id in captures):
            texts[article.id] = digest
            yield article
        elif known != digest:
            what = f"the id {article.id!r} was read before with another text"
            yield MalformedError(what, where=where, remedy="give every article an id of its own")


def _read_all(
    entries: Iterable[Entry], settings: IngestSettings, stdin: BinaryIO | None, meter: Meter, captures: Captures
) -> Iterator[Read]:
    for entry in entries:
        try:
            yield from listed(read_entry(entry, settings, meter, captures), os.fspath(entry.path), settings)
        except InputError as error:
            yield error
        meter.end(entry.size)
    if stdin is not None:
        try:
            yield from listed(read_stream(stdin, STDIN, STDIN, settings, captures=captures), STDIN, settings)
        except InputError as error:
            yield error
