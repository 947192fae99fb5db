"""Page furniture told by its words: what pages say to their readers, and captions that a page prints twice.

Whatever a phrase stands in is furniture with it: the sentence for words to the reader, the whole line for the controls
of picture galleries and video players, whose captions stand between the controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from provenance.model import Span
from provenance.settings import ReuseSettings


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a page says to its reader.

    Attributes:
        anchor: letters that every occurrence holds, in lower case; looking for them is fifty times as fast as the
            pattern.
        pattern: the words, in lower case; matches in linear time.
        whole_line: whether it makes its whole line furniture, not its sentence only: controls and authors' notes.
    """

    anchor: str
    pattern: re.Pattern[str]
    whole_line: bool = False


def _phrase(anchor: str, pattern: str = "", *, whole_line: bool = False) -> Phrase:
    return Phrase(anchor, re.compile(pattern or re.escape(anchor)), whole_line)


_LISTS: Final = r"(?:newsletters?|mailing list|updates|alerts|e-?mails?|briefing|digest)\b"

PHRASES: Final = (
    _phrase("your email address will not be published"),
    _phrase("your e-mail address will not be published"),
    _phrase("invalid email address"),
    _phrase("required fields are marked"),
    _phrase("leave a", r"\bleave a (?:reply|comment)\b"),
    _phrase("please enter your", r"please enter your (?:comment|name|e-?mail)"),
    _phrase("related", r"\brelated (?:posts|articles|stories|news)\b"),
    _phrase("sign up", rf"\bsign up (?:here\b|now\b|today\b|(?:for|to)\b[^.\n]{{0,60}}\b{_LISTS})"),
    _phrase("signing up", r"\bby signing up, you\b"),
    _phrase("subscribe", rf"\bsubscribe (?:here\b|now\b|(?:for|to) (?:our|the|my|this)\b[^.\n]{{0,40}}\b{_LISTS})"),
    _phrase("newsletter", r"newsletter sign ?up|(?:manage|view all|select a)\b[^.\n]{0,40}\bnewsletters?\b"),
    _phrase("inbox", r"\b(?:in|to) your inbox\b"),
    _phrase("robot", r"verify (?:that )?you(?:['\u2019]re| are) (?:not a robot|human)"),
    _phrase("follow us on", r"follow us on (?:facebook|twitter|telegram|instagram|x\b)"),
    _phrase("follow ", r"\bfollow [^.\n]{0,60}\bon (?:facebook|twitter|telegram|instagram)\b", whole_line=True),
    _phrase("follow ", r"\bfollow (?:me|us|him|her|them) (?:on|at)\b"),
    _phrase("of the author", r"\b(?:views|opinions) of the authors?\b[^.\n]{0,60}\bnot\b"),
    _phrase("comments policy"),
    _phrase("tweets at", r"\btweets at @", whole_line=True),
    _phrase("can be reached at", whole_line=True),
    _phrase("share", r"\bshare (?:this|on) (?:article|story|post|facebook|twitter|email)\b"),
    _phrase("cookies", r"this (?:site|website) uses cookies|we use cookies|accept (?:all )?cookies"),
    _phrase("all rights reserved"),
    _phrase("copyright", r"\bcopyright (?:©|\(c\)|(?:19|20)\d\d\b)"),
    _phrase("reprint permission"),
    _phrase("may not be", r"may not be (?:published|reproduced), (?:broadcast|published|rewritten|redistributed)"),
    _phrase("cannot be", r"cannot be (?:published|reproduced), (?:broadcast|published|rewritten|redistributed)"),
    _phrase("click here", r"\bclick here (?:to|for)\b|, click here\b"),
    _phrase("click for more", r"\bclick for more (?:from|on)\b"),
    _phrase("content", r"\b(?:skip|jump) to (?:main )?content\b|\bcontent partner (?:offering|providing)\b"),
    _phrase("privacy policy", r"terms (?:of use|of service|and conditions)[^.\n]{0,40}privacy policy"),
    _phrase("support", r"\bsupport (?:our|independent) journalism\b"),
    _phrase("the views expressed in this", r"the views expressed in this (?:article|column|piece) are"),
    _phrase("the opinions expressed in", r"the opinions expressed in this (?:article|column|piece|commentary) are"),
    _phrase("vote now"),
    _phrase("contributed to this", r"\bcontributed to (?:this|the) (?:report|story|article|post)\b"),
    _phrase("sampling error", r"\b(?:margin of )?sampling error\b[^.\n]{0,80}\bplus[ -]or[ -]minus\b"),
    _phrase("margin of error", r"\bmargin of error\b[^.\n]{0,80}\b(?:plus[ -]or[ -]minus|percentage points)\b"),
    _phrase("landline", r"\b(?:poll|survey)\b[^.\n]{0,120}\blandline\b|\blandline (?:and|or) cell"),
    _phrase("questioned by telephone", r"\b\d{3,4} adults? (?:\w+ ){0,3}questioned by telephone\b"),
    _phrase("hide caption", whole_line=True),
    _phrase("toggle caption", whole_line=True),
    _phrase("replay more videos", whole_line=True),
    _phrase("just watched", r"\bjust watched\b[^\n]{0,300}\bmust watch\b", whole_line=True),
)
"""What pages say to their readers and what their galleries and players are labelled with."""

_ENDS: Final = ("\n", ". ", "! ", "? ", ".\u201d ", '." ')


class FurnitureReader:
    """Tells how much of a stretch of text is page furniture by its words."""

    def __init__(self, settings: ReuseSettings) -> None:
        self._settings = settings

    def is_furniture(self, text: str, span: Span) -> bool:
        """Whether the stretch is mostly words to the reader of the page or captions printed twice.

        Args:
            text: the article.
            span: the stretch of it.
        """
        if self.addressed(text, span) >= self._settings.furniture_share * len(span):
            return True
        return self._doubled(text, span) >= self._settings.furniture_share * len(span)

    def addressed(self, text: str, span: Span) -> int:
        """Characters of a stretch in sentences that speak to the reader or in lines of page controls."""
        around = self._settings.furniture_context
        first, last = max(0, span.start - around), min(len(text), span.end + around)
        window = text[first:last]
        lowered = window.lower()
        if len(lowered) != len(window):  # a letter that lower-cases to two would shift the offsets
            lowered = window
        total = reached = 0
        for start, end in sorted(_stretches(lowered)):
            begin, stop = max(start + first, span.start, reached), min(end + first, span.end)
            if stop > begin:
                total += stop - begin
                reached = stop
        return total

    def _doubled(self, text: str, span: Span) -> int:
        """Characters of a stretch in lines that its article prints twice, as pages do with captions and teasers."""
        shortest = self._settings.furniture_doubled_characters
        doubled = 0
        lines = text[span.start : span.end].split("\n")
        for line in lines[: self._settings.furniture_lines]:
            words = line.strip()
            if len(words) >= shortest and text.count(words) > 1:
                doubled += len(line)
        return doubled


def _stretches(window: str) -> Iterator[tuple[int, int]]:
    """The sentences and lines that phrases stand in, as offsets into a window of lower-cased text."""
    for phrase in PHRASES:
        if phrase.anchor not in window:
            continue
        reached = 0
        for found in phrase.pattern.finditer(window):
            if found.start() < reached:
                continue
            ends = ("\n",) if phrase.whole_line else _ENDS
            start = max((at + len(end) for end in ends if (at := window.rfind(end, 0, found.start())) >= 0), default=0)
            after = max(found.start(), found.end() - 1)
            stops = [at + len(end) for end in ends if (at := window.find(end, after)) >= 0]
            reached = min(stops, default=len(window))
            yield start, reached
