"""The invented collection, from files to links and chains, against its truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provenance import Corpus, Link

ROOT = Path(__file__).parent.parent.parent
HARBOUR = ROOT / "examples" / "harbour"
TRUTH: dict[str, Any] = json.loads((HARBOUR / "truth.json").read_text(encoding="utf-8"))

Row = tuple[str | None, str, str, str, bool]
"""Upstream, upstream's name, downstream, relation, credited."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("harbour") / "harbour.db") as made:
        report = made.run([HARBOUR / "articles"])
        assert not report.added.errors
        assert report.articles == len(TRUTH["articles"])
        yield made


def forms(name: str) -> set[str]:
    return {form.casefold().removeprefix("the ") for form in (name, *TRUTH["names"].get(name, ()))}


def same_name(wanted: str, found: str) -> bool:
    return found.casefold().removeprefix("the ") in forms(wanted)


def row_of(link: Link) -> Row:
    return link.upstream, link.upstream_name, link.downstream, link.relation, link.credited


def is_row(wanted: dict[str, Any], found: Row) -> bool:
    upstream, name, downstream, relation, credited = found
    return (wanted["upstream"], wanted["downstream"], wanted["relation"], wanted["credited"]) == (
        upstream,
        downstream,
        relation,
        credited,
    ) and (wanted["upstream"] is not None or not wanted["upstream_name"] or same_name(wanted["upstream_name"], name))


@pytest.mark.parametrize("wanted", TRUTH["links"], ids=lambda row: f"{row['downstream']}<-{row['upstream_name']}")
def test_every_link_of_the_truth_is_found(corpus: Corpus, wanted: dict[str, Any]) -> None:
    found = [row_of(link) for link in corpus.links(wanted["downstream"]) if link.downstream == wanted["downstream"]]
    assert any(is_row(wanted, row) for row in found), f"wanted {wanted}\nfound {found}"


def test_there_is_no_link_that_the_truth_does_not_hold(corpus: Corpus) -> None:
    accepted = [*TRUTH["links"], *(row for place in TRUTH["undecidable"] for row in place["accept"])]
    wrong = [row for row in map(row_of, corpus.links()) if not any(is_row(wanted, row) for wanted in accepted)]
    assert wrong == []


@pytest.mark.parametrize("place", TRUTH["undecidable"], ids=lambda place: place["downstream"])
def test_where_two_answers_are_right_one_of_them_is_given(corpus: Corpus, place: dict[str, Any]) -> None:
    found = [row_of(link) for link in corpus.links()]
    assert sum(any(is_row(wanted, row) for wanted in place["accept"]) for row in found) == 1


@pytest.mark.parametrize("wanted", TRUTH["chains"], ids=lambda row: f"{row['document']}:{row['claim'][:30]}")
def test_every_chain_of_the_truth_is_found(corpus: Corpus, wanted: dict[str, Any]) -> None:
    text = corpus.store.article(wanted["document"]).text
    start = text.index(wanted["claim"])
    end = start + len(wanted["claim"])
    found = []
    for chain in corpus.chains(wanted["document"]):
        document_wide = chain.claim is None and wanted["scope"] == "document"
        if document_wide or (chain.claim and chain.claim.start < end and start < chain.claim.end):
            found.append(([hop.name for hop in chain.hops], chain.stance))
    assert any(
        len(names) == len(wanted["chain"])
        and all(map(same_name, wanted["chain"], names))
        and stance == wanted["stance"]
        for names, stance in found
    ), f"wanted {wanted['chain']}, {wanted['stance']}\nfound {found}"


def test_standing_matter_of_one_outlet_is_furniture(corpus: Corpus) -> None:
    for wanted in TRUTH["furniture"]:
        for document in wanted["documents"]:
            text = corpus.store.article(document).text
            at = text.index(wanted["text"])
            kinds = {
                copy.kind
                for copy in corpus.store.passages(document)
                if copy.span.start < at + 40 and at < copy.span.end
            }
            assert kinds == {"furniture"}


def test_unseen_sources_are_named(corpus: Corpus) -> None:
    unseen = [row.name for row in corpus.sources() if row.outlet is not None and not row.held]
    for wanted in TRUTH["unseen"]:
        assert any(same_name(wanted["name"], name) for name in unseen), unseen


def test_a_denial_is_a_denial(corpus: Corpus) -> None:
    for wanted in TRUTH["denials"]:
        denied = [chain for chain in corpus.chains(wanted["document"]) if chain.stance == "deny"]
        assert any(same_name(wanted["by"], chain.hops[-1].name) for chain in denied)


def test_the_trace_gives_three_answers(corpus: Corpus) -> None:
    wanted = TRUTH["trace"]
    found = corpus.trace(wanted["text"])
    assert found.earliest_held is not None
    assert found.earliest_held.document == wanted["earliest_held"]
    assert found.earliest_credited is not None
    assert same_name(wanted["earliest_credited"], found.earliest_credited.name)
    assert found.ultimate_speaker is not None
    assert same_name(wanted["ultimate_speaker"], found.ultimate_speaker.name)


def test_the_edited_figure_shows_in_the_comparison(corpus: Corpus) -> None:
    compared = corpus.compare("vpa-0312", "ostrand-beacon")
    assert compared.relation == "uncredited-copy"
    changes = [
        (compared.a.text[edit.a.start : edit.a.end], compared.b.text[edit.b.start : edit.b.end])
        for passage in compared.passages
        for edit in passage.edits
        if edit.kind == "replaced"
    ]
    assert any("40" in old and "400" in new for old, new in changes), changes


def test_siblings_are_told_from_parents(corpus: Corpus) -> None:
    assert corpus.compare("courier-tanker", "merrin-gazette").relation == "siblings"
