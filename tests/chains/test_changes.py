from __future__ import annotations

import pytest

from provenance.chains.changes import Change, Told, changes
from provenance.model import Article, Link, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()
FIRST = "About 40 tonnes of heavy fuel oil leaked into the harbour after a tanker struck the quay."
LATER = "Some 400 tonnes of heavy fuel oil poisoned the harbour after a tanker rammed the quay."


def article(name: str, text: str, title: str | None = None) -> Article:
    return Article(name, text, title)


def told(one: Article, stance: str | None = None) -> Told:
    return Told(one.id, (Span(0, len(one.text)),), stance)  # type: ignore[arg-type]


def compared(one: Article, two: Article, linked: bool = True, earliest: str | None = None) -> tuple[Change, ...]:
    link = Link(one.id, "", two.id, "uncredited-copy", False, 0.9, (), (one.id, two.id))
    return changes({one.id: one, two.id: two}, [told(one), told(two)], [link] if linked else [], earliest, SETTINGS)


def test_words_and_figures_that_changed_are_told() -> None:
    [found] = compared(article("a", FIRST), article("b", LATER))
    assert (found.before, found.after, found.linked) == ("a", "b", True)
    assert found.figures == (("tonnes", "40", "400"),)
    assert set(found.dropped) == {"About", "40", "leaked", "struck"}
    assert set(found.added) == {"400", "poisoned", "rammed"}


def test_what_stands_elsewhere_in_the_other_article_is_no_change() -> None:
    moved = article("b", "Rain fell. " + FIRST + " Nothing else happened there.")
    one = article("a", FIRST + " Rain fell there. Nothing else happened.")
    assert compared(one, moved) == ()


def test_a_figure_that_both_have_is_not_altered() -> None:
    [found] = compared(article("a", FIRST), article("b", LATER + " Not 40 tonnes, as was said."))
    assert found.figures == ()


def test_another_headline_and_another_stance_are_told() -> None:
    one, two = article("a", FIRST, "Oil in harbour"), article("b", FIRST, "A sea of poison")
    link = Link("a", "", "b", "credited-copy", True, 0.9, (), ("a", "b"))
    both = {"a": one, "b": two}
    [found] = changes(both, [told(one, "assert"), told(two, "deny")], [link], None, SETTINGS)
    assert found.headline == ("Oil in harbour", "A sea of poison")
    assert found.stance == ("assert", "deny")


@pytest.mark.parametrize(("earliest", "count"), [(None, 0), ("a", 1)])
def test_without_a_link_only_the_earliest_is_compared_with(earliest: str | None, count: int) -> None:
    found = compared(article("a", FIRST), article("b", LATER), linked=False, earliest=earliest)
    assert len(found) == count
    assert not any(one.linked for one in found)


def test_what_an_article_had_from_another_is_not_compared_with_the_earliest_too() -> None:
    found = compared(article("a", FIRST), article("b", LATER), earliest="a")
    assert [(one.before, one.after) for one in found] == [("a", "b")]


def test_long_lists_of_words_are_cut() -> None:
    many = " ".join(f"wording{'abcdefghijklmnopqrstuvwxyz'[n]}" for n in range(26))
    one = article("a", " ".join(f"{'abcdefghijklmnopqrstuvwxyz'[n]}words" for n in range(26)))
    [found] = compared(one, article("b", many))
    assert len(found.dropped) == SETTINGS.maximum_words_changed
