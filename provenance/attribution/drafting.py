"""From what the grammar found in a sentence to an attribution: names resolved, chain, stance and evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from provenance.attribution import phrases
from provenance.attribution.drafts import OPENING_WORDS, Draft, opening_of, without_repeats
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.names import UNRESOLVED, same_source
from provenance.attribution.nesting import UNSAID
from provenance.attribution.phrases import Range
from provenance.attribution.speakers import Speakers
from provenance.attribution.tagging import Sentence
from provenance.model import Source, Stance
from provenance.settings import AttributionSettings

_WORDS: Final = re.compile(r"\w+")
_SPEAKERS: Final = frozenset(("person", "organization", "agency", "outlet", "anonymous", "collective", "author"))
_NAMED: Final = frozenset("NPq9j")
_PLAIN_VERBS: Final = frozenset(["say"])
_OUTLETS: Final = frozenset(["agency", "outlet"])
_THAT: Final = 9
"""Characters of "that the" before a name."""
_NOBODY: Final = frozenset(["no", "nobody", "none", "neither"])
"""At the start of a source: "no one reported seeing him" is no attribution."""
_LOOSE_KINDS: Final = frozenset(["attitude", "belief", "criticism", "denial", "relative"])
_LOOSE_VERBS: Final = frozenset(["promise", "ask", "want", "urge", "call", "speak"])
_NO_CLAUSE: Final = frozenset(["object", "to", "about", "as", "none"])
"""Complements that say what something is about only, in the last part of a rule's name."""
_ANNOUNCING: Final = frozenset(["announce", "confirm", "reveal", "disclose"])
"""Verbs whose bare object is what is said: "announced a new deal"."""


class Drafter:
    """Makes drafts of one article's attributions."""

    def __init__(self, text: str, lexicon: Lexicon, speakers: Speakers, settings: AttributionSettings):
        self.text = text
        self.lexicon = lexicon
        self.speakers = speakers
        self.settings = settings
        self._outlets: dict[Range, Source | None] = {}
        # most texts hold none of the words that change a stance, and are asked once
        self._telling = any(word in text for word in (*lexicon.conditionals, *lexicon.negative_adjectives))

    def made(  # noqa: PLR0913 - what is said, and where it stands
        self,
        sentence: Sentence,
        frame: Frame,
        number: int,
        *,
        base: tuple[Source, ...],
        certainty: float,
        above: Draft | None,
        last: Draft | None,
        previous: tuple[int, int],
    ) -> Draft | None:
        """The draft of one frame; None where it is no attribution after all, or too unsure.

        Args:
            sentence: where the frame was found.
            frame: what the grammar found.
            number: the paragraph's number.
            base: the chain of the quotation that the sentence stands in.
            certainty: how sure its attribution is; 1 outside of quotations.
            above: the attribution of the same sentence whose content holds this one.
            last: the attribution before.
            previous: the sentence before.
        """
        self._outlets.clear()
        if base and self._open(sentence, frame):
            return None
        found = self._unspoken(frame, number) if frame.dropped else self._speaker(sentence, frame, number, above)
        if found is None:
            return None
        source, factor = found
        chain = self._chain(sentence, frame, source)
        inherits = self._inherited(sentence, frame, source, number, last) if len(chain) == 1 else []
        prefix = self._prefix(sentence, frame, base, above, chain[0], source)
        if prefix is None:
            return None
        around = above.confidence if above else 1.0
        whole = without_repeats([*prefix, *inherits, *chain])
        draft = Draft(
            kind=self._kind(sentence, frame),
            rule=frame.rule,
            stance=self._stance(sentence, frame),
            source=None if frame.source is None or frame.dropped else sentence.span(*frame.source),
            source_name=source.name,
            cue=sentence.span(*frame.cue),
            content=self._content(sentence, frame, previous),
            evidence=self._shown(sentence, frame),
            chain=whole,
            confidence=min(0.99, frame.prior * factor * certainty) * around,
            paragraph=number,
            quoted=frame.quoted,
            after=frame.after,
            inherits=inherits or self._told(sentence, frame),
            speaker=source,
            nested=bool(base),
            certainty=around,
            nodes=len(chain),
        )
        least = self._least(frame, around, relayed=any(node.outlet for node in prefix), quoted=above is None)
        return draft if draft.confidence >= least and self._may_stand(frame, draft) else None

    def _may_stand(self, frame: Frame, draft: Draft) -> bool:
        """Whether something is said, and by somebody whom an outlet can relay."""
        if not draft.content and frame.rule.startswith("loose:") and frame.kind != "attitude":
            return False
        # "he was asked on O whether": what O relays is the answer
        return (
            frame.kind != "attitude" or draft.speaker is not UNRESOLVED or not any(node.outlet for node in draft.chain)
        )

    def _open(self, sentence: Sentence, frame: Frame) -> bool:
        """Whether "they" in somebody's words means one who was named before the quotation begins, if at all."""
        return frame.kind in UNSAID and self._pronoun(sentence, frame)

    def _prefix(
        self,
        sentence: Sentence,
        frame: Frame,
        base: tuple[Source, ...],
        above: Draft | None,
        first: Source,
        source: Source,
    ) -> list[Source] | None:
        """The chain that a statement stands in; None where it is none of an outlet's within somebody's words."""
        prefix = _around(base if above is None else above.chain, first)
        if prefix and source.kind in _OUTLETS and not any(node.outlet for node in prefix):
            unsure = self._pronoun(sentence, frame), self._loose(frame)
            if all(unsure) or (above is None and any(unsure)):
                return None
            direct = above is None or (above.kind != "according-to" and self._begins(sentence, frame, above))
            # a report is in no article or letter
            return prefix if direct and prefix[-1].kind not in {"statement", "artefact"} else []
        # "“C,” S told O" within what S says is O from S
        return prefix[: next((at for at, node in enumerate(prefix) if same_source(node, source)), len(prefix))]

    def _least(self, frame: Frame, around: float, *, relayed: bool, quoted: bool) -> float:
        """How sure a statement must be that stands in another one, this sure itself, or in none."""
        least = self.settings.minimum_confidence * around
        if not relayed:
            return least
        if self._loose(frame):
            return max(least, self.settings.least_relayed_loose)
        # within a quotation the words are the speaker's own
        return least if quoted else max(least, self.settings.least_relayed)

    def _loose(self, frame: Frame) -> bool:
        """Whether a statement is none of the plain kinds: a belief, a wish, a judgement, a promise, a bare object."""
        return (
            frame.kind in _LOOSE_KINDS
            or frame.rule.startswith("loose:")
            or (frame.verb_class is not None and frame.verb_class.name in _LOOSE_VERBS)
            or (frame.rule.rpartition(":")[2] in _NO_CLAUSE and frame.lemma not in _ANNOUNCING)
        )

    def _begins(self, sentence: Sentence, frame: Frame, above: Draft) -> bool:
        """Whether what somebody says begins with a frame's source: "S said that O reported", not "S said C, O did"."""
        if frame.source is None or not above.content:
            return False
        return 0 <= sentence.start(frame.source[0]) - above.content[0][0] <= _THAT

    def _speaker(
        self, sentence: Sentence, frame: Frame, number: int, above: Draft | None
    ) -> tuple[Source, float] | None:
        """Who a frame's source is, and what is left of the confidence; None where it cannot be the one who speaks."""
        if frame.source is None:
            return (UNRESOLVED, 1.0) if frame.unnamed else None
        if _nobody(sentence, frame.source) or (above is not None and self._left_out(sentence, frame, above)):
            return None
        if frame.kind == "inverted" and frame.addressee is None:
            told = self.speakers.told_first(sentence, frame.source)
            if told is not None:
                frame.addressee, frame.source = told
        if frame.rule == "conveyed-words":
            self._conveyor(sentence, frame)
        if self.lexicon.offices and frame.addressee is None and frame.source is not None:
            owned = self.speakers.outlets_own(sentence, frame.source)
            if owned is not None:
                frame.addressee, frame.source = owned
        if self.lexicon.datives:
            self._genitive(sentence, frame)
        source, factor = self._resolved(sentence, frame, number, above)
        if above is not None and frame.kind in UNSAID and same_source(above.chain[-1], source):
            return None
        if frame.outlet_only and source.kind not in {"agency", "outlet"}:
            return None
        source = self._of_another(sentence, frame, source)
        if frame.addressee is not None and source.kind in {"statement", "artefact"}:
            # a letter is nobody who tells somebody something: the phrase is not the whole subject
            return None
        if source.kind in {"agency", "outlet"} and frame.kind in {"criticism", "attitude"}:
            factor *= 0.9
        if self._unlikely(sentence, frame, source):
            factor *= self.settings.unknown_speaker_factor
        return source, factor

    def _of_another(self, sentence: Sentence, frame: Frame, source: Source) -> Source:
        """As in "CBS's Tom Reed told the Courier": whoever speaks to another outlet does not speak for his own."""
        if frame.source is None or frame.addressee is None or not source.outlet:
            return source
        told = self._outlet(sentence, frame.addressee)
        name = sentence.tags[frame.source[0] : frame.source[1]].rpartition("j")[2]
        if told is None or told == source or name not in {"NN", "NNN"}:
            return source
        return self.speakers.names.person(sentence.words[frame.source[1] - len(name) : frame.source[1]])

    def _left_out(self, sentence: Sentence, frame: Frame, above: Draft) -> bool:
        """Whether a thought or a wish within what is said is not reported: "S said he hopes" is what S says of S."""
        if above.after or frame.kind not in UNSAID:
            return False
        return self._pronoun(sentence, frame) or (frame.kind == "attitude" and not self.settings.nested_attitudes)

    def _resolved(self, sentence: Sentence, frame: Frame, number: int, above: Draft | None) -> tuple[Source, float]:
        """The source of a frame; "the governor" in what a governor says is another one, "he" may well be himself."""
        where = frame.source
        if where is None:
            return UNRESOLVED, 1.0
        heard = self.speakers.heard
        hidden = heard.hidden
        if above is not None and not frame.elided and not self._pronoun(sentence, frame):
            heard.hidden = above.speaker
        found = self.speakers.resolve(sentence, where, number)
        if found[0] is UNRESOLVED and frame.after and self.lexicon.owners and sentence.tags[0] != "Q":
            found = self._own_subject(sentence, frame, number) or found
        heard.hidden = hidden
        return found

    def _conveyor(self, sentence: Sentence, frame: Frame) -> None:
        """The outlet at the end of "слова главы МЧС Ивана Петрова РИА Новости"; the name before it is whose words."""
        told, source = frame.addressee, frame.source
        if told is None or source is None or told[0] != source[1]:
            return
        found = self.speakers.gazetteer.within(sentence.words[told[0] : told[1]])
        if found is not None and found[1] > 0:
            frame.source, frame.addressee = (source[0], told[0] + found[1]), (told[0] + found[1], told[1])

    def _own_subject(self, sentence: Sentence, frame: Frame, number: int) -> tuple[Source, float] | None:
        """As in "Le parquet a ouvert une enquête, a-t-il précisé": the pronoun means who the sentence is about."""
        subject = phrases.main_subject(sentence)
        if subject is None or subject[1] > frame.first or sentence.tags[subject[0]] == "P":
            return None
        words = sentence.lowered[subject[0] : subject[1]]
        if "N" not in sentence.tags[subject[0] : subject[1]] and not any(map(self.lexicon.kinds, words)):
            return None
        source, factor = self.speakers.resolve(sentence, subject, number)
        return source, factor * self.settings.pronoun_factor

    def _genitive(self, sentence: Sentence, frame: Frame) -> None:
        """As in "sagte ein Sprecher der Feuerwehr": who is no outlet is not told, but has the one who speaks."""
        told, source = frame.addressee, frame.source
        if told is None or source is None or told[0] != source[1] or sentence.tags[source[1] - 1] != "n":
            return
        if self.speakers.addressee_outlet(sentence, told) is None:
            frame.addressee, frame.source = None, (source[0], told[1])
            if sentence.lowered[told[1] : told[1] + 1] and sentence.lowered[told[1]] in self.lexicon.datives:
                # "ein Vertreter der Verwaltung der Nachrichtenagentur O"
                frame.addressee = phrases.short_phrase(sentence, told[1])

    def _unspoken(self, frame: Frame, number: int) -> tuple[Source, float] | None:
        """Who spoke last, where a verb has no subject; None where nobody has."""
        last = self.speakers.heard.last(_SPEAKERS, number)
        if last is None or frame.addressee is not None:
            return None
        return last.source, self.settings.pronoun_factor

    def _unlikely(self, sentence: Sentence, frame: Frame, source: Source) -> bool:
        """Whether a source is a common noun that names no kind of speaker, and the verb no plain one of saying."""
        if frame.after or frame.source is None or frame.verb_class is None or frame.verb_class.name in _PLAIN_VERBS:
            return False
        if source.kind not in {"anonymous", "collective"}:
            return False
        first, behind = frame.source
        unnamed = _NAMED.isdisjoint(sentence.tags[first:behind])
        return unnamed and not any(self.lexicon.kinds(word.lower()) for word in sentence.words[first:behind])

    def _content(self, sentence: Sentence, frame: Frame, previous: tuple[int, int]) -> list[tuple[int, int]]:
        """What is said; "this" in "this was said by S" is the sentence before."""
        if frame.anaphoric and previous[0] < previous[1]:
            return [previous]
        return [sentence.span(*part) for part in frame.content if part[0] < part[1]]

    def _chain(self, sentence: Sentence, frame: Frame, source: Source) -> list[Source]:
        """The nodes that the sentence itself gives: relayers, the source, and those it cites."""
        chain: list[Source] = []
        for relayer in frame.relayers:
            found = self._outlet(sentence, relayer)
            chain.append(
                found if found is not None else self.speakers.resolve(sentence, relayer, self.speakers.heard.here)[0]
            )
        if frame.addressee is not None:
            told = self._outlet(sentence, frame.addressee)
            if told is not None:
                chain.append(told)
        chain.append(source)
        chain.extend(self.speakers.resolve(sentence, deeper, self.speakers.heard.here)[0] for deeper in frame.deeper)
        return without_repeats(chain) if len(chain) > 1 else chain

    def _outlet(self, sentence: Sentence, where: Range) -> Source | None:
        """The outlet that was told something, looked up once a frame."""
        if where not in self._outlets:
            self._outlets[where] = self.speakers.addressee_outlet(sentence, where)
        return self._outlets[where]

    def _told(self, sentence: Sentence, frame: Frame) -> list[Source]:
        """The outlets somebody spoke to, which his next words were spoken to as well."""
        if frame.addressee is None and frame.relay_kind != "interview":
            return []
        spoken = list(frame.relayers) if frame.relay_kind == "interview" else []
        if frame.addressee is not None:
            spoken.append(frame.addressee)
        found = [self._outlet(sentence, where) for where in spoken]
        return [source for source in found if source is not None]

    def _inherited(
        self, sentence: Sentence, frame: Frame, source: Source, number: int, last: Draft | None
    ) -> list[Source]:
        """The outlet somebody was speaking to goes on where he goes on to be quoted: "he added"."""
        if last is None or not last.inherits or number - last.paragraph > 1 or frame.source is None:
            return []
        pronoun = frame.dropped or sentence.tags[frame.source[0] : frame.source[1]] == "P"
        if pronoun and frame.quoted and last.chain and same_source(last.chain[-1], source):
            return last.inherits
        return []

    def _pronoun(self, sentence: Sentence, frame: Frame) -> bool:
        return frame.source is not None and sentence.tags[frame.source[0] : frame.source[1]] == "P"

    def _kind(self, sentence: Sentence, frame: Frame) -> str:
        if frame.kind not in {"verb-before", "verb-after", "inverted", "participle"}:
            return frame.kind
        if frame.addressee is not None and self._outlet(sentence, frame.addressee) is not None:
            return "told-outlet"
        return frame.relay_kind or frame.kind

    def _stance(self, sentence: Sentence, frame: Frame) -> Stance:
        if frame.stance != "assert" or not self._telling or not frame.content or frame.kind == "claim-noun":
            return frame.stance
        start, end = sentence.start(frame.content[0][0]), sentence.end(frame.content[-1][1] - 1)
        words = _WORDS.findall(self.text, start, min(end, start + 400))
        if not frame.quoted and not self.lexicon.conditionals.isdisjoint(words) and "si" not in words:
            return "conjecture"
        if self.lexicon.negative_adjectives.isdisjoint(words):
            return "assert"
        denied = any(self.lexicon.claims.get(word.lower()) == "distanced" for word in words)
        return "deny" if denied else "assert"

    def _shown(self, sentence: Sentence, frame: Frame) -> list[tuple[int, int]]:
        """The words that show a statement: source and cue with what stands between, relays, the content's start."""
        text = self.text
        parts: list[tuple[int, int]] = []
        spans: list[Range] = [frame.cue, *frame.shown, *frame.relayers, *frame.deeper]
        if frame.addressee is not None:
            spans.append(frame.addressee)
        if frame.source is not None:
            spans.append(frame.source)
        bounds = sorted(sentence.span(*span) for span in spans)
        for start, end in bounds:
            if parts and start - parts[-1][1] <= OPENING_WORDS:
                parts[-1] = parts[-1][0], max(end, parts[-1][1])
            else:
                parts.append((start, end))
        for first, behind in frame.content[:1]:
            start, end = opening_of(text, *sentence.span(first, behind))
            for near, part in enumerate(parts):
                if 0 <= start - part[1] <= 3:
                    parts[near] = part[0], end
                    break
            else:
                parts.append((start, end))
        return parts


def _nobody(sentence: Sentence, source: Range) -> bool:
    """Whether nobody speaks: "no one in its network", "Of the 1,093 confirmed cases"."""
    return sentence.lowered[source[0]] in _NOBODY or sentence.words[source[1] - 1][0].isdigit()


def _around(chain: Sequence[Source], first: Source) -> list[Source]:
    """The chain that a statement stands in, without the one who makes it at its end."""
    prefix = list(chain)
    while prefix and same_source(prefix[-1], first):
        prefix.pop()
    return prefix
