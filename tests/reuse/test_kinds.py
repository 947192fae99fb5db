"""Kinds of shared passages: copy, quotation, furniture, passage."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest

from provenance.model import Article, DateInterval, MatchKind, Span
from provenance.reuse import detect
from provenance.reuse.kept import KINDS
from provenance.reuse.kinds import KindReader, cluster_kinds
from provenance.reuse.passages import Shared, SharedRows
from provenance.settings import ReuseSettings
from provenance.text.tokens import words_of

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
    long = f"{filler('ship', 3)}The law says that we use cookies only where asked. "
    assert kinds(f"{long}{filler('cart', 20)}", f"{filler('tram', 20)}{long}", long) == ["passage"]


def test_words_to_the_reader_on_one_side_alone_are_no_furniture_of_another_outlet() -> None:
    caption = "Boats leave the old harbour for the last time before the winter storms."
    one = f"{filler('ship', 9)}\n{caption} Hide Caption 3 of 9\n{filler('cart', 3)}"
    two = f"{filler('tram', 9)}{caption} {filler('mule', 9)}"
    assert kinds(one, two, caption, outlets=("Post", "Mail")) == ["passage"]
    assert kinds(one, two, caption, outlets=("Post", "Post")) == ["furniture"]


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
    kinds = [number for number, kind in enumerate(KINDS) for _ in range(counts.get(kind, 0))]
    # beside another cluster, whose matches count for itself alone
    clusters = np.array([1] * len(kinds) + [0])
    found = cluster_kinds(clusters, np.array([*kinds, KINDS.index("furniture")], dtype=np.int8), 2)
    assert [KINDS[kind] for kind in found] == ["furniture", expected]


def story(number: int, length: int = 160) -> str:
    """Words of one article's own, with a full stop now and then."""
    chance = random.Random(number)
    words = [f"w{number}x{chance.randrange(10**6)}" for _ in range(length)]
    return " ".join(word + ("." if at % 12 == 11 else "") for at, word in enumerate(words))


def collection(*held: tuple[str, str | None, str | None], others: int = 220) -> list[Article]:
    """Articles of 160 own words around a text each (with its outlet and day), and as many that stand alone."""
    articles = [
        Article(
            f"a{number:03}",
            f"{story(number)}\n{text}\n{story(number + 5000)}",
            outlet=outlet,
            published=day and DateInterval(f"{day}T00:00:00Z", f"{day}T23:59:59Z", "day", "metadata"),
        )
        for number, (text, outlet, day) in enumerate(held)
    ]
    return articles + [Article(f"z{number:03}", story(number + 10000)) for number in range(others)]


def kinds_among(articles: list[Article], chosen: ReuseSettings = DEFAULT) -> set[MatchKind]:
    found = detect(articles, chosen).matches
    assert found
    return {match.kind for match in found}


STANDING = " ".join(f"standing{at}" for at in range(36))
PHRASE = "on the condition of anonymity because they were not authorised to speak about the matter"


def test_a_paragraph_of_many_unrelated_articles_of_one_outlet_is_furniture() -> None:
    held = [(STANDING, "Post", None)] * 9
    assert kinds_among(collection(*held)) == {"furniture"}


def test_a_paragraph_of_many_outlets_is_a_passage() -> None:
    held = [(STANDING, f"Paper {number}", None) for number in range(9)]
    assert kinds_among(collection(*held)) == {"passage"}


def test_a_short_phrase_of_many_unrelated_articles_is_furniture() -> None:
    held = [(PHRASE, f"Paper {number}", None) for number in range(9)]
    assert kinds_among(collection(*held)) == {"furniture"}


def test_small_collections_are_not_counted_in() -> None:
    held = [(PHRASE, f"Paper {number}", None) for number in range(9)]
    assert kinds_among(collection(*held, others=20)) == {"passage"}


def test_a_short_passage_that_two_unrelated_articles_alone_have_is_one() -> None:
    held = [(PHRASE, "Post", None), (PHRASE, "Mail", None)]
    assert kinds_among(collection(*held)) == {"passage"}


def test_articles_that_tell_one_story_are_no_strangers() -> None:
    told = [f"{STANDING.replace('standing', 'told')} {number} " for number in range(9)]
    names = [f"name{at}" for at in range(200)]
    articles = []
    for number in range(9):
        chance = random.Random(number)
        mixed = chance.sample(names, 160)
        before, behind = " ".join(mixed[:80]), " ".join(mixed[80:])
        articles.append(Article(f"a{number}", f"{before} {story(number, 20)} {told[number]}\n{behind}", outlet="Post"))
    assert kinds_among(articles + collection()) == {"passage"}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2020-01-01", "2020-01-03"), "passage"),
        (("2020-01-01", "2020-06-03"), "furniture"),
        ((None, "2020-06-03"), "furniture"),
    ],
)
def test_a_whole_paragraph_of_strangers_of_one_outlet_is_standing_unless_of_one_time(
    days: tuple[str | None, str | None], expected: MatchKind
) -> None:
    assert kinds_among(collection(*((STANDING, "Post", day) for day in days))) == {expected}


def test_part_of_a_paragraph_of_one_outlet_is_a_passage() -> None:
    held = [(f"{story(number + 700, 9)} {STANDING} {story(number + 900, 9)}", "Post", None) for number in (1, 2)]
    assert kinds_among(collection(*held)) == {"passage"}


def test_a_much_repeated_saying_stays_a_quotation() -> None:
    held = [(f"“{PHRASE},” the minister said.", f"Paper {number}", None) for number in range(9)]
    assert kinds_among(collection(*held)) == {"quotation"}


@pytest.mark.parametrize(("exact", "expected"), [(True, "furniture"), (False, "passage")])
def test_rewordings_are_not_judged_by_the_triples_they_lack(exact: bool, expected: MatchKind) -> None:
    articles = collection((PHRASE, "Post", None), (" ".join(reversed(PHRASE.split())), "Mail", None))
    words = words_of(article.text for article in articles)
    length = len(PHRASE.split())
    starts = [int(words.bounds[number]) + 160 for number in (0, 1)]
    shared = Shared(0, (starts[0], starts[0] + length), 1, (starts[1], starts[1] + length))
    assert KindReader(articles, DEFAULT).counted(words, SharedRows.of([shared]), ["passage"], [exact]) == [expected]


def test_a_long_passage_that_no_third_article_has_is_one_even_at_the_edges_of_one_outlets_articles() -> None:
    text = " ".join(f"own{at}" for at in range(DEFAULT.furniture_own_words + 5))
    articles = [Article(f"a{number}", f"{story(number)} {text}", outlet="Post") for number in (1, 2)]
    assert kinds_among([*articles, *collection()]) == {"passage"}
    third = Article("a3", f"{story(3)} {text}", outlet="Post")
    assert kinds_among([*articles, third, *collection()]) == {"furniture"}


def test_the_title_of_a_book_is_a_stock_phrase_and_the_same_words_as_prose_are_not() -> None:
    title = "Manhunt Of The Harbour: The Ten Year Search For The Last Ferry, From Dover To Calais"
    assert kinds_among(collection((title, "Post", None), (title, "Mail", None))) == {"furniture"}
    assert kinds_among(collection((title.lower(), "Post", None), (title.lower(), "Mail", None))) == {"passage"}


def test_the_paragraphs_about_a_stretch_are_found_as_in_the_whole_text() -> None:
    opened = "The mayor said, “the bridge was built by the people of this valley, and it stands on ground that\n"
    text = f"{filler('ship', 3)}\n{opened}is theirs” and left the hall for the night.\n{filler('tram', 3)}"
    part = "is theirs"
    near = dataclasses.replace(DEFAULT, furniture_reach=1)
    for chosen in (DEFAULT, near):
        assert kinds(text, f"{filler('cart', 9)} {part}.", part, chosen=chosen) == ["quotation"]
