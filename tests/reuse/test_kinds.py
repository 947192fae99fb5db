"""Kinds of shared passages: copy, quotation, furniture, passage."""

from __future__ import annotations

import dataclasses

import pytest

from provenance.model import Article, MatchKind, Span
from provenance.reuse.kinds import KindReader, cluster_kind
from provenance.settings import ReuseSettings

DEFAULT = ReuseSettings()
SPEECH = "“The bridge was built by the people of this valley, and nobody will take it from them,” "
PROSE = "The council met on the hill above the old harbour and talked until the lamps were lit again. "


def kinds(
    one: str,
    two: str,
    *shared: str,
    outlets: tuple[str | None, str | None] = (None, None),
    chosen: ReuseSettings = DEFAULT,
) -> list[MatchKind]:
    articles = [Article("a", one, outlet=outlets[0]), Article("b", two, outlet=outlets[1])]
    spans = [tuple(Span(text.index(part), text.index(part) + len(part)) for text in (one, two)) for part in shared]
    return KindReader(articles, chosen).kinds((0, 1), spans)  # type: ignore[arg-type]


def filler(name: str, sentences: int) -> str:
    return "".join(f"The {name} number {at} went its own way through the day. " for at in range(sentences))


def test_a_whole_article_is_a_copy() -> None:
    text = filler("ship", 10)
    assert kinds(text, text + "Ends. ", text) == ["copy"]


def test_a_copy_needs_most_of_both_articles() -> None:
    text = filler("ship", 10)
    assert kinds(text, text + filler("train", 20), text) == ["passage"]


def test_overlapping_passages_are_counted_once() -> None:
    text = filler("ship", 10)
    half, more = text[: len(text) // 2], text[len(text) // 5 : len(text) * 3 // 5]
    longer = text[: len(text) * 3 // 5] + filler("cart", 4)
    assert kinds(text, longer, half, more) == ["passage", "passage"]


def test_several_passages_may_make_a_copy() -> None:
    parts = [filler(name, 4) for name in ("ship", "cart", "tram")]
    assert kinds("".join(parts), "Next. ".join(reversed(parts)), *parts) == ["copy"] * 3


def test_quoted_speech_alone_is_a_quotation() -> None:
    one, two = f"{filler('ship', 4)}{SPEECH}she said.", f"{SPEECH}the mayor told us. {filler('tram', 4)}"
    assert kinds(one, two, SPEECH.strip()) == ["quotation"]


def test_speech_printed_plain_on_one_side_is_still_speech() -> None:
    plain = SPEECH.strip("“” ,")
    one, two = f"{filler('ship', 4)}{SPEECH}she said.", f"He recalled that {plain}. {filler('tram', 4)}"
    assert kinds(one, two, plain) == ["quotation"]


def test_speech_with_the_prose_around_it_is_a_passage() -> None:
    shared = f"{PROSE}{SPEECH}she said. {PROSE}".strip()
    one, two = f"{filler('ship', 9)}{shared}", f"{shared} {filler('tram', 9)}"
    assert kinds(one, two, shared) == ["passage"]


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply. Your email address will not be published.",
        "Sign up for our daily newsletter and never miss a story.",
        "This site uses cookies to make your visit better.",
        "Copyright, all rights reserved by the publisher of these pages.",
        "Follow us on Twitter for the latest.",
    ],
)
def test_what_speaks_to_the_reader_is_furniture(line: str) -> None:
    one, two = f"{filler('ship', 9)}{line}", f"{filler('tram', 9)}{line} Bye."
    assert kinds(one, two, line) == ["furniture"]


def test_an_article_that_mentions_cookies_is_no_furniture() -> None:
    long = f"{filler('ship', 14)}The law says that we use cookies only where asked. "
    assert len(long) > DEFAULT.furniture_characters
    assert kinds(f"{long}{filler('cart', 20)}", f"{filler('tram', 20)}{long}", long) == ["passage"]


def test_a_block_at_the_edge_of_one_outlets_articles_is_furniture() -> None:
    block = "The Harbour Post is written by its readers and printed by the ferrymen. "
    one, two = f"{filler('ship', 12)}{block}", f"{filler('tram', 12)}{block}"
    assert kinds(one, two, block, outlets=("Post", "Post")) == ["furniture"]
    assert kinds(one, two, block, outlets=("Post", "Mail")) == ["passage"]
    assert kinds(one, two, block) == ["passage"], "unknown outlets are not one outlet"


def test_one_outlets_article_that_grows_is_no_furniture() -> None:
    story = filler("ship", 12)
    one, two = f"{story}{filler('cart', 6)}", f"{filler('tram', 6)}{story}"
    assert kinds(one, two, story, outlets=("Post", "Post")) == ["passage"]


def test_a_block_amid_one_outlets_articles_is_a_passage() -> None:
    one = f"{filler('ship', 12)}{PROSE}{filler('cart', 12)}"
    two = f"{filler('tram', 12)}{PROSE}{filler('mule', 12)}"
    assert kinds(one, two, PROSE, outlets=("Post", "Post")) == ["passage"]


def test_thresholds_are_settings() -> None:
    text = filler("ship", 10)
    lenient = dataclasses.replace(DEFAULT, copy_coverage=0.3)
    assert kinds(text, text + filler("train", 12), text, chosen=lenient) == ["copy"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"quotation": 3, "passage": 2}, "quotation"),
        ({"quotation": 2, "passage": 2}, "passage"),
        ({"copy": 1, "passage": 1, "furniture": 1}, "copy"),
        ({"furniture": 2}, "furniture"),
    ],
)
def test_the_commonest_kind_is_the_clusters(counts: dict[MatchKind, int], expected: MatchKind) -> None:
    assert cluster_kind(counts) == expected
