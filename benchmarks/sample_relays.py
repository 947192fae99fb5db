"""Draw sentences that may have a relay in them, to be labelled by hand for `relays.csv`.

    python benchmarks/sample_relays.py DATA -n 60 --seed 61121 -o NEW.csv --read PAGES.txt

Half of them come from each collection. Four in five mention an outlet of the gazetteer and a cue, one in five has a
capitalised name beside a cue. Sentences of `relays.csv` are not drawn again. The table has document and offsets and an
empty column for the chains; the pages, which hold the texts and are not to be published, show each sentence with what
stands before it. Label before looking at what the extractor says.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from provenance.attribution import Gazetteer
from provenance.text.quotations import has_marks, quotations
from provenance.text.sentences import paragraphs, sentences

LABELS: Final = Path(__file__).with_name("relays.csv")
FOLDERS: Final = ("fakes", "news")
WITH_OUTLET: Final = 0.8
SHORTEST, LONGEST, SHOWN = 40, 600, 250
CUE: Final = re.compile(
    r"\b(?:said|says|told|tells|reported|reports|according to|citing|cited|quoted|quoting|wrote|writes|announced|stated"
    r"|interview with|confirmed|via|revealed|report|published)\b"
)
NAMED: Final = re.compile(
    r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)* (?:said|says|told|reported|reports|wrote|announced|stated|revealed"
    r"|confirmed)\b|\b(?:according to|citing|told|quoted by|interview with|reported by) (?:the )?[A-Z]"
)
Drawn = tuple[str, str, int, int, str]
"""Folder, document, start, end, and what is to be read."""


def names() -> re.Pattern[str]:
    """The names and aliases of the gazetteer in Latin letters, longest first."""
    known = {name for outlet in Gazetteer.default().outlets for name in (outlet.name, *outlet.aliases)}
    latin = sorted((name for name in known if name.isascii() and len(name) > 1), key=lambda name: (-len(name), name))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, latin)) + r")\b")


def found(path: Path) -> Iterator[tuple[str, str, int, int]]:
    """The sentences of a collection: document, its text, start and end."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            text = record["text"]
            for span in paragraphs(text):
                marked = has_marks(text, span.start, span.end)
                top = [q for q in quotations(text, span.start, span.end) if q.depth == 0] if marked else []
                speech = [quotation for quotation in top if quotation.kind != "title"]
                for start, end in sentences(text, span.start, span.end, speech):
                    if SHORTEST <= end - start <= LONGEST:
                        yield record["id"], text, start, end


def drawn(data: Path, number: int, seed: int, taken: set[tuple[str, int]]) -> list[Drawn]:
    """So many sentences, the same for the same seed."""
    generator = random.Random(seed)
    name = names()
    result: list[Drawn] = []
    for folder in FOLDERS:
        groups: tuple[list[Drawn], list[Drawn]] = ([], [])
        for document, text, start, end in found(data / folder / "documents.jsonl.gz"):
            sentence = text[start:end]
            group = 0 if CUE.search(sentence) and name.search(sentence) else 1 if NAMED.search(sentence) else -1
            if group >= 0 and (document, start) not in taken:
                page = f"...{text[max(0, start - SHOWN) : start]} <<< {sentence} >>>"
                groups[group].append((folder, document, start, end, " ".join(page.split())))
        share = number // len(FOLDERS)
        first = round(share * WITH_OUTLET)
        result += generator.sample(sorted(groups[0]), first) + generator.sample(sorted(groups[1]), share - first)
    return result


def main() -> None:
    """Write the table and the pages."""
    parser = argparse.ArgumentParser(description="Draw sentences to be labelled with their relay chains.")
    parser.add_argument("data", type=Path, help="folder with fakes/ and news/, each with documents.jsonl.gz")
    parser.add_argument("-n", "--number", type=int, default=60)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the table")
    parser.add_argument("--read", type=Path, required=True, help="the pages")
    options = parser.parse_args()
    with LABELS.open(encoding="utf-8", newline="") as file:
        taken = {(row["document"], int(row["start"])) for row in csv.DictReader(file)}
    rows = drawn(options.data, options.number, options.seed, taken)
    with options.output.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["folder", "document", "start", "end", "chains"])
        table.writerows([*row[:4], ""] for row in rows)
    pages = (f"#{number} {row[0]} {row[1]}\n  {row[4]}\n" for number, row in enumerate(rows))
    options.read.write_text("\n".join(pages), encoding="utf-8")


if __name__ == "__main__":
    main()
