"""Uncredited reuse and exchanges between outlets, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from provenance.export.tags import UNTAGGED, Tags
from provenance.model import Article
from provenance.takings import Exchange, Uncredited
from provenance.terminal import Block, Column, counted, indented, listed, printable, quoted, tagged, when

_DAYS_FROM: Final = 48
"""Hours from which a delay is told in days."""


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
    columns = (
        Column("taker", 20),
        Column("source", 20),
        *(Column(name, side="right") for name in ("articles", "credited", "uncredited", "mentions", "median delay")),
    )
    rows = [
        (
            _outlet(each.taker, tags),
            _outlet(each.source, tags),
            str(each.articles),
            str(each.credited),
            str(each.uncredited),
            str(each.mentions),
            "" if each.hours is None else f"{lapse(each.hours)} ({each.dated})",
        )
        for each in found
    ]

    def block(
        taker: str, source: str, articles: str, credited: str, uncredited: str, mentions: str, delay: str
    ) -> Block:
        after = f", median delay {delay}" if delay else ""
        counts = f"{credited} credited, {uncredited} uncredited, {counted(mentions, 'mention')}"
        return f"{taker} from {source}", [f"{counted(articles, 'article')}: {counts}{after}"]

    listed(out, columns, rows, block)


def _outlet(name: str, tags: Tags) -> str:
    return printable(name) + tagged(tags.outlet(name)) if name else "outlet unknown"
