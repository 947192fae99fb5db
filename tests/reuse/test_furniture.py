"""Furniture told by its words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Span
from provenance.reuse.furniture import PHRASES, FurnitureReader, name_share
from provenance.settings import ReuseSettings

READER = FurnitureReader(ReuseSettings())
PROSE = "The council met on the hill above the old harbour and talked until the lamps were lit again."


def furniture(text: str, part: str) -> bool:
    start = text.index(part)
    return READER.is_furniture(text, Span(start, start + len(part)))


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for Daily Newsletters Manage Newsletters",
        "Please verify you're not a robot by clicking the box. Invalid email address. Please re-enter.",
        "By signing up, you agree to our Privacy Policy",
        "Ada Lovelace is a professor of engines in London. She writes about looms. Follow her on Twitter @ada",
        "Copyright © 2019 The Harbour Post, LLC.",
        "You will receive emails containing news. Thank you for subscribing. Please try again later.",
        "Ada Lovelace is the author of a book on looms.",
        "Editor's note: Ada Lovelace writes on looms for the paper and lives in London.",
        "SEE ALSO: Ferrymen go on strike in the old harbour",
        "Job Approval: Approve – 43.9 percent",
        "The Associated Press contributed to this report.",
        "The sampling error is plus or minus 3.5 percentage points.",
        "The poll was based on landline and cellphone interviews with 1,016 voters.",
        "Ferrymen strike Replay More Videos ... MUST WATCH Ferrymen strike 02:18",
        "Boats leave the harbour. Hide Caption 3 of 9 Photos: The last ferry The mayor waves. Hide Caption 4 of 9",
    ],
)
def test_words_to_the_reader(line: str) -> None:
    assert furniture(f"{PROSE}\n\n{line}\n\n{PROSE}", line)
    assert not furniture(f"{line}\n\n{PROSE}", PROSE)


@pytest.mark.parametrize(
    "sentence",
    [
        "He signed up for the army in the spring and never wrote home again.",
        "She contributed to this country more than anybody in the valley.",
        "The minister said that copyright is the law of the land.",
        "Investors follow on the heels of the first ships into the harbour.",
        "They shared this story with their children by the fire.",
        "The author of the report visited the harbour in spring.",
        "Unemployment fell by a tenth of a point - to 7.7 percent in the end, as the mayor had said.",
        "She is a professor whom nobody in the valley had heard of.",
    ],
)
def test_running_text_with_like_words(sentence: str) -> None:
    assert not furniture(f"{PROSE}\n{sentence}\n{PROSE}", sentence)


def test_a_caption_between_the_controls_of_its_gallery() -> None:
    caption = "The mayor waves to the ferry on its last day."
    line = f"Photos: The last ferry {caption} Hide Caption 4 of 9"
    assert furniture(f"{PROSE}\n{line}\n{PROSE}", caption)


def test_a_line_that_its_article_prints_twice() -> None:
    caption = "The mayor waves to the ferry on its last day in the old harbour"
    assert furniture(f"{PROSE}\n{caption}\n{caption}, Monday.\n", caption)
    assert not furniture(f"{PROSE}\n{caption}\n", caption)


def test_one_sentence_to_the_reader_does_not_make_a_page_of_text_furniture() -> None:
    text = f"{PROSE} {PROSE.upper()} Sign up for our newsletter. {PROSE.title()}"
    assert not READER.is_furniture(text, Span(0, len(text)))
    assert READER.addressed(text, Span(0, len(text))) == len("Sign up for our newsletter. ")


def test_letters_that_grow_in_lower_case_do_not_shift_offsets() -> None:
    text = f"İİİ {PROSE}\nhide caption 3 of 9"
    assert READER.addressed(text, Span(text.index("\n") + 1, len(text))) == len("hide caption 3 of 9")


@pytest.mark.parametrize(
    ("text", "share"),
    [("Ada Lovelace met the mayor", 0.4), ("THE MAYOR met NATO", 0.0), ("1,000 12", 0.0), ("", 0.0), ("日本 語", 0.0)],
)
def test_share_of_words_written_as_names(text: str, share: float) -> None:
    assert name_share(text) == pytest.approx(share)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.anchor)
def test_anchors_are_in_lower_case(phrase: object) -> None:
    anchor = phrase.anchor  # type: ignore[attr-defined]
    assert anchor == anchor.lower()


words = st.sampled_from(["hide caption", "sign up", "newsletter", "follow ", "just watched", "a", ". ", "\n", "“", "x"])


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=60).map("".join), st.data())
def test_addressed_characters_are_within_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert 0 <= READER.addressed(text, Span(start, end)) <= end - start
