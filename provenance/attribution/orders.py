"""Verbs of reporting in other orders: inverted, passive, "as reported by O", "O quoted S as saying"."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.complements import complement, quote_start, says_something
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Verb, VerbClass
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import find_subject
from provenance.attribution.tagging import Sentence

_TIME: Final = re.compile(r"p?d?9?T[T9]*")


_STATEMENT_WORDS: Final = 4
"""Words before a comma that make a statement where a language's verbs are not known by their shape."""
_AFTER_INVERTED: Final = frozenset(".,;pTkwAGcHr-)aQ:(")


def turned(sentence: Sentence, source: Range, index: int, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "17 died said the Observatory": the comma before an inverted verb is lost, and its subject follows."""
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


def inverted(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "…," said S; …, reported O; "Об этом сообщает O"; "As O reported, …"."""
    tags = sentence.tags
    first, index = where if lexicon.inverts else (where[1], where[1])
    while lexicon.inverts and first > 0 and tags[first - 1] == "r":
        first -= 1
    if lexicon.inverts and tags[max(0, first - 3) : first] == "Q,x":
        # "« Q », s'inquiète S"
        first -= 1
    if first and tags[first - 1] == "a":
        return as_reported(sentence, (first, index), verb, lexicon, anaphoric=False)
    behind = first
    while behind > 0 and tags[behind - 1] in ",-.":
        behind -= 1
    if behind == 0 or not any("after" in verb_class.complements for verb_class in verb.classes):
        return None
    quoted = tags[behind - 1] == "Q"
    source = speaker_right(sentence, over_time(tags, index + 1), lexicon)
    if source is None or not (quoted or behind < first):
        return None
    source, in_office = told_in_office(sentence, source, index, lexicon)
    following = tags[source[1] : source[1] + 1]
    apposed = "," in tags[source[0] : source[1]] and following == "," and tags[source[1] + 1 : source[1] + 2] == "d"
    told = (
        phrases.right_phrase(sentence, source[1] + apposed)
        if (following == "d" and not lexicon.head_first) or apposed
        else None
    )
    if following == "i":
        told = phrases.short_phrase(sentence, source[1] + 1)
    told = in_office or told
    if following and following not in _AFTER_INVERTED and told is None:
        return None
    if not quoted and not _may_be_inverted(sentence, behind, source, verb, lexicon):
        return None
    verb_class = next(entry for entry in verb.classes if "after" in entry.complements)
    start = quote_start(tags, behind) if quoted else 0
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


def speaker_right(sentence: Sentence, at: int, lexicon: Lexicon) -> Range | None:
    """The noun phrase at token `at`, without "in an interview with O" behind it, with a name in apposition."""
    while lexicon.inverts and at < len(sentence.words) and sentence.lowered[at] in lexicon.reporters:
        at += 1
    if sentence.tags[at : at + 1] == "p" and sentence.lowered[at] in lexicon.offices:
        at += 1
    found = phrases.right_phrase(sentence, at)
    if found is None:
        return None
    found = phrases.with_number(sentence, found)
    if lexicon.inverts:
        found = _without_circumstance(sentence, found, lexicon)
    if sentence.words[found[1] : found[1] + 1] == ["des"]:
        found = phrases.with_genitive(sentence, found)
    if sentence.tags[found[1] : found[1] + 1] == ",":
        aside = phrases.name_right(sentence, found[1] + 1)
        named = phrases.with_name(sentence, found, aside, lexicon) if aside is not None else None
        if named is not None and sentence.tags[named[1] : named[1] + 1] in {"", ".", ",", ":"}:
            return named
    nouns = lexicon.interview.get("nouns", frozenset())
    for index in range(found[0] + 1, found[1]):
        if sentence.tags[index] == "p" and not nouns.isdisjoint(sentence.words[index + 1 : index + 4]):
            return found[0], index
    return found


def told_in_office(sentence: Sentence, source: Range, index: int, lexicon: Lexicon) -> tuple[Range, Range | None]:
    """Who speaks and who is told in "сообщили «Интерфаксу» в компании", where the speaker has a preposition."""
    at = source[1]
    if sentence.tags[at : at + 1] != "p" or sentence.lowered[at] not in lexicon.offices:
        return source, None
    if set(sentence.tags[source[0] : at]) - set("Nq") or not sentence.lowered[index].endswith(lexicon.plural_verbs):
        return source, None
    office = phrases.short_phrase(sentence, at + 1)
    return (office, source) if office is not None else (source, None)


def _without_circumstance(sentence: Sentence, found: Range, lexicon: Lexicon) -> Range:
    """A phrase without "in a press conference" behind it; "Ministry for Trade" (capitals around) is one name."""
    tags = sentence.tags
    for index in range(found[0] + 1, found[1]):
        if tags[index] == "p":
            if sentence.lowered[index] in lexicon.interview.get("verbs", frozenset()):
                return found[0], index
            if sentence.lowered[index] in lexicon.offices and "anonymous" in lexicon.kinds(sentence.lowered[found[0]]):
                # "источник в полиции"
                continue
            behind = index + 2 if tags[index + 1 : index + 2] == "d" else index + 1
            if not (tags[index - 1] == "N" and tags[behind : behind + 1] == "N"):
                return found[0], index
    return found


def _may_be_inverted(sentence: Sentence, behind: int, source: Range, verb: Verb, lexicon: Lexicon) -> bool:
    """Whether "…, reported X" is inverted: X is a name or a kind of speaker, the words before a statement."""
    tags = sentence.tags[source[0] : source[1]]
    named = bool(set("Nq") & set(tags))
    if (tags[0] == "P" and not lexicon.inverts) or behind < 2:
        return False
    if tags[0] == "P":
        return sentence.words[source[0]].startswith("-")
    if not (
        named
        or verb.lemma == "say"
        or any(lexicon.kinds(word.lower()) for word in sentence.words[source[0] : source[1]])
    ):
        return False
    if not lexicon.verb_shapes and behind >= _STATEMENT_WORDS:
        return True
    if lexicon.inverts and named and sentence.tags[0] not in "pGr":
        return True
    return says_something(sentence.tags, behind) or (named and behind >= 3 and sentence.tags[0] not in "pG")


def over_time(tags: str, at: int) -> int:
    """Behind "on Thursday", "am Montag" between an inverted verb and its subject."""
    match = _TIME.match(tags, at)
    return match.end() if match and match.end() < len(tags) else at


def as_reported(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon, *, anaphoric: bool) -> Frame | None:
    """As in "Как сообщает O, C", and a sentence that only says who reported the one before.

    Where it points back, tokens between the start of `where` and the verb are those told: "Об этом ТАСС сообщил S".
    """
    tags = sentence.tags
    first, index = where
    source = speaker_right(sentence, over_time(tags, index + 1), lexicon)
    if source is None:
        return None
    source, in_office = told_in_office(sentence, source, index, lexicon)
    end = len(tags) - 1 if tags[-1] == "." else len(tags)
    content = (0, first)
    if not anaphoric:
        comma = tags.find(",", source[1], source[1] + 20)
        content = (comma + 1, end) if 0 < comma < end - 1 else (0, first - 1)
        while content[1] > 0 and tags[content[1] - 1] in ",-":
            content = content[0], content[1] - 1
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
        addressee=in_office or (where if anaphoric and _are_told(sentence, where, lexicon) else None),
        after=True,
        anaphoric=anaphoric,
        aside=not anaphoric and content[0] == 0,
    )


def _are_told(sentence: Sentence, between: Range, lexicon: Lexicon) -> bool:
    """Whether tokens before a verb are an outlet that may have been told, not the press at large."""
    return between[0] < between[1] and sentence.lowered[between[0]] not in lexicon.reporters


def passive(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "S was quoted (by O) as saying …", "was accused by S of …", "was first reported by O"."""
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
        source, _, _ = find_subject(sentence, first, [], lexicon)
        after = complement(sentence, behind + 1, lexicon.verbs[words[behind + 1].lower()], lexicon)
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
    subject, _, _ = find_subject(sentence, first, [], lexicon)
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


def reported_by(sentence: Sentence, where: Range, verb: Verb) -> Frame | None:
    """As in "as reported by O", "first reported by O", "quoted by O": the agent must prove to be an outlet."""
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


def _quoted_as_saying(
    verb: Verb, verb_class: VerbClass, cue: Range, parties: tuple[Range, Range], manner: Range, tags: str
) -> Frame | None:
    """As in "O zitierte S mit den Worten: …": the words between S and the content show the statement."""
    relayer, quoted = parties
    at, start = manner
    if start >= len(tags):
        return None
    return Frame(
        kind="quoted-as-saying",
        rule="quoted-as-saying",
        cue=(cue[0], cue[1] + 1),
        source=quoted,
        content=[(start, len(tags))],
        stance="assert",
        prior=verb_class.prior,
        lemma=verb.lemma,
        verb_class=verb_class,
        relayers=[relayer],
        shown=[(at, start)],
        quoted=tags[start] == "Q",
    )


def quoting(
    sentence: Sentence, where: Range, verb: Verb, verb_class: VerbClass, source: Range, lexicon: Lexicon
) -> Frame | None:
    """As in "O quoted S as saying …": the object of the verb says it, the subject relays it."""
    tags = sentence.tags
    first, index = where
    phrase = phrases.short_phrase if lexicon.quoted_with else phrases.right_phrase
    quoted = phrase(sentence, index + 1)
    if quoted is None:
        return None
    at = quoted[1]
    spoken = len(lexicon.quoted_with)
    if spoken and tuple(sentence.words[at : at + spoken]) == lexicon.quoted_with:
        start = at + spoken + (tags[at + spoken : at + spoken + 1] in {":", ","})
        return _quoted_as_saying(verb, verb_class, (min(index, first), index), (source, quoted), (at, start), tags)
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
        cue=(min(index, first), index + 1),
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
