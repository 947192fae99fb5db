"""Which pages behind the entries of watched feeds are new or changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from provenance.errors import FetchError, InputError
from provenance.fetched import article_id, completed, newest_first, page_article
from provenance.fetching.client import Fetched, Fetcher, Validators
from provenance.ingest import encodings
from provenance.ingest.feeds import Feed, FeedEntry, entry_article, feed_entries, kind_of, opml_feeds
from provenance.model import Article
from provenance.settings import Settings
from provenance.store import Store, WatchedRow
from provenance.watching.clock import Clock
from provenance.watching.files import stamp, storable

_SEPARATOR: Final = " "
"""Between the address of a feed and the name of its entry; addresses hold none."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A feed with entries that are new or changed.

    Attributes:
        row: what is to be remembered of the feed when all of them were dealt with.
        feed: what it holds.
        where: its address after redirects.
    """

    row: WatchedRow
    feed: Feed
    where: str


class Feeds:
    """Feeds, and lists of feeds, at addresses.

    Args:
        addresses: of feeds and lists.
        store: remembers what was fetched.
        settings: limits and pauses.
        clock: the time.
        fetcher: does the fetching.
    """

    def __init__(
        self, addresses: Iterable[str], store: Store, settings: Settings, clock: Clock, fetcher: Fetcher
    ) -> None:
        self._places = list(dict.fromkeys(addresses))
        self._listed: dict[str, tuple[str, ...]] = {}  # by the address of a list, the feeds it names
        self._store, self._settings, self._clock, self._fetcher = store, settings, clock, fetcher
        self._due: dict[str, float] = {}  # by address, when it may be asked for after a failure
        self._files: list[Waiting] = []
        self._turn = 0
        self._pages = 0
        self.left = 0
        """Entries of the last round that are left for another one."""

    def name(self, addresses: Iterable[str], feeds: Sequence[Waiting]) -> None:
        """Say what files of feeds hold now: the addresses of feeds, and feeds themselves."""
        self._listed[""] = tuple(addresses)
        self._files = list(feeds)

    def look(self, errors: list[InputError]) -> Iterator[Waiting]:
        """The feeds that have changed; what cannot be had is added to the errors."""
        self._pages, self.left = self._settings.watch.pages_a_round, 0
        yield from self._files
        places = list(dict.fromkeys([*self._places, *(each for listed in self._listed.values() for each in listed)]))
        # no feed stands always behind one that uses up the pages of every round
        self._turn = (self._turn + 1) % max(len(places), 1)
        for address in places[self._turn :] + places[: self._turn]:
            self._clock.check()
            row = self._store.watched("feed", address) or WatchedRow("feed", address)
            if not self._is_due(row):
                continue
            try:
                waiting = self._asked(row)
            except InputError as error:
                errors.append(error)
                failed = self._failed(row, error)
                self._due[address] = self._clock.monotonic() + failed.next_at - self._clock.now()
                self._store.put_watched([failed])
                continue
            if waiting is not None:
                yield waiting

    def _is_due(self, row: WatchedRow) -> bool:
        """Whether a place may be asked for again after a failure; a new start waits on, whatever the clock says."""
        if row.name not in self._due:
            left = row.next_at - self._clock.now() if row.failures else 0.0
            self._due[row.name] = self._clock.monotonic() + (left if left <= self._longest() else 0.0)
        return self._clock.monotonic() >= self._due[row.name]

    def _longest(self) -> float:
        """The longest pause that is ever made; what seems longer comes of a clock that was set back."""
        return max(self._settings.watch.maximum_retry_seconds, self._settings.fetch.maximum_rest_seconds)

    def _asked(self, row: WatchedRow) -> Waiting | None:
        """A feed, asked whether it has changed.

        Raises:
            InputError: it cannot be had, or is no feed.
        """
        validators = Validators(row.etag, row.last_modified)
        fetched = self._fetcher.fetch(row.name, validators if row.etag or row.last_modified else None)
        given = fetched.validators
        done = WatchedRow("feed", row.name, etag=given.etag, last_modified=given.last_modified, seen=stamp(self._clock))
        if fetched.not_modified:
            self._store.put_watched([done])
            return None
        if self._is_list(fetched):
            named = opml_feeds(fetched.body, row.name, self._settings.ingest)
            self._listed[row.name] = tuple(each.url for each in named if each.url != row.name)
            # asked for in full after a new start, since what it names is not kept
            self._store.put_watched([replace(done, etag=None, last_modified=None)])
            return None
        return Waiting(done, feed_entries(fetched.body, fetched.final_url, self._settings.ingest), fetched.final_url)

    def _is_list(self, fetched: Fetched) -> bool:
        head = fetched.body[: self._settings.ingest.sniff_bytes]
        return kind_of(encodings.decode(head, self._settings.ingest, where=fetched.final_url)) == "opml"

    def _failed(self, row: WatchedRow, error: InputError) -> WatchedRow:
        """What is remembered of a feed or page that could not be had: each time it is left alone for longer."""
        watch = self._settings.watch
        failures = row.failures + 1
        wait = min(watch.retry_seconds * 2.0 ** min(failures - 1, 30), watch.maximum_retry_seconds)
        if isinstance(error, FetchError) and error.retry_seconds:
            wait = max(wait, error.retry_seconds)
        when, message = self._clock.now() + wait, storable(str(error))
        return replace(row, failures=failures, next_at=when, error=message, seen=stamp(self._clock))

    # entries ----------------------------------------------------------------------------------------------------

    def articles(self, waiting: Waiting, rows: list[WatchedRow], errors: list[InputError]) -> Iterator[Article]:
        """The articles of a feed that are new or changed, oldest first; their pages are fetched.

        Args:
            waiting: the feed.
            rows: what is to be remembered once the articles given are held is added here.
            errors: what could not be had is added here.
        """
        rest = 0
        for entry in reversed(newest_first(waiting.feed)):
            self._clock.check()
            name = _SEPARATOR.join([waiting.row.name, article_id(entry.url) if entry.url else entry.id])
            known = self._store.watched("page", storable(name))
            row = replace(known or WatchedRow("page", storable(name)), state=storable(entry.updated))
            if not self._wanted(entry, known, row, rows):
                rest += known is not None and bool(known.error) and known.failures < self._settings.watch.page_tries
                continue
            if entry.url is not None and self._pages <= 0:
                rest += 1
                continue
            try:
                article = self._article(waiting, entry)
            except InputError as error:
                errors.append(error)
                failed = self._failed(row, error)
                if not (isinstance(error, FetchError) and error.transient):
                    failed = replace(failed, failures=max(failed.failures, self._settings.watch.page_tries))
                rest += failed.failures < self._settings.watch.page_tries
                rows.append(failed)
                continue
            yield article
            rows.append(self._had(row))
        self.left += rest
        # a feed with entries left over is asked for in full the next time
        rows.append(replace(waiting.row, etag=None, last_modified=None) if rest else waiting.row)

    def _had(self, row: WatchedRow) -> WatchedRow:
        return replace(row, failures=0, next_at=0.0, error="", seen=stamp(self._clock))

    def _wanted(self, entry: FeedEntry, known: WatchedRow | None, row: WatchedRow, rows: list[WatchedRow]) -> bool:
        """Whether an entry is new, changed, or failed and is to be tried again."""
        if known is None:
            if entry.url is not None and self._store.digest(article_id(entry.url)) is not None:
                rows.append(self._had(row))  # held through another feed, an archive or a file
                return False
            return True
        if not known.error or known.state != row.state:
            return known.state != row.state
        if known.failures >= self._settings.watch.page_tries:
            return False
        wait = known.next_at - self._clock.now()
        return wait <= 0 or wait > self._longest()

    def _article(self, waiting: Waiting, entry: FeedEntry) -> Article:
        """The page behind an entry, or where that cannot be had what the feed holds of it.

        Raises:
            InputError: neither can be used.
        """
        ingest = self._settings.ingest
        failure: InputError | None = None
        if entry.url is not None:
            self._pages -= 1
            try:
                page = page_article(self._fetcher.fetch(entry.url), article_id(entry.url), ingest)
                return completed(page, waiting.feed, entry)
            except InputError as error:
                failure = error
        held = entry_article(waiting.feed, entry, waiting.where, ingest)
        if held is not None:
            return held
        if failure is None:
            failure = InputError("an entry without a page and without its text", where=waiting.where)
        raise failure


def feeds_in(data: bytes, where: str, settings: Settings) -> Sequence[str] | Feed | None:
    """What a file names or holds: the addresses of a list of feeds, a feed, or None for anything else.

    Raises:
        InputError: it is one of these and cannot be read.
    """
    head = data[: settings.ingest.sniff_bytes]
    try:
        declared = encodings.declared_charset(head)
        kind = kind_of(encodings.decode(head, settings.ingest, where=where, declared=declared))
    except InputError:
        return None
    if kind == "opml":
        return [each.url for each in opml_feeds(data, where, settings.ingest)]
    return feed_entries(data, where, settings.ingest) if kind == "feed" else None
