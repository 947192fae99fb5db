"""Credit in a page whose lines were run together: an agency and a date at the start, an agency behind the last stop."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution.names import as_source
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.scopes import Credit
from provenance.model import Source, Span

_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_INLINE: Final = re.compile(
    rf"(?<=\s)(?P<name>(?:Reuters|The Associated Press|Associated Press|[A-Z]{{2,6}})(?: Staff)?),?\s"
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?"
    rf"(?:\d{{1,2}}\s{_MONTH}|{_MONTH}\s\d{{1,2}},?)\s(?:19|20)\d\d\b"
)
_TRAILING: Final = re.compile(
    r"[.!?”\"’)]\s{0,2}(?P<credit>(?:[-–—]{1,2}\s?|(?P<word>[Ss]ource:?\s))(?P<name>[^\W\d_][^.!?\n]{1,30}))\.?\s{0,3}$"
)
_IN_BRACKETS: Final = re.compile(
    r"(?<=[.!?”\"’ ])\((?:[Ss]ource|[Vv]ia):\s?(?P<name>[A-Z][^()\n]{2,60})\)(?=[^.!?\n]{0,20}$)"
)
_INLINE_DATELINE: Final = re.compile(
    rf"(?<=[.!?]\s)[A-Z]{{3,16}}(?:\s[A-Z]{{3,16}})?,?\s(?:{_MONTH}\s\d{{1,2}},?\s)?"
    r"\((?P<name>[A-Z][\w ]{1,30})\)\s?[-–—]{1,2}\s"
)
_PRIOR: Final = 0.93
_BEFORE_OBJECT: Final = frozenset(
    ["told", "tells", "telling", "to", "with", "from", "by", "of", "in", "the", "for", "and", "via"]
)
_FAR: Final = 400
"""Characters in which a run-in byline is looked for."""
_LONGEST_MARK: Final = 90


def inline_byline(text: str, span: Span, gazetteer: Gazetteer) -> Credit | None:
    """An agency and a full date at the start of a paragraph, between headline and text.

    "Port closed by ice Reuters Monday 9 Feb 2015 The port …"; but not "told Reuters on Monday".
    """
    end = min(span.end, span.start + _FAR)
    dateline = _INLINE_DATELINE.search(text, span.start, end) if text.find(") ", span.start, end) > 0 else None
    wire = gazetteer.lookup(dateline.group("name")) if dateline is not None else None
    if dateline is not None and wire is not None and wire.kind == "agency":
        # "… the Observatory says. MOSCOW October 18 (RIA Novosti) - The …"
        return Credit(
            kind="dateline",
            rule="credit:inline-dateline",
            chain=(as_source(wire),),
            span=Span(*dateline.span()),
            named=Span(*dateline.span("name")),
            prior=_PRIOR,
        )
    if text.find("20", span.start, end) < 0 and text.find("19", span.start, end) < 0:
        # no year, no full date
        return None
    for match in _INLINE.finditer(text, span.start, end):
        found = gazetteer.lookup(match.group("name"))
        last = text[span.start : match.start()].rstrip().rpartition(" ")[2]
        if found is None or found.kind != "agency" or last.casefold() in _BEFORE_OBJECT or last.endswith(","):
            continue
        return Credit(
            kind="agency-byline",
            rule="credit:inline-byline",
            chain=(as_source(found),),
            span=Span(match.start(), match.end()),
            named=Span(*match.span("name")),
            prior=_PRIOR,
        )
    return None


def trailing_mark(text: str, span: Span, gazetteer: Gazetteer) -> Credit | None:
    """An agency's name behind the last stop: "… in December. --Reuters", "… used it. Source Reuters"."""
    bracket = _IN_BRACKETS.search(text, max(span.start, span.end - _LONGEST_MARK), span.end)
    if bracket is not None and len(span) > _LONGEST_MARK and gazetteer.lookup(bracket.group("name").strip()) is None:
        # a known outlet there is read by the rules of lines
        name = " ".join(bracket.group("name").split())
        return Credit(
            kind="source-line",
            rule="credit:bracketed",
            chain=(Source(name, "organization"),),
            span=Span(*bracket.span()),
            named=Span(*bracket.span("name")),
            prior=_PRIOR,
        )
    match = _TRAILING.search(text, max(span.start, span.end - _LONGEST_MARK), span.end)
    found = gazetteer.lookup(match.group("name").strip()) if match is not None else None
    if match is None or found is None or found.kind != "agency":
        return None
    return Credit(
        kind="source-line" if match.group("word") else "sign-off",
        rule="credit:trailing",
        chain=(as_source(found),),
        span=Span(match.start("credit"), match.end()),
        named=Span(*match.span("name")),
        prior=_PRIOR,
    )
