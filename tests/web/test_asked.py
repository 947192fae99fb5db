from __future__ import annotations

import pytest

from provenance.errors import NotFoundError, TooLargeError
from provenance.model import Span
from provenance.settings import WebSettings
from provenance.web.asked import Asked, AskedError


def asked(**given: str) -> Asked:
    return Asked(given, WebSettings())


def test_numbers_are_whole_and_small_enough() -> None:
    assert asked(n=" 7 ").number("n") == 7
    assert asked().number("n") is None
    for wrong in ("-1", "1.5", "x", "²", "9" * 30, "0x10"):
        with pytest.raises(NotFoundError):
            asked(n=wrong).number("n")


def test_pages_begin_where_the_ones_before_end() -> None:
    assert [asked(page=page).start(25) for page in ("", "0", "1", "3")] == [0, 0, 0, 50]
    with pytest.raises(NotFoundError, match="lists end"):
        asked(page="401").start(25)


def test_a_span_needs_both_ends() -> None:
    assert asked(start="3", end="9").span() == Span(3, 9)
    assert asked().span() is None
    for given in ({"start": "3"}, {"end": "3"}, {"start": "9", "end": "3"}):
        with pytest.raises(AskedError):
            asked(**given).span()


def test_texts_are_refused_rather_than_cut() -> None:
    assert asked(text=" a ").text("text") == "a"
    with pytest.raises(TooLargeError, match="has 6 characters"):
        asked(text="abcdef").text("text", 5)


def test_ids_are_kept_as_given() -> None:
    assert asked(id=" a b ").identity("id") == " a b "
    with pytest.raises(AskedError, match="lacks id"):
        asked().identity("id")
