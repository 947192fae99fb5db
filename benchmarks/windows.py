"""Find shared passages with a library of MinHash signatures, as a user of it would: over windows of words.

    python benchmarks/windows.py METHOD COLLECTION.jsonl PAIRS.jsonl [--memory MB]

It runs in an environment of its own that holds the library and nothing of this project (`peers.py` calls it there), so
it imports the library and the standard library alone. METHOD is `datasketch`, `rensa` or `text-dedup`.

A window is 40 words, the next begins 20 words on. Where a library can estimate the likeness of two signatures,
candidates below `least` are dropped; text-dedup cannot, and joins each window of a bucket to its first one, as its
script does. Of two texts, window pairs that overlap or touch on both sides become one passage from the first word to
the last. `SETUPS` says what is hashed, and with how many permutations: of what was tried on 1,000 articles with 400
planted passages, that which serves each peer best (README.md).

It prints what it cost as JSON: seconds of CPU, of all threads and without imports, the unit U in seconds before and
after (see `records.unit_of`), and peak memory.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from records import WORD, cpu_seconds, peak_megabytes, read_articles, unit_of, write_lines

LENGTH, STRIDE = 40, 20
SEED = 1


@dataclass(frozen=True)
class Setup:
    """How a library is used.

    Attributes:
        shingle: words hashed together.
        bands: of rows each; their product is the number of permutations.
        least: estimated likeness that two windows need; no use to a library that cannot estimate it.
    """

    shingle: int
    bands: int
    rows: int
    least: float

    @property
    def permutations(self) -> int:
        """Values of one signature."""
        return self.bands * self.rows


SETUPS = {
    "datasketch": Setup(1, 32, 4, 0.5),
    "rensa": Setup(1, 32, 4, 0.5),
    "text-dedup": Setup(2, 32, 4, 0.0),
}

Side = tuple[int, int]
"""Start and end of a stretch of a text, in code points."""
Joined = tuple[Side, Side]


@dataclass
class Windows:
    """Windows of all texts, one entry a window.

    Attributes:
        texts: number of the text it lies in.
        spans: where it lies there.
        tokens: what is hashed of it.
    """

    texts: list[int]
    spans: list[Side]
    tokens: list[list[str]]


def windows_of(texts: Iterable[str], shingle: int) -> Windows:
    """The windows of texts; a text shorter than a window is one, the last window ends with the text."""
    made = Windows([], [], [])
    for number, text in enumerate(texts):
        found = [(match.group().lower(), match.span()) for match in WORD.finditer(text)]
        last = max(0, len(found) - LENGTH)
        for first in [*range(0, last, STRIDE), last] if found else ():
            window = found[first : first + LENGTH]
            words = [word for word, _ in window]
            made.texts.append(number)
            made.spans.append((window[0][1][0], window[-1][1][1]))
            made.tokens.append([" ".join(words[at : at + shingle]) for at in range(max(1, len(words) - shingle + 1))])
    return made


Pairs = Iterator[tuple[int, int]]
Method = Callable[[Windows, Setup], Pairs]


def with_datasketch() -> Method:
    """MinHash and MinHashLSH as datasketch documents them, signatures made in bulk."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - each method has an environment of its own

    def pairs(windows: Windows, setup: Setup) -> Pairs:
        coded = ([token.encode() for token in tokens] for tokens in windows.tokens)
        signatures = MinHash.bulk(coded, num_perm=setup.permutations, seed=SEED)
        index = MinHashLSH(num_perm=setup.permutations, params=(setup.bands, setup.rows))
        with index.insertion_session() as session:
            for number, signature in enumerate(signatures):
                session.insert(number, signature, check_duplication=False)
        for number, signature in enumerate(signatures):
            for other in index.query(signature):
                apart = other < number and windows.texts[other] != windows.texts[number]
                if apart and signature.jaccard(signatures[other]) >= setup.least:
                    yield other, number

    return pairs


def with_rensa() -> Method:
    """RMinHash and RMinHashLSH of rensa, by its calls for many."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    def pairs(windows: Windows, setup: Setup) -> Pairs:
        signatures = RMinHash.from_token_sets(windows.tokens, num_perm=setup.permutations, seed=SEED)
        index = RMinHashLSH(threshold=setup.least, num_perm=setup.permutations, num_bands=setup.bands)
        index.insert_many(signatures)
        for number, found in enumerate(index.query_all(signatures)):
            for other in found:
                apart = other < number and windows.texts[other] != windows.texts[number]
                if apart and signatures[number].jaccard(signatures[other]) >= setup.least:
                    yield other, number

    return pairs


def with_text_dedup() -> Method:
    """The signatures of text-dedup's `minhash.embed_func`, clustered as its script does."""
    import numpy as np  # noqa: PLC0415
    from text_dedup.minhash import embed_func  # noqa: PLC0415
    from text_dedup.utils import xxh3_32hash  # noqa: PLC0415

    def pairs(windows: Windows, setup: Setup) -> Pairs:
        chance = np.random.RandomState(SEED)
        largest, prime = np.uint32((1 << 32) - 1), np.uint64((1 << 61) - 1)
        factors = chance.randint(1, prime, size=setup.permutations, dtype=np.uint64)
        added = chance.randint(0, prime, size=setup.permutations, dtype=np.uint64)
        tables: list[dict[bytes, set[int]]] = [defaultdict(set) for _ in range(setup.bands)]
        for number, tokens in enumerate(windows.tokens):
            # its own shingles are taken of a text; one joined by a mark it does not split at is one of ours
            made = embed_func(
                content=" ".join(token.replace(" ", "_") for token in tokens),
                idx=number,
                num_perm=setup.permutations,
                ngram_size=1,
                min_length=0,
                hashranges=[(band * setup.rows, (band + 1) * setup.rows) for band in range(setup.bands)],
                permutations=(factors, added),
                hash_func=xxh3_32hash,
                dtype=np.uint64,
                max_hash=largest,
                modulo_prime=prime,
            )
            for table, part in zip(tables, made["__signatures__"], strict=True):
                table[part].add(number)
        edges: set[tuple[int, int]] = set()
        for table in tables:
            for bucket in table.values():
                first = min(bucket)
                edges.update((first, number) for number in bucket if windows.texts[number] != windows.texts[first])
        yield from sorted(edges)

    return pairs


METHODS = {"datasketch": with_datasketch, "rensa": with_rensa, "text-dedup": with_text_dedup}


def merged(pairs: Iterable[Joined]) -> list[Joined]:
    """Stretches of one pair of texts, those that overlap or touch on both sides joined, until none does."""
    passages = sorted(pairs)
    while True:
        joined: list[Joined] = []
        for pair in passages:
            for at, known in enumerate(joined):
                if meets(known, pair):
                    joined[at] = (around(known[0], pair[0]), around(known[1], pair[1]))
                    break
            else:
                joined.append(pair)
        if len(joined) == len(passages):
            return sorted(joined)
        passages = joined


def meets(one: Joined, two: Joined) -> bool:
    """Whether two pairs of stretches overlap, or have no word between them, on both sides."""
    return all(a[0] <= b[1] + 1 and b[0] <= a[1] + 1 for a, b in zip(one, two, strict=True))


def around(one: Side, two: Side) -> Side:
    """The stretch from the start of the first to the end of the last."""
    return min(one[0], two[0]), max(one[1], two[1])


def rows(windows: Windows, pairs: Pairs, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Window pairs as passages of two texts."""
    of_texts: dict[tuple[int, int], list[Joined]] = defaultdict(list)
    for one, two in pairs:
        of_texts[windows.texts[one], windows.texts[two]].append((windows.spans[one], windows.spans[two]))
    for (a, b), found in sorted(of_texts.items()):
        for here, there in merged(found):
            sides = {"a_start": here[0], "a_end": here[1], "b_start": there[0], "b_end": there[1]}
            yield {"a": ids[a], "b": ids[b], **sides}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("pairs", type=Path, help="where to write the passages found")
    for name, kind in (("shingle", int), ("bands", int), ("rows", int), ("least", float)):
        parser.add_argument(f"--{name}", type=kind, help="instead of what SETUPS has")
    parser.add_argument("--memory", type=int, metavar="MB", help="stop rather than use more")
    options = parser.parse_args()
    if options.memory:
        resource.setrlimit(resource.RLIMIT_DATA, (options.memory << 20,) * 2)
    articles = read_articles(options.collection)
    ids, texts = [str(row["id"]) for row in articles], [row["text"] for row in articles]
    del articles
    given = {field.name: getattr(options, field.name) for field in fields(Setup)}
    setup = replace(SETUPS[options.method], **{name: value for name, value in given.items() if value is not None})
    find = METHODS[options.method]()
    before, loaded = unit_of(texts), peak_megabytes()
    began, clock = cpu_seconds(), time.monotonic()
    windows = windows_of(texts, setup.shingle)
    found = list(rows(windows, find(windows, setup), ids))
    cpu, wall, peak = cpu_seconds() - began, time.monotonic() - clock, peak_megabytes()
    write_lines(options.pairs, found)
    report = {
        "version": importlib.metadata.version(options.method),
        "setup": asdict(setup),
        "windows": len(windows.texts),
        "cpu_seconds": round(cpu, 3),
        "wall_seconds": round(wall, 3),
        "unit_seconds": [round(before, 3), round(unit_of(texts), 3)],
        "loaded_MB": loaded,
        "peak_MB": peak,
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
