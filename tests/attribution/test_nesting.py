"""Statements within statements: who reports whom, however deep."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import Attributor
from provenance.attribution.frames import Frame
from provenance.attribution.lexicon import load_lexicon
from provenance.attribution.nesting import nested, outer_statements, outermost_first, root
from provenance.attribution.tagging import Tags, tag_sentence
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

TABLE = Path(__file__).parent / "sentences_nested.txt"
ATTRIBUTOR = Attributor(AttributionSettings())
WITH_WISHES = Attributor(AttributionSettings(nested_attitudes=True))


def read(text: str, attributor: Attributor = ATTRIBUTOR) -> list[Attribution]:
    return attributor.attribute(Article("x", text, language="en"))


def names(one: Attribution) -> tuple[str, ...]:
    return tuple(node.name for node in one.chain)


def cases() -> list[tuple[str, set[tuple[str, ...]]]]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, wanted = line.partition(" => ")
            found.append((text, {tuple(one.split(" < ")) for one in wanted.split(" | ")} if wanted != "-" else set()))
    return found


@pytest.mark.parametrize(("text", "expected"), cases())
def test_nested_chains(text: str, expected: set[tuple[str, ...]]) -> None:
    found = {names(one) for one in read(text, WITH_WISHES) if len(one.chain) > 1}
    assert {tuple(map(str.casefold, one)) for one in found} == {tuple(map(str.casefold, one)) for one in expected}


def test_the_table_is_whole() -> None:
    assert len(cases()) >= 45


def test_a_wish_within_what_is_said_is_reported_only_where_asked_for() -> None:
    text = "The guild said its members oppose the new quota."
    assert [one.kind for one in read(text)] == ["verb-before"]
    assert [one.kind for one in read(text, WITH_WISHES)] == ["verb-before", "attitude"]


def test_a_wish_within_a_quotation_has_its_speaker_in_the_chain() -> None:
    text = "“The company wants to close the mine,” said Ann Cole."
    found = [names(one) for one in read(text, WITH_WISHES) if one.kind == "attitude"]
    assert found == [("Ann Cole", "company")]


def test_what_is_nested_is_no_surer_than_what_it_stands_in() -> None:
    said, claimed = read("The ministry said the opposition had claimed that the vote was rigged.")
    assert names(claimed) == ("ministry", "opposition")
    assert claimed.confidence < said.confidence


def test_the_one_who_reports_goes_on_to_speak() -> None:
    text = "Ann Cole said the ministry had claimed that the dam was safe. “It is not,” she added."
    assert names(read(text)[-1]) == ("Ann Cole",)


def test_whom_an_outlet_reports_goes_on_to_speak() -> None:
    text = "Reuters reported that Ann Cole had said the dam was safe. “It is,” she added."
    assert names(read(text)[-1])[-1] == "Ann Cole"


def test_what_is_added_behind_a_comma_is_from_the_one_who_reports() -> None:
    text = "Ann Cole said the ministry claims the dam is safe, adding that she had seen it leak."
    assert {names(one) for one in read(text) if one.kind == "participle"} == {("Ann Cole",)}


def test_a_denial_does_not_pass_on_what_it_denies() -> None:
    text = "The minister denied that the guild had claimed the dam was safe."
    assert all(len(one.chain) == 1 for one in read(text))


def test_accused_of_saying_is_distanced() -> None:
    found = read("The opposition accused the minister of saying that the poor were lazy.")
    assert [(names(one), one.stance) for one in found if one.kind == "participle"] == [
        (("opposition", "minister"), "distanced")
    ]


def test_what_is_said_ends_where_another_takes_the_word() -> None:
    text = "The teacher said the girl was ill, her mother said."
    found = {names(one): [text[span.start : span.end] for span in one.content] for one in read(text)}
    assert found["her mother", "teacher"] == ["the girl was ill"]


def frame(source: tuple[int, int], cue: tuple[int, int], content: tuple[int, int], *, after: bool = False) -> Frame:
    kind = "verb-after" if after else "verb-before"
    return Frame(kind, "test", cue, source, [content], "assert", 0.9, after=after)


LEXICON = load_lexicon("en")
LONG = "one two three four five six seven eight nine ten eleven twelve"
SENTENCE = tag_sentence(LONG, 0, len(LONG), [], Tags(LEXICON))
places = st.integers(0, 11)
ranges = st.tuples(places, places).map(lambda pair: (min(pair), max(pair) + 1))
frames_made = st.lists(
    st.builds(frame, ranges, ranges, ranges, after=st.booleans()),
    max_size=6,
)


@given(frames_made)
@settings(max_examples=150, deadline=None)
def test_nesting_never_goes_in_a_circle(frames: list[Frame]) -> None:
    outers = outer_statements(SENTENCE, frames)
    order = outermost_first(outers)
    assert sorted(order) == list(range(len(frames)))
    for index, outer in enumerate(outers):
        assert outers[root(outers, index)] is None
        if outer is not None:
            assert order.index(outer) < order.index(index)


@given(frames_made)
@settings(max_examples=100, deadline=None)
def test_cutting_leaves_every_statement_some_content(frames: list[Frame]) -> None:
    nested(SENTENCE, frames)
    assert all(one.content and all(first < behind for first, behind in one.content) for one in frames)
