"""Candidates and alignment on Spark: fingerprints joined part by part, pairs of texts aligned part by part.

Fingerprints are dealt out by their hash and joined as `reuse.joining` does; the pairs of places that come of it are
dealt out by the text that parts them there (`home_of`), so that each part has all that a pair of texts hangs on. The
words of the texts that a part needs are sent to it once. A fingerprint that very many texts have costs its own rows
only: common ones are paired with a few neighbours each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from provenance.engines.spark.parts import (
    BLOBS,
    Families,
    IndexArray,
    Parts,
    joined,
    numbers_of,
    of_kind,
    pieces,
    words_in,
)
from provenance.reuse.alignment import Aligned, align_all
from provenance.reuse.candidates import TextArray, TextsOf, gathered, shared_places
from provenance.reuse.fingerprints import Fingerprints, fingerprint
from provenance.reuse.joining import home_of
from provenance.settings import ReuseSettings

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast
    from pyspark.sql import DataFrame

    from provenance.engines.spark.session import Tables

REQUEST: Final = 0
"""Kind of the rows that name texts which a part needs, and of these texts."""
PAIR: Final = 1
"""Kind of the rows that are about pairs."""
ALIGNED: Final = "part int, a long, b long, aligned binary"
_ALIGNED: Final = pa.schema([("part", pa.int32()), ("a", pa.int64()), ("b", pa.int64()), ("aligned", pa.binary())])
_REQUESTS: Final = "part int, number long"
_REQUESTS_SCHEMA: Final = pa.schema([("part", pa.int32()), ("number", pa.int64())])
_AT_ONCE: Final = 8192
"""Texts fingerprinted together. It decides no result."""
_PLACE_BITS: Final = 32
_ROWS: Final = 4096


def aligned_pairs(
    tables: Tables, words: DataFrame, families: Broadcast[Families], parts: Parts, settings: ReuseSettings
) -> DataFrame:
    """The passages of all pairs of texts, as `reuse.alignment.align_all` finds them, with the part of each pair.

    Args:
        tables: where what is worked out on the way is put.
        words: of all texts (`wording.words_of_documents`).
        families: of all texts.
        parts: to work in.
        settings: the thresholds.
    """
    hashes = words.select("number", "words")
    prints = hashes.mapInArrow(partial(_deal_prints, settings, parts), BLOBS)
    pairs = tables.put("work/pairs", parts.gather(prints, partial(_join_part, settings, parts, families), BLOBS))
    wanted = requested(pairs)
    given = wanted.join(hashes, "number").selectExpr(
        "part",
        f"{REQUEST} as kind",
        "number",
        "words as one",
        *(f"cast(null as binary) as {name}" for name in ("two", "three", "four")),
    )
    rows = given.unionByName(pairs.filter(f"kind = {PAIR}"))
    return tables.put("work/aligned", parts.gather(rows, partial(_align_part, settings, families), ALIGNED))


def requested(pairs: DataFrame) -> DataFrame:
    """The texts that each part asks for, each once."""
    return pairs.filter(f"kind = {REQUEST}").select("part", "one").mapInArrow(_unpacked, _REQUESTS).distinct()


def _unpacked(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for part, packed in zip(batch.column("part").to_pylist(), batch.column("one").to_pylist(), strict=True):
            numbers = np.unique(np.frombuffer(packed, dtype=np.int64))
            arrays = [pa.array(np.full(len(numbers), part, dtype=np.int32)), pa.array(numbers)]
            yield pa.RecordBatch.from_arrays(arrays, schema=_REQUESTS_SCHEMA)


def _deal_prints(settings: ReuseSettings, parts: Parts, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The fingerprints of texts with their places, dealt out by hash."""
    for table in pieces(batches, _AT_ONCE):
        words = words_in(table.column("words"))
        prints = fingerprint(words, settings.shingle_words, settings.winnowing_window)
        text = np.searchsorted(words.bounds, prints.words, side="right") - 1
        places = (prints.words - words.bounds[text]).astype(np.int32)
        yield from parts.deal(parts.of_hashes(prints.hashes), (prints.hashes, numbers_of(table)[text], places))


class _TextOf:
    """The text of a place that has it in its upper bits."""

    def __getitem__(self, places: IndexArray) -> TextArray:
        found: TextArray = (places >> _PLACE_BITS).astype(np.int32)
        return found


def _join_part(
    settings: ReuseSettings, parts: Parts, families: Broadcast[Families], table: pa.Table
) -> Iterator[pa.RecordBatch]:
    """Pairs of places with the same fingerprint, dealt out by home, and the texts that the parts then need."""
    known: Families = families.value
    numbers = joined(table.column("two"), np.int64)
    texts = known.closed(np.unique(numbers))
    representatives = known.within(texts)
    places = np.searchsorted(texts, numbers) << _PLACE_BITS
    places |= joined(table.column("three"), np.int32)
    order = np.argsort(places, kind="stable")
    prints = Fingerprints(joined(table.column("one"), np.uint64)[order], places[order])
    text_of: Any = _TextOf()
    left, right = shared_places(prints, text_of, representatives, settings)
    one, two = text_of[left], text_of[right]
    between = np.flatnonzero(one != two)
    left, right, one, two = left[between], right[between], one[between], two[between]
    home = parts.of_numbers(texts[home_of(one, two, representatives)])
    mask = (1 << _PLACE_BITS) - 1
    columns = (texts[one], (left & mask).astype(np.int32), texts[two], (right & mask).astype(np.int32))
    yield from parts.deal(home, columns, PAIR)
    asked = np.unique(np.concatenate([home, home]) * len(texts) + np.concatenate([one, two]))
    index, numbers = asked // len(texts), texts[asked % len(texts)]
    index = np.concatenate([index, index])
    yield from parts.deal(index, (np.concatenate([numbers, known.of(numbers)]),), REQUEST)


def _align_part(settings: ReuseSettings, families: Broadcast[Families], table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The passages of the pairs of one part."""
    known: Families = families.value
    given, pairs = of_kind(table, REQUEST), of_kind(table, PAIR)
    numbers = numbers_of(given)
    words = words_in(given.column("one"))
    sides = []
    for text, place in (("one", "two"), ("three", "four")):
        at = np.searchsorted(numbers, joined(pairs.column(text), np.int64))
        sides.append(words.bounds[at] + joined(pairs.column(place), np.int32))
    runs = gathered(words, sides[0], sides[1], TextsOf(words), known.within(numbers), settings)
    part = table.column("part")[0].as_py()
    rows: list[tuple[int, int, int, bytes]] = []
    for text_a, text_b, found in align_all(words, runs, settings):
        packed = pack(found, int(words.bounds[text_a]), int(words.bounds[text_b]))
        rows.append((part, int(numbers[text_a]), int(numbers[text_b]), packed))
        if len(rows) == _ROWS:
            yield _batch(rows)
            rows = []
    yield _batch(rows)


def _batch(rows: list[tuple[int, int, int, bytes]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(_ALIGNED)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _ALIGNED, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_ALIGNED)


def pack(found: Iterable[Aligned], first_a: int, first_b: int) -> bytes:
    """The passages of two texts as 64-bit integers, counted from the first words of the texts."""
    numbers: list[int] = []
    for one in found:
        sides = (one.a - first_a, one.a_end - first_a, one.b - first_b, one.b_end - first_b)
        numbers += (*sides, one.equal, len(one.blocks))
        for at, to, length in one.blocks:
            numbers += (at - first_a, to - first_b, length)
    return np.array(numbers, dtype=np.int64).tobytes()


def unpack(packed: bytes, first_a: int, first_b: int) -> Iterator[Aligned]:
    """The passages that `pack` was given, in words that begin elsewhere."""
    numbers = iter(np.frombuffer(packed, dtype=np.int64).tolist())
    for a in numbers:
        a_end, b, b_end, equal, count = (next(numbers) for _ in range(5))
        blocks = tuple((next(numbers) + first_a, next(numbers) + first_b, next(numbers)) for _ in range(count))
        yield Aligned(a + first_a, a_end + first_a, b + first_b, b_end + first_b, equal, blocks)
