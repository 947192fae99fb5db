from __future__ import annotations

from provenance.chains.grounds import ground
from provenance.chains.quotations import quotation_rows
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def made(case):
    found = ground(case.articles, [], case.passages, case.attributions, SETTINGS)
    return quotation_rows(found.shared, found.articles, found.said, SETTINGS, found.articles)


def test_in_a_mixed_cluster_those_with_running_text_hold_the_quotation_too(case, prose):
    said = prose(1, 30)
    one, two, three = (case.article(name, said, name) for name in ("one", "two", "three"))
    case.share(0, said, one, two)
    case.share(0, said, three, kind="quotation")
    (found,) = made(case)
    assert (found.downstream, found.documents) == ("three", ("one", "three"))


def test_the_speaker_may_be_named_by_the_other_article_and_is_then_not_credited(case, prose):
    said = prose(1, 30)
    one = case.article("one", f"Tolland said: {said}", "One", 1)
    two = case.article("two", said, "Two", 2)
    case.share(0, said, one, two, kind="quotation")
    case.credit(one, "Tolland said", ("Tolland", "person"), scope="passage", content=said)
    (found,) = made(case)
    assert (found.downstream, found.upstream_name, found.credited) == ("two", "Tolland", False)


def test_articles_that_share_running_text_too_have_no_row(case, prose):
    said, told = prose(1, 30), prose(2, 30)
    one, two = case.article("one", f"{said} {told}"), case.article("two", f"{told} {said}")
    case.share(0, said, one, two, kind="quotation")
    case.share(1, told, one, two)
    assert made(case) == []
