"""Draw matches of a collection at random, to be read by eye.

    python benchmarks/sample_pairs.py NEWS.jsonl --kinds reported -n 100 --seed 20 -o PAIRS.csv --read PAGES.txt
    python benchmarks/sample_pairs.py NEWS.jsonl --kinds furniture -n 100 --seed 20 -o FURNITURE.csv --read PAGES.txt

`reported` are the matches that a user gets by default: all but page furniture. The table has ids, offsets and the kind,
and an empty column for the verdict; the pages, which hold the texts and are not to be published, show both sides with
what stands around them.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from provenance.ingest import read
from provenance.model import Article, Match, Span
from provenance.reuse import detect
from provenance.settings import Settings

AROUND = 80
SHOWN = 320
FIELDS = ("a", "a_start", "a_end", "b", "b_start", "b_end", "kind", "verdict", "right")


def drawn(matches: Sequence[Match], kinds: str, number: int, seed: int) -> list[Match]:
    """So many of the matches that are reported, or that are furniture."""
    chosen = [match for match in matches if (match.kind == "furniture") == (kinds == "furniture")]
    return random.Random(seed).sample(chosen, min(number, len(chosen)))


def shown(article: Article, span: Span) -> str:
    """A stretch of an article with what stands around it, on one line; long ones without their middle."""
    text = article.text[span.start : span.end]
    if len(text) > SHOWN:
        text = f"{text[: SHOWN * 2 // 3]} [...] {text[-SHOWN // 3 :]}"
    before, behind = article.text[max(0, span.start - AROUND) : span.start], article.text[span.end : span.end + AROUND]
    day = article.published.start[:10] if article.published else "undated"
    line = f"{article.outlet} {day} {article.title}: ...{before}[[{text}]]{behind}..."
    return " / ".join(line.splitlines())


def page(number: int, match: Match, articles: Mapping[str, Article]) -> str:
    """One match to be read."""
    head = f"#{number} {match.kind} {match.similarity:.2f}"
    return f"{head}\n  {shown(articles[match.a], match.a_span)}\n  {shown(articles[match.b], match.b_span)}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="anything that `provenance add` reads")
    parser.add_argument("--kinds", choices=("reported", "furniture"), default="reported")
    parser.add_argument("-n", "--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the table")
    parser.add_argument("--read", type=Path, help="the texts to be read")
    options = parser.parse_args()
    settings = Settings()
    articles = [item for item in read([options.collection], settings.ingest) if isinstance(item, Article)]
    matches = drawn(detect(articles, settings.reuse).matches, options.kinds, options.number, options.seed)
    with options.output.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(FIELDS)
        for match in matches:
            a, b = match.a_span, match.b_span
            rows.writerow([match.a, a.start, a.end, match.b, b.start, b.end, match.kind, "", ""])
    if options.read:
        by_id = {article.id: article for article in articles}
        pages = (page(number, match, by_id) for number, match in enumerate(matches))
        options.read.write_text("\n".join(pages), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
