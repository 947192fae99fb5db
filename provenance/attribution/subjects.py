"""The subject of a verb of reporting, and whether it can be one."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence


def may_speak(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase can be a subject at all: a bare singular noun nobody knows is a verb or half a phrase."""
    first, behind = source
    tags = sentence.tags[first:behind]
    if tags[0] in "dPjN9" or "N" in tags or "j" in tags:
        return True
    head = sentence.words[behind - 1].lower()
    if lexicon.kinds(head) or any(lexicon.kinds(word.lower()) for word in sentence.words[first:behind]):
        return True
    return behind - first > 1 and head.endswith("s")


def _antecedent(sentence: Sentence, behind: int, lexicon: Lexicon) -> Range | None:
    near = phrases.near_phrase(sentence, behind)
    if near is not None:
        head = sentence.words[near[1] - 1]
        if sentence.tags[near[1] - 1] == "N" or lexicon.kinds(head.lower()):
            return near
    return phrases.left_phrase(sentence, behind)


def find_subject(  # noqa: PLR0911 - what may stand before a verb, one return each
    sentence: Sentence, first: int, frames: list[Frame], lexicon: Lexicon
) -> tuple[Range | None, bool, bool]:
    """The subject of a verb group that starts at token `first`; whether it is elided, whether relative."""
    tags = sentence.tags
    if first == 0:
        return None, False, False
    before = tags[first - 1]
    if before in "wt":
        behind = first - 1
        if before == "w" and sentence.words[first - 1].lower() not in lexicon.relatives:
            return None, False, False
        while behind > 0 and tags[behind - 1] in ",-":
            behind -= 1
        found = _antecedent(sentence, behind, lexicon) if behind else None
        return found, False, found is not None
    if before == "c" or (before == "k" and tags[first - 2 : first - 1] == ","):
        return elided_subject(sentence, first - 1, frames, lexicon), True, False
    if before in {"r", "k"}:
        return None, False, False
    if before in ",-":
        behind, skipped = phrases.strip_brackets(sentence, first)
        if not skipped:
            earlier = tags[first - 2] if first > 1 else ""
            return (
                (elided_subject(sentence, first - 2, frames, lexicon), True, False)
                if earlier == "c"
                else (None, False, False)
            )
        found = phrases.left_phrase(sentence, behind)
        if found is not None:
            named = phrases.with_name(sentence, found, skipped[-1], lexicon)
            found = named if named is not None else _with_apposition(sentence, found)
        return found, False, False
    found = phrases.left_phrase(sentence, first)
    if found is not None and found[0] and tags[found[0] - 1] in "iA" and "A" in tags[max(0, found[0] - 2) : found[0]]:
        # "According to media reports, …": the noun at the end of the relay's source is no verb
        return None, False, False
    return (_whole(sentence, found, lexicon) if found else None), False, False


_FIRST_VERB: Final = re.compile("[vVhzm]")
_NOBODY: Final = frozenset(["nobody"])
_LONGEST_RELATIVE: Final = 25


def _whole(sentence: Sentence, found: Range, lexicon: Lexicon) -> Range | None:
    """The subject whose end a phrase is: "nobody on the pier", "the men who guide ships into the harbour"."""
    tags = sentence.tags
    first, behind = found
    if first > 1 and tags[first - 1] in "op" and tags[first - 2] == "P":
        return None if sentence.words[first - 2].lower() in _NOBODY else (first - 2, behind)
    if first and tags[first - 1] == "i" and tags[first] == "n":
        # "to topple Assad": a verb that the tags do not know, and its object
        return None
    if first > 1 and tags[first - 1] == "g" and tags[first - 2] in "Nn":
        # "a group monitoring the war said"
        whole = phrases.left_phrase(sentence, first - 1)
        return (whole[0], behind) if whole is not None else found
    relative = _relative_before(sentence, found, lexicon)
    if relative is None:
        return found
    antecedent = phrases.left_phrase(sentence, relative)
    return found if antecedent is None else (antecedent[0], behind)


def _relative_before(sentence: Sentence, found: Range, lexicon: Lexicon) -> int | None:
    """The relative pronoun of the clause that a phrase ends: its own verb stands between, and no clause border."""
    tags = sentence.tags
    first = found[0]
    window = tags[max(0, first - _LONGEST_RELATIVE) : first]
    if "w" not in window and "t" not in window:
        return None
    for index in range(first - 1, max(0, first - _LONGEST_RELATIVE), -1):
        tag = tags[index]
        if tag in ",;:.Q()ckVXYU":
            return None
        if tag not in "wt":
            continue
        between = tags[index + 1 : first]
        if tag == "t" and not (tags[index - 1] in "Nn" and between[:1] and between[0] in "vzhm"):
            return None
        if tag == "w" and sentence.lowered[index] not in lexicon.relatives:
            return None
        if not between:
            # "who guide ships": the verb is a word that the tags do not know
            return index if tags[first] == "n" and found[1] - first > 1 else None
        return index if phrases.has_finite(between) and tags[first - 1] != "w" else None
    return None


def _with_apposition(sentence: Sentence, found: Range) -> Range:
    """As in "Syria's official news agency, SANA, … reported": the phrase before a bare name belongs to it."""
    first, behind = found
    tags = sentence.tags
    if first < 2 or tags[first - 1] != "," or set(tags[first:behind]) != {"N"}:
        return found
    wider = phrases.left_phrase(sentence, first - 1)
    if wider is not None and (wider[0] == 0 or tags[wider[0] - 1] in ".kQ:;t,") and tags[wider[1] - 1] in "nN":
        return wider[0], behind
    return found


def _in_lead(sentence: Sentence, subject: Range) -> bool:
    """Whether a phrase hangs on a preposition, as the start of a clause does."""
    return subject[0] > 0 and sentence.tags[subject[0] - 1] == "p"


def _subject_around(sentence: Sentence, conjunction: int, lexicon: Lexicon) -> Range | None:
    """The subject behind the first verb ("In Berlin nannte der Richter …") or right before it."""
    match = _FIRST_VERB.search(sentence.tags, 0, conjunction)
    if match is None:
        return None
    for found in (phrases.right_phrase(sentence, match.end()), phrases.left_phrase(sentence, match.start())):
        if found is None:
            continue
        known = any(lexicon.kinds(word) for word in sentence.lowered[found[0] : found[1]])
        if known or "NN" in sentence.tags[found[0] : found[1]]:
            return found
    return None


def elided_subject(
    sentence: Sentence, conjunction: int, frames: list[Frame], lexicon: Lexicon | None = None
) -> Range | None:
    """The subject that "and said" or ", saying" leaves out: that of the statement before, or of the main clause."""
    for frame in reversed(frames):
        if frame.cue[1] <= conjunction and frame.source is not None and not frame.subordinate:
            return frame.source
    subject = phrases.main_subject(sentence)
    if (
        lexicon is not None
        and lexicon.inverts
        and (subject is None or subject[1] > conjunction or _in_lead(sentence, subject))
    ):
        subject = _subject_around(sentence, conjunction, lexicon)
    return subject if subject is not None and subject[1] <= conjunction else None


def agrees(sentence: Sentence, source: Range, group: Range, lexicon: Lexicon) -> bool:
    """Whether a base form ("say", "claim") stands behind something plural, as a finite verb must."""
    first, index = group
    if sentence.tags[index] not in "UZ" or first < index or sentence.tags[first - 1] == "w":
        return True
    if sentence.tags[source[0]] == "9":
        return True
    head = source[1] - 1
    for at in range(source[0] + 1, source[1]):
        if sentence.tags[at] in "op(wt,":
            head = at - 1
            break
    word = sentence.words[head].strip(").").lower()
    if sentence.tags[head] == "P":
        return word in {"they", "we", "i", "you"}
    if word in phrases.STANDALONE:
        return True
    noun = sentence.tags[head] in "nNeYZ9"
    plural = (
        (word.endswith("s") and not word.endswith("ss"))
        or "collective" in lexicon.kinds(word)
        or word in {"people", "police", "men", "women"}
    )
    pair = "c" in sentence.tags[source[0] : source[1]]
    return noun and (plural or pair)
