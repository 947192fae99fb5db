"""Detection: from articles to the passages they share.

    words → families → fingerprints → runs and candidates → alignment → kinds → clusters

Articles are sorted by id first, so the result does not depend on the order they come in. What an earlier detection
left (`index`) is gone on from: only new and changed articles are compared, with all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from provenance.model import Article, Earlier
from provenance.reuse.alignment import Align, Aligned, align_all
from provenance.reuse.asked import DirtyTexts, Pairs, crowded_pairs
from provenance.reuse.assembly import Assembly, Detection, Progress
from provenance.reuse.candidates import Asked, TextsOf, find_runs
from provenance.reuse.families import find_families
from provenance.reuse.fingerprints import fingerprint, occurrences, only
from provenance.reuse.index import Collection
from provenance.reuse.joining import runs_in_parts
from provenance.reuse.rewrites import find_rewrites, stop_words_of
from provenance.settings import ReuseSettings
from provenance.text.spill import Spill
from provenance.text.tokens import words_of

__all__ = ["Detection", "Progress", "detect", "silent"]


def silent(_stage: str, _share: float) -> None:
    """No progress is shown."""


def detect(
    articles: Sequence[Article],
    settings: ReuseSettings,
    progress: Progress = silent,
    earlier: Earlier | None = None,
    align: Align = align_all,
    spill: Spill | None = None,
) -> Detection:
    """Find the passages that articles share.

    Args:
        articles: with distinct ids, in any order.
        settings: the thresholds.
        progress: is told how far the work is.
        earlier: what a detection of before, with the same settings, left of the articles that have not changed
            since: only the others are compared, with all. The rows are those of a whole detection, but for what
            hangs on counts over the collection: which fingerprints are rare (`rare_occurrences`) where both articles
            are of before, and kinds told by counts (`KindReader.counted`) of matches between such.
        align: what aligns the candidates; engines spread that over processes, with the same rows.
        spill: how much memory the words and their fingerprints may take, and where they go beyond that.

    Raises:
        StoreError: there is no room for what does not fit into memory.
    """
    spill = spill or Spill()
    if settings.sensitivity == "verbatim":
        settings = replace(
            settings,
            minimum_similarity=settings.verbatim_similarity,
            unmatched_cost=settings.verbatim_unmatched_cost,
        )
    if settings.sensitivity == "rewritten":
        # Weights of words are counts over the collection, and every match hangs on them.
        earlier = None
    articles = articles if _is_sorted(articles) else sorted(articles, key=lambda article: article.id)
    progress("reading words", 0.0)
    collection = Collection(articles, earlier, settings, spill)
    words = collection.words
    progress("finding whole copies", 0.0)
    representatives = find_families(words, collection.sketches, collection.sampled, settings, collection.families)
    collection.keep(representatives)
    progress("joining fingerprints", 0.0)
    aligned: Iterable[tuple[int, int, list[Aligned]]]
    if collection.whole:
        parts = runs_in_parts(words, representatives, settings, spill)
        aligned = (found for runs in parts for found in align(words, runs, settings))
    else:
        aligned = _aligned_anew(collection, representatives, settings, align)
    if settings.sensitivity == "rewritten":
        progress("aligning passages", 0.0)
        exact = {(text_a, text_b): found for text_a, text_b, found in aligned}
        progress("looking for rewordings", 0.0)
        stop_words = words_of([stop_words_of({article.language for article in articles})]).hashes
        reworded = find_rewrites(words, representatives, stop_words, exact, settings)
        exact.update({(text_a, text_b): found for text_a, text_b, found in reworded})
        aligned = ((text_a, text_b, found) for (text_a, text_b), found in sorted(exact.items()))
    return Assembly(collection, representatives, settings).assemble(aligned, progress)


def _aligned_anew(
    collection: Collection, representatives: npt.NDArray[np.int32], settings: ReuseSettings, align: Align
) -> list[tuple[int, int, list[Aligned]]]:
    """The passages of text pairs with a dirty text, and of those of before that new texts have crowded out."""
    words, length, window = collection.words, settings.shingle_words, settings.winnowing_window
    asked: Asked = DirtyTexts.among(collection.dirty, representatives)
    source = only(words, asked.concerned)
    prints = occurrences(words, fingerprint(source, length, window), source, length, window)
    text_of = TextsOf(words)
    found = list(align(words, find_runs(words, prints, representatives, settings, asked, text_of), settings))
    crowded = crowded_pairs(text_of, prints, representatives, collection.new, settings)
    doubtful = collection.drop(crowded)
    if doubtful:
        asked = Pairs.of(doubtful, representatives)
        source = only(words, asked.concerned)
        wanted = fingerprint(source, length, window).among(asked.shared(words, representatives, settings))
        prints = occurrences(words, wanted, source, length, window)
        found += align(words, find_runs(words, prints, representatives, settings, asked, text_of), settings)
        found.sort(key=lambda pair: pair[:2])
    return found


def _is_sorted(articles: Sequence[Article]) -> bool:
    return all(one.id < two.id for one, two in pairwise(articles))
