"""How long a trace takes, and whether it finds what a trace over all articles finds.

    python benchmarks/trace.py DATABASE --claims 200
    python benchmarks/trace.py DATABASE --claims 200 --whole

Claims are sentences of the collection's own articles, drawn by chance: as texts, as passages, and whole articles. The
database is open, and one trace is made before, so that the time is that of a trace alone. `--whole` compares with a
trace that reads everything (seconds a claim at 10,000 articles).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from provenance import Corpus, Span
from provenance.chains import Trace, trace
from provenance.chains.tellings import sentence_spans

SHORTEST, LONGEST = 60, 300
"""Characters of the sentences that are claims."""


def claims(corpus: Corpus, count: int, seed: int) -> list[dict[str, Any]]:
    """Queries for `Corpus.trace`: of ten, six texts, two or three passages, one or two articles."""
    generator = random.Random(seed)
    ids = corpus.store.article_ids()
    found: list[dict[str, Any]] = []
    for _ in range(20 * count):
        article = corpus.store.article(generator.choice(ids))
        spans = [span for span in sentence_spans(article.text)[:8] if SHORTEST < len(span) < LONGEST]
        if not spans:
            continue
        span, kind = generator.choice(spans), generator.random()
        if kind < 0.6:
            found.append({"text": article.text[span.start : span.end]})
        elif kind < 0.85:
            found.append({"document": article.id, "span": Span(span.start, span.end)})
        else:
            found.append({"document": article.id})
        if len(found) == count:
            break
    return found


def compared(found: Trace, whole: Trace) -> dict[str, int]:
    """How many tellings both have, and which answers agree."""
    mine, theirs = ({one.document for one in each.tellings} for each in (found, whole))
    answers = ("earliest_held", "earliest_credited", "ultimate_speaker", "denials", "links")
    return {
        "tellings": len(theirs),
        "lost": len(theirs - mine),
        "more": len(mine - theirs),
        "claims_with_other_answers": int(any(getattr(found, one) != getattr(whole, one) for one in answers)),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--claims", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="compare with a trace over all articles")
    chosen = parser.parse_args()
    with Corpus(chosen.database, create=False) as corpus:
        queries = claims(corpus, chosen.claims, chosen.seed)
        if not queries:
            sys.exit("no sentence of this collection can be a claim")
        store, settings = corpus.store, corpus.settings.chains
        everything = (
            [
                list(records())
                for records in (store.articles, store.passages, store.attributions, store.links, store.chains)
            ]
            if chosen.whole
            else None
        )
        corpus.trace(**queries[0])
        seconds: list[float] = []
        totals: dict[str, int] = {}
        for query in queries:
            begun = time.perf_counter()
            found = corpus.trace(**query)
            seconds.append(time.perf_counter() - begun)
            if everything is not None:
                for name, value in compared(found, trace(*everything, settings, **query)).items():  # type: ignore[arg-type]
                    totals[name] = totals.get(name, 0) + value
        seconds.sort()
        report = {
            "articles": store.counts()["articles"],
            "claims": len(queries),
            "median_seconds": round(seconds[len(seconds) // 2], 3),
            "p95_seconds": round(seconds[int(0.95 * (len(seconds) - 1))], 3),
            "worst_seconds": round(seconds[-1], 3),
            **totals,
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
