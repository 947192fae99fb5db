"""Made-up texts for the tests of shared passages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from provenance.reuse.alignment import Aligned, align_all
from provenance.reuse.candidates import Runs, find_runs
from provenance.reuse.fingerprints import fingerprint
from provenance.settings import ReuseSettings
from provenance.text.tokens import Words, words_of

Prose = Callable[..., list[str]]
AlignTexts = Callable[..., list[tuple[int, int, list[Aligned]]]]


@pytest.fixture(scope="session")
def prose() -> Prose:
    """Words that no other call gives: prefix, so that texts share only what a test makes them share."""

    def made(prefix: str, count: int, seed: int = 0, vocabulary: int = 1_000_000) -> list[str]:
        chance = random.Random(f"{prefix} {seed}")
        return [f"{prefix}{chance.randrange(vocabulary)}" for _ in range(count)]

    return made


@pytest.fixture(scope="session")
def edit_words() -> Callable[..., list[str]]:
    """Words of which a share is substituted, preceded by an insertion or deleted; the first and last few are kept."""

    def edited(words: list[str], share: float, seed: int = 0, keep: int = 6) -> list[str]:
        chance = random.Random(f"{words[0]} {share} {seed}")
        inner = range(keep, len(words) - keep)
        touched = set(chance.sample(inner, min(len(inner), round(share * len(words)))))
        result: list[str] = []
        for place, word in enumerate(words):
            if place not in touched:
                result.append(word)
                continue
            kind = chance.randrange(3)
            if kind < 2:
                result.append(f"edit{chance.randrange(1_000_000)}")
            if kind == 1:
                result.append(word)
        return result

    return edited


@pytest.fixture(scope="session")
def runs_of() -> Callable[..., tuple[Words, Runs]]:
    """Texts as far as runs of equal words; no families unless given."""

    def found(
        texts: Iterable[str], settings: ReuseSettings, representatives: list[int] | None = None
    ) -> tuple[Words, Runs]:
        words = words_of(texts)
        own = np.arange(len(words.bounds) - 1) if representatives is None else np.array(representatives)
        prints = fingerprint(words, settings.shingle_words, settings.winnowing_window)
        return words, find_runs(words, prints, own.astype(np.int32), settings)

    return found


@pytest.fixture(scope="session")
def align_texts(runs_of: Callable[..., tuple[Words, Runs]]) -> AlignTexts:
    """Texts as far as aligned passages."""

    def found(texts: Iterable[str], settings: ReuseSettings) -> list[tuple[int, int, list[Aligned]]]:
        words, runs = runs_of(texts, settings)
        return list(align_all(words, runs, settings))

    return found
