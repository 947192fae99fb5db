"""Beliefs, wishes and stances, and reports read a second time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import Attributor
from provenance.attribution.lexicon import load_lexicon
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

# priors as they stand: what a fitted table makes of them is the calibration's own matter
ATTRIBUTOR = Attributor(AttributionSettings(calibrated=False))


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text, language="en"))


def only(text: str) -> Attribution:
    found = read(text)
    assert len(found) == 1, [(one.rule, one.evidence) for one in found]
    return found[0]


def contents(one: Attribution, text: str) -> list[str]:
    return [text[span.start : span.end] for span in one.content]


@pytest.mark.parametrize(
    ("text", "holder", "cue", "content"),
    [
        ("Ann Cole refused to sell the boats.", "Ann Cole", "refused", "to sell the boats"),
        ("Ann Cole is confident the pier will hold.", "Ann Cole", "is confident", "the pier will hold"),
        ("Ann Cole expressed doubts about the new pier.", "Ann Cole", "expressed", "doubts about the new pier"),
        ("The mayor railed against the closing of the pier.", "mayor", "railed", "against the closing of the pier"),
        ("Ann Cole knows the pier is old.", "Ann Cole", "knows", "the pier is old"),
        ("The guild is not eager to sell the boats.", "guild", "is not eager", "to sell the boats"),
    ],
)
def test_who_holds_it_and_what_it_is_about(text: str, holder: str, cue: str, content: str) -> None:
    found = only(text)
    assert (found.kind, found.chain[-1].name, contents(found, text)) == ("attitude", holder, [content])
    assert found.cue is not None
    assert found.cue.text == cue


@pytest.mark.parametrize(
    ("text", "cue", "stance"),
    [
        ("The new pier is expected to open in May.", "is expected", "conjecture"),
        ("The new pier seems to hold.", "seems", "conjecture"),
        ("The new pier appears to hold.", "appears", "conjecture"),
        ("Ann Cole was criticized for the closing of the pier.", "was criticized", "assert"),
    ],
)
def test_where_nobody_is_named_nobody_holds_it(text: str, cue: str, stance: str) -> None:
    found = only(text)
    assert (found.source, found.chain[-1].kind, found.chain[-1].name) == (None, "unnamed", "?")
    assert found.cue is not None
    assert (found.cue.text, found.stance) == (cue, stance)
    # what it is about stands on both sides of the cue
    assert len(found.content) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Ann Cole refused to comment on the pier.",
        "The ministry declined to say when the pier will open.",
        "Ann Cole failed to mention the pier.",
        "The hopes of the town were high.",
        "A group called “Free Pier” came to the town.",
        "The guild backed fishermen left the harbour.",
        "The ship appeared on the horizon.",
        "I know the pier is old.",
        "Her point was about the harbour.",
        "The two states border the sea.",
    ],
)
def test_silence_nouns_names_and_modifiers_are_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "chain", "cue"),
    [
        ("The solution, the harbour master told them, was simple.", ("harbour master",), "told"),
        ("Ann Cole, R-Ky., told the guild that the pier could fall.", ("Ann Cole",), "told"),
    ],
)
def test_a_report_the_strict_grammar_leaves_is_read_again(text: str, chain: tuple[str, ...], cue: str) -> None:
    found = only(text)
    assert tuple(node.name for node in found.chain) == chain
    assert found.cue is not None
    assert (found.kind, found.cue.text, found.rule) == ("verb-before", cue, "loose:said-after-all")


def test_reports_are_surer_than_attitudes() -> None:
    said, hoped = only("Ann Cole said the pier was shut."), only("Ann Cole is hopeful the pier will open.")
    assert said.confidence > hoped.confidence


def test_an_attitude_told_by_somebody_behind_it_is_his() -> None:
    text = "The guild is reluctant to sell the boats, Ann Cole said."
    by_kind = {one.kind: tuple(node.name for node in one.chain) for one in read(text)}
    assert by_kind == {"attitude": ("Ann Cole", "guild"), "verb-after": ("Ann Cole",)}


def test_an_attitude_within_what_is_said_is_left_to_the_one_who_says_it() -> None:
    assert [one.kind for one in read("Ann Cole said the guild is reluctant to sell the boats.")] == ["verb-before"]


def test_they_can_be_left_out() -> None:
    plain = Attributor(AttributionSettings(attitudes=False))
    assert plain.attribute(Article("x", "The new pier is expected to open in May.", language="en")) == []


def test_when_between_subject_and_verb_is_no_part_of_either() -> None:
    for text in (
        "The mayor on Tuesday announced the closing of the pier.",
        "The mayor this week said the pier is shut.",
    ):
        found = only(text)
        assert (found.source is not None and found.source.text) == "The mayor"
        assert found.cue is not None
        assert found.cue.text in {"announced", "said"}


def test_a_party_in_brackets_is_no_border() -> None:
    found = only("Sen. Ann Cole (D-Md.) said that the pier was shut.")
    assert (found.chain[-1].name, found.rule) == ("Ann Cole", "verb-before:say:that")


def test_every_entry_says_how_it_is_read() -> None:
    table = load_lexicon("en").attitudes
    assert {entry.form for entries in table.values() for entry in entries} == {
        "verb",
        "base",
        "passive",
        "adjective",
        "noun",
    }
    assert all(0.4 <= entry.prior < 0.8 for entries in table.values() for entry in entries)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["seems", "is", "expected", "Ann", "refused", "to", ",", "knows", "“", "”", "said", "the", "."])
    )
)
def test_any_words_give_spans_within_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for one in read(text):
        assert all(0 <= span.start < span.end <= len(text) for span in one.content)
        assert one.cue is None or text[one.cue.span.start : one.cue.span.end] == one.cue.text
