"""Clusters as passim writes them."""

from __future__ import annotations

import io
import json
from itertools import groupby
from typing import Any

from provenance import Corpus
from provenance.export.passim import passim_rows


def rows(corpus: Corpus) -> list[dict[str, Any]]:
    out = io.StringIO()
    count = corpus.export("clusters", out)
    read = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(read) == count
    return read


def test_every_copy_has_the_fields_of_passim(corpus: Corpus) -> None:
    for row in rows(corpus):
        assert {"uid", "cluster", "size", "begin", "end", "src", "id", "text"} <= set(row)
        assert -(2**63) <= row["uid"] < 2**63
        assert corpus.article(row["id"]).text[row["begin"] : row["end"]] == row["text"]


def test_the_copies_of_a_cluster_stand_together_and_are_counted(harbour: Corpus) -> None:
    found = rows(harbour)
    sizes = []
    for _, group in groupby(found, key=lambda row: row["cluster"]):
        members = list(group)
        assert {row["size"] for row in members} == {len(members)}
        dates = [row.get("date", "9") for row in members]
        assert dates == sorted(dates)
        sizes.append(len(members))
    assert len(sizes) == len({row["cluster"] for row in found})
    assert sizes == sorted(sizes, reverse=True)


def test_the_copies_are_those_held_but_for_furniture(harbour: Corpus) -> None:
    got = sorted((row["cluster"], row["id"], row["begin"], row["end"], row["kind"]) for row in rows(harbour))
    wanted = [(one.cluster, one.document, one.span.start, one.span.end, one.kind) for one in harbour.all_copies()]
    assert got == sorted(wanted)
    assert len(wanted) < len(list(harbour.all_copies(furniture=True)))


def test_the_source_of_a_copy_is_named_where_it_is_decided(harbour: Corpus) -> None:
    found = rows(harbour)
    by_uid = {row["uid"]: row["id"] for row in found}
    copied = next(row for row in found if row["id"] == "northquay-online")
    assert {by_uid[each["uid"]] for each in copied["src"]} == {"merrin-gazette"}
    assert copied["relation"] == "uncredited-copy"
    assert all(row["src"] == [] for row in found if row["id"] in {"vpa-0312", "waterside-notice.txt"})


def test_series_and_dates_are_those_of_the_articles(harbour: Corpus) -> None:
    for row in passim_rows(harbour):
        article = harbour.article(row["id"])
        assert row.get("series") == article.outlet
        assert row.get("date") == (article.published.start[:10] if article.published else None)
