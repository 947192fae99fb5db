"""The first rows of lists, held against the lists themselves."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Article, Attribution, Chain, DateInterval, Hop, Link, Mention, Source, Span
from provenance.settings import StoreSettings
from provenance.store import LeadingRow, SourceRow, Store
from provenance.store import credited as credited_module
from provenance.store.attributions import name_key

NAMES = ("Wire", "wire", "The Gull", "the gull", "Ann Quay", "Report", "report", "?")
MERGED = ("agency", "outlet", "person", "organization", "statement", "author")
KINDS = (*MERGED, "collective", "anonymous", "unnamed")
RELATIONS = ("uncredited-copy", "credited-copy", "credit-only")


@st.composite
def sources(draw: st.DrawFn) -> Source:
    name, kind = draw(st.sampled_from(NAMES)), draw(st.sampled_from(KINDS))
    outlet = draw(st.sampled_from((None, "Wire", "The Gull", "GULL"))) if kind in {"agency", "outlet"} else None
    return Source(name, kind, outlet)  # type: ignore[arg-type]


@st.composite
def hops(draw: st.DrawFn) -> Hop:
    return Hop(draw(st.sampled_from((*NAMES, "Far Post"))), None, "relay", draw(st.sampled_from(KINDS)), ())


COLLECTIONS = st.lists(
    st.tuples(
        st.sampled_from((None, "Wire", "the GULL", "Elsewhere")),
        st.lists(st.lists(sources(), min_size=1, max_size=3), max_size=4),
        st.lists(st.lists(hops(), min_size=1, max_size=2), max_size=2),
        st.lists(
            st.tuples(st.sampled_from(RELATIONS), st.sampled_from((0.5, 0.7)), st.none() | st.integers(0, 5)),
            max_size=4,
        ),
    ),
    max_size=6,
)


def _statement(document: str, chain: list[Source], rule: str) -> Attribution:
    cue = Mention(Span(0, 1), "A")
    return Attribution(document, "passage", "k", "assert", None, cue, (), (), tuple(chain), 0.5, rule)


def filled(path: Path, collection: list[Any], kept: int) -> Store:
    """A store with some articles, attributions, links and chains; its summaries are made."""
    store = Store(path / "one.db", replace(StoreSettings(), credited_kept=kept))
    ids = [f"a{number}" for number in range(len(collection))]
    store.add_articles(
        Article(name, "A text.", outlet=outlet, published=DateInterval("2020-01-01", "2020-01-02", "day", "text"))
        for name, (outlet, *_) in zip(ids, collection, strict=True)
    )
    store.replace_attributions_of(
        (name, [_statement(name, chain, str(at)) for at, chain in enumerate(statements)])
        for name, (_, statements, *_) in zip(ids, collection, strict=True)
    )
    every: list[Link] = []
    for name, (_, _, _, links) in zip(ids, collection, strict=True):
        for relation, confidence, up in links:
            upstream = None if up is None or relation == "uncredited-copy" else ids[up % len(ids)]
            every.append(Link(upstream, "u", name, relation, False, confidence, (), (name,)))
    store.replace_links(every)
    store.replace_chains(
        Chain(name, None, "", "assert", tuple(steps), 0.5)
        for name, (_, _, chains, _) in zip(ids, collection, strict=True)
        for steps in chains
    )
    store.put_summaries([], [])
    return store


def leading(rows: list[SourceRow]) -> list[LeadingRow]:
    return [LeadingRow(one.name, one.kind, one.outlet, one.held, one.articles, one.statements) for one in rows]


@settings(max_examples=60, deadline=None)
@given(COLLECTIONS, st.sampled_from((1, 3, 2000)), st.booleans())
def test_first_rows_are_those_of_the_lists(collection: list[Any], kept: int, current: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder), collection, kept) as store:
        if not current:
            store.set_stage_signature("summaries", None)
        every = list(store.sources())
        assert every == counted(store)
        unseen = [row for row in every if row.outlet is not None and not row.held]
        links = sorted(store.links(), key=lambda link: (-link.confidence, link.downstream, link.upstream or ""))
        pairs = [(link.upstream, link.downstream) for link in store.links() if link.upstream]
        for most in (1, 2, 5):
            assert store.first_sources(most) == leading(every[:most])
            assert store.first_unseen(most) == (leading(unseen[:most]), len(unseen))
            assert store.first_articles(most) == list(store.articles())[:most]
            for relation in RELATIONS:
                found = store.first_links(relation, most)  # type: ignore[arg-type]
                assert found == [link for link in links if link.relation == relation][:most]
        assert store.first_pair() == (pairs[0] if pairs else None)


def counted(store: Store) -> list[SourceRow]:
    """The list of sources, counted over the records themselves."""
    groups: dict[tuple[str, str, str | None], dict[str, Any]] = {}

    def group(key: str, kind: str, document: str) -> dict[str, Any]:
        merged = "outlet" if kind in {"agency", "outlet"} else kind
        where = (key, merged, None if kind in MERGED else document)
        empty = {
            "names": Counter(),
            "kinds": Counter(),
            "outlets": Counter(),
            "articles": set(),
            "said": 0,
            "chains": 0,
        }
        return groups.setdefault(where, empty)

    for one in store.attributions():
        for source in set(one.chain):
            found = group(name_key(source.outlet or source.name), source.kind, one.document)
            found["names"][source.name] += 1
            found["kinds"][source.kind] += 1
            found["outlets"].update([source.outlet] if source.outlet else [])
            found["articles"].add(one.document)
            found["said"] += 1
    for chain in store.chains():
        for name, kind in {(hop.name, hop.kind) for hop in chain.hops}:
            found = group(name_key(name), kind, chain.document)
            for field in ("names", "outlets") if kind in {"agency", "outlet"} else ("names",):
                found[field][name] += 0
            found["kinds"][kind] += 0
            found["chains"] += 1
    held = Counter(name_key(article.outlet) for article in store.articles() if article.outlet)

    def commonest(counts: Counter[str]) -> Any:
        return min(counts, key=lambda name: (-counts[name], name), default=None)

    rows = [
        SourceRow(
            commonest(found["outlets"]) or commonest(found["names"]),
            commonest(found["kinds"]),
            commonest(found["outlets"]),
            document,
            held[key] if merged == "outlet" else 0,
            len(found["articles"]),
            found["said"],
            found["chains"],
        )
        for (key, merged, document), found in groups.items()
    ]
    return sorted(
        rows, key=lambda row: (-row.articles, -row.statements, -row.chains, row.name, row.kind, row.document or "")
    )


NAMED = [("Wire", "agency", 9), ("Gull Post", "outlet", 7), ("Ann Quay", "person", 7), ("report", "statement", 6)]


@pytest.fixture
def credited(tmp_path: Path) -> Iterator[Store]:
    """Forty articles: four sources that many of them credit, and one of its own in each."""
    with Store(tmp_path / "credited.db", replace(StoreSettings(), credited_kept=6)) as store:
        ids = [f"a{number:02d}" for number in range(40)]
        store.add_articles(Article(name, "A text.", outlet="Gull Post" if name == "a39" else None) for name in ids)
        told = {name: [Source(f"Own {name}", "person"), Source("officials", "collective")] for name in ids}
        for source, kind, count in NAMED:
            outlet = source if kind in {"agency", "outlet"} else None
            for name in ids[:count]:
                told[name].append(Source(source.upper() if name == "a00" else source, kind, outlet))  # type: ignore[arg-type]
        store.replace_attributions_of(
            (name, [_statement(name, [one], str(at)) for at, one in enumerate(found)]) for name, found in told.items()
        )
        store.put_summaries([], [])
        yield store


def test_sources_are_read_off_the_summaries_where_these_can_tell(
    credited: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(credited.sources())
    assert [row.name for row in every[:4]] == ["Wire", "Ann Quay", "Gull Post", "report"]

    def never(_store: Store) -> Iterator[SourceRow]:
        raise AssertionError("all statements are gone through")

    monkeypatch.setattr(credited_module.CreditedStore, "sources", never)
    assert credited.first_sources(3) == leading(every[:3])
    with pytest.raises(AssertionError):
        # the fifth is credited by no more articles than what the summaries may have left out
        credited.first_sources(5)


def test_a_statement_that_many_credit_is_among_the_first(credited: Store) -> None:
    report = next(row for row in credited.sources() if row.kind == "statement")
    assert report.articles == 6
    assert LeadingRow(report.name, "statement", None, 0, 6, 6) == credited._statements_credited(6)[0].row()
    assert credited._statements_credited(7) == []


def test_outlets_not_held_are_told_from_those_that_are(credited: Store) -> None:
    assert credited.first_unseen(5) == ([LeadingRow("Wire", "agency", "Wire", 0, 9, 9)], 1)


def test_undated_articles_are_counted_with_and_without_summaries(tmp_path: Path) -> None:
    date = DateInterval("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", "day", "text")
    with Store(tmp_path / "dated.db", StoreSettings()) as store:
        store.add_articles(Article(name, "A.", published=date if name == "b" else None) for name in "abc")
        assert store.count_undated() == 2
        store.put_summaries([], [])
        assert store.count_undated() == 2
        store._run("DELETE FROM published")
        assert store.count_undated() == 0, "the summaries are read where they are up to date"


def test_an_empty_collection_has_no_first_rows(store: Store) -> None:
    assert store.first_articles(3) == []
    assert store.first_sources(3) == []
    assert store.first_unseen(3) == ([], 0)
    assert store.first_links("update", 3) == []
    assert store.first_clusters(3) == []
    assert store.first_pair() is None
    assert store.count_undated() == 0


def test_outlets_that_the_summaries_left_out_are_weighed_too(tmp_path: Path) -> None:
    with Store(tmp_path / "left_out.db", replace(StoreSettings(), credited_kept=1)) as store:
        store.add_articles(Article(name, "A text.") for name in ("a", "b"))
        outlets = [Source("Anchor", "outlet", "Anchor"), Source("Wire", "agency", "Wire")]
        store.replace_attributions_of((name, [_statement(name, outlets, "r")]) for name in ("a", "b"))
        steps = (Hop("Wire", None, "attribution", "agency", ()),)
        store.replace_chains([Chain("a", None, "", "assert", steps, 0.5)])
        store.put_summaries([], [])
        assert [row.name for row in store.most_credited(5)] == ["Anchor"]
        assert store.first_unseen(1) == (leading(list(store.sources())[:1]), 2)
        assert [row.name for row in store.first_unseen(1)[0]] == ["Wire"], "more chains lead to it"
