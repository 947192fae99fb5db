"""German clauses whose verb stands last: "Wie S der dpa sagte, C", "Zuvor hatte O darüber berichtet"."""

from __future__ import annotations

from typing import Final

from provenance.attribution import phrases
from provenance.attribution.complements import Complement, judge, quote_start, says_something
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Verb
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_LONGEST: Final = 24
_SHORTEST: Final = 2
_NOT_BETWEEN: Final = frozenset(",;:.Q()VXYEAkctw")
_ADVERBIAL: Final = frozenset("pTrN9dn")
_ABOUT_THAT: Final = frozenset(("darüber", "davon"))


def as_clause(sentence: Sentence, where: Range, verb: Verb, lexicon: Lexicon) -> Frame | None:
    """As in "Wie ein Sprecher der dpa sagte, C" and "C, wie ein Sprecher am Montag der dpa bestätigte."."""
    tags, lowered = sentence.tags, sentence.lowered
    first, index = where
    start = tags.rfind("a", max(0, index - _LONGEST), first)
    if start < 0 or (start and tags[start - 1] not in ",Q") or not _NOT_BETWEEN.isdisjoint(tags[start + 1 : index]):
        return None
    if tags[index + 1 : index + 2] not in {",", ".", ""}:
        return None
    source = phrases.right_phrase(sentence, start + 1)
    if source is None or source[1] > index:
        return None
    if lowered[source[1]] == "des":
        source = phrases.with_genitive(sentence, source)
    aside = next((at for at in range(source[0] + 1, source[1]) if tags[at] in "pTr"), source[1])
    source = source[0], aside
    if aside >= index:
        return None
    told = next((at for at in range(aside, index) if lowered[at] in lexicon.datives and tags[at - 1] != "p"), None)
    addressee = phrases.short_phrase(sentence, told) if told is not None else None
    end = len(tags) - 1 if tags[-1] == "." else len(tags)
    content = (index + 2, end) if start <= 1 else (0, start - 1)
    if (addressee is not None and addressee[1] > index) or content[0] >= content[1]:
        return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"as-clause:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=[content],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.95,
        lemma=verb.lemma,
        verb_class=verb_class,
        addressee=addressee,
        after=True,
        aside=content[0] == 0,
    )


def framed_subject(sentence: Sentence, auxiliary: int, index: int) -> Range | None:
    """The subject within the frame of a verb: "C, hatte die Polizei am Montag erklärt", "Später hat O gesagt, C"."""
    found = phrases.right_phrase(sentence, auxiliary + 1)
    if found is None or found[1] > index:
        return None
    found = phrases.with_genitive(sentence, found)
    aside = next((at for at in range(found[0] + 1, found[1]) if sentence.tags[at] in "pTr"), found[1])
    between = set(sentence.tags[aside:index])
    return (found[0], aside) if between <= _ADVERBIAL else None


def framed(sentence: Sentence, where: Range, verb: Verb, source: Range, after: Complement) -> Frame | None:
    """The frame of a verb whose subject stands between its two parts: what is said stands before it, or behind "dass".

    Args:
        sentence: the sentence.
        where: the auxiliary and the participle.
        verb: the verb.
        source: the subject between them.
        after: what follows the participle.
    """
    tags = sentence.tags
    auxiliary, index = where
    behind = len(tags[:auxiliary].rstrip(",-"))
    quoted = behind > 0 and tags[behind - 1] == "Q"
    before = None
    if behind < auxiliary and (quoted or says_something(tags, behind)) and after.type in {"none", "about"}:
        before = (quote_start(tags, behind) if quoted else 0, behind), quoted
    for verb_class in verb.classes:
        judged = judge(sentence, verb_class, after, before) if after.type != "object" else None
        if judged is None or (before is None and after.type not in {"that", "quote", "colon", "none"}):
            continue
        prior, content, follows = judged
        return Frame(
            kind="verb-after" if follows else "verb-before",
            rule=f"framed:{verb_class.name}",
            cue=(index, index + 1),
            source=source,
            content=content,
            stance=verb_class.stance,
            prior=prior * 0.95,
            lemma=verb.lemma,
            verb_class=verb_class,
            after=follows,
            quoted=quoted,
        )
    return None


def about_within(sentence: Sentence, where: Range, verb: Verb, source: Range) -> Frame | None:
    """As in "Der „Spiegel“ hatte zuvor über den Fall berichtet": what it is about stands between the verb's parts."""
    auxiliary, index = where
    for verb_class in verb.classes:
        if "about" not in verb_class.complements:
            continue
        at = next((at for at in range(auxiliary + 1, index) if sentence.lowered[at] in verb_class.about), None)
        if at is None or index - at < _SHORTEST:
            continue
        return Frame(
            kind="verb-before",
            rule=f"framed:{verb_class.name}:about",
            cue=(index, index + 1),
            source=source,
            content=[(at, index)],
            stance=verb_class.stance,
            prior=verb_class.prior * 0.9,
            lemma=verb.lemma,
            verb_class=verb_class,
        )
    return None


def reported_before(sentence: Sentence, where: Range, verb: Verb, source: Range) -> Frame | None:
    """As in "Zuvor hatte O darüber berichtet.": what is said is the sentence before."""
    first, index = where
    if sentence.tags[index + 1 :] not in {"", "."} or _ABOUT_THAT.isdisjoint(sentence.lowered[source[1] : index]):
        return None
    auxiliary = sentence.tags.rfind("h", 0, source[0])
    if auxiliary < 0 or auxiliary + 1 != source[0]:
        return None
    verb_class = verb.classes[0]
    return Frame(
        kind="inverted",
        rule=f"reported-before:{verb_class.name}",
        cue=(index, index + 1),
        source=source,
        content=[(0, first)],
        stance=verb_class.stance,
        prior=verb_class.prior * 0.9,
        lemma=verb.lemma,
        verb_class=verb_class,
        after=True,
        anaphoric=True,
    )


def opens_with_adverbial(sentence: Sentence, index: int) -> bool:
    """Whether a phrase with a preposition opens the sentence and the verb follows it, so that the subject is behind."""
    tags = sentence.tags
    return sentence.capital_nouns and tags[0] == "p" and set("VvhzmQ,:;tkwPA").isdisjoint(tags[:index])
