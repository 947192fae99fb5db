"""Who speaks at the end of a sentence in texts that lost their commas, where no outlet's name helps.

"… 17 people died the Observatory said", "… near the pier it added", "… were killed said the guild's head Ann Cole".
The phrase before a last verb is read from right to left up to its article, or to the border of a run of names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_LONGEST: Final = 7
"""Tokens of one chunk of a phrase."""
_INSIDE: Final = frozenset("NnejYZ9")
_SPEAKS: Final = frozenset(["person", "organization", "anonymous", "collective", "outlet"])
_BEFORE_SPEAKERS: Final = frozenset(
    ["news", "state", "state-run", "official", "local", "foreign", "security", "military", "opposition", "rescue"]
)
"""Before a noun that speaks they belong to it."""
_SAYING: Final = frozenset(["say", "add", "report"])
_REPORTING_TEXT: Final = """
say add report announce confirm explain stress note assert claim warn argue insist reveal declare state reiterate
"""
_REPORTING: Final = frozenset(_REPORTING_TEXT.split())
_FINITE: Final = frozenset("VX")
_TIME: Final = frozenset("T9")
_SHORTEST: Final = 5
"""Tokens of what is said before a tail."""
_WHOLE_NAME: Final = 2
_HUNG_ON: Final = frozenset("poibA")
"""Tags behind which a name belongs to what stands before it."""


def speaker_before(sentence: Sentence, verb: int, lexicon: Lexicon, spoke: Callable[[str], bool]) -> Range | None:
    """The phrase right before a last verb that names who speaks: with its article, a name, a pronoun.

    Args:
        sentence: a sentence of a text without commas.
        verb: its last verb.
        lexicon: the language's words.
        spoke: whether a name is that of somebody who has spoken before.
    """
    tags, lowered = sentence.tags, sentence.lowered
    if tags[verb] not in _FINITE:
        return None
    verb = _before_adverb(tags, verb)
    if tags[verb - 1] == "P":
        return verb - 1, verb
    first = _chunk(tags, verb)
    if first is None:
        return None
    if tags[first] != "d":
        return _bare(sentence, (first, verb), lexicon, spoke)
    if first and tags[first - 1] in _HUNG_ON:
        # "from the south Reed said"
        return _bare(sentence, (first + 1, verb), lexicon, spoke)
    known = any(lexicon.kinds(word) & _SPEAKS for word in lowered[first:verb])
    return (first, verb) if known or "N" in tags[first:verb] else None


def _before_adverb(tags: str, verb: int) -> int:
    return verb - 1 if tags[verb - 1] == "r" else verb


def _chunk(tags: str, behind: int) -> int | None:
    """Where the chunk that ends before a token starts, its article included; None where there is none."""
    first = behind
    while first and first > behind - _LONGEST and tags[first - 1] in _INSIDE:
        first -= 1
    if first == behind:
        return None
    if first and tags[first - 1] == "d":
        return first - 1
    if first > 1 and tags[first - 1] in "po" and tags[first - 2] == "N" and set(tags[first:behind]) == {"N"}:
        # "the Observatory for Human Rights"
        head = _chunk(tags, first - 1)
        return head if head is not None and tags[head] == "d" else None
    return first


def _bare(sentence: Sentence, found: Range, lexicon: Lexicon, spoke: Callable[[str], bool]) -> Range | None:
    """A phrase without article: names behind what is no name, a role before a name, somebody who spoke before."""
    tags, words, lowered = sentence.tags, sentence.words, sentence.lowered
    first, behind = found
    start = behind
    while start > first and tags[start - 1] == "N":
        start -= 1
    if start < behind and spoke(words[behind - 1]):
        return (start, behind) if behind - start > 1 and spoke(words[start]) else (behind - 1, behind)
    if start == behind:
        # "Turkish military", "rescue workers": who speaks is known to be somebody
        if not lexicon.kinds(lowered[behind - 1]) & _SPEAKS:
            return None
        while start > first and (
            lowered[start - 1] in _BEFORE_SPEAKERS
            or (tags[start - 1] == "n" and lexicon.kinds(lowered[start - 1]) & _SPEAKS)
        ):
            start -= 1
        while start > first and tags[start - 1] == "N":
            start -= 1
        if start and tags[start - 1] == "d":
            # "near the hospital doctors said"
            start = behind - 1
        if start == behind:
            # "and in viewers reports said": a verb, for all that it looks like who speaks
            return None
        return None if start and tags[start - 1] in _HUNG_ON else (start, behind)
    role = start > first and bool(lexicon.kinds(lowered[start - 1]) & {"person"})
    if role:
        start -= 1
        while start > first and tags[start - 1] == "N":
            start -= 1
    if start and tags[start - 1] in _HUNG_ON:
        return None
    return (start, behind) if role or behind - start >= _WHOLE_NAME else None


def turned_tail(sentence: Sentence, lexicon: Lexicon) -> tuple[int, Range] | None:
    """The last verb and the subject behind it: "… were killed said the guild's head Ann Cole who gave no number"."""
    tags, lowered = sentence.tags, sentence.lowered
    for index in range(len(tags) - 2, _SHORTEST - 1, -1):
        if tags[index] != "V":
            continue
        verb = lexicon.verbs.get(lowered[index])
        if verb is None or verb.lemma not in _SAYING or tags[index - 1] in "PHwtchzmdN":
            return None
        named = phrases.right_phrase(sentence, index + 1)
        if named is None or tags[named[0]] == "P" or named[1] - named[0] > _LONGEST:
            return None
        rest = tags[named[1] :].rstrip(".")
        if rest and rest[0] != "w" and not set(rest.lstrip("p")) <= _TIME:
            return None
        held = tags[named[0] : named[1]]
        known = any(lexicon.kinds(word) & _SPEAKS for word in lowered[named[0] : named[1]])
        if not known and "NN" not in held:
            return None
        return (index, named) if "N" in held or tags[named[0]] == "d" else None
    return None


def may_end(lemma: str) -> bool:
    """Whether a verb of this lemma can end a sentence with who says it before it."""
    return lemma in _REPORTING
