"""The outlets of a collection as entries of the gazetteer: names, hosts, and the acronyms that the articles define.

"Veldmark Press Agency (VPA)" in any article defines an acronym, and so does "(VPA)" in an article of the outlet whose
initials it is: its own dateline or sign-off. An acronym that two outlets of the collection could bear is given to
neither.

What one article contributes is its `Trace`, which can be kept: a changed article then changes the outlets without the
texts of the others being read again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from provenance.attribution.outlets import Outlet, searchable
from provenance.model import Article

TRACE_METHOD: Final = "1"
"""Raised when a trace of the same article changes."""

_ACRONYM: Final = re.compile(r"[(/]([^\W\d_]{2,6})[)/]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_AGENCY: Final = re.compile(
    r"\b(?:agency|newswire|wire service|agentur|agence|agencia|agenzia|агентств\w{0,2})\b", re.IGNORECASE
)
_LINKING: Final = frozenset(["of", "the", "and", "for", "de", "la", "des", "der", "und", "du", "del"])
_BEFORE: Final = 80
"""Characters before a bracketed acronym in which the name it stands for is looked for."""
MOST_PLACES: Final = 50
"""Places kept of one acronym; what it stands for is said at the first ones."""

_IN_ADDRESSES: Final = str.maketrans(dict.fromkeys("\t\n\r", ""))
_ASCII: Final = bytes(range(128))
# letters that SQLite's search index and `str.casefold` fold one to one, without marks of their own; dashes and quotes
_OTHER: Final = re.compile(
    "[^\xa0-\xb4\xb6-\xde\xe0-\u012f\u0131-\u0148\u014a-\u017e\u0400-\u045f\u2010-\u203a\u20ac\u2122]"
)
# marks that names are compared without, within a word
_MARK_INSIDE: Final = re.compile('["“”«»„](?=\\w)(?<=\\w.)')


@dataclass(frozen=True, slots=True)
class Trace:
    """What one article contributes to the outlets of its collection, and where names of outlets may stand in it.

    Attributes:
        outlet: its own outlet; empty where it has none.
        host: the host of its address, without `www.`.
        names_itself: whether the initials of its outlet stand in it in brackets or between slashes.
        brackets: acronyms in brackets or between slashes, each with the words before it.
        plain: whether a full-text index finds all names in its text: no letter that it folds in its own way.
        page: outlet, address and credits from outside the text, for looking names up.
    """

    outlet: str
    host: str
    names_itself: bool
    brackets: tuple[tuple[str, str], ...]
    plain: bool
    page: str


def trace(article: Article) -> Trace:
    """What one article contributes."""
    text = article.text
    brackets: list[tuple[str, str]] = []
    seen: Counter[str] = Counter()
    for match in _ACRONYM.finditer(text):
        acronym, at = match.group(1), match.start()
        if acronym.isupper() and seen[acronym] < MOST_PLACES:
            seen[acronym] += 1
            brackets.append((acronym, text[max(0, at - _BEFORE) : at].rstrip()))
    name = (article.outlet or "").strip()
    acronym = initials(name)
    host = urlsplit(article.url).hostname if article.url and _is_address(article.url) else None
    page = [article.outlet or "", article.url or ""]
    page += [part for credit in article.credits for part in (credit.text, credit.name, credit.url) if part]
    # addresses are read without the tabs and line breaks in them
    page += [part.translate(_IN_ADDRESSES) for part in page]
    rest = (
        f"{text}{article.title or ''}".encode("utf-8", "surrogatepass")
        .translate(None, _ASCII)
        .decode("utf-8", "surrogatepass")
    )
    return Trace(
        outlet=name,
        host=(host or "").removeprefix("www."),
        names_itself=bool(acronym) and (f"({acronym})" in text or f"/{acronym}/" in text),
        brackets=tuple(brackets),
        plain=_OTHER.search(rest) is None and _MARK_INSIDE.search(text) is None,
        page=searchable("\n".join(dict.fromkeys(page))),
    )


def collection_outlets(articles: Iterable[Article]) -> list[Outlet]:
    """The outlets that the articles of a collection name as their own, sorted by name."""
    own: list[tuple[str, str, bool]] = []
    bracketed: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        found = trace(article)
        own.append((found.outlet, found.host, found.names_itself))
        for acronym, before in found.brackets:
            if len(bracketed[acronym]) < MOST_PLACES:
                bracketed[acronym].append(before)
    return outlets_of(own, lambda acronym: bracketed.get(acronym, ()))


def outlets_of(own: Iterable[tuple[str, str, bool]], before: Callable[[str], Sequence[str]]) -> list[Outlet]:
    """The outlets of a collection from its traces, sorted by name.

    Args:
        own: outlet, host and `names_itself` of each article; equal ones need be given only once.
        before: what stands before an acronym at its first `MOST_PLACES` places, articles in the order of their ids.
    """
    hosts: dict[str, set[str]] = defaultdict(set)
    self_named: set[str] = set()
    for name, host, names_itself in own:
        if name:
            hosts[name].add(host)
            if names_itself:
                self_named.add(name)
    candidates: dict[str, set[str]] = defaultdict(set)
    for name in hosts:
        acronym = initials(name)
        if acronym and (name in self_named or _defined(name, before(acronym))):
            candidates[acronym].add(name)
    aliases: dict[str, list[str]] = defaultdict(list)
    for acronym, names in sorted(candidates.items()):
        if len(names) == 1:
            aliases[min(names)].append(acronym)
    return [
        Outlet(
            name=name,
            kind="agency" if _AGENCY.search(name) else "outlet",
            aliases=tuple(aliases.get(name, ())),
            domain=_only_host(hosts[name]),
        )
        for name in sorted(hosts)
    ]


def initials(name: str) -> str:
    """The initials of a name of two to six words, in capitals, linking words apart; empty where it has others."""
    words = [word for word in _WORD.findall(name) if word.casefold() not in _LINKING]
    return "".join(word[0] for word in words).upper() if 2 <= len(words) <= 6 else ""


def _defined(name: str, before: Iterable[str]) -> bool:
    ending = name.casefold().removeprefix("the ")
    return any(words.casefold().endswith(ending) for words in before)


def _is_address(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _only_host(hosts: Iterable[str]) -> str:
    named = [host for host in hosts if host]
    return named[0] if len(named) == 1 else ""
