"""The rounds of a watch: look, add, bring up to date, tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from provenance.corpus import Corpus
from provenance.errors import InputError, NotFoundError, UnreadableError
from provenance.fetching.addresses import is_address
from provenance.fetching.client import Fetcher
from provenance.ingest import Captures, Entry, read_entries
from provenance.ingest.feeds import Feed
from provenance.model import Article
from provenance.recording import recording
from provenance.store import WatchedRow
from provenance.watching.clock import Clock
from provenance.watching.feeds import Feeds, Waiting, feeds_in
from provenance.watching.files import Files, Fresh, stamp, storable
from provenance.watching.news import News, news_of

Progress = Callable[[str, float], None]
_STOPPED = (KeyboardInterrupt, SystemExit)


def _silent(_stage: str, _share: float) -> None:
    """Nobody is told how far the work is."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did.

    Attributes:
        added: articles that were not held before.
        changed: articles that were held with another text or other metadata.
        errors: what could not be read or fetched.
        waiting: files that may still be written to.
        left: entries of feeds that are left for another round.
    """

    added: int
    changed: int
    errors: tuple[InputError, ...]
    waiting: int
    left: int


class Watcher:
    """Watches places for a collection.

        watcher = Watcher(corpus, ["inbox", "https://example.org/feed"])
        while True:
            watcher.round()
            for news in watcher.news():
                ...
            time.sleep(600)

    Args:
        corpus: the collection.
        places: folders, files (articles, archives, feeds and OPML lists of feeds) and addresses of feeds.
        clock: the time, and the wish to stop.
        fetcher: does the fetching; one of the collection's settings where None.

    Raises:
        UnreadableError: a place that is no address is not there.
    """

    def __init__(
        self,
        corpus: Corpus,
        places: Sequence[Path | str],
        *,
        clock: Clock | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._corpus, self._store, self._settings = corpus, corpus.store, corpus.settings
        self._clock = clock or Clock()
        watch = self._settings.watch
        addresses = [str(place).strip() for place in places if is_address(str(place))]
        paths = [Path(place) for place in places if not is_address(str(place))]
        for path in paths:
            if not path.exists():
                remedy = "name a folder, a file, or the address of a feed"
                raise UnreadableError("there is no such folder or file", where=str(path), remedy=remedy)
        self._lists = [path for path in paths if path.is_file() and self._names_feeds(path)]
        self._files = Files([path for path in paths if path not in self._lists], self._store, watch, self._clock)
        self._fetcher = fetcher or Fetcher(
            self._settings.fetch, clock=self._clock.monotonic, sleep=self._clock.wait, now=self._clock.now
        )
        self._feeds = Feeds(addresses, self._store, self._settings, self._clock, self._fetcher)
        self._named: dict[Path, Sequence[str]] = {}
        self._told: dict[Path, str] = {}  # errors of files of feeds
        self._untold: list[str] = []  # articles handed over that are not yet remembered as news
        self._begun = False

    # one round --------------------------------------------------------------------------------------------------

    def round(self, progress: Progress = _silent) -> Round:
        """Add what is new and bring the collection up to date.

        What was added is kept whatever happens, and so is what `news` has to tell of it.

        Raises:
            StoreError: the database cannot be written; another round goes on.
            InputError: the file of outlets that the settings name cannot be used.
        """
        errors: list[InputError] = []
        added = changed = 0
        with ExitStack() as stack:
            for one in self._works(errors, stack):
                added += one[0]
                changed += one[1]
                progress("reading articles", 0.0)
            if not self._begun or self._store.unreported(1):
                if self._store.unreported(1):
                    stack.enter_context(recording(self._corpus, "watch"))
                self._corpus.update(self._checked(progress))
                self._begun = True
        return Round(added, changed, tuple(errors), self._files.waiting, self._feeds.left)

    def _works(self, errors: list[InputError], stack: ExitStack) -> Iterator[tuple[int, int]]:
        """Portions of what is new, added one after the other: articles added and changed."""
        fresh = self._files.look(errors)
        while portion := list(islice(fresh, self._settings.watch.files_at_once)):
            stack.enter_context(recording(self._corpus, "watch"))
            yield self._add_files(portion, errors)
        held = [waiting for path in self._lists if (waiting := self._read_list(path, errors)) is not None]
        self._feeds.name((url for listed in self._named.values() for url in listed), held)
        for waiting in self._feeds.look(errors):
            stack.enter_context(recording(self._corpus, "watch"))
            rows: list[WatchedRow] = []
            yield self._add(self._feeds.articles(waiting, rows, errors), rows, Captures())

    def _checked(self, progress: Progress) -> Progress:
        def told(stage: str, share: float) -> None:
            self._clock.check()
            progress(stage, share)

        return told

    def _add_files(self, portion: Sequence[Fresh], errors: list[InputError]) -> tuple[int, int]:
        rows: list[WatchedRow] = []
        captures = Captures(self._store.captured)

        def entries() -> Iterator[Entry]:
            for fresh in portion:
                yield fresh.entry
                rows.append(fresh.row)  # when the next one is asked for, this one was read to its end

        def articles() -> Iterator[Article]:
            for item in read_entries(entries(), self._settings.ingest, captures=captures):
                if isinstance(item, InputError):
                    errors.append(item)
                else:
                    yield item

        return self._add(articles(), rows, captures)

    def _add(self, articles: Iterator[Article], rows: list[WatchedRow], captures: Captures) -> tuple[int, int]:
        """Add articles, and remember what was read of them; also where a wish to stop ends it."""
        self._remember([], Captures())

        def handed_over() -> Iterator[Article]:
            for article in articles:
                self._clock.check()
                if self._store.digest(article.id) != article.sha256:
                    self._untold.append(article.id)
                yield article

        try:
            counts = self._corpus.add_articles(handed_over()).counts
        except _STOPPED:
            # the store has committed what it was given
            self._remember(rows, captures)
            raise
        self._remember(rows, captures)
        return counts.added, counts.changed + counts.updated

    def _remember(self, rows: Sequence[WatchedRow], captures: Captures) -> None:
        self._store.put_unreported(self._untold)
        self._untold.clear()
        self._store.put_captures(captures.latest)
        self._store.put_watched(rows)

    # files that name feeds --------------------------------------------------------------------------------------

    def _names_feeds(self, path: Path) -> bool:
        try:
            return self._feeds_of(path) is not None
        except InputError:
            return True

    def _feeds_of(self, path: Path) -> Sequence[str] | Feed | None:
        try:
            with path.open("rb") as stream:
                data = stream.read(self._settings.ingest.maximum_feed_bytes + 1)
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            raise UnreadableError(what, where=str(path), remedy="check the file") from error
        return feeds_in(data, str(path), self._settings)

    def _read_list(self, path: Path, errors: list[InputError]) -> Waiting | None:
        """Take the addresses of a list of feeds from a file, or the feed that it holds."""
        try:
            found = self._feeds_of(path)
        except InputError as error:
            # what it named before is still watched
            if self._told.get(path) != str(error):
                errors.append(error)
            self._told[path] = str(error)
            return None
        self._told.pop(path, None)
        if isinstance(found, Feed):
            row = WatchedRow("feed", storable(str(path.absolute())), seen=stamp(self._clock))
            return Waiting(row, found, str(path))
        self._named[path] = found or ()
        return None

    # what is told -----------------------------------------------------------------------------------------------

    def news(self) -> Iterator[News]:
        """What the articles share that are new or changed; each is told once, when the next one is asked for."""
        watch = self._settings.watch
        while ids := self._store.unreported(watch.news_at_once):
            told: list[str] = []
            try:
                for document in ids:
                    self._clock.check()
                    try:
                        found = news_of(self._corpus, document, watch.others_told)
                    except NotFoundError:
                        told.append(document)  # removed in the meantime
                        continue
                    yield found
                    told.append(document)
            finally:
                self._store.reported(told)
