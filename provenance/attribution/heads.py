"""Who a noun phrase means where names have no capitals: the head of the phrase, and the name beside a role.

The head stands first in Arabic ("وزير الخارجية السوري فيصل المقداد") and last in Chinese ("外交部发言人汪文斌"). A name
is what is left beside a known role, office or descriptor, or a word of a name's form that nothing stands beside. A
phrase of which nothing is known is no source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from provenance.attribution.antecedents import Antecedents
from provenance.attribution.cascade import Range
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.names import as_source
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.segmenting import Tokens
from provenance.model import Source, SourceKind
from provenance.settings import AttributionSettings

_MEDIA: Final = frozenset(["agency", "outlet"])
_PEOPLE: Final = frozenset(["person", "anonymous", "author"])
_BODIES: Final = frozenset(["organization", "agency", "outlet", "statement"])
_QUOTED: Final = re.compile(r"^[\s“”«»\"《》「」『』‘’„]+|[\s“”«»\"《》「」『』‘’„]+$")
_BRACKETED: Final = re.compile(r"^[(（]\s*|\s*[)）]$")
_LONGEST_NAME: Final = 4
_OWN: Final = ("ه", "ها", "هم")
"""Pronouns written onto a noun: "his knowledge" is no name."""
_ONES_OWN: Final = ("ته", "تها", "تهم")
"""The same behind a feminine ending: "his identity"."""
_ONE_OF: Final = " من"
"""Ends what the cue file makes one word: "شاهد من رويترز"."""
_LONGEST_HAN_NAME: Final = 4
_LONGEST_FOREIGN_NAME: Final = 14
_BARE_HAN_NAME: Final = 3
_LONGEST_SOUNDS: Final = 6
"""Letters of a foreign name written by its sounds that stands without an office: 泽连斯基."""


class Heads:
    """Resolves the phrases of one article; remembers who was named in full."""

    def __init__(
        self,
        data: Mapping[str, Any],
        lexicon: Lexicon,
        gazetteer: Gazetteer,
        settings: AttributionSettings,
        heard: Antecedents,
        nouns: Mapping[str, frozenset[str]],
    ):
        names = data.get("names", {})
        self.first = names["head"] == "first"
        self.surnames = frozenset(str(names.get("surnames", "")).split())
        self.transliterated = frozenset(str(names.get("transliterated", "")))
        self.suffixes = tuple(str(names.get("suffixes", "")).split())
        self.people = frozenset(str(names.get("he", "")).split())
        self.groups = frozenset(str(names.get("they", "")).split())
        self.things = frozenset(str(names.get("it", "")).split())
        self.bodies = tuple(str(names.get("bodies", "")).split())
        self.agencies = frozenset(str(names.get("agencies", "")).split())
        self.reporters = frozenset(str(names.get("reporters", "")).split())
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.settings = settings
        self.heard = heard
        self.known: list[str] = []
        self.nouns = nouns

    def resolve(
        self, tokens: Tokens, where: Range, paragraph: int, *, strict: bool = False
    ) -> tuple[Source, float] | None:
        """The source that tokens name and the confidence that is left; None where they name none.

        Args:
            tokens: the sentence.
            where: the phrase, as token bounds.
            paragraph: the number of the paragraph it stands in.
            strict: whether words of which nothing is known are refused, as behind "according to" ("the plan") and,
                where heads stand last, before the colon of a headline.
        """
        first, behind = self._trimmed(tokens, *where)
        if first >= behind:
            return None
        tags = tokens.tags[first:behind]
        if tags[0] in "Pd":
            again = self._again(tokens, (first, behind), paragraph)
            if again is not None or tags[0] == "P":
                return again
        return (
            self._first(tokens, first, behind, paragraph, strict=strict)
            if self.first
            else self._last(tokens, first, behind, paragraph, strict=strict)
        )

    def outlet(self, tokens: Tokens, where: Range) -> Source | None:
        """The outlet that tokens name, such as one somebody spoke to; None where it is not sure to be one."""
        first, behind = self._trimmed(tokens, *where)
        if first >= behind:
            return None
        if self.first:
            if behind - first > 1 and tokens.forms[first].removeprefix("ال") in self.reporters:
                first += 1
            return self._arabic_outlet(tokens, first, behind)
        found = self._last(tokens, first, behind)
        return found[0] if found is not None and found[0].kind in _MEDIA else None

    def _trimmed(self, tokens: Tokens, first: int, behind: int) -> Range:
        while first < behind and tokens.tags[first] in "cDkwrT":
            first += 1
        while first < behind and tokens.tags[behind - 1] in "cDkwrTp,":
            behind -= 1
        return first, behind

    def _kinds(self, form: str, tag: str = "") -> frozenset[str]:
        """The kinds a noun may name, in Arabic with or without the article and the accusative's alef."""
        found = self.nouns.get(form)
        if found is None and self.first:
            bare = form.split(" ", 1)[0].removeprefix("ال")
            found = self.nouns.get(bare) or (self.nouns.get(bare[:-1]) if bare.endswith("ا") else None)
        if found is None:
            # several words that the cue file makes one
            return frozenset(["organization"]) if tag in {"o", "G"} else frozenset()
        return found

    # pronouns and definite re-mentions

    def _again(self, tokens: Tokens, where: Range, paragraph: int) -> tuple[Source, float] | None:
        first, behind = where
        word = tokens.forms[first]
        kinds: frozenset[str] = frozenset()
        factor = self.settings.pronoun_factor
        if tokens.tags[first] == "P":
            kinds = _PEOPLE if word in self.people else _BODIES if word in self.things else frozenset(["collective"])
        elif behind - first > 1:
            kinds = self._kinds(tokens.forms[behind - 1])
            factor = self.settings.definite_factor
        found = self._last_of(kinds, paragraph, tokens.forms[behind - 1])
        return (found, factor) if found is not None else None

    def _last_of(self, kinds: frozenset[str], paragraph: int, noun: str) -> Source | None:
        """Who of these kinds spoke or was named as an outlet last."""
        if "outlet" in kinds and kinds != _BODIES:
            for outlet, named in reversed(self.heard.outlets):
                if paragraph - named > self.settings.antecedent_paragraphs:
                    break
                # "the newspaper" is no agency
                if noun in self.agencies or outlet.kind == "outlet":
                    return outlet
            return None
        if kinds & {"person", "anonymous"}:
            speaker = self.heard.last(_PEOPLE, paragraph)
        elif "collective" in kinds:
            speaker = self.heard.last({"collective"}, paragraph)
        elif kinds & {"statement", "artefact"}:
            speaker = self.heard.last({"person", "organization"}, paragraph)
        else:
            speaker = self.heard.last(_BODIES, paragraph)
        return speaker.source if speaker is not None else None

    # head last

    def _last(  # noqa: PLR0911 - a kind of head each
        self, tokens: Tokens, first: int, behind: int, paragraph: int = 0, *, strict: bool = False
    ) -> tuple[Source, float] | None:
        while behind - 1 > first and tokens.tags[behind - 1] == "b":
            behind -= 1
        tags = tokens.tags
        modifier = tags.rfind("D", first, behind)
        start = modifier + 1 if modifier >= 0 else first
        head, form = tags[behind - 1], tokens.forms[behind - 1]
        if head == "s" and behind - first == 1:
            again = self._last_of(self._kinds(form), paragraph, form)
            if again is not None:
                return again, self.settings.definite_factor
        if head == "s" and start > first:
            owner = self._last(tokens, first, modifier)
            if owner is not None:
                return owner
        if head == "O":
            found = self.gazetteer.lookup(form)
            return (as_source(found), 1.0) if found is not None else None
        if head == "q":
            named = self._quoted_outlet(tokens, behind - 1, described=tokens.words(behind - 1, behind)[0] in "《〈")
            if named is None and behind - 1 > start and tags[behind - 2] == "o":
                return Source(tokens.words(start, behind), "organization"), 0.9
            return named
        if head == "u":
            return self._described(tokens, first, start, behind)
        if head == "x":
            return self._unknown(tokens, start, behind, strict=strict)
        if head in "nosG":
            return self._common(tokens, first, start, behind)
        return None

    def _quoted_outlet(self, tokens: Tokens, index: int, *, described: bool) -> tuple[Source, float] | None:
        name = _QUOTED.sub("", tokens.forms[index])
        found = self.gazetteer.lookup(name)
        if found is not None:
            return as_source(found), 1.0
        if described and 1 < len(name) < _LONGEST_FOREIGN_NAME:
            return Source(name, "outlet", name), 0.9
        return None

    def _described(self, tokens: Tokens, first: int, start: int, behind: int) -> tuple[Source, float] | None:
        """An outlet noun at the end: what stands before it is the outlet's name, or says which sort it is of."""
        tags = tokens.tags
        last = behind - 1
        whole = tokens.words(start, behind).replace(" ", "")
        abroad = start
        while abroad < last and tags[abroad] == "G":
            abroad += 1
        # "土耳其安纳多卢通讯社": the country is no part of the name
        found = self.gazetteer.lookup(whole) or self.gazetteer.lookup(tokens.words(abroad, behind).replace(" ", ""))
        if found is not None:
            return as_source(found), 1.0
        if last > start:
            before = tags[last - 1]
            if before == "q":
                title = self.gazetteer.lookup(f"{_QUOTED.sub('', tokens.forms[last - 1])}{tokens.forms[last]}")
                if title is not None:
                    return as_source(title), 1.0
                return self._quoted_outlet(tokens, last - 1, described=True)
            if before in "Ob":
                at = last - 1 if before == "O" else last - 2
                named = self.gazetteer.lookup(tokens.forms[at]) if at >= start else None
                if named is not None:
                    return as_source(named), 1.0
            if tags[start] == "O" and set(tags[start + 1 : last]) <= set("xG"):
                # "半岛电视台阿拉伯语频道": an edition of it
                edition = self.gazetteer.lookup(tokens.forms[start])
                if edition is not None:
                    return as_source(edition), 1.0
            if before == "x" and tokens.forms[last].endswith(self.suffixes):
                at = last - 1
                while at > start and tags[at - 1] == "G":
                    at -= 1
                name = tokens.words(at, behind)
                return (Source(name, "outlet", name), 0.9) if len(name) <= _LONGEST_FOREIGN_NAME else None
            if before == "G" and tokens.forms[last].endswith(self.suffixes):
                return Source(whole, "outlet", whole), 0.8
        return Source(tokens.words(first, behind), "collective"), 0.9

    def _unknown(  # noqa: PLR0911 - the forms of a name, one return each
        self, tokens: Tokens, start: int, behind: int, *, strict: bool
    ) -> tuple[Source, float] | None:
        """An unknown word at the end: a name behind a role, or one of a name's form."""
        name, last = tokens.forms[behind - 1], behind - 1
        if name.endswith(self.suffixes) and len(name) > _BARE_HAN_NAME - 1:
            if any(tokens.tags[at] not in "Gx" for at in range(start, last)) or len(name) > _LONGEST_FOREIGN_NAME:
                return None
            return Source(name, "outlet", name), 0.9
        if self.bodies and name.endswith(self.bodies) and len(name) >= _BARE_HAN_NAME:
            return Source(tokens.words(start, behind), "organization"), 0.9
        sounds = len(name) >= _BARE_HAN_NAME and self.transliterated.issuperset(name)
        foreign = sounds or "·" in name or "•" in name
        role = last > start and tokens.tags[last - 1] == "n"
        if role and "person" not in self._kinds(tokens.forms[last - 1]):
            # "experts privately said" names nobody
            role = foreign or name[0] in self.surnames
        longest = _LONGEST_FOREIGN_NAME if foreign else _LONGEST_HAN_NAME
        if not name or len(name) > longest or (len(name) < _BARE_HAN_NAME - 1 and name[0].isalpha()):
            return None
        if role:
            return self._person(name), 1.0
        full = next((one for one in reversed(self.known) if one == name or one.endswith(f"·{name}")), None)
        if full is not None:
            return Source(full, "person"), 1.0
        if last == start and sounds and not strict and len(name) <= _LONGEST_SOUNDS:
            return self._person(name), self.settings.unknown_speaker_factor
        if last == start and (foreign or (name[0] in self.surnames and len(name) <= _BARE_HAN_NAME)):
            return self._person(name), 0.9
        if last == start and name[:2] in self.surnames and len(name) > _BARE_HAN_NAME - 1:
            return self._person(name), 0.9
        return None

    def _common(self, tokens: Tokens, first: int, start: int, behind: int) -> tuple[Source, float] | None:
        """A known noun at the end: the phrase as it stands."""
        form, tags = tokens.forms[behind - 1], tokens.tags
        if form in self.reporters:
            # an outlet's reporter writes for it; "reporters" alone are nobody in particular
            writes_for = self.gazetteer.lookup(tokens.forms[start]) if tokens.tags[start] == "O" else None
            if writes_for is not None:
                return as_source(writes_for), 1.0
            return self._last(tokens, first, behind - 1) if behind - 1 > first else None
        if tags[behind - 1] == "s":
            owner = self._last(tokens, first, behind - 1) if behind - 1 > first else None
            if owner is not None:
                return owner
        kinds = self._kinds(form, tags[behind - 1])
        held = [at for at in range(start, behind - 1) if tags[at] == "x" and tokens.forms[at][-1] in "后时前中"]
        if held:
            start = first = held[-1] + 1
        return Source(tokens.words(first, behind), _kind(kinds)), 1.0

    def _person(self, name: str) -> Source:
        if name not in self.known:
            self.known.append(name)
        return Source(name, "person")

    # head first

    def _first(  # noqa: PLR0911 - a kind each
        self, tokens: Tokens, first: int, behind: int, paragraph: int, *, strict: bool
    ) -> tuple[Source, float] | None:
        tags, forms = tokens.tags, tokens.forms
        whole = first
        while first < behind - 1 and tags[first] in "hp9":
            first += 1
        form = forms[first]
        kinds = self._kinds(form, tags[first])
        reports = form.removeprefix("ال") in self.reporters
        outlet = self._speaking_outlet(tokens, first, behind, passing=reports or form.endswith(_ONE_OF))
        if outlet is not None:
            return outlet, 1.0
        if reports:
            return None
        if form.startswith("ال") and tags[first] in "nous" and behind - first == 1:
            again = self._last_of(kinds, paragraph, form.removeprefix("ال"))
            if again is not None:
                return again, self.settings.definite_factor
        if not kinds:
            if tags[first] in "xX" and whole < first:
                if strict:
                    return None
                return Source(_words(tokens, whole, behind), "anonymous"), 0.9
            if tags[first] in "xX":
                return self._arabic_name(tokens, first, behind, strict=strict)
            return (Source(_words(tokens, first, first + 1), "organization"), 0.9) if tags[first] == "G" else None
        kind = _kind(kinds)
        name = self._name_start(tokens, first, behind, person="person" in kinds)
        suffixed = behind - name == 1 and forms[name].endswith(_OWN)
        if "person" in kinds and name < behind and not suffixed:
            return self._person(_words(tokens, name, min(behind, name + _LONGEST_NAME))), 1.0
        end = name if suffixed or kind in {"organization", "statement", "collective"} else behind
        return Source(_words(tokens, whole, end), kind), 1.0

    def _speaking_outlet(self, tokens: Tokens, first: int, behind: int, *, passing: bool) -> Source | None:
        """The outlet that speaks; where `passing`, the first word is its reporter or a witness of its own."""
        if not passing:
            return self._arabic_outlet(tokens, first, behind) if tokens.tags[first] in "uqxXo" else None
        return self._arabic_outlet(tokens, first + 1, behind) if behind - first > 1 else None

    def _name_start(self, tokens: Tokens, first: int, behind: int, *, person: bool) -> int:
        """Where a person's name begins behind the role: the first word that is no complement or adjective of it."""
        tags, forms = tokens.tags, tokens.forms
        at = first
        while at < behind:
            form, tag = forms[at], tags[at]
            if at == first or tag in "nousjpwc":
                # a noun without the article governs the next word, and so does "باسم"
                if tag == "j" and at + 1 < behind and tags[at + 1] in "xG":
                    at += 2
                    continue
                bare = tag in "nous" and not form.startswith("ال")
                follows = at + 1 < behind and tags[at + 1] in "xXG"
                at += 2 if bare and follows and (at + 2 == behind or self._governed(forms, tags, at)) else 1
            elif form.startswith("ال") or tag in "Gb9":
                at += 1
            elif tag == "L":
                at += 2
            elif not person and form[0] == "ل" and at + 1 < behind:
                # "المرصد السوري لحقوق الإنسان": what it is for is part of its name
                at += 2
            else:
                return at if tag == "x" else behind
        return behind

    def _governed(self, forms: list[str], tags: str, at: int) -> bool:
        """Whether the word behind a bare noun completes it; an indefinite adjective does too ("مصدر أمني")."""
        following = forms[at + 1]
        if following.startswith("ال") or tags[at + 1] == "G" or following.endswith(("ي", "ية", "يون", "يين", "ين")):
            return True
        return tags[at] == "o"

    def _arabic_name(self, tokens: Tokens, first: int, behind: int, *, strict: bool) -> tuple[Source, float] | None:
        """Unknown words only: a person's name where they are few; one word with the article is an institution."""
        end = first
        while end < behind and tokens.tags[end] in "xXb" and end - first < _LONGEST_NAME:
            end += 1
        if end < behind and tokens.tags[end] in "xXnou":
            return None
        form = tokens.forms[first]
        name = _words(tokens, first, end)
        if end - first == 1:
            full = next((one for one in reversed(self.known) if one.split()[-1] == name), None)
            if full is not None:
                return Source(full, "person"), 1.0
            if strict:
                return None
            if form.endswith(_ONES_OWN):
                return None
            if form.startswith("ال"):
                return Source(name, "organization"), self.settings.unknown_speaker_factor
            return Source(name, "person"), 0.7
        if strict and name not in self.known:
            return None
        return self._person(name), 0.9

    def told_last(self, tokens: Tokens, where: Range) -> tuple[Range, Range] | None:
        """As in "أبلغ مسؤول رويترز": where the last words of a phrase are an outlet that the first ones told."""
        first, behind = where
        for at in range(first + 1, behind):
            if self._arabic_outlet(tokens, at, behind) is not None:
                return (first, at), (at, behind)
        return None

    def _arabic_outlet(self, tokens: Tokens, first: int, behind: int) -> Source | None:
        """An outlet: of the gazetteer with its descriptor and adjectives, or a name behind an outlet noun."""
        tags, forms = tokens.tags, tokens.forms
        described = tags[first] == "u"
        start = first + 1 if described else first
        for end in range(min(behind, first + self.gazetteer.longest), first + 1, -1) if described else ():
            # "وكالة الأنباء السعودية": the descriptor is part of the name
            named = self.gazetteer.lookup(_words(tokens, first, end))
            if named is not None and self._alone(tokens, end, behind):
                return as_source(named)
        for at in range(start, min(behind, start + _LONGEST_NAME + 2)):
            if tags[at] in "qb":
                name = _BRACKETED.sub("", _QUOTED.sub("", forms[at] if tags[at] == "q" else tokens.words(at, at + 1)))
                found = self.gazetteer.lookup(name)
                if found is not None:
                    return as_source(found)
                if described and tags[at] == "q":
                    return Source(name, "outlet", name)
                continue
            for end in range(min(behind, at + self.gazetteer.longest), at, -1):
                found = self.gazetteer.lookup(tokens.words(at, end)) or self.gazetteer.lookup(_words(tokens, at, end))
                sure = described or (
                    at == first
                    and self._alone(tokens, end, behind)
                    and not self.gazetteer.ambiguous(_words(tokens, at, end))
                )
                if found is not None and sure:
                    return as_source(found)
            if not described:
                return None
        if described and not forms[first].startswith("ال") and "outlet" in self._kinds(forms[first]):
            return self._named_behind(tokens, first, behind)
        return None

    def _alone(self, tokens: Tokens, end: int, behind: int) -> bool:
        """Whether only adjectives and brackets stand behind a name."""
        return all(tokens.tags[at] in "bGcX" for at in range(end, behind))

    def _named_behind(self, tokens: Tokens, first: int, behind: int) -> Source | None:
        """As in "صحيفة صدى الميناء المحلية": the words behind an outlet noun but for adjectives at the end."""
        end = first + 1
        while end < behind and tokens.tags[end] in "xXnosG" and end - first <= _LONGEST_NAME:
            end += 1
        while end - first > 2 and tokens.forms[end - 1].endswith(("ية", "ي")):
            end -= 1
        if end - first < 2 or (end - first == 2 and tokens.forms[end - 1].endswith(("ية", "ي"))):
            return None
        name = tokens.words(first + 1, end)
        return Source(name, "outlet", name)


def _words(tokens: Tokens, first: int, behind: int) -> str:
    """The words of a name, its article whole again where a preposition took a letter of it: للشرطة is ل and الشرطة."""
    words = tokens.words(first, behind)
    if tokens.forms[first].startswith("ال") and words.startswith("ل"):
        return f"ا{words}" if words.startswith("لل") else f"ال{words[1:]}"
    return words


def _kind(kinds: frozenset[str]) -> SourceKind:
    """What sort of source a common noun is."""
    if kinds & {"statement", "artefact"}:
        return "statement" if "statement" in kinds else "artefact"
    if "anonymous" in kinds:
        return "anonymous"
    if "collective" in kinds or "outlet" in kinds:
        return "collective"
    return "organization" if "organization" in kinds else "person"
