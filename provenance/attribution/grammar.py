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
from provenance.attribution.inversions import (
    conveyed,
    in_adverbial,
    inverted_again,
    pointing_back,
    said_there,
    turned_round,
    whole_verb,
)
from provenance.attribution.lexicon import GERUND, PARTICIPLE, PAST, THIRD, Lexicon, Verb, VerbClass
from provenance.attribution.nesting import ACCUSED
from provenance.attribution.no_speech import by_force, names_something
from provenance.attribution.orders import as_reported, inverted, passive, quoting, reported_by, turned
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import (
    accused_subject,
    agrees,
    clause_subject,
    elided_subject,
    find_subject,
    may_speak,
)
from provenance.attribution.tagging import Sentence
from provenance.attribution.verb_last import about_within, as_clause, framed, framed_subject, reported_before
from provenance.settings import AttributionSettings

_VERB: Final = re.compile(r"[VXYUZGE]")
_CATENATIVE: Final = frozenset(["could", "might", "may", "should", "must", "can", "ought", "would", "will"])
_FARTHEST_AUXILIARY: Final = 10
_LONGEST_ASIDE: Final = 9
_REFLEXIVE: Final = frozenset(("s", "se", "m", "me"))
_NAMED: Final = frozenset("NPjq")
_FINITE: Final = frozenset((PAST, THIRD))
_ADDING: Final = frozenset(["add", "note", "point"])
"""Behind a comma they go on with what the sentence reports, not with what it reports of a report."""
_SAYING_SO: Final = frozenset(["say", "claim", "argue", "warn", "insist", "state", "stress", "declare"])
_WHOLE_CLAUSES: Final = frozenset(["that", "clause", "quote", "object", "colon"])
_QUANTITIES: Final = frozenset(["number", "handful", "lot", "majority", "dozen", "series", "couple", "pair"])
_FLOATING: Final = frozenset(["both", "all"])
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


def _read(  # noqa: PLR0911 - one return a form of verb
    sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon
) -> Frame | None:
    tags, words = sentence.tags, sentence.words
    first, group = phrases.left_group(sentence, index)
    if "!" in group or "M" in group:
        return None
    before = tags[first - 1] if first else ""
    if before == "d" and first > 1 and tags[first - 2] in "hz" and sentence.lowered[first - 1] in _FLOATING:
        # "the army and the rebels have both denied"
        first, more = phrases.left_group(sentence, first - 1)
        group = more[:-1] + group
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
    if lexicon.inverts and tag in {PAST, PARTICIPLE}:
        apart = _in_parts(sentence, (first, index), group, verb, frames, lexicon)
        if apart is not None:
            return apart
    if tag == GERUND and "z" not in group:
        return _participle(sentence, index, verb, frames, lexicon)
    if tag in {PAST, PARTICIPLE} and "z" in group:
        return passive(sentence, (first, index), verb, lexicon)
    if tag == PARTICIPLE and "h" not in group and not (before == "P" and "-" in words[first - 1][1:]):
        return _bracketed(sentence, (first, index), verb, frames, lexicon) if lexicon.capital_nouns else None
    return _finite(sentence, (first, index), verb, frames, lexicon)


def _in_parts(
    sentence: Sentence, where: Range, group: str, verb: Verb, frames: list[Frame], lexicon: Lexicon
) -> Frame | None:
    """A verb whose auxiliary does not stand right before it, in languages whose subjects may follow their verbs."""
    first, index = where
    if sentence.tags[index] == PAST:
        # a present that is a participle, too: "hatte die Polizei erklärt"
        both = lexicon.capital_nouns and sentence.lowered[index].endswith("t")
        return _bracketed(sentence, where, verb, frames, lexicon) if both else None
    before = sentence.tags[first - 1] if first else ""
    parted = _parted(sentence, first, group, before)
    if parted is not None:
        return _finite(sentence, (parted, index), verb, frames, lexicon)
    if before == "x" and "h" not in group and sentence.lowered[first - 1].endswith("-on"):
        return said_there(sentence, (first, index + 1), verb)
    return None


def _parted(sentence: Sentence, first: int, group: str, before: str) -> int | None:
    """The auxiliary of a participle that is not right before it: "a, de son côté, affirmé", "s'est indigné"."""
    tags = sentence.tags
    if before == "x" and group[:1] == "z" and "h" not in group:
        return first if sentence.lowered[first - 1].rstrip("'’") in _REFLEXIVE else None
    if before != "," or "h" in group or "z" in group:
        return None
    opening = tags.rfind(",", max(0, first - _LONGEST_ASIDE), first - 1)
    if opening < 1 or tags[opening - 1] != "h" or not set("VEQ;:").isdisjoint(tags[opening:first]):
        return None
    return phrases.left_group(sentence, opening - 1)[0]


def _bracketed(sentence: Sentence, where: Range, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    """As in "Müller hat der dpa gesagt, dass": what stands between the parts of a German verb is told, or speaks."""
    tags = sentence.tags
    first, index = where
    auxiliary = tags.rfind("h", max(0, first - _FARTHEST_AUXILIARY), first)
    if auxiliary < 0 or set(",;:.Q!") & set(tags[auxiliary:index]):
        return None
    source, elided, relative = find_subject(sentence, auxiliary, frames, lexicon)
    if source is None or in_adverbial(sentence, source, index, lexicon):
        source, elided, relative = framed_subject(sentence, auxiliary, index), False, False
        if source is None or not may_speak(sentence, source, lexicon):
            return _finite(sentence, where, verb, frames, lexicon)
        return framed(sentence, (auxiliary, index), verb, source, complement(sentence, index, verb, lexicon))
    if not may_speak(sentence, source, lexicon):
        return None
    after = complement(sentence, index, verb, lexicon)
    if sentence.lowered[auxiliary + 1] in lexicon.datives:
        after.addressee = phrases.short_phrase(sentence, auxiliary + 1)
    if after.type == "none":
        about = about_within(sentence, (auxiliary, index), verb, source)
        if about is not None:
            return about
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


def _in_other_order(
    sentence: Sentence, where: Range, verb: Verb, parties: tuple[Range | None, Frame | None], lexicon: Lexicon
) -> Frame | None:
    """A verb that stands last in its clause, or whose subject follows it a second time.

    Args:
        sentence: the sentence.
        where: the verb with its group.
        verb: the verb.
        parties: the subject left of it, and the statement before where that subject is left out.
        lexicon: the words of the language.
    """
    source, before = parties
    if before is not None:
        again = inverted_again(sentence, where, verb, before)
        if again is not None:
            return again
    if not sentence.capital_nouns:
        return None
    last = as_clause(sentence, where, verb, lexicon)
    return last if last is not None or source is None else reported_before(sentence, where, verb, source)


def _finite(  # noqa: PLR0911 - one return an order of words
    sentence: Sentence, where: Range, verb: Verb, frames: list[Frame], lexicon: Lexicon
) -> Frame | None:
    tags = sentence.tags
    index = where[1]
    after = complement(sentence, index, verb, lexicon)
    if index + 1 < len(tags) and tags[index + 1] == "b" and not manner_end(sentence, index + 1, lexicon):
        # "reports by O" are a noun
        return reported_by(sentence, where, verb) if tags[index] not in "YZ" else None
    back = pointing_back(sentence, index, lexicon, _FINITE)
    if back is not None:
        return as_reported(sentence, back, verb, lexicon, anaphoric=True)
    source, elided, relative = _subject(sentence, where, frames, lexicon)
    if lexicon.inverts:
        ordered = _in_other_order(sentence, where, verb, (source, frames[-1] if elided and frames else None), lexicon)
        if ordered is not None:
            return ordered
    if source is None or not may_speak(sentence, source, lexicon):
        if lexicon.inverts:
            return turned_round(sentence, where, verb, lexicon)
        return inverted(sentence, where, verb, lexicon) if tags[index] in {PAST, THIRD, "Y"} else None
    if sentence.words[source[0]].lower() in _FIRST_PERSON and source[1] - source[0] == 1:
        return None
    if tags[index] in "YZ" and not elided and not _surely_speaks(sentence, source, lexicon):
        return None
    if tags[index] == "Y" and tags[index + 1 : index + 2] == "," and not _ends_on_speaker(sentence, source, lexicon):
        # "photographs of the masked suspects, the brothers fled"
        return None
    if after.type == "object" and not elided and verb.lemma in {"say", "report", "write", "announce"}:
        inverse = turned(sentence, source, index, verb, lexicon)
        if inverse is not None:
            return inverse
    frame = _accepted(sentence, where, verb, (source, elided, relative), after, lexicon)
    if frame is None and lexicon.inverts and tags[where[0] - 1] == "," and "A" in tags[: source[0]]:
        # what seemed an aside is what is said: "По данным S, C, передаёт O"
        return turned_round(sentence, where, verb, lexicon)
    return frame


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
    reflexive = sentence.words[index + 1 : index + 2] and sentence.words[index + 1] in lexicon.reflexives
    if reflexive or by_force(sentence, source, index) or names_something(sentence, index, verb):
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


def _ends_on_speaker(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    last = source[1] - 1
    return sentence.tags[last] in _NAMED or bool(lexicon.kinds(sentence.lowered[last]))


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


def _core(sentence: Sentence, phrase: Range) -> int:
    """The token behind a phrase's head: "a meeting with the chief" ends with "meeting"."""
    tags = sentence.tags
    return next((at for at in range(phrase[0] + 1, phrase[1]) if tags[at] in "op"), phrase[1])


def _names(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase names somebody, or says what sort of speaker it is."""
    first, behind = source
    return "N" in sentence.tags[first:behind] or any(map(lexicon.kinds, sentence.lowered[first:behind]))


def _participle(sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    """As in ", claiming that …": the subject is that of the statement or clause before; "a statement saying that …"."""
    tags = sentence.tags
    first = index
    while first > 0 and tags[first - 1] in "rc":
        first -= 1
    before = tags[first - 1] if first else ""
    after = complement(sentence, index, verb, lexicon)
    found = _participle_subject(sentence, (first, index), verb, after, frames, lexicon)
    if found is None:
        return None
    source, factor, accused = found
    for verb_class in verb.classes:
        if verb_class.quoting or verb_class.subjects or (accused and (verb_class.attitude or verb_class.target)):
            continue
        judged = judge(sentence, verb_class, after, None)
        if judged is None:
            continue
        prior, content, _ = judged
        comma = tags.find(",", index) if first == 0 else -1
        return Frame(
            kind="participle",
            rule=f"{ACCUSED if accused else 'participle'}:{verb_class.name}:{after.type}",
            cue=(index, index + 1),
            source=source,
            content=[(content[0][0], comma)] if comma > content[0][0] else content,
            stance="distanced" if accused else verb_class.stance,
            prior=prior * factor,
            lemma=verb.lemma,
            verb_class=verb_class,
            addressee=after.addressee,
            elided=before not in "NneYZ" or first == 0,
            quoted=after.type == "quote",
        )
    return None


def _participle_subject(
    sentence: Sentence, where: Range, verb: Verb, after: Complement, frames: list[Frame], lexicon: Lexicon
) -> tuple[Range, float, bool] | None:
    """The subject of a participle, the share of confidence kept, and whether the subject is accused of saying so."""
    tags = sentence.tags
    first, index = where
    before = tags[first - 1] if first else ""
    source: Range | None = None
    factor, accused = 0.9, False
    if before and before in "op":
        source = accused_subject(sentence, first - 1, frames)
        accused, factor = source is not None, 0.85
    if source is not None:
        pass
    elif before in {",", "Q", "-", ")"} or (before in "pbka" and before):
        within = clause_subject(sentence, first, frames, lexicon) if before == "b" else None
        adding = before == "," and verb.lemma in _ADDING
        source = within if within is not None else elided_subject(sentence, first, frames, outermost=adding)
        factor = 0.9 if before not in "pbka" else 0.75
    elif first == 0 and index == 0:
        comma = tags.find(",")
        source = phrases.right_phrase(sentence, comma + 1) if comma > 0 else None
        factor = 0.8
    elif before and before in "NneYZ":
        source = phrases.left_phrase(sentence, first)
        core = _core(sentence, source) if source else first
        head = sentence.words[core - 1].lower() if source else ""
        if source and tags[core : core + 1] == "o" and head in _QUANTITIES:
            head = sentence.lowered[source[1] - 1]
        if not lexicon.kinds(head):
            # "he told O that shells hit the town adding that …": a comma was lost
            silent = source is None or not any(map(lexicon.kinds, sentence.lowered[source[0] : core]))
            silent = silent or bool(source and core < source[1])
            said_so = verb.lemma in _SAYING_SO and after.type in _WHOLE_CLAUSES
            source = (
                elided_subject(sentence, first, frames)
                if silent and ((frames and after.type == "that") or said_so)
                else None
            )
            if source is None or not (verb.lemma in _ADDING or (said_so and _names(sentence, source, lexicon))):
                return None
        factor = 0.85
    if source is None or sentence.words[source[0]].lower() in _FIRST_PERSON:
        return None
    return source, factor, accused
