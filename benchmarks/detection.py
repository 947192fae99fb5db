"""Measure detection alone: CPU in U, peak memory, how alike the pairs are and, with a truth, recall and overlap.

    python benchmarks/detection.py COLLECTION.jsonl [--truth TRUTH.jsonl] [--matches MATCHES.jsonl] [--record NAME]

U is the CPU time that finding the lower-cased words of the same texts with a regular expression takes in the same run,
the mean of before and after. CPU is that of all processes.

Against a truth, as measured by characters of both sides:
- recall: share of the planted passages of which a reported pair covers at least half on either side;
- overlap: common characters over the characters of both together, for the planted passages found, averaged over sides;
- alike: share of all the reported pairs whose words are at least half alike: the longest common subsequence of their
  words (runs of letters and digits, lower case) is at least half of the longer side, and at least eight words. It is
  computed from the texts, without the product's words or alignment. It stands in for precision, since a real collection
  holds reuse that a truth of planted passages knows nothing of, and shows that offsets and hashes are right; whether
  a pair is worth telling it does not show.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq
from records import (
    WORD,
    Truth,
    cpu_seconds,
    peak_megabytes,
    read_articles,
    read_truths,
    record,
    unit_of,
    write_lines,
)

from provenance.model import Article, Match
from provenance.reuse import Detection, detect
from provenance.settings import Settings

ALIKE = 0.5
ALIKE_WORDS = 8


def common(one: tuple[int, int], two: tuple[int, int]) -> int:
    """Characters that two stretches share."""
    return max(0, min(one[1], two[1]) - max(one[0], two[0]))


def is_alike(one: str, two: str) -> bool:
    """Whether two stretches of text are at least half alike word for word, over eight words or more."""
    words, others = WORD.findall(one.lower()), WORD.findall(two.lower())
    equal = LCSseq.similarity(words, others)
    return equal >= ALIKE_WORDS and equal >= ALIKE * max(len(words), len(others))


def best_overlaps(truth: Truth, matches: Iterable[Match]) -> tuple[float, float]:
    """Of one planted passage, for the pair that fits it best: the lower share covered of a side, and the overlap."""
    best = (0.0, 0.0)
    for match in matches:
        sides = [(match.a_span.start, match.a_span.end), (match.b_span.start, match.b_span.end)]
        if match.a != truth.a:
            sides.reverse()
        covered, overlap = [], []
        for found, (start, end) in zip(
            sides, ((truth.a_start, truth.a_end), (truth.b_start, truth.b_end)), strict=True
        ):
            both = common(found, (start, end))
            covered.append(both / (end - start))
            overlap.append(both / (found[1] - found[0] + end - start - both))
        best = max(best, (min(covered), sum(overlap) / 2))
    return best


def against_truth(truths: Sequence[Truth], matches: Sequence[Match]) -> dict[str, dict[str, float]]:
    """Recall and overlap of planted passages by edit level and over all."""
    of_pair: dict[frozenset[str], list[Match]] = defaultdict(list)
    for match in matches:
        of_pair[frozenset((match.a, match.b))].append(match)
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for truth in truths:
        best = best_overlaps(truth, of_pair[frozenset((truth.a, truth.b))])
        for level in ("all", f"{truth.edits:g}"):
            found[level].append(best)
    scores = {}
    for level, pairs in found.items():
        hits = [overlap for covered, overlap in pairs if covered >= ALIKE]
        scores[level] = {
            "planted": len(pairs),
            "recall": round(len(hits) / len(pairs), 4),
            "overlap": round(sum(hits) / max(1, len(hits)), 4),
        }
    return scores


def alike(matches: Sequence[Match], texts: dict[str, str]) -> float:
    """Share of the reported pairs that are alike."""
    right = sum(
        is_alike(
            texts[match.a][match.a_span.start : match.a_span.end], texts[match.b][match.b_span.start : match.b_span.end]
        )
        for match in matches
    )
    return round(right / max(1, len(matches)), 4)


def run(articles: Sequence[Article], settings: Settings) -> tuple[Detection, dict[str, Any]]:
    """Detect, and the cost of it, stage by stage."""
    texts = [article.text for article in articles]
    first = unit_of(texts)
    loaded = peak_megabytes()
    spent: dict[str, float] = defaultdict(float)
    last = ("", cpu_seconds())

    def progress(stage: str, _share: float) -> None:
        nonlocal last
        now = cpu_seconds()
        spent[last[0]] += now - last[1]
        last = (stage, now)

    began = cpu_seconds()
    found = detect(articles, settings.reuse, progress)
    cpu = cpu_seconds() - began
    progress("", 1.0)
    spent.pop("")
    peak = peak_megabytes()
    unit = (first + unit_of(texts)) / 2
    return found, {
        "articles": len(articles),
        "words": sum(len(WORD.findall(article.text)) for article in articles),
        "unit_seconds": round(unit, 3),
        "cpu_U": round(cpu / unit, 2),
        "stages_U": {stage: round(seconds / unit, 2) for stage, seconds in spent.items()},
        "loaded_MB": loaded,
        "peak_MB": peak,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path, help="JSON Lines with id, text and perhaps outlet, may be gzipped")
    parser.add_argument("--truth", type=Path, help="what planted.py wrote")
    parser.add_argument("--matches", type=Path, help="write the reported pairs here, in the fields of the export")
    parser.add_argument("--settings", type=Path, help="a TOML file with other thresholds")
    parser.add_argument("--articles", type=int, help="use a random sample of so many articles")
    parser.add_argument("--fast", action="store_true", help="do not compare the reported pairs word for word")
    parser.add_argument("--record", metavar="NAME", help="enter the figures in README.md under this name")
    options = parser.parse_args()
    settings = Settings.from_toml(options.settings) if options.settings else Settings()
    articles = [
        Article(id=str(row["id"]), text=row["text"], outlet=row.get("outlet"))
        for row in read_articles(options.collection, options.articles)
    ]
    found, report = run(articles, settings)
    report["pairs"] = len(found.matches)
    report["kinds"] = dict(sorted(Counter(match.kind for match in found.matches).items()))
    report["clusters"] = len({passage.cluster for passage in found.passages})
    if not options.fast:
        report["alike"] = alike(found.matches, {article.id: article.text for article in articles})
    if options.truth:
        report["planted"] = against_truth(read_truths(options.truth), found.matches)
    if options.matches:
        write_lines(options.matches, (row(match) for match in found.matches))
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    if options.record:
        record(options.record, "detection", report)
    return 0


def row(match: Match) -> dict[str, Any]:
    """A match in the fields of the export."""
    return {
        "a": match.a,
        "a_start": match.a_span.start,
        "a_end": match.a_span.end,
        "b": match.b,
        "b_start": match.b_span.start,
        "b_end": match.b_span.end,
        "similarity": match.similarity,
        "cluster": match.cluster,
        "kind": match.kind,
    }


if __name__ == "__main__":
    sys.exit(main())
