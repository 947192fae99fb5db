from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from provenance.errors import NotFoundError, StoreError
from provenance.model import Article, Attribution, Chain, Evidence, Hop, Mention, Source, Span
from provenance.settings import StoreSettings
from provenance.store import SourceRow, Store
from provenance.store.attributions import name_key

AGENCY = Source("The Agency", "agency", "Agency")
WITNESSES = Source("eyewitnesses", "collective")


def said(
    document: str, start: int = 0, *chain: Source, stance: str = "assert", kind: str = "verb-after"
) -> Attribution:
    source = Mention(Span(start, start + 3), "She", "Ann Example")
    evidence = (Evidence(document, start, start + 8, "She said", "said", weight=0.5),)
    content = (Span(start + 9, start + 12), Span(start + 20, start + 30))
    return Attribution(document, "passage", kind, stance, source, None, content, evidence, chain, 0.7, "said")


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_articles(
        [Article("a", "text", outlet="AGENCY"), Article("b", "text", outlet="Gazette"), Article("c", "text")]
    )
    return store


def test_they_come_in_the_order_of_the_text(filled: Store) -> None:
    whole = dataclasses.replace(said("b"), scope="document", source=None, content=())
    filled.replace_attributions("b", [said("b", 40), said("b", 5), whole])
    filled.replace_attributions("a", [said("a", 90)])
    assert list(filled.attributions()) == [said("a", 90), whole, said("b", 5), said("b", 40)]


def test_conditions_combine(filled: Store) -> None:
    one, two, three = said("a", 0, AGENCY), said("a", 50, WITNESSES, AGENCY, stance="deny"), said("b", 0, WITNESSES)
    filled.replace_attributions_of([("a", [two, one]), ("b", [three])])
    assert list(filled.attributions(source="the  AGENCY")) == [one, two]
    assert list(filled.attributions(source="agency")) == [one, two]
    assert list(filled.attributions(source="agency", stance="deny")) == [two]
    assert list(filled.attributions("b", "Eyewitnesses")) == [three]
    assert list(filled.attributions(kind="via-line")) == []
    with pytest.raises(NotFoundError):
        filled.attributions("nowhere")


@pytest.mark.parametrize(("one", "other"), [("ТАСС", "тасс"), ("Der Große", "DER GROSSE"), ("e\u0301", "É")])
def test_names_are_compared_apart_from_case_and_composition(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_replacing_concerns_one_article_and_leaves_no_unnamed_source(filled: Store) -> None:
    filled.replace_attributions_of([("a", [said("a", 0, AGENCY)]), ("b", [said("b", 0, WITNESSES)])])
    filled.replace_attributions("a", [said("a", 1, WITNESSES)])
    assert list(filled.attributions()) == [said("a", 1, WITNESSES), said("b", 0, WITNESSES)]
    assert filled._rows("SELECT name FROM sources") == [("eyewitnesses",)]
    filled.replace_attributions("a", [])
    assert list(filled.attributions("a")) == []


@pytest.mark.parametrize("most", [0, 1, 1000])
def test_a_source_has_one_row_however_few_are_remembered(filled: Store, most: int) -> None:
    settings = StoreSettings(batch_articles=1, sources_remembered=most)
    found = [("a", [said("a", 0, AGENCY, WITNESSES)]), ("b", [said("b", 0, WITNESSES)]), ("c", [said("c", 0, AGENCY)])]
    with Store(filled.path, settings) as store:
        store.replace_attributions_of(found)
        # a source that somebody else entered in between
        filled.replace_attributions("c", [said("c", 0, Source("Third", "person"))])
        store.replace_attributions_of([*found[:2], ("c", [said("c", 0, Source("Third", "person"), AGENCY)])])
        assert [one.chain for one in store.attributions()] == [
            (AGENCY, WITNESSES),
            (WITNESSES,),
            (Source("Third", "person"), AGENCY),
        ]
        assert sorted(store._rows("SELECT name FROM sources")) == [("The Agency",), ("Third",), ("eyewitnesses",)]


def test_sources_that_others_enter_between_batches_are_found(filled: Store) -> None:
    def found() -> Iterator[tuple[str, list[Attribution]]]:
        yield "a", [said("a", 0, AGENCY)]
        yield "b", []
        filled.replace_attributions("c", [said("c", 0, WITNESSES)])
        yield "b", [said("b", 0, WITNESSES, AGENCY)]

    with Store(filled.path, StoreSettings(batch_articles=1)) as store:
        store.replace_attributions_of(found())
    assert filled._rows("SELECT count(*) FROM sources") == [(2,)]


def test_a_deleted_article_takes_only_its_own_sources_with_it(filled: Store) -> None:
    filled.replace_attributions_of([("a", [said("a", 0, AGENCY, WITNESSES)]), ("b", [said("b", 0, WITNESSES)])])
    filled.delete_articles(["a"])
    assert filled._rows("SELECT name FROM sources") == [("eyewitnesses",)]


def test_a_stopped_run_can_go_on(filled: Store) -> None:
    def stopped() -> Iterator[tuple[str, list[Attribution]]]:
        yield "a", [said("a")]
        yield "b", []
        raise KeyboardInterrupt

    assert filled.pending("1") == ["a", "b", "c"]
    with Store(filled.path, StoreSettings(batch_articles=1)) as other, pytest.raises(KeyboardInterrupt):
        other.replace_attributions_of(stopped(), signature="1")
    assert filled.pending("1") == ["c"]
    assert filled.pending("2") == ["a", "b", "c"]
    filled.replace_attributions("a", [])
    assert filled.pending("1") == ["a", "c"]


def test_an_attribution_of_another_article_is_refused(filled: Store) -> None:
    filled.replace_attributions("a", [said("a")])
    with pytest.raises(StoreError, match="an attribution of 'b' among those of 'a'"):
        filled.replace_attributions("a", [said("b")])
    assert list(filled.attributions()) == [said("a")]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (dataclasses.replace(said("a"), confidence=float("nan")), "a: a record was refused"),
        (dataclasses.replace(said("a"), evidence=(Evidence("a", 4, 2, "", ""),)), "a: a record was refused"),
        (dataclasses.replace(said("a"), rule="\ud800"), "a: a text holds a lone surrogate"),
        (said("a", 0, Source("\ud800", "person")), "a text holds a lone surrogate"),
        (said("a", 0, Source("X", "ghost")), "'X' is of an unknown kind, 'ghost'"),
        (dataclasses.replace(said("a"), evidence=(Evidence("z", 0, 2, "", ""),)), "no article has the id 'z'"),
    ],
)
def test_what_cannot_be_stored_is_named_and_changes_nothing(filled: Store, bad: Attribution, says: str) -> None:
    filled.replace_attributions("a", [said("a")])
    with pytest.raises((StoreError, NotFoundError), match=says):
        filled.replace_attributions("a", [said("a", 7), bad])
    assert list(filled.attributions()) == [said("a")]


def test_sources_are_merged_by_outlet_but_never_when_anonymous(filled: Store) -> None:
    short = Source("agency", "outlet", "Agency")
    filled.replace_attributions_of(
        [
            ("a", [said("a", 0, WITNESSES), said("a", 50, AGENCY)]),
            ("b", [said("b", 0, short, WITNESSES), said("b", 9, AGENCY)]),
        ]
    )
    filled.replace_chains(
        [
            Chain(
                "a",
                None,
                "",
                "assert",
                (Hop("Agency", None, "credit-only", "agency", ()), Hop("Ann", None, "", "person", ())),
                1.0,
            )
        ]
    )
    assert list(filled.sources()) == [
        SourceRow("Agency", "agency", "Agency", None, 1, 2, 3, 1),
        SourceRow("eyewitnesses", "collective", None, "a", 0, 1, 1, 0),
        SourceRow("eyewitnesses", "collective", None, "b", 0, 1, 1, 0),
        SourceRow("Ann", "person", None, None, 0, 0, 0, 1),
    ]
