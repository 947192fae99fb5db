from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provenance import Article, Comparison, Link, Match, Span
from provenance.pages.addresses import Nowhere
from provenance.pages.compared import comparison, figures_changed
from provenance.reports import Compared
from provenance.reuse.edits import edits
from provenance.settings import PagesSettings

Read = Callable[[str], Any]


def compared(one: str, two: str, *links: Link, titles: tuple[str, str] = ("", "")) -> Comparison:
    spans = Span(0, len(one)), Span(0, len(two))
    found = tuple(edits(one, spans[0], two, spans[1]))
    passages = (Compared(Match("a", spans[0], "b", spans[1], 0.9, "passage", 7), found),) if found else ()
    relation = links[0].relation if links else "none"
    return Comparison(Article("a", one, titles[0]), Article("b", two, titles[1]), passages, links, relation, "why so")


def test_what_each_copy_has_alone_is_struck_through_or_underlined(page: Read) -> None:
    one = "Some 40 tonnes of oil leaked into the harbour."
    two = "Up to 400 tonnes of oil leaked into harbour, they say."
    read = page(comparison(compared(one, two), Nowhere()))
    cells = read.within("copy")
    assert cells == one + two
    legend = "struck through", "underlined"
    assert read.within("del") == f"40{legend[0]}Some 40the"
    assert read.within("ins") == f"400{legend[1]}Up to 400they say"


def test_changed_figures_are_told_apart() -> None:
    assert figures_changed(compared("About 40 tonnes and 3 men", "Some 400 tonnes and 3 men")) == [("40", "400")]
    assert figures_changed(compared("On 5 May 1,500 fled", "On 5 May 1,500 ran")) == []


def test_long_stretches_without_a_change_are_cut_between_words(page: Read) -> None:
    one = "word " * 400 + "old " + "word " * 400
    html = comparison(compared(one, one.replace("old", "new")), Nowhere(), settings=PagesSettings(alike_characters=100))
    read = page(html)
    assert "the same" in read.within("skipped")
    assert len(read.within("copy")) < 1000
    assert "wo [" not in read.within("copy")


def test_a_little_of_the_context_is_shown(page: Read) -> None:
    text = "Nothing to see here at all. The shared words. Nothing behind them either."
    span = Span(28, 45)
    found = tuple(edits(text, span, text, span))
    both = Comparison(
        Article("a", text),
        Article("b", text),
        (Compared(Match("a", span, "b", span, 1.0, "passage", 7), found),),
        (),
        "none",
        "",
    )
    read = page(comparison(both, Nowhere(), settings=PagesSettings(around_characters=15)))
    assert read.within("around") == 2 * "…  here at all.  Nothing behind …"


def test_how_they_stand_and_why(page: Read, copied: tuple[dict[str, Article], list[Link]]) -> None:
    held, links = copied
    read = page(comparison(compared("one two", "one two", links[0]), Nowhere(), held=held))
    said = " ".join(read.within("said").split())
    assert "copied without credit" in said
    assert "Outlet A (First, 2024-03-01)" not in said, "the articles compared name themselves"
    assert "published earlier" in read.within("evidence")
    assert "Next best: Outlet C" in " ".join(read.within("why").split())


def test_two_that_share_nothing(page: Read) -> None:
    read = page(comparison(compared("", ""), Nowhere()))
    assert "They share no passage." in read.text()
    assert "Nothing joins the two." in read.text()


def test_hostile_articles_are_text(harmless: Read, evil: str) -> None:
    link = Link("a", evil, "b", "uncredited-copy", False, 0.5, (), ("a", "b"), (7,), 0.3, evil)
    html = comparison(compared(evil + " one two", evil + " two", link, titles=(evil, evil + "!")), Nowhere())
    assert "{{7*7}}" in harmless(html).text()
