"""Videos, images and documents that show something: "Footage obtained by O showed smoke over the harbour".

What stands between the artefact and the verb says where it came from. Who is said to have seen, obtained or aired it
relays it.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Stance

_LONGEST: Final = 14
"""Tokens between an artefact and its verb."""
_PRIOR: Final = 0.7
_CLAUSE_MARK: Final = re.compile("[,;:.()QtwkHc-]")


def artefact_frames(sentence: Sentence, lexicon: Lexicon, frames: list[Frame]) -> list[Frame]:
    """The statements that artefacts make, where their verb is no cue of another statement."""
    if lexicon.made_forms.isdisjoint(sentence.notable(lexicon.notable)):
        return []
    lowered, tags = sentence.lowered, sentence.tags
    showing, seeming_verbs = lexicon.artefacts["showing"], lexicon.artefacts["seeming"]
    if showing.isdisjoint(lowered) and seeming_verbs.isdisjoint(lowered):
        return []
    found = []
    for index, word in enumerate(lowered):
        seeming = word in seeming_verbs and lowered[index + 1 : index + 2] == ["to"]
        behind = index + 3 if seeming else index + 1
        if not (word in showing or seeming) or behind >= len(tags) or tags[behind] in ".,":
            continue
        if not seeming and index > 1 and lowered[index - 1] == "to" and lowered[index - 2] in seeming_verbs:
            continue
        if seeming and lowered[behind - 1] not in showing:
            continue
        artefact = _artefact(sentence, lexicon, index)
        if artefact is None:
            continue
        first = artefact[0]
        frames[:] = [frame for frame in frames if not (first <= frame.cue[0] < behind)]
        found.append(_frame(sentence, lexicon, artefact, (index, behind), seeming=seeming))
    return found


def outside(frames: list[Frame], loose: list[Frame]) -> list[Frame]:
    """The loose frames whose cue is not within what an artefact's statement says of the artefact."""
    if not loose:
        return loose
    shown = [
        (frame.source[0], frame.cue[1]) for frame in frames if frame.rule == "artefact" and frame.source is not None
    ]
    return [frame for frame in loose if not any(first <= frame.cue[0] < behind for first, behind in shown)]


def _artefact(sentence: Sentence, lexicon: Lexicon, verb: int) -> Range | None:
    """The tokens of the artefact that is the subject of a verb; None where the subject is something else."""
    tags, lowered = sentence.tags, sentence.lowered
    start = max(0, verb - _LONGEST)
    for index in range(verb - 2, start - 1, -1):
        if _CLAUSE_MARK.match(tags[index]):
            return None
        if lowered[index] in lexicon.artefacts["made"]:
            noun = lowered[index - 1] if index else ""
            if "artefact" not in lexicon.kinds(noun) and noun not in lexicon.artefacts["nouns"]:
                continue
            phrase = phrases.left_phrase(sentence, index)
            return phrase if phrase is not None and phrase[1] == index else (index - 1, index)
    return None


def _frame(sentence: Sentence, lexicon: Lexicon, source: Range, cue: tuple[int, int], *, seeming: bool) -> Frame:
    tags, lowered = sentence.tags, sentence.lowered
    end = len(tags)
    while end > cue[1] and tags[end - 1] == ".":
        end -= 1
    stance: Stance = "conjecture" if seeming else "assert"
    made = source[1]
    frame = Frame(
        kind="verb-before",
        rule="artefact",
        cue=cue,
        source=source,
        content=[(cue[1], end)],
        stance=stance,
        prior=_PRIOR,
        lemma="show",
    )
    if lowered[made] in lexicon.artefacts["relayed"] and lowered[made + 1] == "by":
        by = phrases.short_phrase(sentence, made + 2)
        if by is not None and by[0] < cue[0]:
            frame.relayers.append((by[0], min(by[1], cue[0])))
    return frame
