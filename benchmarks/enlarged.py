"""Make a collection of any size out of a real one, with text shared in known amounts.

    python benchmarks/enlarged.py NEWS.jsonl --articles 1000000 --words 330 --seed 1 -o BASE.jsonl \
        --added ADDED.jsonl --added-articles 1000 --truth TRUTH.jsonl --copies COPIES.jsonl --processes 2

Every article is a real one with its words shuffled, capitalised words among themselves, numbers among themselves and
all others among themselves, while marks, line breaks and so the lengths of sentences and paragraphs stay, and the words
of English reporting ("said", "according to") too, so that articles go on crediting somebody. Words are as frequent as
they were, and text is shared only where it is planted:

- 10% of the articles take a passage of 50 to 150 words from another, 0 to 30% of its words changed;
- 1% are whole copies of another article, 0 to 10% of their words changed;
- 2% belong to families of about 20, 0.5% to one family, 0 to 20% of their words changed;
- 30% end with the standing paragraph of their outlet, 30 words long.

Outlets, titles and dates are those of the real article; ids are hashes, so that new articles fall between old ones.
Every article is made from its number and the seed alone, so the same number of articles gives the same collection,
in however many processes, and memory does not grow with it. `--added` sets some articles apart, to be added later:
one in a hundred and one, or as many as asked for.

`--words` shortens the real articles first, at the end of a paragraph where one ends in time: `300-500` cuts every
longer article between so many words, `330` finds the lengths at which they have 330 words on average.

`--truth` lists the passages that were taken (`records.Truth`: `a` is whom it was taken from, `b` who took it). Left
out are those whose giver does not hold them in the end, since it became a copy itself or took a passage right in the
middle of them. `--copies` lists the copies, `document` and whom it is a copy `of` (an id, or the name of a family that
has no other original), with their `edits`. Both speak of the base and of what is set apart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

import numpy as np
from planted import edited, passage
from records import WORD, Truth, read_articles

EDITS = (0.0, 0.05, 0.15, 0.3)
PASSAGE_SHARE, PASSAGE_WORDS = 0.10, (50, 150)
COPY_SHARE, COPY_EDITS = 0.01, 0.1
FAMILY_SHARE, FAMILY_SIZE, FAMILY_EDITS = 0.02, 20, 0.2
LARGE_FAMILY_SHARE = 0.005
STANDING_SHARE, STANDING_WORDS = 0.30, 30
ADDED_SHARE = 0.01
SHORTEST_CUT = 0.6
"""Where one length is asked for, articles are cut at the last paragraph that ends beyond this share of the longest."""

KEPT = frozenset(["said", "says", "told", "according", "to", "reported", "reports", "by", "via"])
"""Words that stay where they are; one in fifteen, too few for five of them in a row."""

_WORDS = re.compile(r"(\w+)")
_VOCABULARY_ARTICLES = 2000
_BLOCK = 1000
"""Articles that a process makes before it hands them over."""
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Taken:
    """A passage that an article took.

    Attributes:
        giver: number of the article it was taken from.
        giver_start: where it stands in the giver's own text.
        at: where it was put, in the taker's own text, between two spaces.
        length: its characters as it was put.
        edits: share of its words changed.
        words: its words before.
    """

    giver: int
    giver_start: int
    giver_end: int
    at: int
    length: int
    edits: float
    words: int


@dataclass(frozen=True)
class Copied:
    """A whole copy: of an article by its number, or of what a family has in common."""

    original: int
    family: bool
    edits: float


class _Parts:
    """A real text in words and what is between them, for shuffling."""

    __slots__ = ("kinds", "parts", "places")

    def __init__(self, text: str) -> None:
        parts = [sys.intern(part) for part in _WORDS.split(text)]
        kinds: tuple[list[int], list[int], list[int]] = ([], [], [])
        for at in range(1, len(parts), 2):
            if parts[at] not in KEPT:
                first = parts[at][0]
                kinds[0 if first.isupper() else 1 if first.isdigit() else 2].append(at)
        self.parts = np.array(parts, dtype=object)
        self.places = np.array([at for kind in kinds for at in kind], dtype=np.int32)
        self.kinds = np.repeat(np.arange(3, dtype=np.uint8), [len(kind) for kind in kinds])

    def shuffled(self, chance: random.Random) -> str:
        """The text with the words of each kind in another order."""
        drawn = np.frombuffer(chance.randbytes(8 * len(self.places)), dtype="<u8") >> np.uint64(2)
        # the kind in front of a random number: sorting orders the words at random and keeps the kinds apart
        order = np.argsort(drawn | (self.kinds.astype(np.uint64) << np.uint64(62)), kind="stable")
        parts = self.parts.copy()
        parts[self.places] = self.parts[self.places[order]]
        return "".join(parts.tolist())


class Enlarged:
    """A collection of `size` articles out of fewer or more real ones."""

    def __init__(self, articles: Sequence[dict[str, Any]], size: int, seed: int) -> None:
        self.size = size
        self._articles = list(articles)
        random.Random(f"{seed} order").shuffle(self._articles)
        self._parts: dict[int, _Parts] = {}
        self._seed = seed
        self._vocabulary = [
            word for article in self._articles[:_VOCABULARY_ARTICLES] for word in WORD.findall(article["text"])
        ]
        self._standing_of: dict[str, str] = {}
        self._families = max(1, round(self.size * FAMILY_SHARE / FAMILY_SIZE))

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(self.size):
            yield number, self.article(number)

    def article(self, number: int) -> dict[str, Any]:
        """The article of a number, text shared with others included."""
        return self.made(number)[0]

    def made(self, number: int) -> tuple[dict[str, Any], Taken | Copied | None]:
        """The article of a number, and what of it was planted beside the standing paragraph."""
        chance = random.Random(f"{self._seed} article {number}")
        real = self._articles[number % len(self._articles)]
        text, planted = self._text(number, chance)
        if chance.random() < STANDING_SHARE:
            text += "\n\n" + self._standing(str(real.get("outlet") or ""))
        kept = {name: real[name] for name in ("title", "outlet", "published", "language") if real.get(name)}
        return {"id": self.id(number), "text": text, **kept}, planted

    def id(self, number: int) -> str:
        """The id of an article."""
        return hashlib.blake2b(f"{self._seed} {number}".encode(), digest_size=8).hexdigest()

    def truth(self, number: int, taken: Taken) -> Truth | None:
        """Where both sides of a passage stand; None where the giver does not hold it."""
        start, end = taken.giver_start, taken.giver_end
        _, planted = self._text(taken.giver, random.Random(f"{self._seed} article {taken.giver}"))
        if isinstance(planted, Copied) or taken.giver == number:
            return None
        if isinstance(planted, Taken) and planted.at < end:
            if planted.at > start:
                return None
            start, end = start + planted.length + 2, end + planted.length + 2
        at = taken.at + 1
        places = (self.id(taken.giver), start, end, self.id(number), at, at + taken.length)
        return Truth(*places, taken.edits, taken.words)

    def copy_row(self, number: int, copied: Copied) -> dict[str, Any] | None:
        """A copy as a row to write; None where its original does not hold the text, or is itself."""
        row = {"document": self.id(number), "edits": round(copied.edits, 3)}
        if copied.family:
            return row | {"of": f"family {copied.original - self.size}"}
        _, planted = self._text(copied.original, random.Random(f"{self._seed} article {copied.original}"))
        if isinstance(planted, Copied) or copied.original == number:
            return None
        return row | {"of": self.id(copied.original)}

    def _text(self, number: int, chance: random.Random) -> tuple[str, Taken | Copied | None]:
        kind = chance.random()
        if kind < COPY_SHARE:
            return self._copy(chance.randrange(self.size), COPY_EDITS, chance)
        kind -= COPY_SHARE
        if kind < FAMILY_SHARE + LARGE_FAMILY_SHARE:
            family = chance.randrange(self._families) if kind < FAMILY_SHARE else self._families
            return self._copy(self.size + family, FAMILY_EDITS, chance)
        text = self.shuffled(number)
        return self._with_passage(text, chance) if chance.random() < PASSAGE_SHARE else (text, None)

    def _copy(self, original: int, most: float, chance: random.Random) -> tuple[str, Copied]:
        edits = chance.uniform(0, most)
        text = self._changed(self.shuffled(original), edits, chance)
        return text, Copied(original, original >= self.size, edits)

    def _with_passage(self, text: str, chance: random.Random) -> tuple[str, Taken | None]:
        number = chance.randrange(self.size)
        giver = self.shuffled(number)
        length = chance.randint(*PASSAGE_WORDS)
        if len(WORD.findall(giver)) < length or not WORD.search(text):
            return text, None
        start, end = passage(giver, length, chance)
        at = passage(text, 1, chance)[1]
        edits = chance.choice(EDITS)
        new = self._changed(giver[start:end], edits, chance)
        return f"{text[:at]} {new} {text[at:]}", Taken(number, start, end, at, len(new), edits, length)

    def shuffled(self, number: int) -> str:
        """The real text behind a number, its words shuffled within their kinds."""
        real = number % len(self._articles)
        if real not in self._parts:
            self._parts[real] = _Parts(self._articles[real]["text"])
        return self._parts[real].shuffled(random.Random(f"{self._seed} words {number}"))

    def _changed(self, text: str, share: float, chance: random.Random) -> str:
        """A text with a share of its words edited, its lines kept."""
        if not share:
            return text
        return "\n".join(
            " ".join(edited(WORD.findall(line), share, self._vocabulary, chance)) for line in text.split("\n")
        )

    def _standing(self, outlet: str) -> str:
        if outlet not in self._standing_of:
            words = random.Random(f"{self._seed} outlet {outlet}").choices(self._vocabulary, k=STANDING_WORDS)
            self._standing_of[outlet] = " ".join(words).capitalize() + "."
        return self._standing_of[outlet]


class _Ends:
    """Where a text can be cut: its paragraphs' ends, each with the words up to there."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self.words = list(accumulate(len(WORD.findall(line)) for line in lines))
        self.offsets = list(accumulate(len(line) + 1 for line in lines))

    def paragraph(self, low: int, high: int) -> int | None:
        """The last paragraph that ends within so many words."""
        if self.words[-1] <= high:
            return len(self.words) - 1
        last = bisect_right(self.words, high) - 1
        if last < 0 or self.words[last] < low:
            return None
        # not the empty lines behind it
        return bisect_left(self.words, self.words[last])

    def length(self, low: int, high: int) -> int:
        """The words that are left."""
        last = self.paragraph(low, high)
        return high if last is None else self.words[last]

    def cut(self, text: str, low: int, high: int) -> str:
        """The beginning of the text; within a paragraph, with a full stop, where none ends in time."""
        last = self.paragraph(low, high)
        if last is not None:
            return text[: self.offsets[last] - 1]
        spans = WORD.finditer(text)
        return text[: next(match for number, match in enumerate(spans, 1) if number == high).end()] + "."


def shortened(articles: Sequence[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """Articles cut to lengths within "300-500" words, or so that they have "330" on average.

    Raises:
        ValueError: it is neither, or the articles are not that long.
    """
    ends = [_Ends(article["text"]) for article in articles]
    if re.fullmatch(r"\d+-\d+", words):
        low, high = map(int, words.split("-"))
    elif words.isdecimal():
        low, high = _bounds(ends, int(words))
    else:
        raise ValueError(f"{words!r} is no number of words and no range of them")
    if not 0 < low <= high:
        raise ValueError(f"no article has {words} words")
    return [
        {**article, "text": end.cut(article["text"], low, high)} for article, end in zip(articles, ends, strict=True)
    ]


def _bounds(ends: Sequence[_Ends], average: int) -> tuple[int, int]:
    """The shortest and the longest cut with which texts have so many words on average, or a few more."""

    def lengths(high: int) -> int:
        return sum(end.length(round(SHORTEST_CUT * high), high) for end in ends)

    longest = max((end.words[-1] for end in ends), default=0)
    high = bisect_left(range(longest + 1), average * len(ends), key=lengths)
    if high > longest:
        raise ValueError(f"the articles have fewer than {average} words on average as they are")
    return round(SHORTEST_CUT * high), high


@dataclass(frozen=True)
class Files:
    """Where a collection is written; None for what is not wanted.

    Attributes:
        base: the articles.
        added: those that are set apart.
        truth: the passages taken.
        copies: the whole copies.
    """

    base: Path
    added: Path | None = None
    truth: Path | None = None
    copies: Path | None = None


@dataclass(frozen=True)
class _Maker:
    """Makes blocks of lines; `late` are the numbers of the articles that are set apart."""

    collection: Enlarged
    late: frozenset[int]
    wanted: tuple[bool, ...]

    def lines(self, first: int) -> tuple[str, ...]:
        """The lines of a block of articles for each of the four files."""
        made: tuple[list[Any], ...] = ([], [], [], [])
        for number in range(first, min(first + _BLOCK, self.collection.size)):
            article, planted = self.collection.made(number)
            made[number in self.late].append(article)
            if self.wanted[2] and isinstance(planted, Taken):
                truth = self.collection.truth(number, planted)
                made[2].extend([asdict(truth)] if truth else [])
            elif self.wanted[3] and isinstance(planted, Copied):
                copy = self.collection.copy_row(number, planted)
                made[3].extend([copy] if copy else [])
        return tuple("".join(_JSON.encode(row) + "\n" for row in rows) for rows in made)


_MAKERS: list[_Maker] = []
"""The one of this process, where it is one of several."""


def _begin(
    articles: Sequence[dict[str, Any]], size: int, seed: int, late: frozenset[int], wanted: tuple[bool, ...]
) -> None:
    _MAKERS[:] = [_Maker(Enlarged(articles, size, seed), late, wanted)]


def _made(first: int) -> tuple[str, ...]:
    return _MAKERS[0].lines(first)


def _blocks(processes: int, *begin: Any) -> Iterator[tuple[str, ...]]:
    """All blocks in order, no more of them at a time than the processes need to be busy."""
    size = begin[1]
    if processes == 1:
        _begin(*begin)
        yield from map(_made, range(0, size, _BLOCK))
        return
    spawned = get_context("spawn")
    with ProcessPoolExecutor(processes, spawned, initializer=_begin, initargs=begin) as pool:
        waiting: deque[Future[tuple[str, ...]]] = deque()
        for first in range(0, size, _BLOCK):
            waiting.append(pool.submit(_made, first))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def write(
    articles: Sequence[dict[str, Any]],
    size: int,
    seed: int,
    files: Files,
    *,
    more: int | None = None,
    processes: int = 1,
) -> None:
    """Write a collection of `size` articles; `more` beside them are set apart, one in a hundred by default."""
    if files.added is None:
        more = 0
    elif more is None:
        more = round(size * ADDED_SHARE)
    every = (size + more) // more if more else 0
    late = frozenset(every * (number + 1) - 1 for number in range(more))
    paths = (files.base, files.added, files.truth, files.copies)
    with ExitStack() as stack:
        out: list[IO[str] | None] = [
            stack.enter_context(path.open("w", encoding="utf-8")) if path else None for path in paths
        ]
        wanted = tuple(path is not None for path in paths)
        for block in _blocks(processes, articles, size + more, seed, late, wanted):
            for file, lines in zip(out, block, strict=True):
                if file:
                    file.write(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("--articles", type=int, required=True, help="how many to make")
    parser.add_argument("--words", help="cut the real ones: 300-500 words each, or 330 on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--added", type=Path, help="write more articles into this file")
    parser.add_argument("--added-articles", type=int, help="how many (default: 1%% of the others)")
    parser.add_argument("--truth", type=Path, help="write the planted passages into this file")
    parser.add_argument("--copies", type=Path, help="write the planted copies into this file")
    parser.add_argument("--processes", type=int, default=1, help="make it in so many (default: %(default)s)")
    options = parser.parse_args()
    articles = read_articles(options.collection)
    try:
        if options.words:
            articles = shortened(articles, options.words)
    except ValueError as error:
        parser.error(str(error))
    files = Files(options.output, options.added, options.truth, options.copies)
    write(
        articles,
        options.articles,
        options.seed,
        files,
        more=options.added_articles,
        processes=options.processes,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
