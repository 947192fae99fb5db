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
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from mail_links import Parents, figures, known_parents, miscalibration

from provenance import Corpus
from provenance.chains.grounds import Ground, ground
from provenance.chains.links import copy_rows
from provenance.chains.places import shared
from provenance.model import Link
from provenance.settings import ChainSettings

Numbers = npt.NDArray[np.float64]
NAMES = ("confidence_base", "confidence_slope", "confidence_credited", "confidence_dated")
WEIGHTS = (
    "weight_coverage",
    "penalty_unseen",
    "weight_earlier",
    "weight_lead",
    "weight_elsewhere",
    "penalty_later",
    "weight_peculiarity",
    "penalty_lacking",
    "weight_passage_credit",
    "weight_stock_phrase",
    "weight_first",
    "weight_quoted",
    "weight_unseen_known",
    "weight_credited_by_others",
    "inherited_credit",
    "weight_document_credit",
    "deeper_credit",
    "weight_agency",
    "penalty_unseen_credited",
    "weight_address",
)
"""The weights of the evidence, those first that bear on many links. Two are none of them:
`weight_update`, since what mails have of an outlet's versions of a story are a writer's notices posted again, and
`penalty_later_credited`, which must keep a sentence's credit from outweighing a date."""


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


@dataclass
class Trials:
    """The links to the mails of some threads, made again with one setting or another."""

    children: Parents
    known: Ground
    settings: ChainSettings

    def __call__(self, **changed: float) -> dict[str, Any]:
        """The figures with some settings changed."""
        typed = {name: type(getattr(self.settings, name))(value) for name, value in changed.items()}
        return figures(copy_rows(self.known, replace(self.settings, **typed)), self.children)


def trials(database: Path, parents: Parents, *, first: bool) -> Trials:
    """What one half of the threads rests on: its mails with a known parent and all that share text with them."""
    with Corpus(database) as corpus:
        passages, matches = corpus.store.shared_text()
        settings = corpus.settings.chains
        held = {article.id for article in corpus.store.held_articles()}
        children = {one: up for one, up in parents.items() if one in held and in_first_half(parents, one) == first}
        found = shared(passages)
        near = {*children, *(up for up in children.values() if up in held)}
        for child in children:
            for text in found.texts_of.get(child, ()):
                near.update(found.texts[text])
        articles = list(corpus.store.articles(sorted(near)))
        said = [one for _, one in corpus.store.said(sorted(near))]
    known = ground(
        articles,
        [one for one in matches if one.a in near and one.b in near],
        [one for one in passages if one.document in near],
        said,
        settings,
    )
    return Trials(children, known, settings)


def search(
    tried: Callable[..., dict[str, Any]],
    start: Mapping[str, float],
    seconds: float,
    tell: Callable[[str, object], None],
    least_direction: float = 0.97,
) -> dict[str, float]:
    """Weights that do better than those at the start, by coordinate steps.

    Args:
        tried: gives the figures with some weights changed.
        start: the weights, by name.
        seconds: CPU time after which no further step is tried.
        tell: is told each figure.
        least_direction: share of right directions that no step may go below.

    Returns:
        The weights that changed.
    """
    step, least_gain = 1.25, 0.0005  # a quarter more or less; gains of fewer than five mails in ten thousand are noise
    until = time.process_time() + seconds
    chosen: dict[str, float] = {}
    found = tried()
    tell("start", found)
    best = found["parent_precision"] + found["parent_recall"]
    towards = dict.fromkeys(start, 0)
    waiting = list(start)
    while waiting:
        name = waiting.pop(0)
        # a weight that was raised with gain is not lowered again, and the other way round
        for direction in (towards[name],) if towards[name] else (1, -1):
            if time.process_time() > until:
                return chosen
            value = round(chosen.get(name, start[name]) * step**direction, 3)
            found = tried(**{**chosen, name: value})
            now = found["parent_precision"] + found["parent_recall"]
            better = now > best + least_gain and found["direction"] >= least_direction
            tell(f"{name} = {value}{' kept' if better else ''}", found)
            if better:
                best, chosen[name], towards[name] = now, value, direction
                if step**-2 < value / start[name] < step**2:
                    waiting.append(name)
                break
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--db", type=Path, action="append", required=True, help="made by mail_links.py; repeatable")
    parser.add_argument("--try", dest="tried", action="append", default=[], metavar="NAME=VALUE,...")
    parser.add_argument("--search", type=float, metavar="MINUTES", help="fit the weights, for so long")
    options = parser.parse_args()
    parents = known_parents(options.folder)
    if options.tried or options.search:
        first = trials(options.db[0], parents, first=True)
        if options.tried:
            tell("as it is", first())
        for one in options.tried:
            name, _, values = one.partition("=")
            for value in values.split(","):
                tell(f"{name} = {value}", first(**{name: float(value)}))
        if options.search:
            start = {name: float(getattr(first.settings, name)) for name in WEIGHTS}
            chosen = search(first, start, options.search * 60, tell)
            second = trials(options.db[0], parents, first=False)
            tell("second half as it is", second())
            tell(f"second half with {json.dumps(chosen)}", second(**chosen))
        return 0
    collections = []
    for database in options.db:
        with Corpus(database) as corpus:
            collections.append(list(corpus.links()))
            most = corpus.settings.chains.confidence_margin
    sys.stdout.write(json.dumps(calibrate(collections, parents, most), indent=1) + "\n")
    return 0


def tell(what: str, found: object) -> None:
    sys.stdout.write(f"{what} {json.dumps(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
