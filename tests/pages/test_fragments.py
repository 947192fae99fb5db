from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from provenance import Article, Chain, Corpus, DateInterval, Evidence, Hop, Link, Passage, Span
from provenance.chains import Answer, Change, Denial, Figure, Telling, Trace
from provenance.pages.addresses import Nowhere
from provenance.pages.fragments import chain_line, link_item, passage_view, trace_view
from provenance.settings import PagesSettings
from provenance.store import ClusterRow

Read = Callable[[str], Any]
Copied = tuple[dict[str, Article], list[Link]]


class Somewhere(Nowhere):
    def article(self, document: str) -> str:
        return f"#article-{document}"

    def compare(self, a: str, b: str) -> str:
        return f"#compare-{a}-{b}"

    def source(self, name: str) -> str:
        return f"#source-{len(name)}"


def text_of(read: Any) -> str:
    return " ".join(read.text(without="no such class").split())


def hop(name: str, kind: Any, document: str | None = None, *evidence: Evidence) -> Hop:
    return Hop(name, document, "attribution", kind, evidence)


CHAIN = Chain(
    "b",
    Span(0, 13),
    "“one two three”",
    "deny",
    (
        hop("Outlet A", "outlet", "a", Evidence("b", 20, 32, "told Outlet A", "x")),
        hop("the owner", "person", None, Evidence("b", 0, 5, "one t", "x"), Evidence("b", 14, 19, "he said", "x")),
    ),
    0.873,
)


def test_a_chain_reads_from_the_nearest_with_the_words_that_prove_it(page: Read, copied: Copied) -> None:
    held, _ = copied
    read = page(chain_line(CHAIN, Somewhere(), held=held, document=True))
    assert read.within("claim").strip() == "one two three"
    assert read.within("crumbs").split() == ["Outlet", "B", "Outlet", "A", "outlet", "the", "owner", "person"]
    proof = " ".join(read.within("proof").split())
    assert proof == "denied · confidence 0.87 · shown by he said … told Outlet A", "words of the claim prove nothing"
    assert ("a", {"href": "#article-a"}) in read.elements


def test_a_chain_of_the_whole_article_and_of_nobody(page: Read) -> None:
    chain = replace(CHAIN, claim=None, claim_text="", stance="assert", hops=(hop("?", "unnamed"),))
    read = page(chain_line(chain, Somewhere()))
    assert "The whole article" in read.text()
    assert "somebody not named" in read.within("crumbs")
    assert "The whole article" not in page(chain_line(chain, Somewhere(), said=False)).text()


def test_words_on_the_page_and_in_other_articles_say_so(page: Read, copied: Copied) -> None:
    held, _ = copied
    outside = Evidence("b", 0, 0, '"isBasedOn": "x"', "x", "page")
    other = Evidence("a", 3, 9, "said A", "x")
    chain = replace(CHAIN, hops=(hop("A", "outlet", None, outside), hop("B", "person", None, other)))
    proof = " ".join(page(chain_line(chain, Somewhere(), held=held)).within("proof").split())
    assert "(on its page, outside the text)" in proof
    assert proof.endswith("said A in Outlet A")


def test_a_link_says_what_it_is_and_why(page: Read, copied: Copied) -> None:
    held, links = copied
    read = page(link_item(links[0], Somewhere(), held=held))
    said = " ".join(read.within("said").split())
    assert said == (
        "copied without credit: Outlet B (Second, 2024-03-02) has text of Outlet A (First, 2024-03-01) "
        "and does not say so. confidence 0.86 · side by side"
    )
    assert ("a", {"href": "#compare-a-b"}) in read.elements
    rows = [" ".join(row.split()) for row in read.within("evidence").split("\n") if row.strip()]
    assert rows == [
        "What it showsThe wordsWeight",
        "how much of the copied passage the other article holdsone two three Outlet B+2.5",
        "published earlier2024-03-01 against undated+1.2",
        "words the other article does not have, which speaks againsttwo Outlet B−1.0",
    ]
    assert "Next best: Outlet C (Third, undated), 4.6 points behind." in text_of(read)


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("credited-copy", "has text of Outlet A (First, 2024-03-01) and credits it"),
        ("update", "is a later version of Outlet A (First, 2024-03-01) by the same outlet"),
        ("common-source", "they credit Outlet A, which the collection does not hold. Neither had it from the other."),
        ("quotation", "shares only words of Outlet A with Outlet A (First, 2024-03-01)"),
        ("credit-only", "credits Outlet A (First, 2024-03-01) and shares no text with an article of it that is held"),
        ("undetermined", "The evidence does not decide who had it from whom."),
    ],
)
def test_every_relation_has_its_sentence(page: Read, copied: Copied, relation: Any, words: str) -> None:
    held, links = copied
    link = replace(links[0], relation=relation, credited=relation == "common-source")
    assert words in text_of(page(link_item(link, Somewhere(), held=held)))
    assert "this article" in text_of(page(link_item(link, Somewhere(), held=held, here="b")))


def test_an_origin_that_nobody_names(page: Read, copied: Copied) -> None:
    held, links = copied
    link = replace(links[0], upstream=None, upstream_name="an origin", relation="common-source", credited=False)
    assert "Nobody names its origin" in text_of(page(link_item(link, Somewhere(), held=held)))


def test_parts_of_a_link(page: Read, copied: Copied) -> None:
    held, links = copied
    said = page(link_item(links[0], Somewhere(), held=held, part="said"))
    why = page(link_item(links[0], Somewhere(), held=held, part="why", opened=True))
    assert not said.within("evidence")
    assert "side by side" not in said.text()
    assert not why.within("said")
    assert ("details", {"class": "why", "open": None}) in why.elements


def test_much_evidence_is_cut_with_a_word_on_the_rest(page: Read, copied: Copied) -> None:
    held, links = copied
    few = PagesSettings(evidence_shown=1)
    assert "2 more pieces of evidence" in text_of(page(link_item(links[0], Somewhere(), held=held, settings=few)))


def row(cluster: int, copies: int) -> ClusterRow:
    return ClusterRow(cluster, "passage", copies, copies, 3, 13, "a", Span(0, 13), "one two three")


def test_a_passage_with_its_copies_in_the_order_of_time(page: Read, copied: Copied) -> None:
    held, links = copied
    copies = [(held[one], Passage(3, one, Span(0, 7), "passage")) for one in ("c", "b", "a")]
    read = page(
        passage_view(row(3, 5), copies, links, Somewhere(), tree="tree", settings=PagesSettings(copies_shown=2))
    )
    told = text_of(read)
    assert told.index("Outlet A (First") < told.index("Outlet B (Second")
    assert read.within("blockquote") == 2 * "one two"
    assert "3 more copies" in told
    assert read.within("svg")
    assert "credits Reuters" not in told, "that link does not rest on the passage"


def answer(name: str = "", **more: Any) -> Answer:
    return Answer(name, why="it is dated first", **more)


def trace(held: dict[str, Article], links: list[Link], words: str = "one two") -> Trace:
    def told(document: str, published: DateInterval | None) -> Telling:
        shown = Evidence(document, 0, 7, words, "telling")
        return Telling(document, "x", published, (shown,), 0.9, ("one",), (CHAIN,), (3,), shown)

    return Trace(
        words,
        answer("First", document="a", decided=True),
        answer(candidates=("Reuters", "TASS")),
        answer("the owner", decided=True),
        tuple(told(one, held[one].published) for one in ("a", "b", "c")),
        ("c",),
        (),
        (Figure("40", "tonnes", ("a",), ()), Figure("400", "tonnes", ("b", "c"), ())),
        (Denial("b", "the owner", "Outlet A", CHAIN, (Evidence("b", 0, 3, "not so", "denial"),)),),
        tuple(links),
        (
            Change(
                "a", "b", True, ("dropped",), ("added",), (("tonnes", "40", "400"),), ("assert", "deny"), ("H1", "H2")
            ),
        ),
        2,
    )


def test_a_trace_has_its_three_answers_and_what_changed(page: Read, copied: Copied) -> None:
    held, links = copied
    read = page(trace_view(trace(held, links), Somewhere(), held=held))
    told = text_of(read)
    assert "Earliest copy held Outlet A (First, 2024-03-01)" in told
    assert "Earliest publisher credited The collection does not decide it." in told
    assert "possible: TASS" in told
    assert "Ultimate speaker the owner" in told
    assert "figure: 40 became 400 tonnes" in told
    assert "how it is said: asserted became denied" in told
    assert "400 tonnes in Outlet B, Outlet C" in told
    assert "denied by the owner to Outlet A, in Outlet B" in told
    assert "Undated, the closest to the claim first" in told
    assert "2 more articles may tell it and were not looked at" in told
    assert read.within("svg")
    assert ("a", {"href": "#compare-a-b"}) in read.elements


def test_a_claim_that_nobody_tells(page: Read) -> None:
    empty = Trace("the moon is made of cheese", Answer(), Answer(), Answer())
    assert "no article tells this claim" in text_of(page(trace_view(empty, Nowhere())))


def test_hostile_words_are_text(harmless: Read, evil: str, copied: Copied) -> None:
    held, links = copied
    evils = {key: replace(one, title=evil, outlet=evil, text=evil) for key, one in held.items()}
    shown = tuple(replace(one, text=evil, rule=evil) for one in links[0].evidence)
    worse = [replace(one, evidence=shown, upstream_name=evil, runner_up=evil) for one in links]
    chain = replace(CHAIN, claim_text=evil, hops=(hop(evil, "person", None, replace(shown[0], start=50)),))
    pieces = [
        chain_line(chain, Somewhere(), held=evils, document=True),
        *(link_item(one, Somewhere(), held=evils) for one in worse),
        passage_view(row(3, 1), [(evils["a"], Passage(3, "a", Span(0, 90), "passage"))], worse, Somewhere(), tree="t"),
        trace_view(trace(evils, worse, evil), Somewhere(), held=evils),
    ]
    for piece in pieces:
        assert "alert(" in harmless(piece).text(without="no such class")


def test_records_of_a_collection_can_be_shown(tmp_path: Any, page: Read) -> None:
    with Corpus(tmp_path / "a.db") as corpus:
        corpus.add_articles(
            [Article("a", "The ship sank, said the owner, Jan Piet. According to Reuters, it was old.")]
        )
        corpus.update()
        view = corpus.show("a")
        assert view.chains
        for chain in view.chains:
            assert page(chain_line(chain, Nowhere())).within("crumbs")
