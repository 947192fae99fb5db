"""How much of a claim an article can hold in one place, from the hashes of its words, without reading its text.

The names and years of a claim stand scattered over many long articles; few have them in neighbouring sentences. Blocks
of words that overlap by half are summed up: whatever lies within half a block lies in one of them whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from provenance.text.tokens import words_of

_TABLE_BITS = 16
"""Bits of a hash by which most words are told to be none of a claim's. It decides no result."""

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sought:
    """The terms of a claim in the way they are looked for among hashes: words, and pairs of them.

    Attributes:
        words: for each word the hashes of the forms that stand for it, each of shape (forms,).
        pairs: for each pair the numbers of its first and its second word, shape (pairs, 2).
        weights: what an article gains that holds a term, words before pairs, shape (words + pairs,).
    """

    words: Sequence[npt.NDArray[np.uint64]]
    pairs: _Numbers
    weights: npt.NDArray[np.float64]


def hashes_of(forms: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The hashes of some forms of a word, shape (forms,); none where a form is not one word of a text."""
    words = words_of(forms)
    alone = len(words) == len(forms) and bool((np.diff(words.bounds) == 1).all())
    return words.hashes if alone else np.zeros(0, dtype=np.uint64)


def nearest(
    hashes: npt.NDArray[np.uint64], bounds: _Numbers, terms: Sought, held: npt.NDArray[np.bool_], reach: int
) -> npt.NDArray[np.float64]:
    """At most which weight each article holds within `reach` neighbouring words.

    Args:
        hashes: hash of each word of some articles, one after the other, shape (words,).
        bounds: the words of article i are those from bounds[i] to bounds[i + 1], shape (articles + 1,).
        terms: what is looked for.
        held: whether an article is known to hold a term, shape (articles, terms). A term that it holds but whose
            words are not found is granted: the words may have been told apart in another way.
        reach: words; what stands closer together than that is found together.

    Returns:
        The weights, shape (articles,).
    """
    best = np.zeros(len(bounds) - 1)
    place, term = _places(hashes, bounds, terms)
    article = _article(bounds, place)
    found = np.zeros(held.shape, dtype=bool)
    found[article, term] = True
    if len(place):
        block = (place - bounds[article]) // reach
        most = int(block.max()) + 2
        # a place lies in the block that begins before it and in the one that began half a block earlier
        cell = np.concatenate([article * most + block + 1, article * most + block])
        keys = np.unique(cell * len(terms.weights) + np.concatenate([term, term]))
        cells, which = np.divmod(keys, len(terms.weights))
        firsts = np.flatnonzero(np.diff(cells, prepend=-1))
        np.maximum.at(best, cells[firsts] // most, np.add.reduceat(terms.weights[which], firsts))
    granted: npt.NDArray[np.float64] = (held & ~found) @ terms.weights
    return best + granted


def _article(bounds: _Numbers, place: _Numbers) -> _Numbers:
    return np.searchsorted(bounds, place, side="right") - 1


def _places(hashes: npt.NDArray[np.uint64], bounds: _Numbers, terms: Sought) -> tuple[_Numbers, _Numbers]:
    """Where which term stands, in no order; a pair stands where its first word does."""
    wanted = np.concatenate([np.zeros(0, dtype=np.uint64), *terms.words])
    owner = np.repeat(np.arange(len(terms.words)), [len(forms) for forms in terms.words])
    order = np.argsort(wanted, kind="stable")
    wanted, owner = wanted[order], owner[order]
    shift = np.uint64(64 - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=bool)
    table[(wanted >> shift).astype(np.int64)] = True
    likely = np.flatnonzero(table[(hashes >> shift).astype(np.int64)])
    first = np.searchsorted(wanted, hashes[likely], side="left")
    # a form may stand for two words
    times = np.searchsorted(wanted, hashes[likely], side="right") - first
    place = np.repeat(likely, times)
    rank = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
    term = owner[np.repeat(first, times) + rank]
    pairs = [_following(place, term, bounds, terms, gap) for gap in (1, 2)]
    return np.concatenate([place, *(at for at, _ in pairs)]), np.concatenate([term, *(which for _, which in pairs)])


def _following(place: _Numbers, term: _Numbers, bounds: _Numbers, terms: Sought, gap: int) -> tuple[_Numbers, _Numbers]:
    """The pairs whose words stand `gap` words apart: two where a dash or a point parts a word here and not there."""
    order = np.argsort(term, kind="stable")
    places = place[order]
    ends = np.searchsorted(term[order], np.arange(len(terms.words) + 1))
    at, which = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for number, (one, two) in enumerate(terms.pairs.tolist()):
        firsts, seconds = places[ends[one] : ends[one + 1]], places[ends[two] : ends[two + 1]]
        found = firsts[np.isin(firsts + gap, seconds)]
        found = found[_article(bounds, found) == _article(bounds, found + gap)]
        at.append(found)
        which.append(np.full(len(found), len(terms.words) + number, dtype=np.int64))
    return np.concatenate(at), np.concatenate(which)
