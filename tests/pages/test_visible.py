from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from provenance import DateInterval
from provenance.pages.visible import ShownText, bare, count, cut, day, percent, plain, quoted, share, shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("nul\x00", "nul[U+0000]"),
        ("line\r\nend", "line\nend"),
        ("lone\rreturn", "lone[U+000D]return"),
        ("\ud800 half", "[U+D800] half"),
        ("zero\u200bwidth", "zero\u200bwidth"),
        ("flood" + "\u200b" * 9, "flood[U+200B U+200B U+200B and 6 more]"),
        ("e\u0301 and a\u0300\u0301\u0302\u0303\u0304\u0305", "e\u0301 and a\u0300\u0301\u0302\u0303[U+0304 U+0305]"),
        ("family \U0001f469\u200d\U0001f467", "family \U0001f469\u200d\U0001f467"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("Привет 你好 سلام", "Привет 你好 سلام"),
    ],
)
def test_what_cannot_be_seen_is_told(text: str, told: str) -> None:
    assert plain(text) == told


def test_shown_escapes_and_marks() -> None:
    assert shown("<b>\u202e") == (
        '&lt;b&gt;<span class="hidden-character" title="a character that cannot be seen">[U+202E]</span>'
    )
    assert shown(Markup("<b>")) == "<b>"
    assert bare("\"<\u202e'") == "&#34;&lt;[U+202E]&#39;"


def stripped(html: str) -> str:
    parts: list[str] = []
    reader = HTMLParser()
    reader.handle_data = parts.append  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return "".join(parts)


HOSTILE = st.text(st.sampled_from("ab <&>\"'\r\n\u200b\u202e\x00\u0301\ud800"), max_size=40)


@settings(deadline=None)
@given(HOSTILE)
def test_without_tags_it_is_the_plain_text(text: str) -> None:
    assert stripped(shown(text)) == plain(text)


@settings(deadline=None)
@given(HOSTILE, st.lists(st.integers(0, 40), max_size=6))
def test_pieces_make_the_whole(text: str, cuts: list[int]) -> None:
    pieces = ShownText(text)
    places = sorted({0, len(text), *(pieces.snapped(min(cut, len(text))) for cut in cuts)})
    joined = "".join(pieces.of(low, high) for low, high in pairwise(places))
    assert joined == shown(text)


def test_cuts_fall_between_words() -> None:
    text = ShownText("one two three")
    assert text.word_end(5, 13) == 7
    assert text.word_end(9, 12) == 9


def test_dates_as_fine_as_they_are_known() -> None:
    start, end = "2017-12-16T08:30:00Z", "2017-12-16T08:31:00Z"
    assert day(None) == "undated"
    assert day(DateInterval(start, end, "minute", "metadata")) == "2017-12-16 08:30"
    assert day(DateInterval(start, end, "minute", "metadata"), clock=False) == "2017-12-16"
    assert day(DateInterval(start, end, "day", "metadata")) == "2017-12-16"
    assert day(DateInterval(start, end, "month", "metadata")) == "2017-12"
    assert day(DateInterval(start, end, "year", "metadata")) == "2017"


def test_numbers() -> None:
    assert share(0.873) == "0.87"
    assert share(0.999) == "0.99"
    assert share(1.0) == "1.00"
    assert percent(0.125) == "12%"
    assert count(1, "article") == "1 article"
    assert count(12345, "copy", "copies") == "12,345 copies"
    assert count(12345) == "12,345"


def test_texts_are_cut_at_words() -> None:
    assert cut("one two\n three", 40) == "one two three"
    assert cut("one two three four", 12) == "one two…"
    assert cut("unbrokenunbroken", 8) == "unbroke…"
    assert quoted("“Said so,” he said. ”", 40) == "Said so,” he said."
