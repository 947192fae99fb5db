from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import Gazetteer
from provenance.attribution.lexicon import cue_file, load_lexicon
from provenance.attribution.segmenting import Segmenter, folded_arabic

SEGMENTERS = {
    language: Segmenter(cue_file(language), load_lexicon(language), Gazetteer.default()) for language in ("ar", "zh")
}


def cut(text: str, language: str) -> list[str]:
    tokens = SEGMENTERS[language].tokens(text, 0, len(text), [])
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("وقال مصدر لرويترز", ["و", "قال", "مصدر", "ل", "رويترز"]),
        ("للصحفيين", ["ل", "لصحفيين"]),
        ("وكالة سانا", ["وكالة", "سانا"]),
        ("واحة", ["واحة"]),
        ("لـرويترز", ["لـ", "رويترز"]),
    ],
)
def test_clitics_are_split_where_the_rest_is_known(text: str, parts: list[str]) -> None:
    assert cut(text, "ar") == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("路透社报道称", ["路透社", "报道称"]),
        ("据悉大桥", ["据悉", "大桥"]),
        ("12月16日说", ["12月16日", "说"]),
        ("发言人汪文斌表示", ["发言人", "汪文斌", "表示"]),
    ],
)
def test_the_longest_known_word_is_taken(text: str, parts: list[str]) -> None:
    assert cut(text, "zh") == parts


def test_folding_takes_off_marks() -> None:
    assert folded_arabic("أَكَّدَ") == folded_arabic("اكد")


@pytest.mark.parametrize("language", ["ar", "zh"])
@given(st.text(alphabet="قالول إن.«»، لبرويترز路透社说称据，。“”（）12月a ـَ", max_size=80))
@settings(max_examples=60, deadline=None)
def test_tokens_stand_in_order_and_cover_all_but_space(language: str, text: str) -> None:
    tokens = SEGMENTERS[language].tokens(text, 0, len(text), [])
    assert len(tokens.tags) == len(tokens.starts) == len(tokens.forms)
    position, left = 0, []
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert position <= start < end
        left.append(text[position:start])
        position = end
    left.append(text[position:])
    assert not any(part.strip() for part in left)
