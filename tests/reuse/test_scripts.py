"""Passages in every script, and with the noise that pages and scans bring: found once, with exact bounds."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from provenance.model import Article, Match
from provenance.reuse.detector import detect
from provenance.settings import ReuseSettings

SETTINGS = ReuseSettings()

# First and last letter from which made-up text of a script is drawn.
UNSPACED = {
    "Chinese": (0x4E00, 0x9FA5),
    "Japanese": (0x3041, 0x3093),
    "Thai": (0x0E01, 0x0E2E),
    "Khmer": (0x1780, 0x17A2),
    "Lao": (0x0E94, 0x0EA1),
    "Burmese": (0x1000, 0x1020),
}
SPACED = {
    "Korean": (0xAC00, 0xD7A3),
    "Arabic": (0x0628, 0x063A),
    "Hebrew": (0x05D0, 0x05EA),
    "Russian": (0x0430, 0x044F),
    "Greek": (0x03B1, 0x03C9),
    "Devanagari": (0x0915, 0x0939),
    "Latin": (0x0061, 0x007A),
}


def matches(*texts: str) -> list[Match]:
    return detect([Article(id=f"t{number}", text=text) for number, text in enumerate(texts)], SETTINGS).matches


def letters(script: tuple[int, int], count: int, seed: str) -> str:
    chance = random.Random(seed)
    return "".join(chr(chance.randint(*script)) for _ in range(count))


def made_words(script: tuple[int, int], count: int, seed: str) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chr(chance.randint(*script)) for _ in range(chance.randint(4, 8))) for _ in range(count)]


def sides(match: Match, one: str, two: str) -> tuple[str, str]:
    return one[match.a_span.start : match.a_span.end], two[match.b_span.start : match.b_span.end]


@pytest.mark.parametrize("script", UNSPACED.values(), ids=UNSPACED)
def test_thirty_characters_without_spaces_are_found_exactly(script: tuple[int, int]) -> None:
    passage = letters(script, 30, "passage")
    one = letters(script, 200, "one") + "。 " + passage + "。 " + letters(script, 150, "two")
    two = letters(script, 120, "three") + "。 " + passage + "。 " + letters(script, 260, "four")
    [match] = matches(one, two)
    assert sides(match, one, two) == (passage, passage)


@pytest.mark.parametrize("script", UNSPACED.values(), ids=UNSPACED)
@pytest.mark.parametrize("count", [5, 16])
def test_few_characters_without_spaces_are_no_passage(script: tuple[int, int], count: int) -> None:
    passage = letters(script, count, "passage")
    one = letters(script, 200, "one") + passage + letters(script, 150, "two")
    two = letters(script, 120, "three") + passage + letters(script, 260, "four")
    assert matches(one, two) == []


@pytest.mark.parametrize("script", SPACED.values(), ids=SPACED)
def test_thirty_words_of_any_alphabet_are_found_exactly(script: tuple[int, int]) -> None:
    passage = " ".join(made_words(script, 30, "passage"))
    one = " ".join([*made_words(script, 80, "one"), passage, *made_words(script, 60, "two")])
    two = " ".join([*made_words(script, 50, "three"), passage, *made_words(script, 90, "four")])
    [match] = matches(one, two)
    assert sides(match, one, two) == (passage, passage)


VARIANTS = {
    "curly apostrophe": ("don't", "don’t"),
    "no apostrophe": ("don't", "dont"),
    "acute accent": ("café", "cafe\u0301"),
    "accent dropped": ("Müller", "Muller"),
    "sharp s": ("Straße", "STRASSE"),
    "ligature": ("office", "oﬃce"),
    "full width": ("Tokyo2024", "Ｔｏｋｙｏ２０２４"),
    "soft hyphen": ("cooperation", "coop\u00adera\u00adtion"),
    "zero-width space": ("cooperation", "coop\u200beration"),
    "zero-width joiner": ("cooperation", "coop\u200deration"),
    "word joiner": ("cooperation", "coop\u2060eration"),
    "byte-order mark": ("cooperation", "\ufeffcooperation"),
    "variation selectors": ("cooperation", "c\ufe01oop\U000e0105eration"),
    "Russian yo": ("ещё", "еще"),
    "Greek accent": ("κόσμος", "ΚΟΣΜΟΣ"),
    "Arabic vowels": ("مُحَمَّد", "محمد"),
    "Arabic tatweel": ("محمـــد", "محمد"),
    "Hebrew points": ("שָׁלוֹם", "שלום"),
    "Devanagari nukta": ("क़लम", "क\u093cलम"),
    "Turkish capital": ("İstanbul", "istanbul"),
    "Turkish dotless": ("ISPARTA", "ısparta"),
    "hyphen at a line's end": ("cooperation", "coop-\neration"),
    "hyphen at a line's end (Windows)": ("cooperation", "coop-\r\neration"),
    "soft hyphen at a line's end": ("cooperation", "coop\u00ad\neration"),
    "decomposed Korean": ("한국어", "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165"),
}


@pytest.mark.parametrize(("one_form", "other_form"), VARIANTS.values(), ids=VARIANTS)
def test_two_spellings_of_a_word_are_one(one_form: str, other_form: str) -> None:
    head, tail = made_words(SPACED["Latin"], 8, "head"), made_words(SPACED["Latin"], 8, "tail")

    def article(form: str, seed: str) -> tuple[str, str]:
        passage = " ".join([form, *head, form, *tail, form])
        around = made_words(SPACED["Latin"], 60, seed)
        return " ".join([*around[:30], passage, *around[30:]]), passage

    (one, passage), (two, other) = article(one_form, "one"), article(other_form, "two")
    [match] = matches(one, two)
    assert match.similarity == 1.0
    # A mark that is passed over may stand before the first letter.
    assert tuple(side.lstrip("\ufeff") for side in sides(match, one, two)) == (passage, other.lstrip("\ufeff"))


@pytest.mark.parametrize("between", ["\u00a0", "\u202f", "\u3000", " 😀 ", " — ", "…", "\n\n", "\t"])
def test_what_stands_between_words_makes_no_difference(between: str) -> None:
    passage = made_words(SPACED["Latin"], 30, "passage")
    one = " ".join([*made_words(SPACED["Latin"], 50, "one"), *passage])
    two = " ".join(made_words(SPACED["Latin"], 50, "two")) + " " + between.join(passage)
    [match] = matches(one, two)
    assert match.similarity == 1.0
    assert sides(match, one, two) == (" ".join(passage), between.join(passage))


def test_a_hyphen_before_a_capital_or_a_blank_line_ends_a_word() -> None:
    passage = made_words(SPACED["Latin"], 20, "passage")
    one = " ".join([*passage, "coop", "Eration", *passage[::-1]])
    two = " ".join([*passage, "coop-\nEration", *passage[::-1]])
    [match] = matches(one, two)
    assert match.similarity == 1.0


def scanned(words: Sequence[str], share: float, seed: int) -> list[str]:
    """Words as a poor scan has them: letters taken for others, words split, words run together."""
    chance = random.Random(seed)
    result: list[str] = []
    joined = False
    for word in words:
        read = "".join(chance.choice("rnl1cei0") if chance.random() < share else letter for letter in word)
        kind = chance.random()
        if joined:
            result[-1] += read
            joined = False
        elif kind < 0.02 and len(read) > 4:
            result += [read[:3], read[3:]]
        else:
            result.append(read)
            joined = kind > 0.98
    return result


@pytest.mark.parametrize("share", [0.02, 0.05])
@pytest.mark.parametrize("seed", range(6))
def test_a_scanned_passage_is_one_match(share: float, seed: int) -> None:
    passage = made_words(SPACED["Latin"], 150, "passage")
    read = scanned(passage, share, seed)
    before, after = made_words(SPACED["Latin"], 100, "before"), made_words(SPACED["Latin"], 100, "after")
    one = " ".join([*before, *passage, *after])
    two = " ".join([*after[::-1], *read, *before[::-1]])
    [match] = matches(one, two)
    assert abs(len(one[: match.a_span.start].split()) - 100) <= 5
    assert abs(len(one[match.a_span.end :].split()) - 100) <= 5


def test_paragraphs_in_another_order_are_matches_of_their_own() -> None:
    paragraphs = [" ".join(made_words(SPACED["Latin"], 40, f"paragraph {number}")) for number in range(3)]
    one, two = "\n".join(paragraphs), "\n".join(paragraphs[::-1])
    found = sorted(sides(match, one, two) for match in matches(one, two))
    assert found == sorted((paragraph, paragraph) for paragraph in paragraphs)


def test_three_passages_of_three_articles_are_told_apart() -> None:
    passages = [" ".join(made_words(SPACED["Latin"], 40, f"passage {number}")) for number in range(3)]
    fillers = [" ".join(made_words(SPACED["Latin"], 70, f"filler {number}")) for number in range(7)]
    long = " ".join([fillers[0], passages[0], fillers[1], passages[1], fillers[2], passages[2], fillers[3]])
    others = [f"{fillers[4 + number]} {passages[number]}" for number in range(3)]
    found = matches(long, *others)
    assert [(match.a, match.b) for match in found] == [("t0", "t1"), ("t0", "t2"), ("t0", "t3")]
    assert [long[match.a_span.start : match.a_span.end] for match in found] == passages


def test_a_passage_twice_in_one_article_is_found() -> None:
    passage = " ".join(made_words(SPACED["Latin"], 40, "passage"))
    fillers = [" ".join(made_words(SPACED["Latin"], 70, f"filler {number}")) for number in range(4)]
    one = f"{fillers[0]} {passage} {fillers[1]}"
    two = f"{passage} {fillers[2]} {passage} {fillers[3]}"
    found = matches(one, two)
    assert found
    assert {sides(match, one, two) for match in found} == {(passage, passage)}


def test_edited_passages_are_not_splintered() -> None:
    """Of 60 passages with three words in ten changed, dropped or put in, at most two are lost and none is broken."""
    counts = []
    for seed in range(60):
        chance = random.Random(seed)
        passage = made_words(SPACED["Latin"], chance.randint(50, 150), f"passage {seed}")
        edited: list[str] = []
        for word in passage:
            kind = chance.randrange(3) if chance.random() < 0.3 else 3
            edited += [[], [word[::-1] + "x"], [word, "new" + word], [word]][kind]
        around = [made_words(SPACED["Latin"], 80, f"{side} {seed}") for side in range(4)]
        one, two = [*around[0], *passage, *around[1]], [*around[2], *edited, *around[3]]
        counts.append(len(matches(" ".join(one), " ".join(two))))
    assert max(counts) == 1
    assert counts.count(1) >= 58
