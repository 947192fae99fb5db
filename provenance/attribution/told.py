"""What stands between an inverted verb and its subject: who was told, and where it was said.

As in "informaron a EFE fuentes próximas", "ha celebrado en la red social X la líder", "a indiqué mardi à l'AFP le
parquet", "sagte am Montag in Berlin der Minister".
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_TIME: Final = re.compile(r"p?d?9?T[T9]*")
_FARTHEST: Final = 9
"""Tokens of one phrase between a verb and its subject."""
_PHRASES: Final = 3
_WITHIN: Final = frozenset("dNnq9oTr")
_SPEAKING: Final = frozenset(("person", "organization", "anonymous", "collective"))


def over_time(tags: str, at: int) -> int:
    """Behind "on Thursday", "am Montag" between an inverted verb and its subject."""
    match = _TIME.match(tags, at)
    return match.end() if match and match.end() < len(tags) else at


def subject_behind(sentence: Sentence, index: int, lexicon: Lexicon) -> tuple[int, Range | None]:
    """Where the subject behind the verb at token `index` may start, and the tokens of those told before it."""
    tags = sentence.tags
    at = start = over_time(tags, index + 1)
    if not lexicon.inverts:
        return start, None
    told: Range | None = None
    for _ in range(_PHRASES):
        while tags[at : at + 1] == "r":
            at += 1
        at = over_time(tags, at)
        if tags[at : at + 1] not in {"i", "p"} or _in_office(sentence, index, at, lexicon):
            break
        end = _phrase_end(sentence, at + 1, lexicon)
        if end is None:
            return start, None
        if told is None or tags[at] == "i":
            told = at + 1, end
        at = end
    return (at, told) if at < len(tags) else (start, None)


def _in_office(sentence: Sentence, index: int, at: int, lexicon: Lexicon) -> bool:
    """As in "сообщили в полиции": the preposition belongs to whoever speaks."""
    return sentence.lowered[at] in lexicon.offices and sentence.lowered[index].endswith(lexicon.plural_verbs)


def _phrase_end(sentence: Sentence, first: int, lexicon: Lexicon) -> int | None:
    """Where a phrase ends and the one of the subject, or another aside, starts; None where nothing follows it."""
    tags = sentence.tags
    for at in range(first + 1, min(len(tags), first + _FARTHEST)):
        tag, before = tags[at], tags[at - 1]
        if tag in "ip" and before in "NnqT9":
            return at
        if tag not in _WITHIN:
            return None
        if tag == "d" and before in "NnqT9":
            return at
        if tag == "N" and (before in "qT9" or (before == "n" and _whole_name(sentence, at, lexicon))):
            return at
        if tag == "n" and not lexicon.definites and (before == "q" or _nominative(sentence, at, lexicon)):
            return at
        if tag == "n" and lexicon.definites and before in "NnqT9" and _speaks(sentence, at, lexicon):
            return at
    return None


def _nominative(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a word is a person in the form that a subject has, which a genitive before it has not."""
    return "person" in lexicon.nouns.get(sentence.lowered[at], ())


def _whole_name(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a name of two words is none of the noun before it: "rueda de prensa Ana Gil", not "diario Clarín"."""
    whole = sentence.tags[at : at + 2] == "NN"
    return whole and bool(lexicon.definites) and not lexicon.kinds(sentence.lowered[at - 1])


def _speaks(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    return not _SPEAKING.isdisjoint(lexicon.kinds(sentence.lowered[at]))
