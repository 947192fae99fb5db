"""Whole-document credit, and the page furniture around the article, which says nothing.

Credit is a via line, a republication notice, an agency byline, a dateline, a sign-off, or what the page's head says.
Credit lines are patterns of the cue files, tried on short lines at the edges of the text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from provenance.attribution.lexicon import LANGUAGES, cue_file
from provenance.attribution.names import as_source
from provenance.attribution.outlets import Gazetteer, Outlet, host_of, looks_like_outlet
from provenance.attribution.scopes import RUNNING, Credit, scoped
from provenance.model import Article, PageCredit, Source, Span
from provenance.settings import AttributionSettings

_NAME: Final = r"(?P<name>[^\s:;,|()\[\]\"“”][^\n:;|()\[\]\"“”]{0,70}?)"
_PERSON: Final = r"(?P<person>[A-ZÀ-ÞА-ЯЁ][\w.’'-]*(?:\s+(?:[A-ZÀ-ÞА-ЯЁ][\w.’'-]*|de|van|von|bin|al|el|la)){1,4})"
_NAMES: Final = r"(?P<names>[^\n]{2,150}?)"
# CITY, Mon D (Reuters) - ; CITY (AP) — ; MOSCOW, December 16. /TASS/ ; (Reuters) - ; (O) First words
_DATELINE: Final = re.compile(
    r"(?P<place>[^\n()\[\]/]{0,70}?)\s*(?:\((?P<name>[^()\n/]{2,40})\)\s*(?P<dash>--?|[–—:])|[./]\s*/(?P<slash>[^/\n]{2,30})/)"
)
_LEADING_TAG: Final = re.compile(r"[(\[](?P<name>[\w.'’&/ -]{2,40})[)\]]\s+(?=[\w“\"])")
_DASHED: Final = re.compile(
    r"(?P<place>[^\n()/.!?]{2,60}?)(?:\s*[—–]\s*|-|/\s*)(?P<name>[^\s.,—–()/-][^.,—–()\n/-]{1,30}?)(?=\s*(?:[.,—–]|-\s|\s*$))"
)
_SIGN_OFF: Final = re.compile(r"(?:/(?P<slash>[^/\s]{2,20})/|[(\[](?P<name>[^()\[\]\n]{2,30})[)\]])\s*\.?\s*$")
_DATELINE_PLACE: Final = re.compile(
    r"[A-ZА-ЯЁÄÖÜ][^a-zа-яё]*[A-ZА-ЯЁÄÖÜ]|.{0,40}\d|[^\W\d_]+(?:[ ,-]+[^\W\d_.]+){0,3}\.?,?$|$"
)
_BRACKETED: Final = re.compile(
    r"[(\[]\s?(?P<word>source|via|quelle|источник)\s{0,2}:?\s{1,2}(?P<name>[^()\[\]\n:]{2,60})[)\]]\.?$", re.IGNORECASE
)
_LONGEST_BRACKET: Final = 90
_BRACKETED_PRIOR: Final = 0.88
_BRACKETS: Final = frozenset("(/")
_DASHES: Final = frozenset("—–/")
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    prior: float
    where: str
    accept: str
    needs: tuple[str, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class _Furniture:
    line: re.Pattern[str]
    tail: re.Pattern[str]
    image: re.Pattern[str]
    breadcrumb: re.Pattern[str]
    words: frozenset[str]


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


@lru_cache(maxsize=1)
def _data() -> tuple[tuple[_Rule, ...], _Furniture, frozenset[str]]:
    rules: list[_Rule] = []
    keys = ("line", "tail", "image", "breadcrumb")
    words: set[str] = set()
    furniture: dict[str, list[str]] = {key: [] for key in keys}
    refused: set[str] = set()
    for language in LANGUAGES:
        data = cue_file(language)
        rules.extend(_rule(table) for table in data.get("credits", ()))
        refused.update(str(data.get("not_sources", {}).get("words", "")).split())
        if "furniture" in data:
            table = data["furniture"]
            words.update(str(table["words"]).split())
            for key in keys:
                furniture[key].append(table[key])
    joined = {key: re.compile("|".join(f"(?:{part})" for part in furniture[key]), re.IGNORECASE) for key in keys}
    return tuple(rules), _Furniture(words=frozenset(words), **joined), frozenset(refused)


def _rule(table: dict[str, Any]) -> _Rule:
    pattern = str(table["pattern"]).replace("{NAMES}", _NAMES).replace("{NAME}", _NAME).replace("{PERSON}", _PERSON)
    pattern = pattern.replace("(?P<person>[A-ZÀ-ÞА-ЯЁ]", "(?P<person>(?-i:[A-ZÀ-ÞА-ЯЁ])").replace(
        "(?:[A-ZÀ-ÞА-ЯЁ][\\w", "(?:(?-i:[A-ZÀ-ÞА-ЯЁ])[\\w"
    )
    return _Rule(
        str(table["kind"]),
        re.compile(pattern, re.IGNORECASE),
        float(table["prior"]),
        table["where"],
        table["accept"],
        tuple(str(table.get("needs", "")).split()),
        int(table.get("longest", 400)),
    )


class CreditReader:
    """Reads the whole-document credits of articles; compiled once."""

    def __init__(self, gazetteer: Gazetteer, settings: AttributionSettings):
        self.gazetteer = gazetteer
        self.settings = settings
        self.rules, self.furniture, self.refused = _data()
        self._needed = tuple(sorted({word for rule in self.rules for word in rule.needs}))
        self._needed_ascii = tuple(word for word in self._needed if word.isascii())

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
                self._bracketed(text, span, index, layout)
                ended = ended and len(span) < 2 * self.settings.credit_line_length
                continue
            line = text[span.start : span.end]
            near = index < head or index >= tail or len(span) < 90
            if near and not self._credit_line(article, span, index, (head, tail), layout):
                if index < head:
                    self._dateline(text, span, index, layout)
                if index >= count - 3:
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
        layout.credits = _without_own(layout.credits, article, self.gazetteer)
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
            and not patterns.words.isdisjoint(_WORDS.findall(line.lower()))
            and (patterns.image.match(line) or patterns.line.search(line))
        ):
            return "line"
        return ""

    def _credit_line(self, article: Article, span: Span, index: int, edges: tuple[int, int], layout: Layout) -> bool:
        line = article.text[span.start : span.end]
        lowered, length = line.lower(), len(line)
        inside = index < edges[0] or index >= edges[1]
        # most lines hold none of the words that a rule needs, so those are looked for first, each once
        possible = self._needed_ascii if lowered.isascii() else self._needed
        needed = {word for word in possible if word in lowered}
        if not needed and (length > _SHORT_LINE or not inside):
            return False
        for rule in self.rules:
            if length > rule.longest or (rule.where != "any" and not inside):
                continue
            if rule.needs and needed.isdisjoint(rule.needs):
                continue
            if (rule.where == "head" and index >= edges[0]) or (rule.where == "tail" and index < edges[1]):
                continue
            match = rule.pattern.search(line)
            if match is None:
                continue
            chain = self._chain(rule, match)
            if chain is None:
                continue
            group = next((name for name in ("name", "names", "person") if match.groupdict().get(name)), None)
            first, behind = match.span(group) if group else match.span()
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

    def _chain(self, rule: _Rule, match: re.Match[str]) -> tuple[Source, ...] | None:
        groups = match.groupdict()
        if rule.accept == "none":
            return (Source("?", "unnamed"),)
        name, person = groups.get("name"), groups.get("person")
        if rule.accept == "author":
            author = self._author(person or "")
            if author is None:
                return None
            outlet = self.outlet(name, known=False) if name else None
            return (outlet, author) if outlet else (author,)
        if groups.get("names"):
            found = [self.outlet(part, known=True) for part in re.split(r"[;,]|\band\b", groups["names"])]
            sources = [source for source in found if source is not None]
            return (sources[0],) if sources else None
        if not name:
            return None
        source = self.outlet(name, known=rule.accept != "any")
        if source is None or (rule.accept == "agency" and not self._agency(source)):
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

    def outlet(self, name: str, *, known: bool) -> Source | None:
        """The outlet a credit names: of the gazetteer, by its form, or (unless `known`) any capitalised name."""
        text = " ".join(name.split()).strip(" .,;:/*—–-")
        if known and " of " in text:
            text = text.rsplit(" of ", 1)[1]
        text = text.removeprefix("the ")
        host = "." in text and " " not in text
        found = self.gazetteer.lookup(text) or (self.gazetteer.by_host(text) if host else None)
        if found is not None:
            return as_source(found)
        if " and " in text:
            last = self.gazetteer.lookup(text.rsplit(" and ", 1)[1])
            if last is not None:
                return as_source(last)
        words = text.split()
        if (
            not words
            or words[0] in {"A", "An"}
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
        return self.gazetteer.lookup(name.strip()) if name else None

    def _dateline(self, text: str, span: Span, index: int, layout: Layout) -> None:
        head = text[span.start : min(span.end, span.start + 130)]
        marks = frozenset(head)
        bracketed, dashed = marks & _BRACKETS, marks & _DASHES or not head.isascii()
        for pattern, rule, possible in (
            (_DATELINE, "dateline", bracketed),
            (_LEADING_TAG, "leading-tag", head[0] in "(["),
            (_DASHED, "dateline", dashed),
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
            if found is None or (pattern is not _LEADING_TAG and not _DATELINE_PLACE.match(groups.get("place") or "")):
                continue
            if groups.get("slash") and match.end() >= len(head.rstrip()):
                continue
            place = groups.get("place") or ""
            if pattern is _DASHED and (found.kind != "agency" or not _is_place(place)):
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

    def page(self, article: Article) -> list[tuple[PageCredit, tuple[Source, ...], float]]:
        """What the credits from outside the text come to: the credit, its chain and its prior."""
        found = []
        for credit in article.credits:
            chain = self._page_chain(credit, article)
            if chain is not None and not _own(chain[0], article, self.gazetteer):
                found.append((credit, chain, _PAGE_PRIORS.get(credit.kind, 0.8)))
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
                chain = self._chain(rule, match) if match else None
                if chain is not None:
                    return chain
        source = self.outlet(credit.name or "", known=credit.kind == "byline")
        if source is not None and credit.kind == "byline" and not self._agency(source):
            return None
        return (source,) if source is not None else None


_SHORT_LINE: Final = 90
_BREADCRUMBS: Final = 4
_PAGE_PRIORS: Final = {
    "canonical": 0.98,
    "is-based-on": 0.98,
    "credit-text": 0.9,
    "source-organization": 0.9,
    "syndication-source": 0.95,
    "original-source": 0.9,
    "byline": 0.93,
    "republish-notice": 0.97,
    "source-link": 0.85,
}


def _is_place(place: str) -> bool:
    """Whether the words before "- AGENCY" are a dateline's: in capitals, in a script without them, or with a date.

    A photographer's name before "/AGENCY" is a picture credit.
    """
    return place == place.upper() or any(letter.isdigit() for letter in place)


def _own(source: Source, article: Article, gazetteer: Gazetteer) -> bool:
    """Whether a credit names the article's own outlet, which is no credit."""
    if article.url and source.outlet and gazetteer.by_host(article.url) == gazetteer.lookup(source.outlet) is not None:
        return True
    if not article.outlet:
        return False
    own = gazetteer.lookup(article.outlet)
    mine = own.name if own is not None else article.outlet
    return mine.casefold() == source.name.casefold()


def _without_own(credits_found: Iterable[Credit], article: Article, gazetteer: Gazetteer) -> list[Credit]:
    kept: list[Credit] = []
    seen: set[tuple[str, ...]] = set()
    for credit in credits_found:
        key = (credit.kind, str(credit.content), *(source.name for source in credit.chain))
        if key not in seen and not _own(credit.chain[0], article, gazetteer):
            seen.add(key)
            kept.append(credit)
    return kept
