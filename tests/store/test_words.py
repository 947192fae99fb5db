from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.store.words import occurrences, pieces, separated, tokens, unspaced


@pytest.mark.parametrize("text", ["中", "a か b", "カ", "ไทย", "ລາວ", "ខ្មែរ", "မြန်မာ", "𠀀", "々"])
def test_scripts_without_spaces(text: str) -> None:
    assert unspaced(None, text)
    assert unspaced(text, "plain")


@pytest.mark.parametrize("text", ["", "plain", "“quoted” – €", "Москва", "سانا", "서울", "हिन्दी", "。、", "🙂"])
def test_scripts_with_spaces(text: str) -> None:
    assert not unspaced(text, text)
    assert separated(text) == text


@given(st.text("ab 中国か\n", max_size=30))
def test_pieces_are_the_tokens_of_the_separated_text(text: str) -> None:
    joined = text.replace(" ", "").replace("\n", "")
    assert separated(joined).split() == pieces(joined)
    assert "".join(pieces(text)) == text


def test_tokens_are_folded() -> None:
    assert tokens("The CAFÉ-cafe\u0301s in_Köln 中国") == ["the", "cafe", "cafes", "in", "koln", "中", "国"]


def test_occurrences_do_not_overlap() -> None:
    assert list(occurrences("中中中 a", [["中", "中"], ["中"]])) == [(0, 1), (1, 2), (2, 3)]
    assert list(occurrences("one two one two", [["one", "two"]])) == [(0, 7), (8, 15)]
    assert list(occurrences("one", [])) == []


@given(st.text("aB é中国-\x00", max_size=30), st.text("ab中国", min_size=1, max_size=3))
def test_occurrences_hold_their_phrase(text: str, word: str) -> None:
    spans = list(occurrences(text, [tokens(word)]))
    assert spans == sorted(spans)
    for start, end in spans:
        assert tokens(text[start:end]) == tokens(word)
