"""Outside to `Article`: files, pages, records, and what a page says of its origin outside its text."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from provenance.errors import InputError, MalformedError
from provenance.ingest.dates import parse_date
from provenance.ingest.files import STDIN, Read, list_entries, read_entry, read_stream
from provenance.ingest.meter import Meter
from provenance.model import Article
from provenance.settings import IngestSettings

__all__ = ["Meter", "parse_date", "read"]


def read(
    paths: Sequence[Path | str],
    settings: IngestSettings,
    *,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
) -> Iterator[Article | InputError]:
    """Read articles out of files, folders and standard input, one after the other.

    Files are read in the order of their ids, whatever the order of `paths`; standard input comes last. Nothing but one
    file or record and the ids so far is held in memory. The same id with the same text is given once; with another text
    it is an error, since which of the two is meant cannot be told.

    Args:
        paths: files and folders; `-` is standard input.
        settings: limits.
        stdin: what `-` reads; the standard input of this process where None.
        meter: shows, whenever an article has been given, how far reading is.

    Yields:
        an article, or an error (not raised) for each file or record that cannot be used.
    """
    texts: dict[str, int] = {}  # id to hash of the text
    for item in _read_all(paths, settings, stdin, meter or Meter()):
        if isinstance(item, InputError):
            yield item.with_traceback(None)
            continue
        where, article = item
        digest = hash(article.text)
        known = texts.get(article.id)
        if known is None:
            texts[article.id] = digest
            yield article
        elif known != digest:
            what = f"the id {article.id!r} was read before with another text"
            yield MalformedError(what, where=where, remedy="give every article an id of its own")


def _read_all(
    paths: Sequence[Path | str], settings: IngestSettings, stdin: BinaryIO | None, meter: Meter
) -> Iterator[Read]:
    named = [os.fspath(path) for path in paths]
    entries = list_entries([Path(name) for name in named if name != "-"])
    meter.expect(sum(entry.size for entry in entries))
    for entry in entries:
        try:
            yield from read_entry(entry, settings, meter)
        except InputError as error:
            yield error
        meter.end(entry.size)
    if "-" in named:
        try:
            yield from read_stream(stdin or sys.stdin.buffer, STDIN, STDIN, settings)
        except InputError as error:
            yield error
