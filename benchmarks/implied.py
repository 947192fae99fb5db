"""Origins that nobody names: planted reports whose origin is taken out, is held, or never was.

    python benchmarks/implied.py NEWS.jsonl [-n 100] [--seed 1] [--dates none|same|later]

Reports of eight pieces of 45 words are cut from news articles. Papers print them with some of the pieces left out, 3%
of the words changed, between words of their own. Of each kind there are `-n` groups of three to five papers:

- `removed`: each paper cuts the report for itself, and the report is not held. One implied origin of them is right.
- `held`: the same, and the report is held. No implied origin is right.
- `relayed`: each paper cuts what an earlier one printed. None is right.
- `merged`: the second paper adds pieces of its own, the third takes from both; it shows what an implied origin cannot
  be told from where there are no dates.

Printed are for each kind how many groups are given an implied origin, of all their papers or of some, and the share of
the implied origins given that are right. `--dates same` puts all on one day, `later` dates
each paper a day after the one before.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from provenance.chains.links import link
from provenance.model import Article, DateInterval
from provenance.reuse import detect
from provenance.settings import Settings

PIECES, PIECE, OWN, KEPT, EDITED = 8, 45, 120, 0.7, 0.03
KINDS = ("removed", "held", "relayed", "merged")


def reports(news: Path, made: random.Random) -> Iterator[list[str]]:
    """Words of articles long enough to be cut, in random order."""
    with news.open(encoding="utf-8") as lines:
        every = [words for line in lines if len(words := json.loads(line)["text"].split()) >= PIECES * PIECE]
    made.shuffle(every)
    yield from every


def cut(pieces: Sequence[list[str]], made: random.Random) -> list[list[str]]:
    """Some of the pieces in order, at least two."""
    kept = [piece for piece in pieces if made.random() < KEPT]
    return kept if len(kept) > 1 else list(pieces[:2])


def printed(pieces: Sequence[list[str]], own: Sequence[str], made: random.Random) -> str:
    """Pieces with a few words changed, between words of the paper's own."""
    words = [made.choice(own) if made.random() < EDITED else word for piece in pieces for word in piece]
    return " ".join([*own[: OWN // 2], *words, *own[OWN // 2 : OWN]])


def versions(kind: str, pieces: list[list[str]], added: list[list[str]], made: random.Random) -> list[list[list[str]]]:
    """What each paper prints of a report."""
    count = made.randint(3, 5)
    if kind == "merged":
        first = cut(pieces, made)
        second = [*cut(first, made), *added]
        return [first, second, [*cut(first, made), *cut(added, made)]]
    if kind == "relayed":
        found = [pieces]
        while len(found) < count:
            found.append(cut(made.choice(found), made))
        return found
    return [*([pieces] if kind == "held" else []), *(cut(pieces, made) for _ in range(count))]


def planted(news: Path, number: int, seed: int, dates: str) -> dict[str, list[Article]]:
    """Groups of articles by kind and number."""
    made = random.Random(seed)
    source = reports(news, made)
    found: dict[str, list[Article]] = {}
    for kind in KINDS:
        for group in range(number):
            words = next(source)
            pieces = [words[place * PIECE : (place + 1) * PIECE] for place in range(PIECES)]
            added = next(source)
            texts = versions(kind, pieces, [added[:PIECE], added[PIECE : 2 * PIECE]], made)
            found[f"{kind}-{group}"] = [
                Article(f"{kind}-{group}-{place}", printed(text, next(source), made), None, f"Paper {place}")
                if dates == "none"
                else Article(
                    f"{kind}-{group}-{place}",
                    printed(text, next(source), made),
                    None,
                    f"Paper {place}",
                    published=day(1 + place * (dates == "later")),
                )
                for place, text in enumerate(texts)
            ]
    return found


def day(number: int) -> DateInterval:
    return DateInterval(f"2024-03-{number:02}T00:00:00Z", f"2024-03-{number + 1:02}T00:00:00Z", "day", "metadata")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path, help="articles as JSON Lines with `text`")
    parser.add_argument("-n", type=int, default=100, help="groups of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dates", choices=("none", "same", "later"), default="none")
    options = parser.parse_args()
    settings = Settings()
    groups = planted(options.news, options.n, options.seed, options.dates)
    articles = [article for every in groups.values() for article in every]
    found = detect(articles, settings.reuse)
    origins: dict[str, set[str]] = defaultdict(set)
    for row in link(articles, found.matches, found.passages, [], settings.chains):
        if row.relation == "common-source" and not row.credited:
            origins[row.upstream_name].add(row.downstream)
    tally: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for members in origins.values():
        (group,) = {member.rpartition("-")[0] for member in members} or {""}
        whole = len(members) == len(groups[group])
        tally[group.partition("-")[0]]["of all papers" if whole else "of some"] += 1
    told = sum(sum(tally[kind].values()) for kind in KINDS)
    result = {
        "groups of a kind": options.n,
        "implied origins": {kind: dict(tally[kind]) for kind in KINDS},
        "right": round(sum(tally["removed"].values()) / told, 4) if told else None,
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
