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
_NOT_AFTER_TEXT: Final = """
what that as than which whom how like after before because if while when where and or but
"""
_NOT_AFTER: Final = frozenset(_NOT_AFTER_TEXT.split())
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
_PLACE_ENDS: Final = frozenset(("", ".", ",", "T", "t", "-"))
"""What may follow the place where a thing was said."""
_NAME_TAGS: Final = re.compile(r"[^,.;:()Qq-]{1,6}")
_INFORMED: Final = frozenset(["told", "informed"])
_TOLD: Final = re.compile(r"(?:^|[,;:.ckQ-])(?P<named>d?N{1,5})h?z{1,2}r?Vt")
_TELLING: Final = frozenset(["tell", "inform"])
_LONGEST_ROLE: Final = 12
_WIDEST_ROLE: Final = 4
_WITHIN_ROLE: Final = frozenset("opNndj")
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


def aired(sentence: Sentence, frames: list[Frame], gazetteer: Gazetteer) -> None:
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
    while tags[at : at + 1] == "T":
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
    if tags[named[1] : named[1] + 1] not in ({"q", "Q"} if owned else _PLACE_ENDS):
        return None
    return named[0], named[1] + owned


def _name_at(sentence: Sentence, at: int, gazetteer: Gazetteer) -> Range | None:
    """The tokens of an outlet's name at a token, with the determiner before it."""
    match = _NAME_TAGS.match(sentence.tags, at)
    found = gazetteer.within(_unowned(sentence, at, match.end())) if match is not None else None
    if found is None or set(sentence.tags[at : at + found[1]]) - {"d"}:
        return None
    return at, at + found[2]


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
    found = gazetteer.within(_unowned(sentence, start, index))
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


def tails(sentence: Sentence, frames: list[Frame], lexicon: Lexicon, gazetteer: Gazetteer) -> list[Frame]:
    """The frames of a sentence of a text without commas, with its tail read anew: "… SANA said", "… S told AFP"."""
    tags, words, lowered = sentence.tags, sentence.words, sentence.lowered
    end = next((place for place in range(len(tags) - 1, _SHORTEST_TAIL, -1) if lowered[place] == "citing"), len(tags))
    while end and tags[end - 1] in ".T":
        end -= 1
    tail = _said(sentence, end, lexicon, gazetteer) or _told(sentence, end, lexicon, gazetteer)
    if tail is None or tail.source is None:
        return frames
    if not phrases.has_finite(tags[: tail.source[0]]) and "Q" not in tags[: tail.source[0]]:
        return frames
    # "the statement carried by SANA said": the name ends a longer subject
    if words[tail.source[0] - 1].lower() in _NOT_AFTER or tags[tail.source[0] - 1] in "poibA":
        return frames
    start = tail.source[0]
    earlier = [frame for frame in frames if frame.cue[1] <= start]
    for frame in earlier:
        reaching = any(behind > start for _, behind in frame.content)
        frame.content = [(first, min(behind, start)) for first, behind in frame.content if first < start]
        if reaching and tail.addressee is None and not frame.relayers:
            # "the speaker said that 17 people died SANA reported"
            frame.relayers.append(tail.source)
            frame.relay_kind = "citing"
    return [*earlier, tail]


def _said(sentence: Sentence, end: int, lexicon: Lexicon, gazetteer: Gazetteer) -> Frame | None:
    index = end - 1
    verb = lexicon.verbs.get(sentence.lowered[index]) if index >= _SHORTEST_TAIL else None
    if verb is None or not any("after" in verb_class.complements for verb_class in verb.classes):
        return None
    behind = index
    first = _name_before(sentence, behind, gazetteer)
    while first is None and behind > index - 2 and _describes(sentence.lowered[behind - 1], lexicon):
        behind -= 1
        first = _name_before(sentence, behind, gazetteer)
    if first is None:
        return None
    while first > 1 and (_describes(sentence.lowered[first - 1], lexicon) or sentence.lowered[first - 1] in _OFFICIAL):
        first -= 1
    if sentence.tags[first - 1] == "d":
        first -= 1
    elif sentence.tags[first - 1] == "N" and sentence.lowered[first - 2] in {"the", "a", "an"} and behind < index:
        # "the Lebanese Al-Manar TV channel"
        first -= 2
    return _frame(sentence, (first, index), index, lexicon) if first >= _SHORTEST_TAIL else None


def _told(sentence: Sentence, end: int, lexicon: Lexicon, gazetteer: Gazetteer) -> Frame | None:
    tags, lowered = sentence.tags, sentence.lowered
    for index in range(end - 2, max(_SHORTEST_TAIL, end - _SHOW_WORDS - 3), -1):
        verb = lexicon.verbs.get(lowered[index])
        if verb is None or verb.lemma not in _TELLING:
            continue
        found = gazetteer.within(sentence.words[index + 1 : end])
        if found is None or set(tags[index + 1 : index + 1 + found[1]]) - {"d"}:
            return None
        told = index + 1, index + 1 + found[2]
        if tags[told[1] : told[1] + 1] not in {"", ".", "p", "b", "T"}:
            return None
        first = _teller(sentence, index, lexicon)
        if first is None:
            return None
        frame = _frame(sentence, (first, index), index, lexicon)
        if frame is not None:
            frame.addressee = told
        return frame
    return None


def _teller(sentence: Sentence, index: int, lexicon: Lexicon) -> int | None:
    """Where the subject before a verb of telling starts: a whole name, a pronoun, "US officials", "one of them"."""
    tags, lowered = sentence.tags, sentence.lowered
    if lowered[index - 3 : index - 1] == ["one", "of"]:
        return index - 3
    if tags[index - 1] == "P":
        return index - 1
    first = index
    if lexicon.kinds(lowered[index - 1]) & {"person", "anonymous"} and tags[index - 1] in "ne":
        first -= 1
    role = first < index
    if not role:
        longer = _role_with_place(sentence, index, lexicon)
        if longer is not None:
            return longer
    while first > index - 4 and tags[first - 1] == "N":
        first -= 1
    if not role and index - first < 2:
        return None
    return first - 1 if tags[first - 1] == "d" else first


def _role_with_place(sentence: Sentence, verb: int, lexicon: Lexicon) -> int | None:
    """Where "a source at Easton Police Command" before a verb starts: a role with what it hangs on."""
    tags, lowered = sentence.tags, sentence.lowered
    for index in range(verb - 3, max(1, verb - _LONGEST_ROLE), -1):
        if tags[index] not in _WITHIN_ROLE:
            return None
        if (
            tags[index] in "op"
            and tags[index - 1] in "ne"
            and lexicon.kinds(lowered[index - 1]) & {"person", "anonymous"}
        ):
            first = index - 1
            while first and tags[first - 1] in "nN" and first > index - _WIDEST_ROLE:
                first -= 1
            return first - 1 if first and tags[first - 1] == "d" else None
    return None


def _frame(sentence: Sentence, source: Range, index: int, lexicon: Lexicon) -> Frame | None:
    verb = lexicon.verbs[sentence.lowered[index]]
    if source[0] < _SHORTEST_TAIL:
        return None
    verb_class = next((each for each in verb.classes if "after" in each.complements), verb.classes[0])
    return Frame(
        kind="verb-after",
        rule=f"tail:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=[(0, source[0])],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.9,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
    )


def _unowned(sentence: Sentence, first: int, behind: int) -> list[str]:
    """Words without their possessive endings."""
    return [
        POSSESSIVE.sub("", word) if tag == "j" else word
        for word, tag in zip(sentence.words[first:behind], sentence.tags[first:behind], strict=True)
    ]


def _describes(word: str, lexicon: Lexicon) -> bool:
    return word in STAFF or word == "news" or "outlet" in lexicon.kinds(word)


def _name_before(sentence: Sentence, behind: int, gazetteer: Gazetteer) -> int | None:
    """Where the longest name of an outlet that ends before a token starts; a doubtful one must stand behind no name."""
    for size in range(min(gazetteer.longest, behind), 0, -1):
        name = " ".join(sentence.words[behind - size : behind])
        if name[:1].isupper() and gazetteer.lookup(name) is not None:
            first = behind - size
            doubtful = gazetteer.ambiguous(name) and not name.isupper()
            return None if doubtful and sentence.tags[first - 1 : first] in {"N", "j"} else first
    return None
