"""Names as an article gives them: titles and roles taken off, surnames and acronyms filled up, kinds told apart."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.attribution.outlets import Gazetteer, Outlet, folded, one_letter_apart
from provenance.model import Article, Source, SourceKind
from provenance.settings import AttributionSettings

POSSESSIVE: Final = re.compile(r"(?:'s|’s|['’])$")
UNRESOLVED: Final = Source("?", "unnamed")
"""Who a pronoun means where nothing in the article says so."""
_ACRONYM: Final = re.compile(r"\(([A-Z][A-Za-z-]{1,9})\)")
_CAPITAL_RUN: Final = re.compile(r"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the)\s+){0,2}){1,7})$")
_PARTICLES_TEXT: Final = """
al el bin ibn abu von van de der den di da del la le ben
"""
_PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
_SURNAMES_TEXT: Final = """
king prince bishop pope major marshal baker butcher carpenter clerk guard skipper sailor fisherman shepherd cook porter
farmer priest judge abbott
"""
_FIELDS: Final = frozenset(["affairs", "security", "services", "defense", "defence", "finance", "justice", "interior"])
"""What an office is for, before its holder's name: "Veterans Affairs Ann Cole"."""
_SURNAMES: Final = frozenset(_SURNAMES_TEXT.split())
"""Roles that are as likely somebody's name."""
_FULL_NAMES: Final = 40
_HELD_ALONE: Final = frozenset(
    ["president", "mayor", "governor", "senator", "chancellor", "premier", "sheriff", "king", "queen", "pope", "judge"]
)
"""Offices of which a text mostly means one holder."""
_HELD_BY: Final = r"((?:[A-Z][\w’'-]{1,20} ){0,2}[A-Z][\w’'-]{1,20})\b"
"""Full names looked at for what a short one means."""
_ELIDED: Final = re.compile(r"\b([dlDL]['’]) ")
_PLACE_AND_NAME: Final = 3
_PATRONYMICS: Final = ("вич", "вича", "вичем", "вичу", "вна", "вны", "вной", "вне", "ична", "ичны")
_CORE_END: Final = re.compile("[opbwtd,(ac-]")


class Names:
    """The names of one article, filled up as they are met."""

    def __init__(self, text: str, lexicon: Lexicon, gazetteer: Gazetteer, settings: AttributionSettings):
        self.text = text
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.settings = settings
        self._full: dict[str, str] = {}
        self._people: set[str] = set()
        self._first: dict[str, str] = {}
        self._searches = 0
        self._holders: dict[str, list[list[str]]] = {}
        self._ending: dict[str, list[Outlet]] = {}

    def named(  # noqa: PLR0911 - the kinds of name, one return each
        self, words: list[str], tags: str, first: int, core: int
    ) -> Source:
        """A source that is named: a person without titles, an organisation with its whole name."""
        names = [
            POSSESSIVE.sub("", word) if tags[index] == "j" and index == core - 1 else word
            for index, word in enumerate(words)
        ]
        start = core - 1
        while start > first and (
            tags[start - 1] == "N" or (names[start - 1] in _PARTICLES and start - 1 > first and tags[start - 2] == "N")
        ):
            start -= 1
        run = [name.strip(",") for name in names[start:core]]
        if len(run) == 1:
            found = self.gazetteer.lookup(run[0])
            if found is not None and tags[core - 1] != "j" and not self.is_person(run[0]):
                return as_source(found)
            if "outlet" in self.lexicon.kinds(run[0].lower()):
                return Source(clean(joined(names[first:core])), "collective")
        held = self._role_holder(names[first:start], run) or self._office(names[first:start], names[start:core])
        if held is not None:
            return held
        plural = run[-1].endswith("s") or (len(run) == 1 and self.lexicon.inverts)
        if plural and "collective" in self.lexicon.kinds(run[-1].lower()):
            return self._collective(names, tags, first, core)
        role = start > first and "person" in self.lexicon.kinds(names[start - 1].lower())
        while role and len(run) > 2 and run[0].isupper() and len(run[0]) > 1:
            run = run[1:]
        articled = start == first > 0 and tags[0] == "d" and not self.lexicon.capital_nouns
        person = self._as_person(run, tags[core : core + 2], role=role, articled=articled)
        if person is not None:
            return person
        titled = self._last_title(run) == len(run) - 1
        organisation = self._is_organisation(run)
        if organisation or titled or "o" in tags[core:] or "(" in tags[core:]:
            behind = core if titled and not organisation else _name_end(tags, core)
            while start > first and not role and (tags[start - 1] in "nN" or _plural_owner(names[start - 1])):
                start -= 1
            name = clean(joined(names[start:behind]))
            return Source(name, "person") if titled and not organisation else self._organisation(name, run)
        if len(run) == 1:
            return self._single(run[0])
        if run[-1].endswith("s") and "person" in self.lexicon.kinds(run[-1].lower()):
            return Source(clean(joined(names[first:core])), "collective")
        if 2 <= len(run) <= 4 and all(word[:1].isupper() for word in run) and not articled:
            return self.person(run)
        return Source(clean(joined(names[first:core])), "organization")

    def _office(self, before: list[str], names: list[str]) -> Source | None:
        """An office by the name behind it: "управление МВД"."""
        if not before or "office" not in self.lexicon.kinds(before[-1].lower()):
            return None
        return Source(clean(joined([before[-1], *names])), "organization")

    def _collective(self, names: list[str], tags: str, first: int, core: int) -> Source:
        """A group that is named, with what it is of: "Médicos del Mundo"."""
        behind = _name_end(tags, core) if self.lexicon.head_first and tags[core : core + 2] == "oN" else core
        return Source(clean(joined(names[first:behind])), "collective")

    def _role_holder(self, before: list[str], run: list[str]) -> Source | None:
        """As in "главы пресс-службы Анны Коул", "глава МЧС": roles, the offices that they have, and names in a row."""
        kinds = self.lexicon.kinds
        if self.lexicon.definites or not self.lexicon.inverts:
            return None
        if not any("person" in kinds(word.lower()) for word in before):
            return None
        while len(run) > 1 and (run[0].isupper() or "organization" in kinds(run[0].lower())):
            run = run[1:]
        if len(run) == _PLACE_AND_NAME and not run[1].endswith(_PATRONYMICS):
            # "президент Чили Андрес Роа"
            run = run[1:]
        if len(run) > 1:
            return None if self._is_organisation(run) else self.person(run)
        if (run[0].isupper() and len(run[0]) > 1) or "organization" in kinds(run[0].lower()):
            return Source(clean(joined([*before, *run])), "person")
        return None

    def _is_organisation(self, run: list[str]) -> bool:
        """Whether a run of capitals holds a word that organisations have, or is a place known by several words."""
        kinds = self.lexicon.kinds
        for word in run:
            if "organization" in kinds(word.lower()):
                return True
        return " ".join(run).lower() in self.lexicon.places

    def _as_person(self, run: list[str], behind: str, *, role: bool, articled: bool) -> Source | None:
        """The person that a run of capitals surely is: behind a title or a role, or as one "of the" something."""
        titled = self._last_title(run)
        if titled < 0 and len(run) > 2 and "person" in self.lexicon.kinds(run[0].lower()):
            # "Commissioner Ann Cole": a role with a capital before a whole name
            titled = 0
        if titled < 0 and len(run) > 3 and run[1].lower() not in _SURNAMES and not run[1].endswith("s"):
            # "Conference Chair Ann Cole"
            titled = 1 if "person" in self.lexicon.kinds(run[1].lower()) else titled
        organisation = self._is_organisation(run)
        if titled < len(run) - 1 and (titled >= 0 or (role and not organisation)):
            return self.person(run[titled + 1 :])
        if not organisation and not articled and 2 <= len(run) <= 3 and behind == "od":
            return self.person(run)
        return None

    def _last_title(self, run: list[str]) -> int:
        """The place of the last title in a run of capitals, or -1; where all nouns have capitals any role is one."""
        titles = self.lexicon.titles
        for index in range(len(run) - 1, -1, -1):
            word = run[index].rstrip(".").lower()
            if word in titles:
                return index
            if self.lexicon.capital_nouns and index < len(run) - 1 and "person" in self.lexicon.kinds(word):
                return index
        return -1

    def titled(self, run: list[str]) -> Source | None:
        """The person behind the last title in a run of capitals; None where none is one."""
        title = self._last_title(run)
        return self.person(run[title + 1 :]) if 0 <= title < len(run) - 1 else None

    def is_person(self, name: str) -> bool:
        """Whether a word that names an outlet is somebody's surname in this article."""
        return (
            name[:1].isupper()
            and not name.isupper()
            and self.gazetteer.ambiguous(name)
            and self._full_name(name) != name
        )

    def person(self, run: list[str]) -> Source:
        """A person of this name, by the fullest form of it in the article."""
        slash = max((at for at, word in enumerate(run) if "/" in word), default=-1)
        # the photographer's credit before "Cole": "Tom Reed/O Cole"
        run = run[slash + 1 :] if -1 < slash < len(run) - 1 else run
        name = " ".join(run)
        if len(run) == 1:
            full = self._full_name(run[0])
            return Source(full, "person")
        self._full.setdefault(run[-1], name)
        self._people.add(name)
        if run[0].lower() not in self.lexicon.places:
            self._first.setdefault(run[0], name)
        return Source(name, "person")

    def _organisation(self, name: str, run: list[str]) -> Source:
        acronym = _ACRONYM.search(name)
        if acronym:
            name = _spelt_out(name[: acronym.start()], acronym.group(1)) or name
            self._full[acronym.group(1)] = name
        elif len(run) == 1 and run[0].isupper():
            return Source(self._expanded(run[0]), "organization")
        return Source(name, "organization")

    def _single(self, word: str) -> Source:
        """One capitalised word: an acronym, a surname, or a place that stands for a government."""
        if word.isupper() and len(word) > 1:
            return Source(self._expanded(word), "organization")
        full = self._full_name(word)
        if full != word or word in self._people:
            return Source(full, "person")
        if word in self._first:
            # "Kong" of Kong Quan, where the family's name comes first
            return Source(self._first[word], "person")
        kinds = self.lexicon.kinds(word.lower())
        if "collective" in kinds:
            return Source(word, "collective")
        if "person" in kinds:
            return Source(word, "collective" if word.endswith("s") else "person")
        return Source(word, "organization")

    def _expanded(self, acronym: str) -> str:
        if acronym not in self._full and self._searches < self.settings.maximum_name_searches:
            self._searches += 1
            at = self.text.find(f"({acronym})")
            self._full[acronym] = acronym
            if at > 0:
                run = _CAPITAL_RUN.search(self.text[max(0, at - 120) : at])
                if run and _initials_fit(run.group(1), acronym):
                    whole = _spelt_out(run.group(1), acronym)
                    self._full[acronym] = whole or f"{clean(run.group(1))} ({acronym})"
        return self._full.get(acronym, acronym)

    def _full_name(self, surname: str) -> str:
        """The fullest form of a surname in the article: the capitalised words before one of its occurrences."""
        if surname in self._full:
            return self._full[surname]
        if self._searches >= self.settings.maximum_name_searches:
            return surname
        self._searches += 1
        best = surname
        at = self.text.find(surname)
        tries = 0
        while at >= 0 and tries < 20:
            tries += 1
            behind = self.text[at + len(surname) : at + len(surname) + 1]
            before = re.search(
                r"((?:(?:[A-ZÀ-ÖØ-ÞА-ЯЁ]\.|[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]*) ){1,3})$", self.text[max(0, at - 60) : at]
            )
            if before and not behind.isalnum():
                words = before.group(1).split()
                titled = max(
                    (i for i, w in enumerate(words) if w.rstrip(".").lower() in self.lexicon.titles), default=-1
                )
                given = words[titled + 1 :][-2:]
                if given and not self._given(given[-1]):
                    given = []
                elif given and not self._given(given[0]):
                    given = given[1:]
                if given and given[0].lower().rstrip(".") not in self.lexicon.tags and not given[0].isupper():
                    best = " ".join([*given, surname])
                    self._people.add(best)
                    break
            at = self.text.find(surname, at + 1)
        self._full[surname] = best
        return best

    def _given(self, word: str) -> bool:
        """Whether a word before a surname may be a given name: no office, no "Nations", no "In"."""
        parts = word.lower().split("-")
        if word.endswith(("'s", "’s")) or parts[0] in self.lexicon.titles or parts[0] in self.lexicon.tags:
            return False
        return parts[-1] not in _FIELDS and self.lexicon.kinds(parts[-1]).isdisjoint({"person", "organization"})

    def holder(self, title: str) -> Source | None:
        """Who "the president" is: the only one with the title before the name in the text; None if unclear."""
        if title not in _HELD_ALONE or not self.lexicon.definites or self.lexicon.inverts:
            return None
        if title not in self._holders:
            held = re.finditer(rf"(?<![Vv]ice[ -])(?<![Ff]ormer )\b{title.capitalize()} {_HELD_BY}", self.text)
            found = islice(held, _FULL_NAMES)
            self._holders[title] = [match.group(1).split() for match in found]
        names = self._holders[title]
        if not names or len({run[-1] for run in names}) > 1:
            return None
        return self.person(max(names, key=len))

    def outlet_meant(self, outlet: Outlet, words: list[str], own: Source | None) -> Outlet:
        """The outlet that a short name means here: "The Times" in the Washington Times, or behind "Los Angeles Times".

        One word that is an alias of one outlet and ends the names of others is the article's own outlet's, else that
        of the only such outlet that the article names in full.
        """
        word = words[-1]
        if len(words) != 1 + (words[0].lower() == "the") or folded(outlet.name) == folded(word):
            return outlet
        if own is not None and own.outlet is not None and own.name != outlet.name and own.name.split()[-1] == word:
            return self.gazetteer.lookup(own.name) or outlet
        if word not in self._ending:
            self._ending[word] = self._named_in_full(word)
        named = self._ending[word]
        return named[0] if len(named) == 1 else outlet

    def _named_in_full(self, word: str) -> list[Outlet]:
        """The outlets that an article names with a capitalised word or two before the one given."""
        found: dict[str, Outlet] = {}
        for match in islice(
            re.finditer(rf"((?:[A-Z][\w.]{{1,20}} ){{1,3}}){re.escape(word)}\b", self.text), _FULL_NAMES
        ):
            before = match.group(1).split()
            for first in range(len(before)):
                known = self.gazetteer.lookup(" ".join([*before[first:], word]))
                if known is not None:
                    found[known.name] = known
                    break
        return list(found.values())

    def unify(self, name: str, known: list[str]) -> str:
        """A misspelt outlet's name as the article has it elsewhere, or the gazetteer: "Rossiva-24" is Rossiya-24."""
        for other in known:
            if other != name and one_letter_apart(name, other, self.settings.variant_letters):
                return other
        return name


def as_source(outlet: Outlet) -> Source:
    """An outlet of the gazetteer as a node of a chain."""
    return Source(outlet.name, outlet.kind, outlet.name)


def own_outlet(article: Article, gazetteer: Gazetteer) -> Source | None:
    """The article's own outlet as a node."""
    if not article.outlet:
        return None
    known = gazetteer.lookup(article.outlet)
    return as_source(known) if known is not None else Source(article.outlet, "outlet", article.outlet)


def same_source(one: Source, other: Source) -> bool:
    """Whether two nodes are the same by name."""
    return folded(one.name) == folded(other.name)


def _plural_owner(word: str) -> bool:
    """As in "Pilots’ Guild": a plural possessive with a capital is part of a name."""
    return word[:1].isupper() and word.endswith(("s’", "s'"))


def behind_possessor(tags: str) -> int:
    """As in "the US Department of Defense's Rebecca Rebarich": where the name behind a possessive starts, or 0."""
    at = tags.rfind("j", 0, len(tags) - 1)
    return at + 1 if at >= 0 and set(tags[at + 1 :]) == {"N"} and ("o" in tags[:at] or len(tags) - at > 2) else 0


def core_end(tags: str, first: int) -> int:
    """Behind the head of the phrase: before its first preposition, comma or bracket."""
    for match in _CORE_END.finditer(tags, first + 1):
        index = match.start()
        if tags[index] != "c" or tags[index - 1] != "N" or tags[-1] not in "ne":
            return index
    return len(tags)


def _name_end(tags: str, core: int) -> int:
    """Where an organisation's name ends: with "of …", "for …" phrases and an acronym in brackets."""
    behind = core
    while behind < len(tags) and tags[behind] in "opdNnc()":
        behind += 1
    while behind > core and tags[behind - 1] in "opdc(":
        behind -= 1
    return behind


def joined(words: list[str]) -> str:
    """Words as text, brackets and commas closed up."""
    return _ELIDED.sub(r"\1", " ".join(words).replace("( ", "(").replace(" )", ")").replace(" ,", ","))


def clean(name: str) -> str:
    """A name without article, possessive and marks around it."""
    text = " ".join(name.split())
    for article in ("The ", "the "):
        text = text.removeprefix(article)
    return POSSESSIVE.sub("", text.strip(' ,;:-–—"“”'))


def common_kind(kinds: frozenset[str], head: str, *, definite: bool) -> SourceKind:
    """What sort of source a common noun is, by the kinds that the lexicon gives it."""
    plural = head.endswith("s")
    for kind in ("artefact", "statement"):
        if kind in kinds:
            return "artefact" if kind == "artefact" else "statement"
    if "anonymous" in kinds:
        return "anonymous"
    if "collective" in kinds or "outlet" in kinds:
        return "collective"
    if "organization" in kinds:
        return "collective" if plural and not definite else "organization"
    return "collective" if plural else "anonymous"


def _spelt_out(words: str, acronym: str) -> str | None:
    """The end of "White House and Department of Health" that DH stands for, with it; None where none is just so."""
    parts = words.split()
    for first in range(parts.index("and") + 1 if "and" in parts else len(parts), len(parts)):
        if parts[first][0].isupper() and "".join(part[0] for part in parts[first:] if part[0].isupper()) == acronym:
            # "Department of Health and Human Services (HHS)"
            whole = first > 1 and parts[first - 1] == "of" and parts[first - 2][0].isupper()
            return f"{' '.join(parts[first - 2 * whole :])} ({acronym})"
    return None


def _initials_fit(run: str, acronym: str) -> bool:
    initials = "".join(word[0] for word in run.split() if word[0].isupper())
    letters = acronym.upper()
    return letters in initials or initials in letters or initials[-1:] == letters[-1:]
