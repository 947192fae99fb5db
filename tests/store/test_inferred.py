from __future__ import annotations

import dataclasses

import pytest

from provenance.errors import NotFoundError, StoreError
from provenance.model import Article, Chain, Evidence, Hop, Link, Span
from provenance.store import Store

EVIDENCE = (Evidence("b", 0, 4, "via A", "via-line", "page", 2.5), Evidence("a", 0, 0, "", "date"))
LINK = Link("a", "Outlet A", "b", "credited-copy", True, 0.8, EVIDENCE, ("a", "b"), (3, 1), 1.5, "c")
UNSEEN = dataclasses.replace(LINK, upstream=None, relation="credit-only", documents=("b",), clusters=())
HOPS = (Hop("Outlet A", "a", "credited-copy", "outlet", EVIDENCE), Hop("Ann", None, "said", "person", EVIDENCE[:1]))
CHAIN = Chain("b", Span(0, 4), "text", "deny", HOPS, 0.4)


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_articles(Article(name, f"text of {name}") for name in "abc")
    return store


def test_links_come_unseen_sources_first(filled: Store) -> None:
    filled.replace_links([LINK, UNSEEN], signature="one")
    assert list(filled.links()) == [UNSEEN, LINK]
    assert list(filled.links("a")) == [LINK]
    assert list(filled.links("b", "credit-only")) == [UNSEEN]
    assert list(filled.links("c")) == []
    assert filled.stage_signature("links") == "one"
    with pytest.raises(NotFoundError):
        filled.links("nowhere")


def test_chains_of_the_whole_article_come_first(filled: Store) -> None:
    whole = dataclasses.replace(CHAIN, claim=None, hops=())
    filled.replace_chains([CHAIN, whole], signature="one")
    assert list(filled.chains()) == [whole, CHAIN]
    assert list(filled.chains(source="ANN")) == [CHAIN]
    assert list(filled.chains("b", "nobody")) == []
    assert filled.stage_signature("chains") == "one"
    with pytest.raises(NotFoundError):
        filled.chains("nowhere")


def test_chains_go_with_the_links_they_build_on(filled: Store) -> None:
    filled.replace_links([LINK])
    filled.replace_chains([CHAIN], signature="one")
    filled.replace_links([UNSEEN])
    assert list(filled.chains()) == []
    assert filled.stage_signature("chains") is None
    assert filled._rows("SELECT count(*) FROM evidence") == [(2,)]


@pytest.mark.parametrize(
    "bad",
    [
        dataclasses.replace(LINK, downstream="nowhere"),
        dataclasses.replace(LINK, upstream="nowhere"),
        dataclasses.replace(LINK, documents=("nowhere",)),
        dataclasses.replace(LINK, evidence=(Evidence("nowhere", 0, 0, "", ""),)),
        dataclasses.replace(LINK, confidence=float("nan")),
        dataclasses.replace(LINK, runner_up="\ud800"),
    ],
)
def test_a_bad_link_changes_nothing(filled: Store, bad: Link) -> None:
    filled.replace_links([LINK], signature="one")
    with pytest.raises((StoreError, NotFoundError)):
        filled.replace_links([UNSEEN, bad])
    assert list(filled.links()) == [LINK]
    assert filled.stage_signature("links") == "one"


@pytest.mark.parametrize(
    "bad",
    [
        dataclasses.replace(CHAIN, document="nowhere"),
        dataclasses.replace(CHAIN, hops=(dataclasses.replace(HOPS[0], document="nowhere"),)),
        dataclasses.replace(CHAIN, claim_text="\ud800"),
        dataclasses.replace(CHAIN, hops=(dataclasses.replace(HOPS[0], name="\ud800"),)),
    ],
)
def test_a_bad_chain_changes_nothing(filled: Store, bad: Chain) -> None:
    filled.replace_chains([CHAIN])
    with pytest.raises((StoreError, NotFoundError)):
        filled.replace_chains([bad])
    assert list(filled.chains()) == [CHAIN]
