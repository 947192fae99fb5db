"""`Attributor`: reads who is said to say what out of an article, and whose text the article says it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final

from provenance.attribution import compose, grammar, nesting, phrases, relays
from provenance.attribution.artefacts import artefact_frames, outside
from provenance.attribution.attitudes import attitude_frames
from provenance.attribution.clauses import ClauseReading, clause_grammars
from provenance.attribution.credits import CreditReader, Layout
from provenance.attribution.drafting import Drafter
from provenance.attribution.drafts import (
    Draft,
    evidence_of,
    finished,
    on_the_page,
    opening_of,
    position,
)
from provenance.attribution.frames import Frame
from provenance.attribution.languages import language_of
from provenance.attribution.lexicon import LANGUAGES, Lexicon, load_lexicon
from provenance.attribution.names import own_outlet
from provenance.attribution.outlet_phrases import aired, from_afar, informed, lost_commas
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.phrases import Range
from provenance.attribution.scopes import Credit
from provenance.attribution.speakers import Speakers
from provenance.attribution.tagging import Sentence, Tags, tag_sentence
from provenance.attribution.tails import tails
from provenance.model import Article, Attribution, Mention, Source, Span
from provenance.settings import AttributionSettings
from provenance.text.quotations import Quotation, has_marks, quotations
from provenance.text.sentences import paragraphs, sentences

_TAG_FOLLOWS: Final = re.compile(r"(?:(?:P|d?[Nnj9]{1,6})[rh]{0,2}[VX]|[VX](?:P|d?[Nnj]))")
_ONLY_QUOTES: Final = re.compile(r"[Q.,]*Q[Q.,]*")
_WORDS: Final = re.compile(r"\w+")
_HUNG_ON: Final = re.compile("[op]")
_SENTENCES_BACK: Final = 2
"""Sentences before a pronoun in which the one it means is looked for as a subject."""


class Attributor:
    """Finds the attributions of articles; compiles its cues once, keeps nothing from one article to the next."""

    def __init__(self, settings: AttributionSettings, gazetteer: Gazetteer | None = None):
        self.settings = settings
        self.gazetteer = gazetteer if gazetteer is not None else Gazetteer.default()
        self._credits = CreditReader(self.gazetteer, settings)
        self._lexicons = {language: load_lexicon(language) for language in LANGUAGES}
        self._tags = {language: Tags(lexicon) for language, lexicon in self._lexicons.items()}
        self._clauses = clause_grammars(self._lexicons, self.gazetteer)

    def attribute(self, article: Article) -> list[Attribution]:
        """The attributions of one article, by position: whole-document credit first where positions are equal."""
        language = language_of(article)
        spans = paragraphs(article.text)
        layout = self._credits.layout(article, spans)
        reading: _Reading | ClauseReading = _Reading(article, self, self._lexicons[language], self._tags[language])
        if language in self._clauses:
            reading = ClauseReading(article, self._clauses[language], self.gazetteer, self.settings)
        reading.read(spans, layout)
        found = [self._credit(article, credit) for credit in layout.credits]
        found.extend(on_the_page(article, *credit) for credit in self._credits.page(article))
        found.extend(finished(article, reading.drafts, reading.speakers))
        # they point at each other; without this each article would wait for the collector of cycles
        del reading.speakers.earlier
        least = self.settings.minimum_confidence
        kept = [one for one in found if one.confidence >= least]
        kept.sort(key=position)
        return kept

    def _credit(self, article: Article, credit: Credit) -> Attribution:
        words = article.text[credit.named.start : credit.named.end]
        named = credit.chain[0].kind != "unnamed"
        return Attribution(
            document=article.id,
            scope="document" if credit.content is None else "passage",
            kind=credit.kind,
            stance="assert",
            source=Mention(credit.named, words, credit.chain[-1].name) if named else None,
            cue=None,
            content=() if credit.content is None else (credit.content,),
            evidence=(evidence_of(article, credit.span.start, credit.span.end, credit.rule),),
            chain=credit.chain,
            confidence=credit.prior,
            rule=credit.rule,
        )


def _start_of(quotation: Quotation) -> int:
    return quotation.span.start


class _Reading:
    """One article being read: its speakers, and what has been found so far."""

    def __init__(self, article: Article, attributor: Attributor, lexicon: Lexicon, tags: Tags):
        self.article = article
        self.text = article.text
        self.settings = attributor.settings
        self.lexicon = lexicon
        self.tags = tags
        own = own_outlet(article, attributor.gazetteer)
        self.speakers = Speakers(article.text, lexicon, attributor.gazetteer, attributor.settings, own)
        self.speakers.earlier = self._earlier
        self.drafter = Drafter(article.text, lexicon, self.speakers, attributor.settings)
        self.lost_commas = not lexicon.inverts and lost_commas(article.text)
        self.drafts: list[Draft] = []
        self.last: Draft | None = None
        self.announced: Draft | None = None
        # the sentences of this paragraph up to the current one, and of the one before, each with its quotations
        self.split: tuple[list[tuple[int, int]], list[Quotation]] = ([], [])
        self.before: tuple[list[tuple[int, int]], list[Quotation]] = ([], [])
        self.place = 0
        self.current: tuple[int, int] = (0, 0)
        self.previous: tuple[int, int] = (0, 0)

    def read(self, spans: Sequence[Span], layout: Layout) -> None:
        text = self.text
        headline = self._headline(spans, layout)
        for credit in layout.credits:
            self.speakers.heard.mention(credit.chain)
        for number, span in enumerate(spans):
            if number in layout.skipped:
                continue
            start = layout.offsets.get(number, span.start)
            following = text[spans[number + 1].start] if number + 1 < len(spans) else ""
            self.speakers.heard.here = number
            self._paragraph(start, span.end, number, following, headline=number in headline)
        self._through(layout.credits)
        if layout.breadcrumbs:
            self._repeat_headline(spans, layout)

    def _through(self, credits_found: Sequence[Credit]) -> None:
        """What is said in a paragraph that ends on its source was said there, unless it was told to another outlet."""
        sourced = [(credit.content, credit) for credit in credits_found if credit.content is not None]
        if not sourced:
            return
        sourced.sort(key=lambda one: one[0].start)
        starts = [content.start for content, _ in sourced]
        for draft in self.drafts:
            if not draft.content or any(node.kind in {"agency", "outlet"} for node in draft.chain):
                continue
            at = bisect_right(starts, draft.content[0][0]) - 1
            # several credits may speak for one paragraph; the first of them does
            while at > 0 and starts[at - 1] == starts[at]:
                at -= 1
            if at < 0:
                continue
            paragraph, credit = sourced[at]
            if all(paragraph.start <= start and end <= paragraph.end for start, end in draft.content):
                draft.chain = [*credit.chain, *draft.chain]
                draft.evidence.append((credit.span.start, credit.span.end))
                draft.confidence *= credit.prior

    def _headline(self, spans: Sequence[Span], layout: Layout) -> set[int]:
        """Lines at the start that are headlines: most words have a capital, no stop at the end."""
        found = set()
        for number, span in enumerate(spans[:4]):
            if len(span) > self.settings.credit_line_length:
                continue
            line = self.text[span.start : span.end]
            words = [word for word in line.split() if word[0].isalpha()]
            capital = sum(1 for word in words if word[0].isupper() and len(word) > 3)
            long = sum(1 for word in words if len(word) > 3)
            if (
                number not in layout.skipped
                and 3 <= len(words) <= 30
                and (line[-1] not in ".:" or (number == 0 and line[-1] == "."))
                and capital >= 0.75 * long
            ):
                found.add(number)
        return found

    def _repeat_headline(self, spans: Sequence[Span], layout: Layout) -> None:
        """A path at the top of the page that repeats the headline shows the same statement a second time."""
        for draft in self.drafts:
            if draft.paragraph > 4 or not draft.evidence:
                continue
            start, end = draft.evidence[0]
            shown = self.text[start:end]
            for number in layout.breadcrumbs:
                at = self.text.find(shown, spans[number].start, spans[number].end)
                if at >= 0 and len(shown) > 10:
                    draft.evidence.append((at, at + len(shown)))

    def _paragraph(  # noqa: PLR0913 - where, under what, how deep
        self,
        start: int,
        end: int,
        number: int,
        following: str = "",
        *,
        headline: bool = False,
        base: tuple[Source, ...] = (),
        depth: int = 0,
        confidence: float = 1.0,
    ) -> None:
        text = self.text
        top: list[Quotation] = []
        if has_marks(text, start, end):
            top = [q for q in quotations(text, start, end, following) if q.depth == 0 and q.kind != "title"]
        pending: tuple[int, int] | None = None
        longest = self.settings.longest_sentence
        held = 0
        opening = True
        found = sentences(text, start, end, top)
        if depth == 0:
            self.before, self.split = self.split, (found, top)
        for place, (first, behind) in enumerate(found):
            while held < len(top) and top[held].span.end <= first:
                held += 1
            upto = held
            while upto < len(top) and top[upto].span.start < behind:
                upto += 1
            inside = top[held:upto]
            if depth == 0:
                self.previous, self.current, self.place = self.current, (first, behind), place
                self.speakers.heard.before = self.previous[0]
            if pending is not None:
                merged = self._with_tag(pending, (first, behind), top)
                if merged is not None:
                    self._sentence(merged, number, (base, depth, confidence))
                    pending, opening = None, False
                    continue
                self._only_quoted(self._tagged(pending, top), number, (base, depth, confidence), opening=opening)
                pending, opening = None, False
            speech = bool(inside) and any(q.kind == "speech" for q in inside)
            colon = depth == 0 and text[behind - 1] == ":"
            if not speech and not headline and not colon and not self.lexicon.may_report(text[first:behind].split()):
                if self.lexicon.subjunctives and depth == 0:
                    self._go_on((first, behind), number)
                opening = False
                continue
            if behind - first > longest and behind - first - sum(len(q.span) for q in inside) > longest:
                opening = False
                continue
            sentence = tag_sentence(text, first, behind, inside, self.tags, headline=headline)
            if speech and _ONLY_QUOTES.fullmatch(sentence.tags):
                pending = (first, behind)
                continue
            self._sentence(sentence, number, (base, depth, confidence), headline=headline)
            opening = False
        if pending is not None:
            self._only_quoted(self._tagged(pending, top), number, (base, depth, confidence), opening=opening)

    def _go_on(self, where: tuple[int, int], number: int) -> None:
        """A sentence in the reported mood without a cue goes on with what was said in the one before it."""
        last = self.last
        if last is None or last.paragraph != number or not last.content or last.kind in {"attitude", "criticism"}:
            return
        words = _WORDS.findall(self.text, where[0], min(where[1], where[0] + self.settings.longest_sentence))
        lowered = {word.lower() for word in words}
        reached = max(last.content[-1][1], last.evidence[-1][1])
        if reached <= self.previous[0] or lowered.isdisjoint(self.lexicon.subjunctives) or "ich" in lowered:
            return
        last.content.append(where)
        last.evidence.append(opening_of(self.text, *where))

    def _earlier(self, wide: bool) -> Iterator[tuple[Sentence, Range]]:
        """The subjects of the sentences before the current one, nearest first, in this paragraph or the one before."""
        near = self.split[0][max(0, self.place - _SENTENCES_BACK) : self.place]
        for spans, top in ((near, self.split[1]), self.before) if wide else ((near, self.split[1]),):
            for where in spans[: -_SENTENCES_BACK - 1 : -1]:
                if where[1] - where[0] > self.settings.longest_sentence:
                    continue
                sentence = self._tagged(where, top)
                subject = phrases.main_subject(sentence)
                if subject is not None:
                    yield sentence, subject

    def _tagged(self, where: tuple[int, int], top: list[Quotation]) -> Sentence:
        first = bisect_left(top, where[0], key=_start_of)
        inside = top[first : bisect_left(top, where[1], lo=first, key=_start_of)]
        return tag_sentence(self.text, where[0], where[1], inside, self.tags)

    def _with_tag(self, quoted: tuple[int, int], tag: tuple[int, int], top: list[Quotation]) -> Sentence | None:
        """“Really?” Smith said. The stop inside the quotation does not end the sentence where a tag follows."""
        last = self.text[quoted[1] - 2 : quoted[1]]
        if tag[1] - tag[0] > 300 or not any(mark in last for mark in "?!…—-"):
            return None
        sentence = self._tagged((quoted[0], tag[1]), top)
        behind = len(sentence.tags) - len(sentence.tags.lstrip("Q.,-"))
        return sentence if _TAG_FOLLOWS.match(sentence.tags, behind) else None

    def _only_quoted(
        self, sentence: Sentence, number: int, nest: tuple[tuple[Source, ...], int, float], *, opening: bool
    ) -> None:
        """A sentence that is only a quotation: it goes on in the paragraph, or takes the speaker of the one before."""
        last = self.last
        quoted = [q for q in sentence.quoted.values() if q.kind == "speech"]
        if not quoted or nest[1] > 0:
            return
        if last is not None and last.paragraph == number and not opening:
            for quotation in quoted:
                last.content.append((quotation.span.start, quotation.span.end))
                last.evidence.append((quotation.span.start, quotation.span.end))
            chain, confidence = last.chain, last.confidence
            last.quoted = True
        elif opening and self.announced is not None and number - self.announced.paragraph == 1:
            draft = self.announced
            draft.content = [(q.span.start, q.span.end) for q in quoted]
            draft.evidence.append(opening_of(self.text, *draft.content[0]))
            draft.paragraph = number
            self.drafts.append(draft)
            self.last, self.announced = draft, None
            chain, confidence = draft.chain, draft.confidence
        elif last is not None and number - last.paragraph <= 1 and last.kind not in {"attitude", "criticism"}:
            confidence = last.confidence * self.settings.floating_factor
            draft = Draft(
                kind="floating-quotation",
                rule="floating-quotation",
                stance="assert",
                source=None,
                source_name="",
                cue=None,
                content=[(q.span.start, q.span.end) for q in quoted],
                evidence=[(q.span.start, q.span.end) for q in quoted],
                chain=list(last.chain),
                confidence=confidence,
                paragraph=number,
                quoted=True,
                inherits=last.inherits,
            )
            self.drafts.append(draft)
            self.last = draft
            chain = draft.chain
        else:
            return
        self._inside(quoted, number, (tuple(chain), nest[1], confidence))

    def _inside(self, quoted: Sequence[Quotation], number: int, nest: tuple[tuple[Source, ...], int, float]) -> None:
        """Statements inside quotations: one level deeper, the quoted speaker's chain before theirs."""
        base, depth, confidence = nest
        if depth >= self.settings.deepest_quotation:
            return
        last, hidden = self.last, self.speakers.heard.hidden
        self.speakers.heard.hidden = base[-1] if base else None
        for quotation in quoted:
            inner = quotation.inner
            if self.lexicon.may_report(self.text[inner.start : inner.end].split()):
                self._paragraph(
                    inner.start,
                    inner.end,
                    number,
                    base=base,
                    depth=depth + 1,
                    confidence=confidence * self.settings.quoted_factor,
                )
        self.last, self.speakers.heard.hidden = last, hidden

    def _sentence(
        self,
        sentence: Sentence,
        number: int,
        nest: tuple[tuple[Source, ...], int, float],
        *,
        headline: bool = False,
    ) -> None:
        frames = grammar.verb_frames(sentence, self.lexicon, self.settings)
        attitudes = self.settings.attitudes and (nest[1] == 0 or self.settings.nested_attitudes)
        if frames and not attitudes:
            frames = [frame for frame in frames if frame.kind != "attitude"]
        frames.extend(self._claims(sentence, frames))
        if frames and not self.lexicon.inverts:
            frames = from_afar(sentence, frames, self.lexicon, self.speakers.gazetteer)
            aired(sentence, frames, self.speakers.gazetteer, self.lexicon)
        if "Vt" in sentence.tags and not self.lexicon.inverts:
            told = informed(sentence, self.speakers.gazetteer)
            if told is not None:
                frames.append(told)
        if self.lost_commas and nest[1] == 0:
            spoke = self.speakers.heard.has_spoken
            frames = tails(sentence, frames, self.lexicon, self.speakers.gazetteer, spoke)
        if self.lexicon.artefacts:
            frames.extend(artefact_frames(sentence, self.lexicon, frames))
        if headline or (":" in sentence.tags and not frames):
            frames.extend(compose.headed(sentence, frames, self.speakers, headline=headline))
        if ":" in sentence.tags and not frames and nest[1] == 0:
            announced = compose.announced(sentence, self.lexicon)
            if announced is not None and announced.content:
                frames.append(announced)
            elif announced is not None:
                self.announced = self._made(sentence, announced, number, (nest, None))
        hits = relays.relay_hits(sentence, self.lexicon)
        if frames or hits:
            frames = compose.attach(sentence, frames, hits, self.speakers)
        if attitudes:
            loose = outside(frames, attitude_frames(sentence, self.lexicon, frames, self.settings, headline=headline))
            aired(sentence, loose, self.speakers.gazetteer, self.lexicon)
            frames = sorted([*frames, *loose], key=lambda frame: (frame.cue, frame.content)) if loose else frames
        if frames:
            self._drafts_of(sentence, frames, number, nest)

    def _drafts_of(
        self, sentence: Sentence, frames: list[Frame], number: int, nest: tuple[tuple[Source, ...], int, float]
    ) -> None:
        outers = nesting.nested(sentence, frames, attitudes=self.settings.nested_attitudes)
        made: list[Draft | None] = [None] * len(frames)
        for index in nesting.outermost_first(outers):
            outer = outers[index]
            above = made[outer] if outer is not None else None
            made[index] = self._draft(sentence, frames[index], number, (nest, above))
            if above is not None and self.last is made[index]:
                self._speaks_on(made[nesting.root(outers, index)] or above)
        self._quotes_of(sentence, frames, made, number, nest)

    def _speaks_on(self, speaking: Draft) -> None:
        """Whoever reported what another one said goes on to speak, unless it is an outlet."""
        if speaking.speaker.kind not in {"agency", "outlet"}:
            self.last = speaking
            self.speakers.heard.recall(speaking.speaker)

    def _claims(self, sentence: Sentence, frames: list[Frame]) -> list[Frame]:
        if self.lexicon.claim_forms.isdisjoint(sentence.notable(self.lexicon.notable)):
            return []
        taken = {index for frame in frames for part in (frame.cue, frame.source or frame.cue) for index in range(*part)}
        claims = relays.claim_frames(sentence, self.lexicon, taken)
        if not claims:
            return claims
        sources = {frame.source for frame in frames}
        return [claim for claim in claims if claim.source not in sources]

    def _quotes_of(
        self,
        sentence: Sentence,
        frames: list[Frame],
        made: list[Draft | None],
        number: int,
        nest: tuple[tuple[Source, ...], int, float],
    ) -> None:
        for token, quotation in sentence.quoted.items():
            if quotation.kind != "speech":
                continue
            around = [
                (sum(behind - first for first, behind in frame.content), draft.confidence, draft)
                for frame, draft in zip(frames, made, strict=True)
                if draft is not None and any(first <= token < behind for first, behind in frame.content)
            ]
            if around:
                # whoever is nearest to it says it
                draft = min(around, key=itemgetter(0, 1))[-1]
                self._inside([quotation], number, (tuple(draft.chain), nest[1], draft.confidence))

    def _draft(
        self,
        sentence: Sentence,
        frame: Frame,
        number: int,
        context: tuple[tuple[tuple[Source, ...], int, float], Draft | None],
    ) -> Draft | None:
        draft = self._made(sentence, frame, number, context)
        if draft is not None:
            self.drafts.append(draft)
            self._remember(sentence, frame, draft, context[0][1])
        return draft

    def _made(
        self,
        sentence: Sentence,
        frame: Frame,
        number: int,
        context: tuple[tuple[tuple[Source, ...], int, float], Draft | None],
    ) -> Draft | None:
        (base, _, certainty), above = context
        return self.drafter.made(
            sentence,
            frame,
            number,
            base=base,
            certainty=certainty,
            above=above,
            last=self.last,
            previous=self.previous,
        )

    def _remember(self, sentence: Sentence, frame: Frame, draft: Draft, depth: int) -> None:
        self.speakers.heard.mention(draft.chain)
        if depth > 0 or frame.kind in {"claim-noun", "attitude"}:
            return
        source, number = draft.speaker, draft.paragraph
        tags = sentence.tags[frame.source[0] : frame.source[1]] if frame.source else ""
        hung = _HUNG_ON.search(tags, 1)
        # "activists in Easton" are several
        head = sentence.words[frame.source[0] + (hung.start() if hung else len(tags)) - 1] if frame.source else ""
        plural = ("c" in tags and "o" not in tags) or (
            source.kind in {"collective", "anonymous"} and head.endswith("s")
        )
        gender = head.lower() if tags == "P" and head.lower() in self.lexicon.pronouns.get("person", ()) else ""
        self.speakers.heard.remember(source, number, plural=plural, gender=gender, at=sentence.bounds[0])
        if frame.kind not in {"participle", "criticism"} or self.last is None:
            self.last = draft
