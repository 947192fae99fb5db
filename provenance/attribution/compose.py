"""From the frames and relays of one sentence to chains: who relays whom, nearest first.

The order of the words is not the order of the chain: "C, S said, according to O", "O, citing S, reported C" and "S
told O that C" are all O from S.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.metonyms import is_house
from provenance.attribution.relays import RelayHit
from provenance.attribution.speakers import Speakers
from provenance.attribution.subjects import find_subject, may_speak
from provenance.attribution.tagging import Sentence

_LONGEST_ANNOUNCEMENT: Final = 15
_UNSAID: Final = frozenset(["attitude"])
_NEAR: Final = frozenset("pTNn9,-rd")

_BESIDES: Final = frozenset(["while", "whereas"])
"""What follows them stands beside the statement before, not within it."""


def attach(sentence: Sentence, frames: list[Frame], hits: list[RelayHit], speakers: Speakers) -> list[Frame]:
    """Hang each relay on the statement it belongs to; relays that stand alone become statements of their own."""
    alone: list[Frame] = []
    frames = _asides_hung(frames)
    for hit in hits:
        if hit.role == "interview":
            host = _nearest(frames, hit)
            if host is not None and speakers.addressee_outlet(sentence, hit.source) is not None:
                host.relayers.append(hit.source)
                host.relay_kind = "interview"
                host.shown.append((hit.first, hit.behind))
                _cut(host, hit)
        elif hit.role == "citing":
            host = _citing(sentence, frames, hit)
            if host is not None and _may_be_cited(sentence, hit, speakers):
                host.deeper.append(hit.source)
                host.relay_kind = "citing"
                host.shown.append((hit.first, hit.behind))
                _cut(host, hit)
        elif hit.role in {"according", "words-of"}:
            host = _according_host(sentence, frames, hit, speakers)
            if host is not None and hit.role == "according":
                host.relayers.insert(0, hit.source)
                host.shown.append((hit.first, hit.behind))
                _cut(host, hit)
            else:
                alone.append(_standalone(sentence, hit))
                for frame in frames:
                    _cut(frame, hit)
                if hit.holder is not None and speakers.addressee_outlet(sentence, hit.holder) is not None:
                    alone[-1].relayers.append(hit.holder)
    length = len(sentence.tags)
    for frame in (*frames, *alone):
        frame.content = [(first, min(behind, length)) for first, behind in frame.content if first < min(behind, length)]
    both = [frame for frame in [*frames, *alone] if frame.content or frame.kind == "claim-noun"]
    both.sort(key=lambda frame: (frame.cue, frame.content))
    return both


def _asides_hung(frames: list[Frame]) -> list[Frame]:
    """As in "C, S said, as O reported": O relays what S said."""
    if True not in [frame.aside for frame in frames]:
        return frames
    kept: list[Frame] = []
    for frame in frames:
        hosts = [host for host in kept if host.source is not None and not host.elided and host.kind != "claim-noun"]
        if frame.aside and frame.source is not None and hosts:
            hosts[-1].relayers.insert(0, frame.source)
            hosts[-1].shown.append(frame.cue)
        else:
            kept.append(frame)
    return kept


def _may_be_cited(sentence: Sentence, hit: RelayHit, speakers: Speakers) -> bool:
    """Whether what is cited can say something: "citing officials" but not "citing irregularities"."""
    first, behind = hit.source
    if set(sentence.tags[first:behind]) & set("NQq"):
        return True
    return any(speakers.lexicon.kinds(word) for word in sentence.lowered[first:behind])


def _nearest(frames: list[Frame], hit: RelayHit) -> Frame | None:
    before = [frame for frame in frames if frame.cue[1] <= hit.first and frame.source is not None]
    direct = [frame for frame in before if not frame.elided and frame.kind not in {"claim-noun", "participle"}]
    if direct or before:
        return direct[0] if direct else before[-1]
    behind = [frame for frame in frames if frame.cue[0] >= hit.behind]
    return behind[0] if behind else None


def _citing(sentence: Sentence, frames: list[Frame], hit: RelayHit) -> Frame | None:
    for frame in frames:
        if frame.source is not None and frame.source[1] <= hit.first and hit.behind <= frame.cue[0] + 1:
            return frame
    before = [frame for frame in frames if frame.cue[1] <= hit.first and not frame.elided]
    if before:
        return before[0] if sentence.tags[hit.first - 1 : hit.first] == "," else before[-1]
    return None


def _according_host(sentence: Sentence, frames: list[Frame], hit: RelayHit, speakers: Speakers) -> Frame | None:
    """The statement that an "according to" relays: the one it interrupts, follows at once, or leads."""
    tags = sentence.tags
    for frame in frames:
        if frame.source is None or frame.kind in {"claim-noun", "participle"}:
            continue
        if frame.source[1] <= hit.first and hit.behind <= frame.cue[1]:
            return frame
        between = tags[frame.behind : hit.first]
        if frame.after and frame.behind <= hit.first and len(between) <= 6 and set(between) <= _NEAR:
            return frame
        if hit.first <= 1 and hit.behind <= frame.source[0] <= hit.behind + 1 and frame.cue[1] < len(tags):
            return frame if not frame.after else None
    if hit.behind >= len(tags) - 2:
        named = speakers.outlet_of(sentence.words[hit.source[0] : hit.source[1]], tags[hit.source[0] : hit.source[1]])
        if named is not None:
            for frame in frames:
                if (
                    frame.kind in {"verb-before", "verb-after", "denial", "criticism", "quoted-as-saying"}
                    and not frame.elided
                ):
                    return frame
    return None


def _standalone(sentence: Sentence, hit: RelayHit) -> Frame:
    tags = sentence.tags
    end = len(tags)
    while end > 0 and tags[end - 1] == ".":
        end -= 1
    content: list[tuple[int, int]] = []
    start = hit.behind
    while start < end and tags[start] in ",-:":
        start += 1
    if hit.first <= 1:
        content = [(start, end)] if start < end else []
    else:
        last = hit.first
        while last > 0 and tags[last - 1] in ",-":
            last -= 1
        if last > 0:
            content.append((0, last))
        if start < end and hit.behind < end and tags[hit.behind] == "," and tags[start] in "vVhzmMXWrn":
            content.append((start, end))
    return Frame(
        kind="according-to",
        rule=f"according-to:{'lead' if hit.first <= 1 else 'tail'}",
        cue=hit.cue,
        source=hit.source,
        content=content,
        stance="assert",
        prior=hit.prior,
        lemma="according to",
        deeper=list(hit.deeper),
        after=hit.first > 1,
        quoted=any("Q" in tags[a:b] for a, b in content),
    )


def _cut(frame: Frame, hit: RelayHit) -> None:
    """Take the relay's words out of the content."""
    kept = []
    for first, behind in frame.content:
        if behind <= hit.first or first >= hit.behind:
            kept.append((first, behind))
            continue
        if first < hit.first - 1:
            kept.append((first, hit.first))
        if hit.behind < behind:
            kept.append((hit.behind, behind))
    frame.content = kept


def enclosing(sentence: Sentence, frames: list[Frame], index: int) -> int | None:
    """The statement whose content holds this one: "O reported that S said …". Its index, or None."""
    frame = frames[index]
    if frame.kind in _UNSAID:
        around = _said_around(frames, index)
        if around is not None:
            return around
    if frame.elided or frame.source is None or (frame.kind == "according-to" and frame.after):
        return None
    if sentence.tags[max(0, frame.source[0] - 2) : frame.source[0]] in {",k", ",c", "Qk", "Qc"}:
        return None
    if frame.source[0] and sentence.lowered[frame.source[0] - 1] in _BESIDES:
        return None
    for outer in range(index - 1, -1, -1):
        host = frames[outer]
        if host.kind not in {"verb-before", "quoted-as-saying", "according-to"} or host.after:
            continue
        if host.source is None or host.cue[1] > frame.source[0]:
            continue
        if host.kind == "according-to" and frame.subordinate:
            continue
        if any(first <= frame.source[0] and frame.cue[1] <= behind for first, behind in host.content):
            return outer
    return None


def _said_around(frames: list[Frame], index: int) -> int | None:
    """The statement whose content stands around or before an attitude: "X, S said, hopes C", "X hopes C, S said"."""
    frame = frames[index]
    for outer, host in enumerate(frames):
        if outer == index or host.kind in _UNSAID or not host.after or host.source is None:
            continue
        if any(first <= frame.cue[0] and frame.cue[1] <= behind for first, behind in host.content):
            return outer
    return None


def headed(sentence: Sentence, frames: list[Frame], speakers: Speakers, *, headline: bool) -> list[Frame]:
    """The statement that a colon or, in a headline, a dash makes of a sentence; a dash only where nothing else does."""
    colon = headline_colon(sentence, speakers)
    if colon is not None and (headline or colon.quoted):
        return [colon]
    if not headline or frames or "-" not in sentence.tags:
        return []
    dash = headline_dash(sentence, speakers)
    return [dash] if dash is not None else []


def headline_colon(sentence: Sentence, speakers: Speakers) -> Frame | None:
    """As in "S: C": a headline or a line of an interview, where what stands before the colon is somebody who speaks."""
    tags = sentence.tags
    colon = tags.find(":", 1, 12)
    if colon < 1 or colon + 1 >= len(tags):
        return None
    found = phrases.right_phrase(sentence, 0)
    if found is None or found != (0, colon):
        return None
    words = sentence.words[:colon]
    kinds = speakers.lexicon.kinds(words[-1].lower()) | speakers.lexicon.kinds(words[0].lower())
    outlet = speakers.outlet_of(words, tags[:colon])
    speaks = kinds & {"person", "statement", "anonymous", "outlet"} or outlet is not None or is_house(" ".join(words))
    quoted = tags[colon + 1] == "Q"
    named = tags[:colon] in {"N", "NN", "NNN"}
    if not speaks and not (named and (quoted or _is_person(sentence, colon, speakers))):
        return None
    if not quoted and not phrases.has_finite(tags[colon + 1 :]) and len(tags) - colon < 6:
        return None
    return Frame(
        kind="headline-colon",
        rule="headline-colon",
        cue=(colon, colon + 1),
        source=(0, colon),
        content=[(colon + 1, len(tags))],
        stance="assert",
        prior=0.75 if quoted or speaks else 0.6,
        lemma=":",
        quoted=quoted,
    )


_LEAST_CLAIM: Final = 3


def headline_dash(sentence: Sentence, speakers: Speakers) -> Frame | None:
    """As in "C - O": a headline that ends with the agency it is from; another outlet's name there is the page's own."""
    tags = sentence.tags
    dash = tags.rfind("-", _LEAST_CLAIM)
    if dash < 0 or not 1 <= len(tags) - dash - 1 <= _LEAST_CLAIM:
        return None
    outlet = speakers.outlet_of(sentence.words[dash + 1 :], tags[dash + 1 :])
    if outlet is None or outlet.kind != "agency" or outlet == speakers.heard.own:
        return None
    return Frame(
        kind="headline-colon",
        rule="headline-dash",
        cue=(dash, dash + 1),
        source=(dash + 1, len(tags)),
        content=[(0, dash)],
        stance="assert",
        prior=0.75,
        lemma="-",
        after=True,
    )


def _is_person(sentence: Sentence, colon: int, speakers: Speakers) -> bool:
    """Whether the name before a headline's colon is a person whom the article names in full: "Cole: …", Ann Cole."""
    found, _ = speakers.resolve(sentence, (0, colon), 0)
    return found.kind == "person" and len(found.name.split()) > 1 and found.name.lower() not in speakers.lexicon.places


_VERBS: Final = re.compile(r"[vVXYU]")


def announced(sentence: Sentence, lexicon: Lexicon) -> Frame | None:
    """As in "the harbour master sent us these lines:": whoever the clause before a colon is about says what follows.

    The content is the quotation behind the colon, or empty where the sentence ends with it.
    """
    tags = sentence.tags
    colon = tags.rfind(":")
    if colon < 2 or tags[colon + 1 : colon + 2] not in {"", "Q"}:
        return None
    start = max(0, colon - _LONGEST_ANNOUNCEMENT)
    verbs = [match.start() for match in _VERBS.finditer(tags, start, colon)]
    if not verbs:
        return None
    first, group = phrases.left_group(sentence, verbs[-1])
    if "!" in group or "M" in group or "m" in group or "z" in group:
        return None
    source, elided, relative = find_subject(sentence, first, [], lexicon)
    if source is None or elided or relative or not may_speak(sentence, source, lexicon):
        return None
    words, inside = sentence.lowered[source[0] : source[1]], tags[source[0] : source[1]]
    if "N" not in inside and not any(lexicon.kinds(word) for word in words):
        return None
    return Frame(
        kind="verb-before",
        rule="announced:colon",
        cue=(verbs[-1], verbs[-1] + 1),
        source=source,
        content=[(colon + 1, len(tags))] if colon + 1 < len(tags) else [],
        stance="assert",
        prior=0.75,
        lemma=sentence.lowered[verbs[-1]],
        quoted=True,
    )
