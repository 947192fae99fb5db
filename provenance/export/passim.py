"""Passage clusters as passim writes them: one JSON object a line for every copy.

`uid`, `gid`, `cluster`, `size`, `begin`, `end`, `src`, `id`, `series`, `text`, `date` and the rest of the metadata mean
what they mean in the output of passim 2 (Smith, Cordell and Mullen 2015; https://github.com/dasmiq/passim), so that
what reads that reads this. Beyond it, `kind` says what sort of passage it is and `relation` how the copy came about.
Page furniture is left out: passim's readers take every cluster for reuse.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TextIO

from provenance.export.collection import Collection
from provenance.export.rows import Row
from provenance.export.tables import write_jsonl
from provenance.model import Article, Link, Passage

_REMEMBERED: Final = 512
"""Articles kept while clusters are gone through; those of one cluster often share others."""


def passim_rows(collection: Collection) -> Iterator[Row]:
    """The rows, largest clusters first, then by number; within one by date, article and place, undated ones last."""
    clusters: dict[int, list[Passage]] = defaultdict(list)
    for copy in collection.all_copies():
        clusters[copy.cluster].append(copy)
    taken: dict[tuple[str, int], Link] = {}
    for link in collection.links():
        if link.directed and link.upstream is not None:
            taken.update({(link.downstream, cluster): link for cluster in link.clusters})
    article = lru_cache(maxsize=_REMEMBERED)(collection.article)
    for number in sorted(clusters, key=lambda each: (-len(clusters[each]), each)):
        copies = clusters[number]
        rows = [_row(article(copy.document), copy, copies, taken.get((copy.document, number))) for copy in copies]
        rows.sort(key=lambda row: (row.get("date") is None, row.get("date") or "", row["id"], row["begin"]))
        yield from rows


def _row(article: Article, copy: Passage, copies: list[Passage], link: Link | None) -> Row:
    upstream = link.upstream if link else None
    source = [
        {"uid": _number(each.document), "begin": each.span.start, "end": each.span.end}
        for each in copies
        if each.document == upstream
    ]
    row: Row = {
        "uid": _number(article.id),
        "gid": _number(article.outlet) if article.outlet else None,
        "cluster": copy.cluster,
        "size": len(copies),
        "begin": copy.span.start,
        "end": copy.span.end,
        "src": source,
        "id": article.id,
        "series": article.outlet,
        "date": article.published.start[:10] if article.published else None,
        "title": article.title,
        "url": article.url,
        "lang": article.language,
        "text": article.text[copy.span.start : copy.span.end],
        "kind": copy.kind,
        "relation": link.relation if link else None,
        "confidence": link.confidence if link else None,
    }
    # as Spark does, what is not known is left out
    return {name: value for name, value in row.items() if value is not None}


def _number(name: str) -> int:
    """A name as a signed 64-bit number, the same in every run."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def write_passim(collection: Collection, out: TextIO) -> int:
    """Write the rows; returns how many."""
    return write_jsonl(passim_rows(collection), out)
