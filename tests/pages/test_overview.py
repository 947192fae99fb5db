from __future__ import annotations

import pytest

from provenance.pages.overview import lapse


@pytest.mark.parametrize(
    ("hours", "whole", "words"),
    [
        (1.0, False, "1 hour"),
        (2.25, False, "2.2 hours"),
        (47.9, False, "47.9 hours"),
        (72.0, False, "3 days"),
        (24.0, True, "1 day"),
        (0.0, True, "less than a day"),
    ],
)
def test_delays_in_words(hours: float, whole: bool, words: str) -> None:
    assert lapse(hours, whole=whole) == words
