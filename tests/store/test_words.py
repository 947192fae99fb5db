from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.store.words import pieces, separated, unspaced


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
