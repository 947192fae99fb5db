"""The gazetteer: names of agencies and outlets, their aliases and hosts, and which of the names need support.

A name such as "RT", "The Cradle" or "Focus" is a word too. It is accepted only with support: a cue beside it, a
descriptor (agency, newspaper, TV), a link host, or an earlier introduction. Case counts for acronyms ("AA", "MAP").
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA, Levenshtein

from provenance.errors import MalformedError, UnreadableError

OutletKind = Literal["agency", "outlet"]
_COLUMNS: Final = ("name", "aliases", "domain", "country", "kind", "ambiguous", "hosts")
_APOSTROPHES: Final = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": "", "”": "", '"': "", "«": "", "»": "", "„": ""}
)
_MARKS: Final = [(chr(mark), plain) for mark, plain in _APOSTROPHES.items()]
_SPACES: Final = re.compile(r"[\s\u00a0_-]+")
# case endings of Russian names of outlets: «Интерфаксу», «Медузы», «Коммерсанта», «Известий»
_CYRILLIC_END: Final = re.compile("(?:ом|ой|ем|ей|ям|ями|ях|(?<=и)й|[аеиуыюя])$")
_SHORTEST_MISSPELT: Final = 9
"""Letters from which on a name one letter off is the same name."""
# an adjective that opens a German name in another case: "der Süddeutschen Zeitung"
_GERMAN_CASE: Final = re.compile(r"(?<=[^\W\d_]{3})en (?=[a-zäöü])")
_REMEMBERED: Final = 100_000
_ARTICLES: Final = frozenset(["the", "The"])
_LONGEST_REMEMBERED: Final = 80
NAME_PART: Final = re.compile(r"[^\s'’_.«»„“”\"-]+")
"""A part of a name: no space, hyphen, full stop, apostrophe or quotation mark."""
_OUTLET_WORD_TEXT: Final = """
times news post radio tv television herald tribune journal gazette press agency channel today daily observer
chronicle telegraph magazine network broadcasting star mirror express standard examiner inquirer dispatch
courier review monitor newspaper newswire wire zeitung anzeiger nachrichten rundschau kurier tageblatt gazeta
pravda mail globe bulletin ledger register sentinel weekly tageszeitung morgenpost echo reporter media
"""
_OUTLET_WORD: Final = frozenset(_OUTLET_WORD_TEXT.split())
# "Rossiya-24", "Channel 4"; not "May 23", "Proposition 8"
_CHANNEL: Final = re.compile(
    r"[^\W\d_]{3,}-\d{1,2}|(?:Channel|TV|Radio|France|Rossiya|Россия|Канал|Kanal|Canal|Antena|Rete) \d{1,2}",
    re.IGNORECASE,
)
_SITE: Final = re.compile(
    r"[\w-]{2,60}(?:\.[\w-]{1,40}){0,3}\.(?:com|org|net|info|ru|de|co|tv|news|uk|co\.uk|io|fr|ir|sy)"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One agency or outlet as the gazetteer knows it."""

    name: str
    kind: OutletKind
    aliases: tuple[str, ...] = ()
    domain: str = ""
    country: str = ""
    ambiguous: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    """The user's own words for it, such as "state media"; nothing is inferred from them."""
    hosts: tuple[str, ...] = ()
    """Its further hosts: another address, an edition's own, a mirror that it runs itself."""


@lru_cache(maxsize=_REMEMBERED)
def folded(name: str) -> str:
    """A name for comparing: no article, apostrophes and hyphens alike, one space, case folded."""
    text = _SPACES.sub(" ", name.translate(_APOSTROPHES)).strip(" .,;:/").casefold()
    for article in ("the ", "der ", "die ", "das ", "le ", "la "):
        if article == "the " and text.startswith(article) and len(text) > len(article):
            return text[len(article) :]
    return text


def searchable(text: str) -> str:
    """A text in which the words of every name that `Gazetteer.lookup` finds in it stand as `name_words` gives them."""
    # `translate` takes thirty times as long for a text that is not all ASCII
    for mark, plain in _MARKS:
        if mark in text:
            text = text.replace(mark, plain)
    found = text.casefold()
    # Arabic writes "to" and the article as one: للجزيرة is ل and الجزيرة
    return f"{found}\n{found.replace('لل', 'ال')}" if "لل" in found else found


@lru_cache(maxsize=_REMEMBERED)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without an ending that `Gazetteer.lookup` passes over, sorted."""
    return tuple(sorted(set(NAME_PART.findall(_CYRILLIC_END.sub("", folded(name))))))


class Gazetteer:
    """A set of outlets that can be looked up by name or host; never changed after it is made."""

    def __init__(self, outlets: Iterable[Outlet]):
        self.outlets = tuple(outlets)
        self._names: dict[str, Outlet] = {}
        self._exact: dict[str, Outlet] = {}
        # "The Hill", "The Age": names only with their article
        self._articled: dict[str, Outlet] = {}
        self._ambiguous: set[str] = set()
        self._hosts: dict[str, Outlet] = {}
        self._openings: set[str] = set()
        self._opening_of: dict[str, bool] = {}
        self._found: dict[str, Outlet | None] = {}
        self._near: dict[str, Outlet | None] = {}
        self._by_length: dict[int, list[str]] | None = None
        self._unopened = False
        for outlet in self.outlets:
            for host in (outlet.domain, *outlet.hosts):
                if host:
                    self._hosts.setdefault(host.casefold(), outlet)
            for name in (outlet.name, *outlet.aliases):
                key = folded(name)
                if not key:
                    continue
                opening = NAME_PART.match(key)
                if opening is not None:
                    self._openings.add(opening.group())
                    self._openings.add(_CYRILLIC_END.sub("", opening.group()))
                else:
                    self._unopened = True
                if name.startswith("The ") and key.count(" ") == 0 and key not in self._names:
                    self._articled.setdefault(key, outlet)
                    self._openings.add("the")
                elif name.isupper() and len(name) <= 5:
                    self._exact.setdefault(name, outlet)
                else:
                    self._names.setdefault(key, outlet)
                if name in outlet.ambiguous:
                    self._ambiguous.add(key)
        # no phrase without a word of these holds an alias as it is written
        self.alias_openings = frozenset([alias.split(" ", 1)[0] for outlet in self.outlets for alias in outlet.aliases])
        self.longest = max(
            (len(folded(name).split()) for o in self.outlets for name in (o.name, *o.aliases)), default=1
        )

    @classmethod
    def default(cls) -> Gazetteer:
        """The gazetteer that comes with the package."""
        return _default()

    @classmethod
    def from_csv(cls, path: Path) -> Gazetteer:
        """Read `name,aliases,domain,country,kind,ambiguous,hosts` (lists split by `|`); name and kind are required.

        Other columns are passed over, such as `checked` of the package's own file (docs/gazetteer.md).

        Raises:
            UnreadableError: the file cannot be read.
            MalformedError: a column is missing, or a row's kind is neither `agency` nor `outlet`.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise UnreadableError(str(error.strerror), where=str(path), remedy="name a readable CSV file") from error
        except UnicodeDecodeError as error:
            raise MalformedError("not UTF-8", where=str(path), remedy="save it as UTF-8") from error
        return cls(_read(text, str(path)))

    def with_outlets(self, names: Iterable[str | Outlet]) -> Gazetteer:
        """This gazetteer and more outlets, such as those of a collection; names it knows already change nothing."""
        more = []
        for name in sorted(names, key=str):
            outlet = name if isinstance(name, Outlet) else Outlet(name=name.strip(), kind="outlet")
            if outlet.name and self.lookup(outlet.name) is None:
                more.append(outlet)
        return Gazetteer((*self.outlets, *more)) if more else self

    def tables(self) -> tuple[dict[str, Outlet], dict[str, Outlet], dict[str, Outlet]]:
        """The outlets by name: folded ones, folded ones that need their article, and acronyms as they are written."""
        return self._names, self._articled, self._exact

    def hosts(self) -> dict[str, Outlet]:
        """The outlets by the host of their addresses."""
        return self._hosts

    def reach(self) -> tuple[int, bool, tuple[str, ...]]:
        """What of the names bears on texts that hold none of them: the longest one's words, and what may open one."""
        return self.longest, "the" in self._openings, tuple(sorted(self._openings)) if self._unopened else ()

    def signature(self) -> tuple[object, ...]:
        """All outlets, written the same in every process."""
        return tuple(
            (one.name, one.kind, one.aliases, one.domain, one.country, tuple(sorted(one.ambiguous)), one.hosts)
            for one in self.outlets
        )

    def lookup(self, name: str) -> Outlet | None:
        """The outlet of this name or alias; None where there is none. Short acronyms must be in capitals."""
        if name in self._found:
            return self._found[name]
        outlet = self._look_up(name)
        if len(self._found) < _REMEMBERED and len(name) < _LONGEST_REMEMBERED:
            self._found[name] = outlet
        return outlet

    def _look_up(self, name: str) -> Outlet | None:
        text = name.translate(_APOSTROPHES).strip(" .,;:/")
        if text[:4] in {"the ", "The "}:
            text = text[4:]
            articled = self._articled.get(folded(text))
            if articled is not None and text[:1].isupper():
                return articled
        if text in self._exact:
            return self._exact[text]
        key = folded(text)
        found = self._names.get(key)
        if found is None and len(key) > 5 and _CYRILLIC_END.search(key):
            stem = _CYRILLIC_END.sub("", key)
            found = self._names.get(stem) or self._names.get(f"{stem}а") or self._names.get(f"{stem}я")
            # plurals: "Ведомостей"
            found = found or self._names.get(f"{stem}и")
        if found is None and key.endswith("en") and " " in key:
            # "Augsburger Allgemeinen"
            found = self._names.get(key[:-1])
        if found is None and "en " in key:
            found = self._names.get(_GERMAN_CASE.sub("e ", key, count=1))
        return found

    def misspelt(self, name: str) -> Outlet | None:
        """The outlet whose name is this one but for a letter, or two that changed places; None where none is.

        "Rossiva-24" is Rossiya-24.

        Names must be long, so that the letter is a misspelling; figures in them must be the same. Only the outlets that
        come with the package are asked: what another article's outlet is called must not change how this one is read.
        """
        if self is not _default():
            return _default().misspelt(name)
        key = folded(name)
        if len(key) < _SHORTEST_MISSPELT or len(name) >= _LONGEST_REMEMBERED:
            return None
        if key not in self._near:
            if len(self._near) >= _REMEMBERED:
                return None
            self._near[key] = self._nearest(key)
        return self._near[key]

    def _nearest(self, key: str) -> Outlet | None:
        if self._by_length is None:
            self._by_length = defaultdict(list)
            for known in self._names:
                self._by_length[len(known)].append(known)
        figures = [letter for letter in key if letter.isdigit()]
        near = {
            self._names[known].name: self._names[known]
            for size in range(len(key) - 1, len(key) + 2)
            for known in self._by_length.get(size, ())
            if known[0] == key[0]
            and figures == [letter for letter in known if letter.isdigit()]
            and OSA.distance(key, known, score_cutoff=1) <= 1
        }
        return next(iter(near.values())) if len(near) == 1 else None

    def ambiguous(self, name: str) -> bool:
        """Whether the name is a common word or shared, so that it needs support."""
        return folded(name) in self._ambiguous

    def by_host(self, url: str) -> Outlet | None:
        """The outlet whose domain an address or a host belongs to."""
        host = host_of(url)
        while host.count("."):
            found = self._hosts.get(host)
            if found is not None:
                return found
            host = host.split(".", 1)[1]
        return None

    def within(self, words: list[str]) -> tuple[Outlet, int, int] | None:
        """The longest run of words that is an outlet's name, as (outlet, first, behind); the last such run if tied."""
        count = len(words)
        known = self._opening_of
        openings = [
            first
            for first in range(count - 1, -1, -1)
            if (known[words[first]] if words[first] in known else self._may_open(words[first]))
        ]
        if openings and openings[-1] == 0 and self._only_article(words):
            openings.pop()
        if not openings:
            return None
        for size in range(min(self.longest + 1, count), 0, -1):
            for first in openings:
                if first + size > count:
                    continue
                outlet = self.lookup(" ".join(words[first : first + size]))
                if outlet is not None:
                    return outlet, first, first + size
        return None

    def _only_article(self, words: list[str]) -> bool:
        """Whether a phrase starts with an article that opens no name: outlets are looked up without theirs."""
        if words[0] not in _ARTICLES or len(words) == 1 or not words[1].isalpha():
            return False
        return not self._may_open(words[1]) and self.lookup(words[0]) is None

    def _may_open(self, word: str) -> bool:
        known = self._opening_of.get(word)
        if known is None:
            known = self._opens(word)
            if len(self._opening_of) < _REMEMBERED:
                self._opening_of[word] = known
        return known

    def _opens(self, word: str) -> bool:
        match = NAME_PART.search(word)
        if match is None:
            return False
        key = match.group().casefold()
        if key.endswith("en") and key[:-1] in self._openings:
            return True
        return key in self._openings or _CYRILLIC_END.sub("", key) in self._openings


def host_of(url: str) -> str:
    """The host of an address, lower case, without `www.` and port; the text itself where it is a bare host."""
    text = url.strip()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").casefold()


def looks_like_outlet(name: str) -> bool:
    """Whether an unknown name has the form of an outlet: "Harbour Times", "Channel-7", "example.com"."""
    words = name.split()
    if not words:
        return False
    if _SITE.fullmatch(name) or _CHANNEL.fullmatch(name):
        return True
    last = words[-1].strip(".,").casefold()
    first = words[0].casefold() if words[0].casefold() != "the" or len(words) < 3 else words[1].casefold()
    named = len(words) > 1 and words[-1][:1].isupper() and last in _OUTLET_WORD
    return named or (len(words) > 1 and first in {"radio", "tv", "channel"} and words[-1][:1].isupper())


def one_letter_apart(one: str, other: str, shortest: int) -> bool:
    """Whether two names of at least `shortest` letters differ by one edit at most, as misspellings do."""
    if min(len(one), len(other)) < shortest:
        return False
    return Levenshtein.distance(one.casefold(), other.casefold(), score_cutoff=1) <= 1


def _read(text: str, where: str) -> list[Outlet]:
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames is None or not {"name", "kind"} <= set(reader.fieldnames):
        raise MalformedError("the columns name and kind are required", where=where, remedy=",".join(_COLUMNS))
    outlets = []
    for number, row in enumerate(reader, 2):
        kind, name = (row.get("kind") or "").strip(), (row.get("name") or "").strip()
        if not name or kind not in {"agency", "outlet"}:
            what = f"kind is {kind!r}" if name else "no name"
            raise MalformedError(what, where=f"{where}, line {number}", remedy="kind is agency or outlet")
        outlets.append(
            Outlet(
                name=name,
                kind="agency" if kind == "agency" else "outlet",
                aliases=_list(row.get("aliases")),
                domain=(row.get("domain") or "").strip(),
                country=(row.get("country") or "").strip(),
                ambiguous=frozenset(_list(row.get("ambiguous"))),
                hosts=_list(row.get("hosts")),
            )
        )
    return outlets


def _list(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split("|") if part.strip())


@lru_cache(maxsize=1)
def _default() -> Gazetteer:
    file = resources.files("provenance.attribution") / "outlets.csv"
    return Gazetteer(_read(file.read_text(encoding="utf-8"), "outlets.csv"))
