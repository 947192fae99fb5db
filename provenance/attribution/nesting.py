"""Which statement of a sentence stands within what another one says: "O reported that S said C" is O from S.

A statement is within another where its source and its cue lie in the other's content and no border of a clause between
them shows that the writer, or somebody else, has taken the word back. The smallest content around it counts, so that
chains come out as deep as the sentence is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from provenance.attribution.frames import Frame
from provenance.attribution.phrases import Range, has_finite
from provenance.attribution.tagging import Sentence

UNSAID: Final = frozenset(["attitude", "belief"])
"""Kinds that say nothing: what somebody is reported to think or to want. No report hangs on them."""
ACCUSED: Final = "accused"
"""The first part of the rule of what somebody is accused of saying."""

_BEFORE: Final = frozenset(
    ["verb-before", "quoted-as-saying", "according-to", "participle", "relative", "claim-noun", "headline-colon"]
)
"""Kinds whose content, standing behind them, may hold other statements."""
_TAKEN_BACK: Final = re.compile(r"[,Q-][ck](?!t)")
"""A comma and a conjunction: a clause beside the statement, unless "that" follows."""
_GOES_ON: Final = re.compile(r"[,Q-]cr?[vVXYhzmMW]")
"""Behind them a verb without a subject: whoever the sentence is about goes on, no longer in what is said."""
_BESIDES: Final = frozenset(["while", "whereas", "but"])
"""What follows them stands beside the statement before, not within it."""
_NEAREST: Final = 12
"""Statements looked at on each side of one; bounds the work on a sentence made of verbs."""
_LEADING: Final = frozenset("kHapgG")


def outer_statements(sentence: Sentence, frames: Sequence[Frame], *, attitudes: bool = False) -> list[int | None]:
    """For each statement of a sentence the one whose content holds it: its index, or None; never in a circle.

    Args:
        sentence: where they stand.
        frames: the statements.
        attitudes: whether what somebody hopes or wants holds what others are said to hope or want in it.
    """
    count = len(frames)
    found: list[int | None] = [None] * count
    for index in range(count):
        around: list[tuple[int, int, int]] = []
        for outer in range(max(0, index - _NEAREST), min(count, index + _NEAREST + 1)):
            if outer != index:
                if frames[outer].kind == "attitude" and not attitudes:
                    continue
                held = _holds(sentence, frames[outer], frames[index])
                if held is not None and not _turned(sentence, frames, index, outer):
                    around.append((held[1] - held[0], abs(outer - index), outer))
        for _, _, outer in sorted(around):
            if not _leads_to(found, outer, index):
                found[index] = outer
                break
    return found


def outermost_first(outers: Sequence[int | None]) -> list[int]:
    """The indices of statements in an order in which each comes behind the one that holds it, else in their order."""
    if all(outer is None for outer in outers):
        return [*range(len(outers))]
    return sorted(range(len(outers)), key=lambda index: (_depth(outers, index), index))


def root(outers: Sequence[int | None], index: int) -> int:
    """The outermost statement around one, or itself."""
    above = outers[index]
    while above is not None:
        index, above = above, outers[above]
    return index


def _depth(outers: Sequence[int | None], index: int) -> int:
    depth, above = 0, outers[index]
    while above is not None:
        depth, above = depth + 1, outers[above]
    return depth


def _leads_to(outers: Sequence[int | None], start: int, wanted: int) -> bool:
    at: int | None = start
    while at is not None:
        if at == wanted:
            return True
        at = outers[at]
    return False


def _turned(sentence: Sentence, frames: Sequence[Frame], index: int, outer: int) -> bool:
    """Whether two statements lie in each other's content and the one looked at is the outer of them.

    In "S said C, O reported" and "S said C, according to O" the last one holds the first; one put into the middle
    ("O reported that A, S said, B") is held by it.
    """
    frame, host = frames[index], frames[outer]
    if _holds(sentence, frame, host) is None:
        return False
    if frame.after != host.after:
        return frame.after != (len((frame if frame.after else host).content) > 1)
    return index < outer


def _holds(sentence: Sentence, host: Frame, frame: Frame) -> Range | None:
    """The stretch of one statement's content in which another one stands."""
    if host.source is None or host.kind == "denial":
        return None
    if host.kind in UNSAID and not host.after and frame.kind not in UNSAID:
        return None
    inside = _stretch(host, frame)
    if inside is None:
        return None
    if host.after:
        return inside if len(host.content) > 1 or not _lies_in(host.source, inside) else None
    if host.kind == "criticism":
        return inside if frame.rule.startswith(ACCUSED) else None
    follows = host.kind in _BEFORE or host.kind in UNSAID
    return inside if follows and host.cue[1] <= frame.first and not _beside(sentence, host, frame, inside) else None


def _lies_in(part: Range, whole: Range) -> bool:
    return whole[0] <= part[0] and part[1] <= whole[1]


def _stretch(host: Frame, frame: Frame) -> Range | None:
    """The part of a content that source and cue of a statement lie in; all of it for "X, S said, demanded C"."""
    for part in host.content:
        if part[0] <= frame.first and frame.behind <= part[1]:
            return part
    if not host.after or len(host.content) < 2 or frame.source is None:
        return None
    apart = all(any(_lies_in(words, part) for part in host.content) for words in (frame.source, frame.cue))
    return (host.content[0][0], host.content[-1][1]) if apart else None


def _beside(sentence: Sentence, host: Frame, frame: Frame, inside: Range) -> bool:
    """Whether a clause's border shows that a statement behind another one stands beside it, not within."""
    tags, lowered = sentence.tags, sentence.lowered
    start, first = inside[0], frame.first
    between = tags[start:first]
    if frame.kind == "according-to" and frame.after:
        return True
    if tags[max(0, first - 2) : first] in {",k", "Qk"} or tags[first - 1 : first] == "c":
        return True
    if _GOES_ON.search(between) is not None or between.count("(") > between.count(")"):
        return True
    if first and lowered[first - 1] in _BESIDES:
        return True
    if host.kind == "according-to" and frame.subordinate:
        return True
    for match in _TAKEN_BACK.finditer(between):
        if lowered[start + match.end() - 1] in _BESIDES or not has_finite(between[match.end() :]):
            return True
    semicolon = between.rfind(";")
    if semicolon >= 0 and between[semicolon + 1 : semicolon + 2] not in {"t", "Q"}:
        return True
    # what hangs on "as", "in", "when" or a relative pronoun ends at the comma
    opening = host.source[0] - 1 if host.source is not None else -1
    leading = opening >= 0 and tags[opening] in _LEADING and not has_finite(tags[:opening])
    return (leading or host.kind == "relative") and "," in tags[host.cue[1] : first]


def nested(sentence: Sentence, frames: Sequence[Frame], *, attitudes: bool = False) -> list[int | None]:
    """Like `outer_statements`; what is said ends where the one around it takes the word: "S said C, O reported"."""
    if len(frames) == 1:
        return [None]
    outers = outer_statements(sentence, frames, attitudes=attitudes)
    return outer_statements(sentence, frames, attitudes=attitudes) if _trimmed(frames, outers) else outers


def _trimmed(frames: Sequence[Frame], outers: Sequence[int | None]) -> bool:
    """Cut what is said where the statement around it begins that stands behind it; whether there was any."""
    cut = False
    for frame, outer in zip(frames, outers, strict=True):
        if outer is None or not frames[outer].after or frame.after:
            continue
        for first, behind in frames[outer].content:
            if first <= frame.first and frame.behind <= behind:
                kept = [(start, min(end, behind)) for start, end in frame.content if start < behind]
                if kept and kept != frame.content:
                    frame.content, cut = kept, True
    return cut
