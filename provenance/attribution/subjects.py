"""The subject of a verb of reporting, and whether it can be one."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_LONGEST_NAME: Final = 4
_NEAREST: Final = 12
"""Statements looked back over; bounds the work on a sentence made of verbs."""
_SEVERAL: Final = frozenset(["few", "dozen", "hundred", "thousand", "million", "couple", "further", "handful"])
_SINGULAR: Final = frozenset(["a", "an", "this", "each", "every"])
"""Before a noun they show that a base form behind it is no verb of its own."""


def may_speak(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase can be a subject at all: a bare singular noun nobody knows is a verb or half a phrase."""
    first, behind = source
    tags = sentence.tags[first:behind]
    if tags[0] in "dPjN9" or "N" in tags or "j" in tags or tags[1:2] == "w":
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
        outermost = tags[first - 2 : first - 1] == ","
        return elided_subject(sentence, first - 1, frames, lexicon, outermost=outermost), True, False
    if before in {"r", "k"}:
        return None, False, False
    if before in ",-":
        if frames and _put_in(frames[-1], first):
            # "The rebels, the ministry said, had demanded"
            return phrases.left_phrase(sentence, frames[-1].first - 1), False, False
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
            found = phrases.with_owner(sentence, found)
            named = phrases.with_name(sentence, found, skipped[-1], lexicon)
            found = named if named is not None else _with_apposition(sentence, found)
        return found, False, False
    found = _named_with_role(sentence, first, lexicon) or phrases.left_phrase(sentence, first)
    if found is not None and found[0] and tags[found[0] - 1] in "iA" and "A" in tags[max(0, found[0] - 2) : found[0]]:
        # "According to media reports, …": the noun at the end of the relay's source is no verb
        return None, False, False
    if found is not None and found[0] > 1 and "c" in tags[found[0] : found[1]]:
        found = _listed(tags, found)
    if found is not None and lexicon.inverts:
        found = _with_place(sentence, found, lexicon)
    return (_whole(sentence, found, lexicon) if found else None), False, False


_NAME_AND_ROLE: Final = re.compile(r"(?P<name>N{2,4})d(?P<role>[Nnj]{1,4})[opdNnjqie]{0,30}")


def _named_with_role(sentence: Sentence, first: int, lexicon: Lexicon) -> Range | None:
    """The name in "Tom Reed a clerk in the port of Easton said", which opens a sentence without its commas."""
    if first <= _LONGEST_OPENING or sentence.tags[0] != "N":
        return None
    match = _NAME_AND_ROLE.match(sentence.tags, 0, first)
    if match is None or match.end() != first or not _role(sentence, match.start("role"), lexicon):
        return None
    return 0, match.end("name")


def _role(sentence: Sentence, start: int, lexicon: Lexicon) -> bool:
    """Whether one of the first words of a phrase is what somebody is: "the Governor of", "a civil defence worker"."""
    return any("person" in lexicon.kinds(word) for word in sentence.lowered[start : start + _LONGEST_OPENING - 1])


_ONE_OF_MANY: Final = re.compile(r",(?:N{1,4},){0,5}N{1,4}")


def _listed(tags: str, found: Range) -> Range:
    """As in "Seahaul, Norfreight and others said": the names before the last two, where the clause starts with them."""
    match = _ONE_OF_MANY.match(tags[: found[0]][::-1])
    if match is None:
        return found
    first = found[0] - match.end()
    return (first, found[1]) if first == 0 or tags[first - 1] in ".;:Qtk" else found


def _with_place(sentence: Sentence, found: Range, lexicon: Lexicon) -> Range:
    """As in "Ein Sprecher der Feuerwehr", "Ранее источник в МВД": the speaker whose owner or place a phrase is."""
    tags = sentence.tags
    at = found[0] - 1
    if at > 1 and tags[at] in "pb" and tags[at - 1] == "A":
        # "O со ссылкой на S сообщает", "Fuentes citadas por O señalan"
        while at > 0 and tags[at - 1] in "Apb":
            at -= 1
        return phrases.left_phrase(sentence, at) or found
    if sentence.capital_nouns:
        return phrases.with_owner(sentence, found)
    if found[0] and lexicon.offices and tags[found[0] - 1] == "p":
        # "В беседе с CNN генерал предупредил": a nominative ends the adverbial
        for at in range(found[0] + 1, found[1]):
            if "person" in lexicon.nouns.get(sentence.lowered[at], ()):
                return at, found[1]
    if found[0] and tags[found[0] - 1] == "i" and lexicon.head_first:
        # "le général à la retraite"
        wide = phrases.left_phrase(sentence, found[0] - 1)
        speaks = wide is not None and bool(
            lexicon.kinds(sentence.lowered[wide[0] + (tags[wide[0]] == "d")]) & _SPEAKERS
        )
        return (wide[0], found[1]) if wide is not None and speaks else found
    if found[0] < 2 or tags[found[0] - 1] != "p":
        return found
    wide = phrases.attached_left(sentence, found[1])
    if wide is None or wide[0] >= found[0] - 1:
        return found
    first = wide[0]
    head = first + (tags[first] == "d")
    opens = first == 0 or tags[first - 1] in "rT,;:.-kt" or sentence.lowered[first - 1] in lexicon.offices
    return wide if opens and lexicon.kinds(sentence.lowered[head]) & _SPEAKERS else found


_SPEAKERS: Final = frozenset(("person", "organization", "anonymous", "collective"))


def _put_in(frame: Frame, first: int) -> bool:
    """Whether a statement stands between two commas right before a token, with its content around it."""
    return frame.after and len(frame.content) > 1 and frame.behind == first - 1 and frame.content[0][0] == 0


_FIRST_VERB: Final = re.compile("[vVhzm]")
_NOBODY: Final = frozenset(["nobody"])
_LONGEST_RELATIVE: Final = 25


def _whole(sentence: Sentence, found: Range, lexicon: Lexicon) -> Range | None:
    """The subject whose end a phrase is: "nobody on the pier", "the men who guide ships into the harbour"."""
    tags = sentence.tags
    first, behind = found
    if first > 1 and tags[first] == "d" and tags[first - 1] == "N":
        # "“Q” Tom Reed the head of the guild said": a comma was lost
        start = len(tags[:first].rstrip("N"))
        role = "person" in lexicon.kinds(sentence.lowered[behind - 1]) and "N" not in tags[first:behind]
        role = role and 1 < first - start <= _LONGEST_NAME and (start == 0 or tags[start - 1] in "Q,.")
        found = (start, behind) if role else found
        first = found[0]
    if first > 1 and tags[first - 1] in "op" and tags[first - 2] == "P":
        return None if sentence.words[first - 2].lower() in _NOBODY else (first - 2, behind)
    if first and tags[first - 1] == "i" and tags[first] == "n":
        # "to topple Assad": a verb that the tags do not know, and its object
        return None
    if first > 2 and tags[first - 1] in "ip" and sentence.lowered[first - 2] in _FAMILIAR:
        # "a source close to the governor said": never the governor
        near = phrases.left_phrase(sentence, first - 2)
        speaks = near is not None and lexicon.kinds(sentence.lowered[near[1] - 1]) & {"person", "anonymous"}
        return (near[0], behind) if near is not None and speaks else None
    if first > 1 and tags[first - 1] == "g" and tags[first - 2] in "Nn":
        # "a group monitoring the war said"
        whole = phrases.left_phrase(sentence, first - 1)
        return (whole[0], behind) if whole is not None else found
    if first > 2 and tags[first - 1] == "p" and tags[first - 2] in "gv" and tags[first - 3] in "Nn":
        # "a source working with the centre told", at the start of a clause
        whole = phrases.left_phrase(sentence, first - 2)
        opens = whole is not None and (whole[0] == 0 or tags[whole[0] - 1] in ",.;:Qk-(t")
        speaks = lexicon.kinds(sentence.lowered[first - 3]) & {"person", "anonymous", "statement", "organization"}
        if whole is not None and opens and speaks:
            return whole[0], behind
    if first > 1 and (
        tags[behind - 1] == "N" or "w" in tags[:first] or not lexicon.kinds(sentence.lowered[behind - 1])
    ):
        opening = _opening_speaker(sentence, first, lexicon)
        if opening is not None:
            return opening, behind
    relative = _relative_before(sentence, found, lexicon)
    if relative is None:
        return found
    antecedent = phrases.left_phrase(sentence, relative)
    return found if antecedent is None else (antecedent[0], behind)


_ATTACHED: Final = re.compile(r"(?:[opdNnjgGrTYZe9qbHi]|v(?=[npbdi])|(?<=i)U){0,30}")
_LONGEST_OPENING: Final = 5


def _opening_speaker(sentence: Sentence, end: int, lexicon: Lexicon) -> int | None:
    """Where the speaker starts that a sentence opens with and whose phrase goes on to token `end`; None without one.

    As in "A witness in Easton near a crossing set up by the town told O", "A medic who spoke to O and saw it said".
    """
    tags = sentence.tags
    start = 1 if tags[0] in "rk" else 0
    for head in range(start, min(end, start + _LONGEST_OPENING)):
        if tags[head] not in "dNnj9Ye":
            return None
        if tags[head] not in "ne" or tags[head + 1] not in "opvw" or sentence.lowered[head + 1] == "familiar":
            familiar = tags[head] in "ne" and sentence.lowered[head + 1] in _FAMILIAR
            if not familiar:
                continue
        who = sentence.lowered[head + 1] == "who"
        if not who and not lexicon.kinds(sentence.lowered[head]) & {"person", "anonymous"}:
            return None
        if tags[head + 1] != "w":
            return start if _ATTACHED.fullmatch(tags, head + 1, end) else None
        between = tags[head + 2 : end]
        # "who oversaw": a verb that the tags do not know
        whole = _FIRST_VERB.search(between) or "V" in between or (who and between[:1] == "n")
        return start if whole and not set(",;:.()kt") & set(between) else None
    return None


_FAMILIAR: Final = frozenset(["familiar", "close", "loyal", "sympathetic", "privy"])


def _relative_before(sentence: Sentence, found: Range, lexicon: Lexicon) -> int | None:
    """The relative pronoun of the clause that a phrase ends: its own verb stands between, and no clause border."""
    tags = sentence.tags
    first = found[0]
    window = tags[max(0, first - _LONGEST_RELATIVE) : first]
    if "w" not in window and "t" not in window:
        return None
    for index in range(first - 1, max(0, first - _LONGEST_RELATIVE), -1):
        tag = tags[index]
        if tag in "VXYU" and _takes_object(sentence, index, lexicon):
            # "a source who described the reaction on Tuesday said"
            continue
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


def _takes_object(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a cue verb right behind a relative pronoun takes an object, never a clause with a subject of its own."""
    before = sentence.tags[max(0, index - 3) : index].rstrip("rhz")
    if before[-1:] != "w":
        return False
    verb = lexicon.verbs.get(sentence.lowered[index])
    return verb is None or not any("clause" in entry.complements for entry in verb.classes)


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


def _reporting(frame: Frame, frames: list[Frame]) -> Frame:
    """The outermost statement in whose content one stands: the one that goes on behind a comma."""
    for host in frames[-_NEAREST:]:
        if host.cue[1] > frame.first or host.after or host.kind not in {"verb-before", "quoted-as-saying"}:
            continue
        if any(first <= frame.first and frame.behind <= behind for first, behind in host.content):
            return host
    return frame


def _later_subject(sentence: Sentence, frame: Frame, behind: int) -> Range | None:
    """As in "S rejected the plan, and Cole was harsh, saying C": who the clause behind a stance is about."""
    tags = sentence.tags
    at = tags.rfind(",c", frame.cue[1], behind)
    if at < 0 or not frame.rule.endswith(":object"):
        return None
    found = phrases.right_phrase(sentence, at + 2)
    if found is None or found[1] >= behind or tags[found[1]] not in "rhzmvVX":
        return None
    return found if tags[found[0]] == "P" or "N" in tags[found[0] : found[1]] else None


def elided_subject(
    sentence: Sentence,
    conjunction: int,
    frames: list[Frame],
    lexicon: Lexicon | None = None,
    *,
    outermost: bool = False,
) -> Range | None:
    """The subject that "and said" or ", saying" leaves out: that of the statement before, or of the main clause.

    Args:
        sentence: the sentence.
        conjunction: the token before the verb.
        frames: the statements before.
        lexicon: the language's words.
        outermost: of statements one within the other the one around all: "S said X claims C, adding that".
    """
    for frame in reversed(frames):
        if frame.cue[1] <= conjunction and frame.source is not None and not frame.subordinate:
            later = _later_subject(sentence, frame, conjunction)
            if later is not None:
                return later
            return _reporting(frame, frames).source if outermost else frame.source
    subject = phrases.main_subject(sentence)
    if (
        lexicon is not None
        and lexicon.inverts
        and (subject is None or subject[1] > conjunction or _in_lead(sentence, subject))
    ):
        subject = _subject_around(sentence, conjunction, lexicon)
    return subject if subject is not None and subject[1] <= conjunction else None


def accused_subject(sentence: Sentence, preposition: int, frames: list[Frame]) -> Range | None:
    """Who is accused: "S accused X of saying C", "S criticised X for claiming C"; None where nobody is."""
    if not frames or frames[-1].kind != "criticism" or frames[-1].after:
        return None
    found = phrases.left_phrase(sentence, preposition)
    if found is None or not any(first <= found[0] and found[1] <= behind for first, behind in frames[-1].content):
        return None
    if "o" in sentence.tags[found[0] : found[1]]:
        return None
    return found if found[0] >= frames[-1].cue[1] else None


def clause_subject(sentence: Sentence, at: int, frames: list[Frame], lexicon: Lexicon) -> Range | None:
    """The subject of the clause within what is said before a token: "S said the report erred by claiming C"."""
    if not frames or frames[-1].after or not frames[-1].rule.endswith((":that", ":clause")):
        return None
    start = frames[-1].content[0][0]
    if start >= at or start < frames[-1].cue[1] or "," in sentence.tags[start:at]:
        return None
    while start < at and sentence.tags[start] in "tkr":
        start += 1
    found = phrases.right_phrase(sentence, start)
    if found is None or found[1] >= at or not phrases.has_finite(sentence.tags[found[1] : at]):
        return None
    return found if may_speak(sentence, found, lexicon) else None


def agrees(sentence: Sentence, source: Range, group: Range, lexicon: Lexicon) -> bool:
    """Whether a base form ("say", "claim") stands behind something plural, as a finite verb must."""
    first, index = group
    if sentence.tags[index] not in "UZ" or first < index or sentence.tags[first - 1] == "w":
        return True
    if sentence.tags[source[0]] == "9":
        return True
    if (
        sentence.lowered[source[0]] in _SINGULAR
        and "o" not in sentence.tags[source[0] : source[1]]
        and sentence.lowered[min(source[0] + 1, index)] not in _SEVERAL
    ):
        return False
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
