"""Cues as data: one TOML file a language, read once into tables that the tagger and the grammar look words up in.

A language file gives function words by class, nouns by what kind of source they name, verbs of reporting by what may
follow them, claim nouns and relays ("according to", "citing"). A new language is a new file; nothing here names one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from provenance.errors import SettingsError
from provenance.model import Stance

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib

_NO_KINDS: Final[frozenset[str]] = frozenset()
_MARKS: Final = ("", ",", ".", ":", ";", "?", "!", ")", "—", "–")
_REMEMBERED: Final = 50_000
_LONGEST_NOUN: Final = 40
_SHORTEST_STEM: Final = 3
_SHORTEST_PART: Final = 4
LANGUAGES: Final = ("en", "ru", "de")
PAST, THIRD, THIRD_NOUN, BASE, BASE_NOUN, GERUND, PARTICIPLE = "V", "X", "Y", "U", "Z", "G", "E"
VERB_TAGS: Final = frozenset("VXYUZGE")


@dataclass(frozen=True, slots=True)
class VerbClass:
    """A class of verbs that behave alike; see the comments of `cues/en.toml`."""

    name: str
    prior: float
    object_prior: float
    stance: Stance
    complements: frozenset[str]
    subjects: frozenset[str]
    about: frozenset[str]
    addressee: bool
    target: bool
    quoting: bool
    outlet_only: bool
    attitude: bool
    not_objects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verb:
    """One inflected form of a verb, with every class the verb is in."""

    lemma: str
    tag: str
    classes: tuple[VerbClass, ...]


@dataclass(frozen=True, slots=True)
class Relay:
    """A phrase that names a source: "according to X", "citing X", "X zufolge"."""

    role: str
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]
    prior: float
    excluded: frozenset[str]
    source_before: bool
    owner_before: bool


@dataclass(slots=True)
class Lexicon:
    """All that one language's file says, in the shape the grammar wants."""

    language: str
    tags: dict[str, str] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    nouns: dict[str, frozenset[str]] = field(default_factory=dict)
    claims: dict[str, Stance] = field(default_factory=dict)
    claim_links: dict[str, frozenset[str]] = field(default_factory=dict)
    relays: dict[str, tuple[Relay, ...]] = field(default_factory=dict)
    interview: dict[str, frozenset[str]] = field(default_factory=dict)
    negations: frozenset[str] = frozenset()
    continuations: frozenset[str] = frozenset()
    negative_adjectives: frozenset[str] = frozenset()
    reporters: frozenset[str] = frozenset()
    reflexives: frozenset[str] = frozenset()
    definites: frozenset[str] = frozenset()
    relatives: frozenset[str] = frozenset()
    manners: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    noun_forms: frozenset[str] = frozenset()
    anaphora: frozenset[str] = frozenset()
    capital_nouns: bool = False
    compounds: bool = False
    verb_shapes: bool = False
    endings: tuple[str, ...] = ()
    stems: dict[str, frozenset[str]] = field(default_factory=dict)
    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    pronouns: dict[str, frozenset[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    triggers: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    blockers: frozenset[str] = frozenset()
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def may_report(self, words: list[str]) -> bool:
        """Whether words hold a cue that can report at all: a cheap test before a sentence is tagged.

        A base form behind an article, a preposition, "to", "I" or "will" is a noun, an infinitive or the writer's own
        ("the state", "of plans", "to think", "I hope"); the grammar would refuse it at more cost.
        """
        found = self.triggers.intersection(words)
        if not found:
            return False
        if not found <= self.weak:
            return True
        for word in found:
            at = words.index(word)
            if at == 0 or words.count(word) > 1 or words[at - 1] not in self.blockers:
                return True
            if words[at - 1] == "to" and not self.continuations.isdisjoint(words[max(0, at - 3) : at - 1]):
                return True
        return False

    def kinds(self, noun: str) -> frozenset[str]:
        """What kinds of source a common noun may name; empty where the language file has it not.

        Where the file gives case endings a noun is known in every case, where it says that nouns are compounded
        ("Hafenmeister") by its last part.
        """
        found = self.nouns.get(noun)
        if found is None:
            if not self.inflected:
                return _NO_KINDS
            found = self._known.get(noun)
            if found is None:
                found = self._inflected(noun)
                if len(self._known) < _REMEMBERED and len(noun) < _LONGEST_NOUN:
                    self._known[noun] = found
        return found

    @property
    def inflected(self) -> bool:
        """Whether nouns have other forms than those of the file."""
        return bool(self.stems) or self.compounds

    def _inflected(self, noun: str) -> frozenset[str]:
        if self.stems:
            return self.stems.get(stem(noun, self.endings), _NO_KINDS)
        for start in range(_SHORTEST_PART, len(noun) - _SHORTEST_PART):
            found = self.parts.get(noun[start:])
            if found:
                return found
        return _NO_KINDS


def stem(noun: str, endings: tuple[str, ...]) -> str:
    """A noun without its longest case ending, at least three letters of it kept."""
    for ending in endings:
        if noun.endswith(ending) and len(noun) - len(ending) >= _SHORTEST_STEM:
            return noun[: len(noun) - len(ending)]
    return noun


def _words(value: Any) -> list[str]:
    return str(value).split()


def english_forms(lemma: str) -> dict[str, str]:
    """Past, past participle, third person and -ing of a regular English verb."""
    stem = lemma
    if lemma.endswith("e"):
        return {"past": f"{stem}d", "participle": f"{stem}d", "third": f"{stem}s", "gerund": f"{stem[:-1]}ing"}
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return {
            "past": f"{stem[:-1]}ied",
            "participle": f"{stem[:-1]}ied",
            "third": f"{stem[:-1]}ies",
            "gerund": f"{stem}ing",
        }
    third = f"{stem}es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{stem}s"
    doubled = lemma in {"admit", "rebut", "purport"} and lemma[-1] == "t" and lemma != "purport"
    root = f"{stem}{stem[-1]}" if doubled else stem
    return {"past": f"{root}ed", "participle": f"{root}ed", "third": third, "gerund": f"{root}ing"}


def _forms(entry: str, language: str) -> tuple[str, dict[str, str]]:
    """A lemma of the file with its forms: regular ones made, irregular ones as they stand behind colons."""
    lemma, *irregular = entry.split(":")
    forms = english_forms(lemma) if language == "en" else {}
    for name, form in zip(("past", "participle", "third", "gerund"), irregular, strict=False):
        if form:
            forms[name] = form
    if irregular and len(irregular) == 1:
        forms["participle"] = irregular[0]
    return lemma, forms


def _add_verb(lexicon: Lexicon, form: str, tag: str, lemma: str, verb_class: VerbClass) -> None:
    if tag == THIRD and form in lexicon.noun_forms:
        tag = THIRD_NOUN
    elif tag == BASE and form in lexicon.noun_forms:
        tag = BASE_NOUN
    known = lexicon.verbs.get(form)
    if known is None:
        lexicon.verbs[form] = Verb(lemma, tag, (verb_class,))
    else:
        keep = known.tag if known.tag in {PAST, THIRD, THIRD_NOUN} else tag
        classes = known.classes if verb_class in known.classes else (*known.classes, verb_class)
        lexicon.verbs[form] = Verb(known.lemma, keep, classes)


def _verb_class(table: Mapping[str, Any]) -> VerbClass:
    prior = float(table["prior"])
    return VerbClass(
        name=str(table["name"]),
        prior=prior,
        object_prior=float(table.get("object_prior", prior)),
        stance=table["stance"],
        complements=frozenset(_words(table["complements"])),
        subjects=frozenset(_words(table.get("subject", ""))),
        about=frozenset(_words(table.get("about", "about of for on"))),
        addressee=bool(table.get("addressee")),
        target=bool(table.get("target")),
        quoting=bool(table.get("quoting")),
        outlet_only=bool(table.get("outlet_only")),
        attitude=bool(table.get("attitude")),
        not_objects=frozenset(_words(table.get("not_objects", ""))),
    )


def _read_verbs(lexicon: Lexicon, tables: Iterable[Mapping[str, Any]]) -> None:
    tag_of = {"past": PAST, "participle": PARTICIPLE, "third": THIRD, "gerund": GERUND}
    for table in tables:
        verb_class = _verb_class(table)
        for entry in _words(table.get("lemmas", "")):
            lemma, forms = _forms(entry, lexicon.language)
            for name, form in forms.items():
                if name != "participle" or form != forms.get("past"):
                    _add_verb(lexicon, form, tag_of[name], lemma, verb_class)
            if lexicon.language == "en":
                _add_verb(lexicon, lemma, BASE, lemma, verb_class)
        for form in _words(table.get("finite", "")):
            _add_verb(lexicon, form, PAST, form, verb_class)
        for form in _words(table.get("gerunds", "")):
            _add_verb(lexicon, form, GERUND, form, verb_class)


def _sides(value: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split()) for part in str(value).split("|")) if value else ((),)


def _read_relays(lexicon: Lexicon, tables: Iterable[Mapping[str, Any]]) -> None:
    collected: dict[str, list[Relay]] = {}
    for table in tables:
        relay = Relay(
            role=str(table["role"]),
            before=_sides(table.get("before", "")),
            after=_sides(table.get("after", "")),
            prior=float(table["prior"]),
            excluded=frozenset(_words(table.get("not", ""))),
            source_before=bool(table.get("source_before")),
            owner_before=bool(table.get("owner_before")),
        )
        for key in _words(table["key"]):
            collected.setdefault(key, []).append(relay)
    lexicon.relays = {key: tuple(relays) for key, relays in collected.items()}


def _read_nouns(lexicon: Lexicon, tables: Mapping[str, Any]) -> None:
    collected: dict[str, set[str]] = {}
    for kind, words in tables.items():
        for word in _words(words):
            collected.setdefault(word, set()).add(kind)
    if lexicon.language == "en":
        for word in list(collected):
            collected.setdefault(f"{word}s", set()).update(collected[word])
    lexicon.nouns = {word: frozenset(kinds) for word, kinds in collected.items()}
    if lexicon.compounds:
        lexicon.parts = {word: kinds for word, kinds in lexicon.nouns.items() if len(word) >= _SHORTEST_PART}
    for word, kinds in lexicon.nouns.items() if lexicon.endings else ():
        if len(word) > _SHORTEST_STEM:
            lexicon.stems.setdefault(stem(word, lexicon.endings), kinds)


def _read_claims(lexicon: Lexicon, table: Mapping[str, Any]) -> None:
    stances: tuple[Stance, ...] = ("assert", "distanced", "deny", "conjecture")
    for stance in stances:
        for word in _words(table.get(stance, "")):
            lexicon.claims[word] = stance
    lexicon.claim_links = {key: frozenset(_words(table.get(key, ""))) for key in ("by", "to", "contested")}


def _capitalised(words: Iterable[str]) -> list[str]:
    return [word[0].upper() + word[1:] for word in words if word[:1].islower()]


def _tag_words(lexicon: Lexicon, classes: Mapping[str, Any]) -> None:
    tags = lexicon.tags
    for word in lexicon.claims:
        tags[word] = "e"
    for word, verb in lexicon.verbs.items():
        tags[word] = verb.tag
        if verb.tag == GERUND:
            tags[word[0].upper() + word[1:]] = GERUND
    if lexicon.capital_nouns:
        tags.update((word, "n") for word in _capitalised(lexicon.nouns))
    for word in lexicon.relays:
        tags[word] = tags[word[0].upper() + word[1:]] = "A"
    for tag, words in classes.items():
        for word in _words(words):
            if tag != "v" or word not in lexicon.verbs:
                tags[word] = tag
        # a capital May or March is the month; other function words keep their class at the start of a sentence
        if tag not in {"v", "T"}:
            for word in _capitalised(_words(words)):
                tags[word] = tag
    for word in _capitalised(_words(classes.get("T", ""))):
        tags[word] = "T"


def cue_file(language: str) -> dict[str, Any]:
    """A language's cue file as it stands.

    Raises:
        SettingsError: there is no file for the language.
    """
    file = resources.files("provenance.attribution") / "cues" / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        known = ", ".join(LANGUAGES)
        what = f"no cues for language {language!r}"
        raise SettingsError(what, where=f"cues/{language}.toml", remedy=f"one of: {known}")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def load_lexicon(language: str) -> Lexicon:
    """The cues of a language.

    Raises:
        SettingsError: there is no file for the language, or the file does not say what it must.
    """
    where = f"cues/{language}.toml"
    data = cue_file(language)
    lexicon = Lexicon(language=language)
    try:
        lexicon.noun_forms = frozenset(_words(data.get("noun_forms", "")))
        lexicon.verb_shapes = bool(data.get("verb_shapes"))
        lexicon.compounds = bool(data.get("compounds"))
        lexicon.endings = tuple(sorted(_words(data.get("endings", "")), key=len, reverse=True))
        _read_nouns(lexicon, data["nouns"])
        _read_claims(lexicon, data.get("claims", {}))
        _read_verbs(lexicon, data["verbs"])
        _read_relays(lexicon, data.get("relays", ()))
        lexicon.capital_nouns = bool(data.get("capital_nouns"))
        _tag_words(lexicon, data["words"])
    except KeyError as error:
        raise SettingsError(f"the key {error} is missing", where=where, remedy="see cues/en.toml") from error
    for name in (
        "negations",
        "continuations",
        "negative_adjectives",
        "reporters",
        "titles",
        "anaphora",
        "reflexives",
        "definites",
        "relatives",
        "manners",
        "ours",
        "seen",
    ):
        setattr(lexicon, name, frozenset(_words(data.get(name, {}).get("words", ""))))
    places = str(data.get("places", {}).get("names", "")).split("|")
    lexicon.places = frozenset(place.strip() for place in places if place.strip())
    lexicon.interview = {key: frozenset(_words(value)) for key, value in data.get("interview", {}).items()}
    lexicon.pronouns = {key: frozenset(_words(value)) for key, value in data.get("pronouns", {}).items()}
    lexicon.owners = dict(pair.split("=", 1) for pair in lexicon.pronouns.pop("owners", ()))
    words = [*lexicon.verbs, *lexicon.relays, *lexicon.claims]
    # a capital finite verb is a name ("States", "Post"); the other cues may open a sentence
    words += _capitalised([word for word in words if word not in lexicon.verbs or lexicon.verbs[word].tag == GERUND])
    words += _capitalised(lexicon.claims)
    lexicon.triggers = frozenset(word + mark for word in words for mark in _MARKS)
    other = {*lexicon.claims, *lexicon.relays}
    lexicon.weak = frozenset(
        word + mark
        for word, verb in lexicon.verbs.items()
        for mark in _MARKS
        if verb.tag in {BASE, BASE_NOUN, THIRD_NOUN} and word not in other
    )
    lexicon.blockers = frozenset(_words(data.get("blockers", {}).get("words", "")))
    return lexicon
