"""Texts of others made harmless: escaped, and with nothing in them that a reader cannot see but a browser acts on.

Nothing of an article, a title or an outlet's name reaches a page as markup. Characters that a reader cannot see but a
browser acts on (control characters, bidirectional overrides, floods of zero-width marks, halves of surrogate pairs)
are shown as their code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from markupsafe import Markup, escape

from provenance.model import DateInterval

_CUT: Final = {"year": 4, "month": 7, "day": 10, "minute": 16, "second": 16}
_ACTED_ON: Final = re.compile(
    # the line ends of another system are one
    "\r\n"
    # controls but tab and newline, bidirectional marks, separators that break lines, tags, halves of surrogate pairs
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
    # joiners and variation selectors are part of words and emoji one at a time, a flood of them is none
    "|[\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200d\u2060-\u2065\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]{3,}"
    # marks on letters beyond any alphabet's need run over the lines above
    "|(?<=[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_SPACE: Final = re.compile(r"\s")
_LONGEST_WORD: Final = 40
_QUOTATION_MARKS: Final = '\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u2018" '
_SHOWN_CODES: Final = 3
"""Code points of a flood that are spelt out; the rest is counted."""


def plain(text: str) -> str:
    """A text with every character that a browser acts on replaced by a mark of words: `[U+202E]`; newlines kept."""
    return _ACTED_ON.sub(_code_points, text)


def shown(text: object) -> Markup:
    """A text as a page may hold it: escaped, with hidden characters as visible code points, newlines kept."""
    return text if isinstance(text, Markup) else ShownText(str(text)).of(0, None)


def bare(text: object) -> Markup:
    """A text where no element may stand: in attributes, in `<title>`, in SVG; hidden characters as `[U+202E]`."""
    return text if isinstance(text, Markup) else escape(plain(str(text)))


class ShownText:
    """A text that pages show piece by piece; together the pieces are what `shown` makes of the whole."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._hits = [(hit.start(), hit.end(), _code_points(hit)) for hit in _ACTED_ON.finditer(text)]

    def snapped(self, place: int) -> int:
        """A place to cut at: where a flood of hidden characters begins, for places within one."""
        at = bisect_left(self._hits, (place,)) - 1
        return self._hits[at][0] if at >= 0 and self._hits[at][1] > place else place

    def word_end(self, place: int, most: int) -> int:
        """A place to cut at that is not within a word, where there is one nearby and before another place."""
        space = _SPACE.search(self._text, place, min(place + _LONGEST_WORD, most))
        return self.snapped(space.start() if space else place)

    def of(self, start: int, end: int | None) -> Markup:
        """The piece from a place to another, both of which `snapped` leaves as they are."""
        stop = len(self._text) if end is None else end
        parts: list[Markup] = []
        at = start
        for hit in self._hits[bisect_left(self._hits, (start,)) : bisect_left(self._hits, (stop,))]:
            parts += [escape(self._text[at : hit[0]]), _mark(hit[2])]
            at = hit[1]
        parts.append(escape(self._text[at:stop]))
        return Markup("").join(parts)


def _mark(told: str) -> Markup:
    if told == "\n":
        return Markup("\n")
    opening = '<span class="hidden-character" title="a character that cannot be seen">{}</span>'
    return Markup(opening).format(told)  # noqa: S704 - a constant


def _code_points(hit: re.Match[str]) -> str:
    found = hit.group()
    if found == "\r\n":
        return "\n"
    told = " ".join(f"U+{ord(character):04X}" for character in found[:_SHOWN_CODES])
    return f"[{told}{f' and {len(found) - _SHOWN_CODES} more' if len(found) > _SHOWN_CODES else ''}]"


def day(published: DateInterval | None, *, clock: bool = True) -> str:
    """When something was published, as fine as it is known: "2017-12-16", "2017-12", "undated"."""
    if published is None:
        return "undated"
    cut = _CUT[published.precision]
    return published.start[: cut if clock else min(cut, 10)].replace("T", " ")


def share(value: float) -> str:
    """A share or a confidence with two digits: 0.873 is "0.87"; only what is 1 is "1.00"."""
    return f"{min(value, 0.99) if value < 1 else value:.2f}"


def quoted(text: str, width: int) -> str:
    """Words that a page puts between quotation marks: cut, without their own marks at the ends."""
    return cut(text, width).strip(_QUOTATION_MARKS)


def percent(value: float) -> str:
    """A share in percent."""
    return f"{value:.0%}"


def count(number: int, one: str = "", many: str = "") -> str:
    """A number with its thousands parted, and the word for what is counted: `count(2, "article", "articles")`."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}" if one else f"{number:,}"


def cut(text: str, width: int) -> str:
    """A text on one line of at most `width` characters, cut at a word where it is cut."""
    words = " ".join(text[: 4 * width + 40].split())
    if len(words) <= width:
        return words
    piece = words[: width - 1]
    at = piece.rfind(" ")
    return (piece[:at] if at > width // 2 else piece).rstrip(" ,;:") + "…"
