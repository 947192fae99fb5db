"""The report in a real browser: a journalist's walk, by keyboard and without scripts, light and dark, on paper."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
HARBOUR = ROOT / "examples" / "harbour"
MORE_OF_THE_SAME = (
    "#articles > article:nth-of-type(n+6), #comparisons > section:nth-of-type(n+4), "
    "#passages > section:nth-of-type(n+3)"
)
"""Articles, pairs and passages beyond the first few, which take minutes to check and are made as those are."""
CLAIM = "400 tonnes of heavy fuel oil leaked into the harbour"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of the collection, of one article, one passage and one trace, as the command line writes them."""
    folder = tmp_path_factory.mktemp("reports")
    database = str(folder / "harbour.db")

    def provenance(*arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "provenance.cli", *arguments], check=True, capture_output=True)

    provenance("run", str(HARBOUR / "articles"), "--db", database, "--outlets", str(HARBOUR / "outlets.csv"), "--json")
    found = {}
    for name, about in (
        ("whole", []),
        ("article", ["--document", "ostrand-beacon"]),
        ("passage", ["--cluster", "3"]),
        ("trace", ["--trace", CLAIM]),
    ):
        found[name] = folder / f"{name}.html"
        provenance("report", "--db", database, "-o", str(found[name]), *about)
    return found


@contextmanager
def opened(browser: Any, path: Path, *, requests: bool = True, **how: Any) -> Iterator[Any]:
    """A page with the report, which must not complain nor ask for anything but itself."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert not complaints
    assert {url.partition("#")[0] for url in asked} == {path.as_uri()}
    context.close()


def words(locator: Any) -> str:
    return " ".join(locator.inner_text().split())


def test_a_journalist_finds_the_uncredited_copy_and_checks_it(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"]) as page:
        card = page.locator("#short .card", has_text="Northquay Online printed text of Merrin Gazette")
        assert card.count() == 1
        assert card.bounding_box()["y"] < 900, "seen without scrolling"
        assert "see timetable, page" in words(card), "the words that give it away"

        card.get_by_role("link", name="side by side").click()
        side = page.locator("section.article:target")
        assert words(side.locator("h3")) == "Merrin Gazette and Northquay Online"
        assert "told VPA" in [words(each) for each in side.locator("del").all()]
        assert "said" in [words(each) for each in side.locator("ins").all()]
        assert side.locator("table.evidence").is_visible()

        side.locator(".side-name").first.get_by_role("link").click()
        article = page.locator("article.article:target")
        assert "Oil in Skelhaven harbour" in words(article.locator("h3"))
        chain = article.locator(".chain", has_text="Skelhaven Harbour Authority").first
        assert words(chain.locator(".crumbs")) == (
            "Merrin Gazette Veldmark Press Agency news agency Skelhaven Harbour Authority organization"
        )
        assert "the Skelhaven Harbour Authority said" in words(chain.locator(".proof"))
        assert "originally published by the Veldmark Press Agency" in words(chain.locator(".proof"))

        chain.get_by_role("link", name="Veldmark Press Agency").click()
        source = page.locator("article.article:target")
        assert "Tanker strikes quay at Skelhaven" in words(source.locator("h3"))


def test_what_changed_is_said_at_once(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"]) as page:
        card = page.locator("#short .card", has_text="Ostrand Beacon printed text of Veldmark Press Agency")
        assert "Figures changed: 40 became 400" in words(card)


def test_the_tree_can_be_walked_by_keyboard(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"]) as page:
        page.locator("#trees svg a", has_text="Ostrand Beacon").focus()
        page.keyboard.press("Enter")
        assert "Up to 400 tonnes" in words(page.locator("article.article:target h3"))


def test_the_first_key_leads_past_the_head(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"]) as page:
        page.keyboard.press("Tab")
        assert words(page.locator(":focus")) == "Skip to the findings"


def test_without_scripts_all_of_it_is_there(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"], java_script_enabled=False) as page:
        assert page.locator("#short .card").count() >= 2
        why = page.locator("#short details.why").first
        why.locator("summary").click()
        assert why.locator("table").is_visible()
        assert page.locator("[data-tools] button").count() == 0


def test_with_scripts_marks_and_colours_can_be_switched(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["article"], color_scheme="light") as page:
        mark = page.locator(".article-text mark.shared").first
        before = mark.evaluate("each => getComputedStyle(each).backgroundColor")
        page.get_by_role("button", name="Shared passages").click()
        assert mark.evaluate("each => getComputedStyle(each).backgroundColor") != before
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Light or dark").click()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground


def test_on_paper_the_reasons_are_open(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["whole"]) as page:
        table = page.locator("#short details.why table").first
        assert not table.is_visible()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert table.is_visible()
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert not table.is_visible()
        assert len(page.pdf()) > 10_000


def test_a_trace_answers_at_once(browser: Any, reports: dict[str, Path]) -> None:
    with opened(browser, reports["trace"]) as page:
        answers = page.locator(".answer")
        assert answers.count() == 3
        assert words(answers.first).startswith("Earliest copy held Veldmark Press Agency")
        assert "denies it" in page.locator(".tree svg").first.text_content()


@pytest.mark.parametrize("name", ["whole", "article", "passage", "trace"])
def test_nothing_runs_over_the_edge(browser: Any, reports: dict[str, Path], name: str) -> None:
    with opened(browser, reports[name]) as page:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("whole", "light"), ("whole", "dark"), ("trace", "light"), ("trace", "dark"), ("article", "dark")],
)
def test_everybody_can_use_it(
    browser: Any, faults: Callable[[Any], list[str]], reports: dict[str, Path], name: str, scheme: str
) -> None:
    # the policy of the page keeps the checker out, which is not part of it
    with opened(browser, reports[name], color_scheme=scheme, bypass_csp=True) as page:
        page.evaluate(f"document.querySelectorAll({MORE_OF_THE_SAME!r}).forEach((each) => each.remove())")
        assert faults(page) == []
