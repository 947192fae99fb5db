"""How long pages take: every page asked for many times, as a browser would ask, over a database of any size.

    python benchmarks/pages.py DATABASE --times 20

The server runs in this process (ASGI, no network); the time is from the request to the last byte of the answer. What
is asked for (articles, pairs, passages, sources, words, claims) is drawn by chance from the collection, another one
each time. Pages that need findings are left out where the collection has none.

    python benchmarks/pages.py DATABASE --enlarge 5 -o LARGER

makes a database with everything five times: articles and all that was found in them under new ids, so that pages can
be timed over as many findings as a collection of that size has. Words, families and clusters stay as large as they
were; lists and indexes grow.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from provenance import Corpus
from provenance.chains.tellings import sentence_spans
from provenance.web.addresses import WebAddresses
from provenance.web.serving import served

KEYS = {
    "articles": ("article_id", "version_id"),
    "versions": ("version_id", "article_id"),
    "passages": ("passage_id", "cluster", "article_id"),
    "matches": ("match_id", "cluster", "a_id", "b_id"),
    "attributions": ("attribution_id", "article_id"),
    "attribution_sources": ("attribution_id",),
    "links": ("link_id", "upstream_id", "downstream_id"),
    "link_documents": ("link_id", "article_id"),
    "chains": ("chain_id", "article_id"),
    "hops": ("hop_id", "chain_id", "article_id", "attribution_id"),
    "evidence": ("evidence_id", "attribution_id", "link_id", "hop_id", "article_id"),
    "outlet_traces": ("article_id",),
}
"""Columns that hold keys, by table: they are raised, everything else is copied."""
SHORTEST, LONGEST = 60, 300


def enlarge(source: Path, target: Path, times: int) -> None:
    """Copy a database, with everything in it several times."""
    shutil.copyfile(source, target)
    with closing(sqlite3.connect(target)) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute("PRAGMA synchronous = OFF")
        highest = {
            column: base.execute(f"SELECT ifnull(max({column}), 0) + 1 FROM {table}").fetchone()[0]
            for table, column in [
                (table, columns[0])
                for table, columns in KEYS.items()
                if table not in {"attribution_sources", "link_documents", "outlet_traces"}
            ]
        }
        highest["cluster"] = base.execute("SELECT ifnull(max(cluster), 0) + 1 FROM passages").fetchone()[0]
        like = {"a_id": "article_id", "b_id": "article_id", "upstream_id": "article_id", "downstream_id": "article_id"}
        held = {
            table: f"rowid <= {base.execute(f'SELECT ifnull(max(rowid), 0) FROM {table}').fetchone()[0]}"
            for table in KEYS
            if table not in {"attribution_sources", "link_documents"}
        }
        for copy in range(1, times):
            for table, keys in KEYS.items():
                columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
                chosen = [raised(column, keys, like, highest, copy, table) for column in columns]
                first = f"{keys[0]} < {highest[keys[0]]}"
                where = held.get(table, first)
                base.execute(f"INSERT INTO {table} SELECT {', '.join(chosen)} FROM {table} WHERE {where}")
            size = highest["article_id"]
            base.execute(
                "INSERT INTO word_search (rowid, title, text) SELECT article_id, title, text FROM documents "
                f"WHERE article_id >= {copy * size} AND article_id < {(copy + 1) * size}"
            )
        base.execute("DELETE FROM stages WHERE stage = 'summaries'")
        base.commit()
    with Corpus(target) as corpus:
        corpus.summarize()


def raised(
    column: str, keys: tuple[str, ...], like: dict[str, str], highest: dict[str, int], copy: int, table: str
) -> str:
    """A column of a copied row."""
    if column in keys:
        return f"{column} + {copy * highest[like.get(column, column)]}"
    if table == "articles" and column == "id":
        return f"id || '~{copy}'"
    return column


def asked(corpus: Corpus, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Every page with a function that makes the next address of it, below the database's own."""
    store = corpus.store
    ids = store.article_ids()
    clusters = [row.cluster for row in store.cluster_page(2000)]
    pairs = [(link.upstream, link.downstream) for link in _some(store.links(), 3000) if link.upstream]
    sources = [row.name for row in store.most_credited(300)]
    outlets = store.outlet_names()

    def sentence() -> str:
        for _ in range(50):
            article = store.article(chance.choice(ids))
            spans = [span for span in sentence_spans(article.text)[:8] if SHORTEST < len(span) < LONGEST]
            if spans:
                span = chance.choice(spans)
                return article.text[span.start : span.end]
        return "nothing of the kind"

    def words() -> str:
        return " ".join(chance.sample(sentence().split(), 2))

    pages: dict[str, Callable[[], str]] = {
        "overview": lambda: "",
        "uncredited": lambda: f"/uncredited?page={chance.randint(1, 5)}",
        "passages": lambda: f"/passage?page={chance.randint(1, 5)}",
        "sources": lambda: f"/source?page={chance.randint(1, 5)}",
        "outlets": lambda: f"/outlet?page={chance.randint(1, 5)}",
        "article": lambda: f"/article?{urlencode({'id': chance.choice(ids)})}",
        "graph": lambda: f"/graph?{urlencode({'id': chance.choice(ids)})}",
        "trace": lambda: f"/trace?{urlencode({'text': sentence()})}",
        "search, two words": lambda: f"/search?{urlencode({'q': words()})}",
        "search, a common word": lambda: "/search?q=said",
    }
    if outlets:
        pages["outlet"] = lambda: f"/outlet?{urlencode({'name': chance.choice(outlets)})}"
    if pairs:
        pages["article that is linked"] = lambda: f"/article?{urlencode({'id': chance.choice(pairs)[1]})}"
        pages["graph of one that is linked"] = lambda: f"/graph?{urlencode({'id': chance.choice(pairs)[1]})}"
        pages["compare"] = lambda: "/compare?" + urlencode(dict(zip("ab", chance.choice(pairs), strict=True)))
    if clusters:
        pages["passage"] = lambda: f"/passage?cluster={chance.choice(clusters)}"
        pages["passage that most hold"] = lambda: f"/passage?cluster={clusters[0]}"
    if sources:
        pages["source"] = lambda: f"/source?{urlencode({'name': chance.choice(sources)})}"
    return pages


def tables(name: str) -> dict[str, Callable[[], str]]:
    """Datasette's own pages of our views and tables, as pages link to them."""
    to = WebAddresses("", f"/{name}")
    views = ("documents", "earliest", "readable_chains", "readable_hops", "uncredited_reuse", "links")
    return {f"table {view}": lambda view=view: to.rows(view) for view in views}  # type: ignore[misc]


def _some(found: Iterator[object], most: int) -> Iterator[object]:
    for number, one in enumerate(found):
        if number >= most:
            return
        yield one


async def timed(database: Path, pages: dict[str, Callable[[], str]], times: int) -> dict[str, dict[str, float | int]]:
    """Milliseconds of every page: median and worst, the CPU time of it; and the largest answer in bytes."""
    datasette = served(database)
    await datasette.invoke_startup()
    base = f"/-/provenance/{database.stem}"
    found: dict[str, dict[str, float | int]] = {}
    for page, address in pages.items():
        took: list[float] = []
        used: list[float] = []
        largest = too_long = 0
        for number in range(times + 1):
            where = address()
            start, begun = time.perf_counter(), time.process_time()
            answer = await datasette.client.get(where if page.startswith("table ") else base + where)
            # the first one reads what all later ones find read
            took += [(time.perf_counter() - start) * 1000] if number else []
            used += [(time.process_time() - begun) * 1000] if number else []
            largest = max(largest, len(answer.content))
            too_long += answer.status_code == 503
            if answer.status_code not in {200, 503}:
                sys.exit(f"{where}: status {answer.status_code}")
        found[page] = {
            "median": round(statistics.median(took), 1),
            "worst": round(max(took), 1),
            "median CPU": round(statistics.median(used), 1),
            "given up": too_long,
            "bytes": largest,
        }
    return found


def main() -> None:
    """Time the pages, or make a larger database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--enlarge", type=int, metavar="TIMES")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    if options.enlarge:
        enlarge(options.database, options.output, options.enlarge)
        return
    with Corpus(options.database, create=False) as corpus:
        corpus.summarize()
        pages = {**asked(corpus, random.Random(options.seed)), **tables(options.database.stem)}
        found = asyncio.run(timed(options.database, pages, options.times))
        counts = corpus.store.summary_counts()
    medians = [row["median"] for row in found.values()]
    json.dump({"counts": counts, "pages": found, "highest median": max(medians)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
