"""Where things are shown: the addresses of articles, comparisons, passages, sources, outlets and rows.

The report links within its one file, the web pages link to each other; fragments ask an `Addresses` and print plain
text where it answers with nothing.
"""

from __future__ import annotations

from typing import Final, Protocol
from urllib.parse import urlsplit

_SCHEMES: Final = frozenset(["http", "https"])


class Addresses(Protocol):
    """Answers with an address, or with an empty string where there is no such page."""

    def article(self, document: str) -> str:
        """The page of one article."""

    def compare(self, a: str, b: str) -> str:
        """Two articles side by side."""

    def passage(self, cluster: int) -> str:
        """The copies of one passage."""

    def source(self, name: str) -> str:
        """What a source is credited with."""

    def outlet(self, name: str) -> str:
        """What an outlet takes and what is taken from it."""

    def graph(self, document: str) -> str:
        """The tree that an article stands in."""

    def rows(self, table: str, **where: object) -> str:
        """The rows behind a page."""


class Nowhere:
    """Has no address for anything: all is plain text."""

    def article(self, document: str) -> str:  # noqa: ARG002 - the protocol's signature
        """No page."""
        return ""

    def compare(self, a: str, b: str) -> str:  # noqa: ARG002
        """No page."""
        return ""

    def passage(self, cluster: int) -> str:  # noqa: ARG002
        """No page."""
        return ""

    def source(self, name: str) -> str:  # noqa: ARG002
        """No page."""
        return ""

    def outlet(self, name: str) -> str:  # noqa: ARG002
        """No page."""
        return ""

    def graph(self, document: str) -> str:  # noqa: ARG002
        """No page."""
        return ""

    def rows(self, table: str, **where: object) -> str:  # noqa: ARG002
        """No page."""
        return ""


def outside(url: str | None) -> str:
    """An article's own address where it may be linked: http or https with a host; else an empty string."""
    if not url or any(character.isspace() or not character.isprintable() for character in url.strip()):
        return ""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return ""
    return url.strip() if parts.scheme in _SCHEMES and host else ""
