"""What shows a link, and what speaks against it."""

from __future__ import annotations

import pytest

from provenance.model import Article, Evidence, Link
from provenance.watching.news import Shared

FOR, MORE, AGAINST, WORSE, PLAIN = (
    Evidence("b", 0, 5, rule, rule, weight=weight)
    for rule, weight in (("coverage", 2.0), ("credit", 3.5), ("lacking", -2.7), ("opposite", -9.0), ("quotation", 0.0))
)


@pytest.mark.parametrize(
    ("evidence", "shown", "against"),
    [
        ((FOR, AGAINST, MORE), MORE, AGAINST),
        ((AGAINST, FOR, WORSE), FOR, WORSE),
        ((PLAIN,), PLAIN, None),
        ((WORSE, AGAINST), None, WORSE),
        ((), None, None),
    ],
)
def test_what_speaks_against_a_link_is_never_given_as_what_shows_it(
    evidence: tuple[Evidence, ...], shown: Evidence | None, against: Evidence | None
) -> None:
    one, two = Article("a", "Words."), Article("b", "Words.")
    link = Link("a", "", "b", "uncredited-copy", False, 0.75, evidence, ("a", "b"))
    shared = Shared(two, one, link, "from", 1, 1.0)
    assert shared.shown_by is shown
    assert shared.spoken_against_by is against
