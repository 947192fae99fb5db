"""Places on the web to articles: single pages, feeds, and the pages behind the entries of feeds.

The network is `fetching`'s, what is done with an answer is `ingest`'s; this joins the two.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from provenance.errors import BinaryInputError, EmptyInputError, FetchError, InputError, MalformedError, TooLargeError
from provenance.fetching.addresses import is_address
from provenance.fetching.client import Fetched, Fetcher
from provenance.ingest import Captures, Meter, encodings, files, read
from provenance.ingest.archives import page_id
from provenance.ingest.feeds import (
    Feed,
    FeedEntry,
    beginnings_only,
    entry_article,
    feed_articles,
    feed_entries,
    kind_of,
    read_feed,
)
from provenance.ingest.texts import read_text
from provenance.model import Article
from provenance.settings import IngestSettings, Settings

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_Read = tuple[str, Article] | InputError
_NO_TEXT = ("image/", "audio/", "video/", "font/")


def read_places(
    places: Sequence[Path | str],
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
    captures: Captures | None = None,
    follow: bool = False,
    fetcher: Fetcher | None = None,
) -> Iterator[Article | InputError]:
    """Read articles out of files and folders (`ingest.read`) and out of web addresses, these last.

    Args:
        places: paths, `-` for standard input, or http and https addresses of pages and feeds.
        settings: limits.
        stdin: what `-` reads.
        meter: how far reading is.
        captures: when the texts held of the pages of archives were fetched.
        follow: whether the pages behind the entries of feeds are fetched, those of feed files given by name, too.
        fetcher: one that is at work already; a new one where None.

    Yields:
        an article, or an error (not raised) for whatever cannot be used.
    """
    named = [os.fspath(place) for place in places]
    addresses = sorted({name.strip() for name in named if is_address(name)})
    paths = [name for name in named if not is_address(name)]
    feeds = [name for name in paths if follow and _is_feed_file(name, settings.ingest)]
    rest = [name for name in paths if name not in set(feeds)]
    if rest:
        yield from read(rest, settings.ingest, stdin=stdin, meter=meter, captures=captures)
    if addresses or feeds:
        web = _Web(settings, fetcher or Fetcher(settings.fetch), follow=follow)
        yield from _once(web.read(sorted(feeds), addresses))


def page_article(fetched: Fetched, identity: str, settings: IngestSettings) -> Article:
    """A fetched page or text as an article.

    Args:
        fetched: the answer.
        identity: the article's id.
        settings: limits.

    Raises:
        InputError: it is no page, or there is no text in it.
    """
    found = _read_answer(fetched, identity, settings)
    if isinstance(found, Feed):
        what = "a feed, where a page was expected"
        raise MalformedError(what, where=fetched.final_url, remedy="add the feed's own address")
    return found


def article_id(url: str) -> str:
    """The id of the article at an address: the address without fragment, as archives and feeds give it, too."""
    return page_id(url) or url.strip()


def completed(article: Article, feed: Feed, entry: FeedEntry) -> Article:
    """A page with what only its feed says of it: the page's own word comes first."""
    return replace(
        article,
        title=article.title or entry.title,
        outlet=article.outlet or feed.title,
        author=article.author or entry.author,
        published=article.published or entry.published,
        language=article.language or entry.language,
    )


def newest_first(feed: Feed) -> list[FeedEntry]:
    """The entries of a feed by date, those without one behind, each group in the feed's own order."""
    dated = [entry for entry in feed.entries if entry.published is not None]
    dated.sort(key=lambda entry: entry.published.start if entry.published else "", reverse=True)
    return dated + [entry for entry in feed.entries if entry.published is None]


class _Web:
    """One run over addresses and feeds."""

    def __init__(self, settings: Settings, fetcher: Fetcher, *, follow: bool) -> None:
        self._settings, self._fetcher, self._follow = settings, fetcher, follow
        self._pages = settings.fetch.pages_a_run

    def read(self, feeds: Sequence[str], addresses: Sequence[str]) -> Iterator[_Read]:
        """Articles with their places, of feed files first; errors are given, not raised."""
        for path in feeds:
            yield from _given(self._of_file(path))
        for url in addresses:
            yield from _given(self._of_address(url))

    def _of_file(self, path: str) -> Iterator[_Read]:
        yield from self._of_feed(_read_feed_file(path, self._settings.ingest), path)

    def _of_address(self, url: str) -> Iterator[_Read]:
        fetched = self._fetcher.fetch(url)
        found = _read_answer(fetched, article_id(url), self._settings.ingest)
        if isinstance(found, Feed):
            yield from self._of_feed(found, fetched.final_url)
        else:
            yield url, found

    def _of_feed(self, feed: Feed, where: str) -> Iterator[_Read]:
        if not self._follow:
            yield from feed_articles(feed, where, self._settings.ingest)
            return
        beginnings = left = 0
        for entry in newest_first(feed):
            item = self._of_entry(feed, entry, where)
            if item is not None:
                yield item
            elif entry.url is not None:
                left += 1
            else:
                beginnings += 1
        if left:
            what = f"{left:,} of the pages behind its {len(feed.entries):,} entries were left for another time"
            yield FetchError(what, where=where, remedy="raise fetch.pages_a_run, or use `provenance watch`")
        if beginnings:
            yield beginnings_only(beginnings, len(feed.entries), where)

    def _of_entry(self, feed: Feed, entry: FeedEntry, where: str) -> _Read | None:
        """The page behind an entry; where it cannot be had what the feed holds; None where neither is at hand."""
        error: InputError | None = None
        if entry.url is not None and self._pages > 0:
            self._pages -= 1
            try:
                fetched = self._fetcher.fetch(entry.url)
                page = page_article(fetched, article_id(entry.url), self._settings.ingest)
            except InputError as failure:
                error = failure
            else:
                return entry.url, completed(page, feed, entry)
        try:
            held = entry_article(feed, entry, where, self._settings.ingest)
        except InputError as failure:
            return error or failure
        return (where, held) if held is not None else error


def _given(items: Iterator[_Read]) -> Iterator[_Read]:
    """The items, and the error that ends them as the last one."""
    try:
        yield from items
    except InputError as error:
        yield error


def _once(items: Iterable[_Read]) -> Iterator[Article | InputError]:
    """Each article once; two feeds may hold the same one, and the first is taken."""
    known: set[str] = set()
    for item in items:
        if isinstance(item, InputError):
            yield item.with_traceback(None)
        elif item[1].id not in known:
            known.add(item[1].id)
            yield item[1]


def _read_answer(fetched: Fetched, identity: str, settings: IngestSettings) -> Article | Feed:
    """What an answer holds, told from what it says of itself and from its first bytes."""
    where, kind, body = fetched.final_url, fetched.content_type, fetched.body
    if kind.startswith(_NO_TEXT):
        raise BinaryInputError(f"this is {kind}, not text", where=where, remedy="give the address of a page")
    if len(body) > settings.maximum_page_bytes:
        what = f"larger than {settings.maximum_page_bytes:,} bytes"
        raise TooLargeError(what, where=where, remedy="raise ingest.maximum_page_bytes")
    head = body[: settings.sniff_bytes]
    declared = encodings.known_charset(fetched.charset) if fetched.charset else None
    declared = declared or encodings.declared_charset(head)
    text = encodings.decode(body, settings, where=where, declared=declared)
    if not text or text.isspace():
        raise EmptyInputError("nothing but white space", where=where, remedy="leave it out")
    what = kind_of(text)
    if what == "feed":
        return read_feed(text, where, settings)
    if what == "opml":
        raise MalformedError("a list of feeds", where=where, remedy="`provenance watch` follows the feeds it names")
    # the byte order mark and the encoding are gone, so the text is looked at as UTF-8
    looks = files.sniff(text[: settings.sniff_bytes].encode("utf-8", "replace"))
    if kind in _PAGES or (looks == "html" and kind != "text/plain"):
        from provenance.ingest.html import read_page  # noqa: PLC0415 - lxml is loaded for pages only

        article = read_page(text, identity, where, settings, address=where)
        return article if article.url else replace(article, url=page_id(where) or where)
    if kind in {"text/plain", "text/markdown", ""} and looks == "text":
        article = read_text(text, identity, settings, markdown=kind == "text/markdown")
        return replace(article, url=article.url or page_id(where) or where)
    shown = kind or looks
    raise MalformedError(f"this is {shown}, not a page", where=where, remedy="save it as a file and add that")


def _is_feed_file(name: str, settings: IngestSettings) -> bool:
    """Whether a path is a regular file that begins as a feed does; of what cannot be read `ingest.read` tells why."""
    path = Path(name)
    try:
        if name == "-" or not path.is_file():
            return False
        with path.open("rb") as stream:
            head = stream.read(settings.sniff_bytes)
        declared = encodings.declared_charset(head)
        return kind_of(encodings.decode(head, settings, where=name, declared=declared)) == "feed"
    except (OSError, ValueError, InputError):
        return False


def _read_feed_file(name: str, settings: IngestSettings) -> Feed:
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(settings.maximum_feed_bytes + 1)
    except OSError as error:
        what = str(error.strerror or error).lower()
        raise InputError(what, where=name, remedy="check the name and the permission") from error
    return feed_entries(data, name, settings)
