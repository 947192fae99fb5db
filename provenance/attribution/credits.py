"""Whole-document credit, and the page furniture around the article, which says nothing.

Credit is a via line, a republication notice, an agency byline, a dateline, a sign-off, or what the page's head says.
Credit lines are patterns of the cue files, tried on short lines at the edges of the text only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from provenance.attribution import datelines
from provenance.attribution.bylines import PAGE_PRIORS, bare_name, is_byline, is_own, is_place, person_like, without_own
from provenance.attribution.credit_rules import Rule, credit_rules
from provenance.attribution.names import as_source
from provenance.attribution.outlets import Gazetteer, Outlet, host_of, looks_like_outlet
from provenance.attribution.run_on import inline_byline, trailing_mark
from provenance.attribution.scopes import RUNNING, Credit, scoped
from provenance.model import Article, PageCredit, Source, Span
from provenance.settings import AttributionSettings

# CITY, Mon D (Reuters) - ; CITY (AP) — ; MOSCOW, December 16. /TASS/ ; (Reuters) - ; (O) First words
_DATELINE: Final = re.compile(
    r"(?P<place>[^\n()\[\]/]{0,70}?)\s*(?:\((?P<name>[^()\n]{2,40})\)\s?\.?\s*(?P<dash>--?|[–—:])|[./]\s*/(?P<slash>[^/\n]{2,30})/)"
)
_LEADING_TAG: Final = re.compile(r"[(\[](?P<name>[\w.'’&/ -]{2,40})[)\]]\s+(?=[\w“\"])")
_DASHED: Final = re.compile(
    r"(?P<place>[^\n()/.!?]{2,60}?)(?:\s*[—–]\s*|-|/\s*)(?P<name>[^\s.,—–()/-][^.,—–()\n/-]{1,30}?)(?=\s*(?:[.,—–]|-\s|\s*$))"
)
# BERLIN (dpa/AFP) First words
_CAPITAL_PLACE: Final = re.compile(
    r"(?P<place>[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ/ ,.-]{2,40}?)\s\((?P<name>[^()\n]{2,40})\)\s+(?=[^\W\da-zà-öø-ÿ])"
)
# Москва. 5 февраля. INTERFAX.RU -
_STOPPED: Final = re.compile(
    r"(?P<place>[А-ЯЁ][^\n.]{1,30}\.\s?\d{1,2}\s[а-яё]{3,8})\.\s(?P<name>[^\s]{2,25})\s[-–—]\s"
)
_SIGN_OFF: Final = re.compile(r"(?:/(?P<slash>[^/\s]{2,20})/|[(\[](?P<name>[^()\[\]\n]{2,30})[)\]])\s*\.?\s*$")
_DATELINE_PLACE: Final = re.compile(
    r"[A-ZА-ЯЁÄÖÜ][^a-zа-яё]*[A-ZА-ЯЁÄÖÜ]|.{0,40}\d|[^\W\d_]+(?:[ ,-]+[^\W\d_.]+){0,3}\.?,?$|$"
)
_BRACKETED: Final = re.compile(
    r"[(\[]\s?(?P<word>source|via|quelle|источник)\s{0,2}:?\s{1,2}(?P<name>[^()\[\]\n:]{2,60})[)\]]\.?$", re.IGNORECASE
)
_LONGEST_BRACKET: Final = 90
_SHORT_LINE: Final = 90
_BREADCRUMBS: Final = 4
_BRACKETED_PRIOR: Final = 0.88
_WORDS: Final = re.compile(r"\w+")
_BEFORE: Final = 120
_LONG_NAME: Final = 10
# "Morales A.J., et al.": the authors of a paper
_INITIALS: Final = re.compile(r"\b[A-Z][a-zà-ÿ]+\s[A-Z]$")
_LIST_BREAK: Final = re.compile(r"[;,]\s{0,3}(?:and\s)?|\sand\s")
_Named = tuple[tuple[Source, ...], tuple[int, int]]


@dataclass(slots=True)
class Layout:
    """What the lines of a text are.

    Attributes:
        credits: the whole-document credits found.
        skipped: indices of paragraphs that are credit lines or furniture and are not parsed.
        offsets: where parsing starts in a paragraph that opens with a dateline.
        breadcrumbs: paragraphs that repeat the page's path.
    """

    credits: list[Credit] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    offsets: dict[int, int] = field(default_factory=dict)
    breadcrumbs: list[int] = field(default_factory=list)


class CreditReader:
    """Reads the whole-document credits of articles; compiled once."""

    def __init__(self, gazetteer: Gazetteer, settings: AttributionSettings):
        self.gazetteer = gazetteer
        self.settings = settings
        self.rules, self.furniture, self.refused = credit_rules()
        anywhere = {word for rule in self.rules if rule.where == "any" for word in rule.needs}
        edges = {word for rule in self.rules for word in rule.needs}
        # by whether a line is ASCII and whether it stands at the text's edges
        self._words = {
            (plain, inside): tuple(sorted(word for word in words if word.isascii() or not plain))
            for plain in (False, True)
            for inside, words in ((False, anywhere), (True, edges))
        }
        self._possible: dict[tuple[bool, frozenset[str]], tuple[Rule, ...]] = {}

    def _rules_for(self, needed: frozenset[str], *, inside: bool) -> tuple[Rule, ...]:
        """The rules that a line may meet which holds these words, inside the head or tail or not."""
        key = inside, needed
        if key not in self._possible:
            self._possible[key] = tuple(
                rule
                for rule in self.rules
                if (inside or rule.where == "any") and not (rule.needs and needed.isdisjoint(rule.needs))
            )
        return self._possible[key]

    def layout(self, article: Article, paragraphs: Sequence[Span]) -> Layout:
        """The credits and the furniture among a text's paragraphs."""
        layout = Layout()
        text, count = article.text, len(paragraphs)
        head, tail = self.settings.credit_head_lines, count - self.settings.credit_tail_lines
        ended = False
        for index, span in enumerate(paragraphs):
            if len(span) > self.settings.credit_line_length:
                if index < head:
                    self._dateline(text, span, index, layout)
                    self._run_on(text, span, index, layout)
                if index >= count - 3:
                    self._trailing(text, span, layout)
                self._bracketed(text, span, index, layout)
                ended = ended and len(span) < 2 * self.settings.credit_line_length
                continue
            line = text[span.start : span.end]
            near = index < head or index >= tail or len(span) < 90
            if near and not self._credit_line(article, span, index, (head, tail), layout):
                if index < head:
                    self._dateline(text, span, index, layout)
                    self._run_on(text, span, index, layout)
                if index >= count - 3 and not self._trailing(text, span, layout):
                    self._sign_off(text, span, layout)
            if index in layout.skipped:
                continue
            self._bracketed(text, span, index, layout)
            kind = self._furniture(line)
            if kind == "tail" and index * 2 >= count:
                ended = True
            if kind == "breadcrumb" and len(layout.breadcrumbs) < _BREADCRUMBS:
                layout.breadcrumbs.append(index)
            if ended or kind:
                layout.skipped.add(index)
        layout.credits = scoped(layout.credits, paragraphs, layout.skipped, self.settings.middle_share)
        layout.credits = without_own(layout.credits, article, self.gazetteer)
        return layout

    def _bracketed(self, text: str, span: Span, index: int, layout: Layout) -> None:
        """A source in brackets at the end of a paragraph: "… (Source: O)"."""
        last = text[span.end - 1]
        if last not in ")]" and (last != "." or text[span.end - 2] not in ")]"):
            return
        start = max(span.start, span.end - _LONGEST_BRACKET)
        match = _BRACKETED.search(text, start, span.end)
        if match is None or match.start() - span.start < RUNNING:
            return
        source = self.outlet(match.group("name"), known=True)
        if source is not None:
            kind = "via-line" if match.group("word").lower() == "via" else "source-line"
            named = Span(*match.span("name"))
            where = Span(match.start(), match.end())
            content = Span(span.start, match.start())
            layout.credits.append(
                Credit(kind, "credit:bracketed", (source,), where, named, _BRACKETED_PRIOR, content, index)
            )

    def _furniture(self, line: str) -> str:
        if len(line) > 160:
            return ""
        patterns = self.furniture
        if len(line) < 60 and patterns.tail.match(line):
            return "tail"
        if patterns.breadcrumb.match(line):
            return "breadcrumb"
        if (
            len(line) < 120
            and not patterns.words.isdisjoint(_WORDS.findall(lowered := line.lower()))
            and (patterns.image.match(line) or patterns.line.search(lowered))
        ):
            return "line"
        return ""

    def _credit_line(self, article: Article, span: Span, index: int, edges: tuple[int, int], layout: Layout) -> bool:
        line = article.text[span.start : span.end]
        lowered, length = line.lower(), len(line)
        inside = index < edges[0] or index >= edges[1]
        # most lines hold none of the words that a rule needs, so those are looked for first, each once
        needed = frozenset([word for word in self._words[lowered.isascii(), inside] if word in lowered])
        if not needed and (length > _SHORT_LINE or not inside):
            return False
        for rule in self._rules_for(needed, inside=inside):
            if length > rule.longest:
                continue
            if (rule.where == "head" and index >= edges[0]) or (rule.where == "tail" and index < edges[1]):
                continue
            match = rule.pattern.search(line)
            if match is None:
                continue
            if rule.before is not None and not rule.before.search(
                line[max(0, match.start() - _BEFORE) : match.start()]
            ):
                continue
            chains = self._chains(rule, match)
            if not chains or (rule.accept == "agency" and not is_byline(article.text, span, index, chains[0][0][0])):
                continue
            for chain, (first, behind) in chains:
                layout.credits.append(
                    Credit(
                        kind=rule.kind,
                        rule=f"credit:{rule.kind}",
                        chain=chain,
                        span=Span(span.start + match.start(), span.start + match.end()),
                        named=Span(span.start + first, span.start + behind),
                        prior=rule.prior,
                        paragraph=index,
                    )
                )
            if len(span) < 200 or match.end() - match.start() > len(span) * 0.6:
                layout.skipped.add(index)
            return True
        return False

    def _chains(self, rule: Rule, match: re.Match[str]) -> list[_Named]:
        """The chains that a line names, each with the place of its name in the line; one for each outlet of a list."""
        groups = match.groupdict()
        if groups.get("names"):
            return self._listed(rule, match)
        chain = self._chain(rule, groups)
        group = next((name for name in ("name", "person") if groups.get(name)), 0)
        return [(chain, match.span(group))] if chain is not None else []

    def _listed(self, rule: Rule, match: re.Match[str]) -> list[_Named]:
        """The outlets of a list; people in it ("Ann Cole and Reuters contributed …") are passed over.

        A list of sources in which any is unknown credits nobody with the text: they are what it was made of.
        """
        start = match.start("names")
        found: list[_Named] = []
        names = match.group("names")
        breaks = [(0, 0), *(one.span() for one in _LIST_BREAK.finditer(names)), (len(names), len(names))]
        for (_, first), (behind, _) in pairwise(breaks):
            source = self.outlet(names[first:behind], known=True) if first < behind else None
            if source is None and rule.kind == "source-line":
                return []
            if source is not None and not person_like(source):
                found.append(((source,), (start + first, start + behind)))
        return found

    def _chain(self, rule: Rule, groups: Mapping[str, str | None]) -> tuple[Source, ...] | None:
        if rule.accept == "none":
            return (Source("?", "unnamed"),)
        name, person = groups.get("name"), groups.get("person")
        if rule.accept == "author":
            author = self._author(person or "")
            if author is None:
                return None
            outlet = self.outlet(name, known=False) if name else None
            return (outlet, author) if outlet else (author,)
        if not name or not rule.refuse.isdisjoint(name.lower().split()):
            return None
        whole = rule.accept == "agency"
        source = self.outlet(name, known=rule.accept != "any", whole=whole)
        # a paper in a line of copyright has put it into its own footer
        wire = rule.accept != "wire" or (source is not None and source.kind == "agency")
        if source is None or not wire or (whole and not self._agency(source)):
            return None
        if rule.accept != "any" and person_like(source):
            return None
        if person and rule.kind == "republish-notice":
            author = self._author(person)
            return (source, author) if author else (source,)
        return (source,)

    def _agency(self, source: Source) -> bool:
        return source.kind == "agency" or (source.outlet is not None and self.gazetteer.lookup(source.name) is not None)

    def _author(self, name: str) -> Source | None:
        text = " ".join(name.split()).strip(" .,")
        words = text.split()
        if words and words[0].lower() in {"the", "a", "an", "our"}:
            return None
        if not 2 <= len(words) <= 5 or self.gazetteer.lookup(text) is not None or looks_like_outlet(text):
            return None
        return Source(text, "author")

    def outlet(self, name: str, *, known: bool, whole: bool = False) -> Source | None:
        """The outlet a credit names: of the gazetteer, by its form, or (unless `known`) any capitalised name.

        Args:
            name: the words.
            known: whether the gazetteer must have it, or its form be an outlet's.
            whole: whether the words must be the name and nothing else ("A B of O", "A and O" are not).
        """
        text = " ".join(name.split()).strip(" .,;:/*—–-•⦁")
        if known and not whole and " of " in text and self.gazetteer.lookup(text) is None:
            text = text.rsplit(" of ", 1)[1]
        text = bare_name(text, self.gazetteer)
        host = "." in text and " " not in text
        found = self.gazetteer.lookup(text) or (self.gazetteer.by_host(text) if host else None)
        if found is None and len(text) >= _LONG_NAME:
            found = self.gazetteer.misspelt(text)
        if found is not None:
            return as_source(found)
        if " and " in text and not whole:
            last = self.gazetteer.lookup(text.rsplit(" and ", 1)[1])
            if last is not None:
                return as_source(last)
        words = text.split()
        if (
            not words
            or words[0].lower() in {"a", "an"}
            or _INITIALS.search(text)
            or any(word.lower().strip(".") in self.refused for word in words)
            or len(words) > 6
        ):
            return None
        if "." in text and " " not in text and looks_like_outlet(text):
            return Source(text, "outlet", text)
        if looks_like_outlet(text):
            return Source(text, "outlet", text)
        if (
            known
            or not (words[0][:1].isupper() or words[0].lower() == "the")
            or not any(w[:1].isupper() for w in words)
        ):
            return None
        lower = sum(1 for word in words if word[:1].islower())
        return Source(text, "outlet", text) if lower <= 1 or lower * 2 < len(words) else None

    def _known(self, name: str | None) -> Outlet | None:
        if not name:
            return None
        found = self.gazetteer.lookup(name.strip())
        return self.gazetteer.by_host(name.strip()) if found is None and "." in name else found

    def _dateline(self, text: str, span: Span, index: int, layout: Layout) -> None:
        head = text[span.start : min(span.end, span.start + 130)]
        if not head.isascii() and datelines.opening(text, span, self.gazetteer, layout.credits):
            layout.offsets[index] = layout.credits[-1].span.end
            return
        bracketed = "(" in head or "/" in head
        dashed = "/" in head or not head.isascii()
        for pattern, rule, possible in (
            (_DATELINE, "dateline", bracketed),
            (_LEADING_TAG, "leading-tag", head[0] in "(["),
            (_DASHED, "dateline", dashed),
            (_CAPITAL_PLACE, "dateline", bracketed),
            (_STOPPED, "dateline", not head.isascii()),
        ):
            if not possible:
                continue
            match = pattern.match(head)
            if match is None:
                continue
            groups = match.groupdict()
            name = groups.get("name") or groups.get("slash")
            names = re.split(r"\s*[/,]\s*", name or "")
            found = next((outlet for outlet in map(self._known, names) if outlet is not None), None)
            if found is not None and self._known(names[0]) is None and found.kind != "agency":
                # "(Easton High School, Easton, Kan.)": the place of a person, not an outlet
                continue
            if found is None or (pattern is not _LEADING_TAG and not _DATELINE_PLACE.match(groups.get("place") or "")):
                continue
            if groups.get("slash") and match.end() >= len(head.rstrip()):
                continue
            place = groups.get("place") or ""
            if pattern in {_DASHED, _CAPITAL_PLACE, _STOPPED} and (found.kind != "agency" or not is_place(place)):
                continue
            group = "slash" if groups.get("slash") else "name"
            layout.credits.append(
                Credit(
                    kind="dateline",
                    rule=f"credit:{rule}",
                    chain=(as_source(found),),
                    span=Span(span.start, span.start + match.end()),
                    named=Span(span.start + match.start(group), span.start + match.end(group)),
                    prior=0.97 if pattern is not _LEADING_TAG else 0.9,
                )
            )
            layout.offsets[index] = span.start + match.end()
            return

    def _sign_off(self, text: str, span: Span, layout: Layout) -> None:
        if datelines.closing(text, span, self.gazetteer, layout.credits):
            return
        start = max(span.start, span.end - 60)
        match = _SIGN_OFF.search(text[start : span.end])
        if match is None:
            return
        name = match.group("slash") or match.group("name")
        if self._furniture(name):
            return
        parts = re.split(r"\s*[/,]\s*", name)
        found = next(
            (outlet for outlet in map(self._known, parts) if outlet is not None and outlet.kind == "agency"), None
        )
        if found is None:
            return
        group = "slash" if match.group("slash") else "name"
        layout.credits.append(
            Credit(
                kind="sign-off",
                rule="credit:sign-off",
                chain=(as_source(found),),
                span=Span(start + match.start(), start + match.end()),
                named=Span(start + match.start(group), start + match.end(group)),
                prior=0.95,
            )
        )

    def _run_on(self, text: str, span: Span, index: int, layout: Layout) -> None:
        if index not in layout.offsets and index not in layout.skipped:
            found = inline_byline(text, span, self.gazetteer)
            if found is not None:
                layout.credits.append(found)

    def _trailing(self, text: str, span: Span, layout: Layout) -> bool:
        found = trailing_mark(text, span, self.gazetteer)
        if found is not None:
            layout.credits.append(found)
        return found is not None

    def page(self, article: Article) -> list[tuple[PageCredit, tuple[Source, ...], float]]:
        """What the credits from outside the text come to: the credit, its chain and its prior."""
        found = []
        for credit in article.credits:
            chain = self._page_chain(credit, article)
            if chain is not None and not is_own(chain[0], article, self.gazetteer):
                found.append((credit, chain, PAGE_PRIORS.get(credit.kind, 0.8)))
        return found

    def _page_chain(self, credit: PageCredit, article: Article) -> tuple[Source, ...] | None:
        if credit.kind == "source-link" and not credit.name and not credit.url:
            return (Source("?", "unnamed"),)
        if credit.url and credit.kind != "byline":
            host = host_of(credit.url)
            if article.url and host == host_of(article.url):
                return None
            found = self.gazetteer.by_host(credit.url)
            if found is not None:
                return (as_source(found),)
            if credit.name is None and host:
                return (Source(host, "outlet", host),)
        if credit.kind == "republish-notice" and not credit.name:
            for rule in self.rules:
                match = rule.pattern.search(credit.text)
                chains = self._chains(rule, match) if match else []
                if chains:
                    return chains[0][0]
        source = self.outlet(credit.name or "", known=credit.kind == "byline")
        if source is not None and credit.kind == "byline" and not self._agency(source):
            return None
        return (source,) if source is not None else None
