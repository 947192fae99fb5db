"""Who a source's words mean: head of the phrase, titles and appositions, acronyms, re-mentions and pronouns.

A pronoun or a definite phrase ("it", "the center", "the former militant") goes to who spoke before in a reporting
clause, with a check of number and of what sort of thing it is, never to the nearest noun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.antecedents import REMEMBERED, Antecedents, Speaker
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.named_outlets import NamedOutlets
from provenance.attribution.names import (
    POSSESSIVE,
    UNRESOLVED,
    Names,
    behind_possessor,
    clean,
    common_kind,
    core_end,
    joined,
)
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Source
from provenance.settings import AttributionSettings

_OFFICE_AND_NAME: Final = 3
_SHORT_NAME: Final = 2
"""Words of a name by which an organisation is named again: "the Syrian Observatory"."""
_RIGHT_BEFORE: Final = 30
"""Characters before a name in which an adjective of it stands."""
_BUSY: Final = re.compile("[nN]gp")
_TWO: Final = re.compile("c(?:d[^,]{1,12}|N{1,3})$")
_THINGS: Final = frozenset(("agency", "outlet", "organization", "statement"))
_NAME_WORD: Final = re.compile(r"[\w-]+")
_GENERIC_TEXT: Final = """
group organization organisation movement militia agency company party center centre
"""
_GENERIC: Final = frozenset(_GENERIC_TEXT.split())

_PAPERS_TEXT: Final = """
the daily mail news times star express post telegraph sun mirror sunday herald press tribune journal gazette record
"""
_SOMEBODY_ELSE: Final = frozenset(
    ["victim", "witness", "eyewitness", "survivor", "resident", "neighbor", "neighbour", "passenger", "driver", "owner"]
)
"""Bystanders: with an article they need not have spoken before."""
_PRINTED_TEXT: Final = """
times post journal tribune herald star telegraph guardian monitor courier gazette mail mirror sun examiner chronicle
inquirer globe independent today express observer press record review dispatch sentinel bee ledger
"""
_THEM: Final = frozenset(["them", "us", "you", "these", "those", "whom", "which"])
"""Behind "one of" they name nobody."""


class Speakers(NamedOutlets):
    """The speakers of one article, in the order they spoke."""

    def __init__(
        self,
        text: str,
        lexicon: Lexicon,
        gazetteer: Gazetteer,
        settings: AttributionSettings,
        own: Source | None = None,
    ):
        super().__init__(
            lexicon, gazetteer, Names(text, lexicon, gazetteer, settings), Antecedents(lexicon, settings, own)
        )
        self.text = text
        self.settings = settings
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
        # "a rescue service operating in the town"
        busy = _BUSY.search(tags, first) if "organization" in kinds else None
        end = sentence.end(where[0] + busy.start()) if busy is not None else end
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
        if pair > 0 and tags[0] == "d" and tags[pair - 1] in "nN" and _TWO.match(tags, pair) and self.lexicon.definites:
            # "the government and Russia", "the sources and a witness in Easton"
            start, end = sentence.span(*where)
            return Source(clean(self.text[start:end]), "collective")
        return self._role_name(words, tags)

    def _again(self, words: list[str], tags: str, core: Range, kinds: frozenset[str], paragraph: int) -> Source | None:
        """Who spoke before that a definite phrase means: "the statement", "the center", "the newspaper"."""
        first, behind = core
        definite = words[0].lower() in self.lexicon.definites and first > 0
        if definite and tags[behind - 1] == "N" and behind == len(words) and behind - first <= _SHORT_NAME:
            return self.heard.named_in_full(words[first:behind])
        holder = self.names.holder(words[1]) if definite and tags == "dn" else None
        if holder is not None:
            return holder
        if definite and tags[behind - 1] not in "Nj":
            if "utterance" in kinds:
                # an outlet speaks in reports, not in statements
                found = self.heard.last({"organization", "statement", "person"}, paragraph)
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

    def _is_statement(self, words: list[str], tags: str) -> bool:
        owned = tags[0] == "n" and tags[1] in "nN" and "statement" in self.lexicon.kinds(words[0].lower())
        return owned and bool(self.lexicon.kinds(words[1].lower()) or tags[1] == "N")

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
        pair = tags.find("c", 1, start)
        if pair > 0 and tags[pair - 1] == "n" and len(tags) - start > 2 and not words[pair - 1].endswith("s"):
            # "campaign surrogate and former Majority Leader Ann Cole"
            return self.names.titled(words[start:])
        if tags[start - 1] in "od":
            return self._office_holder(words, tags, start)
        if tags[start - 1] != "n" or len(tags) - start > 4:
            return None
        opens = tags.find("o")
        if 0 < opens < start and len(tags) - start > 1 and "person" in self.lexicon.kinds(words[opens - 1].lower()):
            # "member of the Syrian Coalition's political committee Tom Reed"
            return None if self.lexicon.kinds(words[-1].lower()) else self.names.person(words[start:])
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
        goes_on = sentence.lowered[first - 1] == "but"
        marks = set(",;:.Q") & set(sentence.tags[first - 2 : first])
        if word not in self.lexicon.pronouns.get("person", ()) or (marks and not (goes_on and marks == {","})):
            return None
        subject = phrases.main_subject(sentence)
        if subject is None or subject[1] >= first or "N" not in sentence.tags[subject[0] : subject[1]]:
            return None
        if "N" in sentence.tags[subject[1] : first] and not goes_on:
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
            return self._nearer(spoken, word, paragraph) or self.heard.gendered(spoken, word)
        if self.heard.hidden is None:
            for sentence, where in self.earlier(spoken is None):
                subject = self._introduced(sentence, where, paragraph)
                if subject is not None:
                    return subject
        return self.heard.gendered(spoken, word) if spoken is not None else None

    def _nearer(self, spoken: Speaker, word: str, paragraph: int) -> Source | None:
        """The person whom the sentence before is about, where who spoke last did so earlier: "Cole disagrees. She"."""
        if spoken.at >= self.heard.before or self.heard.hidden is not None or not self.lexicon.definites:
            return None
        for sentence, where in self.earlier(False):
            if sentence.bounds[0] <= spoken.at or sentence.tags[where[0]] == "P":
                return None
            found = self._introduced(sentence, where, paragraph)
            if found is not None and found.kind == "person" and self.heard.gender_of(found.name) in {"", word}:
                return found
        return None

    def _introduced(self, sentence: Sentence, where: Range, paragraph: int) -> Source | None:
        """The person that the subject of an earlier sentence names in full or by a role; None where it is no person."""
        tags = sentence.tags[where[0] : where[1]]
        if tags[0] == "P" and sentence.tags[0] in "Hk" and sentence.tags[1] == "N":
            # "When Ann Cole ran for mayor, she did not …"
            lead = phrases.right_phrase(sentence, 1)
            if lead is not None and lead[1] < where[0] and "c" not in sentence.tags[: lead[1]]:
                where = lead
                tags = sentence.tags[where[0] : where[1]]
        if tags[0] == "P" or "c" in tags:
            return None
        aside = phrases.name_right(sentence, where[1] + 1) if sentence.tags[where[1] : where[1] + 1] == "," else None
        if tags[0] == "N":
            run = len(tags) - len(tags.lstrip("N"))
            where = where[0], where[0] + run
        elif aside is not None and phrases.with_name(sentence, where, aside, self.lexicon) is not None:
            # "the spokesman for the exchange, Tom Reed, disagreed"
            where = aside
        elif "person" not in self.lexicon.kinds(sentence.words[where[0] + core_end(tags, 0) - 1].lower()):
            return None
        found, _ = self.resolve(sentence, where, paragraph)
        return found if found.kind == "person" or (found.kind == "anonymous" and found != UNRESOLVED) else None

    def _definite(self, words: list[str], tags: str, kinds: frozenset[str], paragraph: int) -> Source | None:
        """As in "the center", "the Kurdish group", "the former militant": who spoke before that this can mean."""
        head = words[-1].lower()
        again = self._by_name(words, tags)
        if again is not None:
            return again
        named = "N" in tags
        if "outlet" in kinds:
            # "the agency" is as likely an authority as a news agency
            found = self.heard.last({"agency"} if "organization" in kinds else {"agency", "outlet"}, paragraph)
            if found is not None and not named:
                return found.source
        if "organization" in kinds and head in _GENERIC:
            found = self.heard.last({"organization"}, paragraph)
            # "the Kurdish group" is no group that has nothing Kurdish about it
            names = [
                word.lower()
                for word, tag in zip(words, tags, strict=True)
                if tag == "N" and not word.endswith("-based")
            ]
            if found is not None and (not names or self._has_about_it(found.source.name, names)):
                return found.source
        plural = head.endswith("s") and head[:-1] in self.lexicon.nouns
        meant = "person" in kinds and head in self.lexicon.nouns and head not in _SOMEBODY_ELSE
        if meant and not named and not plural and len(words) <= 3:
            last = self.heard.spoken[-1] if self.heard.spoken else None
            if last is not None and paragraph - last.paragraph <= self.settings.antecedent_paragraphs:
                recent = self.heard.last({"person"}, paragraph)
                if recent is not None:
                    return recent.source
        return None

    def _by_name(self, words: list[str], tags: str) -> Source | None:
        """Who spoke before that has the last word of a phrase in the name, alone or as one of two."""
        head = words[-1].lower()
        for speaker in reversed(self.heard.spoken[-REMEMBERED:]):
            name = speaker.source.name.lower()
            if speaker.source == self.heard.hidden:
                continue
            if " and " in name and speaker.source.kind in {"collective", "anonymous"}:
                part = _part_again(speaker.source, head)
                if part is not None:
                    return part
            elif head in name and len(name) > len(head) and head in _NAME_WORD.findall(name):
                rest = {word.lower() for word, tag in zip(words[:-1], tags[:-1], strict=True) if tag == "N"}
                if all(word in name for word in rest):
                    return speaker.source
        return None

    def _has_about_it(self, name: str, words: list[str]) -> bool:
        """Whether words stand in an organisation's name or right before it: "Kurdish-led Democratic Forces"."""
        bare = name.partition(" (")[0]
        at = self.text.find(bare)
        before = self.text[max(0, at - _RIGHT_BEFORE) : at] if at >= 0 else ""
        around = f"{before}{name}".lower()
        return all(word in around for word in words)

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


def _part_again(pair: Source, head: str) -> Source | None:
    """The one of two who spoke together that is named again: "the sources" of "the spokesman and security sources"."""
    for part in pair.name.split(" and "):
        if part.lower().endswith(f" {head}"):
            return Source(clean(part), pair.kind)
    return None
