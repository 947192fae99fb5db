"""Paragraphs and sentences as spans of the text, in linear time, without changing it.

A light splitter: a stop ends a sentence unless an abbreviation, an initial or a lower-case word says otherwise; the
closing marks behind a stop belong to the sentence. Chinese, Arabic, Hindi and Russian stops are known. Stops inside a
quotation do not end the sentence around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from provenance.model import Span
from provenance.text.quotations import Quotation

_LINE: Final = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
_STOP: Final = re.compile(r"[.!?…。！？؟।]{1,8}[\"”’'»)\]“」』）]{0,3}")
_FULL_WIDTH: Final = frozenset("。！？؟।")
# white space lost behind a stop: "the floor.But King", "commitment.”Earlier"
_SQUASHED: Final = re.compile(r"(?:[A-Z][a-z]{2,24}|In|He|It|We|At|On|As|If)\b")
_LONGEST_WORD: Final = 24
_LAST_WORD: Final = re.compile(r"[\w.'’-]{1,24}$")
_ABBREVIATIONS_TEXT: Final = """
mr mrs ms dr prof gen lt col maj capt cmdr adm sgt brig gov sen rep reps sens rev hon pres st ste mt ft vs etc
inc ltd co corp llc bros jr sr no nos vol pp fig al cf e.g i.e u.s u.k u.n u.a.e e.u d.c a.m p.m ph.d jan feb
mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun dept dist ave blvd approx
est bzw z.b d.h u.a ca str dr.-ing nr г гг им ул руб тыс млн млрд т.е т.д т.п т.к
"""
ABBREVIATIONS: Final = frozenset(_ABBREVIATIONS_TEXT.split())
_NAME_FOLLOWS_TEXT: Final = """
u.s u.k u.n u.a.e e.u d.c a.m p.m inc ltd co corp llc jr sr etc
"""
_NAME_FOLLOWS: Final = frozenset(_NAME_FOLLOWS_TEXT.split())
_SOFT_WRAP: Final = 40


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of a text: its non-blank lines, with hard-wrapped lines joined, trimmed of white space.

    A line break is a wrap, not an end, where the line is long and the next begins with a lower-case letter.
    """
    spans: list[Span] = []
    start = end = -1
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        first = match.start() + len(line) - len(line.lstrip())
        last = first + len(stripped)
        if start >= 0:
            wrapped = stripped[0].islower() and end - start >= _SOFT_WRAP and first - end <= 2
            if wrapped and text[end - 1] not in '.!?”"':
                end = last
                continue
            spans.append(Span(start, end))
        start, end = first, last
    if start >= 0:
        spans.append(Span(start, end))
    return spans


def sentences(text: str, start: int, end: int, quoted: Sequence[Quotation] = ()) -> list[tuple[int, int]]:
    """The sentences of one paragraph as (start, end), trimmed.

    Args:
        text: the whole text.
        start: the paragraph's start.
        end: its end, exclusive.
        quoted: its outermost quotations in order; a stop inside one ends a sentence only where the quotation ends
            with it and a new sentence follows.
    """
    found: list[tuple[int, int]] = []
    begin = start
    index, count = 0, len(quoted)
    for match in _STOP.finditer(text, start, end):
        behind = match.end()
        if behind < end and not text[behind].isspace() and not _ends_without_space(text, match):
            continue
        while index < count and quoted[index].span.end < behind:
            index += 1
        if index < count and quoted[index].span.start < match.start() and behind < quoted[index].span.end:
            continue
        if index < count and match.start() < quoted[index].span.start < behind:
            # an opening mark straight behind a stop, as where no space is set, begins the next sentence
            behind = quoted[index].span.start
        following = behind
        while following < end and text[following].isspace():
            following += 1
        if following < end and not _ends(text, begin, match, following):
            continue
        if following < end and index < count and quoted[index].span.start == match.start():
            continue
        if behind > begin:
            found.append((begin, behind))
        begin = following
    if begin < end and text[begin:end].strip():
        found.append((begin, end))
    return found


def _ends_without_space(text: str, match: re.Match[str]) -> bool:
    """Whether a stop with no white space behind it can end a sentence."""
    at = match.start()
    if text[at] in _FULL_WIDTH:
        return True
    before = text[at - 1 : at]
    lower = before.islower() or before.isdigit()
    return lower and len(match.group()) <= 2 and _SQUASHED.match(text, match.end()) is not None


def _ends(text: str, begin: int, match: re.Match[str], following: int) -> bool:
    """Whether a stop with something behind it ends a sentence."""
    after = text[following]
    if after.islower() or after in ",;:)":
        return False
    if match.group() != ".":
        return True
    at = match.start()
    before = text[max(begin, at - _LONGEST_WORD) : at]
    # most often a plain word behind a space, which needs no pattern
    word = before[before.rfind(" ") + 1 :]
    if not word.isalpha():
        found = _LAST_WORD.search(before)
        if found is None:
            return True
        word = found.group()
    last = word.strip("'’").casefold()
    if last in ABBREVIATIONS:
        # "in the U.S. The army" ends one; "U.S. Army" and "Gen. Smith" do not
        return (
            last in _NAME_FOLLOWS
            and re.match(r"(?:The|A|An|In|He|She|It|They|But|And|[“\"])\b", text[following : following + 5]) is not None
        )
    return not (len(last) == 1 and last.isalpha() and word.isupper())
