"""Links between mails that quote one another, against parents known from their headers.

    python benchmarks/mail_links.py FOLDER --db NEW.db [--undated] [--links OUT.jsonl]

FOLDER holds `documents.jsonl.gz` (mails as articles, the writer as `outlet`) and `parents.jsonl.gz` (`child`, `parent`:
who quotes whom). The mails go in as they are, wrong clocks and lines such as "X wrote:" with them; with `--undated`
without their dates. A database that is there already is scored as it is. Printed are the shares of links and children
that name the true parent, of pairs whose direction is right, how far confidence is from the share that is right (mean
over ten bins), links to an ancestor beyond the parent, and the baseline: for each child the earliest dated mail that
holds its longest shared passage, and the same for each of its passages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from provenance import Corpus
from provenance.chains.places import shared
from provenance.model import Link

Parents = dict[str, str]


def known_parents(folder: Path) -> Parents:
    """Child to parent."""
    with gzip.open(folder / "parents.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["child"]: row["parent"] for row in rows}


def prepared(folder: Path, into: Path, *, undated: bool) -> Path:
    """The mails as a file that the product reads; its path."""
    with gzip.open(folder / "documents.jsonl.gz", "rt", encoding="utf-8") as lines, into.open("w") as out:
        for line in lines:
            row = json.loads(line)
            if undated:
                row.pop("published", None)
            out.write(json.dumps(row) + "\n")
    return into


def ancestors(parents: Mapping[str, str], document: str) -> set[str]:
    """The parent, its parent, and so on."""
    found: set[str] = set()
    while document in parents and parents[document] not in found:
        document = parents[document]
        found.add(document)
    return found


def miscalibration(stated: Iterable[tuple[float, bool]]) -> float:
    """Mean distance of stated confidence from the share that is right, over ten bins."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in stated:
        bins[min(9, int(confidence * 10))].append((confidence, right))
    off = sum(abs(sum(c for c, _ in rows) - sum(right for _, right in rows)) for rows in bins.values())
    return off / max(1, sum(len(rows) for rows in bins.values()))


def figures(links: Iterable[Link], parents: Parents) -> dict[str, Any]:
    """What the links are worth, over the children whose parent is known."""
    drawn = {(link.upstream, link.downstream): link for link in links if link.upstream is not None}
    forward = sum((parent, child) in drawn for child, parent in parents.items())
    backward = sum((child, parent) in drawn and (parent, child) not in drawn for child, parent in parents.items())
    known = [(up, down, link) for (up, down), link in drawn.items() if down in parents]
    linked = {down for _, down, _ in known}
    right = [parents[down] == up for up, down, _ in known]
    beyond = sum(up in ancestors(parents, down) for up, down, _ in known) - sum(right)
    stated = [(link.confidence, ok) for (_, _, link), ok in zip(known, right, strict=True)]
    return {
        "children": len(parents),
        "links": len(known),
        "direction": round(forward / max(1, forward + backward), 4),
        "parent_precision": round(sum(right) / max(1, len(right)), 4),
        "parent_recall": round(forward / max(1, len(parents)), 4),
        "calibration": round(miscalibration(stated), 4),
        "ancestor_beyond_parent": round(beyond / max(1, len(known)), 4),
        "children_without_link": round(1 - len(linked) / max(1, len(parents)), 4),
    }


def earliest(corpus: Corpus, parents: Parents) -> dict[str, dict[str, float]]:
    """The baseline: the earliest dated mail that holds a child's longest shared passage, and that of each passage."""
    dates = {
        article.id: article.published.start for article in corpus.store.held_articles() if article.published is not None
    }
    found = shared(corpus.store.shared_text()[0])
    answers: dict[str, list[tuple[str, str]]] = {"longest passage": [], "each passage": []}
    for child in parents:
        texts = sorted(
            found.texts_of.get(child, ()), key=lambda text: -sum(len(span) for span in found.texts[text][child])
        )
        first = [min(found.texts[text], key=lambda one: (dates.get(one, "~"), one)) for text in texts]
        answers["longest passage"].extend((one, child) for one in first[:1] if one != child)
        answers["each passage"].extend((one, child) for one in dict.fromkeys(first) if one != child)
    return {
        name: {
            "parent_precision": round(sum(parents[child] == one for one, child in pairs) / max(1, len(pairs)), 4),
            "parent_recall": round(sum(parents[child] == one for one, child in pairs) / max(1, len(parents)), 4),
        }
        for name, pairs in answers.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--db", type=Path, required=True, help="the database, made if it is not there")
    parser.add_argument("--undated", action="store_true", help="leave the dates out")
    parser.add_argument("--links", type=Path, help="where to write the links")
    options = parser.parse_args()
    parents = known_parents(options.folder)
    fresh = not options.db.exists()
    with Corpus(options.db) as corpus:
        if fresh:
            corpus.run([prepared(options.folder, options.db.with_suffix(".jsonl"), undated=options.undated)])
        found = figures(corpus.links(), parents)
        if not options.undated:
            found["baseline"] = earliest(corpus, parents)
        if options.links:
            with options.links.open("w", encoding="utf-8") as out:
                corpus.export("links", out)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
