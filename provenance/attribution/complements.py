"""What surrounds a verb of reporting: its complement, and content that stands before or around it."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.lexicon import Lexicon, Verb, VerbClass
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_ADJUNCT: Final = re.compile(
    r"r|p(?=[,.]|$)|p?d?9?[rN]?T[T9]*(?=.)|p?N9+|p[dNnjegYZ9vq]{1,7}(?:[op][dNnjgq]{1,5}){0,2}(?=[tQ:HPprT]|,[Qt])|pN{1,3}(?=[dt])|pnn?(?=d?[Nn]{1,4}[vhzmM])"
)


# "published last night": when, not what
_ONLY_TIME: Final = re.compile(r"[dnp]{0,2}T[T9]{0,3}(?:\.?$|,)")
_TITLE_MARKS: Final = " \"“”'‘’«»,."
_LONGEST_TITLE: Final = 8
_SHORT_WORD: Final = 4
_PLACE: Final = re.compile(r"p[dnNq]{1,4}(?=,[dPNt])")
_SHORTEST_CLAUSE: Final = 3
_INFIX: Final = re.compile(r"(?:[a-zäöü]{2,8})zu[a-zäöüß]{3,20}n")
_CLAUSE: Final = re.compile(r"(?:P|[dNnj9eqgYZopc\-rT]{1,16})[r!]{0,3}(?:[vVhzmMXWE]|Y(?=[itP]))")


_LEAD: Final = frozenset("pkTr")
"""What opens an adverbial before "he said" and the clause: "In May, he said, the pier will open"."""


class Complement:
    """What follows a verb: its type, the token where the content starts, and who is told."""

    __slots__ = ("addressee", "start", "type")

    def __init__(self, kind: str, start: int, addressee: Range | None):
        self.type = kind
        self.start = start
        self.addressee = addressee


def complement(sentence: Sentence, index: int, verb: Verb, lexicon: Lexicon) -> Complement:
    """What follows the verb at token `index`."""
    tags = sentence.tags
    behind = index + 1
    length = len(tags)
    while behind < length and tags[behind] == "r":
        behind += 1
    addressee = None
    told = False
    for verb_class in verb.classes:
        told = told or verb_class.addressee
    if told and behind < length and tags[behind] not in "tQ:,i":
        addressee = phrases.short_phrase(sentence, behind)
    elif behind + 1 < length and tags[behind] == "i" and tags[behind + 1] in "dNPnj" and verb.lemma != "confess":
        addressee = phrases.short_phrase(sentence, behind + 1)
    if told:
        addressee = _with_programme(sentence, addressee, behind, quoted="Q" in tags[:index])
    if addressee is not None:
        behind = addressee[1]
    if told and lexicon.datives and addressee is not None and not _is_told(sentence, addressee, lexicon):
        behind, addressee = addressee[0], None
    behind = _over_adjuncts(sentence, behind, lexicon)
    if (
        told
        and lexicon.datives
        and addressee is None
        and behind < length
        and sentence.lowered[behind] in lexicon.datives
    ):
        addressee = phrases.short_phrase(sentence, behind)
        behind = addressee[1] if addressee is not None else behind
    if lexicon.inverts:
        behind, addressee = _over_place(sentence, index, behind, addressee)
    if tags[behind : behind + 2] in {"pA", "AA"} or tags[behind : behind + 1] == "A":
        closing = tags.find(",", behind, behind + 30)
        behind = closing + 1 if closing > 0 and tags[closing + 1 : closing + 2] in {"t", "Q"} else behind
    if behind < length and tags[behind] == ",":
        behind = _over_aside(tags, behind)
    kind = _being_done(sentence, behind, _complement_type(tags, behind))
    if kind == "about" and addressee is not None and lexicon.offices and not _is_listener(sentence, addressee, lexicon):
        # "прокомментировал сообщения о взрыве"
        return Complement("object", addressee[0], None)
    return Complement(kind, behind, addressee)


def _over_place(sentence: Sentence, index: int, behind: int, addressee: Range | None) -> tuple[int, Range | None]:
    """Behind "im ZDF," and "jeudi à l'AFP" after the verb at token `index`, and who is told there."""
    tags = sentence.tags
    place = _PLACE.match(tags, behind)
    behind = place.end() if place is not None else behind
    if addressee is None and tags[behind : behind + 1] == "i" and behind > index + 1:
        addressee = phrases.short_phrase(sentence, behind + 1)
        behind = addressee[1] if addressee is not None else behind
    while tags[behind : behind + 1] == "r":
        behind += 1
    return behind, addressee


def _over_adjuncts(sentence: Sentence, behind: int, lexicon: Lexicon) -> int:
    """Behind when, where and how a thing was said: "on Tuesday", "last week", "by telephone"."""
    for _ in range(4):
        if sentence.lowered[behind : behind + 1] == ["about"]:
            # what it is about
            break
        manner = manner_end(sentence, behind, lexicon) or phrases.time_end(sentence, behind)
        if manner:
            behind = manner
            continue
        match = _ADJUNCT.match(sentence.tags, behind)
        if match is None or match.end() == behind:
            break
        behind = match.end()
    return behind


def _with_programme(sentence: Sentence, addressee: Range | None, behind: int, *, quoted: bool) -> Range | None:
    """Who is told, with the quoted programme of an outlet: CNN's "The Morning Room" is no content."""
    tags = sentence.tags
    if addressee is None and quoted and tags[behind : behind + 1] == "Q" and _is_title(sentence, behind):
        # “C,” he told “Fox News Sunday.”
        return behind, behind + 1
    owner = addressee[1] if addressee is not None else behind
    first = addressee[0] if addressee is not None else behind
    if tags[owner : owner + 2] not in {"jQ", "jq"}:
        return addressee
    return (first, owner + 2) if _is_title(sentence, owner + 1) else addressee


def _is_title(sentence: Sentence, at: int) -> bool:
    """Whether a quotation looks like the title of a programme: few words, the longer ones with a capital."""
    words = sentence.words[at].strip(_TITLE_MARKS).split()
    if not 1 < len(words) <= _LONGEST_TITLE or not words[0][:1].isupper():
        return len(words) == 1 and words[0][:1].isupper()
    return all(word[:1].isupper() or len(word) <= _SHORT_WORD for word in words)


def _is_listener(sentence: Sentence, phrase: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase without article or preposition behind a verb is somebody who is told, and no object."""
    word = sentence.lowered[phrase[0]]
    if sentence.tags[phrase[0]] in "NqP":
        return True
    return word in lexicon.reporters or "outlet" in lexicon.kinds(word)


def _is_told(sentence: Sentence, phrase: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase behind the verb is in the case of somebody who is told something."""
    return sentence.lowered[phrase[0]] in lexicon.datives or sentence.tags[phrase[0]] == "N"


def manner_end(sentence: Sentence, at: int, lexicon: Lexicon) -> int:
    """Behind "by telephone", "by e-mail" at a token: how a thing was said, not by whom; 0 where it is none."""
    if sentence.tags[at : at + 1] != "b":
        return 0
    for index in range(at + 1, min(at + 4, len(sentence.words))):
        if sentence.words[index].lower() in lexicon.manners:
            return index + 1
    return 0


def _over_aside(tags: str, comma: int) -> int:
    """Behind ", citing eyewitnesses," where "that" or a quotation follows; the comma itself otherwise."""
    if tags[comma + 1 : comma + 2] in {"Q", "t"}:
        return comma + 1
    closing = tags.find(",", comma + 1, comma + 30)
    if closing > 0 and tags[closing + 1 : closing + 2] in {"t", "Q"} and tags[comma + 1] in "AGprag":
        return closing + 1
    return comma


def _complement_type(tags: str, at: int) -> str:  # noqa: PLR0911 - a table of one-letter cases
    if at >= len(tags):
        return "none"
    tag = tags[at]
    if tag == "Q":
        return "quote"
    if tag == "t":
        return "that"
    if tag == ":":
        return "colon"
    if tag in "Hw":
        return "wh"
    if tag == "i":
        return "to" if tags[at + 1 : at + 2] and tags[at + 1] in "nUZzhvr" else "to-noun"
    if tag == "h":
        # "said having a pier would help"
        return "clause" if phrases.has_finite(tags[at + 2 : at + 16]) else "none"
    if tag == "k":
        return "clause" if _CLAUSE.match(tags, at + 1) else "none"
    if tag in "opb":
        return "about"
    if tag == "a":
        return "as"
    if tag in "PdNnj9eqgGvYZr-" or tag == "x":
        if tag == "-":
            return "none"
        if _CLAUSE.match(tags, at):
            return "clause"
        return "object" if tag != "v" else "none"
    return "none"


def _being_done(sentence: Sentence, at: int, kind: str) -> str:
    """The type of a complement, where "condemned the crimes being committed" has an object and no clause."""
    match = _CLAUSE.match(sentence.tags, at) if kind == "clause" and sentence.tags[at] != "k" else None
    return "object" if match is not None and sentence.words[match.end() - 1] == "being" else kind


def parenthesis(sentence: Sentence, source: Range, index: int) -> list[Range] | None:
    """As in "Most militants, the locals say, used to be …": the content stands on both sides."""
    tags = sentence.tags
    first = source[0]
    if first < 2 or tags[first - 1] not in ",-" or tags[index + 1 : index + 2] not in {",", "-"}:
        return None
    goes_on_there = re.match(r"r?[vVhzmMXWUn]", tags[index + 2 : index + 4])
    if goes_on_there is None and (tags[0] not in _LEAD or _CLAUSE.match(tags, index + 2) is None):
        return None
    return [(0, first - 1), (index + 2, len(tags) - 1 if tags[-1] == "." else len(tags))]


def goes_on(sentence: Sentence, index: int) -> list[Range]:
    """As in "C, S said, and C2": the clause behind the aside is said by S too, unless it has a cue of its own."""
    tags = sentence.tags
    start = index + 3
    if tags[index + 1 : start] != ",c" or _CLAUSE.match(tags, start) is None:
        return []
    end = len(tags) - 1 if tags[-1] == "." else len(tags)
    return [] if set("VXYQA;:") & set(tags[start:end]) else [(start, end)]


def content_before(sentence: Sentence, source: Range, *, elided: bool) -> tuple[Range, bool] | None:
    """The content that stands before source and verb, and whether it is a quotation; None where there is none."""
    tags = sentence.tags
    first = source[0]
    if elided or first < 1:
        return None
    behind = first
    while behind > 0 and tags[behind - 1] in ",-.r":
        behind -= 1
    if behind == 0 or (behind == first and tags[first - 1] != "Q"):
        return None
    if tags[behind - 1] == "Q":
        return (behind - 1 if behind > 1 and tags[behind - 2] in ".:" else quote_start(tags, behind), behind), True
    if not says_something(tags, behind):
        return None
    return (0, behind), False


def says_something(tags: str, behind: int) -> bool:
    """Whether the words before a comma can be a statement: a verb among them, or enough of them to hold one."""
    return behind >= 2 and (phrases.has_finite(tags[:behind]) or (behind >= 6 and tags[0] not in "pG"))


def quote_start(tags: str, behind: int) -> int:
    """Where a mixed quotation ("X is “Q”, he said") starts: the sentence's start, unless the quotation is whole."""
    start = behind - 1
    return start if start == 0 or not phrases.has_finite(tags[:start]) else 0


_THEM: Final = frozenset(["him", "her", "them", "me", "us", "you", "it"])
_UNCALLED: Final = frozenset(["", "r", "i", "p", "T", ".", ",", "c"])


def _no_object(sentence: Sentence, verb_class: VerbClass, start: int) -> bool:
    """Whether what follows is no object that says something: a participle's, a time, "called him personally"."""
    if is_modifier(sentence, start) or _ONLY_TIME.match(sentence.tags, start):
        return True
    called = verb_class.name == "call" and sentence.lowered[start] in _THEM
    return called and sentence.tags[start + 1 : start + 2] in _UNCALLED


def judge(  # noqa: PLR0911 - one return a complement
    sentence: Sentence, verb_class: VerbClass, after: Complement, before: tuple[Range, bool] | None
) -> tuple[float, list[Range], bool] | None:
    """Prior, content and whether the content stands before, where the class allows what follows; else None."""
    tags = sentence.tags
    allowed = verb_class.complements
    end = len(tags)
    while end > 0 and tags[end - 1] == ".":
        end -= 1
    if not verb_class.not_objects.isdisjoint(sentence.words[after.start : after.start + 4]):
        return None
    if after.type == "clause" and verb_class.attitude and is_modifier(sentence, after.start):
        return None
    right = [(after.start, end)] if after.start < end else []
    if after.type in {"quote", "that", "clause", "wh", "colon"} and after.type in allowed and right:
        content = right
        if before is not None and before[1]:
            content = [before[0], *right]
        prior = verb_class.prior if after.type != "wh" else verb_class.prior * 0.9
        return prior, content, False
    if before is not None and "after" in allowed and after.type in {"none", "about", "as", "to-noun", "object", "wh"}:
        if after.type == "object" and not before[1]:
            before = None
        else:
            return verb_class.prior * (1.0 if before[1] else 0.95), [before[0]], True
    if after.type == "none" and before is None and tags[after.start : after.start + 1] == "," and "clause" in allowed:
        if _CLAUSE.match(tags, after.start + 1) or _to_do(sentence, after.start + 1, end):
            return verb_class.prior * 0.9, [(after.start + 1, end)], False
        return None
    if after.type == "object" and _no_object(sentence, verb_class, after.start):
        return None
    if after.type in {"object", "to", "about", "as", "to-noun"} and right:
        wanted = "to" if after.type == "to-noun" and verb_class.name == "confess" else after.type
        if wanted not in allowed:
            return None
        if wanted == "about" and sentence.words[after.start].lower() not in verb_class.about:
            return None
        return verb_class.object_prior if wanted == "object" else verb_class.prior * 0.9, right, False
    return None


def _to_do(sentence: Sentence, start: int, end: int) -> bool:
    """As in "kündigte an, das Projekt aufzugeben": a German clause that ends in an infinitive with "zu"."""
    if (
        not sentence.capital_nouns
        or end - start < _SHORTEST_CLAUSE
        or not set("VvhzmQ").isdisjoint(sentence.tags[start:end])
    ):
        return False
    last = sentence.lowered[end - 1]
    return last.endswith("n") and (sentence.lowered[end - 2] == "zu" or _INFIX.fullmatch(last) is not None)


def is_modifier(sentence: Sentence, start: int) -> bool:
    """As in "The US backed militants fled": a finite verb behind the object shows that the cue was a participle."""
    tags = sentence.tags
    match = phrases.OBJECT.match(tags, start)
    rest = tags[match.end() : match.end() + 4].lstrip("r") if match else ""
    if match and rest[:1] == "z" and sentence.words[match.end()] == "being":
        # "condemned the crimes being committed"
        return False
    return rest[:1] != "" and (
        rest[0] in "hzmMVX" or (rest[0] == "v" and rest[1:2] in {"d", "N", "P", "9", "n", ".", ""})
    )
