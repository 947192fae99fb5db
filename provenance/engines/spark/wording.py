"""Words, signatures and families of a collection, on Spark.

Texts that may be of one family are found as components of a graph of texts and buckets, which the driver works out over
plain numbers; what happens in one component touches no other, so each is gathered by itself with the kernel of the
local engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from provenance.engines.spark.parts import (
    BLOBS,
    Families,
    IndexArray,
    Parts,
    blobs,
    joined,
    numbers_of,
    pieces,
    words_in,
)
from provenance.reuse.families import band_keys, gather, signatures
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from provenance.engines.spark.session import Tables

_WORDS: Final = "number long, words binary, sketch binary, sampled long, count long, digest binary"
_WORDS_SCHEMA: Final = pa.schema(
    [
        ("number", pa.int64()),
        ("words", pa.binary()),
        ("sketch", pa.binary()),
        ("sampled", pa.int64()),
        ("count", pa.int64()),
        ("digest", pa.binary()),
    ]
)
_TURNS: Final = pa.schema([("number", pa.int64()), ("part", pa.int32()), ("met", pa.int64()), ("company", pa.binary())])
_CENTRES: Final = "number long, centre long"
_CENTRES_SCHEMA: Final = pa.schema([("number", pa.int64()), ("centre", pa.int64())])
_AT_ONCE: Final = 4096
"""Texts whose buckets are dealt out together. It decides no result."""
_BUCKET_BITS: Final = 40


def words_of_documents(documents: DataFrame, settings: ReuseSettings) -> DataFrame:
    """The words of each article as hashes, its signature, and a digest of its words."""
    return documents.select("number", "text").mapInArrow(partial(_read_words, settings), _WORDS)


def _read_words(settings: ReuseSettings, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        words = words_of(batch.column("text").to_pylist())
        sketches, sampled = signatures(words, settings)
        hashes = [words.hashes[words.of(text)].astype("<u8", copy=False).tobytes() for text in range(batch.num_rows)]
        arrays = [
            batch.column("number"),
            pa.array(hashes, pa.binary()),
            pa.array([row.astype("<u4", copy=False).tobytes() for row in sketches], pa.binary()),
            pa.array(sampled),
            pa.array(np.diff(words.bounds)),
            pa.array([hashlib.blake2b(each, digest_size=16).digest() for each in hashes], pa.binary()),
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=_WORDS_SCHEMA)


def find_families(tables: Tables, words: DataFrame, parts: Parts, settings: ReuseSettings) -> Families:
    """The families of a collection, as `reuse.families.find_families` finds them.

    Args:
        tables: where what is worked out on the way is put.
        words: what `words_of_documents` gives.
        parts: to work in.
        settings: the thresholds.
    """
    again, firsts = _equals(words)
    context = tables.spark.sparkContext
    told = context.broadcast(again)
    able = words.filter(f"sampled >= {settings.family_minimum_shingles}").select("number", "sketch")
    dealt = able.mapInArrow(partial(_deal_buckets, settings, parts, told), BLOBS)
    met = tables.put("work/buckets", parts.gather(dealt, partial(_shared_buckets, parts), BLOBS)).toArrow()
    text, bucket, bits = (joined(met.column(name), np.int64) for name in ("one", "two", "three"))
    if not len(text):
        return Families(again, firsts)
    turns = tables.spark.createDataFrame(_turns(text, bucket, bits, parts))
    gathered = parts.gather(
        turns.join(words.select("number", "words", "sketch"), "number"),
        partial(_gather_part, settings),
        _CENTRES,
        ("number",),
    )
    found = gathered.toArrow()
    members, centres = numbers_of(found), numbers_of(found, "centre")
    order = np.argsort(members)
    alone = Families(members[order], centres[order])
    members = np.concatenate([members, again])
    centres = np.concatenate([centres, alone.of(firsts)])
    order = np.argsort(members)
    return Families(members[order], centres[order])


def _equals(words: DataFrame) -> tuple[IndexArray, IndexArray]:
    """The texts that have the words of one with a lower number, ascending, and that one's number."""
    firsts = words.filter("count > 0").groupBy("digest").agg({"number": "min", "*": "count"})
    firsts = firsts.toDF("digest", *["first", "texts"] if firsts.columns[1].startswith("min") else ["texts", "first"])
    several = firsts.filter("texts > 1").select("digest", "first")
    found = words.select("number", "digest").join(several, "digest").filter("number > first").toArrow()
    numbers = numbers_of(found)
    order = np.argsort(numbers)
    return numbers[order], numbers_of(found, "first")[order]


def _deal_buckets(
    settings: ReuseSettings, parts: Parts, again: object, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The bucket of every text in every band, dealt out by bucket."""
    left_out: IndexArray = again.value  # type: ignore[attr-defined]
    permutations = settings.family_permutations
    for table in pieces(batches, _AT_ONCE):
        numbers = numbers_of(table)
        values = joined(table.column("sketch"), np.dtype("<u4")).reshape(-1, permutations)
        chosen = ~np.isin(numbers, left_out)
        numbers, values = numbers[chosen], values[chosen]
        for band in range(permutations // settings.family_band_rows):
            keys = band_keys(values, band, settings)
            bands = np.full(len(keys), band, dtype=np.int64)
            yield from parts.deal(parts.of_hashes(keys), (keys, bands, numbers))


def _shared_buckets(parts: Parts, table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Texts and numbers of the buckets that hold several, with the bits of how many."""
    keys = joined(table.column("one"), np.uint64)
    bands, numbers = joined(table.column("two"), np.int64), joined(table.column("three"), np.int64)
    order = np.lexsort((numbers, keys, bands))
    keys, bands, numbers = keys[order], bands[order], numbers[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]) | (bands[1:] != bands[:-1])
    counts = np.diff(np.append(np.flatnonzero(new), len(keys)))
    number = np.cumsum(new) - 1
    shared = counts[number] > 1
    part = table.column("part")[0].as_py()
    base = int(np.flatnonzero(parts.keys == part)[0]) << _BUCKET_BITS
    bits = np.log2(counts[number[shared]]).astype(np.int64)
    columns = numbers[shared], base + number[shared], bits
    yield blobs([(part, 0, 0, *(column.tobytes() for column in columns))])


def _turns(text: IndexArray, bucket: IndexArray, bits: IndexArray, parts: Parts) -> pa.Table:
    """Each text that meets another, with the part of its component, its company and its buckets."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - takes a fifth of a second to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    order = np.lexsort((bucket, text))
    text, bucket, bits = text[order], bucket[order], bits[order]
    numbers, at = np.unique(text, return_inverse=True)
    _, held = np.unique(bucket, return_inverse=True)
    nodes = len(numbers) + int(held.max()) + 1
    ones = np.ones(len(text), dtype=np.int8)
    graph = coo_array((ones, (at, held + len(numbers))), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    label = label[: len(numbers)]
    # components one after the other, parted where a share of all texts is full
    sizes = np.bincount(label)
    share = (np.cumsum(sizes) - sizes) * len(parts) // len(numbers)
    firsts = np.flatnonzero(np.concatenate([[True], text[1:] != text[:-1]]))
    ends = np.append(firsts[1:], len(text))
    company = [
        held[low:high].astype(np.int64).tobytes() for low, high in zip(firsts.tolist(), ends.tolist(), strict=True)
    ]
    columns = [numbers, parts.keys[share[label]], np.add.reduceat(bits, firsts)]
    arrays = [*map(pa.array, columns), pa.array(company, pa.binary())]
    return pa.Table.from_arrays(arrays, schema=_TURNS)


def _gather_part(settings: ReuseSettings, table: pa.Table) -> Iterator[pa.RecordBatch]:
    numbers = numbers_of(table)
    words = words_in(table.column("words"))
    values = joined(table.column("sketch"), np.dtype("<u4")).reshape(-1, settings.family_permutations)
    company = [np.frombuffer(each, dtype=np.int64).tolist() for each in table.column("company").to_pylist()]
    texts = np.arange(len(numbers))
    found = gather(words, values, texts, company, numbers_of(table, "met"), settings)
    joins = np.flatnonzero(found != texts)
    arrays = [pa.array(numbers[joins]), pa.array(numbers[found[joins]])]
    yield pa.RecordBatch.from_arrays(arrays, schema=_CENTRES_SCHEMA)
