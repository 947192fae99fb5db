"""The outlets of a collection as entries of the gazetteer: names, hosts, and the acronyms that the articles define.

"Veldmark Press Agency (VPA)" in any article defines an acronym, and so does "(VPA)" in an article of the outlet whose
initials it is: its own dateline or sign-off. An acronym that two outlets of the collection could bear is given to
neither.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from provenance.attribution.outlets import Outlet
from provenance.model import Article

_ACRONYM: Final = re.compile(r"[(/]([^\W\d_]{2,6})[)/]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_AGENCY: Final = re.compile(
    r"\b(?:agency|newswire|wire service|agentur|agence|agencia|agenzia|агентств\w{0,2})\b", re.IGNORECASE
)
_LINKING: Final = frozenset(["of", "the", "and", "for", "de", "la", "des", "der", "und", "du", "del"])
_BEFORE: Final = 80
"""Characters before a bracketed acronym in which the name it stands for is looked for."""


def collection_outlets(articles: Iterable[Article]) -> list[Outlet]:
    """The outlets that the articles of a collection name as their own, sorted by name."""
    hosts: dict[str, Counter[str]] = defaultdict(Counter)
    texts: dict[str, list[Article]] = defaultdict(list)
    bracketed: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        found = [(match.group(1), match.start()) for match in _ACRONYM.finditer(article.text)]
        for acronym, at in found:
            if acronym.isupper() and len(bracketed[acronym]) < _MOST_PLACES:
                bracketed[acronym].append(article.text[max(0, at - _BEFORE) : at].rstrip())
        name = (article.outlet or "").strip()
        if name:
            texts[name].append(article)
            host = urlsplit(article.url).hostname if article.url and _is_address(article.url) else None
            hosts[name][(host or "").removeprefix("www.")] += 1
    candidates: dict[str, set[str]] = defaultdict(set)
    for name, own in texts.items():
        acronym = initials(name)
        if acronym and _defined(name, acronym, bracketed, own):
            candidates[acronym].add(name)
    return [
        Outlet(
            name=name,
            kind="agency" if _AGENCY.search(name) else "outlet",
            aliases=tuple(acronym for acronym, names in sorted(candidates.items()) if names == {name}),
            domain=_only_host(hosts[name]),
        )
        for name in sorted(texts)
    ]


_MOST_PLACES: Final = 50
"""Places kept of one acronym; what it stands for is said at the first ones."""


def initials(name: str) -> str:
    """The initials of a name of two to six words, in capitals, linking words apart; empty where it has others."""
    words = [word for word in _WORD.findall(name) if word.casefold() not in _LINKING]
    return "".join(word[0] for word in words).upper() if 2 <= len(words) <= 6 else ""


def _defined(name: str, acronym: str, bracketed: dict[str, list[str]], own: Iterable[Article]) -> bool:
    if any(before.casefold().endswith(name.casefold().removeprefix("the ")) for before in bracketed.get(acronym, ())):
        return True
    return any(f"({acronym})" in article.text or f"/{acronym}/" in article.text for article in own)


def _is_address(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _only_host(hosts: Counter[str]) -> str:
    named = [host for host in hosts if host]
    return named[0] if len(named) == 1 else ""
