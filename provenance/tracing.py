"""Tracing a claim through a stored collection: the articles that may tell it are found by the full-text index.

A trace weighs words and word pairs by how rare they are in the whole collection. The index says that, and which
articles hold which of the rarer ones; only articles that may reach the share of the weight that a telling needs are
read. The commonest words are not looked up article by article: their small weight is granted to every article, so that
no telling is lost (the bound of Turtle and Flood 1995, "max score").
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from provenance.chains import Trace
from provenance.chains.claims import claim_of, sought, trace
from provenance.chains.names import Outlets
from provenance.chains.tellings import Frequencies, Search, Terms, forms_of, stem
from provenance.errors import ProvenanceError
from provenance.model import Article, Span
from provenance.settings import ChainSettings
from provenance.store import Phrase, Store

_Term = str | tuple[str, str]


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
    telling = set(index.reaching(bound, settings.telling_share)) | sharing
    denying = store.with_denials(set(index.reaching(bound, settings.denial_share)) - telling)
    ids = store.ids_of(telling | denying)
    articles: dict[str, Article] = {one.id: one for one in store.articles(ids.values())} | own
    search = Search(terms, articles, frequencies)
    kept = {ids[key] for key in denying | sharing} | own.keys()
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
            # the phrase of two common words costs reading all places of both; one that the part lacks is rare
            self.frequency[pair] = max(1, self._in_part(phrases)) / self.part
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
        total = sum(weights.values())
        score = np.zeros(self.highest + 1)
        if total <= 0:
            return score
        granted = 0.0
        words = sorted((word for word in self.terms.words if word in self.frequency), key=weights.__getitem__)
        present: dict[str, npt.NDArray[np.bool_]] = {}
        for word in words:
            if granted + weights[word] <= self.settings.granted_share * total:
                granted += max(0.0, weights[word])
                continue
            present[word] = np.zeros(self.highest + 1, dtype=bool)
            present[word][self.store.texts_with(self.phrases[word])] = True
            score += weights[word] * present[word]
        for pair in self.terms.pairs:
            if pair in self.holders:
                score[self.holders[pair]] += weights[pair]
            elif pair in weights:
                here = [present[word] for word in pair if word in present]
                score += weights[pair] * (np.logical_and.reduce(here) if here else np.ones(len(score), dtype=bool))
        # what rounding takes away must not cost a telling
        return (score + granted) / total + 1e-9

    def reaching(self, bound: npt.NDArray[np.float64], share: float) -> list[int]:
        """The keys of the articles that may hold a share of the claim's weight."""
        found: list[int] = np.flatnonzero(bound >= share).tolist()
        return found
