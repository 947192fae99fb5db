"""Cues as data: one TOML file a language, read once into tables that the tagger and the grammar look words up in.

A language file gives function words by class, nouns by what kind of source they name, verbs of reporting by what may
follow them, claim nouns and relays ("according to", "citing"). A new language is a new file; nothing here names one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from provenance.attribution.attitude_cues import Attitude, read_attitudes
from provenance.attribution.inflection import inflected
from provenance.errors import SettingsError
from provenance.model import Stance

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib

_NO_KINDS: Final[frozenset[str]] = frozenset()
_NO_WORDS: Final[frozenset[str]] = frozenset()
_MARKS: Final = ("", ",", ".", ":", ";", "?", "!", ")", "—", "–")
_REMEMBERED: Final = 50_000
_PLAIN_WORD: Final = re.compile(r"\w+")
_LONGEST_NOUN: Final = 40
_SHORTEST_STEM: Final = 3
_SHORTEST_PART: Final = 4
LANGUAGES: Final = ("en", "ru", "de", "es", "fr", "ar", "zh")
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
    itself: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A word that takes another tag between certain neighbours: "que" behind a noun is a relative pronoun.

    Attributes:
        before: what the tags before it must end on.
        behind: what the tags behind it must start with.
        tag: the tag it takes.
    """

    before: re.Pattern[str]
    behind: re.Pattern[str]
    tag: str


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
    attitudes: dict[str, tuple[Attitude, ...]] = field(default_factory=dict)
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
    # a subject may follow its verb, or be left out
    inverts: bool = False
    drops_subject: bool = False
    # a noun phrase is known by its first noun, not by its last
    head_first: bool = False
    # how words are split off one another where the language writes them together
    token: re.Pattern[str] | None = None
    turns: dict[str, tuple[Turn, ...]] = field(default_factory=dict)
    # verbs that report only with a particle behind them: "teilte … mit"
    particles: dict[str, frozenset[str]] = field(default_factory=dict)
    conditionals: frozenset[str] = frozenset()
    # verb forms that go on with reported speech without a cue: "Er sei …"
    subjunctives: frozenset[str] = frozenset()
    contracted: frozenset[str] = frozenset()
    # prepositions in front of who speaks: "сообщили в МЧС"
    offices: frozenset[str] = frozenset()
    verb_endings: tuple[str, ...] = ()
    quoted_with: tuple[str, ...] = ()
    datives: frozenset[str] = frozenset()
    # verbs that pass on somebody's words, and those words: "слова министра приводит ТАСС"
    conveys: frozenset[str] = frozenset()
    conveyed: frozenset[str] = frozenset()
    plural_verbs: tuple[str, ...] = ()
    verb_shapes: bool = False
    endings: tuple[str, ...] = ()
    plurals: tuple[str, ...] = ()
    stems: dict[str, frozenset[str]] = field(default_factory=dict)
    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    pronouns: dict[str, frozenset[str]] = field(default_factory=dict)
    artefacts: dict[str, frozenset[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    triggers: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    blockers: frozenset[str] = frozenset()
    # claims and what artefacts are made by, in every case that a text may have them in
    claim_forms: frozenset[str] = frozenset()
    made_forms: frozenset[str] = frozenset()
    notable: frozenset[str] = frozenset()
    """Words without any of which a sentence holds no attitude, claim noun, interview or artefact."""
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def may_report(self, words: list[str]) -> bool:
        """Whether words hold a cue that can report at all: a cheap test before a sentence is tagged.

        A base form behind an article, a preposition, "to", "I" or "will" is a noun, an infinitive or the writer's own
        ("the state", "of plans", "to think", "I hope"); the grammar would refuse it at more cost.
        """
        if self.token is not None:
            words = _PLAIN_WORD.findall(" ".join(words))
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
        for start in range(_SHORTEST_PART, len(noun) - _SHORTEST_PART + 1):
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
            lemma, forms = inflected(entry, lexicon.language)
            for name, form in forms.items():
                if name != "participle" or form != forms.get("past"):
                    _add_verb(lexicon, form, tag_of[name], lemma, verb_class)
            if lexicon.language == "en":
                _add_verb(lexicon, lemma, BASE, lemma, verb_class)
        for form in _words(table.get("finite", "")):
            _add_verb(lexicon, form, THIRD if form in lexicon.noun_forms else PAST, form, verb_class)
        for form in _words(table.get("participles", "")):
            _add_verb(lexicon, form, PARTICIPLE, form, verb_class)
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
            itself=bool(table.get("itself")),
            closed=bool(table.get("closed")),
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
    for word in list(collected):
        for ending in lexicon.plurals:
            collected.setdefault(word + ending, set()).update(collected[word])
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


def _turns(tables: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Turn, ...]]:
    collected: dict[str, list[Turn]] = {}
    for table in tables:
        before, behind = re.compile(table.get("before", "")), re.compile(table.get("behind", ""))
        for word in _words(table["words"]):
            collected.setdefault(word, []).append(Turn(before, behind, str(table["tag"])))
    return {word: tuple(turns) for word, turns in collected.items()}


def _token_pattern(data: Mapping[str, Any]) -> re.Pattern[str] | None:
    """Words where a language elides ("l'agence" is two) or hangs pronouns on its verbs ("dit-il" is two)."""
    if "elisions" not in data:
        return None
    elided = "|".join(sorted(_words(data["elisions"]), key=len, reverse=True))
    clitics = "|".join(_words(data.get("enclitics", "")))
    auxiliaries = "|".join(_words(data.get("auxiliaries", "")))
    hung = rf"-(?:t-)?(?:{clitics})\b"
    return re.compile(
        rf"\b(?:{elided})['’](?=\w)|\b(?:{auxiliaries}){hung}|(?<=\w){hung}"
        rf"|\w+(?:(?!{hung})[-'’.&/]\w+|(?<=\d),\d{{3}})*(?:\.(?:(?= [^\W_a-z])|(?<=\.\w\.)))?|[^\w\s]+",
        re.IGNORECASE,
    )


def _in_any_case(words: Iterable[str]) -> frozenset[str]:
    return frozenset([form for word in words for form in (word, word.capitalize(), word.upper())])


def _capitalised(words: Iterable[str]) -> list[str]:
    return [word[0].upper() + word[1:] for word in words if word[:1].islower()]


def _tag_words(lexicon: Lexicon, classes: Mapping[str, Any]) -> None:
    tags = lexicon.tags
    for word in lexicon.claims:
        tags[word] = "e"
    for word, verb in lexicon.verbs.items():
        tags[word] = verb.tag
        if verb.tag == GERUND or (lexicon.inverts and verb.tag != PARTICIPLE):
            tags[word[0].upper() + word[1:]] = verb.tag
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


def _read_order(lexicon: Lexicon, data: Mapping[str, Any]) -> None:
    """The keys that say how a language orders and writes its words."""
    for name in ("inverts", "drops_subject", "head_first"):
        setattr(lexicon, name, bool(data.get(name)))
    for name in ("conditionals", "subjunctives", "offices", "datives", "conveys", "conveyed"):
        setattr(lexicon, name, frozenset(_words(data.get(name, ""))))
    lexicon.verb_endings = tuple(_words(data.get("verb_endings", "")))
    lexicon.quoted_with = tuple(_words(data.get("quoted_with", "")))
    lexicon.plural_verbs = tuple(_words(data.get("plural_verbs", "")))
    lexicon.plurals = tuple(_words(data.get("plurals", "")))
    lexicon.token = _token_pattern(data)
    lexicon.turns = _turns(data.get("turns", ()))
    for particle, verbs in data.get("particles", {}).items():
        for verb in _words(verbs):
            lexicon.particles[verb] = lexicon.particles.get(verb, frozenset()) | {particle}


def _read_triggers(lexicon: Lexicon, data: Mapping[str, Any]) -> None:
    """The words without which a sentence reports nothing, for `Lexicon.may_report`."""
    words = [*lexicon.verbs, *lexicon.relays, *lexicon.claims]
    # a capital finite verb is a name ("States", "Post"); the other cues may open a sentence
    opening = {GERUND, PAST, THIRD} if lexicon.inverts else {GERUND}
    words += _capitalised([word for word in words if word not in lexicon.verbs or lexicon.verbs[word].tag in opening])
    words += _capitalised(lexicon.claims)
    words += [word for word in lexicon.attitudes if word not in lexicon.verbs and word.islower()]
    words += lexicon.conveys
    lexicon.triggers = frozenset(word + mark for word in words for mark in _MARKS)
    other = {*lexicon.claims, *lexicon.relays}
    lexicon.weak = frozenset(
        word + mark
        for word, verb in lexicon.verbs.items()
        for mark in _MARKS
        if verb.tag in {BASE, BASE_NOUN, THIRD_NOUN} and word not in other
    )
    lexicon.blockers = frozenset(_words(data.get("blockers", {}).get("words", "")))


@lru_cache(maxsize=16)
def load_lexicon(language: str) -> Lexicon:
    """The cues of a language.

    Raises:
        SettingsError: there is no file for the language, or the file does not say what it must.
    """
    where = f"cues/{language}.toml"
    data = cue_file(language)
    lexicon = Lexicon(language=language)
    _read_order(lexicon, data)
    try:
        lexicon.noun_forms = frozenset(_words(data.get("noun_forms", "")))
        lexicon.verb_shapes = bool(data.get("verb_shapes"))
        lexicon.compounds = bool(data.get("compounds"))
        lexicon.endings = tuple(sorted(_words(data.get("endings", "")), key=len, reverse=True))
        _read_nouns(lexicon, data["nouns"])
        _read_claims(lexicon, data.get("claims", {}))
        _read_verbs(lexicon, data["verbs"])
        _read_relays(lexicon, data.get("relays", ()))
        lexicon.attitudes = read_attitudes(data.get("attitudes", ()), language)
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
        "contracted",
    ):
        setattr(lexicon, name, frozenset(_words(data.get(name, {}).get("words", ""))))
    places = str(data.get("places", {}).get("names", "")).split("|")
    lexicon.places = frozenset(place.strip() for place in places if place.strip())
    lexicon.interview = {key: frozenset(_words(value)) for key, value in data.get("interview", {}).items()}
    lexicon.pronouns = {key: frozenset(_words(value)) for key, value in data.get("pronouns", {}).items()}
    lexicon.artefacts = {key: frozenset(_words(value)) for key, value in data.get("artefacts", {}).items()}
    lexicon.owners = dict(pair.split("=", 1) for pair in lexicon.pronouns.pop("owners", ()))
    lexicon.given = {name: word for word, names in data.get("given", {}).items() for name in _words(names)}
    _read_triggers(lexicon, data)
    lexicon.claim_forms = _in_any_case(lexicon.claims)
    lexicon.made_forms = _in_any_case(lexicon.artefacts.get("made", ()))
    talks = [lexicon.interview.get(key, _NO_WORDS) for key in ("nouns", "verbs")]
    lexicon.notable = lexicon.claim_forms.union(lexicon.made_forms, lexicon.attitudes, *talks)
    return lexicon
