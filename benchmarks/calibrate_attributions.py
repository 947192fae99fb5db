"""Fit the confidence of English attributions on annotated articles, and see on others whether it holds.

    python benchmarks/calibrate_attributions.py TRAIN DEV

Both are folders as PolNeAR is laid out for scoring: `documents.jsonl.gz` (id, text) and `attributions.jsonl.gz` (doc,
source_spans, cue_spans, content_spans). Every attribution that is found in TRAIN is right or wrong by the annotation
(matched as the scorer of that set does: its cue overlaps, or, where either has none, source and content). A logistic
regression with a ridge penalty (Hoerl and Kennard 1970; fitted by Newton's method) is written to
`provenance/attribution/calibration.csv`. Printed for DEV: how many of those with a confidence are right, and the
expected calibration error (Naeini et al. 2015) before and after.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from provenance.attribution import Attributor
from provenance.attribution.calibration import Calibration, Feature, features_of, logit
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

TABLE = Path(__file__).parents[1] / "provenance" / "attribution" / "calibration.csv"
LEAST_SEEN = {"cue": 60, "rule": 25, "kind": 30}
"""A value seen more rarely than this gets no weight of its own; others need 15. A kind without one keeps its priors."""
UNJUDGED = frozenset(["floating-quotation", "claim-noun"])
"""Kinds on which the annotation does not decide: a paragraph that is only a quotation has neither cue nor source that
could meet an annotated one, and of nouns of saying ("his accusation that") it has some only."""
RIDGE = 3.0
"""Penalty on the square of each log-odds: as if each value had been seen a few times more at the mean."""
MARKS = "\"“«„‘'"
STEPS = 12
BINS = 10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """An attribution found: its prior, what it looks like, and whether the annotation has it."""

    prior: float
    features: tuple[Feature, ...]
    right: bool


def lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def characters(spans: object) -> set[int]:
    """The characters that spans cover."""
    return {index for start, end in spans or () for index in range(start, end)}  # type: ignore[attr-defined]


def judged(folder: Path) -> list[Judged]:
    """Everything found in a folder's articles, each right or wrong."""
    gold = defaultdict(list)
    for row in lines(folder / "attributions.jsonl.gz"):
        gold[row["doc"]].append(tuple(characters(row.get(f"{part}_spans")) for part in ("source", "cue", "content")))
    attributor = Attributor(AttributionSettings(calibrated=False))
    found = []
    for row in lines(folder / "documents.jsonl.gz"):
        text = str(row["text"])
        article = Article(str(row["id"]), text, title=row.get("title"), outlet=row.get("outlet"))  # type: ignore[arg-type]
        ones = [one for one in attributor.attribute(article) if one.scope == "passage"]
        hit = matched(gold[row["id"]], ones)
        found += [
            Judged(one.confidence, shape(one, text), index in hit)
            for index, one in enumerate(ones)
            if one.kind not in UNJUDGED and len(one.chain) == 1 and not nested(one, ones, text)
        ]
    return found


def nested(one: Attribution, others: list[Attribution], text: str) -> bool:
    """Whether it stands within what another one quotes, where the annotation seldom goes.

    Nor are chains of several sources fitted on: of two statements one within the other the annotation has one only, and
    `relays.py` and `mpqa.py` judge those.
    """
    return one.cue is not None and any(
        span.start < one.cue.span.start and one.cue.span.end <= span.end and text[span.start] in MARKS
        for other in others
        if other is not one
        for span in other.content
    )


def matched(gold: list[tuple[set[int], ...]], found: list[Attribution]) -> set[int]:
    """The attributions that the annotation has, each gold one matched at most once."""
    rows = []
    for one in found:
        source = {*range(one.source.span.start, one.source.span.end)} if one.source else set()
        cue = {*range(one.cue.span.start, one.cue.span.end)} if one.cue else set()
        rows.append((source, cue, {index for span in one.content for index in range(span.start, span.end)}))
    used: set[int] = set()
    for source, cue, content in gold:
        best, best_key = None, (0, 0)
        for index, (a_source, a_cue, a_content) in enumerate(rows):
            if index in used:
                continue
            hit = len(cue & a_cue) if cue and a_cue else min(len(source & a_source), len(content & a_content))
            key = (hit, len(source & a_source) + len(content & a_content))
            if hit and key > best_key:
                best, best_key = index, key
        if best is not None:
            used.add(best)
    return used


def shape(one: Attribution, text: str) -> tuple[Feature, ...]:
    """The features of an attribution, as the extractor sees them."""
    return features_of(
        kind=one.kind,
        rule=one.rule,
        stance=one.stance,
        speaker=one.chain[-1].kind,
        through=[node.kind for node in one.chain[:-1]],
        source=one.source.text if one.source else "",
        cue=one.cue.text if one.cue else "",
        content=[text[span.start : span.end] for span in one.content],
    )


def fitted(found: list[Judged]) -> tuple[dict[Feature, float], Counter[Feature]]:
    """The log-odds of each feature seen often enough, and how often each was seen."""
    seen = Counter(feature for one in found for feature in one.features)
    names = sorted(feature for feature, count in seen.items() if count >= LEAST_SEEN.get(feature[0], 15))
    place = {name: index + 2 for index, name in enumerate(names)}
    rows = np.zeros((len(found), len(names) + 2))
    right = np.array([one.right for one in found], dtype=np.float64)
    for index, one in enumerate(found):
        rows[index, 0] = 1.0
        rows[index, 1] = logit(min(max(one.prior, 0.01), 0.99))
        for feature in one.features:
            if feature in place:
                rows[index, place[feature]] = 1.0
    penalty = np.full(rows.shape[1], RIDGE)
    penalty[0] = 1e-6
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - share) - penalty * weights
        curve = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty)
        weights += np.linalg.solve(curve, slope)
    table = {("all", ""): float(weights[0]), ("prior", ""): float(weights[1])}
    table.update({name: float(weights[index]) for name, index in place.items()})
    return table, seen


def error(confidences: Floats, right: Floats) -> float:
    """Expected calibration error: mean distance of confidence and precision over ten bins, weighted by their size."""
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    total = 0.0
    for index in range(BINS):
        inside = bins == index
        if inside.any():
            total += inside.sum() * abs(confidences[inside].mean() - right[inside].mean())
    return total / max(1, len(right))


def report(name: str, found: list[Judged], calibration: Calibration) -> None:
    """Print the reliability of the confidences on one set."""
    right = np.array([one.right for one in found], dtype=np.float64)
    before = np.array([one.prior for one in found])
    after = np.array([calibration.confidence(one.prior, one.features) for one in found])
    print(f"{name}: {len(found):,} attributions, precision {right.mean():.3f}")
    print(f"expected calibration error: priors {error(before, right):.3f}, calibrated {error(after, right):.3f}")
    print("confidence    n      mean   right")
    bins = np.minimum((after * BINS).astype(int), BINS - 1)
    for index in range(BINS):
        inside = bins == index
        if inside.any():
            low, high = index / BINS, (index + 1) / BINS
            print(f"{low:.1f} to {high:.1f}  {inside.sum():6,}  {after[inside].mean():.3f}  {right[inside].mean():.3f}")
    kinds = sorted({dict(one.features)["kind"] for one in found})
    print("kind                 n      mean   right")
    for kind in kinds:
        inside = np.array([dict(one.features)["kind"] == kind for one in found])
        print(f"{kind:18s}  {inside.sum():6,}  {after[inside].mean():.3f}  {right[inside].mean():.3f}")


def main() -> None:
    """Fit, write the table, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    options = parser.parse_args()
    train = judged(options.train)
    table, seen = fitted(train)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "value", "log_odds", "seen"])
        for feature in sorted(table, key=lambda name: (name[0] not in {"all", "prior"}, name)):
            count = seen.get(feature, len(train))
            writer.writerow([*feature, f"{table[feature]:.3f}", count])
    rounded = Calibration({feature: round(odds, 3) for feature, odds in table.items()})
    report("train", train, rounded)
    print()
    report("dev", judged(options.dev), rounded)


if __name__ == "__main__":
    main()
