"""Whose a credit is: whether a name is the article's own outlet, a person's, or stands where a byline does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from provenance.attribution.outlets import Gazetteer, looks_like_outlet
from provenance.attribution.scopes import RUNNING, Credit
from provenance.model import Article, Source, Span

# "The Associated Press" with its article, misspelt or not; "The Hill newspaper", "the website of O"
_ARTICLE: Final = re.compile(r"^(?:thee?|the website of(?: the)?)\s+(?=\S)")
_DESCRIPTOR: Final = re.compile(r"(?<=\w)[’']?s?\s(?:newspaper|magazine|website|web ?site)$")
_BYLINE_WORD: Final = re.compile(r"\b(?:by|staff|correspondent|reporter|newswire)\b", re.IGNORECASE)
_AUTHOR_LINE: Final = re.compile(r"(?:[Bb]y )?[^\W\d_][\w.’'-]{0,20}(?: [^\W\d_][\w.’'-]{0,20}){1,3}")
_FAR: Final = 400
"""Characters behind which a bare name is no byline."""


PAGE_PRIORS: Final = {
    "canonical": 0.98,
    "is-based-on": 0.98,
    "credit-text": 0.9,
    "source-organization": 0.9,
    "syndication-source": 0.95,
    "original-source": 0.9,
    "byline": 0.93,
    "republish-notice": 0.97,
    "source-link": 0.85,
}
"""How sure a credit of the page outside its text is, by what it is."""


def is_place(place: str) -> bool:
    """Whether the words before "- AGENCY" are a dateline's: in capitals, in a script without them, or with a date.

    A photographer's name before "/AGENCY" is a picture credit.
    """
    return place == place.upper() or any(letter.isdigit() for letter in place)


def bare_name(name: str, gazetteer: Gazetteer) -> str:
    """A name without its article, and without a descriptor behind it that the gazetteer does not have."""
    text = _ARTICLE.sub("", name)
    bare = _DESCRIPTOR.sub("", text)
    return bare if bare != text and gazetteer.lookup(bare) is not None else text


def person_like(source: Source) -> bool:
    """Whether a collection's outlet bears a name such as people have: a column of somebody's own."""
    words = source.name.split()
    capital = all(word[:1].isupper() and not word.isupper() for word in words)
    known = Gazetteer.default().lookup(source.name) is not None
    return (
        source.kind == "outlet"
        and 2 <= len(words) <= 3
        and capital
        and not known
        and not looks_like_outlet(source.name)
    )


def is_byline(text: str, span: Span, index: int, source: Source) -> bool:
    """Whether a line that names an agency or outlet stands where a byline does.

    "By O" and "O Staff" say so themselves. A bare name says so before the text; behind it stands the credit of a
    picture or the heading of a part. The bare name of an outlet that is no agency must open the text or follow its
    author.
    """
    line = text[span.start : span.end]
    if _BYLINE_WORD.search(line):
        return True
    before = [part for part in text[: min(span.start, _FAR)].split("\n") if part.strip()]
    if span.start >= _FAR or any(len(part) > 2 * RUNNING for part in before):
        return False
    return source.kind == "agency" or index == 0 or bool(_AUTHOR_LINE.fullmatch(before[-1].strip()))


def is_own(source: Source, article: Article, gazetteer: Gazetteer) -> bool:
    """Whether a credit names the article's own outlet or a part of it ("O Magazine"), which is no credit."""
    hosted = gazetteer.by_host(article.url) if article.url else None
    if hosted is not None and source.outlet and hosted == gazetteer.lookup(source.outlet):
        return True
    mine = {hosted.name.casefold()} if hosted is not None else set()
    if article.outlet:
        own = gazetteer.lookup(article.outlet)
        mine |= {article.outlet.casefold(), (own.name if own is not None else article.outlet).casefold()}
    name = source.name.casefold()
    if name in mine:
        return True
    return any(name.startswith(f"{one} ") for one in mine) and Gazetteer.default().lookup(source.name) is None


def without_own(credits_found: Iterable[Credit], article: Article, gazetteer: Gazetteer) -> list[Credit]:
    """The credits of an article, each once and none of its own outlet."""
    kept: list[Credit] = []
    seen: set[tuple[str, ...]] = set()
    for credit in credits_found:
        key = (credit.kind, str(credit.content), *(source.name for source in credit.chain))
        if key not in seen and not is_own(credit.chain[0], article, gazetteer):
            seen.add(key)
            kept.append(credit)
    return kept
