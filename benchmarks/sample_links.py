"""Draw links of an analysed collection at random, as many of each relation, to be read by eye.

    provenance run NEWS.jsonl --db news.db
    python benchmarks/sample_links.py news.db -n 60 --seed 20 -o LINKS.csv --read PAGES.txt

The table has ids, relation and confidence, and an empty column for the verdict; the pages, which hold the texts and are
not to be published, show the evidence of each link with both articles' titles, dates and first words.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from provenance import Corpus
from provenance.model import Article, Link

SHOWN = 260
FIELDS = ("downstream", "upstream", "upstream_name", "relation", "confidence", "verdict", "right")


def drawn(links: Iterable[Link], number: int, seed: int) -> list[Link]:
    """So many links, in turn one of each relation as long as it has any left."""
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        groups[link.relation].append(link)
    generator = random.Random(seed)
    for relation in sorted(groups):
        generator.shuffle(groups[relation])
    found: list[Link] = []
    while len(found) < number and any(groups.values()):
        for relation in sorted(groups):
            if groups[relation] and len(found) < number:
                found.append(groups[relation].pop())
    return sorted(found, key=lambda link: (link.relation, link.downstream, link.upstream or "", link.upstream_name))


def shown(text: str) -> str:
    """A stretch of text on one line; a long one without its middle."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN * 2 // 3]} [...] {line[-SHOWN // 3 :]}"


def headed(article: Article) -> str:
    """Whose article it is, of when, with its title and first words."""
    day = article.published.start[:10] if article.published else "undated"
    return f"{article.id} {article.outlet} {day} {article.title}: {shown(article.text[:400])}"


def page(number: int, link: Link, corpus: Corpus) -> str:
    """One link to be read."""
    lines = [f"#{number} {link.relation} {link.confidence:.2f} {link.downstream} from {link.upstream_name!r}"]
    lines += [f"  {headed(corpus.store.article(document))}" for document in link.documents]
    lines += [f"    {one.document} {one.rule} {one.weight:+.1f}: {shown(one.text)}" for one in link.evidence]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="an analysed collection")
    parser.add_argument("-n", "--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the table")
    parser.add_argument("--read", type=Path, help="the texts to be read")
    options = parser.parse_args()
    with Corpus(options.database, create=False) as corpus:
        links = drawn(corpus.links(), options.number, options.seed)
        with options.output.open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out, lineterminator="\n")
            rows.writerow(FIELDS)
            for link in links:
                ends = (link.downstream, link.upstream or next((d for d in link.documents if d != link.downstream), ""))
                rows.writerow([*ends, link.upstream_name, link.relation, link.confidence, "", ""])
        if options.read:
            pages = (page(number, link, corpus) for number, link in enumerate(links))
            options.read.write_text("\n".join(pages), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
