"""Tails whose comma was lost: in "17 people died SANA said" a name of the gazetteer tells who says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.bare_tails import may_end, speaker_before, turned_tail
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.outlet_phrases import STAFF
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_SHOW_WORDS: Final = 6
_OFFICIAL: Final = frozenset(["state", "official", "state-run", "state-owned", "semi-official"])
_NOT_AFTER_TEXT: Final = """
what that as than which whom how like after before because if while when where and or but
"""
_NOT_AFTER: Final = frozenset(_NOT_AFTER_TEXT.split())
_SHORTEST_TAIL: Final = 5
"""Words of what is said before a tail."""
_TELLING: Final = frozenset(["tell", "inform"])
_LONGEST_ROLE: Final = 12
_WIDEST_ROLE: Final = 4
_WITHIN_ROLE: Final = frozenset("opNndj")


def tails(
    sentence: Sentence,
    frames: list[Frame],
    lexicon: Lexicon,
    gazetteer: Gazetteer,
    spoke: Callable[[str], bool] = lambda _name: False,
) -> list[Frame]:
    """The frames of a sentence of a text without commas, with its tail read anew: "… SANA said", "… S told AFP".

    Args:
        sentence: the sentence.
        frames: what the grammar found.
        lexicon: the language's words.
        gazetteer: the outlets.
        spoke: whether a name is that of somebody who has spoken before.
    """
    tags, words, lowered = sentence.tags, sentence.words, sentence.lowered
    end = next((place for place in range(len(tags) - 1, _SHORTEST_TAIL, -1) if lowered[place] == "citing"), len(tags))
    while end and tags[end - 1] in ".T":
        end -= 1
    tail = _said(sentence, end, lexicon, gazetteer) or _told(sentence, end, lexicon, gazetteer)
    named = tail is not None
    if tail is None:
        while end > 1 and (tags[end - 1] in "T9" or (tags[end - 1] == "p" and tags[end : end + 1] in {"T", "9"})):
            end -= 1
        tail = _bare_tail(sentence, end, frames, lexicon, spoke)
    if tail is None or tail.source is None:
        return frames
    if not phrases.has_finite(tags[: tail.source[0]]) and "Q" not in tags[: tail.source[0]]:
        return frames
    # "the statement carried by SANA said": the name ends a longer subject
    start = tail.first
    if words[start - 1].lower() in _NOT_AFTER or tags[start - 1] in "poibA":
        return frames
    earlier = [frame for frame in frames if frame.cue[1] <= start]
    for frame in earlier:
        reaching = any(behind > start for _, behind in frame.content)
        frame.content = [(first, min(behind, start)) for first, behind in frame.content if first < start]
        if reaching and named and tail.addressee is None and not frame.relayers:
            # "the speaker said that 17 people died SANA reported"
            frame.relayers.append(tail.source)
            frame.relay_kind = "citing"
    return [*earlier, tail]


def _bare_tail(
    sentence: Sentence, end: int, frames: list[Frame], lexicon: Lexicon, spoke: Callable[[str], bool]
) -> Frame | None:
    """The tail of somebody who is no outlet, where the grammar has read its verb in no better way."""
    index = end - 1
    verb = lexicon.verbs.get(sentence.lowered[index]) if index > _SHORTEST_TAIL else None
    source = None
    if verb is not None and may_end(verb.lemma) and not any(_reads(frame, index) for frame in frames):
        source = speaker_before(sentence, index, lexicon, spoke)
    if source is not None:
        return _frame(sentence, source, index, lexicon)
    turned = turned_tail(sentence, lexicon)
    if turned is None or any(_reads(frame, turned[0]) and not _as_object(frame) for frame in frames):
        return None
    index, source = turned
    tail = _frame(sentence, source, index, lexicon)
    if tail is not None:
        tail.content = [(0, index)]
        tail.kind, tail.rule = "inverted", f"turned-{tail.rule}"
    return tail


def _reads(frame: Frame, index: int) -> bool:
    return frame.cue[0] <= index < frame.cue[1]


def _as_object(frame: Frame) -> bool:
    """Whether a frame takes the name behind its verb for what is said: "the embassy said the Observatory"."""
    return frame.rule.endswith((":object", ":clause", "after-all"))


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
    if role:
        # "Turkish security sources"
        wide = first
        while wide > first - _WIDEST_ROLE and tags[wide - 1] == "n":
            wide -= 1
        if tags[wide - 1] == "N" and tags[wide - 2] not in "poibA":
            first = wide - 1
        first = _beside(sentence, first, lexicon)
    return first - 1 if tags[first - 1] == "d" else first


def _beside(sentence: Sentence, first: int, lexicon: Lexicon) -> int:
    """Where "militia spokesman Tom Reed and Easton officials" starts, whose second part starts at a token."""
    tags = sentence.tags
    at = first - 1
    while at > first - 1 - _WIDEST_ROLE and tags[at - 1] == "N":
        at -= 1
    if tags[first - 1] != "c" or first - 1 - at < 2:
        return first
    if tags[at - 1] == "n" and "person" in lexicon.kinds(sentence.lowered[at - 1]):
        at -= 1
        while tags[at - 1] == "N":
            at -= 1
    return at


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
