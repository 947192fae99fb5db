"""Phrases that name an outlet through its people and programmes, and tails whose comma was lost.

"An AFP correspondent said", "CNN's Jake Tapper", "told “Fox News Sunday”" speak for the outlet. In texts that lost
their commas on the way ("17 people died SANA said") the grammar cannot tell the name before a last verb from what is
said; there a name of the gazetteer decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.names import POSSESSIVE
from provenance.attribution.outlets import Gazetteer, Outlet
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_STAFF_TEXT: Final = """
correspondent correspondents reporter reporters journalist journalists photographer dispatch dispatches bureau team
report reports
"""
STAFF: Final = frozenset(_STAFF_TEXT.split())
"""Behind an outlet's name: who or what speaks for it."""
_MARKS: Final = " “”\"‘’'«»„,."
_SHOW_WORDS: Final = 6
_OFFICIAL: Final = frozenset(["state", "official", "state-run", "state-owned", "semi-official"])
_CALLED: Final = frozenset(["broadcaster", "channel", "network", "station", "television", "newspaper", "agency"])
_SHORTEST_TAIL: Final = 5
"""Words of what is said before a tail."""
_STATED: Final = (["in", "a", "statement", "to"],)
_ASKED: Final = (["asked", "by"], ["pressed", "by"], ["questioned", "by"])
_PIECES_TEXT: Final = """
article op-ed column essay editorial piece interview story report blog commentary
"""
_PIECES: Final = frozenset(_PIECES_TEXT.split())
"""What of an outlet somebody speaks in: "said in an NBC interview"."""
_WRITING: Final = frozenset(["write", "argue", "opine"])
_EDITIONS_TEXT: Final = """
latino arabic english international radio channel tv digital online politics mundo persian brasil
"""
_EDITIONS: Final = frozenset(_EDITIONS_TEXT.split())
"""With a capital behind an outlet's name they are a part of the house: "Fox News Latino"."""
_AIRTIME: Final = frozenset(["show", "program", "programme", "channel", "podcast", "broadcast", "newscast"])
_PLACE_ENDS: Final = frozenset(("", ".", ",", "T", "t", "-"))
"""What may follow the place where a thing was said."""
_NAME_TAGS: Final = re.compile(r"[^,.;:()Qq-]{1,6}")
_INFORMED: Final = frozenset(["told", "informed"])
_TOLD: Final = re.compile(r"(?:^|[,;:.ckQ-])(?P<named>d?N{1,5})h?z{1,2}r?Vt")
_COMMAS: Final = 2000
"""Characters of running text in which there is a comma; a text with fewer lost them."""


def lost_commas(text: str) -> bool:
    """Whether a text has so few commas that they must have been lost."""
    return len(text) >= 300 and text.count(",") * _COMMAS < len(text)


def programme(token: str, gazetteer: Gazetteer) -> Outlet | None:
    """The outlet whose programme a quoted title names: “Fox News Sunday”."""
    words = token.strip(_MARKS).split()
    if not 1 < len(words) <= _SHOW_WORDS or not all(word[:1].isupper() for word in words):
        return None
    found = gazetteer.within(words)
    return found[0] if found is not None and found[1] == 0 and found[2] < len(words) else None


def of_the_outlet(names: Sequence[str], tags: str, behind: int) -> bool:
    """Whether the words behind an outlet's name at `behind` are its people or a programme of it.

    As in "AFP correspondent in Aleppo", "CNN's Jake Tapper", "ABC's “This Week”"; not "CNN's lawyer".
    """
    rest = tags[behind:]
    if names[behind].lower() in STAFF:
        return len(rest) == 1 or rest[1] in "op,"
    owned = tags[behind - 1] == "j"
    return owned and (set(rest) <= {"N", "T"} or rest in {"q", "Q"}) and len(rest) < _SHOW_WORDS


def aired(sentence: Sentence, frames: list[Frame], gazetteer: Gazetteer, lexicon: Lexicon) -> None:
    """Have statements made "on CNN", "in a statement to SANA", "when asked by AFP" relayed by the outlet.

    Further places: on NBC’s “Meet the Press”, on "Fox News Sunday", in an NBC interview, and what somebody "writes in"
    a paper. They stand behind the cue, or between commas before it.
    """
    for frame in frames:
        told = frame.addressee
        if told is not None and not (
            sentence.tags[told[0] : told[1]] in {"q", "Q"} and _without_outlet(sentence, told, gazetteer)
        ):
            continue
        if frame.relayers or frame.kind == "claim-noun":
            continue
        if _seen_on(sentence, frame, gazetteer, lexicon):
            continue
        start = frame.behind if told is None else max(frame.behind, told[1])
        found = _place(sentence, frame, start, gazetteer)
        if found is None and frame.source is not None and sentence.tags[frame.source[1] : frame.source[1] + 1] == ",":
            start = frame.source[1] + 1
            found = _on_air(sentence, start, gazetteer)
            if found is not None and (
                found[1] > frame.cue[0] or sentence.tags[found[1] : found[1] + 1] not in {",", "T"}
            ):
                found = None
        if found is None:
            continue
        frame.relayers.append(found)
        frame.relay_kind = "interview"
        # neither the title of a programme nor the outlet is what is said
        behind = len(sentence.tags) if sentence.lowered[start : start + 1] == ["when"] else found[1]
        frame.content = [
            (max(first, behind) if start <= first else first, end)
            for first, end in frame.content
            if not (start <= first and end <= behind)
        ]


def _without_outlet(sentence: Sentence, told: Range, gazetteer: Gazetteer) -> bool:
    """Whether a title that somebody told a thing names no outlet itself: “Face the Nation” on CBS."""
    return programme(sentence.words[told[0]], gazetteer) is None


def _place(sentence: Sentence, frame: Frame, start: int, gazetteer: Gazetteer) -> Range | None:
    """The outlet's tokens in the phrase behind a cue that says where a thing was said; None where there is none."""
    tags, lowered = sentence.tags, sentence.lowered
    at = start
    while tags[at : at + 1] in {"T", "r"}:
        at += 1
    at = phrases.time_end(sentence, at) or at
    word = lowered[at] if at < len(lowered) else ""
    if word == "on":
        return _on_air(sentence, at, gazetteer)
    if word == "when" and lowered[at + 1 : at + 3] in _ASKED:
        named = _name_at(sentence, at + 3, gazetteer)
        return named if named is not None and tags[named[1] : named[1] + 1] not in {"N", "j"} else None
    if word != "in":
        return None
    if lowered[at : at + 4] in _STATED:
        named = _name_at(sentence, at + 4, gazetteer)
        if named is not None and lowered[named[1] : named[1] + 1] and lowered[named[1]] in STAFF:
            named = named[0], named[1] + 1
        return named if named is not None and tags[named[1] : named[1] + 1] in _PLACE_ENDS else None
    owned = tags[at + 1 : at + 2] == "d" and lowered[at + 1] not in {"the", "this"}
    if not (frame.lemma in _WRITING or (owned and not _PIECES.isdisjoint(lowered[at + 2 : at + 2 + _SHOW_WORDS]))):
        return None
    named = _name_at(sentence, at + 1, gazetteer)
    if named is None:
        return None
    if owned:
        return named if lowered[named[1] : named[1] + 1] and lowered[named[1]] in _PIECES else None
    written = frame.lemma in _WRITING and tags[named[1] : named[1] + 1] in _PLACE_ENDS | {":", "Q"}
    return named if written else None


def _on_air(sentence: Sentence, at: int, gazetteer: Gazetteer) -> Range | None:
    """The outlet of "on CNN", "on NBC’s “Meet the Press”", "on “Fox News Sunday”" at a token."""
    tags = sentence.tags
    if sentence.lowered[at : at + 1] != ["on"]:
        return None
    if tags[at + 1 : at + 2] in {"q", "Q"}:
        return (at + 1, at + 2) if programme(sentence.words[at + 1], gazetteer) is not None else None
    named = _name_at(sentence, at + 1, gazetteer)
    if named is None:
        return None
    owned = tags[named[1] - 1] == "j"
    if owned and _programme_end(sentence, named[1]):
        return named
    if tags[named[1] : named[1] + 1] not in ({"q", "Q"} if owned else _PLACE_ENDS):
        return None
    return named[0], named[1] + owned


def _programme_end(sentence: Sentence, at: int) -> bool:
    """Whether an outlet's programme without quotation marks starts at a token: "military channel", "State of …"."""
    words = sentence.words[at : at + _SHOW_WORDS]
    if words and sentence.tags[at] == "N":
        return True
    return any(word in _AIRTIME and set(sentence.tags[at : at + place]) <= {"n"} for place, word in enumerate(words))


def _seen_on(sentence: Sentence, frame: Frame, gazetteer: Gazetteer, lexicon: Lexicon) -> bool:
    """As in "The former mayor on O said": the outlet is where it was said, not who said it."""
    if frame.source is None or frame.addressee is not None:
        return False
    first, behind = frame.source
    if "on" not in sentence.lowered[first + 1 : behind]:
        return False
    at = sentence.lowered.index("on", first + 1, behind)
    named = _name_at(sentence, at + 1, gazetteer)
    speaks = sentence.tags[at - 1] == "N" or lexicon.kinds(sentence.lowered[at - 1]) & {"person", "anonymous"}
    if named is None or named[1] != behind or not speaks or sentence.lowered[at - 1] in STAFF:
        return False
    frame.source, frame.relay_kind = (first, at), "interview"
    frame.relayers.append(named)
    return True


def _name_at(sentence: Sentence, at: int, gazetteer: Gazetteer) -> Range | None:
    """The tokens of an outlet's name at a token, with the determiner before it."""
    match = _NAME_TAGS.match(sentence.tags, at)
    found = gazetteer.within(unowned(sentence, at, match.end())) if match is not None else None
    if found is None:
        return None
    before = zip(sentence.tags[at : at + found[1]], sentence.lowered[at : at + found[1]], strict=True)
    if any(tag != "d" and word not in _OFFICIAL and word not in _CALLED for tag, word in before):
        return None
    behind = at + found[2]
    while sentence.tags[behind : behind + 1] == "N" and sentence.lowered[behind] in _EDITIONS:
        behind += 1
    return at, behind


def informed(sentence: Sentence, gazetteer: Gazetteer) -> Frame | None:
    """As in "O has been told that C": somebody told the outlet, and nobody says who."""
    tags, lowered = sentence.tags, sentence.lowered
    match = _TOLD.search(tags)
    if match is None or lowered[match.end() - 2] not in _INFORMED:
        return None
    first, behind = match.span("named")
    found = gazetteer.within(sentence.words[first:behind])
    if found is None or found[2] != behind - first or set(tags[first : first + found[1]]) - {"d"}:
        return None
    end = len(tags)
    while end and tags[end - 1] == ".":
        end -= 1
    if end <= match.end():
        return None
    return Frame(
        kind="passive",
        rule="passive:told-outlet",
        cue=(behind, match.end() - 1),
        source=None,
        content=[(match.end() - 1, end)],
        stance="assert",
        prior=0.8,
        lemma="tell",
        addressee=(first, behind),
        unnamed=True,
    )


def from_afar(sentence: Sentence, frames: list[Frame], lexicon: Lexicon, gazetteer: Gazetteer) -> list[Frame]:
    """The frames of a sentence, with "As the BBC’s Ann Cole reports from Easton, …" read as a report of the outlet."""
    tags = sentence.tags
    if not tags or sentence.words[0].lower() != "as":
        return frames
    lowered = sentence.lowered
    comma = tags.find(",", 3, 16)
    if comma < 0 or comma + _SHORTEST_TAIL > len(tags):
        return frames
    index = next((place for place in range(2, comma) if lowered[place] in lexicon.verbs), comma)
    start = 2 if tags[1] == "d" else 1
    found = gazetteer.within(unowned(sentence, start, index))
    if found is None or found[1] or lowered[index + 1 : index + 2] != ["from"]:
        return frames
    if not any("after" in each.complements for each in lexicon.verbs[lowered[index]].classes):
        return frames
    if start + found[2] < index and not of_the_outlet(sentence.words[start:index], tags[start:index], found[2]):
        return frames
    end = len(tags) - 1 if tags[-1] == "." else len(tags)
    verb = lexicon.verbs[lowered[index]]
    verb_class = next(each for each in verb.classes if "after" in each.complements)
    report = Frame(
        kind="verb-after",
        rule=f"from-afar:{verb_class.name}",
        cue=(index, index + 1),
        source=(1, index),
        content=[(comma + 1, end)],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.95,
        lemma=verb.lemma,
        verb_class=verb_class,
    )
    return [report, *(frame for frame in frames if frame.first > comma)]


def unowned(sentence: Sentence, first: int, behind: int) -> list[str]:
    """Words without their possessive endings."""
    return [
        POSSESSIVE.sub("", word) if tag == "j" else word
        for word, tag in zip(sentence.words[first:behind], sentence.tags[first:behind], strict=True)
    ]
