"""The documentation is generated from the program, and says everything there is."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import urllib.parse
from pathlib import Path

import pytest
from cogapp import Cog

from provenance.cli import main
from provenance.settings import Settings

ROOT = Path(__file__).parent.parent
GENERATED = ["README.md", "docs/benchmarks.md", "docs/exports.md", "docs/method.md", "docs/settings.md"]
sys.path.insert(0, str(ROOT / "docs"))
import command_pages as pages  # noqa: E402 - the pages are made by scripts that are no package
import executed  # noqa: E402
import pictures  # noqa: E402

PAGES = sorted(
    path
    for place in ("*.md", "docs/**/*.md", "db/*.md", "benchmarks/*.md", "examples/*/*.md", "seeds/*.md")
    for path in ROOT.glob(place)
)
"""Everything written for readers; articles of an example are not."""
NOT_PROSE = re.compile(r"<!--.*?-->|^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)|\b(?:src|href)=\"([^\"]+)\"")


def prose(path: Path) -> str:
    return NOT_PROSE.sub("", path.read_text(encoding="utf-8"))


def links(path: Path) -> list[str]:
    """What a page links to within the repository."""
    found = [first or second for first, second in LINK.findall(prose(path))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", GENERATED)
def test_generated_parts_are_up_to_date(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = Cog().main(["cog", "--check", page])
    assert status == 0, f"{page} is out of date: run `python -m cogapp -r {page}`\n{capsys.readouterr().out}"


def test_every_command_has_its_page_and_no_page_is_stale() -> None:
    assert pages.faults() == [], "run `python docs/command_pages.py`"


@pytest.mark.parametrize("command", list(main.commands))
def test_every_page_of_a_command_has_examples_and_shows_what_they_print(command: str) -> None:
    text = (ROOT / "docs" / "commands" / f"{command}.md").read_text(encoding="utf-8")
    assert f"provenance {command}" in text.split("Examples:", 1)[1].split("Options:", 1)[0]
    assert (f"\n$ provenance {command}" in text) == (command not in pages.NOT_RUN)


def test_missing_stale_and_foreign_pages_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "docs" / "commands"
    folder.mkdir(parents=True)
    made = {folder / "run.md": "run", folder / "add.md": "add"}
    (folder / "run.md").write_text("old", encoding="utf-8")
    (folder / "gone.md").write_text("gone", encoding="utf-8")
    for name, value in {"ROOT": tmp_path, "PAGES": folder, "generated": lambda: made}.items():
        monkeypatch.setattr(pages, name, value)
    assert pages.faults() == [
        "docs/commands/run.md is stale",
        "docs/commands/add.md is missing",
        "docs/commands/gone.md is of no command",
    ]
    pages.write()
    assert pages.faults() == []


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for group in dataclasses.fields(Settings):
        for setting in dataclasses.fields(getattr(Settings(), group.name)):
            assert f"| `{setting.name}` |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = urllib.parse.unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT.resolve()), f"{link} leads out of the repository"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [page.parent / urllib.parse.unquote(link).partition("#")[0] for link in links(page)]
    unreached = {page.resolve() for page in PAGES} - reached
    assert not unreached, "no way leads from README.md to these"


def test_links_are_found_where_readers_see_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '[a](a.md) ![b](b.png) <img src="c.png"> [d](https://example.com) [e](#head-of-it)\n'
        "<!-- [f](f.md) -->\n`[g](g.md)`\n```text\n[h](h.md)\n```\n# Head of it\n",
        encoding="utf-8",
    )
    assert links(page) == ["a.md", "b.png", "c.png", "#head-of-it"]
    assert anchors(page) == {"head-of-it"}


def test_the_tutorial_is_executed_and_shows_what_is_printed() -> None:
    text = executed.PAGE.read_text(encoding="utf-8")
    assert executed.executed(text) == text, "run `python docs/executed.py`"


def test_every_command_of_the_tutorial_is_run_but_those_with_a_reason() -> None:
    text = executed.PAGE.read_text(encoding="utf-8")
    found = executed.blocks(text)
    assert len(found) == text.count("```sh\n")
    assert {block.how.partition(":")[0] for block in found} == {"", "not run", "shows", "serves"}
    assert [block.code for block in found if block.how.startswith("not run")] == [found[0].code]
    assert all(block.shown for block in found if block.how.startswith("shows"))


def test_a_command_that_fails_or_prints_something_else_is_seen() -> None:
    page = "<!-- shows: 1 line; from \"c\" 1 line -->\n```sh\nprintf 'a\\nb\\ncd\\n'\n```\n\n```text\n%s\n```\n"
    assert executed.executed(page % "old") == page % "a\n…\ncd"
    with pytest.raises(ValueError, match="ended with 1"):
        executed.executed("```sh\nfalse\n```\n")
    with pytest.raises(ValueError, match="nothing printed begins"):
        executed.executed(page.replace('"c"', '"x"') % "old")
    exported = '```sh\nexport NAME=value\n```\n\n<!-- shows: 1 line -->\n```sh\necho "$NAME"\n```\n\n```text\n%s\n```\n'
    assert executed.executed(exported % "") == exported % "value"


def test_a_page_that_serves_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="only `provenance serve`"):
        executed.executed("<!-- serves -->\n```sh\nsleep 100\n```\n")


def test_the_pictures_are_there_small_and_of_the_present_terminal() -> None:
    assert pictures.faults(None) == [], "run `python docs/pictures.py`"
    assert sum(path.stat().st_size for path in pictures.PICTURES.iterdir()) < 1_000_000
    assert set(json.loads((pictures.PICTURES / "pictures.json").read_text(encoding="utf-8"))) == set(pictures.SHOTS)


def test_every_picture_is_shown_somewhere() -> None:
    shown = {Path(link).name for page in PAGES for link in links(page)}
    assert {*pictures.SHOTS, *pictures.TERMINAL} <= shown


def test_a_picture_of_the_terminal_fetches_nothing() -> None:
    for name in pictures.TERMINAL:
        svg = (pictures.PICTURES / name).read_text(encoding="utf-8")
        assert re.findall(r"https?://[^\s\"']+", svg) == ["http://www.w3.org/2000/svg"]
        assert "url(http" not in svg


def test_missing_large_and_old_pictures_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    monkeypatch.setattr(
        pictures, "SHOTS", {"a.png": pictures.Shot("", 2, 3, "light"), "b.png": pictures.SHOTS["pages.png"]}
    )
    monkeypatch.setattr(pictures, "TERMINAL", {})
    monkeypatch.setattr(pictures, "LARGEST", 20)
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (7).to_bytes(4, "big") * 2)
    (tmp_path / "c.png").write_bytes(b"")
    assert pictures.faults(None) == [
        "a.png is missing",
        "b.png has another size",
        "b.png is larger than 20 bytes",
        "c.png is no picture of ours",
    ]
