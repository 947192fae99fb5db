"""Lead-ins: the words right before a passage that name whom it is from, such as "Anna Berg wrote:" on its own line.

They are read without grammar: a name or address of the other article's outlet or author must stand there in full. What
the attributions say is weighed by itself (`unseen.Credit`); this finds what they leave, in any language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.model import Span
from provenance.settings import ChainSettings
from provenance.text.folding import fold_text

_COLON = re.compile(r":[ \t]{0,8}\r?\n")
_ENDED = re.compile(r"[.!?][\"'”’»)]{0,2}[ \t]{0,8}\r?\n[ \t]{0,8}\r?\n")
"""Where a paragraph ends with a whole sentence: what stands before it leads in nothing that follows."""
_NAME_PARTS = re.compile(r"[<>()\[\]\"]")
_SHORTEST_NAME = 5
"""Letters of a name of one word: shorter ones are words of the language too often."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The words of one lead-in, folded with a space around each, and where they stand."""

    words: str
    span: Span


@lru_cache(maxsize=65536)
def called(name: str) -> tuple[str, ...]:
    """The ways to name an outlet or a writer in full, folded with a space around each word.

    A name with an address in brackets gives both; a name with initials also gives itself without them.
    """
    found: list[str] = []
    for part in _NAME_PARTS.split(name):
        words = fold_text(part).split()
        full = [word for word in words if len(word) > 1]
        found.extend(
            f" {' '.join(one)} " for one in (words, full) if len(one) > 1 or (one and len(one[0]) >= _SHORTEST_NAME)
        )
    return tuple(dict.fromkeys(found))


def leads(text: str, spans: Sequence[Span], settings: ChainSettings) -> tuple[Lead, ...]:
    """The lead-ins of a passage: what stands just before it, and lines before or in it that end with a colon."""
    reach = settings.lead_characters
    found: list[Span] = []
    for span in spans[: settings.maximum_leads]:
        if span.start:
            found.append(Span(after_sentence(text, max(0, span.start - reach), span.start), span.start))
        for colon in _COLON.finditer(text, max(0, span.start - reach), span.end):
            found.append(Span(_line_start(text, colon.start(), reach), colon.end()))
            if len(found) >= 2 * settings.maximum_leads:
                break
    return tuple(
        Lead(f" {' '.join(fold_text(text[one.start : one.end]).split())} ", one) for one in dict.fromkeys(found)
    )


def after_sentence(text: str, start: int, end: int) -> int:
    """Where what may lead in begins: behind the last paragraph that ends with a whole sentence."""
    return max((found.end() for found in _ENDED.finditer(text, start, end)), default=start)


def _line_start(text: str, end: int, reach: int) -> int:
    """Where the line that ends here begins, or the one before it unless it is empty; at most so far back."""
    floor = max(0, end - reach)
    start = text.rfind("\n", floor, end) + 1
    if start > floor + 1 and text[start - 2] != "\n":
        start = text.rfind("\n", floor, start - 1) + 1
    return max(start, floor)


def naming(found: Sequence[Lead], name: str) -> tuple[Lead, ...]:
    """The lead-ins that name an outlet or a writer."""
    ways = called(name)
    return tuple(lead for lead in found if any(way in lead.words for way in ways))
