"""The web pages in a real browser: a journalist's walk, with and without scripts, light and dark, wide and narrow."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("datasette", reason="no tests of the web pages without `pip install 'provenance[web]'`")

HARBOUR = Path(__file__).parent.parent.parent / "examples" / "harbour"
CLAIM = "400 tonnes of heavy fuel oil leaked into the harbour"
PAGES = [
    "",
    "/uncredited",
    "/article?id=northquay-online",
    "/compare?a=merrin-gazette&b=northquay-online",
    "/passage",
    "/passage?cluster=3",
    "/source",
    "/source?name=Ingrid+Tolland",
    "/outlet",
    "/outlet?name=Ostrand+Beacon",
    "/graph?id=northquay-online",
    "/trace",
    f"/trace?text={CLAIM}",
    "/search?q=tanker+quay",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the harbour collection is served, by the command line."""
    database = str(tmp_path_factory.mktemp("pages") / "harbour.db")
    provenance = [sys.executable, "-m", "provenance.cli"]
    run = ["run", str(HARBOUR / "articles"), "--db", database, "--outlets", str(HARBOUR / "outlets.csv"), "--json"]
    subprocess.run([*provenance, *run], check=True, capture_output=True)
    command = [*provenance, "serve", "--db", database, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        line = served.stderr.readline()
        found = re.match(r"http://127\.0\.0\.1:\d+", line)
        assert found, line + served.stderr.read()
        yield found[0]
        served.kill()


@contextmanager
def opened(browser: Any, address: str, path: str = "/", **how: Any) -> Iterator[Any]:
    """A page, which must not complain nor ask for anything from elsewhere, nor must those it leads to."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + path)
    yield page
    assert not complaints
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    context.close()


def words(locator: Any) -> str:
    return " ".join(locator.inner_text().split())


def test_a_journalist_finds_the_copy_and_follows_the_chain_to_its_source(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        card = page.locator(".card", has_text="Northquay Online printed text of Merrin Gazette without saying so.")
        assert card.count() == 1
        card.get_by_role("link", name="side by side").click()

        assert words(page.locator("h1")) == "Merrin Gazette and Northquay Online"
        assert "told VPA" in [words(each) for each in page.locator("del").all()]
        assert "said" in [words(each) for each in page.locator("ins").all()]
        assert page.locator("table.evidence").first.is_visible()

        page.locator(".side-name").first.get_by_role("link").click()
        assert "Oil in Skelhaven harbour" in words(page.locator("h1"))
        chain = page.locator(".chain", has_text="Skelhaven Harbour Authority").first
        assert "Veldmark Press Agency" in words(chain.locator(".crumbs"))
        assert "shown by" in words(chain.locator(".proof"))

        chain.locator(".crumbs a").last.click()
        assert words(page.locator("h1")) == "Skelhaven Harbour Authority"
        assert "Credited by" in words(page.locator(".page-head"))
        assert page.locator(".chain").count() > 3


def test_a_claim_is_traced_from_the_box(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("textbox", name="A claim").fill(CLAIM)
        page.get_by_role("button", name="Trace it").click()
        answers = [words(each) for each in page.locator(".answer").all()]
        assert len(answers) == 3
        assert "Earliest copy held" in answers[0]
        assert page.get_by_role("textbox", name="A claim").input_value() == CLAIM
        assert page.locator(".timeline").first.is_visible()
        page.locator(".timeline a").first.click()
        assert page.locator(".article-text").is_visible()


def test_the_tree_leads_to_articles_and_the_rows_to_pages(browser: Any, address: str) -> None:
    with opened(browser, address, "/-/provenance/harbour/graph?id=northquay-online") as page:
        page.locator("svg a", has_text="Merrin Gazette").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/article?id=merrin-gazette")
        page.get_by_role("link", name="its passages").click()
        page.wait_for_url("**/harbour/passages?*")
        page.locator("td.col-article_id a").first.click()
        page.wait_for_url("**/article?id=merrin-gazette")
        assert "Oil in Skelhaven harbour" in words(page.locator("h1"))


def test_searching_finds_an_article(browser: Any, address: str) -> None:
    with opened(browser, address, "/-/provenance/harbour/outlet") as page:
        page.get_by_label("Search articles").fill("parish letter")
        page.keyboard.press("Enter")
        page.locator(".hits a").first.click()
        assert "article?id=hollin-letter.md" in page.url


def test_everything_works_without_scripts(browser: Any, address: str) -> None:
    with opened(browser, address, java_script_enabled=False) as page:
        page.locator(".card", has_text="Northquay Online").get_by_role("link", name="the tree").click()
        page.get_by_text("Why", exact=True).first.click()
        assert page.locator("table.evidence").first.is_visible()
        page.get_by_label("Search articles").fill("tanker")
        page.get_by_role("button", name="Search").click()
        # on a busy machine the page comes a while after the click
        page.locator(".hits li").nth(3).wait_for()


def test_the_keyboard_reaches_the_content_first(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert words(focused) == "Skip to the content"
        assert focused.bounding_box()["y"] >= 0, "seen when focused"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(
    browser: Any, address: str, faults: Callable[[Any], list[str]], scheme: str
) -> None:
    with opened(browser, address, color_scheme=scheme) as page:
        for path in PAGES:
            page.goto(f"{address}/-/provenance/harbour{path}")
            assert faults(page) == [], path


def test_nothing_is_wider_than_a_telephone(browser: Any, address: str) -> None:
    with opened(browser, address, viewport={"width": 390, "height": 800}) as page:
        for path in PAGES:
            page.goto(f"{address}/-/provenance/harbour{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
