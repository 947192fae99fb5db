"""Who a source's words mean: head of the phrase, titles and appositions, acronyms, re-mentions and pronouns.

A pronoun or a definite phrase ("it", "the center", "the former militant") goes to who spoke before in a reporting
clause, with a check of number and of what sort of thing it is, never to the nearest noun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.antecedents import REMEMBERED, Antecedents
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.names import (
    POSSESSIVE,
    UNRESOLVED,
    Names,
    as_source,
    behind_possessor,
    clean,
    common_kind,
    core_end,
    joined,
)
from provenance.attribution.outlet_phrases import STAFF, of_the_outlet, programme
from provenance.attribution.outlets import Gazetteer, looks_like_outlet
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Source
from provenance.settings import AttributionSettings

_OFFICE_AND_NAME: Final = 3
_THINGS: Final = frozenset(("agency", "outlet", "organization", "statement"))
_NAME_WORD: Final = re.compile(r"[\w-]+")
_NAMING: Final = frozenset("NnqQ")
_NAMED: Final = frozenset("Njq9")
_GENERIC_TEXT: Final = """
group organization organisation movement militia agency company party center centre
"""
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())

_SAME_OUTLET: Final = frozenset(
    ["newspaper", "agency", "news", "tv", "television", "channel", "magazine", "website", "network", "radio", "online"]
)
"""Behind an outlet's name they describe it, and make no other name of it."""
_PAPERS_TEXT: Final = """
the daily mail news times star express post telegraph sun mirror sunday herald press tribune journal gazette record
"""
_PAPERS: Final = frozenset(_PAPERS_TEXT.split())
"""Words of which the names of papers in many towns are made."""
_NATION: Final = re.compile("(?:ish|ian|ese|can|ench|eek)$")
_THEM: Final = frozenset(["them", "us", "you", "these", "those", "whom", "which"])
"""Behind "one of" they name nobody."""


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
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.settings = settings
        self.names = Names(text, lexicon, gazetteer, settings)
        self.heard = Antecedents(lexicon, settings, own)
        # the subjects of the sentences before this one, nearest first; of its paragraph only, or of the one before too
        self.earlier: Callable[[bool], Iterable[tuple[Sentence, Range]]] = lambda _wide: ()

    def resolve(self, sentence: Sentence, where: Range, paragraph: int) -> tuple[Source, float]:
        """The source that tokens name, and what resolving it costs in confidence."""
        words = sentence.words[where[0] : where[1]]
        tags = sentence.tags[where[0] : where[1]]
        if len(words) == 1:
            word = words[0].lower()
            if tags == "P" or word in self.lexicon.owners:
                around = self._around(sentence, where, word, paragraph)
                if around is not None:
                    return around, self.settings.pronoun_factor
                return self._pronoun(self.lexicon.owners.get(word, word), paragraph)
        named = self._by_itself(sentence, where, words, tags)
        if named is not None:
            return named, self.settings.unresolved_factor if named is UNRESOLVED else 1.0
        if not self.lexicon.definites and len(words) > 1 and self._is_statement(words, tags):
            # "в сообщении компании": whose statement it is stands behind it
            return self.resolve(sentence, (where[0] + 1, where[1]), paragraph)
        first = behind_possessor(tags)
        while first < len(words) - 1 and tags[first] == "d":
            first += 1
        core = core_end(tags, first)
        head = words[core - 1].strip(".,()")
        if self.lexicon.head_first and tags[core - 1] not in "Nj":
            head = next((word for word in words[first:core] if self.lexicon.kinds(word.lower())), head)
        if tags[core - 1] == "j":
            head = POSSESSIVE.sub("", head)
        kinds = self.lexicon.kinds(head.lower()) if tags[core - 1] not in "Nj" else frozenset()
        definite = first > 0 and words[0].lower() in self.lexicon.definites
        if "statement" in kinds and tags[core - 1] != "N":
            owner = self._owner(words, tags, first, core)
            if owner is not None:
                return owner, 1.0
        again = None
        # "le ministère russe de la Défense" names itself, whoever spoke before
        whole = self.lexicon.head_first and tags[core : core + 1] == "o" and "N" in tags[core:]
        if (definite or "outlet" in kinds) and not whole:
            again = self._again(words, tags, (first, core), kinds, paragraph)
        if again is not None:
            return again, self.settings.definite_factor
        if tags[core - 1] in "Njq":
            return self.names.named(words, tags, first, core), 1.0
        start, end = sentence.span(*where)
        name = clean(self.text[sentence.start(where[0] + first) if definite else start : end])
        return Source(name, common_kind(kinds, head.lower(), definite=definite)), 1.0

    def _by_itself(self, sentence: Sentence, where: Range, words: list[str], tags: str) -> Source | None:
        """A source whose words name it without anything said before: a name behind a role, an outlet, a pair."""
        named = self._apposed(words, tags)
        if named is not None:
            return named
        if len(words) == 3 and tags[1] == "o" and words[2].lower() in _THEM:
            return UNRESOLVED
        outlet = self.outlet_of(words, tags) or self.heard.short_named(words, tags)
        if outlet is not None:
            return outlet
        pair = tags.find("c")
        if pair > 0 and tags[pair - 1] == "N" == tags[-1] and not set("op") & set(tags):
            start, end = sentence.span(*where)
            return Source(clean(self.text[start:end]), "collective")
        return self._role_name(words, tags)

    def _again(self, words: list[str], tags: str, core: Range, kinds: frozenset[str], paragraph: int) -> Source | None:
        """Who spoke before that a definite phrase means: "the statement", "the center", "the newspaper"."""
        first, behind = core
        if words[0].lower() in self.lexicon.definites and first > 0 and tags[behind - 1] not in "Nj":
            if "utterance" in kinds:
                found = self.heard.last(_THINGS | {"person"}, paragraph)
                if found is not None:
                    return found.source
            meant = self._definite(words[first:behind], tags[first:behind], kinds, paragraph)
            if meant is not None:
                return meant
        return self.heard.outlet_again(words, tags, paragraph) if "outlet" in kinds else None

    def _apposed(self, words: list[str], tags: str) -> Source | None:
        """The name behind a role: "the chairman of the guild, Ann Cole", "her deputy, Captain Tom Reed of Easton"."""
        comma = tags.find(",", 1)
        if comma < 0 or not phrases.NAMED.fullmatch(tags, comma + 1):
            return None
        core = core_end(tags, 0)
        roles = words[:core] if self.lexicon.head_first else words[core - 1 : core]
        kinds = [self.lexicon.kinds(word.lower()) for word in roles]
        # "el vicecanciller ecuatoriano, Leonardo Gil": a role that no list has
        unlisted = self.lexicon.head_first and tags[0] in "dn" and not any(kinds)
        if "j" not in tags[:core] and not unlisted and not any("person" in kind for kind in kinds):
            return None
        behind = tags.find("o", comma)
        end = behind if behind > 0 else len(tags)
        return self.names.named(words[comma + 1 : end], tags[comma + 1 : end], 0, end - comma - 1)

    def outlet_of(self, words: list[str], tags: str) -> Source | None:  # noqa: PLR0911 - a list of refusals
        """The outlet or agency that a phrase names as its head, or as the name in apposition to a descriptor."""
        if _NAMING.isdisjoint(tags):
            return None
        if _NAMED.isdisjoint(tags) and self.gazetteer.alias_openings.isdisjoint(words):
            # a common noun is an outlet only where an alias is written just so
            return None
        names = words
        if "j" in tags:
            names = [POSSESSIVE.sub("", word) if tag == "j" else word for word, tag in zip(words, tags, strict=True)]
        found = self.gazetteer.within(names)
        if found is None:
            return self._outlet_by_shape(names, tags)
        outlet, first, behind = found
        outlet = self.names.outlet_meant(outlet, names[first:behind], self.heard.own)
        if self._part_of_name(names, tags, first, behind):
            return self._outlet_by_shape(names, tags)
        if behind - first == 1 and self.names.is_person(names[first]):
            return None
        if not set("Njq") & set(tags[first:behind]) and " ".join(names[first:behind]) not in outlet.aliases:
            return None
        rest = tags[behind:]
        if first and names[first - 1].rstrip(".").lower() in self.lexicon.titles:
            return None
        if rest and of_the_outlet(names, tags, behind):
            return as_source(outlet)
        if tags[behind - 1] == "j":
            return None
        if not rest or all(self._descriptor(word) for word in names[behind:]) or rest[0] == ",":
            return as_source(outlet)
        if rest[0] == "(" or (rest[0] in "op" and not set("op") & set(tags[:first])):
            return as_source(outlet)
        return None

    def _part_of_name(self, names: list[str], tags: str, first: int, behind: int) -> bool:
        """Whether a doubtful name is a part of a longer one: "The National" of the National Defense University."""
        named_before = first > 0 and tags[first - 1] == "N"
        if not named_before and tags[behind : behind + 1] != "N":
            return False
        papers = named_before and all(name.casefold() in _PAPERS for name in names[first:behind])
        if papers and not _NATION.search(names[first - 1]):
            # the Easton Daily Mail is not the Daily Mail
            return True
        longer = named_before or names[behind].lower() not in _SAME_OUTLET
        longer = longer and tags[behind - 1] != "j"
        bare = behind - first == 2 and names[first].lower() == "the"
        return bool(longer) and (bare or self.gazetteer.ambiguous(" ".join(names[first:behind])))

    def _descriptor(self, word: str) -> bool:
        kinds = self.lexicon.kinds(word.lower())
        return "outlet" in kinds or "statement" in kinds or word.lower() in {"news", "state", "interview"}

    def _outlet_by_shape(self, names: list[str], tags: str) -> Source | None:
        owned = self._lost_apostrophe(names, tags)
        if owned is not None or tags[-1] not in "N9":
            return owned
        # the last run of capitalised words: "the report in the Globe" has one of one word
        start = len(tags.rstrip("N9"))
        name = " ".join(names[start:])
        formed = looks_like_outlet(name)
        described = any(
            tag == "n" and "outlet" in self.lexicon.kinds(word) for word, tag in zip(names, tags, strict=True)
        )
        misspelt = self.gazetteer.misspelt(name) if formed or described else None
        if misspelt is not None:
            return as_source(misspelt)
        if not formed:
            return None
        hosted = self.gazetteer.by_host(name) if "." in name else None
        if hosted is not None:
            return as_source(hosted)
        return Source(name, "outlet", name)

    def _lost_apostrophe(self, names: list[str], tags: str) -> Source | None:
        """The outlet of "SANAs reporter", where the apostrophe was lost on the way."""
        if len(names) < 2 or names[1].lower() not in STAFF or tags[0] != "N" or not names[0].endswith("s"):
            return None
        known = self.gazetteer.lookup(names[0][:-1]) if tags[2:3] in {"", "o", "p", ","} else None
        return as_source(known) if known is not None else None

    def addressee_outlet(self, sentence: Sentence, where: Range) -> Source | None:
        """The outlet that was told something; None where the one told is no outlet (reporters, a court, a person)."""
        words, tags = sentence.words[where[0] : where[1]], sentence.tags[where[0] : where[1]]
        shown = programme(words[0], self.gazetteer) if tags in {"q", "Q"} else None
        found = as_source(shown) if shown is not None else None
        found = found or self.outlet_of(words, tags) or self.heard.short_named(words, tags)
        if found is None and where[0]:
            found = self._contracted(sentence.lowered[where[0] - 1], words)
        if found is None:
            found = self.heard.outlet_again(words, tags, self.heard.here)
        if found is not None:
            return found
        if tags[0] == "d" and words[0].lower() in self.lexicon.definites and tags[1:] == "n":
            # "told the newspaper" where no other one has been named
            return self.heard.own if self.lexicon.kinds(words[1].lower()) == {"outlet"} else None
        names = [name for name, tag in zip(words, tags, strict=True) if tag in "Nq"]
        if names and tags[-1] in "nN" and "outlet" in self.lexicon.kinds(words[-1].lower()):
            name = " ".join(word for word, tag in zip(words, tags, strict=True) if tag != "d")
            return Source(name, "outlet", name)
        within = self.gazetteer.within(words) if names else None
        if within is not None and self._part_of_name(words, tags, within[1], within[2]):
            return None
        if within is not None and within[1] <= 1 and tags[within[2] - 1] != "j":
            rest = words[within[2] :]
            if (
                not rest
                or tags[within[2]] == "N"
                or self.lexicon.kinds(rest[0].lower()) & {"outlet", "person", "statement"}
            ):
                return as_source(within[0])
        return None

    def _contracted(self, before: str, words: list[str]) -> Source | None:
        """The outlet that "du Monde", "au Monde" names: "de Le Monde", "à Le Monde"."""
        known = self.gazetteer.lookup(f"Le {' '.join(words)}") if before.lower() in self.lexicon.contracted else None
        return as_source(known) if known is not None else None

    def _is_statement(self, words: list[str], tags: str) -> bool:
        owned = tags[0] == "n" and tags[1] in "nN" and "statement" in self.lexicon.kinds(words[0].lower())
        return owned and bool(self.lexicon.kinds(words[1].lower()) or tags[1] == "N")

    def outlets_own(self, sentence: Sentence, where: Range) -> tuple[Range, Range] | None:
        """The outlet and its source in "источник «Коммерсанта»", in languages that put them side by side."""
        first, behind = where
        words, tags = sentence.words[first:behind], sentence.tags[first:behind]
        if self.lexicon.definites or len(words) < 2 or not set(tags[1:]) <= set("Nq"):
            return None
        if "anonymous" not in self.lexicon.kinds(words[0].lower()) or self.outlet_of(words[1:], tags[1:]) is None:
            return None
        return (first + 1, behind), (first, first + 1)

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
        start = len(tags.rstrip("N"))
        if start == len(tags) or start == 0:
            return None
        if tags[start - 1] in "od":
            return self._office_holder(words, tags, start)
        if tags[start - 1] != "n" or len(tags) - start > 4:
            return None
        if "person" not in self.lexicon.kinds(words[start - 1].lower()) or not set(tags[:start]) & set("op"):
            return None
        if "organization" in self.lexicon.kinds(words[-1].lower()):
            return None
        return self.names.person(words[start:])

    def _office_holder(self, words: list[str], tags: str, start: int) -> Source | None:
        """As in "Secretary of State John Kerry": behind an office and its field the last two words are a name."""
        of = tags.rfind("o", 0, start)
        count = len(tags) - start
        if of < 1 or start - of > 2 or count < _OFFICE_AND_NAME:
            return None
        title = words[of - 1].lower()
        if title not in self.lexicon.titles and "person" not in self.lexicon.kinds(title):
            return None
        if any("organization" in self.lexicon.kinds(word.lower()) for word in words[-2:]):
            # "a representative of the Armed Forces"
            return None
        initial = len(words[-2]) == 2 and words[-2].endswith(".")
        return self.names.person(words[-3:] if initial and count > _OFFICE_AND_NAME else words[-2:])

    def _pronoun(self, word: str, paragraph: int) -> tuple[Source, float]:
        pronouns = self.lexicon.pronouns
        factor = self.settings.pronoun_factor
        if word in pronouns.get("person", ()):
            speaker = self._person_meant(word, paragraph)
            if speaker is not None:
                return speaker, factor
        if word in pronouns.get("thing", ()):
            found = self.heard.last(_THINGS, paragraph)
            if found is not None:
                return found.source, factor
        elif word in pronouns.get("plural", ()):
            found = self.heard.last(_THINGS | {"collective", "anonymous"}, paragraph)
            if found is not None:
                return found.source, factor
        return UNRESOLVED, self.settings.unresolved_factor

    def _around(self, sentence: Sentence, where: Range, word: str, paragraph: int) -> Source | None:
        """As in "The mayor's aide Ann Cole foreshadowed it when she told CNN": the subject that the clause hangs on."""
        first = where[0]
        if first <= _OFFICE_AND_NAME or sentence.tags[first - 1] not in "Hk" or not self.lexicon.definites:
            return None
        if word not in self.lexicon.pronouns.get("person", ()) or set(",;:.Q") & set(sentence.tags[first - 2 : first]):
            return None
        subject = phrases.main_subject(sentence)
        if subject is None or subject[1] >= first or "N" not in sentence.tags[subject[0] : subject[1]]:
            return None
        if "N" in sentence.tags[subject[1] : first]:
            return None
        named = sentence.tags[subject[1] - 1] == "N" and "c" not in sentence.tags[subject[0] : subject[1]]
        found = (
            self.resolve(sentence, subject, paragraph)[0] if named else self._introduced(sentence, subject, paragraph)
        )
        return found if found is not None and found.kind == "person" and found != self.heard.hidden else None

    def _person_meant(self, word: str, paragraph: int) -> Source | None:
        """Whom "he" or "she" means: who spoke in this paragraph, else its sentences' subjects, else who spoke before.

        Somebody named in full as the subject of a sentence is introduced there, even if he has not spoken yet.
        """
        spoken = self.heard.spoken_by(word, paragraph)
        if spoken is not None and spoken.paragraph == paragraph:
            return self.heard.gendered(spoken, word)
        if self.heard.hidden is None:
            for sentence, where in self.earlier(spoken is None):
                subject = self._introduced(sentence, where, paragraph)
                if subject is not None:
                    return subject
        return self.heard.gendered(spoken, word) if spoken is not None else None

    def _introduced(self, sentence: Sentence, where: Range, paragraph: int) -> Source | None:
        """The person that the subject of an earlier sentence names in full or by a role; None where it is no person."""
        tags = sentence.tags[where[0] : where[1]]
        if tags[0] == "P" or "c" in tags:
            return None
        if tags[0] == "N":
            run = len(tags) - len(tags.lstrip("N"))
            where = where[0], where[0] + run
        elif "person" not in self.lexicon.kinds(sentence.words[where[0] + core_end(tags, 0) - 1].lower()):
            return None
        found, _ = self.resolve(sentence, where, paragraph)
        return found if found.kind == "person" or (found.kind == "anonymous" and found != UNRESOLVED) else None

    def _definite(self, words: list[str], tags: str, kinds: frozenset[str], paragraph: int) -> Source | None:
        """As in "the center", "the Kurdish group", "the former militant": who spoke before that this can mean."""
        head = words[-1].lower()
        for speaker in reversed(self.heard.spoken[-REMEMBERED:]):
            name = speaker.source.name.lower()
            if speaker.source == self.heard.hidden:
                continue
            if head in name and len(name) > len(head) and head in _NAME_WORD.findall(name):
                rest = {word.lower() for word, tag in zip(words[:-1], tags[:-1], strict=True) if tag == "N"}
                if all(word in name for word in rest):
                    return speaker.source
        named = "N" in tags
        if "outlet" in kinds:
            # "the agency" is as likely an authority as a news agency
            found = self.heard.last({"agency"} if "organization" in kinds else {"agency", "outlet"}, paragraph)
            if found is not None and not named:
                return found.source
        if "organization" in kinds and head in _GENERIC:
            found = self.heard.last({"organization"}, paragraph)
            # "the Kurdish group" is no group that has nothing Kurdish about it
            names = [word.lower() for word, tag in zip(words, tags, strict=True) if tag == "N"]
            if found is not None and all(name in found.source.name.lower() for name in names):
                return found.source
        plural = head.endswith("s") and head[:-1] in self.lexicon.nouns
        if "person" in kinds and not named and not plural and len(words) <= 3 and head in self.lexicon.nouns:
            last = self.heard.spoken[-1] if self.heard.spoken else None
            if last is not None and paragraph - last.paragraph <= self.settings.antecedent_paragraphs:
                recent = self.heard.last({"person"}, paragraph)
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
                return Source(clean(joined(words[first:stop])), "collective")
            return self.names.named(words, tags, first, behind)
        if stop - 1 >= first and "organization" in self.lexicon.kinds(words[stop - 1].lower()):
            return Source(clean(joined(words[first:stop])), "organization")
        linked = core < len(tags) - 1 and words[core].lower() in {"by", "from", "of"}
        if self.lexicon.inverts and core < len(tags) - 1:
            # "un informe de la ONU", "einem Bericht der FAZ", "un communiqué du ministère"
            linked = tags[core] == "o" or (self.lexicon.capital_nouns and words[core] in {"der", "des"})
        if linked:
            at = core + 1
            while at < len(tags) - 1 and self.lexicon.inverts and tags[at] == "d":
                at += 1
            rest = slice(at, len(tags))
            inner, inner_tags = words[rest], tags[rest]
            known = self._contracted(words[at - 1], inner)
            if known is not None:
                return known
            if "N" in inner_tags:
                return self.outlet_of(inner, inner_tags) or self.names.named(
                    inner, inner_tags, 0, core_end(inner_tags, 0)
                )
        return None
