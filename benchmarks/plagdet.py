"""Score reported passages with the PAN measures against a gold set.

    python benchmarks/plagdet.py GOLD.jsonl MATCHES.jsonl [--by FIELD] [--record NAME]

Both files hold one pair of passages a line with a, a_start, a_end, b, b_start and b_end (code points, end exclusive);
which document stands under a does not matter. Only the pairs of documents that GOLD names are scored; one without
passages is listed without offsets, and every detection in it counts as false.

Precision and recall are averaged over the detections and the gold passages, granularity is the number of detections a
gold passage found is cut into, and plagdet is F1 / log2(1 + granularity) (Potthast et al., COLING 2010).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from records import opened, record

Pair = tuple[str, str]
Sides = tuple[int, int, int, int]
"""Start and end in the one document, start and end in the other."""


def read_pairs(path: Path) -> tuple[dict[Pair, list[Sides]], dict[Pair, dict[str, Any]]]:
    """The passages of each pair of documents, and the first row that names the pair."""
    passages: dict[Pair, list[Sides]] = defaultdict(list)
    rows: dict[Pair, dict[str, Any]] = {}
    with opened(path) as lines:
        for line in lines:
            row = json.loads(line)
            one, two = sorted(
                ((str(row[side]), row.get(f"{side}_start"), row.get(f"{side}_end")) for side in "ab"),
                key=lambda end: end[0],
            )
            rows.setdefault((one[0], two[0]), row)
            found = passages[one[0], two[0]]
            if one[1] is not None:
                found.append((one[1], one[2], two[1], two[2]))
    return passages, rows


def covered(one: Sides, others: Iterable[Sides]) -> tuple[float, int]:
    """Share of the characters of both sides that others cover which meet it on both, and how many do."""
    meeting = [two for two in others if two[0] < one[1] and one[0] < two[1] and two[2] < one[3] and one[2] < two[3]]
    total = 0
    for low, high in ((0, 1), (2, 3)):
        reached = one[low]
        for start, end in sorted((two[low], two[high]) for two in meeting):
            total += max(0, min(end, one[high]) - max(start, reached))
            reached = max(reached, min(end, one[high]))
    return total / (one[1] - one[0] + one[3] - one[2]), len(meeting)


def scored(
    gold: Mapping[Pair, Sequence[Sides]], detected: Mapping[Pair, Sequence[Sides]], pairs: Iterable[Pair]
) -> dict[str, float]:
    """The PAN measures over some pairs of documents."""
    precision, recall, cut = [], [], []
    for pair in pairs:
        found = detected.get(pair, ())
        precision += [covered(passage, gold[pair])[0] for passage in found]
        for passage in gold[pair]:
            share, hits = covered(passage, found)
            recall.append(share)
            cut += [hits] if hits else []
    means = [sum(values) / len(values) if values else 0.0 for values in (precision, recall)]
    granularity = sum(cut) / len(cut) if cut else 1.0
    f1 = 2 * means[0] * means[1] / sum(means) if sum(means) else 0.0
    return {
        "gold": len(recall),
        "detected": len(precision),
        "precision": round(means[0], 4),
        "recall": round(means[1], 4),
        "granularity": round(granularity, 4),
        "plagdet": round(f1 / math.log2(1 + granularity), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("matches", type=Path)
    parser.add_argument("--by", help="a field of GOLD to break the score down by, such as kind")
    parser.add_argument("--record", metavar="NAME", help="enter the figures in README.md under this name")
    options = parser.parse_args()
    gold, rows = read_pairs(options.gold)
    detected, _ = read_pairs(options.matches)
    groups: dict[str, list[Pair]] = {"all": list(gold)}
    for pair in gold if options.by else ():
        groups.setdefault(str(rows[pair].get(options.by)), []).append(pair)
    scores = {name: scored(gold, detected, pairs) for name, pairs in groups.items()}
    sys.stdout.write(json.dumps(scores, indent=1) + "\n")
    if options.record:
        record(options.record, "plagdet", scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
