"""Reading pages back: which letters stand in which elements, and what a page may not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from provenance import Article, DateInterval, Evidence, Link

VOID = {"br", "hr", "img", "input", "link", "meta"}
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} {% raw %} \"quoted' &lt; ]]> --> "
    "</style></script></title></textarea>\u202eRLO\u2066LRI \x1b[31mANSI NUL\x00 end"
)
"""What no page may take for anything but text."""


@dataclass
class Page(HTMLParser):
    """A page read back.

    Attributes:
        letters: every character of its text with the elements around it, each as its tag and classes.
        elements: every start tag with its attributes.
    """

    letters: list[tuple[str, tuple[frozenset[str], ...]]] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    stack: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append((tag, frozenset([tag, *(dict(attrs).get("class") or "").split()])))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack[-1][0] == tag, f"</{tag}> closes <{self.stack[-1][0]}>"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        around = tuple(classes for _, classes in self.stack)
        self.letters += [(letter, around) for letter in data]

    def text(self, *, without: str = "label") -> str:
        """Its text but for elements of one class."""
        return "".join(letter for letter, around in self.letters if not any(without in each for each in around))

    def within(self, name: str) -> str:
        """The text of the elements of one tag or class."""
        return "".join(letter for letter, around in self.letters if any(name in each for each in around))

    def places(self, name: str) -> set[int]:
        """Where the text without labels stands in elements of one tag or class."""
        kept = [around for _, around in self.letters if not any("label" in each for each in around)]
        return {place for place, around in enumerate(kept) if any(name in each for each in around)}


@pytest.fixture(scope="session")
def page() -> Callable[[str], Page]:
    """Reads a piece of HTML, which must close what it opens."""

    def read(html: str) -> Page:
        made = Page()
        made.feed(html)
        made.close()
        assert not made.stack, f"left open: {made.stack}"
        return made

    return read


@pytest.fixture(scope="session")
def harmless(page: Callable[[str], Page]) -> Callable[[str], Page]:
    """Reads a piece of HTML and asserts that nothing in it acts: no script, handler, style or foreign address."""

    def check(html: str) -> Page:
        read = page(html)
        for tag, attributes in read.elements:
            assert tag not in {"script", "style", "img", "iframe", "object", "textarea", "form", "base"}, tag
            for name, value in attributes.items():
                assert not name.startswith("on"), (tag, name)
                assert name != "style", (tag, value)
                if name in {"href", "src", "action"}:
                    assert (value or "").startswith(("#", "http://", "https://")), (tag, value)
        for letter in "\x00\x1b\u202e\u2066":
            assert letter not in html, ascii(letter)
        return read

    return check


@pytest.fixture
def evil() -> str:
    return EVIL


def _day(number: int) -> DateInterval:
    return DateInterval(f"2024-03-{number:02d}T00:00:00Z", f"2024-03-{number + 1:02d}T00:00:00Z", "day", "metadata")


@pytest.fixture
def day() -> Callable[[int], DateInterval]:
    """A day of March 2024."""
    return _day


@pytest.fixture
def copied() -> tuple[dict[str, Article], list[Link]]:
    """Three articles: b from a without credit, c from b with credit, and c credits Reuters, which is not held."""
    held = {
        "a": Article("a", "one two three", "First", "Outlet A", published=_day(1)),
        "b": Article("b", "one two three", "Second", "Outlet B", published=_day(2)),
        "c": Article("c", "one two three", "Third", "Outlet C"),
    }
    shown = (
        Evidence("b", 0, 13, "one two three", "coverage", "text", 2.5),
        Evidence("a", 0, 0, "2024-03-01T00:00:00Z/2024-03-02T00:00:00Z against undated", "earlier", "page", 1.2),
        Evidence("b", 4, 7, "two", "lacking", "text", -1.0),
    )
    return (
        held,
        [
            Link("a", "Outlet A", "b", "uncredited-copy", False, 0.86, shown, ("a", "b"), (3,), 4.6, "c"),
            Link("b", "Outlet B", "c", "credited-copy", True, 0.98, shown[:1], ("b", "c"), (3,)),
            Link(None, "Reuters", "c", "credit-only", True, 0.9, shown[:1], ("c",)),
        ],
    )
