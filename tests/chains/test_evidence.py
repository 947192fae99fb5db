from __future__ import annotations

import pytest

from provenance.chains.clusters import Weighing
from provenance.chains.grounds import ground
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def weighing(case):
    found = ground(case.articles, [], case.passages, case.attributions, SETTINGS)
    return Weighing(next(iter(found.texts)), found, SETTINGS)


def parts(case, parent, child):
    found = weighing(case)
    return found.weighed(found.at[parent], found.at[child]).parts


def test_coverage_is_the_share_of_the_copy_that_the_other_article_holds(case, report, prose):
    whole = case.article("whole", f"{report} {prose(8, 60)}")
    half = case.article("half", report)
    case.copy(0, whole, whole.text)
    case.copy(0, half, report)
    assert parts(case, "whole", "half")["coverage"] == pytest.approx(SETTINGS.weight_coverage)
    assert parts(case, "half", "whole")["coverage"] == pytest.approx(SETTINGS.weight_coverage / 2, rel=0.05)


def test_a_passage_attributed_in_one_and_plain_in_the_other_points_to_the_plain_one(case, report):
    plain = case.article("plain", report)
    quoting = case.article("quoting", f"Habs wrote: {report}")
    case.share(0, report, plain, quoting)
    case.credit(quoting, "Habs wrote", ("Habs", "person"), scope="passage", content=report)
    assert parts(case, "plain", "quoting")["quoted"] == SETTINGS.weight_quoted
    assert "quoted" not in parts(case, "quoting", "plain")


def test_an_attribution_inside_the_passage_does_not_make_it_quoted(case, report):
    text = f"{report} Tolland said."
    one, two = case.article("one", text), case.article("two", text)
    case.share(0, text, one, two)
    case.credit(two, "Tolland said", ("Tolland", "person"), scope="passage", content=report)
    assert "quoted" not in parts(case, "one", "two")


def test_agencies_are_upstream_by_name_or_by_how_others_call_them(case, report):
    one = case.article("one", report, "Norrland News Agency")
    two = case.article("two", report, "Post")
    three = case.article("three", f"{report} Via Post", "Echo")
    case.share(0, report, one, two, three)
    assert parts(case, "one", "two")["agency"] == SETTINGS.weight_agency
    assert "agency" not in parts(case, "two", "one")
    case.credit(three, "Via Post", ("Post", "agency"))
    assert "agency" not in parts(case, "one", "two")
    assert parts(case, "two", "three")["agency"] == SETTINGS.weight_agency


def test_dates_count_only_where_one_is_over_before_the_other_begins(case, report):
    for name, date in (("one", 1), ("two", 2), ("same", 2), ("none", None)):
        case.share(0, report, case.article(name, report, name.title(), date))
    assert parts(case, "one", "two")["earlier"] == SETTINGS.weight_earlier
    assert parts(case, "two", "one")["later"] == -SETTINGS.penalty_later
    for child in ("same", "none"):
        assert not {"earlier", "later"} & parts(case, "two", child).keys()
    assert parts(case, "one", "none")["first"] == SETTINGS.weight_first


def test_readings_shared_against_the_rest_and_readings_that_differ(case, report):
    tokens = report.split(" ")
    edited = " ".join([*tokens[:20], "nought", *tokens[21:]])
    for name, text in (("a", report), ("b", edited), ("c", edited), ("d", report), ("e", report), ("f", report)):
        case.copy(0, case.article(name, text, name.title()), text)
    assert parts(case, "b", "c")["peculiarity"] == SETTINGS.weight_peculiarity
    assert "lacking" not in parts(case, "b", "c")
    assert parts(case, "a", "c")["lacking"] == -SETTINGS.penalty_lacking
    assert "peculiarity" not in parts(case, "a", "d")


def test_a_word_shared_by_chance_in_other_company_is_no_reading(case, report, prose):
    tokens = report.split(" ")
    edited = " ".join([*tokens[:20], "nought", *tokens[21:]])
    for name, text in (("a", report), ("b", edited), ("c", f"{report} {prose(5, 9)} nought {prose(6, 9)}")):
        case.copy(0, case.article(name, text, name.title()), text)
    assert "peculiarity" not in parts(case, "c", "b")


def test_a_tag_left_before_the_passage_is_a_reading(case, report):
    for name, text in (("a", report), ("b", f"(ECHO) {report}"), ("c", f"(ECHO) {report}")):
        case.copy(0, case.article(name, text, name.title()), report)
    assert parts(case, "b", "c")["peculiarity"] == SETTINGS.weight_peculiarity


def test_a_credit_that_siblings_have_in_common_is_no_reading(case, report):
    agency = case.article("agency", report, "Agency")
    case.share(0, report, agency)
    for name in ("b", "c"):
        sibling = case.article(name, f"Via Agency: {report}", name.title())
        case.share(0, report, sibling)
        case.credit(sibling, "Via Agency", "Agency")
    assert "peculiarity" not in parts(case, "b", "c")
