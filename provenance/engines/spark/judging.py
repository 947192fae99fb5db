"""Kinds of matches on Spark: read where both articles are at hand, judged anew by counts over the collection.

Standing matter is told by three counts, none of which is large: which outlets print each other's furniture, how often
the word triples of doubtful matches occur, and how often words do. They are summed over all parts and sent back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from provenance.engines.spark.pairing import PAIR, REQUEST, unpack
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
from provenance.model import Article, DateInterval, Span
from provenance.reuse.kept import KINDS, Kept
from provenance.reuse.kept import pack as pack_kept
from provenance.reuse.kinds import KindReader
from provenance.reuse.passages import Shared, SharedRows
from provenance.reuse.standing import (
    Houses,
    Kinship,
    rare_limit,
    tallied,
    times,
    triples,
    wanted_triples,
    word_counts,
)
from provenance.settings import ReuseSettings
from provenance.text.tokens import HashArray, Words, words_of

if TYPE_CHECKING:
    from pyspark.core.broadcast import Broadcast
    from pyspark.sql import DataFrame

    from provenance.engines.spark.session import Tables

_COUNTED: Final = 2
"""Kind of the rows that tell how often triples occur."""
_FOUND: Final = pa.schema(
    [("part", pa.int32())]
    + [(name, pa.int64()) for name in ("a", "b", "a_word", "a_word_end", "b_word", "b_word_end")]
    + [(name, pa.int64()) for name in ("a_start", "a_end", "b_start", "b_end")]
    + [("similarity", pa.float64()), ("exact", pa.bool_()), ("kind_number", pa.int32()), ("packed", pa.binary())]
)
_FOUND_DDL: Final = (
    "part int, a long, b long, a_word long, a_word_end long, b_word long, b_word_end long, a_start long, a_end long, "
    "b_start long, b_end long, similarity double, exact boolean, kind_number int, packed binary"
)
SHARED: Final = ("a", "a_word", "a_word_end", "b", "b_word", "b_word_end")
"""The columns of `SharedRows`."""
_ORDER: Final = ("kind", "number", "b", "a_word", "a_word_end", "b_word", "b_word_end")
_TEXT: Final = ("text", "outlet", "published_start")
_AT_ONCE: Final = 8192
_MOST_SIEVE_BITS: Final = 26
_LEAST_SIEVE_BITS: Final = 16
_FEW_BITS: Final = 3


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of the whole collection.

    Attributes:
        texts: how many there are.
        words: how many they have.
    """

    texts: int
    words: int


def found_matches(
    tables: Tables,
    documents: DataFrame,
    aligned: DataFrame,
    families: Broadcast[Families],
    parts: Parts,
    settings: ReuseSettings,
) -> DataFrame:
    """The matches with the kinds that can be told from their two articles alone."""
    pairs = aligned.selectExpr("part", f"{PAIR} as kind", "a as number", "b", "aligned")
    rows = _texts_of(documents, aligned).unionByName(pairs, allowMissingColumns=True)
    order = ("kind", "number", "b")
    return tables.put("work/found", parts.gather(rows, partial(_place_part, settings, families), _FOUND_DDL, order))


def _texts_of(documents: DataFrame, pairs: DataFrame) -> DataFrame:
    """The articles of the pairs of each part."""
    asked = pairs.selectExpr("part", "a as number").union(pairs.selectExpr("part", "b as number")).distinct()
    return asked.join(documents.select("number", *_TEXT), "number").selectExpr(
        "part", f"{REQUEST} as kind", "number", *_TEXT
    )


def _articles(given: pa.Table) -> list[Article]:
    """Articles with as much as kinds are told by."""
    columns = (given.column(name).to_pylist() for name in ("number", *_TEXT))
    return [
        Article(str(number), text, outlet=outlet, published=None if day is None else _from(day))
        for number, text, outlet, day in zip(*columns, strict=True)
    ]


def _from(start: str) -> DateInterval:
    # only the day of its beginning is looked at
    return DateInterval(start, start, "day", "metadata")


def _place_part(settings: ReuseSettings, families: Broadcast[Families], table: pa.Table) -> Iterator[pa.RecordBatch]:
    """What `assembly.Assembly` makes of aligned passages, for the pairs of one part."""
    given, pairs = of_kind(table, REQUEST), of_kind(table, PAIR)
    articles, numbers = _articles(given), numbers_of(given)
    words = words_of(article.text for article in articles)
    reader = KindReader(articles, settings)
    known: Families = families.value
    a, b = numbers_of(pairs), numbers_of(pairs, "b")
    stars = (known.of(b) == a) | (known.of(a) == b)
    at_a, at_b = np.searchsorted(numbers, a).tolist(), np.searchsorted(numbers, b).tolist()
    part = table.column("part")[0].as_py()
    rows: list[tuple[Any, ...]] = []
    packed = pairs.column("aligned").to_pylist()
    for text_a, text_b, star, found in zip(at_a, at_b, stars.tolist(), packed, strict=True):
        firsts = int(words.bounds[text_a]), int(words.bounds[text_b])
        placed = []
        for one in unpack(found, *firsts):
            spans = _span(words, one.a, one.a_end), _span(words, one.b, one.b_end)
            if min(map(len, spans)) >= settings.minimum_characters:
                placed.append((one, spans))
        kinds = reader.kinds((text_a, text_b), [spans for _, spans in placed])
        for (one, (in_a, in_b)), kind in zip(placed, kinds, strict=True):
            kept = Kept((one.a, one.a_end), (one.b, one.b_end), bool(one.blocks), kind, one.blocks if star else ())
            at = (one.a - firsts[0], one.a_end - firsts[0], one.b - firsts[1], one.b_end - firsts[1])
            places = (in_a.start, in_a.end, in_b.start, in_b.end)
            told = (round(one.similarity, 4), bool(one.blocks), KINDS.index(kind), pack_kept(kept, *firsts))
            rows.append((part, int(numbers[text_a]), int(numbers[text_b]), *at, *places, *told))
        if len(rows) >= _AT_ONCE:
            yield _found_batch(rows)
            rows = []
    yield _found_batch(rows)


def _span(words: Words, first: int, last: int) -> Span:
    return Span(int(words.starts[first]), int(words.ends[last - 1]))


def _found_batch(rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(_FOUND)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _FOUND, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_FOUND)


# counts over the collection --------------------------------------------------------------------------------------


def judged_matches(
    tables: Tables,
    documents: DataFrame,
    words: DataFrame,
    found: DataFrame,
    whole: Whole,
    parts: Parts,
    settings: ReuseSettings,
) -> DataFrame:
    """The matches with their kinds in the end; those of small collections have no counts to go by."""
    if whole.texts < settings.furniture_articles:
        return found
    context = tables.spark.sparkContext
    houses = context.broadcast(_houses(documents, found, settings))
    matches = found.withColumnRenamed("a", "number").selectExpr("*", f"{PAIR} as kind")
    rows = _texts_of(documents, found).unionByName(matches, allowMissingColumns=True)
    asked = tables.put("work/triples", parts.gather(rows, partial(_want_part, settings, parts, houses), BLOBS, _ORDER))
    told = context.broadcast(_sieve(asked))
    present = words.select("words").mapInArrow(partial(_sieved, parts, told), BLOBS)
    occurrences = parts.gather(asked.unionByName(present), partial(_count_part, parts), BLOBS)
    counted = tables.put("work/occurrences", occurrences).withColumn("number", _constant(0))
    weighed = context.broadcast(_word_counts(words, parts))
    kernel = partial(_judge_part, settings, whole, houses, weighed)
    rows = rows.unionByName(counted.select("part", "kind", "number", "one", "two"), allowMissingColumns=True)
    return tables.put("work/judged", parts.gather(rows, kernel, _FOUND_DDL, _ORDER))


def _constant(value: int) -> Any:
    from pyspark.sql.functions import lit  # noqa: PLC0415 - an extra

    return lit(value).cast("long")


def _houses(documents: DataFrame, found: DataFrame, settings: ReuseSettings) -> Houses:
    """Which outlets are of one house, out of the furniture that different ones share."""
    outlets = documents.select("number", "outlet").filter("outlet is not null and outlet <> ''")
    sizes = {row[0]: row[1] for row in outlets.groupBy("outlet").count().collect()}
    furniture = found.filter(f"kind_number = {KINDS.index('furniture')}").select("a", "b")
    one = outlets.toDF("a", "one")
    two = outlets.toDF("b", "two")
    rows = furniture.join(one, "a").join(two, "b").filter("one <> two").toArrow()
    sides = numbers_of(rows, "a"), numbers_of(rows, "b")
    numbers, at = np.unique(np.concatenate(sides), return_inverse=True)
    names: list[str | None] = [None] * len(numbers)
    for place, name in zip(at.tolist(), [*rows["one"].to_pylist(), *rows["two"].to_pylist()], strict=True):
        names[place] = name
    half = len(sides[0])
    pairs = (Shared(a, (0, 0), b, (0, 0)) for a, b in zip(at[:half].tolist(), at[half:].tolist(), strict=True))
    return Houses(pairs, names, settings, sizes)


@dataclass(slots=True)
class _Part:
    """The matches of one part, with what they are judged by."""

    words: Words
    shared: SharedRows
    kinds: list[Any]
    exact: list[bool]
    reader: KindReader
    doubtful: list[int]
    matches: pa.Table

    @classmethod
    def of(cls, table: pa.Table, houses: Houses, settings: ReuseSettings) -> _Part:
        given, matches = of_kind(table, REQUEST), of_kind(table, PAIR)
        articles, numbers = _articles(given), numbers_of(given)
        words = words_of(article.text for article in articles)
        sides = []
        for side, text in (("a", "number"), ("b", "b")):
            at = np.searchsorted(numbers, numbers_of(matches, text))
            first = words.bounds[at]
            ends = (first + numbers_of(matches, f"{side}_word"), first + numbers_of(matches, f"{side}_word_end"))
            sides += [at, *ends]
        shared = SharedRows(*sides)
        kinds = [KINDS[number] for number in matches["kind_number"].to_pylist()]
        exact = matches["exact"].to_pylist()
        reader = KindReader(articles, settings)
        doubtful = reader.doubtful(words, shared, kinds, exact, houses)
        return cls(words, shared, kinds, exact, reader, doubtful, matches)

    @property
    def asked(self) -> SharedRows:
        return self.shared.taken(np.array(self.doubtful, dtype=np.int64))


def _want_part(
    settings: ReuseSettings, parts: Parts, houses: Broadcast[Houses], table: pa.Table
) -> Iterator[pa.RecordBatch]:
    """The triples that a part asks for, dealt out by hash."""
    part = _Part.of(table, houses.value, settings)
    wanted = wanted_triples(part.words, part.asked)
    home = int(np.flatnonzero(parts.keys == table.column("part")[0].as_py())[0])
    yield from parts.deal(parts.of_hashes(wanted), (wanted, np.full(len(wanted), home, dtype=np.int32)), REQUEST)


def _sieve(asked: DataFrame) -> npt.NDArray[np.bool_]:
    """Cells for the highest bits of hashes; set for those of every triple asked for."""
    count = int(asked.selectExpr("sum(length(one)) as size").collect()[0][0] or 0) // 8
    bits = min(_MOST_SIEVE_BITS, max(_LEAST_SIEVE_BITS, count.bit_length() + _FEW_BITS))
    sieve = np.zeros(1 << bits, dtype=bool)
    for row in asked.select("one").toLocalIterator():
        sieve[np.frombuffer(row[0], dtype=np.uint64) >> np.uint64(64 - bits)] = True
    return sieve


def _sieved(parts: Parts, told: Broadcast[Any], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The triples of texts that may be asked for, dealt out by hash."""
    sieve: npt.NDArray[np.bool_] = told.value
    shift = np.uint64(64 - (len(sieve).bit_length() - 1))
    for table in pieces(batches, _AT_ONCE):
        words = words_in(table.column("words"))
        hashes = triples(words.hashes)
        within = np.ones(len(hashes), dtype=bool)
        for reach in (1, 2):
            edges = words.bounds[1:-1] - reach
            within[edges[(edges >= 0) & (edges < len(hashes))]] = False
        found = hashes[within & sieve[hashes >> shift]]
        yield from parts.deal(parts.of_hashes(found), (found,), PAIR)


def _count_part(parts: Parts, table: pa.Table) -> Iterator[pa.RecordBatch]:
    """How often the triples occur that are asked for, dealt out to those who ask."""
    asked = of_kind(table, REQUEST)
    wanted, homes = joined(asked.column("one"), np.uint64), joined(asked.column("two"), np.int32)
    counts: IndexArray = times(wanted, joined(of_kind(table, PAIR).column("one"), np.uint64))
    yield from parts.deal(homes.astype(np.int64), (wanted, counts), _COUNTED)


def _word_counts(words: DataFrame, parts: Parts) -> IndexArray:
    """How often the words of each cell occur in the collection."""
    pieces_of_it = words.select("words").coalesce(len(parts)).mapInArrow(_count_words, "counts binary")
    total: IndexArray = np.zeros(0, dtype=np.int64)
    for row in pieces_of_it.toLocalIterator():
        counts = np.frombuffer(row[0], dtype=np.int64)
        total = counts.copy() if not len(total) else total + counts
    return total


def _count_words(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    total: IndexArray | None = None
    for table in pieces(batches, _AT_ONCE):
        counts = word_counts(words_in(table.column("words")))
        total = counts if total is None else total + counts
    if total is not None:
        yield pa.RecordBatch.from_arrays([pa.array([total.tobytes()], pa.binary())], names=["counts"])


def _judge_part(
    settings: ReuseSettings,
    whole: Whole,
    houses: Broadcast[Houses],
    weighed: Broadcast[IndexArray],
    table: pa.Table,
) -> Iterator[pa.RecordBatch]:
    part = _Part.of(table, houses.value, settings)
    told = of_kind(table, _COUNTED)
    hashes: HashArray = joined(told.column("one"), np.uint64)
    occurrences = joined(told.column("two"), np.int64)
    order = np.argsort(hashes)
    asked = part.asked
    known = occurrences[order] if len(order) else None
    counts = tallied(part.words, asked, hashes[order], known, rare_limit(whole.words, settings))
    kinship = Kinship(part.words, settings, weighed.value, whole.texts)
    kinds = part.reader.judged(part.words, part.shared, part.kinds, part.doubtful, counts, kinship, houses.value)
    columns = [part.matches.column("number" if name == "a" else name) for name in _FOUND.names]
    columns[_FOUND.names.index("kind_number")] = pa.chunked_array([pa.array(map(KINDS.index, kinds), pa.int32())])
    yield from pa.Table.from_arrays(columns, schema=_FOUND).combine_chunks().to_batches(_AT_ONCE)
