"""Tags of links, whose articles are looked up by id."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from provenance.export import tags as tags_module
from provenance.export.tags import Tags
from provenance.model import Article, Link

HELD = {name: Article(name, "", outlet=f"Outlet {name}") for name in "abcdef"}


def link(upstream: str | None, downstream: str) -> Link:
    held = tuple(sorted(filter(None, (upstream, downstream))))
    return Link(upstream, "", downstream, "update", False, 0.5, (), held)


def test_articles_are_looked_up_once_and_only_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def heads(ids: Iterable[str]) -> dict[str, Article]:
        asked.append(list(ids))
        return {name: HELD[name] for name in asked[-1] if name in HELD}

    tags = Tags(lambda name, _url: (name.lower(),) if name else (), heads, some=True)
    assert tags.link(link("a", "b")) == {"Outlet a": ["outlet a"], "Outlet b": ["outlet b"]}
    assert tags.link(link("a", "c")) == {"Outlet a": ["outlet a"], "Outlet c": ["outlet c"]}
    assert asked == [["a", "b"], ["c"]]
    assert tags.link(link(None, "gone")) == {}
    monkeypatch.setattr(tags_module, "_REMEMBERED", 2)
    assert tags.link(link("d", "a")) == {"Outlet d": ["outlet d"], "Outlet a": ["outlet a"]}
    assert asked[-1] == ["d", "a"], "what was remembered is forgotten first"


def test_without_tags_nothing_is_looked_up() -> None:
    def never(_ids: Iterable[str]) -> dict[str, Article]:
        raise AssertionError("an article is looked up")

    assert Tags(lambda _name, _url: (), never, some=False).link(link("a", "b")) == {}
