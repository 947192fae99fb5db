"""Plant edited passages with known places into a collection.

    python benchmarks/planted.py IN.jsonl -n 1000 --seed 1 --edits 0,0.05,0.15,0.3 --words 50-150 \
        -o OUT.jsonl --truth TRUTH.jsonl

A passage of one article is edited and put between two words of another. An edit is, with equal odds, the substitution
of a word by a random word of the collection, an insertion of one, or a deletion. The number of edits is the share asked
for of the passage's words, spread at random. No article gives or takes more than one passage, so places stay known.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from records import WORD, Truth, read_articles, truth_rows, write_lines


def edited(words: Sequence[str], share: float, vocabulary: Sequence[str], chance: random.Random) -> list[str]:
    """Words with a share of them substituted, followed by an inserted word, or deleted, as near as it rounds."""
    result: list[str] = []
    touched = set(chance.sample(range(len(words)), round(share * len(words))))
    for index, word in enumerate(words):
        if index not in touched:
            result.append(word)
            continue
        kind = chance.randrange(3)
        if kind < 2:
            result.append(vocabulary[chance.randrange(len(vocabulary))])
        if kind == 1:
            result.append(word)
    return result


def passage(text: str, length: int, chance: random.Random) -> tuple[int, int]:
    """Where `length` words in a row stand in a text, at a random place."""
    spans = [match.span() for match in WORD.finditer(text)]
    first = chance.randrange(len(spans) - length + 1)
    return spans[first][0], spans[first + length - 1][1]


def rewritten(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """A passage as it is, or its words edited and set with single spaces."""
    return text if not share else " ".join(edited(WORD.findall(text), share, vocabulary, chance))


def plant(
    articles: Sequence[dict[str, Any]], count: int, levels: Sequence[float], lengths: tuple[int, int], seed: int
) -> tuple[list[dict[str, Any]], list[Truth]]:
    """Articles with passages planted, and the truth about them.

    Raises:
        ValueError: too few articles are long enough for so many passages.
    """
    chance = random.Random(seed)
    counts = [len(WORD.findall(article["text"])) for article in articles]
    vocabulary = [word for article in articles[:2000] for word in WORD.findall(article["text"])]
    long_enough = [index for index, words in enumerate(counts) if words >= lengths[1]]
    if len(long_enough) < 2 * count:
        raise ValueError(
            f"{count} passages need {2 * count} articles of {lengths[1]} words, there are {len(long_enough)}"
        )
    chosen = chance.sample(long_enough, 2 * count)
    result = [dict(article) for article in articles]
    truths = []
    for number, (giver, taker) in enumerate(zip(chosen[:count], chosen[count:], strict=True)):
        share, length = levels[number % len(levels)], chance.randint(*lengths)
        text, host = result[giver]["text"], result[taker]["text"]
        start, end = passage(text, length, chance)
        new = rewritten(text[start:end], share, vocabulary, chance)
        at = passage(host, 1, chance)[1]
        result[taker]["text"] = f"{host[:at]} {new} {host[at:]}"
        places = (str(result[giver]["id"]), start, end, str(result[taker]["id"]), at + 1, at + 1 + len(new))
        truths.append(Truth(*places, share, length))
    return result, truths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id and text, may be gzipped")
    parser.add_argument("-n", "--number", type=int, default=1000, help="passages to plant (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edits", default="0,0.05,0.15,0.3", help="shares of words to edit (default: %(default)s)")
    parser.add_argument("--words", default="50-150", help="words of a passage (default: %(default)s)")
    parser.add_argument("--articles", type=int, help="use a random sample of so many articles")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    options = parser.parse_args()
    low, high = (int(words) for words in options.words.split("-"))
    levels = [float(share) for share in options.edits.split(",")]
    articles = read_articles(options.collection, options.articles, options.seed)
    try:
        planted, truths = plant(articles, options.number, levels, (low, high), options.seed)
    except ValueError as error:
        parser.error(str(error))
    write_lines(options.output, planted)
    write_lines(options.truth, truth_rows(truths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
