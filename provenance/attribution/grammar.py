"""Verbs of reporting: who is the subject, what follows, and whether it is an attribution at all.

A verb is read together with its group ("has repeatedly said"), its subject (left of it, inverted, relative, elided
behind "and", or that of the clause before a participle) and its complement. What may follow makes the difference:
"noted that" reports, "noted for" does not. Negated and hypothetical verbs yield nothing.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.complements import (
    Complement,
    complement,
    content_before,
    goes_on,
    judge,
    manner_end,
    parenthesis,
)
from provenance.attribution.frames import Frame
from provenance.attribution.inversions import conveyed, in_adverbial, pointing_back, turned_round, whole_verb
from provenance.attribution.lexicon import GERUND, PARTICIPLE, PAST, THIRD, Lexicon, Verb, VerbClass
from provenance.attribution.orders import as_reported, inverted, passive, quoting, reported_by, turned
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import agrees, elided_subject, find_subject, may_speak
from provenance.attribution.tagging import Sentence
from provenance.settings import AttributionSettings

_VERB: Final = re.compile(r"[VXYUZGE]")
_CATENATIVE: Final = frozenset(["could", "might", "may", "should", "must", "can", "ought", "would", "will"])
_FARTHEST_AUXILIARY: Final = 10
_NAMED: Final = frozenset("NPjq")
_FINITE: Final = frozenset((PAST, THIRD))
_FIRST_PERSON: Final = frozenset(["i", "we", "you"])


def verb_frames(sentence: Sentence, lexicon: Lexicon, settings: AttributionSettings) -> list[Frame]:
    """The statements that the verbs of one sentence make, in the order of their verbs."""
    frames: list[Frame] = []
    verbs = lexicon.verbs
    tags = sentence.tags
    for match in _VERB.finditer(tags):
        index = match.start()
        if tags[index] in "UZ" and _is_noun_or_infinitive(sentence, index, lexicon):
            continue
        if frames and _within(index, frames[-1]):
            continue
        verb = verbs.get(sentence.words[index]) or verbs.get(sentence.words[index].lower())
        if verb is None:
            continue
        frame = _read(sentence, index, verb, frames, lexicon)
        if frame is not None and frame.prior >= settings.minimum_confidence:
            frames.append(frame)
    if lexicon.conveys and not lexicon.conveys.isdisjoint(sentence.lowered):
        frames.extend(conveyed(sentence, lexicon))
    return frames


def _within(index: int, frame: Frame) -> bool:
    """Whether a token is the cue of a frame or shows it."""
    if frame.cue[0] <= index < frame.cue[1]:
        return True
    return bool(frame.shown) and any(first <= index < behind for first, behind in frame.shown)


def _is_noun_or_infinitive(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a base form is a noun behind its article, or an infinitive: a cheap test, done first."""
    tags, words = sentence.tags, sentence.words
    if index == 0 or tags[index + 1 : index + 2] == "b":
        return False
    before = tags[index - 1]
    if before == "d":
        return words[index - 1].lower() not in phrases.STANDALONE
    if before != "i":
        return False
    governor = index - 3 if index > 2 and tags[index - 2] == "p" else index - 2
    return governor < 0 or words[governor].lower() not in lexicon.continuations


def _read(sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    tags, words = sentence.tags, sentence.words
    first, group = phrases.left_group(sentence, index)
    if "!" in group or "M" in group:
        return None
    before = tags[first - 1] if first else ""
    if (
        before == "!"
        or (first and words[first - 1].lower() in lexicon.negations)
        or (lexicon.particles and not whole_verb(sentence, index, lexicon))
    ):
        return None
    if before == "i":
        governor = first - 2
        if governor > 0 and tags[governor] == "p":
            governor -= 1
        if governor < 0 or words[governor].lower() not in lexicon.continuations:
            return None
        first, group = phrases.left_group(sentence, governor)
        group += verb.tag
        before = tags[first - 1] if first else ""
    if "m" in group and any(words[i].lower() in _CATENATIVE for i in range(first, index)):
        return None
    tag = tags[index]
    if tag == GERUND and "z" not in group:
        return _participle(sentence, index, verb, frames, lexicon)
    if tag in {PAST, PARTICIPLE} and "z" in group:
        return passive(sentence, (first, index), verb, lexicon)
    if tag == PARTICIPLE and "h" not in group and not (before == "P" and "-" in words[first - 1][1:]):
        return _bracketed(sentence, (first, index), verb, frames, lexicon) if lexicon.capital_nouns else None
    return _finite(sentence, (first, index), verb, frames, lexicon)


def _bracketed(sentence: Sentence, where: Range, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    """As in "Müller hat der dpa gesagt, dass": what stands between the parts of a German verb is told, or speaks."""
    tags = sentence.tags
    first, index = where
    auxiliary = tags.rfind("h", max(0, first - _FARTHEST_AUXILIARY), first)
    if auxiliary < 0 or set(",;:.Q!") & set(tags[auxiliary:index]):
        return None
    source, elided, relative = find_subject(sentence, auxiliary, frames, lexicon)
    if source is None or in_adverbial(sentence, source, index, lexicon):
        return _finite(sentence, where, verb, frames, lexicon)
    if not may_speak(sentence, source, lexicon):
        return None
    after = complement(sentence, index, verb, lexicon)
    if sentence.lowered[auxiliary + 1] in lexicon.datives:
        after.addressee = phrases.short_phrase(sentence, auxiliary + 1)
    return _accepted(sentence, (auxiliary, index), verb, (source, elided, relative), after, lexicon)


def _subject(
    sentence: Sentence, where: Range, frames: list[Frame], lexicon: Lexicon
) -> tuple[Range | None, bool, bool]:
    """The subject left of a verb, where the phrase there can be it; whether it is elided, whether relative."""
    first, index = where
    source, elided, relative = find_subject(sentence, first, frames, lexicon)
    if source is None or elided:
        return source, elided, relative
    if lexicon.inverts and not relative and in_adverbial(sentence, source, index, lexicon):
        return None, elided, relative
    return (source if agrees(sentence, source, where, lexicon) else None), elided, relative


def _finite(sentence: Sentence, where: Range, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    tags = sentence.tags
    index = where[1]
    after = complement(sentence, index, verb, lexicon)
    if index + 1 < len(tags) and tags[index + 1] == "b" and not manner_end(sentence, index + 1, lexicon):
        return reported_by(sentence, where, verb)
    back = pointing_back(sentence, index, lexicon, _FINITE)
    if back is not None:
        return as_reported(sentence, back, verb, lexicon, anaphoric=True)
    source, elided, relative = _subject(sentence, where, frames, lexicon)
    if source is None or not may_speak(sentence, source, lexicon):
        if lexicon.inverts:
            return turned_round(sentence, where, verb, lexicon)
        return inverted(sentence, where, verb, lexicon) if tags[index] in {PAST, THIRD, "Y"} else None
    if sentence.words[source[0]].lower() in _FIRST_PERSON and source[1] - source[0] == 1:
        return None
    if tags[index] in "YZ" and not elided and not _surely_speaks(sentence, source, lexicon):
        return None
    if after.type == "object" and not elided and verb.lemma in {"say", "report", "write", "announce"}:
        inverse = turned(sentence, source, index, verb, lexicon)
        if inverse is not None:
            return inverse
    return _accepted(sentence, where, verb, (source, elided, relative), after, lexicon)


def _accepted(
    sentence: Sentence,
    where: Range,
    verb: Verb,
    subject: tuple[Range, bool, bool],
    after: Complement,
    lexicon: Lexicon,
) -> Frame | None:
    """A frame for a verb with its subject, where one of the verb's classes allows what surrounds it."""
    source, elided, relative = subject
    tags, index = sentence.tags, where[1]
    first = _verb_start(tags, where)
    before = content_before(sentence, source, elided=elided or relative)
    aside = before is None and not elided and _as_aside(tags, source, index)
    before = before or _as_content(tags, source, index, aside=aside)
    around = parenthesis(sentence, source, index) if before is None and not elided else None
    if names_something(sentence, index, verb) or (
        sentence.words[index + 1 : index + 2] and sentence.words[index + 1] in lexicon.reflexives
    ):
        return None
    for verb_class in verb.classes:
        if verb_class.quoting:
            frame = quoting(sentence, where, verb, verb_class, source, lexicon)
            if frame is not None:
                frame.elided = elided
                return frame
            continue
        if verb_class.subjects and not _subject_is(sentence, source, verb_class, lexicon):
            continue
        judged = judge(sentence, verb_class, after, before)
        if around is not None and "after" in verb_class.complements:
            judged = verb_class.prior * 0.95, around, True
        if judged is None:
            continue
        prior, content, follows = judged
        if follows and before is not None and not before[1]:
            content = [*content, *goes_on(sentence, index)]
        prior *= _doubts(sentence, source, index, lexicon) * (0.9 if elided else 1.0)
        kind = _kind(verb_class, follows=follows, relative=relative)
        previous = tags[source[0] - 1] if source[0] else ""
        return Frame(
            kind=kind,
            rule=f"{kind}:{verb_class.name}:{after.type if not follows else 'after'}",
            cue=(index, index + 1) if first >= index else (first, index + 1),
            source=source,
            content=content,
            stance=verb_class.stance,
            prior=prior,
            lemma=verb.lemma,
            verb_class=verb_class,
            addressee=after.addressee,
            elided=elided,
            after=follows,
            quoted="Q" in tags and any("Q" in tags[a:b] for a, b in content),
            outlet_only=verb_class.outlet_only,
            subordinate=previous == "k",
            aside=aside,
        )
    return None


def _verb_start(tags: str, where: Range) -> int:
    """The first token of a verb group without the time that stands before it ("on Tuesday announced")."""
    first, index = where
    while first < index and tags[first] in "pdT9":
        first += 1
    return first


def _surely_speaks(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase names somebody: "48 states" and "electronic signals" are a noun and what stands before it."""
    first, behind = source
    words = sentence.lowered[first:behind]
    if not _NAMED.isdisjoint(sentence.tags[first:behind]) or words[-1] in phrases.STANDALONE:
        return True
    return any(lexicon.kinds(word) for word in words)


def _doubts(sentence: Sentence, source: Range, index: int, lexicon: Lexicon) -> float:
    """The confidence kept where the subject is no known sort of speaker, or the verb may be a noun."""
    tags, factor = sentence.tags, 1.0
    if tags[source[1] - 1] in "nYZe" and not lexicon.kinds(sentence.words[source[1] - 1].lower()):
        factor *= 0.85
    return factor * 0.9 if tags[index] in "YZ" else factor


def _as_content(tags: str, source: Range, index: int, *, aside: bool) -> tuple[Range, bool] | None:
    """What is said where "as" stands before the subject: "As O reported, C" and "C, as O reported"."""
    if aside:
        return (0, source[0] - 2), False
    if source[0] and tags[source[0] - 1] == "a" and tags[index + 1 : index + 2] == ",":
        return (index + 2, len(tags)), False
    return None


def _as_aside(tags: str, source: Range, index: int) -> bool:
    """As in ", as O reported." and ", wie O berichtet." at the end of a sentence."""
    return source[0] > 3 and tags[source[0] - 2 : source[0]] == ",a" and tags[index + 1 :] in {"", "."}


def names_something(sentence: Sentence, index: int, verb: Verb) -> bool:
    """As in "a group called “X”": a name is given, nothing is said of anybody."""
    tags = sentence.tags
    if tags[index] != PAST or tags[index - 1] not in "ne" or tags[index + 1 : index + 2] not in {"Q", "q", "N"}:
        return False
    return any(verb_class.name == "call" for verb_class in verb.classes)


def _kind(verb_class: VerbClass, *, follows: bool, relative: bool) -> str:
    if relative:
        return "relative"
    if verb_class.attitude:
        return "attitude"
    if verb_class.target:
        return "criticism"
    if verb_class.stance == "deny":
        return "denial"
    if verb_class.name in {"believe", "assume"}:
        return "belief"
    return "verb-after" if follows else "verb-before"


def _subject_is(sentence: Sentence, source: Range, verb_class: VerbClass, lexicon: Lexicon) -> bool:
    words = [word.strip(".,)(").lower() for word in sentence.words[source[0] : source[1]]]
    return any(lexicon.kinds(word) & verb_class.subjects for word in words)


def _participle(sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    """As in ", claiming that …": the subject is that of the statement or clause before; "a statement saying that …"."""
    tags = sentence.tags
    first = index
    while first > 0 and tags[first - 1] in "rc":
        first -= 1
    before = tags[first - 1] if first else ""
    after = complement(sentence, index, verb, lexicon)
    source: Range | None = None
    factor = 0.9
    if before in {",", "Q", "-", ")"} or (before in "pbka" and before):
        source = elided_subject(sentence, first, frames)
        factor = 0.9 if before not in "pbka" else 0.75
    elif first == 0 and index == 0:
        comma = tags.find(",")
        source = phrases.right_phrase(sentence, comma + 1) if comma > 0 else None
        factor = 0.8
    elif before and before in "NneYZ":
        source = phrases.left_phrase(sentence, first)
        head = sentence.words[source[1] - 1].lower() if source else ""
        if not lexicon.kinds(head):
            return None
        factor = 0.85
    if source is None or sentence.words[source[0]].lower() in _FIRST_PERSON:
        return None
    for verb_class in verb.classes:
        if verb_class.quoting or verb_class.subjects:
            continue
        judged = judge(sentence, verb_class, after, None)
        if judged is None:
            continue
        prior, content, _ = judged
        comma = tags.find(",", index) if first == 0 else -1
        return Frame(
            kind="participle",
            rule=f"participle:{verb_class.name}:{after.type}",
            cue=(index, index + 1),
            source=source,
            content=[(content[0][0], comma)] if comma > content[0][0] else content,
            stance=verb_class.stance,
            prior=prior * factor,
            lemma=verb.lemma,
            verb_class=verb_class,
            addressee=after.addressee,
            elided=before not in "NneYZ" or first == 0,
            quoted=after.type == "quote",
        )
    return None
