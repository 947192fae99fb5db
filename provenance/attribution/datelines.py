"""Datelines and agency formulas of scripts without capitals, as the cue files give them.

"新华社北京12月16日电（记者李明）", "دمشق-سانا", "القاهرة (رويترز) -", and the same in brackets at the end of a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from provenance.attribution.lexicon import LANGUAGES, cue_file
from provenance.attribution.names import as_source
from provenance.attribution.outlets import Gazetteer, Outlet
from provenance.attribution.scopes import Credit
from provenance.model import Span

_SCRIPT: Final = re.compile("[\u0600-\u06ff\u3400-\u9fff]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_OPENING: Final = 130
_CLOSING: Final = 60
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class _Formula:
    name: str
    pattern: re.Pattern[str]
    prior: float
    agency: bool
    end: bool


@lru_cache(maxsize=1)
def _formulas() -> tuple[_Formula, ...]:
    return tuple(
        _Formula(
            str(table["name"]),
            re.compile(str(table["pattern"])),
            float(table["prior"]),
            bool(table.get("agency")),
            bool(table.get("end")),
        )
        for language in LANGUAGES
        for table in cue_file(language).get("datelines", ())
    )


def dateline(text: str, span: Span, gazetteer: Gazetteer) -> Credit | None:
    """The agency or outlet that a paragraph opens with; None where it opens otherwise.

    Args:
        text: the whole text.
        span: the paragraph.
        gazetteer: where the name must be known.
    """
    head = text[span.start : min(span.end, span.start + _OPENING)]
    if head.isascii() or _SCRIPT.search(head) is None:
        return None
    return _found(head, span.start, gazetteer, end=False)


def sign_off(text: str, span: Span, gazetteer: Gazetteer) -> Credit | None:
    """The agency or outlet in brackets that a paragraph ends with; None where it ends otherwise."""
    start = max(span.start, span.end - _CLOSING)
    tail = text[start : span.end]
    if tail.isascii() or tail[-1] not in ")）." or _SCRIPT.search(tail) is None:
        return None
    return _found(tail, start, gazetteer, end=True)


def opening(text: str, span: Span, gazetteer: Gazetteer, credits_found: list[Credit]) -> bool:
    """Add the credit that a paragraph opens with, if it does; see `dateline`."""
    credit = dateline(text, span, gazetteer)
    if credit is not None:
        credits_found.append(credit)
    return credit is not None


def closing(text: str, span: Span, gazetteer: Gazetteer, credits_found: list[Credit]) -> bool:
    """Add the credit that a paragraph ends with, if it does; see `sign_off`."""
    credit = sign_off(text, span, gazetteer)
    if credit is not None:
        credits_found.append(credit)
    return credit is not None


def _found(stretch: str, offset: int, gazetteer: Gazetteer, *, end: bool) -> Credit | None:
    for formula in _formulas():
        if formula.end is not end:
            continue
        match = formula.pattern.search(stretch)
        if match is None:
            continue
        known = _known(match.group("name"), gazetteer)
        if known is None or (formula.agency and known[0].kind != "agency"):
            continue
        outlet, length = known
        first = offset + match.start("name")
        return Credit(
            kind="sign-off" if end else "dateline",
            rule=f"credit:dateline:{formula.name}",
            chain=(as_source(outlet),),
            span=Span(offset + match.start(), offset + match.end()),
            named=Span(first, first + length),
            prior=formula.prior,
        )
    return None


def _known(name: str, gazetteer: Gazetteer) -> tuple[Outlet, int] | None:
    """The outlet a name is, or in Chinese begins with, since the place stands behind without a space; its length."""
    outlet = gazetteer.lookup(name)
    if outlet is not None:
        return outlet, len(name)
    words = name.split(" ")
    for count in range(len(words) - 1, 0, -1):
        outlet = gazetteer.lookup(" ".join(words[:count]))
        if outlet is not None:
            return outlet, len(" ".join(words[:count]))
    if _HAN.match(name):
        for length in range(len(name) - 1, _SHORTEST_NAME - 1, -1):
            outlet = gazetteer.lookup(name[:length])
            if outlet is not None:
                return outlet, length
    return None
