"""Relays that hang on what stands right beside them, in languages whose subjects may follow their verbs.

"…, selon Le Monde, qui cite S", "según fuentes policiales consultadas por EFE", "selon une source à l'AFP", "dijo S
en RTVE", "Citant S, O affirme".
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.phrases import Range
from provenance.attribution.relays import RelayHit
from provenance.attribution.speakers import Speakers
from provenance.attribution.tagging import Sentence

_BESIDE: Final = re.compile(r"(?:\([^)]{1,12}\))?[TrdpN9n,]{0,4}")
"""Between who speaks and where: a party in brackets, a time, a place."""
_FARTHEST: Final = 16


def standing_beside(hit: RelayHit, alone: list[Frame]) -> Frame | None:
    """The source of "selon S" that "cité par O", "consultées par O" or "qui cite T" behind it speaks of."""
    if not alone or not 0 <= hit.first - alone[-1].behind <= 1:
        return None
    return alone[-1]


def aired_host(sentence: Sentence, frames: list[Frame], hit: RelayHit, speakers: Speakers) -> Frame | None:
    """The statement made in an outlet: the phrase stands within its words, right behind them, or opens the sentence."""
    for frame in frames:
        if frame.source is None or frame.kind in {"claim-noun", "participle", "according-to"}:
            continue
        within = frame.first < hit.first and hit.behind <= frame.behind
        behind = 0 <= hit.first - frame.behind <= _FARTHEST and _BESIDE.fullmatch(
            sentence.tags, frame.behind, hit.first
        )
        opens = hit.first == 0 and sentence.tags[hit.behind : hit.behind + 1] == "," and frame.first > hit.behind
        turned = hit.first == 0 and frame.first == hit.behind
        if within or behind or opens or turned:
            return frame if speakers.addressee_outlet(sentence, hit.source) is not None else None
    return None


def told_beside(sentence: Sentence, frame: Frame, speakers: Speakers) -> None:
    """As in "selon une source policière à Franceinfo": the outlet behind the preposition was told."""
    if frame.source is None:
        return
    first, behind = frame.source
    at = sentence.tags.find("i", first + 1, behind + 1)
    if at < 0 or at > behind:
        return
    told: Range | None = phrases.short_phrase(sentence, at + 1)
    if told is None or speakers.addressee_outlet(sentence, told) is None:
        return
    frame.source = first, at
    frame.relayers.append(told)
    frame.content = [(start, end) for start, end in frame.content if not at <= start <= told[1]]


def reported_tail(sentence: Sentence, frames: list[Frame], alone: list[Frame], speakers: Speakers) -> list[Frame]:
    """As in "По данным S, C, передаёт O": the outlet at the end relays what the source at the start gives."""
    if len(alone) != 1 or not frames or alone[0].after or alone[0].source is None:
        return frames
    tail, first = frames[-1], alone[0]
    if tail.kind != "inverted" or tail.quoted or tail.source is None or tail.behind < len(sentence.tags) - 1:
        return frames
    start, behind = tail.source
    if speakers.outlet_of(sentence.words[start:behind], sentence.tags[start:behind]) is None:
        return frames
    first.relayers.insert(0, tail.source)
    first.shown.append((tail.first, tail.behind))
    first.content = [(begin, min(end, tail.first - 1)) for begin, end in first.content if begin < tail.first - 1]
    return frames[:-1]


def citing_first(frames: list[Frame], hit: RelayHit) -> Frame | None:
    """As in "Citant S, O affirme que C": the report behind the comma."""
    if hit.first > 0:
        return None
    return next((frame for frame in frames if frame.source is not None and frame.source[0] == hit.behind + 1), None)
