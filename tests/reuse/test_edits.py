"""What was changed between two copies."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Span
from provenance.reuse.edits import edits, likeness

WORDS = st.lists(
    st.sampled_from(["oil", "harbour", "tanker", "quay", "Coal", "ship", "the", "a", "of", "40", "400", "é"]),
    max_size=12,
)


def whole(text: str) -> Span:
    return Span(0, len(text))


def folded(text: str) -> list[str]:
    return text.casefold().replace("’", "'").replace("'", "").replace(",", "").replace(".", "").split()


@given(WORDS, WORDS)
@settings(max_examples=150)
def test_edits_turn_one_copy_into_the_other(one: list[str], two: list[str]) -> None:
    a, b = " ".join(one), " ".join(two)
    found = edits(a, whole(a), b, whole(b))
    assert [word for edit in found for word in a[edit.a.start : edit.a.end].split()] == one
    assert [word for edit in found for word in b[edit.b.start : edit.b.end].split()] == two
    for edit in found:
        old, new = a[edit.a.start : edit.a.end], b[edit.b.start : edit.b.end]
        assert {
            "equal": old == new != "",
            "dropped": old != "" == new,
            "added": old == "" != new,
            "replaced": "" not in {old, new},
        }[edit.kind]
    assert all(first.kind == "equal" or second.kind == "equal" for first, second in itertools.pairwise(found))


def longest_common(one: list[str], two: list[str]) -> int:
    """The plain twin: longest common subsequence by the textbook."""
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(two):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@given(WORDS, WORDS)
@settings(max_examples=150)
def test_likeness_counts_the_words_in_common_order(one: list[str], two: list[str]) -> None:
    a, b = " ".join(one), " ".join(two)
    alike = likeness(a, whole(a), b, whole(b))
    assert alike.equal == longest_common(one, two)
    mine, theirs = a[alike.a.start : alike.a.end].split(), b[alike.b.start : alike.b.end].split()
    if alike.equal:
        assert mine[0] == theirs[0]
        assert mine[-1] == theirs[-1]
        assert alike.similarity == alike.equal / max(len(mine), len(theirs))
    else:
        assert (mine, theirs, alike.similarity) == ([], [], 0.0)


def test_case_quotes_and_accents_are_no_edits() -> None:
    a, b = "“The mayor’s café”, she said", '"THE MAYOR\'S CAFE", she said'
    assert [edit.kind for edit in edits(a, whole(a), b, whole(b))] == ["equal"]


def test_offsets_are_those_of_the_whole_texts() -> None:
    a, b = "xx about 40 tonnes leaked xx", "yyyy some 400 tonnes leaked"
    found = edits(a, Span(3, 25), b, Span(5, 27))
    assert [(e.kind, a[e.a.start : e.a.end], b[e.b.start : e.b.end]) for e in found] == [
        ("replaced", "about 40", "some 400"),
        ("equal", "tonnes leaked", "tonnes leaked"),
    ]
