"""Uncredited reuse and exchanges between outlets: as rows for programs and as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.export.rows import Row
from provenance.export.tags import UNTAGGED, Tags
from provenance.model import Article
from provenance.takings import Exchange, Uncredited
from provenance.terminal import indented, printable, quoted, tagged, when

UNCREDITED_FIELDS: Final = (
    "taker",
    "taker_outlet",
    "source",
    "source_outlet",
    "words",
    "share",
    "since",
    "source_published",
    "hours",
    "confidence",
    "margin",
    "runner_up",
    "passages",
    "clusters",
    "tags",
)
EXCHANGE_FIELDS: Final = (
    "taker",
    "source",
    "articles",
    "credited",
    "uncredited",
    "mentions",
    "median_hours",
    "dated",
    "held",
    "tags",
)
"""The fields of each kind of row, in the order in which CSV writes them."""
_DAYS_FROM: Final = 48
"""Hours from which a delay is told in days."""


def uncredited_row(taken: Uncredited, tags: Tags = UNTAGGED) -> Row:
    """Text that one article took from another without saying so; `tags` of the outlets, by name."""
    since, before = taken.since, taken.source.published
    return {
        "taker": taken.taker.id,
        "taker_outlet": taken.taker.outlet,
        "source": taken.source.id,
        "source_outlet": taken.source.outlet,
        "words": taken.words,
        "share": taken.share,
        "since": since.isoformat() if since else None,
        "source_published": before.isoformat() if before else None,
        "hours": taken.hours,
        "confidence": taken.link.confidence,
        "margin": taken.link.margin,
        "runner_up": taken.link.runner_up,
        "passages": [{"start": span.start, "end": span.end} for span in taken.spans],
        "clusters": list(taken.link.clusters),
        "tags": tags.link(taken.link),
    }


def exchange_row(exchange: Exchange, tags: Tags = UNTAGGED) -> Row:
    """What the articles of one outlet have from another; empty names stand for outlets that are not known."""
    named = {name: tags.outlet(name) for name in (exchange.taker, exchange.source)}
    return {
        "taker": exchange.taker,
        "source": exchange.source,
        "articles": exchange.articles,
        "credited": exchange.credited,
        "uncredited": exchange.uncredited,
        "mentions": exchange.mentions,
        "median_hours": exchange.hours,
        "dated": exchange.dated,
        "held": exchange.held,
        "tags": {name: every for name, every in named.items() if every},
    }


def uncredited(out: Console, found: Iterable[Uncredited], tags: Tags = UNTAGGED) -> None:
    """Each case in three lines: who, how much and since when, and the first words taken."""
    for each in found:
        taker, source = _who(each.taker, tags), _who(each.source, tags)
        indented(out, Text.assemble((taker, "bold"), " printed text of ", (source, "bold")), 0)
        since = "undated" if each.since is None else f"since {when(each.taker)}"
        after = "" if each.hours is None else f", {lapse(abs(each.hours))} {'before' if each.hours < 0 else 'after'} it"
        much = f"{each.words:,} {'word' if each.words == 1 else 'words'}, {each.share:.0%} of the article"
        indented(out, f"{much}, {since}{after}; confidence {each.link.confidence:.2f}", 2, style="dim")
        if each.spans:
            first = max(each.spans, key=len)
            indented(out, quoted(each.taker.text[first.start : first.end], 90), 2)


def _who(article: Article, tags: Tags) -> str:
    outlet = f", {printable(article.outlet)}{tagged(tags.article(article))}" if article.outlet else ""
    return f"{printable(article.id)}{outlet}"


def lapse(hours: float) -> str:
    """A delay in words: hours below two days, days from there on."""
    words = f"{hours:,.1f} h" if abs(hours) < _DAYS_FROM else f"{hours / 24:,.1f} days"
    return words.replace(".0 ", " ")


def exchanges(out: Console, found: Iterable[Exchange], tags: Tags = UNTAGGED) -> None:
    """A table of who takes from whom."""
    table = Table(box=None, show_edge=False, pad_edge=False, header_style="bold")
    for column in ("taker", "source", "articles", "credited", "uncredited", "mentions", "median delay"):
        table.add_column(column, overflow="fold")
    for each in found:
        delay = "" if each.hours is None else f"{lapse(each.hours)} ({each.dated})"
        table.add_row(
            Text(_outlet(each.taker, tags)),
            Text(_outlet(each.source, tags)),
            Text(str(each.articles)),
            Text(str(each.credited)),
            Text(str(each.uncredited)),
            Text(str(each.mentions)),
            Text(delay),
        )
    out.print(table)


def _outlet(name: str, tags: Tags) -> str:
    return printable(name) + tagged(tags.outlet(name)) if name else "outlet unknown"
