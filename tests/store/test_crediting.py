"""The most credited sources: what is added up as articles come is what counting anew gives."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Article, Attribution, Mention, Source, Span
from provenance.settings import StoreSettings
from provenance.store import Store

NAMES = ("Wire", "WIRE", "wire", "Gull", "Ann Quay", "Port Office", "Anchor", "Bee", "bee")
KINDS = ("agency", "outlet", "person", "organization", "anonymous")
SOURCES = st.builds(
    lambda name, kind, outlet: Source(name, kind, outlet if kind in {"agency", "outlet"} else None),
    st.sampled_from(NAMES),
    st.sampled_from(KINDS),
    st.sampled_from((None, "Wire", "The Gull", "Bee")),
)
STATEMENTS = st.lists(st.lists(SOURCES, min_size=1, max_size=3), max_size=5)
STEPS = st.lists(
    st.tuples(st.sampled_from(("read", "read", "read", "remove")), st.integers(0, 9), STATEMENTS), max_size=12
)


def attribution(document: str, chain: list[Source]) -> Attribution:
    return Attribution(
        document, "passage", "k", "assert", None, Mention(Span(0, 1), "A"), (), (), tuple(chain), 0.5, "r"
    )


def read(store: Store, document: str, chains: list[list[Source]]) -> None:
    store.add_articles([Article(document, "A text of its own.", outlet="Wire")])
    store.replace_attributions(document, [attribution(document, chain) for chain in chains])


def kept(store: Store) -> list[tuple[object, ...]]:
    columns = "place, name, kind, held, articles, statements"
    return store._rows(f"SELECT {columns} FROM most_credited ORDER BY place")


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from((1, 3, 100)))
def test_adding_up_gives_what_counting_gives(steps: list[tuple[str, int, list[list[Source]]]], most: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Store(Path(folder) / "one.db", replace(StoreSettings(), credited_kept=most)) as store,
    ):
        for what, number, chains in steps:
            if what == "read":
                read(store, f"d{number}", chains)
            elif f"d{number}" in {article.id for article in store.articles()}:
                store.delete_articles([f"d{number}"])
            store.put_summaries([], [])
            assert kept(store) == list(store.credited_now())


def test_what_has_come_since_is_all_that_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read(store, "a", [[Source("Wire", "agency")], [Source("Ann Quay", "person")]])
    store.put_summaries([], [])
    asked: list[str] = []
    rows = store._rows
    monkeypatch.setattr(store, "_rows", lambda sql, values=(): asked.append(sql) or rows(sql, values))
    read(store, "b", [[Source("Ann Quay", "person")]])
    asked.clear()
    store.put_summaries([], [])
    over_all = [
        sql for sql in asked if "JOIN attributions" in sql and "attribution_sources.attribution_id > ?" not in sql
    ]
    assert over_all == []
    assert [row[1:] for row in kept(store)] == [("Ann Quay", "person", 0, 2, 2), ("Wire", "outlet", 2, 1, 1)]
    store.replace_attributions("b", [])
    asked.clear()
    store.put_summaries([], [])
    assert any("JOIN attributions" in sql and "attribution_id > ?" not in sql for sql in asked)
    assert kept(store) == list(store.credited_now())
