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


_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LISTS: Final = r"(?:newsletters?|mailing list|updates|alerts|e-?mails?|briefing|digest)\b"

_ADDRESS: Final = r"[^\n]{0,60}"
_POSTS: Final = r"(?:columnist|contributor|fellow|editor|commentator|professor|analyst|strategist|correspondent)"

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
    _phrase("you will receive", r"\byou will receive (?:e-?mails?|updates|news)\b"),
    _phrase("you agree to receive"),
    _phrase("you may opt", r"\byou may opt[ -]out\b"),
    _phrase("thank you for subscribing"),
    _phrase("please try again later"),
    _phrase("newsletter", r"newsletter sign ?up|(?:manage|view all|select a)\b[^.\n]{0,40}\bnewsletters?\b"),
    _phrase("inbox", r"\b(?:in|to) your inbox\b"),
    _phrase("robot", r"verify (?:that )?you(?:['\u2019]re| are) (?:not a robot|human)"),
    _phrase("follow us on", r"follow us on (?:facebook|twitter|telegram|instagram|x\b)"),
    _phrase("follow ", r"\bfollow [^.\n]{0,60}\bon (?:facebook|twitter|telegram|instagram)\b", whole_line=True),
    _phrase("follow ", r"\bfollow (?:me|us|him|her|them) (?:on|at)\b"),
    _phrase("follow me", r"\byou can follow me\b"),
    _phrase("got a tip", r"\bgot a (?:\w+ )?tip\b", whole_line=True),
    _phrase("e-mail", rf"\be-mail (?:us|me|him|her|them)\b{_ADDRESS}"),
    _phrase("email", rf"\bemail (?:us|me|him|her|them|\S{{1,60}}@)\b{_ADDRESS}"),
    _phrase("contact me at"),
    _phrase("to find out more about"),
    _phrase("web page at", r"\bvisit\b[^.\n]{0,80}\bweb page at\b"),
    _phrase("visit ", r"\bvisit (?:www\.)?[\w-]{1,40}\.(?:com|org|net)\b"),
    _phrase("check local listings"),
    _phrase("check out the", r"(?<![^\n])[ \t*\u2022-]{0,4}check out the\b"),
    _phrase("see also:", whole_line=True),
    _phrase("also see:", whole_line=True),
    _phrase("also on ", r"\(\s?also on \w{1,30}:", whole_line=True),
    _phrase("photos:", r"(?<![^\n])photos:", whole_line=True),
    _phrase("editor", r"\beditor['\u2019]s note:", whole_line=True),
    _phrase("author", r"\bis (?:also )?(?:the |an )?(?:co-?)?authors? of\b|\bauthor whose \d{0,3} ?books\b"),
    _phrase("book is", r"\b(?:his|her|their|['\u2019]s) (?:\w+ ){0,2}book is\b"),
    _phrase("is a ", rf"\bis an? (?:[\w.-]+ ){{0,3}}{_POSTS} (?:at|for|to|with|of the (?:daily|weekly))\b"),
    _phrase("column appears"),
    _phrase("weekly column"),
    _phrase("refresh", r"\bhit your .?refresh.? button\b"),
    _phrase("play-by-play keep reading"),
    _phrase("transcript", r"\brush transcript\b|\btranscripts? (?:are|is) created on a rush deadline\b"),
    _phrase("post has been updated"),
    _phrase("conducted by telephone", r"\b(?:poll|survey) was conducted by telephone\b"),
    _phrase("image", r"\bimage \d{1,3} of \d{1,3}\b", whole_line=True),
    _phrase("jwplayer", whole_line=True),
    _phrase(" percent", r"(?<![^\n])[^\n.]{3,60}[\u2013-] \d{1,3}(?:\.\d)? percent/?(?![^\n])", whole_line=True),
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
        # nothing beyond a line's end reaches into the stretch
        first = max(0, span.start - around, text.rfind("\n", max(0, span.start - around), span.start) + 1)
        last = min(len(text), span.end + around)
        below = text.find("\n", span.end, last)
        window = text[first : below + 1 if below >= 0 else last]
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


def name_share(text: str) -> float:
    """The share of a stretch's words, 0 to 1, that are written as names are; words in capitals throughout are not.

    Args:
        text: the stretch; a script without capitals has no names to be told by.
    """
    words: list[str] = _LETTERS.findall(text)
    names = sum(word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words)
    return names / max(1, len(words))


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
