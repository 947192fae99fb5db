"""Who a source's words mean: head of the phrase, titles and appositions, acronyms, re-mentions and pronouns.

A pronoun or a definite phrase ("it", "the center", "the former militant") goes to who spoke before in a reporting
clause, with a check of number and of what sort of thing it is, never to the nearest noun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.outlets import Gazetteer, Outlet, folded, looks_like_outlet, one_letter_apart
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Source, SourceKind
from provenance.settings import AttributionSettings

_POSSESSIVE: Final = re.compile(r"(?:'s|’s|['’])$")
_ACRONYM: Final = re.compile(r"\(([A-Z][A-Za-z-]{1,9})\)")
_OFFICE_AND_NAME: Final = 3
_CAPITAL_RUN: Final = re.compile(r"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the)\s+){0,2}){1,7})$")
_THINGS: Final = frozenset(("agency", "outlet", "organization", "statement"))
_PARTICLES_TEXT: Final = """
al el bin ibn abu von van de der den di da del la le ben
"""
_PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
_REMEMBERED: Final = 60
_NAME_WORD: Final = re.compile(r"[\w-]+")
_CORE_END: Final = re.compile("[opbwtd,(ac-]")
_GENERIC_TEXT: Final = """
group organization organisation movement militia agency company party center centre
"""
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())


UNRESOLVED: Final = Source("?", "unnamed")
"""Who a pronoun means where nothing in the article says so."""
_THEM: Final = frozenset(["them", "us", "you", "these", "those", "whom", "which"])
"""Behind "one of" they name nobody."""


@dataclass(slots=True)
class Speaker:
    """Somebody who has spoken in this article."""

    source: Source
    plural: bool
    paragraph: int
    gender: str = ""


class Speakers:
    """The speakers of one article, in the order they spoke."""

    def __init__(
        self,
        text: str,
        lexicon: Lexicon,
        gazetteer: Gazetteer,
        settings: AttributionSettings,
        own: Source | None = None,
    ):
        self.text = text
        self.own = own
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.settings = settings
        self.spoken: list[Speaker] = []
        self.hidden: Source | None = None
        self.here = 0
        self.outlets: list[tuple[Source, int]] = []
        # the subjects of the sentences before this one, nearest first; of its paragraph only, or of the one before too
        self.earlier: Callable[[bool], Iterable[tuple[Sentence, Range]]] = lambda _wide: ()
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
        if len(words) == 1 and words[0].lower() in self.lexicon.owners:
            return self._pronoun(self.lexicon.owners[words[0].lower()], paragraph)
        start, end = sentence.span(*where)
        named = self._apposed(words, tags)
        if named is not None:
            return named, 1.0
        if len(words) == 3 and tags[1] == "o" and words[2].lower() in _THEM:
            return UNRESOLVED, self.settings.unresolved_factor
        outlet = self.outlet_of(words, tags) or self._short_named(words, tags)
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
            if definite and "utterance" in kinds:
                found = self._last(_THINGS | {"person"}, paragraph)
                if found is not None:
                    return found.source, self.settings.definite_factor
        if definite and tags[core - 1] not in "Nj":
            found_source = self._definite(words[first:core], tags[first:core], kinds, paragraph)
            if found_source is not None:
                return found_source, self.settings.definite_factor
        if "outlet" in kinds:
            again = self._outlet_again(words, tags, paragraph)
            if again is not None:
                return again, self.settings.definite_factor
        if tags[core - 1] in "Njq":
            return self._named(words, tags, first, core), 1.0
        name = _clean(self.text[sentence.starts[where[0] + first] if definite else start : end])
        return Source(name, _common_kind(kinds, head.lower(), definite=definite)), 1.0

    def _apposed(self, words: list[str], tags: str) -> Source | None:
        """The name behind a role: "the chairman of the guild, Ann Cole", "her deputy, Captain Tom Reed of Easton"."""
        comma = tags.find(",", 1)
        if comma < 0 or not phrases.NAMED.fullmatch(tags, comma + 1):
            return None
        core = _core(tags, 0)
        if "j" not in tags[:core] and "person" not in self.lexicon.kinds(words[core - 1].lower()):
            return None
        behind = tags.find("o", comma)
        end = behind if behind > 0 else len(tags)
        return self._named(words[comma + 1 : end], tags[comma + 1 : end], 0, end - comma - 1)

    def mention(self, chain: Iterable[Source]) -> None:
        """Note which outlets a chain names, for "the newspaper" and "the Courier" further on."""
        for source in chain:
            if source.kind in {"agency", "outlet"} and (not self.outlets or self.outlets[-1] != (source, self.here)):
                self.outlets.append((source, self.here))

    def _short_named(self, words: list[str], tags: str) -> Source | None:
        """An outlet named again by its last word: "the Courier" of the Skelhaven Courier."""
        if tags not in {"dN", "N"} or (tags == "dN" and words[0].lower() not in self.lexicon.definites):
            return None
        if tags == "N" and self.lexicon.definites:
            return None
        for outlet in (self.own, *(outlet for outlet, _ in reversed(self.outlets[-_REMEMBERED:]))):
            if outlet is not None and _short_form(outlet.name, words[-1]):
                return outlet
        return None

    def _outlet_again(self, words: list[str], tags: str, paragraph: int) -> Source | None:
        """The outlet that "the newspaper", "our paper" or "агентства" means, one that the article has named before."""
        first, head = words[0].lower(), words[-1].lower()
        kinds = self.lexicon.kinds(head)
        if "outlet" not in kinds or (tags[-1] == "N" and not self.lexicon.capital_nouns):
            return None
        if len(words) == 2 and first in self.lexicon.ours:
            return self.own
        # where there are no articles the bare noun points back
        bare = len(words) == 1 and not self.lexicon.definites
        if not bare and not (len(words) == 2 and tags[0] == "d" and first in self.lexicon.definites):
            return None
        for outlet, named in reversed(self.outlets[-_REMEMBERED:]):
            if paragraph - named > self.settings.antecedent_paragraphs:
                break
            # "the agency" is as likely an authority as a news agency
            if outlet.kind == "agency" or "organization" not in kinds:
                return outlet
        return None

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
        found = self.outlet_of(words, tags) or self._short_named(words, tags)
        if found is None:
            found = self._outlet_again(words, tags, self.here)
        if found is not None:
            return found
        if tags[0] == "d" and words[0].lower() in self.lexicon.definites and tags[1:] == "n":
            # "told the newspaper" where no other one has been named
            return self.own if self.lexicon.kinds(words[1].lower()) == {"outlet"} else None
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

    def told_first(self, sentence: Sentence, where: Range) -> tuple[Range, Range] | None:
        """The outlet told and who told it, where both follow the verb in one phrase: "сообщил ТАСС представитель МИД".

        Only languages without articles put them side by side.
        """
        words, tags = sentence.words[where[0] : where[1]], sentence.tags[where[0] : where[1]]
        if self.lexicon.definites or len(words) < 2 or self.gazetteer.lookup(" ".join(words)) is not None:
            return None
        named = 0
        if tags[0] == "n" and "outlet" in self.lexicon.kinds(words[0].lower()):
            named = 1
            while named < len(words) and tags[named] in "Nq":
                named += 1
            named = named if named > 1 else 0
        else:
            sizes = range(min(len(words) - 1, self.gazetteer.longest), 0, -1)
            named = next((size for size in sizes if self.gazetteer.lookup(" ".join(words[:size])) is not None), 0)
        if not named or named >= len(words) or tags[named] not in "nN":
            return None
        return (where[0], where[0] + named), (where[0] + named, where[1])

    def _role_name(self, words: list[str], tags: str) -> Source | None:
        """As in "Department of Defense spokesman John Smith": a name behind a role ends the phrase and is its head."""
        start = len(tags)
        while start > 0 and tags[start - 1] == "N":
            start -= 1
        if start == len(tags) or start == 0:
            return None
        if tags[start - 1] in "od":
            return self._office_holder(words, tags, start)
        if tags[start - 1] != "n" or len(tags) - start > 4:
            return None
        if "person" not in self.lexicon.kinds(words[start - 1].lower()) or not set(tags[:start]) & set("op"):
            return None
        return self._person(words[start:])

    def _office_holder(self, words: list[str], tags: str, start: int) -> Source | None:
        """As in "Secretary of State John Kerry": behind an office and its field the last two words are a name."""
        of = tags.rfind("o", 0, start)
        count = len(tags) - start
        if of < 1 or start - of > 2 or count < _OFFICE_AND_NAME:
            return None
        title = words[of - 1].lower()
        if title not in self.lexicon.titles and "person" not in self.lexicon.kinds(title):
            return None
        initial = len(words[-2]) == 2 and words[-2].endswith(".")
        return self._person(words[-3:] if initial and count > _OFFICE_AND_NAME else words[-2:])

    def _pronoun(self, word: str, paragraph: int) -> tuple[Source, float]:
        pronouns = self.lexicon.pronouns
        factor = self.settings.pronoun_factor
        if word in pronouns.get("person", ()):
            speaker = self._person_meant(word, paragraph)
            if speaker is not None:
                return speaker, factor
        elif word in pronouns.get("thing", ()):
            found = self._last(_THINGS, paragraph)
            if found is not None:
                return found.source, factor
        elif word in pronouns.get("plural", ()):
            found = self._last(_THINGS | {"collective", "anonymous"}, paragraph)
            if found is not None:
                return found.source, factor
        return UNRESOLVED, self.settings.unresolved_factor

    def _person_meant(self, word: str, paragraph: int) -> Source | None:
        """Whom "he" or "she" means: who spoke in this paragraph, else its sentences' subjects, else who spoke before.

        Somebody named in full as the subject of a sentence is introduced there, even if he has not spoken yet.
        """
        spoken = self._spoken(word, paragraph, self.settings.antecedent_paragraphs)
        if spoken is not None and spoken.paragraph == paragraph:
            return self._gendered(spoken, word)
        if self.hidden is None:
            for sentence, where in self.earlier(spoken is None):
                subject = self._introduced(sentence, where, paragraph)
                if subject is not None:
                    return subject
        return self._gendered(spoken, word) if spoken is not None else None

    def _spoken(self, word: str, paragraph: int, reach: int) -> Speaker | None:
        for speaker in reversed(self.spoken[-_REMEMBERED:]):
            if paragraph - speaker.paragraph > reach:
                break
            if speaker.source.kind not in {"person", "anonymous", "author"} or not self._may_mean(
                speaker, plural=False
            ):
                continue
            if not speaker.gender or speaker.gender == word:
                return speaker
        return None

    def _gendered(self, speaker: Speaker, word: str) -> Source:
        speaker.gender = word
        return speaker.source

    def _introduced(self, sentence: Sentence, where: Range, paragraph: int) -> Source | None:
        """The person that the subject of an earlier sentence names in full or by a role; None where it is no person."""
        tags = sentence.tags[where[0] : where[1]]
        if tags[0] == "P" or "c" in tags:
            return None
        if tags[0] == "N":
            run = len(tags) - len(tags.lstrip("N"))
            where = where[0], where[0] + run
        elif "person" not in self.lexicon.kinds(sentence.words[where[0] + _core(tags, 0) - 1].lower()):
            return None
        found, _ = self.resolve(sentence, where, paragraph)
        return found if found.kind == "person" or (found.kind == "anonymous" and found != UNRESOLVED) else None

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
        if "organization" in kinds and head in _GENERIC:
            found = self._last({"organization"}, paragraph)
            # "the Kurdish group" is no group that has nothing Kurdish about it
            names = [word.lower() for word, tag in zip(words, tags, strict=True) if tag == "N"]
            if found is not None and all(name in found.source.name.lower() for name in names):
                return found.source
        plural = head.endswith("s") and head[:-1] in self.lexicon.nouns
        if "person" in kinds and not named and not plural and len(words) <= 3 and head in self.lexicon.nouns:
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
            behind = names[-1] + 1
            if behind < stop and tags[names[-1]] == "N" and self.lexicon.kinds(words[stop - 1].lower()):
                return Source(_clean(_joined(words[first:stop])), "collective")
            return self._named(words, tags, first, behind)
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
        if "collective" in self.lexicon.kinds(run[-1].lower()) and run[-1].endswith("s"):
            return Source(_clean(_joined(names[first:core])), "collective")
        titled = self._last_title(run)
        role = start > first and "person" in self.lexicon.kinds(names[start - 1].lower())
        while role and len(run) > 2 and run[0].isupper() and len(run[0]) > 1:
            run = run[1:]
        organisation = any("organization" in self.lexicon.kinds(word.lower()) for word in run)
        organisation = organisation or " ".join(run).lower() in self.lexicon.places
        if titled < len(run) - 1 and (titled >= 0 or (role and not organisation)):
            return self._person(run[titled + 1 :])
        if organisation or titled == len(run) - 1 or "o" in tags[core:] or "(" in tags[core:]:
            behind = core if titled == len(run) - 1 and not organisation else _name_end(tags, core)
            while start > first and not role and (tags[start - 1] in "nN" or _plural_owner(names[start - 1])):
                start -= 1
            return self._organisation(_clean(_joined(names[start:behind])), run)
        if len(run) == 1:
            return self._single(run[0])
        if run[-1].endswith("s") and "person" in self.lexicon.kinds(run[-1].lower()):
            return Source(_clean(_joined(names[first:core])), "collective")
        articled = start == first > 0 and tags[0] == "d" and not self.lexicon.capital_nouns
        if 2 <= len(run) <= 4 and all(word[:1].isupper() for word in run) and not articled:
            return self._person(run)
        return Source(_clean(_joined(names[first:core])), "organization")

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


def _short_form(name: str, word: str) -> bool:
    """Whether one word is an outlet's name but for what stands before it: "Courier" of the Skelhaven Courier."""
    words = name.split()
    return len(words) > 1 and words[-1] == word and looks_like_outlet(name)


def same_source(one: Source, other: Source) -> bool:
    """Whether two nodes are the same by name."""
    return folded(one.name) == folded(other.name)


def _plural_owner(word: str) -> bool:
    """As in "Pilots’ Guild": a plural possessive with a capital is part of a name."""
    return word[:1].isupper() and word.endswith(("s’", "s'"))


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
