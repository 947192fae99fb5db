"""Relays that are no verbs: "according to X", "citing X", "in an interview with O", and nouns ("claims by S that")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon, Relay
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence

_KEY: Final = re.compile("A")
_NAME_AND_MORE: Final = re.compile(r"n{0,3}(?:N{1,4}|q)n")
_PLACE: Final = re.compile(r"(?:p|^i)(?P<named>d?n{0,3}[Nq][Nnq9]{0,3})")
_NONE_SAID: Final = frozenset(("no", "any", "without"))
_NO_WORDS: Final[frozenset[str]] = frozenset()
_GIVEN: Final = frozenset(["information", "figure", "figures", "estimate", "estimates", "count", "toll", "tally"])
"""Behind "according to the" and before "provided by S": what S says."""
_ACRONYM: Final = 2
_CLAIM: Final = re.compile(r"[eYZXU]")


@dataclass(slots=True)
class RelayHit:
    """A relay phrase in a sentence: its role, its words, and the tokens of the source named.

    Attributes:
        holder: who had the source first: "a letter seen by O".
    """

    role: str
    cue: Range
    source: Range
    prior: float
    deeper: list[Range] = field(default_factory=list)
    holder: Range | None = None

    @property
    def first(self) -> int:
        """Its first token."""
        return min(self.cue[0], self.source[0])

    @property
    def behind(self) -> int:
        """The token behind it."""
        last = self.deeper[-1][1] if self.deeper else 0
        held = self.holder[1] if self.holder is not None else 0
        return max(self.cue[1], self.source[1], last, held)


def relay_hits(sentence: Sentence, lexicon: Lexicon) -> list[RelayHit]:
    """The relay phrases of one sentence, in order."""
    hits = []
    for match in _KEY.finditer(sentence.tags):
        index = match.start()
        for relay in lexicon.relays.get(sentence.words[index].lower(), ()):
            hit = _relay(sentence, index, relay, lexicon)
            if hit is not None:
                hits.append(hit)
                break
    hits.extend(_interviews(sentence, lexicon))
    if len(hits) > 1:
        hits.sort(key=lambda hit: hit.cue)
    return hits


def _relay(sentence: Sentence, index: int, relay: Relay, lexicon: Lexicon) -> RelayHit | None:
    words = sentence.words
    lowered = [word.lower() for word in words[max(0, index - 4) : index + 6]]
    centre = min(index, 4)
    behind = first = -1
    for after in relay.after:
        if tuple(lowered[centre + 1 : centre + 1 + len(after)]) == after:
            behind = index + 1 + len(after)
            break
    over = 0
    while lexicon.inverts and over < min(3, centre) and sentence.tags[index - over - 1] in "Tr":
        over += 1
    for before in relay.before:
        for near in (centre, centre - over):
            if first < 0 and len(before) <= near and tuple(lowered[near - len(before) : near]) == before:
                first = index - centre + near - len(before) if before != (",",) else index
        if first >= 0:
            break
    if behind < 0 or first < 0:
        return None
    source = _named(sentence, index, relay, (first, behind), lexicon)
    if source is None or (relay.closed and not _closed(sentence, source, lexicon)):
        return None
    head = words[source[1] - 1].lower()
    if head in relay.excluded or words[source[0]].lower() in relay.excluded:
        return None
    if sentence.tags[source[0]] == "P" and words[source[0]].lower() in {"it", "i", "you"}:
        return None
    hit = RelayHit(relay.role, (first, behind), source, relay.prior)
    if relay.role == "according":
        _split_interview(sentence, hit, lexicon)
        hit.source = _giver(sentence, hit.source, lexicon) or _without_subject(sentence, hit.source, lexicon)
    at = source[1]
    if sentence.tags[at + 1 : at + 2] == "b" and words[at].lower() in lexicon.seen:
        hit.holder = phrases.short_phrase(sentence, at + 2)
    return hit


def _without_subject(sentence: Sentence, source: Range, lexicon: Lexicon) -> Range:
    """As in "According to the SOHR tens of civilians were hurt", where the comma behind an acronym was lost."""
    first, behind = source
    tags = sentence.tags
    if lexicon.inverts or tags[behind : behind + 1] not in set("rzhmvVX"):
        return source
    at = first + (tags[first] == "d")
    word = sentence.words[at]
    if tags[at] != "N" or not word.isupper() or len(word) < _ACRONYM or at + 1 >= behind or tags[at + 1] not in "n9N":
        return source
    following = sentence.lowered[at + 1]
    return source if lexicon.kinds(following) or following in _GIVEN else (first, at + 1)


def _giver(sentence: Sentence, source: Range, lexicon: Lexicon) -> Range | None:
    """Who gives what a phrase names: "according to the information provided by S"; None where nobody is named so."""
    at = source[1]
    if sentence.tags[at + 1 : at + 2] != "b" or sentence.lowered[at] in lexicon.seen:
        return None
    head = sentence.lowered[at - 1]
    said = head in _GIVEN or bool(lexicon.kinds(head) & {"artefact", "statement"})
    if not said or sentence.lowered[at] not in lexicon.interview.get("carried", _NO_WORDS):
        return None
    return phrases.short_phrase(sentence, at + 2)


def _named(sentence: Sentence, index: int, relay: Relay, cue: Range, lexicon: Lexicon) -> Range | None:
    """The tokens that name the source of a relay phrase with its key at token `index`."""
    if relay.owner_before:
        return index - 1, index
    if relay.itself:
        rest = phrases.right_phrase(sentence, index + 1)
        return index, rest[1] if rest is not None else index + 1
    first, behind = cue
    words = sentence.lowered
    if relay.source_before:
        return phrases.left_phrase(sentence, first)
    source = phrases.right_phrase(sentence, behind)
    if source is None and sentence.tags[behind : behind + 1] == "q":
        source = behind, behind + 1
    if source is not None:
        named = set("Nq") & set(sentence.tags[source[0] : source[1]])
        if sentence.capital_nouns and not named and not any(map(_capital, sentence.words[source[0] : source[1]])):
            return None
        source = phrases.with_number(sentence, source)
        if sentence.tags[source[1] : source[1] + 1] == "b" and "statement" in lexicon.kinds(words[source[1] - 1]):
            # "according to a report by O"
            by = phrases.short_phrase(sentence, source[1] + 1)
            source = (source[0], by[1]) if by is not None else source
    if source is not None and lexicon.inverts:
        whole = phrases.with_genitive(sentence, source)
        source = whole if sentence.tags[whole[1] : whole[1] + 2] == ",N" else source
    if source is not None and lexicon.inverts and sentence.tags[source[1] : source[1] + 1] == ",":
        # "selon le procureur de Lyon, Marc Olivier,"
        aside = phrases.name_right(sentence, source[1] + 1)
        apposed = phrases.with_name(sentence, source, aside, lexicon) if aside is not None else None
        if apposed is not None and sentence.tags[apposed[1] : apposed[1] + 1] in {",", ".", ""}:
            return apposed
    if source is not None and lexicon.head_first and sentence.tags[source[1] : source[1] + 1] == "i":
        # "una fuente cercana a la negociación,"
        more = phrases.short_phrase(sentence, source[1] + 1)
        if more is not None and sentence.tags[more[1] : more[1] + 1] in {"", ",", "."}:
            source = source[0], more[1]
    return phrases.with_genitive(sentence, source) if source is not None else None


def _closed(sentence: Sentence, source: Range, lexicon: Lexicon) -> bool:
    """Whether a phrase names somebody and ends at a mark: ", so Müller." but not ", so Gott will"."""
    tags = sentence.tags
    if tags[source[1] : source[1] + 1] not in {"", ".", ",", ":", ";", "-", "r", "p", "A"}:
        return False
    if any(lexicon.kinds(word) for word in sentence.lowered[source[0] : source[1]]):
        return True
    return bool(set("Nq") & set(tags[source[0] : source[1]])) and (not sentence.capital_nouns or tags[source[0]] != "d")


def _capital(word: str) -> bool:
    return word[:1].isupper() or not word[:1].isalpha() or word[1:].isupper()


def _split_interview(sentence: Sentence, hit: RelayHit, lexicon: Lexicon) -> None:
    """As in "according to a O interview with S": the outlet relays what the one behind "with" says."""
    first, behind = hit.source
    nouns, links = lexicon.interview.get("nouns", frozenset()), lexicon.interview.get("links", frozenset())
    for index in range(first + 1, behind - 2):
        if sentence.words[index].lower() in nouns and sentence.words[index + 1].lower() in links:
            speaker = phrases.short_phrase(sentence, index + 2)
            if speaker is not None and "N" in sentence.tags[first:index]:
                hit.source = (first, index)
                hit.deeper = [speaker]
            return


def _interviews(sentence: Sentence, lexicon: Lexicon) -> list[RelayHit]:
    """As in "in an interview with O", "in remarks carried by O", "speaking to O"; O must prove to be an outlet."""
    cues = lexicon.interview
    nouns, verbs = cues.get("nouns", _NO_WORDS), cues.get("verbs", _NO_WORDS)
    words, tags = sentence.words, sentence.tags
    hits: list[RelayHit] = []
    if "on" in cues:
        hits.extend(_aired(sentence, cues["on"]))
    held = sentence.notable(lexicon.notable)
    if nouns.isdisjoint(held) and verbs.isdisjoint(held) and (not words or words[0].lower() not in verbs):
        return hits
    links, carried, direct = cues.get("links", _NO_WORDS), cues.get("carried", _NO_WORDS), "direct" in cues
    for index, word in enumerate(words):
        speaking = word in verbs
        if not (word in nouns or speaking or (index == 0 and word.lower() in verbs)):
            continue
        before = tags[max(0, index - 5) : index]
        if word in nouns and "p" not in before and "k" not in before:
            continue
        at = index + 1
        while at < len(words) and tags[at] in "rTg":
            at += 1
        if at < len(words) and words[at] in carried:
            at += 1
        if at >= len(words) or (words[at] not in links and not direct):
            continue
        named = phrases.short_phrase(sentence, at + 1 if words[at] in links else at)
        if named is not None and tags[named[0] : named[1]] in {"q", "Q"} and words[named[1] : named[1] + 1] == ["with"]:
            # "in an interview on “The Morning Room” with O anchor Ann Cole"
            named = phrases.short_phrase(sentence, named[1] + 1)
        if named is not None and lexicon.offices:
            # "в эфире телеканала «Россия 24» главный врач", "с CNN генерал": whoever speaks stands right behind
            name = _NAME_AND_MORE.match(tags, *named)
            named = (named[0], name.end() - 1) if name is not None else named
        if named is not None and set("Nq") & set(tags[named[0] : named[1]]):
            first = index if speaking or "p" not in before else max(0, index - 5) + before.rfind("p")
            hits.append(RelayHit("interview", (first, max(at, index + 1)), named, 0.9))
    return hits


_NO_CLAUSE: Final = 0.35
"""Prior of a claim that says what it is about only ("comments by S", "S's remarks about X"): of 60, 6 were
attributions by the annotation."""


def _aired(sentence: Sentence, prepositions: frozenset[str]) -> list[RelayHit]:
    """As in "en RTVE", "dans le quotidien Le Soir", "in der ARD": where somebody may have said something.

    O must prove to be an outlet, and the phrase to stand beside who says what.
    """
    tags, hits = sentence.tags, []
    for match in _PLACE.finditer(tags):
        index = match.start()
        if sentence.lowered[index] in prepositions:
            named = match.end("named")
            hits.append(RelayHit("aired", (index, index + 1), (index + 1, named), 0.9))
    return hits


def claim_frames(sentence: Sentence, lexicon: Lexicon, taken: set[int]) -> list[Frame]:
    """Nouns that are statements of somebody: "claims by S that C", "S's allegation that C"."""
    frames = []
    tags, words = sentence.tags, sentence.words
    by, to = lexicon.claim_links.get("by", _NO_WORDS), lexicon.claim_links.get("to", _NO_WORDS)
    claims, lowered = lexicon.claims, sentence.lowered
    for match in _CLAIM.finditer(tags):
        index = match.start()
        stance = claims.get(lowered[index])
        if stance is None or index in taken or index + 1 >= len(tags):
            continue
        if not _NONE_SAID.isdisjoint(word.lower() for word in words[max(0, index - 3) : index]):
            continue
        source: Range | None = None
        start, prior = index + 1, 0.72
        if words[index + 1].lower() in by:
            source = phrases.short_phrase(sentence, index + 2)
            if source is not None:
                start = source[1]
        elif words[index + 1].lower() in to:
            source, prior = _owner(sentence, index), 0.6
        if source is None or start >= len(tags):
            continue
        if not (_says_what(sentence, start) or (source[0] > index and words[start].lower() in to)):
            prior = _NO_CLAUSE
        end = tags.find(",", start)
        end = len(tags) if end < 0 else end
        first = min(index, source[0])
        contested = any(
            word.lower() in lexicon.claim_links.get("contested", frozenset())
            for word in words[max(0, first - 2) : first]
        )
        frames.append(
            Frame(
                kind="claim-noun",
                rule="claim-noun:by" if source[0] > index else "claim-noun:owner",
                cue=(index, index + 1),
                source=source,
                content=[(start, end)] if end > start else [],
                stance="contested" if contested else "assert" if stance == "distanced" else stance,
                prior=prior,
                lemma=words[index].lower(),
            )
        )
    return frames


def _says_what(sentence: Sentence, start: int) -> bool:
    """Whether a clause says what is claimed: "a claim that C", "a call to VERB", but not "her claim to the throne"."""
    tags = sentence.tags
    if start + 1 >= len(tags):
        return False
    if tags[start] == "i":
        return tags[start + 1 : start + 2] in set("nUZzh")
    # "the claim that was denied" is another thing
    return tags[start] == "t" and tags[start + 1] not in "vVhzmMXW" and phrases.has_finite(tags[start + 2 :])


def _named_before(sentence: Sentence, index: int) -> Range | None:
    """The name in "a Harbour Times report that C"."""
    tags = sentence.tags
    first = index
    while first > 0 and tags[first - 1] == "N" and index - first < 4:
        first -= 1
    if first == index or tags[first - 1 : first] != "d" or tags[index + 1 : index + 2] != "t":
        return None
    return first, index


def _owner(sentence: Sentence, index: int) -> Range | None:
    """The possessor in "Trump's call", "the ministry's own claim": tokens up to the possessive."""
    tags = sentence.tags
    at = index - 1
    while at >= 0 and tags[at] in "nrv" and index - at < 3:
        at -= 1
    if at < 0 or tags[at] != "j":
        return _named_before(sentence, index)
    first = at
    while first > 0 and tags[first - 1] in "NnTj" and at - first < 6:
        first -= 1
    if first > 0 and tags[first - 1] == "d":
        first -= 1
    return first, at + 1
