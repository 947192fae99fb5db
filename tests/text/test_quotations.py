from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.text.quotations import has_marks, quotations


def inner(text: str, depth: int = 0, following: str = "") -> list[str]:
    found = quotations(text, following=following)
    return [text[q.inner.start : q.inner.end] for q in found if q.depth == depth]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We leave now,” he said.", ["We leave now,"]),
        ('"We leave now," he said. "Or never at all."', ["We leave now,", "Or never at all."]),
        ("„Wir gehen jetzt“, sagte er.", ["Wir gehen jetzt"]),
        ("«Мы уходим сейчас», — сказал он.", ["Мы уходим сейчас"]),
        ("»Wir gehen jetzt«, sagte er.", ["Wir gehen jetzt"]),
        ("‘We leave now,’ he said.", ["We leave now,"]),
        ("'We leave now,' he said.", ["We leave now,"]),
        ("``We leave now,'' he said.", ["We leave now,"]),
        ("他说：「我们现在走。」", ["我们现在走。"]),
        ("他说：“我们现在走。”", ["我们现在走。"]),
        ("It’s the dogs’ bone and Smith's hat.", []),
        ("It's the dogs' bone and Smith's hat.", []),
        ("He stood 6'2\" tall.", []),
        ("No marks at all.", []),
        ("", []),
    ],
)
def test_shapes(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


def test_marks_of_one_glyph_nest() -> None:
    text = "“Despite the words the “Great Coalition” goes on with the war here,” the center said."
    assert inner(text) == ["Despite the words the “Great Coalition” goes on with the war here,"]
    assert inner(text, depth=1) == ["Great Coalition"]


def test_an_opening_mark_typed_as_a_closer_closes() -> None:
    assert inner("“They fled in a convoy in October.“") == ["They fled in a convoy in October."]


def test_single_marks_nest_in_double_ones() -> None:
    text = "“He told me ‘we leave now’ and left,” she said."
    assert inner(text) == ["He told me ‘we leave now’ and left,"]
    assert inner(text, depth=1) == ["we leave now"]


def test_an_apostrophe_inside_a_quotation_closes_nothing() -> None:
    assert inner("‘It’s the Euphrates’ eastern bank,’ he said.")[0].startswith("It’s the Euphrates")


def test_a_paragraph_that_opens_with_a_mark_is_a_quotation_to_its_end() -> None:
    (found,) = quotations("“This goes on in the next paragraph.", following="“")
    assert not found.closed
    assert found.span.end == len("“This goes on in the next paragraph.")


def test_a_stray_mark_is_no_quotation() -> None:
    assert quotations("The board was 5 inches “ wide and that was all there was.") == []


def test_kinds() -> None:
    kinds = [q.kind for q in quotations("The “let out” men read 《红楼梦》 and said “We will leave the town.”")]
    assert kinds == ["scare", "title", "speech"]
    assert [q.kind for q in quotations("“Yes,” he said.")] == ["speech"]


def test_only_the_stretch_asked_for_is_read() -> None:
    text = "“One two three four.” “Five six seven eight.”"
    (found,) = quotations(text, 22, len(text))
    assert text[found.inner.start : found.inner.end] == "Five six seven eight."


def test_has_marks() -> None:
    assert has_marks("a “b”")
    assert not has_marks("a b, it’s")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="“”„«»‘’'\"「」《》 ab.,\u00a0", max_size=60), st.sampled_from(["", "“", "a"]))
def test_spans_are_whole_and_nested(text: str, following: str) -> None:
    found = quotations(text, following=following)
    for quotation in found:
        assert (
            0 <= quotation.span.start < quotation.inner.start <= quotation.inner.end <= quotation.span.end <= len(text)
        )
    for one in found:
        for other in found:
            apart = not one.span.overlaps(other.span)
            assert apart or one.span.holds(other.span) or other.span.holds(one.span)
    starts = [quotation.span.start for quotation in found]
    assert starts == sorted(starts)
