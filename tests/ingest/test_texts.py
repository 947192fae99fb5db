from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.ingest.texts import front_matter, read_text, title_of
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
BODY = "The ferry stayed in port on Friday. Nobody was hurt."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ferry stays in port\n\n{BODY}", "Ferry stays in port"),
        (f"Ferry stays in port\r\n\r\n{BODY}", "Ferry stays in port"),
        (f"\n\n  Will the ferry sail?  \n\n{BODY}", "Will the ferry sail?"),
        (f"Storm\n\n{BODY}", "Storm"),
        (f"Breaking News\n\nFerry stays in port tonight\n\n{BODY}", "Ferry stays in port tonight"),
        (f"Home / News / Ferry stays in port\n\nFerry stays in port\n\n{BODY}", "Ferry stays in port"),
        (f"渡轮因暴风雨停航\n\n{BODY}", "渡轮因暴风雨停航"),
        (f"{BODY}\n\n{BODY}", None),
        (f"Ferry stays in port\n{BODY}", None),
        ("Ferry stays in port", None),
        ("Ferry stays in port\n\n", None),
        ("x" * 500 + f"\n\n{BODY}", None),
        ("", None),
    ],
)
def test_titles_of_texts(text: str, title: str | None) -> None:
    assert title_of(text, SETTINGS) == title


def test_a_markdown_heading_is_a_title() -> None:
    assert title_of(f"# Ferry stays ##\n{BODY}", SETTINGS, markdown=True) == "Ferry stays"
    assert title_of(f"# Ferry stays\n\n{BODY}", SETTINGS) == "# Ferry stays"


def test_front_matter_gives_fields_and_stays_in_the_text() -> None:
    text = (
        "---\r\ntitle: 'A: storm'\r\noutlet: Daily Echo\r\nurl: https://echo.example/1\r\nauthor: Jo Doe\r\n"
        "date: 2024-05-03\r\nlang: en-GB\r\ntags:\r\n  - sea\r\n---\r\n\r\n# Other\r\n\r\nText.\r\n"
    )
    article = read_text(text, "a.md", SETTINGS, markdown=True)
    assert article.text == text
    assert (article.title, article.outlet, article.url) == ("A: storm", "Daily Echo", "https://echo.example/1")
    assert (article.author, article.language) == ("Jo Doe", "en")
    assert article.published is not None
    assert article.published.start == "2024-05-03T00:00:00Z"


@pytest.mark.parametrize(
    "text", ["---\ntitle: x\n", "text\n---\ntitle: x\n---\n", "---\n" + "a: b\n" * 200 + "---\n", ""]
)
def test_what_is_no_front_matter(text: str) -> None:
    assert front_matter(text, SETTINGS) == ({}, 0)


def test_front_matter_is_read_in_markdown_only() -> None:
    assert read_text("---\noutlet: Echo\n---\n\nText.", "a.txt", SETTINGS).outlet is None


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab. #-:\n\r\t'题"), max_size=60), st.booleans())
def test_texts_are_kept_whatever_they_are(text: str, markdown: bool) -> None:
    article = read_text(text, "a", SETTINGS, markdown=markdown)
    assert article.text == text
    assert article.title is None or article.title.strip("# ") in text or article.title == ""
