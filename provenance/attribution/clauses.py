"""Reads an article by the reporting clauses of its language's cascade: the reading of scripts without capitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from provenance.attribution.cascade import Cascade, Clause, join
from provenance.attribution.credits import Layout
from provenance.attribution.drafts import Draft, opening_of, without_repeats
from provenance.attribution.heads import Heads
from provenance.attribution.lexicon import Lexicon, VerbClass, cue_file
from provenance.attribution.names import own_outlet, same_source
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.segmenting import Segmenter, Tokens
from provenance.attribution.speakers import Speakers
from provenance.model import Article, Source, Span
from provenance.settings import AttributionSettings
from provenance.text.quotations import Quotation, quotations
from provenance.text.sentences import sentences

_Nest = tuple[tuple[Source, ...], int, float]
_QUOTED: Final = frozenset("Qq")
_MARKS_BETWEEN: Final = 3
"""A mark and spaces between cue and content."""


class ClauseGrammar:
    """What reading by clauses needs of a language; made once for a language and a gazetteer."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon, gazetteer: Gazetteer):
        self.data = data
        self.lexicon = lexicon
        self.segmenter = Segmenter(data, lexicon, gazetteer)
        verbs: dict[str, VerbClass] = {
            self.segmenter.fold(form): verb.classes[0] for form, verb in lexicon.verbs.items()
        }
        self.nouns = {self.segmenter.fold(noun): kinds for noun, kinds in lexicon.nouns.items()}
        self.cascade = Cascade(data, lexicon, verbs)
        self.reports = tuple(self.segmenter.fold(word) for word in str(data["names"].get("reports", "")).split())


def clause_grammars(lexicons: Mapping[str, Lexicon], gazetteer: Gazetteer) -> dict[str, ClauseGrammar]:
    """The grammar of each language whose cue file brings one."""
    files = {language: cue_file(language) for language in lexicons}
    return {
        language: ClauseGrammar(data, lexicons[language], gazetteer)
        for language, data in files.items()
        if "patterns" in data
    }


class ClauseReading:
    """One article being read."""

    def __init__(
        self,
        article: Article,
        grammar: ClauseGrammar,
        gazetteer: Gazetteer,
        settings: AttributionSettings,
    ):
        self.article = article
        self.text = article.text
        self.grammar = grammar
        self.settings = settings
        self.speakers = Speakers(article.text, grammar.lexicon, gazetteer, settings, own_outlet(article, gazetteer))
        self.heads = Heads(grammar.data, grammar.lexicon, gazetteer, settings, self.speakers.heard, grammar.nouns)
        self.drafts: list[Draft] = []
        self.last: Draft | None = None

    def read(self, spans: Sequence[Span], layout: Layout) -> None:
        """Read all paragraphs that are no credit lines or furniture."""
        for credit in layout.credits:
            self.speakers.heard.mention(credit.chain)
        for number, span in enumerate(spans):
            if number in layout.skipped:
                continue
            start = layout.offsets.get(number, span.start)
            following = self.text[spans[number + 1].start] if number + 1 < len(spans) else ""
            self.speakers.heard.here = number
            self._paragraph(start, span.end, number, ((), 0, 1.0), following)

    def _paragraph(self, start: int, end: int, number: int, nest: _Nest, following: str = "") -> None:
        top = [quotation for quotation in quotations(self.text, start, end, following) if quotation.depth == 0]
        found = self._with_tags(sentences(self.text, start, end, top))
        held = 0
        for place, (first, behind) in enumerate(found):
            while held < len(top) and top[held].span.end <= first:
                held += 1
            upto = held
            while upto < len(top) and top[upto].span.start < behind:
                upto += 1
            if behind - first > self.settings.longest_sentence:
                continue
            tokens = self.grammar.segmenter.tokens(self.text, first, behind, top[held:upto])
            made = self._sentence(tokens, number, nest)
            if not made and nest[1] == 0 and tokens.quoted and set(tokens.tags) <= set("Q.,"):
                self._floating(tokens, number, opening=place == 0)

    def _with_tags(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Sentences, with one that is only a quotation joined to the tag that follows ("“……。”他说。")."""
        joined: list[tuple[int, int]] = []
        for first, behind in found:
            if joined:
                before, end = joined[-1]
                closed = self.text[before] in '“「«"' and self.text[end - 1] in '”」»"'
                if closed and end == first:
                    joined[-1] = before, behind
                    continue
            joined.append((first, behind))
        return joined

    def _sentence(self, tokens: Tokens, number: int, nest: _Nest) -> bool:
        clauses = self.grammar.cascade.clauses(tokens, self.settings.clauses_a_sentence)
        placed = join(tokens, clauses)
        made: list[Draft | None] = []
        leads: Draft | None = None
        for clause, host in placed:
            above = made[host] if host is not None else None
            draft = self._draft(tokens, clause, number, nest, above)
            made.append(draft)
            if draft is None:
                continue
            if leads is not None and leads.content and clause.source is not None and draft.content:
                # "according to O, S said C": O relays what S said, and says nothing else
                self.drafts.remove(leads)
                draft.evidence = [*leads.evidence, *draft.evidence]
            leads = draft if self._leads(clause, clauses) else None
            self._relayed(clause, draft, placed, made)
        for token, quotation in tokens.quoted.items():
            for (clause, _), draft in zip(placed, made, strict=True):
                if draft is not None and any(first <= token < behind for first, behind in clause.content):
                    self._inside(quotation, number, (tuple(draft.chain), nest[1], draft.confidence))
                    break
        return any(draft is not None for draft in made)

    def _relayed(
        self, clause: Clause, draft: Draft, placed: Sequence[tuple[Clause, int | None]], made: Sequence[Draft | None]
    ) -> None:
        """Where S said C "according to O", O relays what S said, and says nothing else."""
        if clause.kind != "according-to" or not clause.before or draft.chain[-1].kind not in {"agency", "outlet"}:
            return
        first, behind = clause.content[0]
        for (earlier, host), spoken in zip(placed, made, strict=False):
            if earlier is clause:
                return
            opens = host is None and earlier.source is not None and first <= earlier.first <= first + 1
            if opens and spoken is not None and earlier.cue[1] <= behind and len(spoken.chain) == 1:
                self.drafts.remove(draft)
                spoken.chain = without_repeats([*draft.chain, *spoken.chain])
                spoken.evidence = [*spoken.evidence, *draft.evidence[:1]]
                if self.last is draft:
                    self.last = spoken
                return

    def _leads(self, clause: Clause, clauses: Sequence[Clause]) -> bool:
        """Whether a clause only says through whom the next one came: it stands straight before it."""
        if not clause.lead or clause.kind != "according-to" or clause.before or not clause.content:
            return False
        start = clause.content[0][0]
        return any(other is not clause and other.first == start and other.source is not None for other in clauses)

    def _draft(self, tokens: Tokens, clause: Clause, number: int, nest: _Nest, above: Draft | None) -> Draft | None:
        found = self._speaker(tokens, clause, number)
        if found is None or not clause.content:
            return None
        source, factor = found
        chain, told = self._chain(tokens, clause, source, number)
        base, depth, certainty = nest
        prefix = list(above.chain) if above is not None else list(base)
        while prefix and same_source(prefix[-1], chain[0]):
            prefix.pop()
        inherits = self._inherited(clause, source, number) if len(chain) == 1 and not prefix else []
        content = [tokens.span(*part) for part in clause.content]
        quoted = any(_QUOTED & set(tokens.tags[first:behind]) for first, behind in clause.content)
        draft = Draft(
            kind="told-outlet" if told and clause.kind.startswith("verb-") else clause.kind,
            rule=f"clause:{clause.name}",
            stance=clause.stance,
            source=tokens.span(*clause.source) if clause.source is not None else None,
            source_name=source.name,
            cue=tokens.span(*clause.cue),
            content=content,
            evidence=self._shown(tokens, clause, content),
            chain=without_repeats([*prefix, *inherits, *chain]),
            confidence=min(0.99, clause.prior * factor * certainty),
            paragraph=number,
            quoted=quoted,
            inherits=inherits or told,
            speaker=source,
            fitted=False,
        )
        if draft.confidence < self.settings.minimum_confidence:
            return None
        self.drafts.append(draft)
        self.speakers.heard.mention(draft.chain)
        if depth == 0:
            self.speakers.heard.remember(draft.chain[-1] if clause.deeper else source, number)
            self.last = draft
        return draft

    def _speaker(self, tokens: Tokens, clause: Clause, number: int) -> tuple[Source, float] | None:
        if clause.source is not None:
            if self.heads.first and tokens.tags[clause.cue[0]] == "e":
                split = self.heads.told_last(tokens, clause.source)
                if split is not None:
                    clause.source = split[0]
                    clause.told.append(split[1])
            strict = clause.kind == "according-to" or (clause.kind == "headline-colon" and not self.heads.first)
            return self.heads.resolve(tokens, clause.source, number, strict=strict)
        if clause.lemma.startswith(self.grammar.reports):
            outlets = self.speakers.heard.outlets
            if outlets and number - outlets[-1][1] <= self.settings.antecedent_paragraphs:
                return outlets[-1][0], self.settings.definite_factor
            return None
        last = self.last
        if last is None or number - last.paragraph > 1 or last.speaker == self.speakers.heard.hidden:
            return None
        return last.speaker, self.settings.pronoun_factor

    def _chain(self, tokens: Tokens, clause: Clause, source: Source, number: int) -> tuple[list[Source], list[Source]]:
        """The nodes the clause itself gives, nearest relayer first, and the outlets somebody spoke to."""
        told = [outlet for outlet in (self.heads.outlet(tokens, where) for where in clause.told) if outlet is not None]
        relayers = [found for where in clause.relayers if (found := self.heads.resolve(tokens, where, number))]
        deeper = [found for where in clause.deeper if (found := self.heads.resolve(tokens, where, number))]
        chain = [*(one for one, _ in relayers), *told, source, *(one for one, _ in deeper)]
        return without_repeats(chain), told

    def _inherited(self, clause: Clause, source: Source, number: int) -> list[Source]:
        """The outlet somebody was speaking to goes on where he goes on: "he added"."""
        last = self.last
        if last is None or not last.inherits or number - last.paragraph > 1 or clause.source is not None:
            return []
        return last.inherits if same_source(last.speaker, source) else []

    def _shown(self, tokens: Tokens, clause: Clause, content: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The words that show a clause: from its first word to its last, and the content's start."""
        first, behind = tokens.span(clause.first, max(clause.behind, clause.cue[1]))
        start, end = opening_of(self.text, *content[0])
        if 0 <= start - behind <= _MARKS_BETWEEN:
            return [(first, end)]
        return [(first, behind), (start, end)]

    def _floating(self, tokens: Tokens, number: int, *, opening: bool) -> None:
        """A sentence that is only a quotation: it goes on in the paragraph, or takes the speaker of the one before."""
        last = self.last
        if last is None or number - last.paragraph > 1 or (opening and last.paragraph == number):
            return
        spans = [(q.span.start, q.span.end) for q in tokens.quoted.values() if q.kind == "speech"]
        if not spans:
            return
        draft = Draft(
            kind="floating-quotation",
            rule="floating-quotation",
            stance="assert",
            source=None,
            source_name="",
            cue=None,
            content=spans,
            evidence=list(spans),
            chain=list(last.chain),
            confidence=last.confidence * self.settings.floating_factor,
            paragraph=number,
            quoted=True,
            inherits=last.inherits,
            speaker=last.speaker,
            fitted=False,
        )
        self.drafts.append(draft)
        self.last = draft

    def _inside(self, quotation: Quotation, number: int, nest: _Nest) -> None:
        """Statements inside quotations: one level deeper, the quoted speaker's chain before theirs."""
        base, depth, confidence = nest
        if depth >= self.settings.deepest_quotation or quotation.kind == "title":
            return
        last, hidden = self.last, self.speakers.heard.hidden
        self.speakers.heard.hidden = base[-1] if base else None
        deeper = (base, depth + 1, confidence * self.settings.quoted_factor)
        self._paragraph(quotation.inner.start, quotation.inner.end, number, deeper)
        self.last, self.speakers.heard.hidden = last, hidden
