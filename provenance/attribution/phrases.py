"""Noun phrases over a sentence's tags: who stands left of a verb, who stands right of it, who the sentence is about.

All patterns repeat single character classes a bounded number of times, so each match costs a bounded amount however
the text was made.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.attribution.tagging import Sentence

Range = tuple[int, int]
"""Tokens first to behind (exclusive)."""

NOMINAL: Final = frozenset("NnqeYZ9")
BOUNDARY: Final = frozenset(",;:-().QktHc/xwVXUGEvzA")

# right to left: the head, what stands before it, the determiner, then a preposition and the phrase before that one
_CHUNK_BACK = r"[NnqeYZ9](?:[NnqeYZ9jgvT]|r(?=[Nnvgd])){0,11}d{0,2}"
_LEFT_ONE: Final = re.compile(rf"(?:\)[Nnc]{{1,4}}\()?{_CHUNK_BACK}")
_LEFT: Final = re.compile(rf"(?:\)[Nnc]{{1,4}}\()?{_CHUNK_BACK}(?:[op](?:\)[Nnc]{{1,4}}\()?{_CHUNK_BACK}){{0,4}}")
_LEFT_PAIR: Final = re.compile(
    rf"(?:\)[Nnc]{{1,4}}\()?{_CHUNK_BACK}(?:o{_CHUNK_BACK}){{0,2}}c{_CHUNK_BACK}(?:o{_CHUNK_BACK}){{0,2}}"
)
_LEFT_PAIR_INSIDE: Final = re.compile(rf"{_CHUNK_BACK}c{_CHUNK_BACK}(?:[op]{_CHUNK_BACK}){{1,3}}")
_CHUNK = r"d{0,2}(?:[NnqeYZ9jgvrT]){0,11}[NnqeYZ9]"
_RIGHT: Final = re.compile(
    rf"{_CHUNK}(?:\([Nnc]{{1,4}}\))?(?:[op]{_CHUNK}(?:\([Nnc]{{1,4}}\))?){{0,4}}(?:c{_CHUNK}(?:o{_CHUNK})?)?"
)
_RIGHT_SHORT: Final = re.compile(rf"{_CHUNK}(?:\([Nnc]{{1,4}}\))?(?:o{_CHUNK}){{0,2}}")
OBJECT: Final = re.compile(rf"{_CHUNK}(?:[op]{_CHUNK}){{0,2}}")
NAMED: Final = re.compile(r"N{2,5}(?:oN{1,2})?")
"""A person's name in apposition, with titles before it and a place behind it."""
_NAME_RIGHT: Final = re.compile(r"d?N{1,6}(?:oN{1,3})?")
_FINITE: Final = re.compile(r"[vVhzmMXWYU]")
_LEAD: Final = re.compile(r"[pkrHGgciT][^,]{0,80},")
_GROUP_BACK: Final = re.compile(r"(?:9Tp|9[Tp]|Tdp?|Tp|[rhzmMT!]){0,6}")
_LONGEST_APPOSITION: Final = 45
_DATED: Final = re.compile(r"[9T]{1,4}v(?=[neYZ])")
_PROGRAMME_TIMES: Final = frozenset(["Morning", "Evening", "Night", "Week", "Afternoon", "Weekend"])
"""With a capital they are part of a programme's name: "Morning Joe"."""
_NEAR_TIMES: Final = frozenset(["last", "next", "this", "earlier", "late", "early", "later"])


def left_phrase(sentence: Sentence, behind: int) -> Range | None:
    """The noun phrase that ends right before token `behind`, or the pronoun there; None where there is none.

    The longest reading that starts at a clause's border is taken; failing that, the bare chunk next to the verb.
    """
    tags = sentence.tags
    if behind <= 0:
        return None
    last = tags[behind - 1]
    if last == "P":
        return behind - 1, behind
    if last == "w":
        return None
    backward, offset = sentence.backward, len(tags) - behind
    dated = _DATED.match(backward, offset)
    if dated is not None:
        # "a letter dated 4 March said", "a man aged 40 said"
        return left_phrase(sentence, behind - (dated.end() - offset))
    if last in "vV":
        # "a report published Tuesday said": a participle closes the phrase
        reduced = left_phrase(sentence, behind - 1) if behind > 1 and tags[behind - 2] in NOMINAL else None
        return (reduced[0], reduced[1]) if reduced is not None and tags[reduced[0]] in "d9N" else None
    for pattern in (_LEFT_PAIR, _LEFT):
        match = pattern.match(backward, offset)
        if match is not None:
            first = _trimmed(tags, behind - (match.end() - offset), behind)
            if pattern is _LEFT_PAIR and tags[max(0, first - 1) : first + 1] == "zn":
                # "the pier was safe and the guild said"
                continue
            if pattern is _LEFT_PAIR and first and tags[first - 1] in "VX":
                # "the guild denied those charges and the mayor said"
                first = tags.index("c", first, behind) + 1
            if first < behind and (
                first == 0 or tags[first] == "d" or tags[first - 1] in BOUNDARY or (first == 1 and tags[0] == "r")
            ):
                return _with_pair_inside(sentence, _paired(sentence, (first, behind)))
    match = _LEFT_ONE.match(backward, offset)
    if match is None:
        # a lone determiner or possessive that stands for a noun: "some said", "many say"
        return (behind - 1, behind) if last == "d" and sentence.words[behind - 1].lower() in STANDALONE else None
    first = _trimmed(tags, behind - (match.end() - offset), behind)
    return (first, behind) if first < behind else None


def _paired(sentence: Sentence, found: Range) -> Range:
    """As in "The security sources and a witness in Easton said": two that a sentence starts with."""
    first, behind = found
    tags = sentence.tags
    if first < 2 or tags[first - 1] != "c" or tags[first] != "d":
        return found
    match = _LEFT_ONE.match(sentence.backward, len(tags) - first + 1)
    whole = match is not None and first - 1 - (match.end() - match.start()) == 0
    return (0, behind) if whole and tags[0] in "dN" else found


_GENITIVES: Final = frozenset(("der", "des", "eines", "einer"))


def _with_pair_inside(sentence: Sentence, found: Range) -> Range:
    """As in "the Center for Climate and Energy Solutions": two names that a preposition joins to the head."""
    first, behind = found
    tags = sentence.tags
    if first < 3 or tags[first - 1] != "c" or tags[first] != "N" or tags[first - 2] != "N":
        return found
    match = _LEFT_PAIR_INSIDE.match(sentence.backward, len(tags) - behind)
    if match is None:
        return found
    start = behind - (match.end() - match.start())
    return (start, behind) if start == 0 or tags[start] == "d" or tags[start - 1] in BOUNDARY else found


STANDALONE: Final = frozenset(["some", "many", "others", "both", "most", "several", "all", "this", "few", "another"])


def _trimmed(tags: str, first: int, behind: int) -> int:
    """The phrase without time words and adverbs at its start, and without a verb that opens it."""
    while first < behind and tags[first] in "Trg-":
        first += 1
    # "…, killed two officials said": a verb-like word in front with no determiner before it opens another clause
    if first < behind and tags[first] == "v" and behind - first > 1 and first > 0 and tags[first - 1] not in ",.":
        first += 1
    return first


def left_group(sentence: Sentence, verb: int) -> tuple[int, str]:
    """Where the verb group that ends in token `verb` starts, and its tags: "has repeatedly said" -> "hrV"."""
    offset = len(sentence.tags) - verb
    match = _GROUP_BACK.match(sentence.backward, offset)
    first = verb - (match.end() - offset if match else 0)
    return first, sentence.tags[first : verb + 1]


def near_phrase(sentence: Sentence, behind: int) -> Range | None:
    """The bare noun phrase before token `behind`, as a relative pronoun takes it: "no word from the army, which …"."""
    match = _LEFT_ONE.match(sentence.backward, len(sentence.tags) - behind)
    if match is None:
        return None
    first = _trimmed(sentence.tags, behind - (match.end() - match.start()), behind)
    return (first, behind) if first < behind else None


def strip_brackets(sentence: Sentence, behind: int) -> tuple[int, list[Range]]:
    """Step over ", …," before token `behind`: appositions, relative clauses, adverbials.

    Returns:
        Where the subject ends, and the stretches stepped over.
    """
    tags = sentence.tags
    skipped: list[Range] = []
    while behind > 2 and tags[behind - 1] in ",-" and len(skipped) < 3:
        mark = tags[behind - 1]
        opening = tags.rfind(mark, max(0, behind - 1 - _LONGEST_APPOSITION), behind - 1)
        aged = mark == "," and tags[opening - 2 : opening] == ",9"
        if aged and opening > 3 and tags[opening - 3] == "N" and _is_aside(tags[opening + 1 : behind - 1]):
            # "Tom Reed, 19, the younger brother, said"
            skipped.append((opening - 1, behind - 1))
            behind = opening - 2
            continue
        if opening <= 0 or behind - 1 - opening < 2:
            break
        inside = tags[opening + 1 : behind - 1]
        if not _is_aside(inside) or tags[opening - 1] not in "NnqeYZ9P)j":
            break
        skipped.append((opening + 1, behind - 1))
        behind = opening
    return behind, skipped


def _is_aside(inside: str) -> bool:
    """Whether what stands between two commas can be left out without harm to the clause."""
    if inside[0] in "wAGgpairTHE" or inside[:2] in {"ow", "pw"}:
        return True
    if "Q" in inside or inside[0] in "Pkct":
        return False
    body = inside.split("w", 1)[0]
    return inside[0] in "dNnj9qeYZv" and not re.search(
        r"[VXUhzmM]|[NnP]v[dNPn]", body[1:] if inside[0] == "v" else body
    )


def right_phrase(sentence: Sentence, first: int) -> Range | None:
    """The noun phrase, or pronoun, that starts at token `first`."""
    tags = sentence.tags
    if first >= len(tags):
        return None
    if tags[first] == "P":
        return first, first + 1
    match = _RIGHT.match(tags, first)
    if match is None:
        return (first, first + 1) if tags[first] == "d" and sentence.words[first].lower() in STANDALONE else None
    behind = _without_verbs(sentence, first, match.end())
    while behind > first + 1 and tags[behind - 1] in "T9" and tags[behind - 2] in "TpNn":
        behind -= 1
    return first, behind


def with_number(sentence: Sentence, found: Range) -> Range:
    """A name with the number behind it that ends the clause: "selon France 24,"."""
    tags, behind = sentence.tags, found[1]
    if tags[behind - 1] == "N" and tags[behind : behind + 1] == "9" and tags[behind + 1 : behind + 2] in {"", ",", "."}:
        return found[0], behind + 1
    return found


def with_genitive(sentence: Sentence, found: Range) -> Range:
    """A German phrase with the genitive behind it: "einem Bericht der FAZ"."""
    behind = found[1]
    if not sentence.capital_nouns or sentence.words[behind : behind + 1] not in (["der"], ["des"]):
        return found
    more = right_phrase(sentence, behind)
    return (found[0], more[1]) if more is not None and more[1] > behind + 1 else found


def _without_verbs(sentence: Sentence, first: int, behind: int) -> int:
    """Where nouns have capitals, a phrase ends with its last capitalised word."""
    if not sentence.capital_nouns:
        return behind
    tags, words = sentence.tags, sentence.words
    for index in range(first + 1, behind - 1):
        # "„Bild“ prüft der Konzern": a word in small letters before an article is a verb
        if tags[index] == "n" and tags[index + 1] == "d" and words[index][0].islower():
            behind = index
            break
    for index in range(behind - 1, first - 1, -1):
        if tags[index] in "Nq" or words[index][:1].isupper():
            bracket = tags[index + 1 : behind] == ")"
            return index + 1 + bracket
    return behind


def with_owner(sentence: Sentence, found: Range) -> Range:
    """A German genitive with the noun before it: "ein Sprecher der Feuerwehr", where "der Feuerwehr" was found."""
    for _ in range(2 if sentence.capital_nouns else 0):
        first, behind = found
        if first < 1 or sentence.lowered[first] not in _GENITIVES or not sentence.words[first - 1][:1].isupper():
            return found
        match = _LEFT_ONE.match(sentence.backward, len(sentence.tags) - first)
        if match is None:
            return found
        start = _trimmed(sentence.tags, first - (match.end() - match.start()), first)
        if start >= first or (start and sentence.tags[start] != "d" and sentence.tags[start - 1] not in BOUNDARY):
            return found
        found = start, behind
    return found


def short_phrase(sentence: Sentence, first: int) -> Range | None:
    """Like `right_phrase` without prepositional attachments: an addressee, an agent."""
    tags = sentence.tags
    if first < len(tags) and tags[first] == "P":
        return first, first + 1
    match = _RIGHT_SHORT.match(tags, first)
    if match is None:
        return None
    behind = _without_verbs(sentence, first, match.end())
    # "told the New York Post on January 20", "told CNN Monday"
    for index in range(first + 1, behind):
        if tags[index] == "T" and sentence.words[index] not in _PROGRAMME_TIMES:
            behind = index
            break
    if tags[behind : behind + 1] == "T":
        # "told CNN last month"
        while behind > first + 1 and sentence.words[behind - 1] in _NEAR_TIMES:
            behind -= 1
    return first, behind


def time_end(sentence: Sentence, at: int) -> int:
    """Behind "last week", "earlier this month" at a token; 0 where there is no such time, or the clause ends there."""
    tags, words, behind = sentence.tags, sentence.words, at
    if at >= len(words) or words[at] not in _NEAR_TIMES:
        return 0
    while words[behind : behind + 1] and words[behind] in _NEAR_TIMES and behind < at + 3:
        behind += 1
    if tags[behind : behind + 1] != "T":
        return 0
    while tags[behind : behind + 1] == "T":
        behind += 1
    return behind if tags[behind : behind + 1] not in {"", ".", ","} else 0


def attached_left(sentence: Sentence, behind: int) -> Range | None:
    """The phrase that ends before token `behind` with all that hangs on it: "the office for transport in Kazan"."""
    match = _LEFT.match(sentence.backward, len(sentence.tags) - behind)
    if match is None:
        return None
    first = _trimmed(sentence.tags, behind - (match.end() - match.start()), behind)
    return (first, behind) if first < behind else None


def main_subject(sentence: Sentence) -> Range | None:
    """The subject of the sentence's main clause: the first noun phrase behind any leading adverbial."""
    tags = sentence.tags
    start = 0
    while start < len(tags) and tags[start] in "ckr.,:-":
        start += 1
    lead = _LEAD.match(tags, start)
    if lead is not None and tags[start] in "pkGgHiTr":
        start = lead.end()
    while start < len(tags) and tags[start] in "r,":
        start += 1
    found = right_phrase(sentence, start)
    if found is None:
        return None
    first, behind = found
    if tags[behind - 2 : behind + 1] == "Nnd" and sentence.words[behind - 1].endswith("s"):
        # "Krugman celebrates the …": a verb that the tags do not know
        return first, behind - 1
    rest = tags[behind : behind + 12]
    if rest[:1] == ",":
        closing = tags.find(",", behind + 1, behind + _LONGEST_APPOSITION)
        rest = tags[closing + 1 : closing + 4] if closing > 0 else ""
    if not re.match(r"r{0,2}[vVhzmMXYUZ]", rest):
        inner = re.search(r"[Nnd](?=r?[vVhzmMX])", tags[first:behind])
        return found if rest[:1] in {"w", "", ",", "-"} or inner is None else (first, first + inner.start() + 1)
    return found


def with_name(sentence: Sentence, found: Range, aside: Range, lexicon: Lexicon) -> Range | None:
    """A role with the name in apposition behind it: "the chairman of the guild, Ann Cole,"; None where it is none.

    Args:
        sentence: the sentence.
        found: the phrase before the comma.
        aside: what stands behind the comma.
        lexicon: says which nouns are roles.
    """
    tags = sentence.tags
    if aside[0] != found[1] + 1 or not NAMED.fullmatch(tags, *aside):
        return None
    head = found[1] - 1
    for at in range(found[0] + 1, found[1]):
        if tags[at] in "opbwd":
            head = at - 1
            break
    if lexicon.head_first:
        # "le président chilien, Andrés Roa"
        roles = (at for at in range(found[0], head + 1) if "person" in lexicon.kinds(sentence.words[at].lower()))
        known = next(roles, None)
        unlisted = (
            known is None
            and tags[found[0]] == "d"
            and not any(lexicon.kinds(sentence.words[at].lower()) for at in range(found[0], head + 1))
        )
        if unlisted and "N" not in tags[found[0] : head + 1]:
            # "el vicecanciller ecuatoriano, Leonardo Gil": a role that no list has
            return found[0], aside[1]
        head = known if known is not None else head
    if tags[head] == "N" and not sentence.capital_nouns:
        return None
    if "j" not in tags[found[0] : head] and "person" not in lexicon.kinds(sentence.words[head].lower()):
        return None
    return found[0], aside[1]


def has_finite(tags: str) -> bool:
    """Whether a stretch of tags holds something that can be a finite verb."""
    return _FINITE.search(tags) is not None


def name_right(sentence: Sentence, first: int) -> Range | None:
    """A run of capitalised words that starts at token `first`."""
    match = _NAME_RIGHT.match(sentence.tags, first)
    return (first, match.end()) if match else None
