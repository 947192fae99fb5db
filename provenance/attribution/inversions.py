"""Clauses whose subject does not stand before its verb: behind it, left out, or pointed back to.

Spanish, French, German and Russian allow these orders in every clause; English only where the content stands first
(see `orders`).
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.complements import complement, judge, quote_start
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Verb
from provenance.attribution.orders import inverted, speaker_right, told_in_office
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import may_speak
from provenance.attribution.tagging import Sentence
from provenance.attribution.told import subject_behind
from provenance.attribution.verb_last import opens_with_adverbial

_LEAD_IN: Final = re.compile(r"[rkcT,\-]{0,4}(?:[pkid][dNnjeqgYZ9oTpi]{1,10},)?[rkcT,\-]{0,4}")
_WORDS_NEAR: Final = 6
_WORDS_SAID: Final = 3
_LONGEST_ANAPHOR: Final = 6
_FARTHEST_PARTICLE: Final = 40


def turned_round(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """A verb whose subject stands behind it, or is left out, in languages that allow that everywhere."""
    if sentence.tags[where[1] + 1 : where[1] + 3] in {"xi", "xp"}:
        return said_there(sentence, (where[0], where[1] + 2), verb)
    frame = inverted(sentence, where, verb, lexicon) or verb_first(sentence, where, verb, lexicon)
    if frame is None and lexicon.drops_subject:
        frame = dropped(sentence, where, verb, lexicon)
    return frame


def in_adverbial(sentence: Sentence, source: Range, index: int, lexicon: Lexicon) -> bool:
    """Whether a phrase left of the verb hangs on a preposition ("In Berlin sagte Müller") and does not speak itself."""
    tags = sentence.tags
    if tags[source[0]] == "P":
        return False
    if opens_with_adverbial(sentence, index):
        return True
    if source[0] == 0 or tags[source[0] - 1] not in "pi":
        return False
    said_there = sentence.lowered[source[0] - 1] in lexicon.offices
    return not (said_there and sentence.lowered[index].endswith(lexicon.plural_verbs))


def pointing_back(sentence: Sentence, index: int, lexicon: Lexicon, verbal: frozenset[str]) -> Range | None:
    """Where a sentence starts with words for the one before ("Das berichtet O", "Об этом ТАСС сообщил S").

    Args:
        sentence: the sentence.
        index: its verb.
        lexicon: has the words that point back.
        verbal: tags of verbs that can be finite.

    Returns:
        The tokens of those told, often none (both bounds are `index`); None where the sentence does not point back.
    """
    if not lexicon.anaphora or not 0 < index <= _LONGEST_ANAPHOR:
        return None
    if sentence.tags[index] not in verbal and not (lexicon.inverts and "h" in sentence.tags[:index]):
        return None
    if lexicon.anaphora.issuperset(sentence.lowered[:index]):
        return index, index
    at = 0
    while lexicon.offices and at < index and sentence.lowered[at] in lexicon.anaphora:
        at += 1
    if at == 0:
        return None
    while at < index and (sentence.tags[at] in "rT" or sentence.tags[at : at + 2] == "pT"):
        at += 1
    told = sentence.tags[at:index]
    return (at, index) if set(told) <= set("Nq") or sentence.lowered[at] in lexicon.reporters else None


def whole_verb(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a verb that reports only with its particle ("teilte … mit") has it behind it."""
    wanted = lexicon.particles.get(sentence.lowered[index])
    if wanted is None or (index and sentence.lowered[index - 1] in wanted):
        return True
    return not wanted.isdisjoint(sentence.lowered[index + 1 : index + _FARTHEST_PARTICLE])


def verb_first(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "Dijo Pérez que C", "Am Montag sagte Müller, C": the subject stands between the verb and what is said."""
    tags = sentence.tags
    first, index = where
    if tags[max(0, first - 1) : first] in {"a", "x", "i", "!"}:
        return None
    at, before = subject_behind(sentence, index, lexicon)
    source = speaker_right(sentence, at, lexicon)
    if source is None or tags[source[0]] == "P" or not may_speak(sentence, source, lexicon):
        return None
    named = set("Nq") & set(tags[source[0] : source[1]])
    if not named and not any(lexicon.kinds(word) for word in sentence.lowered[source[0] : source[1]]):
        return None
    source, in_office = told_in_office(sentence, source, index, lexicon)
    after = complement(sentence, source[1] - 1, verb, lexicon)
    for verb_class in verb.classes:
        judged = judge(sentence, verb_class, after, None)
        if judged is None or after.type == "object":
            continue
        prior, content, _ = judged
        return Frame(
            kind="verb-before",
            rule=f"verb-first:{verb_class.name}:{after.type}",
            cue=(index, index + 1) if first >= index else (first, index + 1),
            source=source,
            content=content,
            stance=verb_class.stance,
            prior=prior * 0.97,
            lemma=verb.lemma,
            verb_class=verb_class,
            addressee=in_office or before or after.addressee,
            quoted="Q" in "".join(tags[a:b] for a, b in content),
        )
    return None


def inverted_again(sentence: Sentence, where: Range, verb: Verb, before: Frame) -> Frame | None:
    """As in "C, ha adelantado O y ha confirmado S": a second verb with its subject behind it says the same."""
    tags = sentence.tags
    first, index = where
    if before.kind != "inverted" or before.quoted or tags[before.behind : first].strip(",r") != "c":
        return None
    source = phrases.right_phrase(sentence, index + 1)
    if source is None or tags[source[1] :] not in {"", "."} or "after" not in verb.classes[0].complements:
        return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"inverted-again:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=list(before.content),
        stance=verb_class.stance,
        prior=verb_class.prior * 0.9,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
    )


def said_there(sentence: Sentence, cue: Range, verb: Verb) -> Frame | None:
    """As in "C, assure-t-on à l'Élysée", "C, a-t-on indiqué au ministère": nobody is named but the house.

    Args:
        sentence: the sentence.
        cue: the verb with the pronoun "on".
        verb: the verb.
    """
    tags, lowered = sentence.tags, sentence.lowered
    first, at = cue
    if not any(word.endswith("-on") for word in lowered[max(0, first - 1) : at]):
        return None
    while tags[at : at + 1] and tags[at] in "rT":
        at += 1
    behind = len(tags[: first - (tags[first - 1 : first] == "x")].rstrip(",-"))
    source = phrases.short_phrase(sentence, at + 1) if tags[at : at + 1] and tags[at] in "ip" else None
    if source is None or behind < _WORDS_SAID or "after" not in verb.classes[0].complements:
        return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"said-there:{verb_class.name}",
        cue=cue,
        source=source,
        content=[(0, behind)],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.9,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
    )


def dropped(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "Además, añadió que C" and “Q”, añadió: a verb without a subject goes on with who spoke before."""
    tags = sentence.tags
    first, index = where
    lead = tags[:first]
    quoted = lead.rstrip(",.-r")
    opening = lead[lead.rfind("Q") + 1 :]
    if _LEAD_IN.fullmatch(opening) is None:
        return None
    after = complement(sentence, index, verb, lexicon)
    before = ((quote_start(tags, len(quoted)), len(quoted)), True) if quoted.endswith("Q") else None
    if before is not None and after.type not in {"none", "about"}:
        return None
    for verb_class in verb.classes:
        judged = judge(sentence, verb_class, after, before) if after.type != "object" else None
        if judged is None or "that" not in verb_class.complements:
            continue
        prior, content, follows = judged
        return Frame(
            kind="verb-after" if follows else "verb-before",
            rule=f"dropped-subject:{verb_class.name}",
            cue=(index, index + 1) if first >= index else (first, index + 1),
            source=(index, index + 1),
            content=content,
            stance=verb_class.stance,
            prior=prior * 0.9,
            lemma=verb.lemma,
            verb_class=verb_class,
            addressee=after.addressee,
            after=follows,
            quoted="Q" in "".join(tags[a:b] for a, b in content),
            dropped=True,
        )
    return None


def conveyed(sentence: Sentence, lexicon: Lexicon) -> list[Frame]:
    """As in "“Q”, приводит ТАСС слова министра", "слова министра приводит ТАСС": O passes on what S says."""
    tags, lowered = sentence.tags, sentence.lowered
    frames: list[Frame] = []
    for index, word in enumerate(lowered):
        if word not in lexicon.conveys or len(frames) > 1:
            continue
        near = range(max(0, index - _WORDS_NEAR), min(len(lowered), index + _WORDS_NEAR))
        at = next((place for place in near if lowered[place] in lexicon.conveyed), -1)
        if at < 0:
            continue
        start = min(at, index)
        while start > 0 and (tags[start - 1] == "d" or lowered[start - 1] in lexicon.owners):
            start -= 1
        behind = len(tags[:start].rstrip(",-"))
        if at < index:
            relayer = phrases.right_phrase(sentence, index + 1)
            owned = at and lowered[at - 1] in lexicon.owners
            source: Range | None = (at - 1, at) if owned else (at + 1, index)
        else:
            relayer = (index + 1, at)
            source = phrases.right_phrase(sentence, at + 1)
            if relayer[0] == relayer[1] and source is not None:
                # "приводит слова министра ТАСС"
                edge = source[1]
                while edge > source[0] and tags[edge - 1] in "Nq":
                    edge -= 1
                relayer, source = (edge, source[1]), (source[0], edge)
        if relayer is None or source is None or source[0] >= source[1] or relayer[0] >= relayer[1] or not behind:
            continue
        frames.append(
            Frame(
                kind="citing",
                rule="conveyed-words",
                cue=(index, index + 1),
                source=source,
                content=[(quote_start(tags, behind) if tags[behind - 1] == "Q" else 0, behind)],
                stance="assert",
                prior=0.88,
                lemma=word,
                addressee=relayer,
                after=True,
                quoted=tags[behind - 1] == "Q",
            )
        )
    return frames
