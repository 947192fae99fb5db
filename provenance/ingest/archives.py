"""Pages of web archives (WARC) to articles.

Taken are responses with status 200 that are HTML, and pages that a crawler kept without a response (`resource`); of
archives of extracted text (WET) the texts. The id of an article is the address of its page. The date of a record tells
in which order the texts of one page came, never when it was published.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO, Final
from urllib.parse import urlsplit, urlunsplit

from provenance.errors import EmptyInputError, InputError, MalformedError
from provenance.ingest import encodings
from provenance.ingest.responses import body_of, charset, media_type, response_head
from provenance.ingest.texts import read_text
from provenance.ingest.warc import Headers, Record, read_records
from provenance.model import Article
from provenance.settings import IngestSettings

log = logging.getLogger(__name__)

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?)?)?)Z?")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]{1,4000}", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}


class Captures:
    """When the pages of archives were fetched, so that an older text of a page never replaces a newer one.

    Args:
        held: the moment at which the text held of a page was fetched, by the page's id; None where that is not known.
    """

    def __init__(self, held: Callable[[str], str | None] | None = None) -> None:
        self._held = held or _unknown
        self.latest: dict[str, str] = {}
        """Of the pages given since, by id, the moment at which the newest text was fetched."""

    def takes(self, page: str, moment: str) -> bool:
        """Note that a page is to be given with the text of a moment; False where a newer one was given or is held.

        Args:
            page: its id.
            moment: as in WARC-Date, without the Z; empty where it is not known, which counts as the oldest.
        """
        known = self.latest.get(page)
        if known is None:
            known = self._held(page)
        if known is not None and moment < known:
            return False
        self.latest[page] = moment
        return True

    def __contains__(self, page: str) -> bool:
        return page in self.latest


def _unknown(_page: str) -> str | None:
    return None


def is_archive(head: bytes) -> bool:
    """Whether a file begins as a WARC file that is not packed."""
    return head.startswith((b"WARC/1.", b"WARC/0.1"))


def page_id(address: str) -> str | None:
    """The address of a page as its id: scheme and host in lower case, without fragment and usual port; else None."""
    cleaned = address.strip().strip("<>")
    if _ADDRESS.fullmatch(cleaned) is None:
        return None
    try:
        parts = urlsplit(cleaned)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    if not host or "@" in parts.netloc:
        return None
    host = f"[{host}]" if ":" in host else host
    place = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    return urlunsplit((scheme, place, parts.path or "/", parts.query, ""))


class _Selection:
    """Which records hold pages, and how many were passed over and why."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()

    def __call__(self, headers: Headers, head: bytes) -> bool:
        reason = _passed_over(headers, head)
        if reason:
            self.passed[reason] += 1
        return not reason

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {reason}" for reason, count in sorted(self.passed.items())) or "none"


def _passed_over(headers: Headers, head: bytes) -> str:
    """Why a record is not read; empty where it is."""
    kind = headers.get("warc-type", "").lower()
    if kind not in {"response", "resource", "conversion"}:
        return kind if kind in {"revisit", "request", "metadata", "warcinfo", "continuation"} else "of other types"
    if page_id(headers.get("warc-target-uri", "")) is None:
        return "without a web address"
    if kind == "response":
        response = response_head(head)
        if response is None:
            return ""  # read, so that it is named
        if response.status != 200:
            return "with another status than 200"
        return "" if response.media_type in _PAGES else "of other kinds"
    wanted = _PAGES if kind == "resource" else _PAGES | {"text/plain"}
    return "" if media_type(headers.get("content-type", "")) in wanted else "of other kinds"


def read_archive(
    stream: BinaryIO,
    where: str,
    settings: IngestSettings,
    *,
    packed: bool = False,
    size: int = 0,
    captures: Captures | None = None,
) -> Iterator[tuple[str, Article] | InputError]:
    """The pages of a WARC file, each with the place it stands at.

    Args:
        stream: read forward only; one record is held in memory.
        where: its name, for errors.
        settings: limits.
        packed: whether it is gzip.
        size: bytes of the file, 0 where unknown.
        captures: what was read before; texts of a page that are older than that are passed over.

    Yields:
        a page, or an error (not raised) for each record that is damaged, cut off, too large, or holds no text. One page
        may come with several texts, in the order of the file; older texts behind newer ones are passed over.

    Raises:
        EmptyInputError: there is no page in it.
        TooLargeError: it unpacks to more than the settings allow, or is damaged in too many places.
        UnreadableError: the stream cannot be read.
    """
    known = Captures() if captures is None else captures
    selection = _Selection()
    pages = problems = 0
    for item in read_records(stream, where, settings, selection, packed=packed, size=0 if packed else size):
        if isinstance(item, InputError):
            problems += 1
            yield item
            continue
        pages += 1
        page = page_id(item.headers.get("warc-target-uri", "")) or ""
        try:
            article = _article(item, page, settings)
        except InputError as error:
            problems += 1
            yield error
            continue
        if known.takes(page, _moment(item.headers)):
            yield item.where, article
        else:
            selection.passed["older than what is held of their page"] += 1
    log.info("%s: %d pages; passed over: %s", where, pages, selection)
    if not pages and not problems:
        remedy = "give an archive of HTML pages; formats older than WARC first have to be converted"
        raise EmptyInputError(f"no page in it (passed over: {selection})", where=where, remedy=remedy)


def _moment(headers: Headers) -> str:
    match = _DATE.fullmatch(headers.get("warc-date", "").strip())
    return match[1] if match else ""


def _article(record: Record, page: str, settings: IngestSettings) -> Article:
    """The article of one page.

    Raises:
        InputError: it cannot be used.
    """
    where = f"{record.where} ({page})"
    fields, body = record.headers, record.block
    if "warc-segment-number" in fields:
        raise MalformedError("a record in several segments", where=where, remedy="join them first")
    if fields["warc-type"].lower() == "response":
        response = response_head(body)
        if response is None:
            raise MalformedError("no HTTP response, or fields without end", where=where, remedy="leave the record out")
        fields = response.fields
        body = body_of(body[response.length :], fields, where, settings)
    kind = fields.get("content-type", "")
    declared = charset(kind) or encodings.declared_charset(body[: settings.sniff_bytes])
    text = encodings.decode(body, settings, where=where, declared=declared)
    if not text or text.isspace():
        raise EmptyInputError("nothing but white space", where=where, remedy="leave the record out")
    if media_type(kind) not in _PAGES:
        return replace(read_text(text, page, settings), url=page)
    from provenance.ingest.html import read_page  # noqa: PLC0415 - lxml is loaded for pages only

    article = read_page(text, page, where, settings, address=page)
    return article if article.url else replace(article, url=page)
