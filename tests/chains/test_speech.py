"""Words outside quoted speech."""

from __future__ import annotations

from provenance.chains.speech import unspoken_words
from provenance.model import Span

TEXT = 'The mayor spoke. "We will rebuild the quay," she said on Monday.\n\nThe quay is closed.'


def test_quoted_words_are_not_counted() -> None:
    assert unspoken_words(TEXT, [Span(0, len(TEXT))]) == 3 + 4 + 4


def test_only_the_stretch_counts() -> None:
    at = TEXT.index("she")
    assert unspoken_words(TEXT, [Span(at, at + len("she said"))]) == 2


def test_a_quotation_alone_has_none() -> None:
    at = TEXT.index("We will")
    assert unspoken_words(TEXT, [Span(at, at + len("We will rebuild"))]) == 0


def test_no_stretch_has_none() -> None:
    assert unspoken_words(TEXT, []) == 0
