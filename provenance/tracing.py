"""Tracing a claim through a stored collection: the articles that may tell it are found by the full-text index.

A trace weighs words and word pairs by how rare they are in the whole collection. The index says that, and which
articles hold which of the rarer ones; only articles that may reach the share of the weight that a telling needs are
read. The commonest words are not looked up article by article: their small weight is granted to every article, so that
no telling is lost (the bound of Turtle and Flood 1995, "max score"). Of very many that may tell it, those are read that
may hold most of it in one place, and the trace says how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from provenance.chains import Trace
from provenance.chains.claims import claim_of, sought, trace
from provenance.chains.names import Outlets
from provenance.chains.nearness import Sought, hashes_of, nearest
from provenance.chains.tellings import Frequencies, Search, Terms, forms_of, stem
from provenance.errors import ProvenanceError
from provenance.model import Article, Span
from provenance.settings import ChainSettings
from provenance.store import Phrase, Store
from provenance.store.connection import in_batches

_Term = str | tuple[str, str]
_TEXTS_AT_ONCE: Final = 1_000
"""Articles whose words are looked through together. It decides no result."""
_ROUNDING: Final = 1e-9
"""What sums of weights may lose: it must not cost a telling."""


def trace_stored(
    store: Store,
    settings: ChainSettings,
    *,
    text: str | None = None,
    document: str | None = None,
    span: Span | None = None,
) -> Trace:
    """Trace a claim through a store; `chains.trace` over everything it holds gives the same.

    Args:
        store: the collection.
        settings: thresholds.
        text: the claim; or
        document: an article, with `span` a passage of it (code points).
        span: where the claim stands in that article.

    Raises:
        NotFoundError: the article is not held, or the span lies outside its text.
        ProvenanceError: neither or both of text and document are given, or the claim has no word.
    """
    if (text is None) == (document is None):
        raise ProvenanceError("a trace needs a text or an article, one of them", remedy="give a text, or a document")
    own = {} if document is None else {document: store.article(document)}
    terms = sought(claim_of(own, text, document, span), settings)
    with store.looking_up():
        return _traced(store, settings, terms, own, text, document, span)


def _traced(
    store: Store,
    settings: ChainSettings,
    terms: Terms,
    own: dict[str, Article],
    text: str | None,
    document: str | None,
    span: Span | None,
) -> Trace:
    index = _Index(store, terms, settings)
    frequencies = Frequencies(index.count, index.frequency)
    weights = frequencies.weights(terms)
    bound = index.bound(weights)
    sharing = set() if document is None else store.sharing(document, span)
    near, unread = index.near(index.reaching(bound, settings.telling_share), bound, settings.telling_core_share)
    telling = set(near) | sharing
    # an article that does not tell the claim after all may still deny it
    reaching = store.with_denials(index.reaching(bound, settings.denial_share))
    denying, _ = index.near(sorted(reaching), bound, settings.denial_share)
    ids = store.ids_of(telling.union(denying))
    articles: dict[str, Article] = {one.id: one for one in store.articles(ids.values())} | own
    search = Search(terms, articles, frequencies)
    kept = {ids[key] for key in sharing.union(denying)} | own.keys()
    rest = (one for name, one in articles.items() if name not in kept)
    kept |= {one.id for one in rest if search.told(one, settings) >= settings.telling_share}
    passages, links, chains = store.known_of(kept)
    read = {name: articles[name] for name in sorted(kept)}
    search.keep(kept)
    inside = [link for link in links if kept.issuperset(link.documents)]
    outlets = Outlets(_published(store))
    return trace(
        read.values(),
        passages,
        (),
        inside,
        chains,
        settings,
        text=text,
        document=document,
        span=span,
        search=search,
        outlets=outlets,
        unread=unread,
    )


def _published(store: Store) -> dict[str, Article]:
    """An article without text for every outlet and host of the collection."""
    made = [
        Article(f"{number:09}", "", outlet=outlet or None, url=f"https://{host}/" if host else None)
        for number, (outlet, host) in enumerate(sorted(store.outlets_held()))
    ]
    return {one.id: one for one in made}


@dataclass(slots=True)
class _Index:
    """What the full-text index knows of a claim's terms.

    Attributes:
        count: how many articles there are.
        frequency: a term to how many articles hold it, those in none left out; of pairs of common words an estimate.
        holders: the keys of the articles with a pair, of pairs that were looked up article by article.
        highest: the highest key of an article.
        part: share of the articles in which common words are counted, the first by key.
        phrases: what stands for each stem.
        present: whether each article has a stem, by key, of the stems that were looked up article by article.
        granted: the weight of the other stems.
        weights: what each term weighs.
    """

    store: Store
    terms: Terms
    settings: ChainSettings
    count: int = 0
    highest: int = 0
    part: float = 1.0
    frequency: dict[_Term, float] = field(default_factory=dict)
    holders: dict[tuple[str, str], npt.NDArray[np.int64]] = field(default_factory=dict)
    phrases: dict[str, list[Phrase]] = field(default_factory=dict)
    present: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    granted: float = 0.0
    weights: dict[_Term, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.count, self.highest = self.store.count_articles()
        self.part = min(1.0, self.settings.counted_articles / max(1, self.highest))
        for word in self.terms.words:
            self.phrases[word] = self._forms(word)
            found = self._count(self.phrases[word])
            if found:
                self.frequency[word] = found
        for pair in self.terms.pairs:
            self._count_pair(pair)

    def _forms(self, word: str) -> list[Phrase]:
        """The words that a stem stands for, those of a cut one as the index has them."""
        found: list[Phrase] = []
        for form, open_end in forms_of(word):
            if open_end:
                begun = self.store.words_from(form, self.settings.pair_forms)
                own = [((one,), False) for one in begun if stem(one) == word]
                # accents are not in the index, and where they keep the words from being told, all that begin so count
                found += own if own and len(begun) < self.settings.pair_forms else [((form,), True)]
            else:
                found.append(((form,), False))
        return found

    def _count(self, phrases: list[Phrase]) -> float:
        """How many articles hold one of some phrases; an estimate where many of a part of the collection do."""
        if self.part < 1.0:
            found = self._in_part(phrases)
            if found >= self.settings.counted_enough:
                return found / self.part
        return self.store.count_texts(phrases)

    def _in_part(self, phrases: list[Phrase]) -> int:
        return self.store.count_texts(phrases, up_to=int(self.highest * self.part))

    def _count_pair(self, pair: tuple[str, str]) -> None:
        rarer = min(self.frequency.get(word, 0) for word in pair)
        phrases = self._joined(*pair) if rarer else []
        if not phrases:
            return
        if rarer > self.settings.counted_articles / 2 and self.part < 1.0:
            found = self._in_part(phrases)
            if found >= self.settings.counted_enough:
                # it weighs little, and which articles hold it need not be known
                self.frequency[pair] = found / self.part
                return
        keys = self.store.texts_with(phrases)
        if len(keys):
            self.holders[pair] = keys
            self.frequency[pair] = len(keys)

    def _joined(self, one: str, other: str) -> list[Phrase]:
        """The phrases of two stems that follow each other."""
        first: list[str] = []
        for (form,), open_end in self.phrases[one]:
            first += self.store.words_from(form, self.settings.pair_forms) if open_end else [form]
        return [((form, *words), open_end) for form in first for words, open_end in self.phrases[other]]

    def bound(self, weights: dict[_Term, float]) -> npt.NDArray[np.float64]:
        """At most which share of the claim's weight each article holds, by key, shape (highest key + 1,)."""
        self.weights = weights
        total = sum(weights.values())
        score = np.zeros(self.highest + 1)
        if total <= 0:
            return score
        words = sorted((word for word in self.terms.words if word in self.frequency), key=weights.__getitem__)
        for word in words:
            if self.granted + weights[word] <= self.settings.granted_share * total:
                self.granted += max(0.0, weights[word])
                continue
            self.present[word] = np.zeros(self.highest + 1, dtype=bool)
            self.present[word][self.store.texts_with(self.phrases[word])] = True
            score += weights[word] * self.present[word]
        for pair in self.terms.pairs:
            if pair in self.holders:
                score[self.holders[pair]] += weights[pair]
            elif pair in weights:
                here = [self.present[word] for word in pair if word in self.present]
                score += weights[pair] * (np.logical_and.reduce(here) if here else np.ones(len(score), dtype=bool))
        return (score + self.granted) / total + _ROUNDING

    def reaching(self, bound: npt.NDArray[np.float64], share: float) -> list[int]:
        """The keys of the articles that may hold a share of the claim's weight."""
        found: list[int] = np.flatnonzero(bound >= share).tolist()
        return found

    def near(self, keys: Sequence[int], bound: npt.NDArray[np.float64], share: float) -> tuple[list[int], int]:
        """The keys of those of some articles that may hold a share of the claim's weight in one place.

        What detection keeps of the words of an article tells; of articles that it has not seen yet all may.

        Args:
            keys: articles that may tell the claim.
            bound: at most which share each article holds, by key.
            share: how much one place must hold.

        Returns:
            The keys of at most `read_articles`, those that may hold most; and how many others may hold enough.
        """
        most = self.settings.read_articles
        if len(keys) <= most:
            return list(keys), 0
        held = {key: float(bound[key]) for key in keys}
        likely = self._highest(held, self.settings.weighed_articles)
        near = {key: held[key] for key in likely} | dict(self._nearest(likely))
        told = {key: value for key, value in near.items() if value >= share}
        return self._highest(told, most), max(0, len(told) - most) + len(keys) - len(likely)

    def _highest(self, scores: dict[int, float], most: int) -> list[int]:
        """The keys with the highest scores, of equal ones those whose ids come first."""
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        if len(ranked) <= most:
            return ranked
        least = scores[ranked[most - 1]]
        above = [key for key in ranked if scores[key] > least]
        ids = self.store.ids_of(key for key in ranked if scores[key] == least)
        return above + sorted(ids, key=ids.__getitem__)[: most - len(above)]

    def _nearest(self, keys: Sequence[int]) -> Iterator[tuple[int, float]]:
        """At most which share of the claim's weight the indexed ones of some articles hold in one place."""
        pairs = [pair for pair in self.terms.pairs if pair in self.weights]
        terms = self._hashed(pairs)
        total = sum(self.weights.values())
        for batch in in_batches(self.store.hashes_of(keys), _TEXTS_AT_ONCE):
            own = np.array([key for key, _ in batch])
            words = [np.frombuffer(written, dtype="<u8") for _, written in batch]
            bounds = np.cumsum([0, *map(len, words)])
            known = self._held(own, pairs, terms)
            held = nearest(np.concatenate(words), bounds, terms, known, self.settings.near_words)
            yield from zip(own.tolist(), ((held + self.granted) / total + _ROUNDING).tolist(), strict=True)

    def _hashed(self, pairs: list[tuple[str, str]]) -> Sought:
        """The claim's terms as hashes; words that the index cannot tell apart one by one have none."""
        number = {word: place for place, word in enumerate(self.present)}
        # a pair of a word that every article is granted has nothing to be looked for by
        numbers = [[number.get(word, len(number)) for word in pair] for pair in pairs]
        every: list[_Term] = [*number, *pairs]
        hashes = [self._hashes(word) for word in number]
        return Sought(
            [*hashes, np.zeros(0, dtype=np.uint64)],
            np.array(numbers, dtype=np.int64).reshape(-1, 2),
            np.insert(np.array([self.weights[term] for term in every]), len(number), 0.0),
        )

    def _hashes(self, word: str) -> npt.NDArray[np.uint64]:
        forms: list[str] = []
        for (form,), open_end in self.phrases[word]:
            begun = self.store.words_from(form, self.settings.pair_forms) if open_end else [form]
            if open_end and len(begun) >= self.settings.pair_forms:
                return np.zeros(0, dtype=np.uint64)
            forms += begun
        return hashes_of(forms)

    def _held(self, keys: npt.NDArray[np.int64], pairs: list[tuple[str, str]], terms: Sought) -> npt.NDArray[np.bool_]:
        """Whether each article holds each term as far as the index tells, shape (articles, terms)."""
        held = np.zeros((len(keys), len(terms.weights)), dtype=bool)
        for place, word in enumerate(self.present):
            held[:, place] = self.present[word][keys]
        for place, (pair, numbers) in enumerate(zip(pairs, terms.pairs.tolist(), strict=True), len(terms.words)):
            if pair in self.holders:
                held[:, place] = np.isin(keys, self.holders[pair])
            elif not all(len(terms.words[number]) for number in numbers):
                known = [self.present[word][keys] for word in pair if word in self.present]
                held[:, place] = np.logical_and.reduce(known) if known else True
        return held
