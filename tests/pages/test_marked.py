from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance import Article, Attribution, Chain, Evidence, Hop, Link, Passage, Source, Span
from provenance.model import Mention
from provenance.pages.addresses import Nowhere
from provenance.pages.marked import language_tag, marked_article
from provenance.pages.visible import shown

Read = Callable[[str], Any]


class Passages(Nowhere):
    def passage(self, cluster: int) -> str:
        return f"#passage-{cluster}"


def attribution(source: Span, cue: Span, *content: Span, name: str = "A spokesman") -> Attribution:
    return Attribution(
        "a",
        "passage",
        "verb-after",
        "assert",
        Mention(source, "x", name),
        Mention(cue, "x"),
        content,
        (),
        (Source(name, "person"),),
        0.9,
        "verb-after:say",
    )


def test_marks_stand_where_the_spans_are(page: Read) -> None:
    text = "The ship sank, the owner said.\n\nNobody was hurt."
    html = marked_article(
        Article("a", text, language="en"),
        [Passage(3, "a", Span(4, 30), "passage"), Passage(5, "a", Span(9, 13), "quotation")],
        [attribution(Span(15, 24), Span(25, 29), Span(0, 13), name="the owner")],
        [],
        [],
        Passages(),
        holders={3: 4},
    )
    read = page(html)
    assert read.text() == text
    assert read.places("mark") == set(range(4, 30))
    assert read.places("deep-2") == set(range(9, 13))
    assert read.places("source") == set(range(15, 24))
    assert read.places("cue") == set(range(25, 29))
    assert read.places("content") == set(range(13))
    assert [value for _, attributes in read.elements if (value := attributes.get("href"))] == [
        "#passage-3",
        "#passage-5",
    ]
    titles = [attributes.get("title") for _, attributes in read.elements]
    assert "begin of passage 3, running text, in 4 articles" in titles
    assert "who says it: the owner" in titles
    assert ("div", {"class": "article-text", "lang": "en", "dir": "auto"}) in read.elements


def test_a_passage_taken_without_credit_says_so_in_words(page: Read) -> None:
    link = Link("b", "Outlet B", "a", "uncredited-copy", False, 0.8, (), ("a", "b"), (3,))
    html = marked_article(
        Article("a", "one two three"),
        [Passage(3, "a", Span(0, 7), "copy")],
        [],
        [],
        [link],
        Nowhere(),
        held={"b": Article("b", "", outlet="The Bee")},
    )
    assert page(html).within("begin") == "3 no credit"
    assert "is-uncredited" in html
    assert 'title="begin of passage 3, whole article; copied without credit, The Bee"' in html


def test_a_claim_of_a_chain_is_marked_where_no_statement_has_it(page: Read) -> None:
    chain = Chain("a", Span(0, 3), "one", "assert", (Hop("TASS", None, "attribution", "agency", ()),), 0.9)
    read = page(marked_article(Article("a", "one two"), [], [], [chain], [], Nowhere()))
    assert read.places("content") == {0, 1, 2}


def test_long_texts_are_cut_and_say_so(page: Read) -> None:
    html = marked_article(
        Article("a", "x" * 50), [Passage(0, "a", Span(5, 45), "passage")], [], [], [], Nowhere(), most=10
    )
    read = page(html)
    assert read.text() == "x" * 10
    assert "40 more characters left out" in read.within("label")


def test_hostile_articles_are_text(harmless: Read, evil: str) -> None:
    shown_by = Evidence("a", 0, 3, evil, "x")
    chain = Chain("a", Span(0, 9), evil, "deny", (Hop(evil, None, "attribution", "person", (shown_by,)),), 0.5)
    link = Link("b", evil, "a", "uncredited-copy", False, 0.8, (shown_by,), ("a", "b"), (3,))
    read = harmless(
        marked_article(
            Article("a", evil, language='"><script>'),
            [Passage(3, "a", Span(0, 30), "passage")],
            [attribution(Span(2, 9), Span(11, 14), Span(0, 20), name=evil)],
            [chain],
            [link],
            Nowhere(),
            held={"b": Article("b", "", outlet=evil)},
        )
    )
    assert "{{7*7}}" in read.text()
    assert ("div", {"class": "article-text", "lang": "", "dir": "auto"}) in read.elements


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en"), ("pt-BR", "pt-BR"), (None, ""), ('"><b>', ""), ("e" * 30, "")]
)
def test_only_language_codes_are_language_codes(language: str | None, tag: str) -> None:
    assert language_tag(language) == tag


LETTERS = st.sampled_from("ab .<&>'\"\r\n\u200b\u202e\x00\u0301é你")
SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 60), st.integers(0, 30))
PASSAGES = st.lists(
    st.builds(
        lambda cluster, span, kind: Passage(cluster, "a", span, kind),
        st.integers(0, 4),
        SPANS,
        st.sampled_from(["copy", "passage", "quotation", "furniture"]),
    ),
    max_size=5,
)
ATTRIBUTIONS = st.lists(st.builds(attribution, SPANS, SPANS, SPANS, SPANS), max_size=4)


@settings(max_examples=150, deadline=None)
@given(text=st.text(LETTERS, max_size=60), passages=PASSAGES, attributions=ATTRIBUTIONS)
def test_marked_text_without_tags_is_the_text(
    page: Read, text: str, passages: list[Passage], attributions: list[Attribution]
) -> None:
    html = marked_article(Article("a", text), passages, attributions, [], [], Passages())
    assert page(html).text() == page(shown(text)).text()


PLAIN = st.text(st.sampled_from("ab \n"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(text=PLAIN, passages=PASSAGES, attributions=ATTRIBUTIONS)
def test_every_letter_is_marked_as_its_spans_say(
    page: Read, text: str, passages: list[Passage], attributions: list[Attribution]
) -> None:
    read = page(marked_article(Article("a", text), passages, attributions, [], [], Nowhere()))
    letters = {place for place, letter in enumerate(text) if not letter.isspace()}

    def covered(spans: list[Span]) -> set[int]:
        return {place for span in spans for place in range(span.start, span.end)} & letters

    assert read.places("mark") & letters == covered([one.span for one in passages])
    assert read.places("content") & letters == covered([span for one in attributions for span in one.content])
    assert read.places("source") & letters == covered([one.source.span for one in attributions if one.source])
    assert read.places("cue") & letters == covered([one.cue.span for one in attributions if one.cue])
    begun = sum(1 for _, attributes in read.elements if "begin" in (attributes.get("class") or "").split())
    assert begun >= sum(bool(covered([one.span])) for one in passages)
    assert begun <= len(passages)
