from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from provenance.errors import NotFoundError, StoreError
from provenance.model import Article, Chain, Link, Match, Passage, Span
from provenance.store import ClusterRow, Store

MATCH = Match("a", Span(0, 7), "b", Span(5, 12), 0.9, "passage", 4)


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_articles([Article("a", "one two\x00three four"), Article("b", "five one two"), Article("c", "six")])
    return store


def test_clusters_are_counted_and_sampled(filled: Store) -> None:
    filled.replace_matches(
        [],
        [
            Passage(3, "c", Span(0, 3), "furniture"),
            Passage(3, "b", Span(0, 4), "furniture"),
            Passage(7, "b", Span(5, 12), "passage"),
            Passage(7, "a", Span(4, 18), "quotation"),
            Passage(7, "c", Span(0, 3), "passage"),
            Passage(9, "a", Span(0, 3), "copy"),
            Passage(9, "a", Span(4, 7), "copy"),
        ],
    )
    rows = list(filled.clusters())
    assert [row.cluster for row in rows] == [7, 3, 9]
    # the text holds a NUL, behind which SQL's substr gives nothing
    assert rows[0] == ClusterRow(7, "passage", 3, 3, 2, 14, "a", Span(4, 18), "two\x00three four")
    assert (rows[2].copies, rows[2].articles) == (2, 1)
    assert [row.cluster for row in filled.clusters("furniture")] == [3]


def test_a_long_sample_is_cut(store: Store) -> None:
    store.add_articles([Article("a", "word " * 1000)])
    store.replace_matches([], [Passage(0, "a", Span(0, 5000), "copy")])
    row = next(store.clusters())
    assert (row.words, row.characters, len(row.sample)) == (1000, 5000, store.settings.sample_characters)


def test_replacing_replaces_all_and_puts_what_was_inferred_out_of_date(filled: Store) -> None:
    filled.replace_matches([MATCH], [Passage(4, "a", Span(0, 7), "passage")], signature="one")
    filled.replace_links([Link("a", "", "b", "update", False, 0.5, (), ("a", "b"), (4,))], signature="one")
    filled.replace_chains([Chain("a", None, "", "assert", (), 1.0)], signature="one")
    other = dataclasses.replace(MATCH, cluster=0)
    filled.replace_matches([other], [], signature="two")
    assert list(filled.matches()) == [other]
    assert list(filled.passages()) == []
    assert len(list(filled.links())) == len(list(filled.chains())) == 1
    assert filled.stage_signature("reuse") == "two"
    assert filled.stage_signature("links") is filled.stage_signature("chains") is None


def test_the_indexes_are_there_again(filled: Store) -> None:
    def indexes() -> list[tuple[str, str]]:
        rows = filled._rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name")
        return [(row[0], row[1]) for row in rows]

    before = indexes()
    filled.replace_matches([MATCH], [])
    assert indexes() == before
    assert ("matches_by_b", "CREATE INDEX matches_by_b ON matches (b_id)") in before


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        (dataclasses.replace(MATCH, b="nowhere"), NotFoundError, "'nowhere'"),
        (dataclasses.replace(MATCH, a_span=Span(5, 2)), StoreError, "a: a record was refused"),
        (dataclasses.replace(MATCH, a_span=Span(-1, 2)), StoreError, "a record was refused"),
        (dataclasses.replace(MATCH, similarity=float("nan")), StoreError, "a record was refused"),
        (dataclasses.replace(MATCH, cluster=2**63), StoreError, "9223372036854775808 does not fit into 64 bits"),
        (dataclasses.replace(MATCH, kind="half \ud800"), StoreError, "a: a text holds a lone surrogate"),
    ],
)
def test_a_record_that_cannot_be_stored_leaves_everything_as_it_was(
    filled: Store, bad: Match, error: type[Exception], says: str
) -> None:
    filled.replace_matches([MATCH], [Passage(4, "a", Span(0, 7), "passage")], signature="one")
    with pytest.raises(error, match=says):
        filled.replace_matches([MATCH, bad], [])
    assert list(filled.matches()) == [MATCH]
    assert len(list(filled.passages())) == 1
    assert filled.stage_signature("reuse") == "one"


def test_an_interrupted_replacement_leaves_everything_as_it_was(filled: Store) -> None:
    def interrupted() -> Iterator[Match]:
        yield dataclasses.replace(MATCH, cluster=0)
        raise KeyboardInterrupt

    filled.replace_matches([MATCH], [])
    with pytest.raises(KeyboardInterrupt):
        filled.replace_matches(interrupted(), [])
    assert list(filled.matches()) == [MATCH]


def test_the_lowest_signed_number_is_stored(filled: Store) -> None:
    lowest = dataclasses.replace(MATCH, cluster=-(2**63))
    filled.replace_matches([lowest], [])
    assert list(filled.matches(cluster=-(2**63))) == [lowest]


def test_conditions_combine_and_unknown_articles_are_named(filled: Store) -> None:
    other = Match("b", Span(0, 1), "c", Span(0, 1), 1.0, "passage", 5)
    filled.replace_matches([other, MATCH], [])
    assert list(filled.matches("b")) == [MATCH, other]
    assert list(filled.matches("b", 5)) == [other]
    assert list(filled.matches(cluster=6)) == []
    with pytest.raises(NotFoundError):
        filled.matches("nowhere")
    with pytest.raises(NotFoundError):
        filled.passages("nowhere")
