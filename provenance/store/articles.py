"""Articles and their versions."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from operator import itemgetter
from typing import Any

from provenance.errors import NotFoundError, StoreError
from provenance.model import Article, DateInterval, PageCredit
from provenance.store.connection import Connection, Row, encodable, in_batches
from provenance.store.held import HeldArticle, remembering
from provenance.store.records import STAGES, AddCounts, Version
from provenance.store.words import separated, unspaced

_METADATA = (
    "title, outlet, url, author, published_start, published_end, published_precision, published_origin, "
    "language, credits"
)
_INSERT_VERSION = f"""
    INSERT INTO versions (version_id, article_id, number, sha256, added, {_METADATA}, unspaced, text)
    VALUES ({", ".join("?" * 17)})"""
_UPDATE_METADATA = f"""
    UPDATE versions SET {_METADATA.replace(",", " = ?,")} = ? WHERE version_id = ?"""
_NO_CREDITS = "[]"
_IDS_AT_ONCE = 500
"""SQLite's default limit on variables was 999 before 3.32."""
_CURRENT = "FROM articles JOIN versions ON versions.version_id = articles.version_id"
HEADS = """
    FROM articles CROSS JOIN versions INDEXED BY version_heads ON versions.version_id = articles.version_id"""
"""The current versions without their texts: only what the index holds is asked for."""
CREDITS_COUNTED = "credited"
"""Under which the run's state keeps up to which attribution credits are counted: JSON; removed with any attribution."""
_RESTING = """
    SELECT attribution_id FROM evidence
    WHERE attribution_id IS NOT NULL AND article_id IN (SELECT article_id FROM temp.doomed)"""
_READ = f"SELECT article_id, id, {_METADATA}, text FROM documents WHERE article_id IN {{keys}}"


class ArticleStore(Connection):
    """The part of `Store` that holds articles."""

    def add_articles(self, articles: Iterable[Article]) -> AddCounts:
        """Add articles; adding the same one again changes nothing.

        An article held under the same id with another text gets a new version, and the old one is kept. One with the
        same text and other metadata has the metadata of its current version updated. In both cases everything derived
        from it (matches, passages, attributions, links, chains) is removed in the same transaction. Batches are
        committed one by one (`StoreSettings.batch_articles`, `batch_characters`); whatever stops the run, the
        articles taken from the iterable before are kept.

        Raises:
            StoreError: an article holds a lone surrogate or is too large; those before it are kept.
            LockedDatabaseError: another program is writing.
        """
        with self.working():
            return self._add(articles)

    def _add(self, articles: Iterable[Article]) -> AddCounts:
        counts = AddCounts()
        batch: dict[str, Article] = {}
        characters = 0
        iterator = iter(articles)
        while True:
            try:
                article = next(iterator, None)
                if article is not None:
                    self._check_article(article)
            except BaseException:
                self._add_batch(list(batch.values()))
                raise
            full = len(batch) >= self.settings.batch_articles or characters >= self.settings.batch_characters
            if article is None or full or article.id in batch:
                counts += self._add_batch(list(batch.values()))
                batch, characters = {}, 0
            if article is None:
                return counts
            batch[article.id] = article
            characters += len(article.text)

    def _check_article(self, article: Article) -> None:
        texts = (article.id, article.text, *(value for value in _metadata(article) if isinstance(value, str)))
        surrogate = next((text for text in texts if not encodable(text)), None)
        if surrogate is not None:
            what = f"a lone surrogate in {surrogate[:40]!a} is no character"
            where = f"{self.path}, {article.id!a}"
            raise StoreError(what, where=where, remedy="decode the file with errors='replace'")

    def _add_batch(self, batch: Sequence[Article]) -> AddCounts:
        if not batch:
            return AddCounts()
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._writing():
            added: list[Article] = []
            changed: list[tuple[Article, Row]] = []
            updated: list[tuple[Article, Row]] = []
            for article in batch:
                held = self._held(article.id)
                if held is None:
                    added.append(article)
                elif held[3] != article.sha256:
                    changed.append((article, held))
                elif tuple(held[4:14]) != _metadata(article):
                    updated.append((article, held))
            self._add_new(added, now)
            self._add_changed(changed, now)
            self._update(updated)
            if added or changed or updated:
                self._clear_stages(*STAGES)
        unchanged = len(batch) - len(added) - len(changed) - len(updated)
        return AddCounts(len(added), unchanged, len(changed), len(updated))

    def _held(self, article: str) -> Row | None:
        """Key, version key, version number, sha256, ten metadata columns, unspaced and text of the current version."""
        columns = f"articles.article_id, articles.version_id, number, sha256, {_METADATA}, unspaced, text"
        rows = self._rows(f"SELECT {columns} {_CURRENT} WHERE id = ?", (article,))
        return rows[0] if rows else None

    def _add_new(self, articles: Sequence[Article], now: str) -> None:
        key = self._next_key("articles", "article_id")
        version = self._next_key("versions", "version_id")
        rows = [(version + place, *_version(article, key + place, 1, now)) for place, article in enumerate(articles)]
        pointers = [(key + place, article.id, version + place) for place, article in enumerate(articles)]
        self._many("INSERT INTO articles (article_id, id, version_id) VALUES (?, ?, ?)", pointers)
        self._many(_INSERT_VERSION, rows, article_at=1)
        self._index([(key + place, article.title, article.text) for place, article in enumerate(articles)])

    def _add_changed(self, changed: Sequence[tuple[Article, Row]], now: str) -> None:
        version = self._next_key("versions", "version_id")
        rows = [
            (version + place, *_version(article, held[0], held[2] + 1, now))
            for place, (article, held) in enumerate(changed)
        ]
        self._unindex([(held[0], held[4], held[15]) for _, held in changed])
        self._forget([held[0] for _, held in changed])
        self._many(_INSERT_VERSION, rows, article_at=1)
        self._many("UPDATE articles SET version_id = ? WHERE article_id = ?", [row[:2] for row in rows])
        self._index([(held[0], article.title, article.text) for article, held in changed])

    def _update(self, updated: Sequence[tuple[Article, Row]]) -> None:
        self._unindex([(held[0], held[4], held[15]) for _, held in updated])
        self._forget([held[0] for _, held in updated])
        self._many(_UPDATE_METADATA, [(*_metadata(article), held[1]) for article, held in updated])
        flags = [(unspaced(article.title, article.text), held[1]) for article, held in updated]
        self._many("UPDATE versions SET unspaced = ? WHERE version_id = ?", flags)
        self._index([(held[0], article.title, article.text) for article, held in updated])

    # the full-text index ----------------------------------------------------------------------------------------

    def _index(self, rows: Sequence[tuple[int, str | None, str]]) -> None:
        """Enter articles (key, title, text) into the index of their kind of script."""
        spaced, other = by_script(rows)
        self._many("INSERT INTO word_search (rowid, title, text) VALUES (?, ?, ?)", spaced)
        self._many("INSERT INTO character_search (rowid, title, text) VALUES (?, ?, ?)", other)

    def _unindex(self, rows: Sequence[tuple[int, str | None, str]]) -> None:
        """Remove articles from their index; FTS5 has to be told exactly what was entered."""
        spaced, other = by_script(rows)
        for table, entries in (("word_search", spaced), ("character_search", other)):
            self._many(f"INSERT INTO {table} ({table}, rowid, title, text) VALUES ('delete', ?, ?, ?)", entries)

    # removing ---------------------------------------------------------------------------------------------------

    def delete_articles(self, ids: Iterable[str]) -> int:
        """Delete articles with all their versions and everything derived from them; all of them or none.

        Returns:
            How many were deleted; an id named twice counts once.

        Raises:
            NotFoundError: the store does not hold one of them; none is deleted then.
        """
        with self.working(), self._writing():
            keys = [self._key_of(article) for article in sorted(set(ids))]
            for key in keys:
                self._unindex(self._rows("SELECT article_id, title, text FROM documents WHERE article_id = ?", (key,)))
            self._forget(keys)
            self._many("DELETE FROM versions WHERE article_id = ?", [(key,) for key in keys])
            self._many("DELETE FROM articles WHERE article_id = ?", [(key,) for key in keys])
            if keys:
                self._clear_stages(*STAGES)
        return len(keys)

    def _doom(self, keys: Iterable[int]) -> None:
        """Put article keys where one statement can refer to all of them."""
        self._run("CREATE TEMP TABLE IF NOT EXISTS doomed (article_id INTEGER PRIMARY KEY)")
        self._run("DELETE FROM temp.doomed")
        self._many("INSERT OR IGNORE INTO temp.doomed VALUES (?)", [(key,) for key in keys])

    def _forget(self, keys: Sequence[int]) -> None:
        """Remove everything derived from articles: what is about them, and what rests on evidence in them."""
        if not keys:
            return
        self._doom(keys)
        among = "IN (SELECT article_id FROM temp.doomed)"
        touched = [row[0] for row in self._rows(f"SELECT DISTINCT cluster FROM passages WHERE article_id {among}")]
        self._run(f"DELETE FROM matches WHERE a_id {among} OR b_id {among}")
        self._run(f"DELETE FROM passages WHERE article_id {among}")
        # a passage whose other copies are gone is no longer shared
        alone = "SELECT cluster FROM passages WHERE cluster = ? GROUP BY cluster HAVING count(DISTINCT article_id) < 2"
        self._many(f"DELETE FROM passages WHERE cluster IN ({alone})", [(cluster,) for cluster in touched])
        self._forget_inferred()
        gone = f"SELECT attribution_id FROM attributions WHERE article_id {among} UNION {_RESTING}"
        self._note_sources(gone)
        if self._run(f"DELETE FROM attributions WHERE attribution_id IN ({gone})").rowcount:
            self.set_state(CREDITS_COUNTED, None)
        self._drop_sources()
        self._run(f"DELETE FROM document_stages WHERE article_id {among}")
        self._run(f"DELETE FROM word_index WHERE article_id {among}")

    def _note_sources(self, attributions: str) -> None:
        """Put the sources of attributions, given as a query of their keys, where `_drop_sources` finds them."""
        self._run("CREATE TEMP TABLE IF NOT EXISTS orphaned (source_id INTEGER PRIMARY KEY)")
        self._run("DELETE FROM temp.orphaned")
        self._run(f"""
            INSERT OR IGNORE INTO temp.orphaned SELECT source_id FROM ({attributions}) gone
            CROSS JOIN attribution_sources ON attribution_sources.attribution_id = gone.attribution_id""")

    def _drop_sources(self) -> None:
        """Delete those of the sources noted that no attribution names any more."""
        named = "SELECT 1 FROM attribution_sources WHERE attribution_sources.source_id = sources.source_id"
        self._run(
            f"DELETE FROM sources WHERE source_id IN (SELECT source_id FROM temp.orphaned) AND NOT EXISTS ({named})"
        )

    def _forget_inferred(self) -> None:
        """Remove links and chains of the doomed articles, or resting on evidence in them.

        The articles that lose any are no longer marked as linked, so that they are linked again.
        """
        among = "IN (SELECT article_id FROM temp.doomed)"
        links = f"""
            FROM links WHERE upstream_id {among} OR downstream_id {among}
                OR runner_up IN (SELECT id FROM articles WHERE article_id {among})
                OR link_id IN (SELECT link_id FROM link_documents WHERE article_id {among})
                OR link_id IN (SELECT link_id FROM evidence WHERE link_id IS NOT NULL AND article_id {among})"""
        chains = f"""
            FROM chains WHERE article_id {among}
                OR chain_id IN (SELECT chain_id FROM hops WHERE article_id {among})
                OR chain_id IN (SELECT chain_id FROM hops WHERE attribution_id IN ({_RESTING} UNION
                    SELECT attribution_id FROM attributions WHERE article_id {among}))
                OR chain_id IN (SELECT chain_id FROM hops JOIN evidence ON evidence.hop_id = hops.hop_id
                    WHERE evidence.article_id {among})"""
        self._run(f"""
            DELETE FROM document_stages WHERE stage = 'links' AND article_id IN (SELECT article_id FROM temp.doomed
                UNION SELECT downstream_id {links} UNION SELECT article_id {chains})""")
        self._run(f"DELETE {links}")
        self._run(f"DELETE {chains}")

    # reading ----------------------------------------------------------------------------------------------------

    def article_ids(self) -> list[str]:
        """The ids of all articles, sorted."""
        return [row[0] for row in self._rows("SELECT id FROM articles ORDER BY id")]

    def articles(self, ids: Iterable[str] | None = None) -> Iterator[Article]:
        """The current versions of all articles, or of those named, sorted by id; an id named twice comes once.

        Raises:
            NotFoundError: the store does not hold one of the ids; raised before the first article is given.
        """
        if ids is None:
            keys: Sequence[int] = self._keys("SELECT article_id FROM articles ORDER BY id")
        else:
            keys = array("q", self._keys_of(sorted(set(ids))).values())
        return (_article(row[1:]) for row in self._by_key(_READ, keys))

    def held_articles(self) -> list[Article]:
        """The current versions of all articles, sorted by id, whose texts are read when they are asked for.

        So are title, author, date and language.

        Raises:
            NotFoundError: raised by what is read later, where another program deleted the article in the meantime.
        """
        read = remembering(self._by_version, self.settings.texts_remembered)
        with self._mapped():
            rows = self._rows(f"SELECT articles.version_id, id, outlet, url, credits {HEADS}")
        # in the order of the file and sorted here: SQLite would go to and fro in the file
        rows.sort(key=itemgetter(1))
        once: dict[str | None, str | None] = {}
        return [
            HeldArticle((name, once.setdefault(outlet, outlet), url, _credits(packed)), version, read)
            for version, name, outlet, url, packed in rows
        ]

    def articles_within(self, memory: int) -> list[Article]:
        """All articles, sorted by id: whole where the database is no larger than so many bytes, else as held ones."""
        pages = self._rows("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return list(self.articles()) if pages[0][0] <= memory else self.held_articles()

    def _keys_of(self, documents: Iterable[str]) -> dict[str, int]:
        """The integer keys of some articles, in the order given.

        Raises:
            NotFoundError: the store does not hold one of them.
        """
        found: dict[str, int] = {}
        for batch in in_batches(documents, _IDS_AT_ONCE):
            marks = ", ".join("?" * len(batch))
            held: dict[str, int] = dict(self._rows(f"SELECT id, article_id FROM articles WHERE id IN ({marks})", batch))
            for document in batch:
                key = held.get(document)
                found[document] = self._key_of(document) if key is None else key
        return found

    def _keyed(self, documents: Iterable[str]) -> Callable[[str], int]:
        """`_key_of` that has looked up some articles already; good for one transaction, within which none goes.

        Raises:
            NotFoundError: the store does not hold one of them.
        """
        known = self._keys_of(documents)

        def key(article: str) -> int:
            found = known.get(article)
            if found is None:
                found = known[article] = self._key_of(article)
            return found

        return key

    def _ids_of(self, keys: Iterable[int]) -> dict[int, str]:
        """The ids of some articles by their integer keys."""
        sql = "SELECT article_id, id FROM articles WHERE article_id IN {keys}"
        return {key: name for key, name in self._by_key(sql, sorted(keys))}  # noqa: C416

    def _by_version(self, version: int) -> Article:
        held = "FROM versions JOIN articles USING (article_id) WHERE versions.version_id = ?"
        rows = self._rows(f"SELECT id, {_METADATA}, text {held}", (version,))
        if not rows:
            raise NotFoundError("an article was deleted in the meantime", where=str(self.path), remedy="run again")
        return _article(rows[0])

    def article(self, id: str) -> Article:  # noqa: A002 - the model's own word for it
        """The current version of one article.

        Raises:
            NotFoundError: the store does not hold it; ids that look like it are named.
        """
        return next(self.articles([id]))

    def versions(self, id: str) -> list[Version]:  # noqa: A002
        """Every version of an article that was added, oldest first.

        Raises:
            NotFoundError: the store does not hold it.
        """
        rows = self._rows(
            f"SELECT number, sha256, added, {_METADATA}, text FROM versions WHERE article_id = ? ORDER BY number",
            (self._key_of(id),),
        )
        return [Version(row[0], row[1], row[2], _article((id, *row[3:]))) for row in rows]


def _metadata(article: Article) -> Row:
    """The ten columns of `_METADATA`."""
    date = article.published
    dates = (None,) * 4 if date is None else (date.start, date.end, date.precision, date.origin)
    credits = [[credit.kind, credit.text, credit.name, credit.url] for credit in article.credits]  # noqa: A001
    packed = json.dumps(credits, ensure_ascii=False, separators=(",", ":"))
    return (article.title, article.outlet, article.url, article.author, *dates, article.language, packed)


def _version(article: Article, key: int, number: int, now: str) -> Row:
    flag = unspaced(article.title, article.text)
    return (key, number, article.sha256, now, *_metadata(article), flag, article.text)


def _article(row: Sequence[Any]) -> Article:
    name, title, outlet, url, author, start, end, precision, origin, language, packed, text = row
    published = None if start is None else DateInterval(start, end, precision, origin)
    return Article(name, text, title, outlet, url, author, published, language, _credits(packed))


def _credits(packed: str) -> tuple[PageCredit, ...]:
    return () if packed == _NO_CREDITS else tuple(PageCredit(*credit) for credit in json.loads(packed))


def by_script(rows: Sequence[tuple[int, str | None, str]]) -> tuple[list[Row], list[Row]]:
    """Articles (key, title, text) as the rows of `word_search` and of `character_search`."""
    spaced: list[Row] = []
    other: list[Row] = []
    for key, title, text in rows:
        if unspaced(title, text):
            other.append((key, None if title is None else separated(title), separated(text)))
        else:
            spaced.append((key, title, text))
    return spaced, other
