"""From the frames and relays of one sentence to chains: who relays whom, nearest first.

The order of the words is not the order of the chain: "C, S said, according to O", "O, citing S, reported C" and "S
told O that C" are all O from S.
"""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.frames import Frame
from provenance.attribution.hung import aired_host, citing_first, reported_tail, standing_beside, told_beside
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.metonyms import is_house
from provenance.attribution.phrases import Range
from provenance.attribution.relays import RelayHit
from provenance.attribution.speakers import Speakers
from provenance.attribution.subjects import find_subject, may_speak
from provenance.attribution.tagging import Sentence

_EVIDENCE: Final = frozenset(["evidence", "proof", "indication", "sign", "suggestion"])
_NONE: Final = frozenset(["no", "any", "little"])
_LONGEST_ANNOUNCEMENT: Final = 15
_NEAR: Final = frozenset("pTNn9,-rd")
_OPENS_RELAY: Final = frozenset(",-tk")
_ONLY_OPENING: Final = frozenset(",-tkr")


def attach(sentence: Sentence, frames: list[Frame], hits: list[RelayHit], speakers: Speakers) -> list[Frame]:
    """Hang each relay on the statement it belongs to; relays that stand alone become statements of their own."""
    alone: list[Frame] = []
    inverts = speakers.lexicon.inverts
    frames = _asides_hung([frame for frame in frames if not _lacks_evidence(sentence, frame)])
    for hit in hits:
        beside = standing_beside(hit, alone) if inverts else None
        if hit.role == "interview":
            _hang_interview(sentence, _nearest(frames, hit) or beside, hit, speakers)
        elif hit.role == "aired":
            _hang_outlet(aired_host(sentence, frames, hit, speakers), hit)
        elif hit.role == "citing":
            host = _citing(sentence, frames, hit)
            if host is None and inverts:
                host = citing_first(frames, hit) or beside
            if host is not None and _may_be_cited(sentence, hit, speakers):
                host.deeper.append(hit.source)
                host.relay_kind = "citing"
                host.shown.append((hit.first, hit.behind))
                _cut(host, hit)
        elif hit.role in {"according", "words-of"}:
            host = _according_host(sentence, frames, hit, speakers) or beside
            _hang_according(sentence, (frames, alone, host), hit, speakers)
    frames = _tails_hung(sentence, frames, speakers)
    if inverts and alone:
        frames = reported_tail(sentence, frames, alone, speakers)
    length = len(sentence.tags)
    for frame in (*frames, *alone):
        frame.content = [(first, min(behind, length)) for first, behind in frame.content if first < min(behind, length)]
    both = [frame for frame in [*frames, *alone] if frame.content or frame.kind == "claim-noun"]
    both.sort(key=lambda frame: (frame.cue, frame.content))
    return both


def _hang_interview(sentence: Sentence, host: Frame | None, hit: RelayHit, speakers: Speakers) -> None:
    """Hang "in an interview with O" on the statement made there."""
    if host is None or (sentence.tags[hit.cue[0]] == "v" and not host.elided):
        # "The film appeared on CNN, and Reed said …"
        return
    _split_told(sentence, host, hit, speakers)
    if speakers.addressee_outlet(sentence, hit.source) is not None:
        _hang_outlet(host, hit)


def _hang_outlet(host: Frame | None, hit: RelayHit) -> None:
    if host is not None:
        host.relayers.append(hit.source)
        host.relay_kind = "interview"
        host.shown.append((hit.first, hit.behind))
        _cut(host, hit)


def _hang_according(
    sentence: Sentence, around: tuple[list[Frame], list[Frame], Frame | None], hit: RelayHit, speakers: Speakers
) -> None:
    """Hang "according to S" on the statement that it relays, or make it one of its own.

    Args:
        sentence: the sentence.
        around: the statements of its verbs, those that relays make (one may be added), and the one relayed.
        hit: the relay.
        speakers: the speakers of the article.
    """
    frames, alone, host = around
    report = _report_from(sentence, frames, hit, speakers) if host is None and hit.role == "according" else None
    if host is not None and hit.role == "according":
        host.relayers.insert(0, hit.source)
        host.shown.append((hit.first, hit.behind))
        _cut(host, hit)
    elif report is not None:
        report.deeper.append(hit.source)
        report.relay_kind = "citing"
        report.shown.append((hit.first, hit.behind))
        report.content = [(first, min(behind, hit.first)) for first, behind in report.content if first < hit.first]
    else:
        said = _around(sentence, frames, hit)
        alone.append(_standalone(sentence, hit, said))
        if speakers.lexicon.inverts:
            told_beside(sentence, alone[-1], speakers)
        for frame in frames:
            if said is None or not any(first <= hit.first < behind for first, behind in frame.content):
                _cut(frame, hit)
        if hit.holder is not None and speakers.addressee_outlet(sentence, hit.holder) is not None:
            alone[-1].relayers.append(hit.holder)


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


def _lacks_evidence(sentence: Sentence, frame: Frame) -> bool:
    """As in "there is no evidence that S offered help": nobody says that S did."""
    first = frame.source[0] if frame.source is not None else 0
    if first < _LEAST_CLAIM or sentence.tags[first - 1] != "t":
        return False
    return sentence.lowered[first - 2] in _EVIDENCE and sentence.lowered[first - 3] in _NONE


def _tails_hung(sentence: Sentence, frames: list[Frame], speakers: Speakers) -> list[Frame]:
    """As in "S said C, O reported": the outlet at the end relays what the one before it said."""
    tail = frames[-1] if len(frames) > 1 else None
    if tail is None or not tail.after or tail.source is None or not tail.content:
        return frames
    closing = max([tail.behind, *(behind for _, behind in tail.shown)])
    if closing < len(sentence.tags) - 1 or not _is_outlet(sentence, tail, speakers):
        return frames
    start, end = tail.content[0]
    if tail.quoted:
        # "S declared: “C,” O reported"
        start = next((host.first for host in frames[:-1] if _ends_with_quote(sentence, host, start)), end)
    hosts = [
        frame
        for frame in frames[:-1]
        if frame.source is not None
        and start <= frame.first
        and frame.behind <= end
        and not frame.after
        and frame.kind not in {"claim-noun", "participle", "relative", "attitude"}
        and any(behind > tail.first - 2 for _, behind in frame.content)
    ]
    outer = [host for host in hosts if host.kind != "belief" and not _lies_within(host, hosts)]
    if not outer:
        return frames
    through = [*tail.relayers, tail.source, *tail.deeper]
    if any(speakers.outlet_of(sentence.words[a:b], sentence.tags[a:b]) is None for a, b in through):
        # "S said C, O reported, citing P": whether P is how O knows of S is left open
        return frames
    for host in outer:
        host.relayers[:0] = through
        host.shown += [(tail.first, tail.behind), *tail.shown]
    for host in hosts:
        host.content = [(first, min(behind, end)) for first, behind in host.content if first < end]
    whole = phrases.main_subject(sentence)
    # a preposition may stand before whoever speaks: "В полиции заявили, что C, передаёт O"
    least = max(whole[0] if whole else 0, int(sentence.tags[0] == "p"))
    opens = any(host.source is not None and host.source[0] <= least for host in outer)
    return frames[:-1] if opens else frames


def _ends_with_quote(sentence: Sentence, host: Frame, quote: int) -> bool:
    """Whether a statement's content begins with the quotation at a token: "S declared: “C,”"."""
    start = host.content[0][0] if host.content else -1
    return sentence.tags[start : quote + 1] in {"Q", ":Q", ",Q", "tQ"} and host.behind <= quote


def _lies_within(frame: Frame, others: list[Frame]) -> bool:
    return any(
        first <= frame.first and frame.behind <= behind
        for other in others
        if other is not frame
        for first, behind in other.content
    )


def _is_outlet(sentence: Sentence, frame: Frame, speakers: Speakers) -> bool:
    """Whether an agency or an outlet is who a statement is from."""
    if frame.source is None:
        return False
    first, behind = frame.source
    return speakers.outlet_of(sentence.words[first:behind], sentence.tags[first:behind]) is not None


def _report_from(sentence: Sentence, frames: list[Frame], hit: RelayHit, speakers: Speakers) -> Frame | None:
    """As in "O reported that C, according to S": the report that the outlet has from S; None where it is doubtful."""
    if sentence.tags[hit.first - 1 : hit.first] != "," or hit.deeper or hit.holder is not None:
        return None
    before = [frame for frame in frames if frame.cue[1] <= hit.first and frame.kind != "attitude"]
    if len(before) != 1 or before[0].kind != "verb-before" or before[0].elided or before[0].quoted:
        return None
    report = before[0]
    first, behind = hit.source
    named = speakers.outlet_of(sentence.words[first:behind], sentence.tags[first:behind])
    reaches = any(start < hit.first <= end for start, end in report.content)
    return report if reaches and named is None and _is_outlet(sentence, report, speakers) else None


def _split_told(sentence: Sentence, host: Frame, hit: RelayHit, speakers: Speakers) -> None:
    """As in "Speaking to O medic Ann Cole said C" without its comma: the outlet's name and who speaks, apart."""
    first, behind = hit.source
    if host.source is None or host.source != hit.source:
        return
    found = speakers.gazetteer.within(sentence.words[first:behind])
    if found is None or found[1] or found[2] >= behind - first:
        return
    if "N" in sentence.tags[first + found[2] : behind]:
        hit.source = first, first + found[2]
        host.source = first + found[2], behind


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
        if frame.after and frame.behind <= hit.first <= frame.behind + 1 and frame.source is not None:
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


def _around(sentence: Sentence, frames: list[Frame], hit: RelayHit) -> tuple[int, int] | None:
    """What is said around a relay in its middle: "S said that, according to O, C"; None where it ends the sentence."""
    tags = sentence.tags
    if hit.first <= 1 or tags[hit.behind : hit.behind + 1] != "," or tags[hit.first - 1] not in _OPENS_RELAY:
        return None
    around = None
    for frame in frames:
        if frame.after or frame.kind not in {"verb-before", "participle", "quoted-as-saying", "relative"}:
            continue
        for first, behind in frame.content:
            if first <= hit.first and hit.behind + 1 < behind and phrases.has_finite(tags[hit.behind + 1 : behind]):
                around = first, behind
    return around


def _standalone(sentence: Sentence, hit: RelayHit, around: tuple[int, int] | None) -> Frame:
    tags = sentence.tags
    begin, end = around if around is not None else (0, len(tags))
    while end > 0 and tags[end - 1] == ".":
        end -= 1
    content: list[tuple[int, int]] = []
    start = hit.behind
    while start < end and tags[start] in ",-:":
        start += 1
    lead = hit.first <= 1 or (around is not None and set(tags[begin : hit.first]) <= _ONLY_OPENING)
    if lead:
        content = [(start, end)] if start < end else []
    else:
        last = hit.first
        while last > begin and tags[last - 1] in ",-":
            last -= 1
        if last > begin:
            content.append((begin, last))
        if start < end and hit.behind < end and tags[hit.behind] == "," and tags[start] in "vVhzmMXWrn":
            content.append((start, end))
    return Frame(
        kind="according-to",
        rule=f"according-to:{'lead' if lead else 'tail'}",
        cue=hit.cue,
        source=hit.source,
        content=content,
        stance="assert",
        prior=hit.prior,
        lemma="according to",
        deeper=list(hit.deeper),
        after=not lead and around is None,
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
    start = 1 if tags[0] in "-x" else 0
    colon = tags.find(":", start + 1, 12)
    if colon < 1 or colon + 1 >= len(tags):
        return None
    found = phrases.right_phrase(sentence, start)
    if found is None or found != (start, colon):
        return None
    words = sentence.words[start:colon]
    kinds = speakers.lexicon.kinds(words[-1].lower()) | speakers.lexicon.kinds(words[0].lower())
    outlet = speakers.outlet_of(words, tags[start:colon])
    speaks = kinds & {"person", "statement", "anonymous", "outlet"} or outlet is not None or is_house(" ".join(words))
    quoted = tags[colon + 1] == "Q"
    named = tags[start:colon] in {"N", "NN", "NNN"}
    if not speaks and not (named and (quoted or _is_person(sentence, (start, colon), speakers))):
        return None
    if not quoted and not phrases.has_finite(tags[colon + 1 :]) and len(tags) - colon < 6:
        return None
    return Frame(
        kind="headline-colon",
        rule="headline-colon",
        cue=(colon, colon + 1),
        source=(start, colon),
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


def _is_person(sentence: Sentence, named: Range, speakers: Speakers) -> bool:
    """Whether the name before a headline's colon is a person whom the article names in full: "Cole: …", Ann Cole."""
    found, _ = speakers.resolve(sentence, named, 0)
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
