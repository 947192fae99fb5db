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
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.errors import StoreError
from provenance.model import Article, Earlier, IndexedTexts, Span, TextIndex
from provenance.reuse.families import SCHEME, signatures
from provenance.reuse.found import Finds
from provenance.reuse.kept import KINDS, heads
from provenance.reuse.overlaps import WordSpan
from provenance.settings import ReuseSettings
from provenance.text.spill import Column, Spill
from provenance.text.tokens import HashArray, Words, words_of

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
        release: gives back the memory of what was read from files so far; it is read again when it is asked for.
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
        self.release = spill.release
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
    def families(self) -> IndexArray | None:
        """The representatives of before, -1 for new texts; None where texts are gone: others may stand now."""
        return None if self._earlier is None or not self._earlier.complete else self._known

    @property
    def whole(self) -> bool:
        """Whether everything is compared with everything, and nothing kept from before."""
        return self._earlier is None

    def _go_on(self, texts: Iterable[IndexedTexts], settings: ReuseSettings, spill: Spill) -> None:
        """Put together what the index holds and what dirty texts hold."""
        fresh_texts = np.flatnonzero(self.dirty)
        fresh = words_of(self.articles[text].text for text in fresh_texts.tolist())
        fresh_sketches, fresh_sampled = signatures(fresh, settings)
        gathering = _Gathering(spill)
        fresh_rows = _rows_of(fresh, fresh_sketches, fresh_sampled)
        waiting = deque(zip(fresh_texts.tolist(), fresh_rows, strict=True))
        for batch, numbers in self._held(texts):
            first = 0
            while waiting and waiting[0][0] < numbers[-1]:
                number, row = waiting.popleft()
                last = bisect_left(numbers, number, first)
                gathering.add(batch, first, last)
                gathering.add(row, 0, 1)
                first = last
            gathering.add(batch, first, len(numbers))
            self._known[numbers] = [self._numbers.get(name, -1) for name in batch.representatives]
        for _, row in waiting:
            gathering.add(row, 0, 1)
        sampled, counts, sketches = gathering.sampled, gathering.counts, gathering.sketches
        self.sampled = np.array(sampled, dtype=np.int64)
        bounds = np.zeros(len(self.articles) + 1, dtype=np.int64)
        np.cumsum(counts, out=bounds[1:])
        total = int(bounds[-1])
        self.words = Words(_sparse(total), _sparse(total), gathering.words(), bounds)
        self.sketches = np.frombuffer(sketches, dtype="<u4").reshape(len(self.articles), settings.family_permutations)
        self._place(fresh_texts, fresh)

    def _held(self, texts: Iterable[IndexedTexts]) -> Iterator[tuple[IndexedTexts, list[int]]]:
        """What the index holds of texts of before, with their numbers, in their order.

        Raises:
            StoreError: one is missing, since another program changed the index in the meantime.
        """
        expected = np.flatnonzero(~self.dirty)
        taken = 0
        for batch in texts:
            numbers = [self._numbers.get(name, -1) for name in batch.documents]
            wanted = expected[taken : taken + len(numbers)]
            if not np.array_equal(wanted, numbers):
                break
            taken += len(numbers)
            yield batch, numbers
        if taken < len(expected):
            raise StoreError("the index lacks an article", where=self._ids[int(expected[taken])], remedy="run again")

    def keep(self, representatives: npt.NDArray[np.int32]) -> None:
        """Add to the dirty texts those whose representative is another one, or new; keep the matches of the others."""
        if self._earlier is None:
            return
        self.dirty = self.dirty | (representatives != self._known) | self.dirty[representatives]
        for batch in self._earlier.matches:
            texts = np.array([[self._numbers[name] for name in side] for side in (batch.a, batch.b)], dtype=np.int64)
            rows = np.flatnonzero(~self.dirty[texts].any(axis=0))
            if not len(rows):
                continue
            packed = [batch.alignments[row] for row in rows.tolist()]
            stand, codes = heads(packed, *self.words.bounds[texts[:, rows]])
            spans = np.array(batch.spans, dtype=np.int64)[:, rows]
            for side in (0, 2):
                self._noted_starts.add(stand[side], spans[side])
                self._noted_ends.add(stand[side + 1], spans[side + 1])
            kinds = np.array([KINDS.index(kind) for kind in batch.kinds], dtype=np.int8)[rows]
            similarity = np.array(batch.similarity, dtype=np.float64)[rows]
            self.found.add_known(texts[:, rows], stand, spans, similarity, (*codes, kinds), packed)

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
        if self._placed[text]:
            return Span(int(self.words.starts[span[0]]), int(self.words.ends[span[1] - 1]))
        (start,), (end,) = self.spans(*(np.array([number], dtype=np.int64) for number in (text, *span)))
        return Span(start, end)

    def spans(self, texts: IndexArray, starts: IndexArray, ends: IndexArray) -> tuple[list[int], list[int]]:
        """Stretches of words in code points, where each starts and ends; all three of shape (stretches,)."""
        start, end = self._noted_starts.at(starts), self._noted_ends.at(ends)
        missing = np.flatnonzero((start < 0) | (end < 0))
        if len(missing):
            self.with_places(texts[missing].tolist())
            start[missing], end[missing] = self.words.starts[starts[missing]], self.words.ends[ends[missing] - 1]
        return start.tolist(), end.tolist()

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


class _Gathering:
    """The words of texts one after the other, and what else the index holds of them."""

    def __init__(self, spill: Spill) -> None:
        self._column = Column(np.uint64, spill)
        self._waiting: list[bytes] = []
        self.sketches = bytearray()
        self.sampled: list[int] = []
        self.counts: list[int] = []

    def add(self, texts: IndexedTexts, first: int, last: int) -> None:
        """Add some of the texts that columns tell of."""
        words = texts.words[first:last]
        self._waiting += words
        self.counts += [len(each) // _WORD_BYTES for each in words]
        self.sketches += b"".join(texts.sketches[first:last])
        self.sampled += texts.sampled[first:last]
        if len(self._waiting) >= _TEXTS_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        self._column.extend(np.frombuffer(b"".join(self._waiting), dtype="<u8"))
        self._waiting.clear()

    def words(self) -> HashArray:
        """The hashes of all words; nothing is added any more."""
        self._flush()
        return self._column.whole()


def _rows_of(words: Words, sketches: npt.NDArray[np.uint32], sampled: IndexArray) -> Iterator[IndexedTexts]:
    """The texts of a collection one by one, as the index holds them; without names."""
    for number, count in enumerate(sampled.tolist()):
        hashes = words.hashes[words.of(number)].astype("<u8", copy=False).tobytes()
        yield IndexedTexts([""], [hashes], [sketches[number].astype("<u4", copy=False).tobytes()], [count], [""])


class _Noted:
    """Where some words begin or end in their texts, as columns that are sorted when they are first asked."""

    def __init__(self) -> None:
        self._rows: list[tuple[IndexArray, IndexArray]] = []
        self._words: IndexArray = np.zeros(0, dtype=np.int64)
        self._places: IndexArray = self._words

    def add(self, words: IndexArray, places: IndexArray) -> None:
        """Note some words' places, before any is asked for."""
        self._rows.append((words, places))

    def at(self, words: IndexArray) -> IndexArray:
        """The places of some words; -1 where a word was not noted."""
        if self._rows:
            noted, places = (np.concatenate(column) for column in zip(*self._rows, strict=True))
            order = np.argsort(noted, kind="stable")
            self._words, self._places = noted[order], places[order]
            self._rows = []
        if not len(self._words):
            return np.full(len(words), -1, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self._words, words), len(self._words) - 1)
        return np.where(self._words[rows] == words, self._places[rows], -1)


def _sparse(length: int) -> npt.NDArray[np.int32]:
    """Zeros of which only the few stretches that are written to take memory and time.

    Where the system hands out large pages, one number written would fill two million bytes of them.
    """
    room = mmap.mmap(-1, max(1, 4 * length))
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel without large pages knows nothing of them
            room.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(room, dtype=np.int32, count=length)
