"""Beliefs, wishes and stances, and verbs of reporting that the grammar of `grammar.py` did not take.

Read loosely, behind the strict reading and only on words it left: a cue of the language's `[[attitudes]]`, whoever
stands before it as the one who holds it, and the clause behind it. What comes of it is kept at a low confidence, and
no chain rests on kind `attitude`. Annotated as attributions of belief, intention and eventuality in the Penn and
PolNeAR guidelines (Pareti 2015; Newell, Margolin and Ruths 2018).
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.attitude_cues import Attitude
from provenance.attribution.complements import is_modifier
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Verb
from provenance.attribution.no_speech import by_force, names_something
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import find_subject
from provenance.attribution.tagging import Sentence
from provenance.settings import AttributionSettings

_END: Final = re.compile(r"[;:.,]")
_NOT_BEFORE: Final = frozenset("djoVGY9UbtM!A")
"""Tags before a cue that make it a noun, a name's part or an infinitive without a subject."""
_NOT_BEHIND: Final = frozenset(["", *".,cZhm-T9xUe)"])
"""Tags behind a cue that leave it without anything it could be about."""
_FAR: Final = frozenset(",vckw.QH-)")
"""Tags before a cue behind which the sentence's main subject may be the one meant."""
_WITHOUT_BE: Final = frozenset(["", "H"])
"""Tags before a participle that is passive by itself: "Asked whether …", "when asked …"."""
_BEFORE_THIRD: Final = frozenset("PNtwH")
"""Tags before a form that is a third person or a plural noun ("hopes") which make it a verb."""
_VERBAL: Final = frozenset("vVUgG")
"""Tags before a word in -s that make it an object ("expressed doubts")."""
_LOOK_BACK: Final = 3
_FIRST_PERSON: Final = frozenset(["i", "we", "you"])
_BE: Final = "z"


def attitude_frames(
    sentence: Sentence, lexicon: Lexicon, frames: list[Frame], settings: AttributionSettings, *, headline: bool = False
) -> list[Frame]:
    """The attitudes of one sentence, by their cues, where no stricter frame has taken the word.

    Args:
        sentence: the sentence.
        lexicon: the language's cues.
        frames: what the strict grammar found in the sentence.
        settings: thresholds.
        headline: every word may have a capital.
    """
    table = lexicon.attitudes
    held = table.keys() & sentence.notable(lexicon.notable)
    if not held:
        return []
    tags, words = sentence.tags, sentence.words
    found: list[Frame] = []
    for index in _places(words, held):
        word = words[index]
        if (
            tags[index + 1 : index + 2] in _NOT_BEHIND
            or _is_taken(index, frames)
            or (index and word[0].isupper() and not headline)
        ):
            continue
        frame = _read(sentence, index, table[word], frames, lexicon)
        if frame is not None and frame.prior >= settings.minimum_confidence:
            found.append(frame)
    return found


def _places(words: list[str], held: set[str]) -> list[int]:
    """Where some words stand among others, in order."""
    if len(held) == 1:
        (word,) = held
        if words.count(word) == 1:
            return [words.index(word)]
    return [index for index, word in enumerate(words) if word in held]


def _is_taken(index: int, frames: list[Frame]) -> bool:
    """Whether a stricter frame has a token as its cue or as what shows it."""
    for frame in frames:
        if frame.cue[0] <= index < frame.cue[1]:
            return True
        for first, behind in frame.shown:
            if first <= index < behind:
                return True
    return False


def _read(
    sentence: Sentence, index: int, entries: tuple[Attitude, ...], frames: list[Frame], lexicon: Lexicon
) -> Frame | None:
    tags = sentence.tags
    first, group = phrases.left_group(sentence, index)
    before = tags[first - 1] if first else ""
    if before in _NOT_BEFORE or (first and sentence.lowered[first - 1] in lexicon.negations):
        return None
    if tags[index] in "vV" and _modifies(sentence, index, group, before):
        return None
    if tags[index] == "Z" and before != "P":
        # "the hope", "his support": a noun
        return None
    if tags[index] == "Y" and before not in _BEFORE_THIRD and not _is_third(sentence, index, lexicon):
        return None
    if tags[index] == "X" and before in _VERBAL:
        return None
    verb = lexicon.verbs.get(sentence.lowered[index])
    if verb is not None and _is_no_report(sentence, index, verb, lexicon):
        return None
    for entry in entries:
        if _form_fits(entry, tags[index], group[:-1], before) and _words_fit(sentence, index, entry, lexicon):
            frame = _frame(sentence, (first, index), entry, frames, lexicon)
            if frame is not None and not (entry.unnamed and _is_source(index, frames)):
                return frame
    return None


def _is_source(index: int, frames: list[Frame]) -> bool:
    """Whether a token names who makes a statement: "the complaint said"."""
    return any(frame.source is not None and frame.source[0] <= index < frame.source[1] for frame in frames)


def _modifies(sentence: Sentence, index: int, group: str, before: str) -> bool:
    """Whether a form in -ed has no subject of its own here.

    As in "troops backed by warplanes", "when asked whether", "the so called army", "the US backed militants fled".
    """
    if (sentence.tags[index + 1] == "b" and "z" not in group) or before == "H":
        return True
    if index and sentence.lowered[index - 1] == "so":
        return True
    return before in {"n", "N"} and is_modifier(sentence, index + 1)


def _is_third(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a form that may be a plural noun is a verb: "the governor hopes to", "the guild plans to"."""
    tags = sentence.tags
    if tags[index - 1 : index] != "n" or tags[index + 1 : index + 2] not in {"i", "t", "d", "N", "P"}:
        return False
    if not lexicon.kinds(sentence.lowered[index - 1]) & {"person", "organization"}:
        return False
    found = phrases.left_phrase(sentence, index)
    return found is not None and tags[found[0]] in "dj" and tags[max(0, found[0] - 1) : found[0]] not in {"p", "o", "b"}


def _is_no_report(sentence: Sentence, index: int, verb: Verb, lexicon: Lexicon) -> bool:
    """As in "called itself X", "a group called X", "claimed the lives of five": what the strict grammar refuses too."""
    behind = sentence.lowered[index + 1 : index + 5]
    if names_something(sentence, index, verb) or (behind and behind[0] in lexicon.reflexives):
        return True
    return any(not verb_class.not_objects.isdisjoint(behind) for verb_class in verb.classes)


def _form_fits(entry: Attitude, tag: str, group: str, before: str) -> bool:
    """Whether the verb group (tags before the cue) and what stands before it are those of the entry's form."""
    if not entry.negated and ("!" in group or "M" in group):
        return False
    be = _BE in group
    if entry.form == "passive":
        return be or before in _WITHOUT_BE
    if entry.form == "adjective":
        return be or before == ","
    if entry.form == "verb":
        return not be or tag in "gG"
    return entry.form != "base" or before in {"n", "N", "P"}


def _words_fit(sentence: Sentence, index: int, entry: Attitude, lexicon: Lexicon) -> bool:
    lowered, tags = sentence.lowered, sentence.tags
    if (
        entry.form == "verb"
        and not entry.unnamed
        and tags[index] in "vVE"
        and tags[index + 1 : index + 3] in {"iz", "ih"}
    ):
        # "stations believed to be their strongholds", "was said to have left": somebody else believes it
        return False
    if entry.behind and lowered[index + 1] not in entry.behind:
        return False
    if entry.before and entry.before.isdisjoint(lowered[max(0, index - _LOOK_BACK) : index]):
        return False
    return not (entry.silent and _keeps_silent(sentence, index, lexicon))


def _keeps_silent(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """As in "refused to say", "declined to comment": nothing is said, and what is not said is no attitude."""
    if sentence.tags[index + 1 : index + 2] != "i":
        return False
    verb = lexicon.verbs.get("".join(sentence.lowered[index + 2 : index + 3]))
    return verb is not None and not any(verb_class.attitude or verb_class.target for verb_class in verb.classes)


def _frame(sentence: Sentence, where: Range, entry: Attitude, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    tags = sentence.tags
    first, index = where
    source, near = _holder(sentence, first, frames, lexicon)
    end = _clause_end(tags, index + 1)
    content: list[Range] = [(index + 1, end)]
    if entry.unnamed and source is not None and near and _to_say(sentence, index, lexicon):
        # "the mayor appeared to suggest": somebody did say it
        pass
    elif entry.unnamed:
        if source is not None and near:
            content.insert(0, source)
        source = None
    elif source is None or sentence.lowered[source[0]] in _FIRST_PERSON or by_force(sentence, source, index):
        return None
    return Frame(
        kind="verb-before" if entry.reporting else "attitude",
        rule=f"loose:{entry.name}",
        cue=(min(first, index), index + 1),
        source=source,
        content=content,
        stance=entry.stance,
        prior=entry.prior,
        lemma=sentence.lowered[index],
        unnamed=entry.unnamed and source is None,
    )


def _to_say(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether "to suggest", "to say" follows a token."""
    if sentence.tags[index + 1 : index + 2] != "i" or index + 2 >= len(sentence.words):
        return False
    verb = lexicon.verbs.get(sentence.lowered[index + 2])
    return verb is not None and any("after" in each.complements and not each.attitude for each in verb.classes[:1])


def _holder(sentence: Sentence, first: int, frames: list[Frame], lexicon: Lexicon) -> tuple[Range | None, bool]:
    """Who stands before a cue: its subject, or that of the sentence; and whether it is the cue's own."""
    source, elided, relative = find_subject(sentence, first, frames, lexicon)
    if source is not None:
        return source, not elided and not relative
    before = sentence.tags[first - 1] if first else ""
    if before and before not in _FAR:
        return None, False
    subject = phrases.main_subject(sentence)
    return (subject if subject is not None and subject[1] <= first else None), False


def _clause_end(tags: str, start: int) -> int:
    found = _END.search(tags, start + 1)
    return found.start() if found is not None else len(tags)
