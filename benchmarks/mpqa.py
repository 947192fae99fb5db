"""How often the chain of a nested attribution is right, on a gold set in the manner of the MPQA Opinion Corpus.

    python benchmarks/mpqa.py DOCUMENTS.jsonl.gz ATTRIBUTIONS.jsonl.gz [--half even|odd] [--nested-attitudes]

DOCUMENTS has `id` and `text` a line. ATTRIBUTIONS has one private state or speech event a line: `doc`, `cue_start`,
`cue_end`, `sentence_start`, `sentence_end`, `source_start`, `source_end`, and `chain_text` with `chain_spans`, the
nested sources outermost first, the writer left out (Wiebe, Wilson and Cardie 2005; the offsets end exclusive).

A gold attribution is found where a reported one overlaps its cue, or, where the gold cue has no words, names its
innermost source in the same sentence. Its chain is right where it has as many sources, and each shares a word with the
gold source at its place that is no function word, overlaps it in the text, or is its acronym. An implicit source is
right where none is named. The outlet that somebody told it to is no source in this scheme and is left out of the count.
Private states are most of what this scheme nests; `--nested-attitudes` reads those within speech, too, which the
settings leave out. Rules were written on the articles at even places of the sorted ids: the odd ones are the report.
A source that the gold names twice running ("X said that he believes") counts once: a chain here has every node once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from provenance.attribution import Attributor
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

_WORD = re.compile(r"\w+")
_EMPTY = frozenset(re.findall(r"\w+", "the a an of and s in to for by on at his her their its mr mrs ms dr"))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def words(name: str) -> set[str]:
    """The words of a name that say who it is, in lower case."""
    return {word for word in _WORD.findall(name.lower()) if word not in _EMPTY}


def alike(name: str, gold: str) -> bool:
    """Whether two names share a word that is no function word, or one is the acronym of the other."""
    one, two = words(name), words(gold)
    if one & two:
        return True
    initials = "".join(word[0] for word in _WORD.findall(gold) if word[0].isupper()).lower()
    return len(initials) > 1 and initials in one


def gold_chain(gold: dict[str, Any]) -> list[tuple[str, tuple[int, int]]]:
    """The nested sources of one gold row with their places, a source named twice running once."""
    chain: list[tuple[str, tuple[int, int]]] = []
    for text, span in zip(gold["chain_text"], gold["chain_spans"], strict=True):
        if not chain or chain[-1][0] != text:
            chain.append((text or "", (span[0], span[1]) if span else (0, 0)))
    return chain


def same_chain(found: Attribution, chain: Sequence[tuple[str, tuple[int, int]]]) -> bool:
    """Whether a reported chain has the gold chain's sources, each at its place."""
    nodes = found.chain
    if found.kind in {"told-outlet", "interview"}:
        nodes = nodes[1:]
    if len(nodes) != len(chain):
        return False
    last = len(chain) - 1
    for place, (node, (name, span)) in enumerate(zip(nodes, chain, strict=True)):
        mention = found.source
        here = place == last and mention is not None and mention.span.start < span[1] and span[0] < mention.span.end
        unnamed = node.kind == "unnamed" and not name
        if not (here or unnamed or alike(node.name, name)):
            return False
    return True


def best(gold: dict[str, Any], found: Sequence[Attribution]) -> Attribution | None:
    """The reported attribution that is the gold one: the largest overlap of cues, else the same source."""
    start, end = gold["cue_start"], gold["cue_end"]
    chosen, most = None, 0
    for one in found:
        if one.cue is None or one.scope == "document":
            continue
        shared = min(end, one.cue.span.end) - max(start, one.cue.span.start)
        if end > start and shared > most:
            chosen, most = one, shared
        elif end <= start and gold["sentence_start"] <= one.cue.span.start < gold["sentence_end"] and most == 0:
            source = one.source
            if (
                source
                and source.span.start < (gold["source_end"] or 0)
                and source.span.end > (gold["source_start"] or 0)
            ):
                chosen, most = one, 1
    return chosen


def main() -> int:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    parser.add_argument("attributions", type=Path)
    parser.add_argument("--half", choices=("even", "odd"), help="only the articles at these places of the sorted ids")
    parser.add_argument("--nested-attitudes", action="store_true", help="read wishes and beliefs within speech, too")
    parser.add_argument("--verbose", action="store_true", help="print the chains that differ")
    options = parser.parse_args()
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for gold in rows(options.attributions):
        if gold["chain_text"]:
            wanted[gold["doc"]].append(gold)
    attributor = Attributor(AttributionSettings(nested_attitudes=options.nested_attitudes))
    counts = {depth: [0, 0, 0] for depth in (1, 2, 3)}
    documents = sorted(rows(options.documents), key=lambda document: str(document["id"]))
    if options.half:
        documents = documents[0 if options.half == "even" else 1 :: 2]
    for document in documents:
        found = attributor.attribute(Article(document["id"], document["text"]))
        for gold in wanted[document["id"]]:
            chain = gold_chain(gold)
            count = counts[min(len(chain), 3)]
            count[0] += 1
            one = best(gold, found)
            if one is None:
                continue
            count[1] += 1
            right = same_chain(one, chain)
            count[2] += right
            if options.verbose and not right:
                sentence = document["text"][gold["sentence_start"] : gold["sentence_end"]].replace("\n", " ")
                got = " > ".join(node.name for node in one.chain)
                want = " > ".join(name for name, _ in chain)
                sys.stderr.write(
                    f"{one.rule}\t{one.cue.text if one.cue else ''}\tgot: {got}\twant: {want}\t{sentence}\n"
                )
    total = [sum(count[place] for count in counts.values()) for place in range(3)]
    report = {
        "gold": total[0],
        "found": total[1],
        "chain_right": round(total[2] / total[1], 4) if total[1] else None,
        "by_depth": {
            str(depth) if depth < 3 else "3+": {"gold": count[0], "found": count[1], "right": count[2]}
            for depth, count in counts.items()
        },
    }
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
