"""Verbs of reporting: who is the subject, what follows, and whether it is an attribution at all.

A verb is read together with its group ("has repeatedly said"), its subject (left of it, inverted, relative, elided
behind "and", or that of the clause before a participle) and its complement. What may follow makes the difference:
"noted that" reports, "noted for" does not. Negated and hypothetical verbs yield nothing.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import GERUND, PARTICIPLE, PAST, THIRD, Lexicon, Verb, VerbClass
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.settings import AttributionSettings

_VERB: Final = re.compile(r"[VXYUZGE]")
_ADJUNCT: Final = re.compile(
    r"r|p(?=[,.]|$)|p?d?9?[rN]?T[T9]*(?=.)|p?N9+|p[dNnjegYZ9vq]{1,7}(?:[op][dNnjgq]{1,5}){0,2}(?=[tQ:HPprT]|,[Qt])|pN{1,3}(?=[dt])|pnn?(?=d?[Nn]{1,4}[vhzmM])"
)
_CLAUSE: Final = re.compile(r"(?:P|[dNnj9eqgYZopc\-rT]{1,16})[r!]{0,3}[vVhzmMXWE]")
_TIME: Final = re.compile(r"p?d?9?T[T9]*")
_AFTER_INVERTED: Final = frozenset(".,;pTkwAGcHr-)aQ:(")
_CATENATIVE: Final = frozenset("could might may should must can ought would will".split())
_FIRST_PERSON: Final = frozenset("i we you".split())


class Complement:
    """What follows a verb: its type, the token where the content starts, and who is told."""

    __slots__ = ("addressee", "start", "type")

    def __init__(self, kind: str, start: int, addressee: Range | None):
        self.type = kind
        self.start = start
        self.addressee = addressee


def verb_frames(sentence: Sentence, lexicon: Lexicon, settings: AttributionSettings) -> list[Frame]:
    """The statements that the verbs of one sentence make, in the order of their verbs."""
    frames: list[Frame] = []
    verbs = lexicon.verbs
    for match in _VERB.finditer(sentence.tags):
        index = match.start()
        if frames and any(first <= index < behind for first, behind in (frames[-1].cue, *frames[-1].shown)):
            continue
        verb = verbs.get(sentence.words[index]) or verbs.get(sentence.words[index].lower())
        if verb is None:
            continue
        frame = _read(sentence, index, verb, frames, lexicon)
        if frame is not None and frame.prior >= settings.minimum_confidence:
            frames.append(frame)
    return frames


def _read(sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    tags, words = sentence.tags, sentence.words
    first, group = phrases.left_group(sentence, index)
    if "!" in group or "M" in group:
        return None
    before = tags[first - 1] if first else ""
    if before == "!" or (first and words[first - 1].lower() in lexicon.negations):
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
        return _passive(sentence, (first, index), verb, lexicon)
    if tag == PARTICIPLE and "h" not in group:
        return None
    return _finite(sentence, (first, index), verb, frames, lexicon)


def _finite(sentence: Sentence, where: Range, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    tags = sentence.tags
    first, index = where
    after = complement(sentence, index, verb)
    if index + 1 < len(tags) and tags[index + 1] == "b":
        return _reported_by(sentence, where, verb)
    if 0 < index <= 3 and tags[index] in {PAST, THIRD} and lexicon.anaphora.issuperset(sentence.lowered[:index]):
        return _as_reported(sentence, index, verb, lexicon, anaphoric=True)
    source, elided, relative = _subject(sentence, first, frames, lexicon)
    if source is not None and not elided and not _agrees(sentence, source, (first, index), lexicon):
        source = None
    if source is None:
        if tags[index] in {PAST, THIRD, "Y"}:
            return _inverted(sentence, index, verb, lexicon)
        return None
    if sentence.words[source[0]].lower() in _FIRST_PERSON and source[1] - source[0] == 1:
        return None
    if not _may_speak(sentence, source, lexicon):
        return None
    if after.type == "object" and not elided and verb.lemma in {"say", "report", "write", "announce"}:
        turned = _turned(sentence, source, index, verb, lexicon)
        if turned is not None:
            return turned
    return _accepted(sentence, where, verb, (source, elided, relative), after, lexicon)


def _may_speak(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase can be a subject at all: a bare singular noun nobody knows is a verb or half a phrase."""
    first, behind = source
    tags = sentence.tags[first:behind]
    if tags[0] in "dPjN9" or "N" in tags or "j" in tags:
        return True
    head = sentence.words[behind - 1].lower()
    if lexicon.kinds(head) or any(lexicon.kinds(word.lower()) for word in sentence.words[first:behind]):
        return True
    return behind - first > 1 and head.endswith("s")


def _turned(sentence: Sentence, source: Range, index: int, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """ "17 died said the Observatory": the comma before an inverted verb is lost; what stands before is no speaker."""
    tags, words = sentence.tags, sentence.words
    named = phrases.right_phrase(sentence, index + 1)
    if named is None or index < 6 or tags[named[1] : named[1] + 1] not in {"", ".", "T", "p"}:
        return None
    head = words[source[1] - 1].lower()
    speaker = words[named[1] - 1].lower()
    if (
        "N" in tags[source[0] : source[1]]
        or tags[source[0]] == "P"
        or lexicon.kinds(head) & {"person", "organization", "outlet", "anonymous", "statement"}
    ):
        return None
    if "N" not in tags[named[0] : named[1]] and not lexicon.kinds(speaker) & {"person", "organization", "outlet"}:
        return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"turned:{verb_class.name}",
        cue=(index, index + 1),
        source=named,
        content=[(0, index)],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.8,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
    )


def _antecedent(sentence: Sentence, behind: int, lexicon: Lexicon) -> Range | None:
    near = phrases.near_phrase(sentence, behind)
    if near is not None:
        head = sentence.words[near[1] - 1]
        if sentence.tags[near[1] - 1] == "N" or lexicon.kinds(head.lower()):
            return near
    return phrases.left_phrase(sentence, behind)


def _subject(sentence: Sentence, first: int, frames: list[Frame], lexicon: Lexicon) -> tuple[Range | None, bool, bool]:
    """The subject of a verb group that starts at token `first`; whether it is elided, whether relative."""
    tags = sentence.tags
    if first == 0:
        return None, False, False
    before = tags[first - 1]
    if before in "wt":
        behind = first - 1
        if before == "w" and sentence.words[first - 1].lower() not in {"who", "which", "that"}:
            return None, False, False
        while behind > 0 and tags[behind - 1] in ",-":
            behind -= 1
        found = _antecedent(sentence, behind, lexicon) if behind else None
        return found, False, found is not None
    if before == "c" or (before == "k" and tags[first - 2 : first - 1] == ","):
        return _elided(sentence, first - 1, frames), True, False
    if before == "r" or before == "k":
        return None, False, False
    if before in ",-":
        behind, skipped = phrases.strip_brackets(sentence, first)
        if not skipped:
            earlier = tags[first - 2] if first > 1 else ""
            return (_elided(sentence, first - 2, frames), True, False) if earlier == "c" else (None, False, False)
        found = phrases.left_phrase(sentence, behind)
        return (_with_apposition(sentence, found) if found else None), False, False
    return phrases.left_phrase(sentence, first), False, False


def _with_apposition(sentence: Sentence, found: Range) -> Range:
    """ "Syria's official news agency, SANA, … reported": the phrase before a bare name belongs to it."""
    first, behind = found
    tags = sentence.tags
    if first < 2 or tags[first - 1] != "," or set(tags[first:behind]) != {"N"}:
        return found
    wider = phrases.left_phrase(sentence, first - 1)
    if wider is not None and (wider[0] == 0 or tags[wider[0] - 1] in ".kQ:;t,") and tags[wider[1] - 1] in "nN":
        return wider[0], behind
    return found


def _elided(sentence: Sentence, conjunction: int, frames: list[Frame]) -> Range | None:
    for frame in reversed(frames):
        if frame.cue[1] <= conjunction and frame.source is not None and not frame.subordinate:
            return frame.source
    subject = phrases.main_subject(sentence)
    return subject if subject is not None and subject[1] <= conjunction else None


def _agrees(sentence: Sentence, source: Range, group: Range, lexicon: Lexicon) -> bool:
    """Whether a base form ("say", "claim") stands behind something plural, as a finite verb must."""
    first, index = group
    if sentence.tags[index] not in "UZ" or first < index or sentence.tags[first - 1] == "w":
        return True
    if sentence.tags[source[0]] == "9":
        return True
    head = source[1] - 1
    for at in range(source[0] + 1, source[1]):
        if sentence.tags[at] in "op(":
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


def complement(sentence: Sentence, index: int, verb: Verb) -> Complement:
    """What follows the verb at token `index`."""
    tags = sentence.tags
    behind = index + 1
    length = len(tags)
    while behind < length and tags[behind] == "r":
        behind += 1
    addressee = None
    told = any(verb_class.addressee for verb_class in verb.classes)
    if told and behind < length and tags[behind] not in "tQ:,i":
        addressee = phrases.short_phrase(sentence, behind)
    elif behind + 1 < length and tags[behind] == "i" and tags[behind + 1] in "dNPnj" and verb.lemma != "confess":
        addressee = phrases.short_phrase(sentence, behind + 1)
    if addressee is not None:
        behind = addressee[1]
    for _ in range(4):
        match = _ADJUNCT.match(tags, behind)
        if match is None or match.end() == behind:
            break
        behind = match.end()
    if tags[behind : behind + 2] in {"pA", "AA"} or tags[behind : behind + 1] == "A":
        closing = tags.find(",", behind, behind + 30)
        behind = closing + 1 if closing > 0 and tags[closing + 1 : closing + 2] in {"t", "Q"} else behind
    if behind < length and tags[behind] == ",":
        behind = _over_aside(tags, behind)
    return Complement(_complement_type(tags, behind), behind, addressee)


def _over_aside(tags: str, comma: int) -> int:
    """Behind ", citing eyewitnesses," where "that" or a quotation follows; the comma itself otherwise."""
    if tags[comma + 1 : comma + 2] in {"Q", "t"}:
        return comma + 1
    closing = tags.find(",", comma + 1, comma + 30)
    if closing > 0 and tags[closing + 1 : closing + 2] in {"t", "Q"} and tags[comma + 1] in "AGprag":
        return closing + 1
    return comma


def _complement_type(tags: str, at: int) -> str:  # noqa: PLR0911, C901 - a table of one-letter cases
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
    tags = sentence.tags
    first, index = where
    before = _content_before(sentence, source, elided=elided or relative)
    if before is None and source[0] and tags[source[0] - 1] == "a" and tags[index + 1 : index + 2] == ",":
        before = (index + 2, len(tags)), False
    around = _parenthesis(sentence, source, index) if before is None and not elided else None
    if (
        _names_something(sentence, index, verb)
        or sentence.words[index + 1 : index + 2]
        and sentence.words[index + 1] in lexicon.reflexives
    ):
        return None
    for verb_class in verb.classes:
        if verb_class.quoting:
            frame = _quoting(sentence, where, verb, verb_class, source)
            if frame is not None:
                frame.elided = elided
                return frame
            continue
        if verb_class.subjects and not _subject_is(sentence, source, verb_class, lexicon):
            continue
        judged = _judge(sentence, verb_class, after, before)
        if around is not None and "after" in verb_class.complements:
            judged = verb_class.prior * 0.95, around, True
        if judged is None:
            continue
        prior, content, follows = judged
        if elided:
            prior *= 0.9
        if tags[source[1] - 1] in "nYZe" and not lexicon.kinds(sentence.words[source[1] - 1].lower()):
            prior *= 0.85
        if tags[index] in "YZ":
            prior *= 0.9
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
            quoted="Q" in "".join(tags[a:b] for a, b in content),
            outlet_only=verb_class.outlet_only,
            subordinate=previous == "k",
        )
    return None


def _parenthesis(sentence: Sentence, source: Range, index: int) -> list[Range] | None:
    """ "Most militants, the locals say, used to be …": the content stands on both sides."""
    tags = sentence.tags
    first = source[0]
    if first < 2 or tags[first - 1] not in ",-" or tags[index + 1 : index + 2] not in {",", "-"}:
        return None
    if not re.match(r"r?[vVhzmMXWUn]", tags[index + 2 : index + 4]):
        return None
    return [(0, first - 1), (index + 2, len(tags) - 1 if tags[-1] == "." else len(tags))]


def _names_something(sentence: Sentence, index: int, verb: Verb) -> bool:
    """ "a group called “X”": a name is given, nothing is said of anybody."""
    if not any(verb_class.name == "call" for verb_class in verb.classes) or sentence.tags[index] != PAST:
        return False
    return sentence.tags[index - 1] in "ne" and sentence.tags[index + 1 : index + 2] in {"Q", "q", "N"}


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


def _content_before(sentence: Sentence, source: Range, *, elided: bool) -> tuple[Range, bool] | None:
    """The content that stands before source and verb, and whether it is a quotation; None where there is none."""
    tags = sentence.tags
    first = source[0]
    if elided or first < 1:
        return None
    behind = first
    while behind > 0 and tags[behind - 1] in ",-.r":
        behind -= 1
    if behind == 0 or behind == first and tags[first - 1] != "Q":
        return None
    if tags[behind - 1] == "Q":
        return (behind - 1 if behind > 1 and tags[behind - 2] in ".:" else _quote_start(tags, behind), behind), True
    if not _says_something(tags, behind):
        return None
    return (0, behind), False


def _says_something(tags: str, behind: int) -> bool:
    """Whether the words before a comma can be a statement: a verb among them, or enough of them to hold one."""
    return behind >= 2 and (phrases.has_finite(tags[:behind]) or (behind >= 6 and tags[0] not in "pG"))


def _quote_start(tags: str, behind: int) -> int:
    """Where a mixed quotation ("X is “Q”, he said") starts: the sentence's start, unless the quotation is whole."""
    start = behind - 1
    return start if start == 0 or not phrases.has_finite(tags[:start]) else 0


def _judge(
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
        if _CLAUSE.match(tags, after.start + 1):
            return verb_class.prior * 0.9, [(after.start + 1, end)], False
        return None
    if after.type == "object" and _is_modifier(tags, after.start):
        return None
    if after.type in {"object", "to", "about", "as", "to-noun"} and right:
        wanted = "to" if after.type == "to-noun" and verb_class.name == "confess" else after.type
        if wanted not in allowed:
            return None
        if wanted == "about" and sentence.words[after.start].lower() not in verb_class.about:
            return None
        return verb_class.object_prior if wanted == "object" else verb_class.prior * 0.9, right, False
    return None


def _is_modifier(tags: str, start: int) -> bool:
    """"The US backed militants fled": a finite verb behind the object shows that the cue was a participle."""
    match = phrases.OBJECT.match(tags, start)
    rest = tags[match.end() : match.end() + 3] if match else ""
    return rest[:1] != "" and (rest[0] in "hzmMVX" or (rest[0] == "v" and rest[1:2] in {"d", "N", "P", "9", "n", ".", ""}))


def _subject_is(sentence: Sentence, source: Range, verb_class: VerbClass, lexicon: Lexicon) -> bool:
    words = [word.strip(".,)(").lower() for word in sentence.words[source[0] : source[1]]]
    return any(lexicon.kinds(word) & verb_class.subjects for word in words)


def _inverted(sentence: Sentence, index: int, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """ "…," said S; …, reported O; "Об этом сообщает O"; "As O reported, …"."""
    tags = sentence.tags
    if index and tags[index - 1] == "a":
        return _as_reported(sentence, index, verb, lexicon, anaphoric=False)
    behind = index
    while behind > 0 and tags[behind - 1] in ",-.":
        behind -= 1
    if behind == 0 or not any("after" in verb_class.complements for verb_class in verb.classes):
        return None
    quoted = tags[behind - 1] == "Q"
    source = _speaker_right(sentence, _over_time(tags, index + 1), lexicon)
    if source is None or not (quoted or behind < index):
        return None
    following = tags[source[1] : source[1] + 1]
    told = phrases.right_phrase(sentence, source[1]) if following == "d" else None
    if following and following not in _AFTER_INVERTED and told is None:
        return None
    if not quoted and not _may_be_inverted(sentence, behind, source, verb, lexicon):
        return None
    verb_class = next(entry for entry in verb.classes if "after" in entry.complements)
    start = _quote_start(tags, behind) if quoted else 0
    return Frame(
        kind="inverted",
        rule=f"inverted:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=[(start, behind)],
        stance=verb_class.stance,
        prior=verb_class.prior * (1.0 if quoted else 0.92),
        lemma=verb.lemma,
        verb_class=verb_class,
        addressee=told,
        after=True,
        quoted=quoted,
    )


def _speaker_right(sentence: Sentence, at: int, lexicon: Lexicon) -> Range | None:
    """The noun phrase at token `at`, without "in an interview with O" and the like behind it."""
    found = phrases.right_phrase(sentence, at)
    if found is None:
        return None
    nouns = lexicon.interview.get("nouns", frozenset())
    for index in range(found[0] + 1, found[1]):
        if sentence.tags[index] == "p" and not nouns.isdisjoint(sentence.words[index + 1 : index + 4]):
            return found[0], index
    return found


def _may_be_inverted(sentence: Sentence, behind: int, source: Range, verb: Verb, lexicon: Lexicon) -> bool:
    """Whether "…, reported X" reads as an inverted verb: X is named or a kind of speaker, and the words before the
    comma can be a statement."""
    tags = sentence.tags[source[0] : source[1]]
    named = bool(set("Nq") & set(tags))
    if tags[0] == "P" or behind < 2:
        return False
    if not (named or verb.lemma == "say" or any(lexicon.kinds(word) for word in sentence.lowered[source[0] : source[1]])):
        return False
    return _says_something(sentence.tags, behind) or (named and behind >= 3 and sentence.tags[0] not in "pG")


def _over_time(tags: str, at: int) -> int:
    """Behind "on Thursday", "am Montag" between an inverted verb and its subject."""
    match = _TIME.match(tags, at)
    return match.end() if match and match.end() < len(tags) else at


def _as_reported(sentence: Sentence, index: int, verb: Verb, lexicon: Lexicon, *, anaphoric: bool) -> Frame | None:
    """ "Как сообщает O, C", "Wie O berichtet, C" inverted, and a sentence that only says who reported the last one."""
    tags = sentence.tags
    source = _speaker_right(sentence, _over_time(tags, index + 1), lexicon)
    if source is None:
        return None
    end = len(tags) - 1 if tags[-1] == "." else len(tags)
    content = (0, index)
    if not anaphoric:
        comma = tags.find(",", source[1], source[1] + 20)
        content = (comma + 1, end) if 0 < comma < end - 1 else (0, index - 1)
        if content[1] <= content[0]:
            return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"as-reported:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=[content],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.95,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
    )


def _participle(sentence: Sentence, index: int, verb: Verb, frames: list[Frame], lexicon: Lexicon) -> Frame | None:
    """ ", claiming that …": the subject is that of the statement or clause before; "a statement saying that …"."""
    tags = sentence.tags
    first = index
    while first > 0 and tags[first - 1] in "rc":
        first -= 1
    before = tags[first - 1] if first else ""
    after = complement(sentence, index, verb)
    source: Range | None = None
    factor = 0.9
    if before in {",", "Q", "-", ")"} or (before in "pbka" and before):
        source = _elided(sentence, first, frames)
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
        judged = _judge(sentence, verb_class, after, None)
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


def _passive(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """ "S was quoted (by O) as saying …", "was accused by S of …", "was first reported by O"."""
    tags, words = sentence.tags, sentence.words
    first, index = where
    agent: Range | None = None
    behind = index + 1
    if tags[behind : behind + 1] and tags[behind] in "bp":
        agent = phrases.short_phrase(sentence, behind + 1)
        if agent is not None:
            behind = agent[1]
    if any(verb_class.quoting for verb_class in verb.classes):
        if tags[behind : behind + 2] != "aG":
            return None
        source, _, _ = _subject(sentence, first, [], lexicon)
        after = complement(sentence, behind + 1, lexicon.verbs[words[behind + 1].lower()])
        if source is None or after.start >= len(tags):
            return None
        return Frame(
            kind="quoted-as-saying",
            rule="passive:quoted-as-saying",
            cue=(first, behind + 2),
            source=source,
            content=[(after.start, len(tags))],
            stance="assert",
            prior=0.92,
            lemma=verb.lemma,
            relayers=[agent] if agent else [],
            unnamed=agent is None,
            quoted=after.type == "quote",
        )
    if agent is None or tags[index + 1] != "b":
        return None
    verb_class = verb.classes[0]
    if verb_class.target and "o" in tags[agent[0] : agent[1]]:
        agent = agent[0], tags.index("o", agent[0])
        behind = agent[1]
    if verb_class.name in {"show", "believe", "attitude", "want", "assume"}:
        return None
    if not (set(tags[agent[0] : agent[1]]) & set("NP") or lexicon.kinds(words[agent[1] - 1].lower())):
        return None
    subject, _, _ = _subject(sentence, first, [], lexicon)
    content = [subject] if subject else []
    if behind < len(tags) and tags[behind] not in ".;":
        content.append((behind, len(tags)))
    if not content:
        return None
    return Frame(
        kind="passive",
        rule=f"passive:{verb_class.name}",
        cue=(first, index + 2),
        source=agent,
        content=content,
        stance=verb_class.stance,
        prior=verb_class.object_prior * 0.9,
        lemma=verb.lemma,
        verb_class=verb_class,
    )


def _reported_by(sentence: Sentence, where: Range, verb: Verb) -> Frame | None:
    """ "as reported by O", "first reported by O", "quoted by O": the agent must prove to be an outlet."""
    tags = sentence.tags
    first, index = where
    agent = phrases.short_phrase(sentence, index + 2)
    if agent is None or verb.lemma not in {"report", "quote", "cite", "publish", "broadcast", "note", "reveal"}:
        return None
    start = first - 1 if first and tags[first - 1] == "a" else first
    content = (0, start) if start > 2 else (agent[1], len(tags))
    while content[1] > content[0] and tags[content[1] - 1] in ",.-":
        content = content[0], content[1] - 1
    if content[1] <= content[0]:
        return None
    return Frame(
        kind="reported-by",
        rule=f"reported-by:{verb.lemma}",
        cue=(start, index + 2),
        source=agent,
        content=[content],
        stance="assert",
        prior=0.85,
        lemma=verb.lemma,
        outlet_only=True,
    )


def _quoting(sentence: Sentence, where: Range, verb: Verb, verb_class: VerbClass, source: Range) -> Frame | None:
    """ "O quoted S as saying …": the object of the verb says it, the subject relays it."""
    tags = sentence.tags
    first, index = where
    quoted = phrases.right_phrase(sentence, index + 1)
    if quoted is None:
        return None
    at = quoted[1]
    if tags[at : at + 1] == "," and tags.find(",", at + 1, at + 30) > 0:
        closing = tags.find(",", at + 1, at + 30)
        at = closing + 1 if tags[closing + 1 : closing + 2] == "a" else at
    if tags[at : at + 2] != "aG":
        return None
    start = at + 2
    if tags[start : start + 1] and tags[start] in ",:t":
        start += 1
    if start >= len(tags):
        return None
    return Frame(
        kind="quoted-as-saying",
        rule="quoted-as-saying",
        cue=(first if first < index else index, index + 1),
        source=quoted,
        content=[(start, len(tags))],
        stance="assert",
        prior=verb_class.prior,
        lemma=verb.lemma,
        verb_class=verb_class,
        relayers=[source],
        shown=[(at, at + 2)],
        quoted=tags[start] == "Q",
    )
