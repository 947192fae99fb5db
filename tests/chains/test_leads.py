from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains import link
from provenance.chains.leads import called, leads, naming
from provenance.model import Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def run(case):
    return [one for one in link(case.articles, [], case.passages, case.attributions, SETTINGS) if one.upstream]


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("Anna Q. Berg <anna@example.org>", (" anna q berg ", " anna berg ", " anna example org ")),
        ("berg@example.org (Anna Berg)", (" berg example org ", " anna berg ")),
        ("Reporter", (" reporter ",)),
        ("AP", ()),
        ("", ()),
    ],
)
def test_a_name_is_called_by_its_full_forms_alone(name, ways):
    assert called(name) == ways


def test_a_paragraph_that_ends_with_a_sentence_leads_in_nothing():
    for before, named in (
        ("The dam broke at noon, Anna Berg reported.\n\n", False),
        ("“The dam broke,” said Anna Berg.”\r\n\r\nAs it stands:\n", False),
        ("The dam broke.\n\nAnna Berg wrote\n\n", True),
        ("From Anna Berg.\n", True),
    ):
        text = f"{before}The law of the valley says so."
        found = leads(text, [Span(len(before), len(text))], SETTINGS)
        assert bool(naming(found, "Anna Berg")) is named, before


def test_what_stands_before_a_passage_and_colon_lines_in_it_are_lead_ins():
    text = "On Monday Anna Berg\nwrote:\n\nThe dam broke.\nOle Dahl says:\nIt did not."
    start = text.index("The dam")
    found = leads(text, [Span(start, len(text))], SETTINGS)
    assert naming(found, "Anna Berg")
    assert naming(found, "Dahl, Ole") == ()
    (dahl,) = naming(found, "Ole Dahl")
    assert text[dahl.span.start : dahl.span.end].endswith("Ole Dahl says:\n")


def test_names_are_whole_words():
    text = "The reporters said this:\n\npassage"
    assert naming(leads(text, [Span(text.index("passage"), len(text))], SETTINGS), "Reporter") == ()


@given(st.text(alphabet="ab: \n\r", max_size=400), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=60)
def test_lead_ins_lie_in_the_text_and_are_bounded(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    for lead in leads(text, [Span(start, end)], SETTINGS):
        assert 0 <= lead.span.start <= lead.span.end <= len(text)
        assert len(lead.span) <= SETTINGS.lead_characters + 16


def test_the_copy_whose_lead_in_names_the_others_writer_is_downstream_without_dates(case, prose):
    said = prose(1, 60)
    case.article("answer", f"Anna Berg wrote:\n\n{said}\n\n{prose(2, 30)}", "Ole Dahl <ole@example.org>")
    case.article("first", f"{said}\n\n{prose(3, 30)}", "Anna Berg <anna@example.org>")
    case.share(0, said, *case.articles)
    (found,) = run(case)
    assert (found.upstream, found.downstream, found.relation) == ("first", "answer", "credited-copy")
    (shown,) = [one for one in found.evidence if one.rule == "lead-in"]
    assert "Anna Berg wrote" in shown.text


def test_a_lead_in_that_the_other_article_repeats_speaks_for_nobody(case, prose):
    said = prose(1, 60)
    line = "On the first of March and not before Anna Berg wrote:"
    case.article("middle", f"{line}\n{said}\n\n{prose(2, 30)}", "Ole Dahl", 1)
    # the writer herself quotes the answer with the line about her
    case.article("last", f"Ole Dahl wrote:\n{line}\n{said}\n\n{prose(3, 30)}", "Anna Berg", 2)
    case.share(0, said, *case.articles)
    (found,) = run(case)
    assert (found.upstream, found.downstream) == ("middle", "last")


def test_of_two_that_hold_a_passage_the_one_that_holds_more_of_the_rest_is_the_parent(case, prose):
    old, new = prose(1, 60), prose(2, 60)
    first = case.article("first", f"{old} {prose(3, 40)}", "One", 1)
    middle = case.article("middle", f"{old} {prose(4, 40)} {new}", "Two", 2)
    last = case.article("last", f"{old} {prose(5, 40)} {new}", "Three", 3)
    case.share(0, old, first, middle, last)
    case.share(1, new, middle, last)
    assert {(one.upstream, one.downstream) for one in run(case)} == {("first", "middle"), ("middle", "last")}


def test_what_an_outlet_always_prints_makes_no_versions(case, prose):
    phrase = prose(1, 60)
    made = [case.article(f"n{i}", f"{prose(10 + i, 50)} {phrase}", "One", i) for i in range(1, 5)]
    case.share(0, phrase, *made)
    assert [one for one in run(case) if one.relation == "update"] == []


def test_a_writer_who_quotes_one_text_twice_makes_no_version(case, prose):
    said = prose(1, 60)
    origin = case.article("a", f"{said} {prose(2, 60)}", "One", 1)
    once = case.article("b", f"{said} {prose(3, 40)}", "Two", 2)
    twice = case.article("c", f"{said} {prose(4, 40)}", "Two", 3)
    case.share(0, said, origin, once, twice)
    assert "update" not in {one.relation for one in run(case)}


def test_confidence_grows_with_credit_and_dates(case, prose):
    said = prose(1, 60)
    one = case.article("one", f"{said} {prose(2, 40)}", "Anna Berg", 1)
    two = case.article("two", f"Anna Berg wrote:\n{said} {prose(3, 40)}", "Ole Dahl", 2)
    other = prose(4, 60)
    plain = case.article("three", f"{other} {prose(5, 40)}", "Eva Lund", 1)
    silent = case.article("four", f"{other} {prose(6, 40)}", "Per Holm", 2)
    case.share(0, said, one, two)
    case.share(1, other, plain, silent)
    credited, uncredited = sorted(run(case), key=lambda found: not found.credited)
    assert credited.credited
    assert not uncredited.credited
    assert credited.confidence > uncredited.confidence
