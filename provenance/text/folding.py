"""Folding: what counts as the same letter when texts are compared.

Case, accents, compatibility forms (ligatures, full-width letters) and apostrophes are folded away; invisible marks
(zero-width, direction, tags, soft hyphens), combining marks, the Arabic tatweel and variation selectors (where C2PA
manifests hide) are passed over, and so is a hyphen at the end of a line within a word. Everything else that is neither
letter nor number separates words. Canonically equivalent texts (UAX 15) fold alike. The text itself stays as it is:
folding is a table from code point to folded code point, and positions are those of the text.

The table is built a page of 256 code points at a time, when a text first needs one: the whole of Unicode would cost a
second at every start.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

UnsignedArray = npt.NDArray[np.uint32]
IndexArray = npt.NDArray[np.int64]

SEPARATOR = 0
"""Folded value of what separates words."""
IGNORED = 0xFFFFFFFF
"""Folded value of what is passed over within a word."""
SOLO = 1 << 30
"""Set in the folded value of letters that are words of their own: scripts written without spaces."""
EXPANDED = 1 << 29
"""Set where one code point folds to several; the rest of the value is its row in the expansions."""

_UNFILLED = 0xFFFFFFFE
"""Stands in the table for what is not filled in yet; below `IGNORED`, above all others."""

APOSTROPHES = "'\u2018\u2019\u02bc\u02bb\u2032\u00b4`\uff07"
"""Passed over, so that "don't", "don’t" and a squashed "dont" are one word."""

# Format characters that are seen: Arabic, Syriac and Kaithi signs written before a number or a verse.
_SEEN_FORMATS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
# Letters by category that show nothing or only stretch a word: Hangul fillers and the Arabic tatweel.
_EMPTY_LETTERS = "\u115f\u1160\u3164\uffa0\u0640"

_ASCII_WORD = re.compile("[a-z0-9]+")
_WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)

# The Turkish dotless i, which is the small letter of the same "I" whose small letter elsewhere has a dot.
_DOTLESS_I = "\u0131"

_HYPHENS = (0x2D, 0xAD, 0x2010)
_NEWLINE, _RETURN = 0x0A, 0x0D

_PAGE = 256
_PAGES = 0x110000 // _PAGE

# Scripts written without spaces between words: Thai, Lao, Myanmar, Khmer, Japanese kana, Han with its extensions.
_SOLO_RANGES = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)


def _is_solo(code: int) -> bool:
    return any(low <= code <= high for low, high in _SOLO_RANGES)


def _is_selector(code: int) -> bool:
    """Whether a code point is a variation selector, of which thousands may hide behind one letter."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def _is_passed_over(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in _SEEN_FORMATS
    return category in {"Mn", "Me"} or character in APOSTROPHES or character in _EMPTY_LETTERS


def _is_letter(character: str) -> bool:
    """Whether a character is part of a word that counts; vowel signs that take room (category Mc) are letters."""
    return (character.isalnum() or unicodedata.category(character) == "Mc") and not _is_passed_over(character)


def fold_character(character: str) -> str | None:
    """What one character folds to: one or more folded letters, "" for a separator, None if it is passed over.

    The plain twin of the table, and what fills it.
    """
    if _is_passed_over(character):
        return None
    if not _is_letter(character):
        return ""
    # Decompose first: marks must go before casefolding, which turns some of them into letters (the iota subscript).
    # Casefolding may give what decomposes further.
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if _is_letter(part))
    folded = "".join(part for part in unicodedata.normalize("NFKD", bare.casefold()) if _is_letter(part))
    folded = folded.replace(_DOTLESS_I, "i")
    # Nothing is left of compatibility forms of combining marks alone, such as the half-width voiced sound mark.
    return folded or None


class FoldingTable:
    """From code points to folded code points, filled a page at a time as texts need it."""

    def __init__(self) -> None:
        self._table: UnsignedArray = np.full(0x110000, _UNFILLED, dtype=np.uint32)
        self._is_mark = np.zeros(0x110000, dtype=bool)
        self._filled = np.zeros(_PAGES, dtype=bool)
        self._expansions: list[list[int]] = []

    def _fill(self, page: int) -> None:
        for code in range(page * _PAGE, (page + 1) * _PAGE):
            self._is_mark[code] = unicodedata.category(chr(code)) in {"Mn", "Me"} and not _is_selector(code)
            folded = fold_character(chr(code))
            if folded is None:
                self._table[code] = IGNORED
                continue
            self._table[code] = SEPARATOR
            values = [ord(letter) | (SOLO if _is_solo(ord(letter)) else 0) for letter in folded]
            if len(values) == 1:
                self._table[code] = values[0]
            elif values:
                self._table[code] = EXPANDED | len(self._expansions)
                self._expansions.append(values)
        self._filled[page] = True

    def _fill_for(self, codes: UnsignedArray) -> None:
        pages = np.flatnonzero(np.bincount(codes >> 8, minlength=1))
        for page in pages[~self._filled[pages]]:
            self._fill(int(page))

    def past_marks(self, codes: UnsignedArray, ends: IndexArray) -> IndexArray:
        """Ends of words moved behind the combining marks that follow, so that no accent or vowel sign is cut off.

        Args:
            codes: shape (n,), code points of a text.
            ends: positions in it, 0 to n.
        """
        following = codes[ends[ends < len(codes)]]
        self._fill_for(following)
        if not self._is_mark.take(following).any():
            return ends
        self._fill_for(codes)
        plain = np.append(np.flatnonzero(~self._is_mark.take(codes)), len(codes))
        moved: IndexArray = plain[np.searchsorted(plain, ends)]
        return moved

    def fold(self, codes: UnsignedArray) -> tuple[UnsignedArray, IndexArray | None]:
        """Fold code points.

        Args:
            codes: shape (n,), code points of a text.

        Returns:
            The folded values, shape (m,), `SEPARATOR` between words, `SOLO` set on letters that are words of their
            own; and for each the position in `codes` it came from, or None where m = n and every position is its own.
        """
        # `take` spares the conversion of positions that indexing makes a detour for.
        folded: UnsignedArray = self._table.take(codes)
        highest = int(folded.max(initial=0))
        if highest >= _UNFILLED and (folded == _UNFILLED).any():
            self._fill_for(codes)
            folded = self._table.take(codes)
            highest = int(folded.max(initial=0))
        if self._join_lines(codes, folded):
            highest = IGNORED
        if highest < EXPANDED:
            return folded, None
        positions: IndexArray | None = None
        if highest == IGNORED:
            positions = np.flatnonzero(folded != IGNORED)
            folded = folded[positions]
        several = np.flatnonzero((folded & (EXPANDED | SOLO)) == EXPANDED)
        if len(several):
            folded, positions = self._expand(folded, positions, several)
        return folded, positions

    @staticmethod
    def _join_lines(codes: UnsignedArray, folded: UnsignedArray) -> bool:
        """Pass over a hyphen at the end of a line where a small letter begins the next, as scans and columns have it.

        Folded values are changed in place; tells whether any was. "Coop-" and "eration" are one word. Where the hyphen
        is part of the word ("well-known") two words become one, which costs a word or two of a passage.
        """
        ends = np.flatnonzero(codes == _NEWLINE)
        ends = ends[(ends >= 2) & (ends + 1 < len(codes))]
        joined = False
        for end in ends[np.isin(codes[ends - 1], (*_HYPHENS, _RETURN))].tolist():
            hyphen = end - 2 if codes[end - 1] == _RETURN else end - 1
            if hyphen < 1 or codes[hyphen] not in _HYPHENS or not chr(codes[end + 1]).islower():
                continue
            if chr(codes[hyphen - 1]).isalpha():
                folded[hyphen : end + 1] = IGNORED
                joined = True
        return joined

    def _expand(
        self, folded: UnsignedArray, positions: IndexArray | None, several: IndexArray
    ) -> tuple[UnsignedArray, IndexArray]:
        if positions is None:
            positions = np.arange(len(folded))
        parts = [self._expansions[value & (EXPANDED - 1)] for value in folded[several].tolist()]
        repeats = np.ones(len(folded), dtype=np.int64)
        repeats[several] = [len(part) for part in parts]
        starts = (np.cumsum(repeats) - repeats)[several]
        folded, positions = np.repeat(folded, repeats), np.repeat(positions, repeats)
        for start, part in zip(starts.tolist(), parts, strict=True):
            folded[start : start + len(part)] = part
        return folded, positions


TABLE = FoldingTable()
"""The one table of a process; filling it is idempotent."""


def code_points(text: str) -> UnsignedArray:
    """The code points of a text, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32, copy=False)


def fold_text(text: str) -> str:
    """A text folded for looking things up: folded words, single spaces between."""
    if text.isascii():
        # without marks, expansions or letters that are words: a tenth of the time
        return " ".join(_ASCII_WORD.findall(text.lower().translate(_WITHOUT_APOSTROPHES)))
    return " ".join("".join(map(_spread, text)).split())


@lru_cache(maxsize=_PAGES)
def _spread(character: str) -> str:
    """What one character adds to a folded text: letters, those of their own set apart by spaces, or a space."""
    folded = fold_character(character)
    if folded is None:
        return ""
    return "".join(f" {letter} " if _is_solo(ord(letter)) else letter for letter in folded) or " "
