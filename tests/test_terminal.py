"""What the terminal shows: nothing it would act on, cut at words, wide enough for programs."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from provenance import Article, Chain, DateInterval, Evidence, Hop, Link, terminal, trace_page
from provenance.chains import Answer, Figure, Telling, Trace
from provenance.model import Relation


def console(width: int = 80) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False), out


def shown(document: str = "a", text: str = "the mayor said", start: int = 0) -> Evidence:
    return Evidence(document, start, start + len(text), text, "rule")


@given(st.text())
def test_nothing_printable_is_acted_on(text: str) -> None:
    line = terminal.printable(text)
    assert not any(unicodedata.category(each) in {"Cc", "Cf", "Cs"} for each in line)
    assert "\n" not in line


@given(st.text(max_size=300), st.integers(min_value=2, max_value=60))
def test_shortened_fits(text: str, width: int) -> None:
    assert len(terminal.shortened(text, width)) <= width


def test_short_texts_stay_whole_and_long_ones_are_cut_at_a_word() -> None:
    assert terminal.shortened("the  mayor\nsaid", 20) == "the mayor said"
    assert terminal.shortened("the mayor said that it rains", 16) == "the mayor said…"


@pytest.mark.parametrize(
    ("published", "wanted"),
    [
        (None, "undated"),
        (DateInterval("2024-03-12T06:31:00Z", "2024-03-12T06:32:00Z", "minute", "metadata"), "2024-03-12 06:31"),
        (DateInterval("2024-03-12T00:00:00Z", "2024-03-13T00:00:00Z", "day", "metadata"), "2024-03-12"),
        (DateInterval("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z", "month", "metadata"), "2024-03"),
        (DateInterval("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "year", "metadata"), "2024"),
    ],
)
def test_dates_are_as_fine_as_they_are_known(published: DateInterval | None, wanted: str) -> None:
    assert terminal.when(Article("a", "text", published=published)) == wanted


def test_a_chain_stands_on_one_line_for_programs() -> None:
    hops = tuple(Hop(f"{'a long name ' * 6}{n}", None, "attribution", "organization", (shown(),)) for n in range(4))
    out, written = console()
    terminal.chain_lines(out, Chain("a", None, "", "deny", hops, 0.5))
    first, second = written.getvalue().splitlines()
    assert first.count("←") == 3
    assert first.endswith("0.50, denied")
    assert second.strip() == "“the mayor said”"


def test_the_words_of_a_chain_come_in_their_order_and_once() -> None:
    own = [
        shown(text="TASS said on Monday", start=40),
        shown(text="the mayor said", start=5),
        shown(text="mayor", start=9),
    ]
    chain = Chain(
        "a", None, "", "assert", (Hop("TASS", "b", "relay", "agency", (*own, shown("b", "as told TASS"))),), 1.0
    )
    assert terminal.evidence_words(chain) == "“the mayor said” … “TASS said on Monday” … “as told TASS”"


@pytest.mark.parametrize(
    ("relation", "upstream", "name", "wanted"),
    [
        ("credited-copy", "b", "The B", "a ← b"),
        ("credit-only", None, "The B", "a ← The B (article not held)"),
        ("common-source", None, "The B", "in common with others from The B (article not held)"),
        ("quotation", None, "Ann Lee", "shares only words of Ann Lee with c"),
        ("undetermined", None, "", "who had it from whom is not decided"),
    ],
)
def test_each_relation_reads_as_a_sentence(relation: Relation, upstream: str | None, name: str, wanted: str) -> None:
    link = Link(upstream, name, "a", relation, True, 0.75, (), ("a", "c"))
    line = terminal.link_line(link).plain
    assert wanted in line
    assert "0.75" in line


def test_a_trace_says_what_is_not_decided() -> None:
    telling = Telling("a", "The A", None, (shown(),), 0.8, ("mayor", "rain"))
    figure = Figure("40", "tonne", ("a",), (shown(text="40 tonnes"),))
    found = Trace(
        "The mayor said that it rains",
        Answer(why="none of the tellings is dated", candidates=("a", "b")),
        Answer("TASS", "a", True, "credited in a", (), (shown(text="TASS"),)),
        Answer(why="nobody is named"),
        (telling, replace(telling, document="b")),
        ("a", "b"),
        (figure,),
    )
    out, written = console(100)
    trace_page.trace(out, found)
    text = written.getvalue()
    for words in (
        "Earliest copy held: the collection does not decide",
        "possible: b",
        "Earliest publisher credited: TASS",
        "Ultimate speaker: the collection does not decide",
        "undated  a",
        "40 tonne",
        "No link joins these articles",
    ):
        assert words in text


def test_a_trace_of_nothing() -> None:
    out, written = console()
    trace_page.trace(out, Trace("Walnuts rule", Answer(), Answer(), Answer()))
    assert "does not hold it" in written.getvalue()
