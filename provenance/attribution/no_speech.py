"""Verbs that say something elsewhere and do not here: an attack with weapons, a name that is given."""

from __future__ import annotations

from typing import Final

from provenance.attribution import phrases
from provenance.attribution.lexicon import PAST, Verb
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_ARMED_TEXT: Final = """
fighters fighter militants militant rebels rebel troops forces army soldiers jets planes warplanes gunmen gunman
insurgents terrorists terrorist militia militias militiamen isis is daesh bomber bombers suspect attacker extremists
jihadists police mob helicopters taliban
"""
_ARMED: Final = frozenset(_ARMED_TEXT.split())
_PLACES_TEXT: Final = """
town city village base position positions convoy checkpoint area district hospital school market building house
embassy consulate compound camp airport vehicle vehicles bus
"""
_PLACES: Final = frozenset(_PLACES_TEXT.split())


def by_force(sentence: Sentence, source: Range, index: int) -> bool:
    """As in "rebels attacked the town": fighters do not attack with words, and a place is not attacked with them."""
    if not sentence.lowered[index].startswith("attack"):
        return False
    if not _ARMED.isdisjoint(sentence.lowered[source[0] : source[1]]):
        return True
    struck = phrases.short_phrase(sentence, index + 1)
    if struck is None:
        return False
    head = sentence.lowered[struck[1] - 1]
    return sentence.tags[struck[1] - 1] == "n" and head in _PLACES


def names_something(sentence: Sentence, index: int, verb: Verb) -> bool:
    """As in "a group called “X”": a name is given, nothing is said of anybody."""
    tags = sentence.tags
    if tags[index] != PAST or tags[index - 1] not in "ne" or tags[index + 1 : index + 2] not in {"Q", "q", "N"}:
        return False
    return any(verb_class.name == "call" for verb_class in verb.classes)
