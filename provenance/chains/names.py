"""Outlet names as they are compared: a credit's "the Norrland Post", an article's `Norrland Post`, a page's host.

Two names are one outlet where they have a form in common (case, accents, punctuation and a leading "the" aside): the
whole name, what stands in brackets behind it, or a domain. A form that two outlets of the collection share, such as an
acronym, identifies neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from provenance.errors import ProvenanceError
from provenance.model import Article, Source
from provenance.text.folding import fold_text

_BRACKETS = re.compile(r"[(<\[]([^()<>\[\]]{1,80})[)>\]]")
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18}")
_AGENCY = re.compile(
    r"\b(?:news|press|wire|information)[ -](?:agency|service)\b|\bnewswire\b|\bpresse-?agentur\b|\bnachrichtenagentur\b"
    r"|\bagence de presse\b|\bagencia de noticias\b|информационное агентство|агентство новостей|وكالة|通讯社",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"the"})
_HOST_PREFIXES = frozenset({"www", "m", "amp", "mobile"})
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu"})


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name as one string of letters and digits: no case, accents, punctuation, spaces or leading "the"."""
    words = fold_text(name).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return "".join(words)


def host(url: str) -> str:
    """The host of an address in lower case, without `www.`, `m.`, `amp.` or a port; empty where there is none."""
    address = url.strip().lower()
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    labels = found.rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in _HOST_PREFIXES:
        labels = labels[1:]
    return ".".join(labels) if _DOMAIN.fullmatch(".".join(labels)) else ""


def address(url: str) -> str:
    """An address as pages are compared: host and path, no scheme, query, fragment or closing slash; or empty."""
    try:
        path = urlsplit(url.strip()).path.rstrip("/")
    except ValueError:
        return ""
    where = host(url)
    return f"{where}{path}" if where and path else ""


def _host_forms(where: str) -> list[str]:
    labels = where.split(".")
    if len(labels) == 2 or (len(labels) == 3 and labels[1] in _SECOND_LEVEL):
        label = fold(labels[0])
        return [where, label, label.removeprefix("the")] if len(label) > 4 else [where, label]
    return [where]


@lru_cache(maxsize=65536)
def forms(name: str) -> tuple[str, ...]:
    """The forms of an outlet's name, the whole name first: without brackets, the brackets' content, the domain."""
    found = [fold(_BRACKETS.sub(" ", name)) or fold(name)]
    found.extend(fold(inner) for inner in _BRACKETS.findall(name))
    where = host(name) if " " not in name.strip() else ""
    if where:
        found.extend(_host_forms(where))
    return tuple(dict.fromkeys(form for form in found if form))


def _initials(name: str) -> list[str]:
    """The acronym of a name of three words or more, as agencies are credited by."""
    words = fold_text(_BRACKETS.sub(" ", name)).split()
    words = words[1:] if words and words[0] in _ARTICLES else words
    return ["".join(word[0] for word in words)] if 3 <= len(words) <= 6 else []


class Outlets:
    """Who publishes what in a collection, and which of them a name means.

    Attributes:
        of: article id to the key of its outlet; empty where neither outlet nor address is known.
        held: outlet key to the ids of its articles, sorted.
        display: outlet key to the name as the collection writes it.
        agencies: the outlets whose own name says that they are news agencies.
    """

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self.display: dict[str, str] = {}
        self.of: dict[str, str] = {}
        named = [articles[document] for document in sorted(articles)]
        for article in named:
            if article.outlet and forms(article.outlet):
                self._introduce(article.outlet, article.url)
        held: dict[str, list[str]] = defaultdict(list)
        for article in named:
            key = self._own(article)
            self.of[article.id] = key
            if key:
                held[key].append(article.id)
        self.agencies = frozenset(key for key, name in self.display.items() if _AGENCY.search(name))
        self.held: dict[str, tuple[str, ...]] = {key: tuple(ids) for key, ids in held.items()}

    def _introduce(self, name: str, url: str | None) -> None:
        key = forms(name)[0]
        self.display.setdefault(key, name)
        for form in (*forms(name), *_initials(name)):
            self._keys[form].add(key)
        where = host(url) if url else ""
        if where:
            self._keys[where].add(key)

    def _own(self, article: Article) -> str:
        if article.outlet and forms(article.outlet):
            return forms(article.outlet)[0]
        where = host(article.url) if article.url else ""
        if not where:
            return ""
        known = self._keys.get(where, set())
        if len(known) == 1:
            return next(iter(known))
        self.display.setdefault(where, where)
        for form in _host_forms(where):
            self._keys[form].add(where)
        return where

    def key(self, name: str) -> str:
        """The key of the outlet a name means: a held one where it is one of theirs, else its own folded form."""
        known = forms(name)
        for form in known:
            # a name's whole form comes first, so a full name decides before an acronym can
            meant = self._keys.get(form, set())
            if form in meant:
                return form
            if len(meant) == 1:
                return next(iter(meant))
        return known[0] if known else ""

    def key_of(self, source: Source) -> str:
        """The key of a source: its canonical outlet name where it has one, else its name as written."""
        return self.key(source.outlet or source.name)

    def name(self, key: str, otherwise: str) -> str:
        """How to write an outlet: as the collection does, else as the credit does."""
        return self.display.get(key, otherwise)


def by_id(articles: Iterable[Article]) -> dict[str, Article]:
    """Articles by id, sorted.

    Raises:
        ProvenanceError: two different articles carry one id.
    """
    found: dict[str, Article] = {}
    for article in articles:
        if found.setdefault(article.id, article) != article:
            raise ProvenanceError(
                "two different articles carry this id", where=article.id, remedy="give each article an id of its own"
            )
    return {document: found[document] for document in sorted(found)}
