"""Who a source's words mean: head of the phrase, titles and appositions, acronyms, re-mentions and pronouns.

A pronoun or a definite phrase ("it", "the center", "the former militant") goes to who spoke before in a reporting
clause, with a check of number and of what sort of thing it is, never to the nearest noun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.attribution.outlets import Gazetteer, Outlet, folded, looks_like_outlet, one_letter_apart
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Source, SourceKind
from provenance.settings import AttributionSettings

_POSSESSIVE: Final = re.compile(r"(?:'s|’s|['’])$")
_ACRONYM: Final = re.compile(r"\(([A-Z][A-Za-z-]{1,9})\)")
_CAPITAL_RUN: Final = re.compile(r"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the)\s+){0,2}){1,7})$")
_THINGS: Final = frozenset(("agency", "outlet", "organization", "statement"))
_PARTICLES_TEXT: Final = """
al el bin ibn abu von van de der den di da del la le ben
"""
_PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
_REMEMBERED: Final = 60
_NAME_WORD: Final = re.compile(r"[\w-]+")
_CORE_END: Final = re.compile("[opbw,(ac-]")
_GENERIC_TEXT: Final = """
group organization organisation movement militia agency company party center centre
"""
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())


@dataclass(slots=True)
class Speaker:
    """Somebody who has spoken in this article."""

    source: Source
    plural: bool
    paragraph: int
    gender: str = ""


class Speakers:
    """The speakers of one article, in the order they spoke."""

    def __init__(self, text: str, lexicon: Lexicon, gazetteer: Gazetteer, settings: AttributionSettings):
        self.text = text
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.settings = settings
        self.spoken: list[Speaker] = []
        self.hidden: Source | None = None
        self._full: dict[str, str] = {}
        self._people: set[str] = set()
        self._searches = 0

    def remember(self, source: Source, paragraph: int, *, plural: bool = False, gender: str = "") -> None:
        """Note that somebody spoke, for later pronouns."""
        if source.kind == "unnamed":
            return
        if self.spoken and self.spoken[-1].source == source:
            self.spoken[-1].paragraph = paragraph
            self.spoken[-1].gender = self.spoken[-1].gender or gender
        else:
            self.spoken.append(Speaker(source, plural, paragraph, gender))

    def resolve(  # noqa: PLR0911 - the kinds of phrase, one return each
        self, sentence: Sentence, where: Range, paragraph: int
    ) -> tuple[Source, float]:
        """The source that tokens name, and what resolving it costs in confidence."""
        words = sentence.words[where[0] : where[1]]
        tags = sentence.tags[where[0] : where[1]]
        if len(words) == 1 and tags == "P":
            return self._pronoun(words[0].lower(), paragraph)
        start, end = sentence.span(*where)
        outlet = self.outlet_of(words, tags)
        if outlet is not None:
            return outlet, 1.0
        pair = tags.find("c")
        if pair > 0 and tags[pair - 1] == "N" == tags[-1] and not set("op") & set(tags):
            return Source(_clean(self.text[start:end]), "collective"), 1.0
        role = self._role_name(words, tags)
        if role is not None:
            return role, 1.0
        first = _behind_possessor(tags)
        while first < len(words) - 1 and tags[first] == "d":
            first += 1
        definite = first > 0 and words[0].lower() in self.lexicon.definites
        core = _core(tags, first)
        head = words[core - 1].strip(".,()")
        if tags[core - 1] == "j":
            head = _POSSESSIVE.sub("", head)
        kinds = self.lexicon.kinds(head.lower()) if tags[core - 1] not in "Nj" else frozenset()
        if "statement" in kinds and tags[core - 1] != "N":
            owner = self._owner(words, tags, first, core)
            if owner is not None:
                return owner, 1.0
            if definite:
                found = self._last(_THINGS | {"person"}, paragraph)
                if found is not None:
                    return found.source, self.settings.definite_factor
        if definite and tags[core - 1] not in "Nj":
            found_source = self._definite(words[first:core], tags[first:core], kinds, paragraph)
            if found_source is not None:
                return found_source, self.settings.definite_factor
        if tags[core - 1] in "Njq":
            return self._named(words, tags, first, core), 1.0
        name = _clean(self.text[sentence.starts[where[0] + first] if definite else start : end])
        return Source(name, _common_kind(kinds, head.lower(), definite=definite)), 1.0

    def outlet_of(self, words: list[str], tags: str) -> Source | None:  # noqa: PLR0911 - a list of refusals
        """The outlet or agency that a phrase names as its head, or as the name in apposition to a descriptor."""
        if not set("Nnq") & set(tags):
            return None
        names = [_POSSESSIVE.sub("", word) if tag == "j" else word for word, tag in zip(words, tags, strict=True)]
        found = self.gazetteer.within(names)
        if found is None:
            return self._outlet_by_shape(names, tags)
        outlet, first, behind = found
        if first and tags[first - 1] == "N" and self.gazetteer.ambiguous(" ".join(names[first:behind])):
            return self._outlet_by_shape(names, tags)
        if behind - first == 1 and self._is_person(names[first]):
            return None
        if not set("Njq") & set(tags[first:behind]) and " ".join(names[first:behind]) not in outlet.aliases:
            return None
        rest = tags[behind:]
        if tags[behind - 1] == "j":
            return None
        if not rest or all(self._descriptor(word) for word in names[behind:]) or rest[0] == ",":
            return as_source(outlet)
        if rest[0] == "(" or (rest[0] in "op" and not set("op") & set(tags[:first])):
            return as_source(outlet)
        return None

    def _descriptor(self, word: str) -> bool:
        kinds = self.lexicon.kinds(word.lower())
        return "outlet" in kinds or "statement" in kinds or word.lower() in {"news", "state", "interview"}

    def _outlet_by_shape(self, names: list[str], tags: str) -> Source | None:
        run = [name for name, tag in zip(names, tags, strict=True) if tag in "N9"]
        if not run or tags[-1] not in "N9" or not looks_like_outlet(" ".join(run)):
            return None
        return Source(" ".join(run), "outlet", " ".join(run))

    def addressee_outlet(self, sentence: Sentence, where: Range) -> Source | None:
        """The outlet that was told something; None where the one told is no outlet (reporters, a court, a person)."""
        words, tags = sentence.words[where[0] : where[1]], sentence.tags[where[0] : where[1]]
        found = self.outlet_of(words, tags)
        if found is not None:
            return found
        names = [name for name, tag in zip(words, tags, strict=True) if tag in "Nq"]
        if names and tags[-1] in "nN" and "outlet" in self.lexicon.kinds(words[-1].lower()):
            name = " ".join(word for word, tag in zip(words, tags, strict=True) if tag != "d")
            return Source(name, "outlet", name)
        within = self.gazetteer.within(words) if names else None
        if within is not None and within[1] <= 1 and tags[within[2] - 1] != "j":
            rest = words[within[2] :]
            if (
                not rest
                or tags[within[2]] == "N"
                or self.lexicon.kinds(rest[0].lower()) & {"outlet", "person", "statement"}
            ):
                return as_source(within[0])
        return None

    def _role_name(self, words: list[str], tags: str) -> Source | None:
        """As in "Department of Defense spokesman John Smith": a name behind a role ends the phrase and is its head."""
        start = len(tags)
        while start > 0 and tags[start - 1] == "N":
            start -= 1
        if start == len(tags) or start == 0 or tags[start - 1] != "n" or len(tags) - start > 4:
            return None
        if "person" not in self.lexicon.kinds(words[start - 1].lower()) or not set(tags[:start]) & set("op"):
            return None
        return self._person(words[start:])

    def _pronoun(self, word: str, paragraph: int) -> tuple[Source, float]:
        pronouns = self.lexicon.pronouns
        factor = self.settings.pronoun_factor
        if word in pronouns.get("person", ()):
            for speaker in reversed(self.spoken[-_REMEMBERED:]):
                if paragraph - speaker.paragraph > self.settings.antecedent_paragraphs:
                    break
                if speaker.source.kind in {"person", "anonymous", "author"} and self._may_mean(speaker, plural=False):
                    if speaker.gender and speaker.gender != word:
                        continue
                    speaker.gender = word
                    return speaker.source, factor
        elif word in pronouns.get("thing", ()):
            found = self._last(_THINGS, paragraph)
            if found is not None:
                return found.source, factor
        elif word in pronouns.get("plural", ()):
            found = self._last(_THINGS | {"collective", "anonymous"}, paragraph)
            if found is not None:
                return found.source, factor
        return Source(word, "anonymous"), self.settings.unresolved_factor

    def _last(self, kinds: frozenset[str] | set[str], paragraph: int) -> Speaker | None:
        for speaker in reversed(self.spoken[-_REMEMBERED:]):
            if paragraph - speaker.paragraph > self.settings.antecedent_paragraphs:
                return None
            if speaker.source.kind in kinds and speaker.source != self.hidden:
                return speaker
        return None

    def _may_mean(self, speaker: Speaker, *, plural: bool) -> bool:
        """Whether somebody is of the number wanted and is not the one who is being quoted."""
        return speaker.plural == plural and speaker.source != self.hidden

    def _definite(self, words: list[str], tags: str, kinds: frozenset[str], paragraph: int) -> Source | None:
        """As in "the center", "the Kurdish group", "the former militant": who spoke before that this can mean."""
        head = words[-1].lower()
        for speaker in reversed(self.spoken[-_REMEMBERED:]):
            name = speaker.source.name.lower()
            if head in name and len(name) > len(head) and head in _NAME_WORD.findall(name):
                rest = {word.lower() for word, tag in zip(words[:-1], tags[:-1], strict=True) if tag == "N"}
                if all(word in name for word in rest):
                    return speaker.source
        named = "N" in tags
        if "outlet" in kinds:
            found = self._last({"agency", "outlet"}, paragraph)
            if found is not None and not named:
                return found.source
        if "organization" in kinds and (not named or head in _GENERIC):
            found = self._last({"organization"}, paragraph)
            if found is not None:
                return found.source
        if "person" in kinds and not named and len(words) <= 3 and head in self.lexicon.nouns:
            last = self.spoken[-1] if self.spoken else None
            if last is not None and paragraph - last.paragraph <= self.settings.antecedent_paragraphs:
                recent = self._last({"person"}, paragraph)
                if recent is not None:
                    return recent.source
        return None

    def _owner(self, words: list[str], tags: str, first: int, core: int) -> Source | None:
        """Whose statement it is: "the CENTCOM statement", "the ministry's statement", "a statement by S"."""
        stop = core - 1
        names = [index for index in range(first, stop) if tags[index] in "Nj"]
        if names:
            return self._named(words, tags, first, names[-1] + 1)
        if stop - 1 >= first and "organization" in self.lexicon.kinds(words[stop - 1].lower()):
            return Source(_clean(_joined(words[first:stop])), "organization")
        if core < len(tags) - 1 and words[core].lower() in {"by", "from", "of"}:
            rest = slice(core + 1, len(tags))
            inner, inner_tags = words[rest], tags[rest]
            if "N" in inner_tags:
                return self.outlet_of(inner, inner_tags) or self._named(inner, inner_tags, 0, _core(inner_tags, 0))
        return None

    def _named(self, words: list[str], tags: str, first: int, core: int) -> Source:
        """A source that is named: a person without titles, an organisation with its whole name."""
        names = [
            _POSSESSIVE.sub("", word) if tags[index] == "j" and index == core - 1 else word
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
            if found is not None and tags[core - 1] != "j" and not self._is_person(run[0]):
                return as_source(found)
            if "outlet" in self.lexicon.kinds(run[0].lower()):
                return Source(_clean(_joined(names[first:core])), "collective")
        titled = max((i for i, word in enumerate(run) if word.rstrip(".").lower() in self.lexicon.titles), default=-1)
        role = start > first and "person" in self.lexicon.kinds(names[start - 1].lower())
        while role and len(run) > 2 and run[0].isupper() and len(run[0]) > 1:
            run = run[1:]
        organisation = any("organization" in self.lexicon.kinds(word.lower()) for word in run)
        if titled < len(run) - 1 and (titled >= 0 or (role and not organisation)):
            return self._person(run[titled + 1 :])
        if organisation or titled == len(run) - 1 or "o" in tags[core:] or "(" in tags[core:]:
            behind = core if titled == len(run) - 1 and not organisation else _name_end(tags, core)
            while start > first and tags[start - 1] in "nN" and not role:
                start -= 1
            return self._organisation(_clean(_joined(names[start:behind])), run)
        if len(run) == 1:
            return self._single(run[0])
        if run[-1].endswith("s") and "person" in self.lexicon.kinds(run[-1].lower()):
            return Source(_clean(_joined(names[first:core])), "collective")
        if 2 <= len(run) <= 4 and all(word[:1].isupper() for word in run):
            return self._person(run)
        return Source(_clean(_joined(names[first:core])), "organization")

    def _is_person(self, name: str) -> bool:
        """Whether a word that names an outlet is somebody's surname in this article."""
        return (
            name[:1].isupper()
            and not name.isupper()
            and self.gazetteer.ambiguous(name)
            and self._full_name(name) != name
        )

    def _person(self, run: list[str]) -> Source:
        name = " ".join(run)
        if len(run) == 1:
            full = self._full_name(run[0])
            return Source(full, "person")
        self._full.setdefault(run[-1], name)
        self._people.add(name)
        return Source(name, "person")

    def _organisation(self, name: str, run: list[str]) -> Source:
        acronym = _ACRONYM.search(name)
        if acronym:
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
        kinds = self.lexicon.kinds(word.lower())
        if "collective" in kinds:
            return Source(word, "collective")
        if word.endswith("s") and "person" in self.lexicon.kinds(word.lower()):
            return Source(word, "collective")
        return Source(word, "organization")

    def _expanded(self, acronym: str) -> str:
        if acronym not in self._full and self._searches < self.settings.maximum_name_searches:
            self._searches += 1
            at = self.text.find(f"({acronym})")
            self._full[acronym] = acronym
            if at > 0:
                run = _CAPITAL_RUN.search(self.text[max(0, at - 120) : at])
                if run and _initials_fit(run.group(1), acronym):
                    self._full[acronym] = f"{_clean(run.group(1))} ({acronym})"
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
            before = re.search(r"((?:(?:[A-Z]\.|[A-Z][\w’'-]*) ){1,3})$", self.text[max(0, at - 60) : at])
            if before and not behind.isalnum():
                words = before.group(1).split()
                titled = max(
                    (i for i, w in enumerate(words) if w.rstrip(".").lower() in self.lexicon.titles), default=-1
                )
                given = words[titled + 1 :][-2:]
                if given and given[0].lower().rstrip(".") not in self.lexicon.tags and not given[0].isupper():
                    best = " ".join([*given, surname])
                    self._people.add(best)
                    break
            at = self.text.find(surname, at + 1)
        self._full[surname] = best
        return best

    def unify(self, name: str, known: list[str]) -> str:
        """A misspelt outlet's name as the article has it elsewhere, or the gazetteer: "Rossiva-24" is Rossiya-24."""
        for other in known:
            if other != name and one_letter_apart(name, other, self.settings.variant_letters):
                return other
        return name


def as_source(outlet: Outlet) -> Source:
    """An outlet of the gazetteer as a node of a chain."""
    return Source(outlet.name, outlet.kind, outlet.name)


def same_source(one: Source, other: Source) -> bool:
    """Whether two nodes are the same by name."""
    return folded(one.name) == folded(other.name)


def _behind_possessor(tags: str) -> int:
    """As in "the US Department of Defense's Rebecca Rebarich": where the name behind a possessive starts, or 0."""
    at = tags.rfind("j", 0, len(tags) - 1)
    return at + 1 if at >= 0 and set(tags[at + 1 :]) == {"N"} and ("o" in tags[:at] or len(tags) - at > 2) else 0


def _core(tags: str, first: int) -> int:
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


def _joined(words: list[str]) -> str:
    return " ".join(words).replace("( ", "(").replace(" )", ")").replace(" ,", ",")


def _clean(name: str) -> str:
    text = " ".join(name.split())
    for article in ("The ", "the "):
        text = text.removeprefix(article)
    return _POSSESSIVE.sub("", text.strip(' ,;:-–—"“”'))


def _common_kind(kinds: frozenset[str], head: str, *, definite: bool) -> SourceKind:
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


def _initials_fit(run: str, acronym: str) -> bool:
    initials = "".join(word[0] for word in run.split() if word[0].isupper())
    letters = acronym.upper()
    return letters in initials or initials in letters or initials[-1:] == letters[-1:]
