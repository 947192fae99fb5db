"""Outlet names as they are compared: a credit's "the Norrland Post", an article's `Norrland Post`, a page's host.

Two names are one outlet where they have a form in common (case, accents, punctuation and a leading "the" aside): the
whole name, what stands in brackets behind it, or a domain; or where they differ in a word such as "News" alone and
their articles stand on one site (`houses`). A form that two outlets of the collection share, such as an acronym,
identifies neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from provenance.chains.houses import core, one_house, owners, site
from provenance.errors import ProvenanceError
from provenance.model import Article, Source
from provenance.text.folding import fold_text

_BRACKETS = re.compile(r"[(<\[]([^()<>\[\]]{1,80})[)>\]]")
_COMPOSED = re.compile(r"[(<\[.]")
"""What a name has that holds something in brackets, or a domain."""
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18}")
_PLAIN_ADDRESS = re.compile(r"https?://([a-z0-9.-]{1,253})(?:[/?#]|\Z)")
"""Most addresses; the library's parser takes ten times as long."""
_AGENCY = re.compile(
    r"\b(?:news|press|wire|information)[ -](?:agency|service)\b|\bnewswire\b|\bpresse-?agentur\b|\bnachrichtenagentur\b"
    r"|\bagence de presse\b|\bagencia de noticias\b|информационное агентство|агентство новостей|وكالة|通讯社",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"the"})
_NAMES_REMEMBERED: Final = 65536
"""As many as the caches of folded names hold; a large collection has millions of speakers."""
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
    plain = _PLAIN_ADDRESS.match(address)
    if plain:
        return _shortened(plain.group(1))
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return _shortened(found)


@lru_cache(maxsize=65536)
def _shortened(found: str) -> str:
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
    if _COMPOSED.search(name) is None:
        plain = fold(name)
        return (plain,) if plain else ()
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
        sites: article id to the domain it stands on, for those with an address.
        owners: domain to the key of the outlet whose site it is.
    """

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._cores: dict[str, set[str]] = defaultdict(set)
        self._meant: dict[str, str] = {}
        self._guests: dict[str, bool] = {}
        self.display: dict[str, str] = {}
        self.of: dict[str, str] = {}
        self.sites: dict[str, str] = {}
        named = [articles[document] for document in sorted(articles)]
        self._introduce_all(named)
        held: dict[str, list[str]] = defaultdict(list)
        for article in named:
            key = self._own(article)
            self.of[article.id] = key
            if key:
                held[key].append(article.id)
        self.owners = owners((where, self.of[document]) for document, where in self.sites.items() if self.of[document])
        self.agencies = frozenset(key for key, name in self.display.items() if _AGENCY.search(name))
        self.held: dict[str, tuple[str, ...]] = {key: tuple(ids) for key, ids in held.items()}

    def _introduce_all(self, named: Iterable[Article]) -> None:
        """Learn the names that the articles carry, those of one house under one key."""
        hosts: dict[str, set[str]] = defaultdict(set)
        for article in named:
            where = host(article.url) if article.url else ""
            if where:
                self.sites[article.id] = site(where)
            if article.outlet and forms(article.outlet):
                hosts[article.outlet].update({where} if where else ())
        sites: dict[str, set[str]] = defaultdict(set)
        for name, known in hosts.items():
            sites[forms(name)[0]].update(map(site, known))
        self._house = one_house({key: frozenset(known) for key, known in sites.items()})
        for name in sorted(hosts, key=lambda name: (len(forms(name)[0]), name)):
            self._introduce(name, sorted(hosts[name]))

    def _introduce(self, name: str, hosts: Iterable[str]) -> None:
        key = self._house[forms(name)[0]]
        self.display.setdefault(key, name)
        for form in (*forms(name), *_initials(name), *hosts):
            self._keys[form].add(key)
        self._cores[core(forms(name)[0])].add(key)

    def _own(self, article: Article) -> str:
        if article.outlet and forms(article.outlet):
            return self._house[forms(article.outlet)[0]]
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

    def one_site(self, one: str, other: str) -> bool:
        """Whether two articles stand on one publisher's site, whoever wrote them."""
        where = self.sites.get(one, "")
        return bool(where) and where == self.sites.get(other, "")

    def owner(self, document: str) -> str:
        """The key of the outlet on whose site an article stands; empty where that is not known."""
        return self.owners.get(self.sites.get(document, ""), "")

    def writes_for_others(self, key: str) -> bool:
        """Whether an outlet's articles stand on other outlets' sites alone: a guest writer, not a publisher."""
        if key not in self._guests:
            self._guests[key] = all(self.owner(document) not in {"", key} for document in self.held.get(key, ("",)))
        return self._guests[key]

    def key(self, name: str) -> str:
        """The key of the outlet a name means: a held one where it is one of theirs, else its own folded form."""
        meant = self._meant.get(name)
        if meant is None:
            if len(self._meant) >= _NAMES_REMEMBERED:
                self._meant.clear()
            meant = self._meant[name] = self._look_up(name)
        return meant

    def _look_up(self, name: str) -> str:
        known = forms(name)
        if not known:
            return ""
        if known[0] in self._house:
            return self._house[known[0]]
        # a full name decides before an acronym can, and the same name with "News" behind it before brackets do
        alike = self._cores.get(core(known[0]), set())
        if len(alike) == 1:
            return next(iter(alike))
        for form in known:
            meant = self._keys.get(form, set())
            if self._house.get(form, form) in meant:
                return self._house.get(form, form)
            if len(meant) == 1:
                return next(iter(meant))
        return known[0]

    def key_of(self, source: Source) -> str:
        """The key of a source: its canonical outlet name where it has one, else its name as written."""
        return self.key(source.outlet or source.name)

    def name(self, key: str, otherwise: str) -> str:
        """How to write an outlet: as the collection does, else as the credit does."""
        return self.display.get(key, otherwise)

    def introduced(self) -> Introduced:
        """The names that the articles introduce, as plain values to keep."""
        return {
            "forms": {form: sorted(self._keys[form]) for form in sorted(self._keys) if self._keys[form]},
            "cores": {form: sorted(self._cores[form]) for form in sorted(self._cores)},
            "display": {key: [name] for key, name in sorted(self.display.items())},
            "held": {key: ["guest"] if self.writes_for_others(key) else [] for key in sorted(self.held)},
        }


Introduced = dict[str, dict[str, list[str]]]
"""Forms of names with the outlets they mean, outlets with how they are written, and outlets with articles held."""


class NameChanges:
    """Which names mean another outlet, or are written otherwise, than they were when something was worked out."""

    def __init__(self, before: Introduced, outlets: Outlets) -> None:
        now = outlets.introduced()
        self._outlets = outlets
        self._forms = _differing(before.get("forms", {}), now["forms"])
        self._cores = _differing(before.get("cores", {}), now["cores"])
        written = (before.get("display", {}), now["display"])
        self._keys = _differing(*written) | _differing(before.get("held", {}), now["held"])
        # an outlet is looked up again by the name it is written by
        for display in written:
            self._keys.update(
                key
                for key, names in display.items()
                if not self._forms.isdisjoint(f for one in names for f in forms(one))
            )

        # the forms and cores by which a name can lead to one of them
        self._to = self._forms | self._keys | _leading(now["forms"], self._keys)
        self._to_cores = self._cores | _leading(now["cores"], self._keys)

    def __bool__(self) -> bool:
        return bool(self._forms or self._cores or self._keys)

    def concern(self, name: str) -> bool:
        """Whether a name is one of those."""
        known = forms(name)
        if self._to.isdisjoint(known) and not (known and core(known[0]) in self._to_cores):
            return False
        if not self._forms.isdisjoint(known) or (known and core(known[0]) in self._cores):
            return True
        return self._outlets.key(name) in self._keys


def _differing(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    return {key for key in before.keys() | now.keys() if key not in before or key not in now or before[key] != now[key]}


def _leading(meanings: Mapping[str, Iterable[str]], keys: set[str]) -> set[str]:
    """The forms that mean one of some outlets."""
    return {form for form, meant in meanings.items() if not keys.isdisjoint(meant)}


def by_id(articles: Iterable[Article]) -> dict[str, Article]:
    """Articles by id, sorted.

    Raises:
        ProvenanceError: two different articles carry one id.
    """
    found: dict[str, Article] = {}
    for article in articles:
        known = found.setdefault(article.id, article)
        if known is not article and known != article:
            raise ProvenanceError(
                "two different articles carry this id", where=article.id, remedy="give each article an id of its own"
            )
    return {document: found[document] for document in sorted(found)}
