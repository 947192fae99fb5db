"""Fit the confidence of links on mails whose parent is known, and try other weights.

    python benchmarks/fit_links.py FOLDER --db DATED.db --db UNDATED.db
    python benchmarks/fit_links.py FOLDER --db DATED.db --try weight_lead=2.5,3.5 --try weight_earlier=1.0,1.2

The databases are those that `mail_links.py` makes. The threads are split in two halves. On one the confidence settings
of `[chains]` are fitted by logistic regression on what a link rests on (Platt 1999): its margin, whether the copy
credits the parent, whether the parent is dated before it. On the other half the fit is checked. With `--try` each value
of a weight is set, the links of the first half are made again, and the figures printed, one weight at a time.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from mail_links import Parents, figures, known_parents, miscalibration

from provenance import Corpus
from provenance.chains.links import link
from provenance.model import Link

Numbers = npt.NDArray[np.float64]
NAMES = ("confidence_base", "confidence_slope", "confidence_credited", "confidence_dated")


def in_first_half(parents: Parents, document: str) -> bool:
    """Whether a mail's thread, named by its first known mail, is of the half that is fitted on."""
    seen = {document}
    while document in parents and parents[document] not in seen:
        document = parents[document]
        seen.add(document)
    return zlib.crc32(document.encode()) % 2 == 0


def features(found: Link, most: float) -> tuple[float, ...]:
    """What the confidence of a link rests on, in the order of `NAMES`."""
    dated = any(shown.rule == "earlier" for shown in found.evidence)
    return (1.0, min(found.margin or 0.0, most), float(found.credited), float(dated))


def fitted(rows: Numbers, right: Numbers) -> Numbers:
    """The weights of a logistic regression, by Newton's method.

    Args:
        rows: features, shape (links, features).
        right: 1 where a link is right, shape (links,).
    """
    ridge, steps = 1e-3, 50  # enough to settle; the ridge keeps a constant feature from running away
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        share = 1.0 / (1.0 + np.exp(-rows @ weights))
        slope = rows.T @ (right - share) - ridge * weights
        curve = (rows * (share * (1.0 - share))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def calibrate(collections: Sequence[Iterable[Link]], parents: Parents, most: float) -> dict[str, object]:
    """Fit on the first half of all collections together, check on the second of each."""
    known = [
        [
            one
            for one in links
            if one.upstream is not None and one.relation != "credit-only" and one.downstream in parents
        ]
        for links in collections
    ]
    first = [one for links in known for one in links if in_first_half(parents, one.downstream)]
    weights = fitted(
        np.array([features(one, most) for one in first]),
        np.array([float(parents[one.downstream] == one.upstream) for one in first]),
    )
    checked = []
    for links in known:
        second = [one for one in links if not in_first_half(parents, one.downstream)]
        right = [parents[one.downstream] == one.upstream for one in second]
        fresh = 1.0 / (1.0 + np.exp(-np.array([features(one, most) for one in second]) @ weights))
        checked.append(
            {
                "as it is": round(miscalibration(zip([one.confidence for one in second], right, strict=True)), 4),
                "fitted": round(miscalibration(zip(fresh.tolist(), right, strict=True)), 4),
            }
        )
    return {"settings": dict(zip(NAMES, weights.round(2).tolist(), strict=True)), "second half": checked}


def trial(database: Path, parents: Parents, tell: Callable[[str, object], None], tried: Sequence[str]) -> None:
    """Make the links of the first half again with each value of each weight."""
    with Corpus(database) as corpus:
        articles = [one for one in corpus.store.articles() if in_first_half(parents, one.id)]
        ids = {one.id for one in articles}
        passages, matches = corpus.store.shared_text()
        passages = [one for one in passages if one.document in ids]
        matches = [one for one in matches if one.a in ids and one.b in ids]
        said = [one for _, one in corpus.store.said(sorted(ids))]
        settings = corpus.settings.chains
    half = {child: parent for child, parent in parents.items() if child in ids}
    tell("as it is", figures(link(articles, matches, passages, said, settings), half))
    for one in tried:
        name, _, values = one.partition("=")
        for value in values.split(","):
            other = replace(settings, **{name: type(getattr(settings, name))(value)})
            tell(f"{name} = {value}", figures(link(articles, matches, passages, said, other), half))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--db", type=Path, action="append", required=True, help="made by mail_links.py; repeatable")
    parser.add_argument("--try", dest="tried", action="append", default=[], metavar="NAME=VALUE,...")
    options = parser.parse_args()
    parents = known_parents(options.folder)
    if options.tried:
        trial(options.db[0], parents, lambda name, found: print(name, json.dumps(found), flush=True), options.tried)
        return 0
    collections = []
    for database in options.db:
        with Corpus(database) as corpus:
            collections.append(list(corpus.links()))
            most = corpus.settings.chains.confidence_margin
    sys.stdout.write(json.dumps(calibrate(collections, parents, most), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
