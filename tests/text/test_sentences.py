from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.text.quotations import quotations
from provenance.text.sentences import paragraphs, sentences


def split(text: str) -> list[str]:
    quoted = [q for q in quotations(text) if q.depth == 0]
    return [text[start:end] for start, end in sentences(text, 0, len(text), quoted)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One here. Two here.", ["One here.", "Two here."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("Gen. Smith met Mr. Jones at 5 p.m. on Monday.", ["Gen. Smith met Mr. Jones at 5 p.m. on Monday."]),
        ("The U.S. Army left. It was late.", ["The U.S. Army left.", "It was late."]),
        ("He lives in the U.S. The army left.", ["He lives in the U.S.", "The army left."]),
        ("J. R. Smith left. He ran.", ["J. R. Smith left.", "He ran."]),
        ("They escaped from Al-Shaddadi. Damascus knew.", ["They escaped from Al-Shaddadi.", "Damascus knew."]),
        ("He ran to the floor.But King stayed.", ["He ran to the floor.", "But King stayed."]),
        ("It cost 3.5 million. That is much.", ["It cost 3.5 million.", "That is much."]),
        ("He read Gazeta.ru daily.", ["He read Gazeta.ru daily."]),
        ("“I ran. I fell,” he said. She left.", ["“I ran. I fell,” he said.", "She left."]),
        ("“I ran. I fell.” She left.", ["“I ran. I fell.”", "She left."]),
        ("“I ran. I fell.“", ["“I ran. I fell.“"]),
        ("他走了。她来了。", ["他走了。", "她来了。"]),
        ("ذهب الرجل؟ نعم ذهب.", ["ذهب الرجل؟", "نعم ذهب."]),
        ("Он ушёл. Она осталась.", ["Он ушёл.", "Она осталась."]),
        ("В 2015 г. завод закрыли.", ["В 2015 г. завод закрыли."]),
        ("no stop at all", ["no stop at all"]),
        ("", []),
        (" ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_paragraphs_are_lines_trimmed() -> None:
    text = "  One line  \n\n\tTwo lines\r\nThree"
    assert [text[span.start : span.end] for span in paragraphs(text)] == ["One line", "Two lines", "Three"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "This line is long enough to have been wrapped by hand at\nits end and goes on here.\nNew one."
    assert [text[span.start : span.end][:4] for span in paragraphs(text)] == ["This", "New "]


def test_no_paragraph_in_nothing() -> None:
    assert paragraphs("") == []
    assert paragraphs(" \n\t\r\n") == []


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab A.!?\"“”'\n\u00a0。", max_size=80))
def test_sentences_are_in_order_apart_and_lose_no_word(text: str) -> None:
    position = 0
    kept = ""
    for span in paragraphs(text):
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        for start, end in sentences(text, span.start, span.end):
            assert position <= start < end <= span.end
            kept += text[start:end]
            position = end
    assert "".join(kept.split()) == "".join(text.split())
