"""Quotations: which stretches of a text stand in quotation marks, nested as they are written.

Marks are never paired one after another. A stack takes them in order, and a mark's place (white space or punctuation
before and behind it) decides what it is where its glyph does not: straight marks, an opening mark typed as a closer,
an apostrophe. A paragraph that opens a quotation and never closes it is one quotation to its end, as newspapers set
speech of several paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from provenance.model import Span

QuotationKind = Literal["speech", "scare", "title"]
"""Words that somebody said; a name or a word held at arm's length; a title mark (《》)."""

SCARE_WORDS: Final = 3
"""A quotation of at most this many words without a stop or a comma inside is a name or a scare quote."""

_DEEPEST: Final = 16
_MARKS: Final = re.compile(r"""[“”„‟«»‹›‘’‚「」『』《》〈〉"＂]|``|'{1,2}""")
_ANY: Final = re.compile(r"""[“”„‟«»‹›‘‚「」『』《》〈〉"＂`]""")
# an apostrophe within a word or behind it opens nothing
_SINGLE_OPENER: Final = re.compile(r"'(?:'|(?<!\w')(?=\S))")
_SINGLE_CLOSER: Final = re.compile(r"(?<=[\w.,!?…])['’](?!\w)")
_WORD: Final = re.compile(r"[\w-]+")
_CLOSERS: Final[dict[str, str | tuple[str, ...]]] = {
    "“": '”“"',
    "„": '“”"‟',
    "‟": '”"',
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’'",
    "‚": "‘’'",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    '"': ('"', "”", "''"),
    "＂": '＂"',
    "'": "'’",
    "``": ('"', "”", "''"),
}
_TITLES: Final = frozenset("《〈")
_BEFORE_OPENING: Final = frozenset(" \t\n\r\u00a0\u2009\u202f([{—–-/:;,.…>*“„«‘\"'「『（：，。")
_AFTER_CLOSING: Final = frozenset(" \t\n\r\u00a0\u2009\u202f)]}—–-/:;,.…!?<*”»’\"'」』）：，。！？“„")
_STOPS: Final = frozenset(".,!?…;。，！？؟")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks.

    Attributes:
        span: with its marks, code points into the text.
        inner: without them.
        depth: 0 for a quotation that stands in no other.
        closed: False where the paragraph ends before a closing mark comes.
    """

    span: Span
    inner: Span
    depth: int
    kind: QuotationKind
    closed: bool = True


def has_marks(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a stretch holds any mark that could open a quotation: a cheap test before `quotations`."""
    last = len(text) if end is None else end
    return _ANY.search(text, start, last) is not None or _SINGLE_OPENER.search(text, start, last) is not None


def quotations(text: str, start: int = 0, end: int | None = None, following: str = "") -> list[Quotation]:
    """The quotations of one paragraph, in the order they open; linear in its length.

    Args:
        text: the whole text.
        start: where the paragraph starts, a code point.
        end: where it ends, exclusive; the end of the text if None.
        following: the first character of the next paragraph; an opening mark there says that a quotation left open
            here goes on.
    """
    last = len(text) if end is None else end
    found: list[Quotation] = []
    stack: list[tuple[str, int, int]] = []
    singles: int | None = None
    for match in _MARKS.finditer(text, start, last):
        mark, at, behind = match.group(), match.start(), match.end()
        before = text[at - 1] if at > start else "\n"
        after = text[behind] if behind < last else "\n"
        if mark == "''":
            mark = "''" if stack and stack[-1][0] in {'"', "``"} else '"'
        if mark in "'’" and before.isalnum() and after.isalnum():
            continue
        # a page that lost the space between two sentences: `… we need."But …`
        squeezed = mark == '"' and bool(stack) and stack[-1][0] == mark and before in _STOPS and after.isupper()
        opens = before in _BEFORE_OPENING and not after.isspace() and not squeezed
        closes = after in _AFTER_CLOSING or not after.isalnum() or squeezed
        level = _closing_level(
            stack, mark, opens=opens, closes=(closes and not before.isspace()) or mark in "”»」』》〉"
        )
        if level is not None:
            opener, opened, inner = stack[level]
            del stack[level:]
            found.append(_made(text, Span(opened, behind), Span(inner, at), len(stack), opener))
        elif mark in _CLOSERS and len(stack) < _DEEPEST and (opens or mark in "“„«‘「『《〈"):
            if mark in "'‘‚":
                if singles is None:
                    singles = _last_single_closer(text, start, last)
                if singles < behind:
                    continue
            if mark == "”" and stack:
                continue
            stack.append((mark, at, behind))
    if stack:
        found = _left_open(text, stack, found, (start, last), following)
    found.sort(key=lambda quotation: (quotation.span.start, -quotation.span.end))
    return found


def _closing_level(stack: list[tuple[str, int, int]], mark: str, *, opens: bool, closes: bool) -> int | None:
    """Which open quotation this mark closes, if any: the innermost that it fits and whose place allows it."""
    if not stack or not closes or (opens and mark in "“\"'‘«" and not _may_only_close(stack, mark)):
        return None
    for level in range(len(stack) - 1, -1, -1):
        if mark in _CLOSERS[stack[level][0]]:
            return level
    return None


def _may_only_close(stack: list[tuple[str, int, int]], mark: str) -> bool:
    return stack[-1][0] in "„»" and mark in "“«"


def _last_single_closer(text: str, start: int, end: int) -> int:
    """Where the last single mark in closing position stands, behind a letter or a stop and before no letter; -1."""
    last = -1
    for match in _SINGLE_CLOSER.finditer(text, start, end):
        last = match.start()
    return last


def _left_open(
    text: str,
    stack: list[tuple[str, int, int]],
    found: list[Quotation],
    within: tuple[int, int],
    following: str,
) -> list[Quotation]:
    """What to do with marks that nothing closed: a quotation to the paragraph's end, or no quotation."""
    start, last = within
    for mark, opened, inner in reversed(stack):
        leads = not text[start:opened].strip() if opened - start < 40 else False
        introduced = text[max(start, opened - 3) : opened].rstrip()[-1:] in {":", ","}
        goes_on = following != "" and following in _CLOSERS and following == mark
        if mark not in "'‘‚" and (leads or goes_on or (introduced and mark in '“„«"')):
            end = last
            while end > inner and text[end - 1].isspace():
                end -= 1
            if end > inner:
                found = [q for q in found if q.span.end <= end]
                found.append(_made(text, Span(opened, end), Span(inner, end), 0, mark, closed=False))
    return _depths(found)


def _depths(found: list[Quotation]) -> list[Quotation]:
    """The depth of each counted anew, after an outer one was dropped or closed at the paragraph's end."""
    ordered = sorted(found, key=lambda quotation: (quotation.span.start, -quotation.span.end))
    ends: list[int] = []
    result = []
    for quotation in ordered:
        while ends and ends[-1] <= quotation.span.start:
            ends.pop()
        result.append(Quotation(quotation.span, quotation.inner, len(ends), quotation.kind, quotation.closed))
        ends.append(quotation.span.end)
    return result


def _made(text: str, span: Span, inner: Span, depth: int, mark: str, *, closed: bool = True) -> Quotation:
    kind: QuotationKind = "speech"
    if mark in _TITLES:
        kind = "title"
    elif len(inner) <= 60:
        words = text[inner.start : inner.end]
        tail = words.rstrip()[-1:]
        spoken = text[span.end : span.end + 1] == "," and text[max(0, span.start - 3) : span.start].rstrip()[-1:] in {
            "",
            ".",
            "!",
            "?",
            ":",
        }
        if len(_WORD.findall(words)) <= SCARE_WORDS and tail not in _STOPS and not spoken:
            kind = "scare"
    return Quotation(span, inner, depth, kind, closed)
