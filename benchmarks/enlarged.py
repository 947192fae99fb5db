"""Make a collection of any size out of a real one, with text shared in known amounts.

    python benchmarks/enlarged.py NEWS.jsonl --articles 100000 --seed 1 -o BASE.jsonl --added ADDED.jsonl

Every article is a real one with its words shuffled, capitalised words among themselves, numbers among themselves and
all others among themselves, while marks, line breaks and so the lengths of sentences and paragraphs stay, and the words
of English reporting ("said", "according to") too, so that articles go on crediting somebody. Words are as frequent as
they were, and text is shared only where it is planted:

- 10% of the articles take a passage of 50 to 150 words from another, 0 to 30% of its words changed;
- 1% are whole copies of another article, 0 to 10% of their words changed;
- 2% belong to families of about 20, 0.5% to one family, 0 to 20% of their words changed;
- 30% end with the standing paragraph of their outlet, 30 words long.

Outlets, titles and dates are those of the real article; ids are hashes, so that new articles fall between old ones.
Every article is made from its number and the seed alone, so the same number of articles gives the same collection.
`--added` sets one article in a hundred and one apart, to be added later.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planted import edited, passage
from records import WORD, read_articles, write_lines

EDITS = (0.0, 0.05, 0.15, 0.3)
PASSAGE_SHARE, PASSAGE_WORDS = 0.10, (50, 150)
COPY_SHARE, COPY_EDITS = 0.01, 0.1
FAMILY_SHARE, FAMILY_SIZE, FAMILY_EDITS = 0.02, 20, 0.2
LARGE_FAMILY_SHARE = 0.005
STANDING_SHARE, STANDING_WORDS = 0.30, 30
ADDED_EVERY = 101
"""One article in so many is set apart, which is 1% of the others."""

KEPT = frozenset(["said", "says", "told", "according", "to", "reported", "reports", "by", "via"])
"""Words that stay where they are; one in fifteen, too few for five of them in a row."""

_WORDS = re.compile(r"(\w+)")
_VOCABULARY_ARTICLES = 2000


class Enlarged:
    """A collection of `size` articles out of fewer or more real ones."""

    def __init__(self, articles: Sequence[dict[str, Any]], size: int, seed: int) -> None:
        self.size = size
        self._articles = list(articles)
        random.Random(f"{seed} order").shuffle(self._articles)
        self._seed = seed
        self._vocabulary = [
            word for article in self._articles[:_VOCABULARY_ARTICLES] for word in WORD.findall(article["text"])
        ]

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(self.size):
            yield number, self.article(number)

    def article(self, number: int) -> dict[str, Any]:
        """The article of a number, text shared with others included."""
        chance = random.Random(f"{self._seed} article {number}")
        real = self._articles[number % len(self._articles)]
        text = self._text(number, chance)
        if chance.random() < STANDING_SHARE:
            text += "\n\n" + self._standing(str(real.get("outlet") or ""))
        kept = {name: real[name] for name in ("title", "outlet", "published", "language") if real.get(name)}
        digest = hashlib.blake2b(f"{self._seed} {number}".encode(), digest_size=8).hexdigest()
        return {"id": digest, "text": text, **kept}

    def _text(self, number: int, chance: random.Random) -> str:
        kind = chance.random()
        if kind < COPY_SHARE:
            return self._changed(self.shuffled(chance.randrange(self.size)), chance.uniform(0, COPY_EDITS), chance)
        kind -= COPY_SHARE
        if kind < FAMILY_SHARE + LARGE_FAMILY_SHARE:
            families = max(1, round(self.size * FAMILY_SHARE / FAMILY_SIZE))
            family = chance.randrange(families) if kind < FAMILY_SHARE else families
            return self._changed(self.shuffled(self.size + family), chance.uniform(0, FAMILY_EDITS), chance)
        text = self.shuffled(number)
        return self._with_passage(text, chance) if chance.random() < PASSAGE_SHARE else text

    def _with_passage(self, text: str, chance: random.Random) -> str:
        giver = self.shuffled(chance.randrange(self.size))
        length = chance.randint(*PASSAGE_WORDS)
        if len(WORD.findall(giver)) < length or not WORD.search(text):
            return text
        start, end = passage(giver, length, chance)
        at = passage(text, 1, chance)[1]
        return f"{text[:at]} {self._changed(giver[start:end], chance.choice(EDITS), chance)} {text[at:]}"

    def shuffled(self, number: int) -> str:
        """The real text behind a number, its words shuffled within their kinds."""
        parts = _WORDS.split(self._articles[number % len(self._articles)]["text"])
        chance = random.Random(f"{self._seed} words {number}")
        kinds: dict[str, list[int]] = {}
        for at in range(1, len(parts), 2):
            if parts[at] in KEPT:
                continue
            first = parts[at][0]
            kinds.setdefault("capital" if first.isupper() else "number" if first.isdigit() else "", []).append(at)
        for places in kinds.values():
            words = [parts[at] for at in places]
            chance.shuffle(words)
            for at, word in zip(places, words, strict=True):
                parts[at] = word
        return "".join(parts)

    def _changed(self, text: str, share: float, chance: random.Random) -> str:
        """A text with a share of its words edited, its lines kept."""
        if not share:
            return text
        return "\n".join(
            " ".join(edited(WORD.findall(line), share, self._vocabulary, chance)) for line in text.split("\n")
        )

    def _standing(self, outlet: str) -> str:
        chance = random.Random(f"{self._seed} outlet {outlet}")
        return " ".join(chance.choices(self._vocabulary, k=STANDING_WORDS)).capitalize() + "."


def write(articles: Sequence[dict[str, Any]], size: int, seed: int, base: Path, added: Path | None) -> None:
    """Write a collection of `size` articles, and one in a hundred more into a file of its own."""
    collection = Enlarged(articles, size if added is None else size + size // (ADDED_EVERY - 1), seed)
    late = {number for number in range(collection.size) if added and number % ADDED_EVERY == ADDED_EVERY - 1}
    write_lines(base, (article for number, article in collection if number not in late))
    if added:
        write_lines(added, (collection.article(number) for number in sorted(late)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("--articles", type=int, required=True, help="how many to make")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--added", type=Path, help="write 1%% more into this file")
    options = parser.parse_args()
    write(read_articles(options.collection), options.articles, options.seed, options.output, options.added)
    return 0


if __name__ == "__main__":
    sys.exit(main())
