"""How articles are called on pages: by outlet, title and date, for those that are known; else by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from provenance.model import Article, DateInterval
from provenance.pages.visible import cut

Held = Mapping[str, Article]
"""Articles by id; only their outlets, titles and dates are read."""

TITLE_WIDTH = 90
"""Where a title is cut in running text."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an article is called.

    Attributes:
        document: its id.
        name: its outlet, or its id where that is not known.
        title: its title, cut; empty where it has none.
        published: None where undated.
        known: whether anything but the id is known.
    """

    document: str
    name: str
    title: str
    published: DateInterval | None
    known: bool


def named(document: str, held: Held | None) -> Named:
    """What an article is called, by its id."""
    article = held.get(document) if held else None
    if article is None:
        return Named(document, document, "", None, False)
    return Named(document, article.outlet or document, cut(article.title or "", TITLE_WIDTH), article.published, True)


def outlet_or_id(document: str, held: Held | None) -> str:
    """The outlet of an article, or its id where that is not known."""
    return named(document, held).name


def without_text(article: Article) -> Article:
    """What pages need to name an article, without its text."""
    return replace(article, text="", credits=())
