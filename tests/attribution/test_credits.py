from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, PageCredit
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
BODY = "\n\n".join(["The harbour was closed for the whole of the winter because of heavy ice in the bay."] * 6)


def credits_of(text: str, **fields: object) -> list[tuple[str, tuple[str, ...]]]:
    found = ATTRIBUTOR.attribute(Article("x", text, **fields))  # type: ignore[arg-type]
    return [(one.kind, tuple(node.name for node in one.chain)) for one in found if one.scope == "document"]


@pytest.mark.parametrize(
    ("line", "kind", "chain"),
    [
        ("Via The Cradle", "via-line", ("The Cradle",)),
        ("Via: Harbour Times", "via-line", ("Harbour Times",)),
        ("(via Quaywatch)", "via-line", ("Quaywatch",)),
        ("H/T: Reuters", "via-line", ("Reuters",)),
        ("Hat tip to Quaywatch.", "via-line", ("Quaywatch",)),
        ("Originally published on www.quaywatch.com", "republish-notice", ("quaywatch.com",)),
        ("Article originally appeared at Quaywatch.", "republish-notice", ("Quaywatch",)),
        ("This article was first published by The Cradle.", "republish-notice", ("The Cradle",)),
        ("Republished with permission from Quaywatch.", "republish-notice", ("Quaywatch",)),
        ("Republished in part from Harbour Bulletin.", "republish-notice", ("Harbour Bulletin",)),
        ("(Reprinted in full with kind permission from Quaywatch)", "republish-notice", ("Quaywatch",)),
        ("Reproduced here by permission of Quaywatch.", "republish-notice", ("Quaywatch",)),
        ("Adapted from a report in the Harbour Bulletin.", "republish-notice", ("Harbour Bulletin",)),
        ("This article is excerpted from Harbour Bulletin.", "republish-notice", ("Harbour Bulletin",)),
        ("Taken in part from Reuters.", "republish-notice", ("Reuters",)),
        ("This article was originally published by Reuters (RTRS).", "republish-notice", ("Reuters",)),
        ("Übernommen von der Harbour Zeitung.", "republish-notice", ("Harbour Zeitung",)),
        ("The post Harbour closed appeared first on Quaywatch.", "republish-notice", ("Quaywatch",)),
        ("Authored by Ann Cole, via RT", "republish-notice", ("RT", "Ann Cole")),
        ("Source: Reuters", "source-line", ("Reuters",)),
        ("(Source: Reuters)", "source-line", ("Reuters",)),
        ("*SOURCE: RT . Go to ORIGINAL .", "source-line", ("RT",)),
        ("/ Source: Associated Press", "source-line", ("Associated Press",)),
        ("By Reuters", "agency-byline", ("Reuters",)),
        ("Reuters Staff", "agency-byline", ("Reuters",)),
        ("The Associated Press — By Ann Cole - Associated Press", "agency-byline", ("Associated Press",)),
        ("By Ann Cole, Associated Press", "agency-byline", ("Associated Press",)),
        ("(Article By Jeremiah Jones)", "byline-credit", ("Jeremiah Jones",)),
        ("(Article by Ann Cole republished from Quaywatch.com)", "republish-notice", ("Quaywatch.com", "Ann Cole")),
        ("Source link", "source-link", ("?",)),
        ("Quelle: Reuters", "source-line", ("Reuters",)),
        ("Источник: ТАСС", "source-line", ("TASS",)),
    ],
)
def test_credit_lines_at_the_head(line: str, kind: str, chain: tuple[str, ...]) -> None:
    assert credits_of(f"Harbour closed\n\n{line}\n\n{BODY}") == [(kind, chain)]


@pytest.mark.parametrize(
    ("line", "kind", "chain"),
    [
        ("The Associated Press contributed to this report.", "contributed", ("Associated Press",)),
        ("Ann Cole and The Associated Press contributed to this report.", "contributed", ("Associated Press",)),
        ("Distributed by Tribune Content Agency, LLC.", "sign-off", ("Tribune Content Agency",)),
        ("Copyright 2018 by CNN NewSource.", "sign-off", ("CNN NewSource",)),
        ("© 2024 AFP", "sign-off", ("Agence France-Presse",)),
        ("The ice is gone. /TASS/", "sign-off", ("TASS",)),
        ("The ice is gone. (ANI)", "sign-off", ("ANI",)),
    ],
)
def test_credit_lines_at_the_end(line: str, kind: str, chain: tuple[str, ...]) -> None:
    assert credits_of(f"{BODY}\n\n{line}") == [(kind, chain)]


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("MOSCOW, December 16. /TASS/. The harbour was closed.", "TASS"),
        ("LONDON (Reuters) - The harbour was closed.", "Reuters"),
        ("EASTON, N.H. (AP) — The harbour was closed.", "Associated Press"),
        ("BEIJING, Dec. 16 (Xinhua) -- The harbour was closed.", "Xinhua"),
        ("(Reuters) - The harbour was closed.", "Reuters"),
        ("Berlin (dpa) - Der Hafen war zu.", "Deutsche Presse-Agentur"),
        ("МОСКВА, 5 фев — РИА Новости. Порт закрыт.", "RIA Novosti"),
        ("دمشق-سانا", "SANA"),
    ],
)
def test_datelines(start: str, name: str) -> None:
    assert credits_of(f"{start}\n\n{BODY}") == [("dateline", (name,))]


@pytest.mark.parametrize(
    "line",
    [
        "Via Getty Images",
        "They left via Turkey.",
        "via WhatsApp",
        "(Photo: AFP)",
        "US Army image",
        "Photo by Reuters",
        "Source:",
        "Read more: Reuters",
        "By The Numbers",
        "The harbour (old) was closed.",
        "The report was published on Thursday",
        "Share this",
        "Ann Cole/Reuters",
        "Watch the latest video at video.foxnews.com",
    ],
)
def test_what_is_no_credit(line: str) -> None:
    assert credits_of(f"Harbour closed\n\n{line}\n\n{BODY}") == []


def test_furniture_says_nothing() -> None:
    text = (
        f"{BODY}\n\nCheck Also\n\nMayor says the bridge is safe\n\nThe mayor said the bridge was safe again …"
        "\n\nLeave a Reply\n\nYour email address will not be published."
    )
    assert ATTRIBUTOR.attribute(Article("x", text)) == []


def test_a_path_that_repeats_the_headline_is_one_statement_with_two_places() -> None:
    headline = "Mayor Denies Claims of Fraud in Harbour Deal"
    (found,) = ATTRIBUTOR.attribute(Article("x", f"Home / News / {headline}\n\n{headline}\n\n{BODY}"))
    assert found.stance == "deny"
    assert [evidence.start for evidence in found.evidence] == [14, 14 + len(headline) + 2]


@pytest.mark.parametrize(
    ("credit", "chain"),
    [
        (PageCredit("canonical", "…", url="https://thecradle.co/a"), ("The Cradle",)),
        (PageCredit("canonical", "…", url="https://quay.example/a"), ("quay.example",)),
        (PageCredit("credit-text", "…", name="Reuters"), ("Reuters",)),
        (PageCredit("syndication-source", "…", url="https://www.rt.com/a"), ("RT",)),
        (PageCredit("republish-notice", "Originally published at Quaywatch."), ("Quaywatch",)),
        (PageCredit("byline", "By Reuters", name="Reuters"), ("Reuters",)),
        (PageCredit("source-link", "Source link"), ("?",)),
    ],
)
def test_credits_of_the_page(credit: PageCredit, chain: tuple[str, ...]) -> None:
    assert credits_of(BODY, credits=(credit,), url="https://copy.example/a") == [("page-credit", chain)]


@pytest.mark.parametrize(
    "credit",
    [
        PageCredit("canonical", "…", url="https://copy.example/b"),
        PageCredit("byline", "By Ann Cole", name="Ann Cole"),
        PageCredit("credit-text", "…", name="Getty Images"),
        PageCredit("credit-text", "…"),
    ],
)
def test_what_of_the_page_is_no_credit(credit: PageCredit) -> None:
    assert credits_of(BODY, credits=(credit,), url="https://copy.example/a") == []
