"""The index: what is kept of articles already compared, so that new ones are compared with them alone.

Of every article the index holds the hashes of its words, its MinHash signature and its family's representative; of
every match, where it stands in words and what was made of it. With that a detection goes on from the one before: an
article is *dirty* where it is new or changed, where its family's representative is another one than before, and where
that was changed. Only pairs with a dirty article are compared; the matches among the others are kept.

Where words begin and end in a text is not kept: the few texts that are asked for it are read again.
"""

from __future__ import annotations

import mmap
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.errors import StoreError
from provenance.model import Article, Earlier, Span, TextIndex
from provenance.reuse.families import SCHEME, signatures
from provenance.reuse.found import Finds
from provenance.reuse.kept import unpack
from provenance.reuse.overlaps import WordSpan
from provenance.settings import ReuseSettings
from provenance.text.spill import Column, Spill
from provenance.text.tokens import Words, words_of

IndexArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

INDEX_SCHEME: Final = f"words 1, {SCHEME}, Unicode {unicodedata.unidata_version}"
"""How words are folded and hashed and texts sketched. An index of another scheme is made anew."""

_WORD_BYTES: Final = 8
_TEXTS_TOGETHER: Final = 256
"""Texts whose words are added together. It decides no result."""


def goes_on(articles: int, compared: int, changed: int, settings: ReuseSettings) -> bool:
    """Whether a detection goes on from the one before, or compares everything with everything.

    Args:
        articles: articles there are.
        compared: articles there were when everything was last compared with everything; 0 for never.
        changed: articles added, changed or deleted since.
        settings: from where on it pays.
    """
    counted = settings.furniture_articles
    return (
        # The weights of words are counts over the collection there, and every match hangs on them.
        settings.sensitivity != "rewritten"
        and compared > 0
        and articles >= settings.incremental_articles
        and changed <= settings.incremental_share * compared
        and (articles < counted) == (compared < counted)
    )


class Collection:
    """The words and signatures of all articles, read from the index where it holds them.

    Attributes:
        articles: by id.
        words: of all of them. Places of words are there for dirty texts and for those asked for (`with_places`).
        sketches: MinHash signatures, shape (texts, permutations).
        sampled: shingles that went into each, shape (texts,).
        new: the texts that the index does not hold, shape (texts,).
        dirty: the texts to compare with all others: new ones and those that `keep` adds, shape (texts,).
        found: matches of before among texts that are not dirty, to which those found now are added.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        earlier: Earlier | None,
        settings: ReuseSettings,
        spill: Spill,
    ) -> None:
        self.articles = articles
        self._ids = [article.id for article in articles]
        self._numbers = {name: number for number, name in enumerate(self._ids)}
        self._known: IndexArray = np.full(len(articles), -1, dtype=np.int64)
        """The representative of each text of before; -1 for new texts and where it is gone."""
        self.found = Finds()
        self._noted_starts, self._noted_ends = _Noted(), _Noted()
        self._earlier = earlier
        if earlier is None:
            self.dirty: Mask = np.ones(len(articles), dtype=bool)
            self.words = words_of((article.text for article in articles), spill)
            self.sketches, self.sampled = signatures(self.words, settings)
        else:
            self.dirty = np.array([name not in earlier.documents for name in self._ids], dtype=bool)
            self._go_on(earlier.texts, settings, spill)
        self.new: Mask = self.dirty
        self._placed = self.dirty.copy()

    @property
    def whole(self) -> bool:
        """Whether everything is compared with everything, and nothing kept from before."""
        return self._earlier is None

    def _go_on(self, texts: Iterable[TextIndex], settings: ReuseSettings, spill: Spill) -> None:
        """Put together what the index holds and what dirty texts hold."""
        fresh_texts = np.flatnonzero(self.dirty)
        fresh = words_of(self.articles[text].text for text in fresh_texts.tolist())
        fresh_sketches, fresh_sampled = signatures(fresh, settings)
        gathered = Column(np.uint64, spill)
        waiting: list[bytes] = []
        sketches = bytearray()
        sampled: list[int] = []
        counts: list[int] = []
        number_of = self._numbers.get
        known = _expected(texts, (name for name, is_dirty in zip(self._ids, self.dirty, strict=True) if not is_dirty))
        following = 0
        for text, is_dirty in enumerate(self.dirty.tolist()):
            if is_dirty:
                words = fresh.hashes[fresh.of(following)].astype("<u8", copy=False).tobytes()
                sketches += fresh_sketches[following].astype("<u4", copy=False).tobytes()
                sampled.append(int(fresh_sampled[following]))
                following += 1
            else:
                row = next(known)
                words = row.words
                sketches += row.sketch
                sampled.append(row.sampled)
                self._known[text] = number_of(row.representative, -1)
            waiting.append(words)
            counts.append(len(words) // _WORD_BYTES)
            if len(waiting) == _TEXTS_TOGETHER:
                gathered.extend(np.frombuffer(b"".join(waiting), dtype="<u8"))
                waiting.clear()
        gathered.extend(np.frombuffer(b"".join(waiting), dtype="<u8"))
        self.sampled = np.array(sampled, dtype=np.int64)
        bounds = np.zeros(len(self.articles) + 1, dtype=np.int64)
        np.cumsum(counts, out=bounds[1:])
        total = int(bounds[-1])
        self.words = Words(_sparse(total), _sparse(total), gathered.whole(), bounds)
        self.sketches = np.frombuffer(sketches, dtype="<u4").reshape(len(self.articles), settings.family_permutations)
        self._place(fresh_texts, fresh)

    def keep(self, representatives: npt.NDArray[np.int32]) -> None:
        """Add to the dirty texts those whose representative is another one, or new; keep the matches of the others."""
        if self._earlier is None:
            return
        self.dirty = self.dirty | (representatives != self._known) | self.dirty[representatives]
        dirty, firsts, numbers = self.dirty.tolist(), self.words.bounds.tolist(), self._numbers
        for match, packed in self._earlier.matches:
            text_a, text_b = numbers[match.a], numbers[match.b]
            if not (dirty[text_a] or dirty[text_b]):
                kept = unpack(packed, firsts[text_a], firsts[text_b], blocks=False)
                spans = match.a_span, match.b_span
                for (first, last), span in zip((kept.span_a, kept.span_b), spans, strict=True):
                    self._noted_starts.add(first, span.start)
                    self._noted_ends.add(last, span.end)
                self.found.add_known((text_a, text_b), kept, spans, match.similarity, match.kind, packed)

    def drop(self, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Keep no matches of some pairs of texts; returns the pairs that had one."""
        texts = len(self.articles)
        keys = np.array([one * texts + two for one, two in pairs], dtype=np.int64)
        self.found, dropped = self.found.without(texts, keys)
        return {divmod(key, texts) for key in dropped.tolist()}

    def with_places(self, texts: Iterable[int]) -> None:
        """See that it is known where the words of some texts begin and end."""
        missing = np.array(sorted({text for text in texts if not self._placed[text]}), dtype=np.int64)
        if len(missing):
            self._place(missing, words_of(self.articles[text].text for text in missing.tolist()))
            self._placed[missing] = True

    def _place(self, texts: IndexArray, fresh: Words) -> None:
        for number, text in enumerate(texts.tolist()):
            here, there = self.words.of(text), fresh.of(number)
            self.words.starts[here] = fresh.starts[there]
            self.words.ends[here] = fresh.ends[there]

    def span(self, text: int, span: WordSpan) -> Span:
        """A stretch of words in code points; the text is read again where that was not asked for before."""
        start, end = self._noted_starts.at(span[0]), self._noted_ends.at(span[1])
        if start >= 0 and end >= 0:
            return Span(start, end)
        if not self._placed[text]:
            self.with_places((text,))
        return Span(int(self.words.starts[span[0]]), int(self.words.ends[span[1] - 1]))

    def first(self, text: int) -> int:
        """Index of the first word of a text."""
        return int(self.words.bounds[text])

    def renewed(self, representatives: npt.NDArray[np.int32]) -> Iterator[TextIndex]:
        """The index of the dirty texts, by id."""
        for text in np.flatnonzero(self.dirty).tolist():
            yield TextIndex(
                self._ids[text],
                self.words.hashes[self.words.of(text)].astype("<u8", copy=False).tobytes(),
                np.asarray(self.sketches[text]).astype("<u4", copy=False).tobytes(),
                int(self.sampled[text]),
                self._ids[int(representatives[text])],
            )


class _Noted:
    """Where some words begin or end in their texts, as columns that are sorted when they are first asked."""

    def __init__(self) -> None:
        self._rows = array("q")
        self._words: IndexArray | None = None
        self._places: IndexArray = np.zeros(0, dtype=np.int64)

    def add(self, word: int, place: int) -> None:
        """Note a word's place, before any is asked for."""
        self._rows.extend((word, place))

    def at(self, word: int) -> int:
        """A word's place; -1 where it was not noted."""
        if self._words is None:
            rows = np.array(self._rows, dtype=np.int64).reshape(-1, 2)
            order = np.argsort(rows[:, 0], kind="stable")
            self._words, self._places = rows[order, 0], rows[order, 1]
            self._rows = array("q")
        row = int(np.searchsorted(self._words, word))
        return int(self._places[row]) if row < len(self._words) and self._words[row] == word else -1


def _sparse(length: int) -> npt.NDArray[np.int32]:
    """Zeros of which only the few stretches that are written to take memory and time.

    Where the system hands out large pages, one number written would fill two million bytes of them.
    """
    room = mmap.mmap(-1, max(1, 4 * length))
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel without large pages knows nothing of them
            room.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(room, dtype=np.int32, count=length)


def _expected(texts: Iterable[TextIndex], documents: Iterable[str]) -> Iterator[TextIndex]:
    """The rows of some documents, in their order.

    Raises:
        StoreError: one is missing, since another program changed the index in the meantime.
    """
    rows = iter(texts)
    for document in documents:
        row = next(rows, None)
        while row is not None and row.document < document:
            row = next(rows, None)
        if row is None or row.document != document:
            raise StoreError("the index lacks an article", where=document, remedy="run again")
        yield row
