"""Verbs of reporting in other orders: inverted, passive, "as reported by O", "O quoted S as saying"."""

from __future__ import annotations

from typing import Final

from provenance.attribution import phrases
from provenance.attribution.complements import complement, quote_start, says_something
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Verb, VerbClass
from provenance.attribution.phrases import Range
from provenance.attribution.subjects import find_subject
from provenance.attribution.tagging import Sentence
from provenance.attribution.told import subject_behind

_STATEMENT_WORDS: Final = 4
"""Words before a comma that make a statement where a language's verbs are not known by their shape."""
_AFTER_INVERTED: Final = frozenset(".,;pTkwAGcHr-)aQ:(")
_LONGEST_BRACKET: Final = 8
_NAMELESS: Final = frozenset(("anonymous",))
_AFTER_APPOSED: Final = frozenset(("", ".", ",", ":"))


def turned(sentence: Sentence, source: Range, index: int, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "17 died said the Observatory": the comma before an inverted verb is lost, and its subject follows."""
    tags, words = sentence.tags, sentence.words
    named = phrases.right_phrase(sentence, index + 1)
    if named is None or index < 6 or tags[named[1] : named[1] + 1] not in {"", ".", "T", "p", "i"}:
        return None
    told = phrases.short_phrase(sentence, named[1] + 1) if tags[named[1] : named[1] + 1] == "i" else None
    if tags[named[1] : named[1] + 1] == "i" and (told is None or tags[told[1] : told[1] + 1] not in {"", "."}):
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
        addressee=told,
        after=True,
    )


def inverted(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "…," said S; …, reported O; "Об этом сообщает O"; "As O reported, …"."""
    tags = sentence.tags
    first, index = _turned_from(tags, where) if lexicon.inverts else (where[1], where[1])
    if first and tags[first - 1] == "a":
        return as_reported(sentence, (first, index), verb, lexicon, anaphoric=False)
    behind = first
    while behind > 0 and tags[behind - 1] in ",-.":
        behind -= 1
    if behind == 0 or not any("after" in verb_class.complements for verb_class in verb.classes):
        return None
    quoted = tags[behind - 1] == "Q"
    if sentence.capital_nouns and tags[0] == "a" and not quoted:
        # "Wie O schreibt, fordern S ein Gesetz": a main clause behind one that names its source
        return None
    at, before = subject_behind(sentence, index, lexicon)
    source = speaker_right(sentence, at, lexicon)
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
    if following == "(":
        told = told_behind(sentence, tags.find(")", source[1], source[1] + _LONGEST_BRACKET) + 1, lexicon)
    if following == "i":
        told = phrases.short_phrase(sentence, source[1] + 1)
        if before is not None and told is not None:
            # somebody else was told: "fuentes próximas a la investigación"
            source, told = (source[0], told[1]), None
            following = tags[source[1] : source[1] + 1]
    told = in_office or told or before
    loose = following and following not in _AFTER_INVERTED and told is None
    if loose and sentence.lowered[source[1]] not in lexicon.reporters:
        return None
    if not quoted and not _may_be_inverted(sentence, behind, source, verb, lexicon):
        return None
    verb_class = next(entry for entry in verb.classes if "after" in entry.complements)
    start = quote_start(tags, behind) if quoted else 0
    if verb_class.quoting and quoted and told is not None:
        return _quoted_by(verb, verb_class, (index, index + 1), (source, told), (start, behind))
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


def _turned_from(tags: str, where: Range) -> Range:
    """The verb with the reflexive before it, as in "se lamenta S"."""
    first = where[0]
    while first > 0 and tags[first - 1] == "r":
        first -= 1
    # "« Q », s'inquiète S"
    return (first - 1 if tags[max(0, first - 3) : first] == "Q,x" else first), where[1]


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
        named = _apposed(sentence, found, lexicon) or _apposed(
            sentence, phrases.with_genitive(sentence, found), lexicon
        )
        if named is not None:
            return named
        found = _without_circumstance(sentence, found, lexicon)
    if sentence.words[found[1] : found[1] + 1] == ["des"]:
        found = phrases.with_genitive(sentence, found)
    named = _apposed(sentence, found, lexicon)
    if named is not None:
        return named
    nouns = lexicon.interview.get("nouns", frozenset())
    for index in range(found[0] + 1, found[1]):
        if sentence.tags[index] == "p" and not nouns.isdisjoint(sentence.words[index + 1 : index + 4]):
            return found[0], index
    return found


def told_behind(sentence: Sentence, at: int, lexicon: Lexicon) -> Range | None:
    """Who is told behind a bracket: "sagte Brandt (SPD) dem NDR", "dijo Soler (PP) a EFE"."""
    if not 0 < at < len(sentence.tags):
        return None
    if sentence.tags[at] == "i":
        return phrases.short_phrase(sentence, at + 1)
    return phrases.short_phrase(sentence, at) if sentence.lowered[at] in lexicon.datives else None


def _apposed(sentence: Sentence, found: Range, lexicon: Lexicon) -> Range | None:
    """A role with the name in apposition behind it that ends its clause: "the chairman of the guild, Ann Cole"."""
    if sentence.tags[found[1] : found[1] + 1] != ",":
        return None
    aside = phrases.name_right(sentence, found[1] + 1)
    named = phrases.with_name(sentence, found, aside, lexicon) if aside is not None else None
    return named if named is not None and sentence.tags[named[1] : named[1] + 1] in _AFTER_APPOSED else None


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
        if sentence.lowered[index] in lexicon.reporters:
            # "сказал адвокат журналистам"
            return found[0], index
        if tags[index] == "p":
            if sentence.lowered[index] in lexicon.interview.get("verbs", frozenset()):
                return found[0], index
            if sentence.lowered[index] in lexicon.offices and not _NAMELESS.isdisjoint(
                lexicon.kinds(sentence.lowered[found[0]]) | lexicon.kinds(sentence.lowered[index - 1])
            ):
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
    if sentence.lowered[source[0]] in _INDEFINITE and verb.lemma != "say" and _is_object(sentence, source, lexicon):
        return False
    if not lexicon.verb_shapes and behind >= (2 if lexicon.offices and sentence.tags[0] in "nN" else _STATEMENT_WORDS):
        return True
    if lexicon.inverts and named and sentence.tags[0] not in "pGr":
        return True
    return says_something(sentence.tags, behind) or (named and behind >= 3 and sentence.tags[0] not in "pG")


_INDEFINITE: Final = frozenset(["a", "an"])


def _is_object(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase names nobody: "…, wrote a critical comment on the speech"."""
    tags = sentence.tags
    head = next((at for at in range(source[0] + 1, source[1]) if tags[at] in "opb"), source[1]) - 1
    return not lexicon.kinds(sentence.lowered[head]) & {"person", "organization", "outlet", "anonymous", "collective"}


def as_reported(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon, *, anaphoric: bool) -> Frame | None:
    """As in "Как сообщает O, C", and a sentence that only says who reported the one before.

    Where it points back, tokens between the start of `where` and the verb are those told: "Об этом ТАСС сообщил S".
    """
    tags = sentence.tags
    first, index = where
    at, before = subject_behind(sentence, index, lexicon)
    source = speaker_right(sentence, at, lexicon)
    if source is None and lexicon.drops_subject and lexicon.definites and not anaphoric:
        source = _subject_left_out(sentence, where, lexicon)
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
        addressee=in_office or before or (where if anaphoric and _are_told(sentence, where, lexicon) else None),
        after=True,
        anaphoric=anaphoric,
        aside=not anaphoric and content[0] == 0,
    )


def _subject_left_out(sentence: Sentence, where: Range, lexicon: Lexicon) -> Range | None:
    """As in "S ha cerrado la sala, según explicó en un comunicado.": the subject of the clause before speaks."""
    first, index = where
    subject = phrases.main_subject(sentence)
    if sentence.tags[index + 1 : index + 2] not in {"p", ".", ""} or subject is None or subject[1] >= first:
        return None
    named = "N" in sentence.tags[subject[0] : subject[1]]
    speaks = named or any(lexicon.kinds(word) for word in sentence.lowered[subject[0] : subject[1]])
    return subject if speaks else None


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
    if lexicon.inverts:
        agent = _apposed(sentence, agent, lexicon) or agent
        behind = agent[1]
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


def _quoted_by(verb: Verb, verb_class: VerbClass, cue: Range, parties: tuple[Range, Range], content: Range) -> Frame:
    """As in "„Q“, zitiert O einen Beamten": the object of the verb says it, the subject behind it relays it."""
    return Frame(
        kind="quoted-as-saying",
        rule="quoted-by",
        cue=cue,
        source=parties[1],
        content=[content],
        stance="assert",
        prior=verb_class.prior,
        lemma=verb.lemma,
        verb_class=verb_class,
        relayers=[parties[0]],
        after=True,
        quoted=True,
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
    if spoken and tags[at : at + 1] == "," and sentence.lowered[at + 1 : at + 2] in (["wonach"], ["dass"]):
        return _quoted_as_saying(verb, verb_class, (min(index, first), index), (source, quoted), (at, at + 2), tags)
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
