"""Tellings of one claim: articles that say it in other words, found by the words and word pairs they share with it.

Rarer words and pairs weigh more (inverse document frequency, Spärck Jones 1972), so names, figures and unusual words
decide. Neighbouring sentences count together, since a claim is seldom retold in one.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenance.model import Article, Span
from provenance.settings import ChainSettings
from provenance.text.sentences import paragraphs, sentences

_WORD = re.compile(r"\w+")
_SUFFIXES = ("ings", "ing", "ers", "ed", "es", "er", "s")
_STEM_LETTERS = 8
_UNSPACED_RUN = "\0"
_APART = 4
"""Characters from which on two words do not follow each other directly."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def stem(word: str) -> str:
    """A rough stem: lower case, an English ending taken off, at most eight letters; the same for every language."""
    folded = word.casefold()
    if len(folded) > 4 and not folded.isdigit():
        for suffix in _SUFFIXES:
            if folded.endswith(suffix) and len(folded) - len(suffix) >= 4:
                folded = folded[: -len(suffix)]
                break
    return folded[:_STEM_LETTERS]


def forms_of(form: str) -> list[tuple[str, bool]]:
    """The words that have a stem, each with whether it stands for all words that begin so.

    A cut stem stands for every word that begins with it, a few of which have another stem.
    """
    if len(form) == _STEM_LETTERS:
        return [(form, True)]
    if _UNSPACED.search(form) or form.isdigit() or len(form) < 4:
        return [(form, False)]
    return [(word, False) for word in (form, *(form + suffix for suffix in _SUFFIXES)) if stem(word) == form]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a claim is looked for by: stems, and pairs of them that follow each other.

    Attributes:
        words: stems in the order of the claim, without repetition.
        pairs: pairs of stems of names or longer words.
    """

    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences of one article that tell (part of) a claim.

    Attributes:
        span: from the first to the last of them.
        terms: the stems and pairs it shares with the claim.
        closest: the one of the sentences that shares most; None where they are not told apart.
    """

    span: Span
    terms: frozenset[str | tuple[str, str]]
    closest: Span | None = None


def terms_of(claim: str, settings: ChainSettings) -> Terms | None:
    """The terms of a claim; None where it has no word."""
    words: list[tuple[str, bool]] = []
    for hit in _WORD.finditer(claim):
        word = hit.group()
        if _UNSPACED.search(word):
            words.extend((word[i : i + 2], False) for i in range(max(1, len(word) - 1)))
        else:
            words.append((stem(word), len(word) > 3 or word[0].isupper() or word.isdigit()))
    words = words[: settings.maximum_claim_words]
    if not words:
        return None
    stems = tuple(dict.fromkeys(word for word, _ in words))
    pairs = tuple(
        dict.fromkeys((one, two) for (one, strong), (two, also) in itertools.pairwise(words) if strong and also)
    )
    return Terms(stems, pairs)


@dataclass(frozen=True, slots=True)
class Hit:
    """One word of an article that the claim has too."""

    span: Span
    stem: str
    follows: bool
    """Whether it stands directly behind the hit before it."""


class Reader:
    """Reads texts for the words of a claim; what a word's stem is, is worked out once for all texts."""

    def __init__(self, terms: Terms) -> None:
        self._wanted = frozenset(terms.words)
        self._known: dict[str, str] = {}
        self._unspaced = frozenset(term for term in terms.words if _UNSPACED.search(term))

    def hits(self, text: str) -> list[Hit]:
        """Where a text has words of the claim, in order."""
        known = self._known
        found: list[Hit] = []
        behind = -_APART
        for match in _WORD.finditer(text):
            word = match.group()
            form = known.get(word)
            if form is None:
                form = known[word] = self._form(word)
            if form == _UNSPACED_RUN:
                found.extend(self._within(match.start(), word))
                behind = match.end()
            elif form:
                near = match.start() - behind < _APART
                follows = near and not _WORD.search(text, behind, match.start())
                found.append(Hit(Span(*match.span()), form, follows))
                behind = match.end()
        return found

    def _form(self, word: str) -> str:
        """The stem of a word where the claim has it, a mark for a run of unspaced script, or nothing."""
        if self._unspaced and _UNSPACED.search(word):
            return _UNSPACED_RUN
        form = stem(word)
        return form if form in self._wanted else ""

    def _within(self, start: int, run: str) -> list[Hit]:
        return [
            Hit(Span(start + place, start + place + len(part)), part, False)
            for place in range(len(run))
            if (part := run[place : place + 2]) in self._unspaced
        ]


def shared_terms(terms: Terms, found: Sequence[Hit]) -> frozenset[str | tuple[str, str]]:
    """The stems and pairs among some hits."""
    pairs = frozenset(terms.pairs)
    shared: set[str | tuple[str, str]] = {hit.stem for hit in found}
    shared.update(
        pair for one, two in itertools.pairwise(found) if two.follows and (pair := (one.stem, two.stem)) in pairs
    )
    return frozenset(shared)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many articles of a collection the terms of a claim stand.

    Attributes:
        count: how many articles there are.
        of: a term to how many of them hold it; terms without any left out.
    """

    count: int
    of: Mapping[str | tuple[str, str], float]

    def weights(self, terms: Terms) -> dict[str | tuple[str, str], float]:
        """Each term's weight: its inverse document frequency."""
        every: list[str | tuple[str, str]] = [*terms.words, *terms.pairs]
        return {
            term: math.log((self.count + 1) / (self.of.get(term, 0) + 0.5))
            for term in every
            # a pair that nobody has says nothing: claims are retold in other orders
            if self.of.get(term) or isinstance(term, str)
        }


class Search:
    """A claim looked for in a collection.

    Args:
        terms: the claim's.
        articles: the collection, or those of it that may tell the claim.
        frequencies: of the terms in the whole collection; counted in the articles where none are given.

    Attributes:
        weights: each term's weight: its inverse document frequency.
        total: the weight of the whole claim.
        articles: the collection.
        hits: article id to its hits, articles without any left out.
    """

    def __init__(self, terms: Terms, articles: Mapping[str, Article], frequencies: Frequencies | None = None) -> None:
        self.terms = terms
        self.articles = articles
        self.hits: dict[str, list[Hit]] = {}
        counted: Counter[str | tuple[str, str]] = Counter()
        reader = Reader(terms)
        for document, article in articles.items():
            found = reader.hits(article.text)
            if found:
                self.hits[document] = found
                counted.update(shared_terms(terms, found))
        self.weights = (frequencies or Frequencies(len(articles), counted)).weights(terms)
        self._windows: dict[str, list[Window]] = {}
        self.total = sum(self.weights.values())

    def share(self, found: Iterable[str | tuple[str, str]]) -> float:
        """The share of the claim's weight that some terms make up."""
        return sum(self.weights.get(term, 0.0) for term in set(found)) / self.total if self.total > 0 else 0.0

    def keep(self, documents: Collection[str]) -> None:
        """Forget the hits of all other articles."""
        self.hits = {document: found for document, found in self.hits.items() if document in documents}

    def written(self, document: str, term: str | tuple[str, str]) -> str:
        """A term as one of its articles writes it, where it first does."""
        found = self.hits[document]
        text = self.articles[document].text
        if isinstance(term, str):
            first = next(hit.span for hit in found if hit.stem == term)
            return text[first.start : first.end]
        pair = next(
            (one, two) for one, two in itertools.pairwise(found) if two.follows and (one.stem, two.stem) == term
        )
        return " ".join(text[hit.span.start : hit.span.end] for hit in pair)

    def within(self, document: str, span: Span) -> frozenset[str | tuple[str, str]]:
        """The terms that a stretch of an article shares with the claim."""
        return shared_terms(self.terms, [hit for hit in self.hits.get(document, ()) if span.holds(hit.span)])

    def windows(self, article: Article, settings: ChainSettings) -> list[Window]:
        """The sentences of an article that tell the claim or part of it, each with its neighbours; best first."""
        known = self._windows.get(article.id)
        if known is None:
            known = self._windows[article.id] = self._read(article, settings)
        return known

    def told(self, article: Article, settings: ChainSettings) -> float:
        """The share of the claim's weight that the windows of an article hold together; 0 where none holds enough."""
        windows = self.windows(article, settings)
        if not windows or self.share(windows[0].terms) < settings.telling_core_share:
            return 0.0
        return self.share(term for window in windows for term in window.terms)

    def _read(self, article: Article, settings: ChainSettings) -> list[Window]:
        found = self.hits.get(article.id, [])
        if self.share(shared_terms(self.terms, found)) < settings.telling_share:
            return []
        units = sentence_spans(article.text)
        grouped: list[list[Hit]] = [[] for _ in units]
        place = 0
        for hit in found:
            while place + 1 < len(units) and units[place].end <= hit.span.start:
                place += 1
            grouped[place].append(hit)
        alone = [self.share(shared_terms(self.terms, group)) for group in grouped]
        kept: list[tuple[float, Window]] = []
        for index, own in enumerate(grouped):
            if not own:
                continue
            low, high = max(0, index - 1), min(len(units), index + 2)
            near = [hit for group in grouped[low:high] for hit in group]
            shared = shared_terms(self.terms, near)
            if self.share(shared) >= settings.telling_window_share:
                best = units[max(range(low, high), key=alone.__getitem__)]
                window = Window(Span(units[low].start, units[high - 1].end), shared, best)
                kept.append((self.share(shared), window))
        kept.sort(key=lambda item: (-item[0], item[1].span))
        return [window for _, window in kept[: settings.maximum_windows]]


def sentence_spans(text: str) -> list[Span]:
    """All sentences of a text in order."""
    return [Span(*pair) for part in paragraphs(text) for pair in sentences(text, part.start, part.end)]
