"""Folding: the table against its plain twin, over Unicode and over made-up texts."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.text.folding import (
    EXPANDED,
    IGNORED,
    SEPARATOR,
    SOLO,
    FoldingTable,
    code_points,
    fold_character,
    fold_text,
)

TRICKY = "aZé\u0301ßﬁİıſK\u00a0\u200b\u00ad\ufe0f\U000e0100\u2019'-_½²①ガガ中𠀀กำໜ\u0640ع\U000e0041\ud800\udfff🙂\n"
EVERY_PLANE = [*range(0x3000), *range(0x3000, 0x110000, 97), *range(0xE0000, 0xE0200), *range(0xFB00, 0x10000)]


def plain(text: str) -> list[tuple[str, int]]:
    """Folded letters with the place each came from; "" for a separator."""
    result: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        folded = fold_character(character)
        if folded is not None:
            result += [(letter, place) for letter in folded] or [("", place)]
    return result


def by_table(table: FoldingTable, text: str) -> list[tuple[str, int]]:
    folded, positions = table.fold(code_points(text))
    places = range(len(folded)) if positions is None else positions.tolist()
    values = (folded & ~np.uint32(SOLO)).tolist()
    return [(chr(value) if value else "", place) for value, place in zip(values, places, strict=True)]


def test_table_is_the_plain_folding_over_all_planes() -> None:
    text = "".join(map(chr, EVERY_PLANE))
    assert by_table(FoldingTable(), text) == plain(text)


@settings(max_examples=150)
@given(st.text(st.one_of(st.sampled_from(TRICKY), st.characters(codec=None)), max_size=60))
def test_table_is_the_plain_folding_of_any_text(text: str) -> None:
    assert by_table(FoldingTable(), text) == plain(text)


def test_positions_are_none_only_where_every_position_is_its_own() -> None:
    table = FoldingTable()
    assert table.fold(code_points("Ünder 中文 9"))[1] is None
    assert table.fold(code_points("don't"))[1] is not None
    assert table.fold(code_points("ﬁne"))[1] is not None
    folded, positions = table.fold(code_points(""))
    assert len(folded) == 0
    assert positions is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafe\u0301"),
        ("don't", "don\u2019t"),
        ("don't", "dont"),
        ("news\u200bpaper", "newspaper"),
        ("news\u00adpaper", "newspaper"),
        ("pro\U000e0041\U000e0042test", "protest"),
        ("pro\u2062test", "protest"),
        ("co\ufe0fpy", "copy"),
        ("Straße", "STRASSE"),
        ("ﬁnance", "finance"),
        ("ＡＢＣ１２３", "abc123"),
        ("İstanbul", "istanbul"),
        ("\u212aelvin", "kelvin"),
        ("العربـــية", "العربية"),
        ("ガス", "ガス"),
        ("ᾳδω", "α\u0345δω"),
        ("কো", "ক\u09c7\u09be"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ],
)
def test_what_counts_as_the_same(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other) != ""


@pytest.mark.parametrize("separator", [" ", "\u00a0", "\n", "-", "\u2014", ".", "/", "_", "\u3000", "🙂", "\u06dd"])
def test_what_separates_words(separator: str) -> None:
    assert fold_text(f"one{separator}two") == "one two"
    assert fold_character(separator) == ""


def test_different_words_stay_different() -> None:
    words = ["resume", "result", "10", "100", "l0", "lo", "и", "н", "中", "国", "र", "ा"]
    assert len({fold_text(word) for word in words}) == len(words)


def test_letters_of_scripts_without_spaces_are_words() -> None:
    assert fold_text("中文abc文 ガス") == "中 文 abc 文 カ ス"
    assert fold_text("a㈠b") == "a 一 b", "what folds to such a letter stands alone too"
    table = FoldingTable()
    solo = table.fold(code_points("中㈠aກ1"))[0] & SOLO
    assert solo.astype(bool).tolist() == [True, True, False, True, False]


def test_folding_a_folded_letter_changes_nothing() -> None:
    for code in EVERY_PLANE:
        folded = fold_character(chr(code))
        assert folded is None or "".join(fold_character(letter) or "?" for letter in folded) == folded, hex(code)


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_folding_a_text_again_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


def test_canonically_equivalent_letters_fold_alike() -> None:
    different = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.decomposition(chr(code))
        and not unicodedata.decomposition(chr(code)).startswith("<")
        # Musical signs are symbols whole and marks in parts; they are no words either way.
        and not 0x1D100 <= code <= 0x1D1FF
        and "".join(fold_character(part) or "" for part in unicodedata.normalize("NFD", chr(code)))
        != (fold_character(chr(code)) or "")
    ]
    assert different == []


def test_surrogates_separate_and_keep_their_place() -> None:
    text = "one\ud800two\udc00"
    assert code_points(text).tolist() == [ord(letter) for letter in text]
    assert by_table(FoldingTable(), text) == plain(text)
    assert fold_text(text) == "one two"


@settings(max_examples=100)
@given(st.text(st.sampled_from("ab \u0301\u0323\ufe0fか\u3099"), max_size=30))
def test_past_marks_moves_behind_combining_marks_only(text: str) -> None:
    codes = code_points(text)
    ends = np.arange(len(text) + 1)
    moved = FoldingTable().past_marks(codes, ends).tolist()
    for end, behind in zip(ends.tolist(), moved, strict=True):
        expected = end
        while expected < len(text) and text[expected] in "\u0301\u0323\u3099":
            expected += 1
        assert behind == expected


def test_special_values_do_not_collide_with_letters() -> None:
    assert SEPARATOR < 0x110000 < EXPANDED < SOLO < IGNORED
    for low, high in pairwise([0x110000, EXPANDED, SOLO]):
        assert low < high
    assert IGNORED & (SOLO | EXPANDED) == SOLO | EXPANDED
