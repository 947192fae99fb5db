"""Words: the arrays against a plain loop over characters."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.text import folding, spill, tokens
from provenance.text.folding import fold_character, fold_text
from provenance.text.tokens import Words, mix, words_of

ALPHABET = "aBé\u0301 .'\u2019\u200b\ufe0fßﬁ\u00a0中文กำำ\u0e34ໜガ①½\u0640\ud800🙂9\n"
texts_of_all_sorts = st.lists(
    st.text(st.one_of(st.sampled_from(ALPHABET), st.characters(codec=None)), max_size=25), max_size=6
)


def is_mark(character: str) -> bool:
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return unicodedata.category(character) in {"Mn", "Me"} and not selector


def plain_words(text: str) -> list[tuple[int, int, str]]:
    """Start, end and folded letters of each word, one character after another."""
    found: list[tuple[int, int, str]] = []
    word, start, end = "", -1, -1

    def close() -> None:
        nonlocal word
        if word:
            behind = end
            while behind < len(text) and is_mark(text[behind]):
                behind += 1
            found.append((start, behind, word))
        word = ""

    for place, character in enumerate(text):
        folded = fold_character(character)
        if folded is None:
            continue
        if not folded:
            close()
        for letter in folded:
            alone = folding._is_solo(ord(letter))
            if alone:
                close()
            if not word:
                start = place
            word, end = word + letter, place + 1
            if alone:
                close()
    close()
    return found


def as_rows(words: Words, text: int) -> list[tuple[int, int]]:
    where = words.of(text)
    return list(zip(words.starts[where].tolist(), words.ends[where].tolist(), strict=True))


@settings(max_examples=200)
@given(texts_of_all_sorts)
def test_words_are_those_of_the_plain_loop(texts: list[str]) -> None:
    words = words_of(texts)
    assert len(words.bounds) == len(texts) + 1
    hash_of: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        expected = plain_words(text)
        assert as_rows(words, number) == [(start, end) for start, end, _ in expected]
        for (_, _, letters), value in zip(expected, words.hashes[words.of(number)].tolist(), strict=True):
            hash_of[letters].add(value)
    assert all(len(values) == 1 for values in hash_of.values()), "equal words, equal hashes"
    assert len({next(iter(values)) for values in hash_of.values()}) == len(hash_of), "different words, different hashes"


@settings(max_examples=100)
@given(texts_of_all_sorts, st.sampled_from([1, 2, 7, 40]))
def test_chunk_borders_change_nothing(texts: list[str], chunk: int) -> None:
    whole = words_of(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_CHUNK", chunk)
        cut = words_of(texts)
    for name in ("starts", "ends", "hashes", "bounds"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name)), name


@settings(max_examples=100)
@given(st.text(st.sampled_from(ALPHABET), max_size=40))
def test_a_stretch_of_text_folds_to_its_word(text: str) -> None:
    words = words_of([text])
    for (start, end), (_, _, letters) in zip(as_rows(words, 0), plain_words(text), strict=True):
        assert 0 <= start < end <= len(text)
        # A sign that folds to several letters of a script without spaces is several words at one place.
        assert letters in fold_text(text[start:end]).split(" ")


def test_blocks_that_words_are_gathered_in_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["one two three", "", "four", "five " * 40]
    whole = words_of(texts)
    for block in (1, 2, 44, 45):
        monkeypatch.setattr(spill.Column.__init__, "__defaults__", (block,))
        parts = words_of(texts)
        for name in ("starts", "ends", "hashes", "bounds"):
            assert getattr(parts, name).tolist() == getattr(whole, name).tolist()
            assert getattr(parts, name).dtype == getattr(whole, name).dtype


def test_offsets_are_code_points() -> None:
    text = "🙂 Zoë’s “café\u0301s” \u200bnaïve\u200b — 東京 done"
    words = words_of([text])
    found = [text[start:end] for start, end in as_rows(words, 0)]
    assert found == ["Zoë’s", "café\u0301s", "naïve", "東", "京", "done"]


def test_an_end_keeps_the_marks_of_its_last_letter() -> None:
    assert as_rows(words_of(["cafe\u0301 x"]), 0) == [(0, 5), (6, 7)]
    assert as_rows(words_of(["ที่นี่"]), 0) == [(0, 3), (3, 6)]
    assert as_rows(words_of(["a\ufe0f\ufe0f b"]), 0) == [(0, 1), (4, 5)], "nothing hidden comes with the word"


@pytest.mark.parametrize(
    ("one", "other"), [("Don\u2019t", "dont"), ("E\u0301TAT", "état"), ("ﬁ", "FI"), ("a\u200bb", "AB"), ("①", "1")]
)
def test_variants_have_one_hash(one: str, other: str) -> None:
    words = words_of([one, other])
    assert words.hashes[0] == words.hashes[1]
    assert len(words) == 2


def test_hash_does_not_depend_on_what_stands_around() -> None:
    alone = words_of(["target"]).hashes[0]
    filler = ["x" * length for length in range(1, 40)]
    for before in filler:
        words = words_of(["first text", f"{before} target, {before}", "last"])
        assert alone in words.hashes[words.of(1)]


def test_many_words_have_no_collision() -> None:
    chance = random.Random(4)
    made = {"".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(1, 12))) for _ in range(50_000)}
    anagrams = {"".join(chance.sample("abcdefgh", 8)) for _ in range(10_000)}
    different = sorted(made | anagrams)
    words = words_of(different)
    assert len(set(words.hashes.tolist())) == len(words) == len(different)


@pytest.mark.parametrize("texts", [[], [""], ["", "", ""], ["...", " \n", "\u200b"], ["'"], ["\u0301"]])
def test_nothing_in_nothing_out(texts: list[str]) -> None:
    words = words_of(texts)
    assert len(words) == 0
    assert words.bounds.tolist() == [0] * (len(texts) + 1)


def test_empty_texts_among_others_keep_their_number() -> None:
    words = words_of(["", "one two", "", "", "three", ""])
    assert words.bounds.tolist() == [0, 0, 2, 2, 2, 3, 3]
    assert as_rows(words, 4) == [(0, 5)]


def test_a_generator_of_texts_will_do() -> None:
    assert len(words_of(text for text in ("one", "two"))) == 2


def test_mix_is_one_to_one_and_spreads() -> None:
    values = np.arange(100_000, dtype=np.uint64)
    mixed = mix(values)
    assert len(np.unique(mixed)) == len(values)
    low_bits = np.bincount((mixed & np.uint64(15)).astype(np.int64), minlength=16)
    assert low_bits.min() > 0.9 * len(values) / 16
    assert int(mix(np.array([1], dtype=np.uint64))[0]) == 0x5692161D100B05E5
