"""Makes the pictures of the documentation from `examples/harbour`: the report, the pages, the terminal.

    python docs/pictures.py             make docs/pictures/ anew (needs Chromium and `pip install -e '.[test]'`)
    python docs/pictures.py terminal    only those of the terminal, which need no browser
    python docs/pictures.py --check     say which are missing or older than what they show; exit with 1 if any is

`docs/pictures/pictures.json` holds for every screenshot the headings of the page when it was taken: where the page has
others today the picture is of an older one. Pixels are not compared, since every machine has fonts of its own. The
pictures of the terminal are compared by their words, since every version of rich draws them a little differently.
"""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from click.testing import CliRunner
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from provenance import Corpus
from provenance.cli import main
from provenance.pages.report import write_report

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
LARGEST: Final = 200_000
"""Bytes of a screenshot; more makes the page of the documentation slow."""
_PAGES: Final = "/-/provenance/harbour"
_COLUMNS: Final = 96


class Shot(NamedTuple):
    """A screenshot: of what, how large, and what stands at its top."""

    address: str
    """Below that of the pages; "report" is the report of the whole collection."""
    width: int
    height: int
    scheme: str
    top: str = ""
    """What is scrolled to, as a selector of Playwright."""


SHOTS: Final = {
    "report.png": Shot("report", 1280, 900, "light"),
    "compare.png": Shot("compare?a=merrin-gazette&b=northquay-online", 1280, 800, "dark"),
    "tree.png": Shot("graph?id=ostrand-beacon", 800, 1000, "light"),
    "pages.png": Shot("", 1280, 900, "light"),
    "article.png": Shot("article?id=veld-voice", 390, 844, "light", "h2:text-is('Its text')"),
}
TERMINAL: Final = {
    "terminal-compare.svg": ("compare vpa-0312 ostrand-beacon --db harbour.db", 34),
    "terminal-trace.svg": ('trace "Some 400 tonnes of heavy fuel oil leaked into the harbour" --db harbour.db', 30),
}
"""What is run, and how many lines of it are shown."""

_SVG: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own picture fetches a font from elsewhere; this one takes what the reader has."""


# the collection -------------------------------------------------------------------------------------------------------


def _run(folder: Path, command: str, **environment: str) -> str:
    # what the terminal of the one who makes the pictures is like must not show in them
    plain = dict.fromkeys(("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PROVENANCE_DB"))
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner(env={**plain, **environment}).invoke(main, shlex.split(command), color=True)
    finally:
        os.chdir(before)
    if result.exit_code:
        raise SystemExit(f"`provenance {command}` failed: {result.exception!r}\n{result.output}")
    return result.stdout


@contextmanager
def harbour() -> Iterator[Path]:
    """A folder with `harbour.db`, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="provenance-pictures-") as name:
        folder = Path(name)
        example = ROOT / "examples" / "harbour"
        outlets = shlex.quote(str(example / "outlets.csv"))
        _run(folder, f"run {shlex.quote(str(example / 'articles'))} --db harbour.db --outlets {outlets} --json")
        yield folder


# the terminal ---------------------------------------------------------------------------------------------------------


def terminal(folder: Path, name: str) -> str:
    """A picture of a terminal in which one command of `TERMINAL` was run.

    Args:
        folder: where `harbour.db` is.
        name: of the picture.

    Returns:
        The same SVG wherever the same version of rich makes it.
    """
    command, most = TERMINAL[name]
    colours = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(_COLUMNS)}
    lines = _run(folder, command, PROVENANCE_NO_PAGER="1", **colours).rstrip("\n").split("\n")
    shown = [f"$ provenance {command}", *lines[:most]] + (["…"] if len(lines) > most else [])
    recorded = Console(record=True, width=_COLUMNS, file=StringIO(), highlight=False, markup=False, emoji=False)
    recorded.print(Text.from_ansi("\n".join(shown)), soft_wrap=False)
    svg = recorded.export_svg(title="provenance", theme=SVG_EXPORT_THEME, code_format=_SVG, unique_id=Path(name).stem)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def words(svg: str) -> list[str]:
    """What a picture of a terminal says, line by line, wherever it stands."""
    return [html.unescape(each).replace("\xa0", " ") for each in re.findall(r">([^<>]+)</text>", svg)]


# the browser ----------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The browser of this machine, None where it has none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of the pages, as `provenance serve` shows them."""
    command = [sys.executable, "-m", "provenance.cli", "serve", "--db", "harbour.db", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
        try:
            for line in running.stderr or ():
                if line.startswith("http://"):
                    yield line.split()[0].rstrip("/") + _PAGES
                    break
            else:
                raise SystemExit("`provenance serve` gave no address")
        finally:
            running.terminate()


def taken(browser: Any, folder: Path, *, pictures: bool = True) -> dict[str, tuple[list[str], bytes]]:
    """Open what every screenshot shows.

    Args:
        browser: of Playwright.
        folder: where `harbour.db` is.
        pictures: whether to take the screenshots too.

    Returns:
        For each name the headings of the page, and the screenshot.
    """
    report = folder / "report.html"
    with Corpus(folder / "harbour.db") as corpus, report.open("w", encoding="utf-8") as out:
        # no day is named, so that the same collection gives the same picture
        write_report(corpus, out, database="harbour.db")
    found = {}
    with _served(folder) as pages:
        for name, shot in SHOTS.items():
            context = browser.new_context(
                viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            where = report.as_uri() if shot.address == "report" else f"{pages}/{shot.address}".rstrip("/")
            answer = page.goto(where)
            if answer is not None and not answer.ok:
                raise SystemExit(f"{where}: status {answer.status}")
            headings = [" ".join(each.inner_text().split()) for each in page.locator("h1, h2").all()]
            if shot.top:
                page.locator(shot.top).first.evaluate("each => each.scrollIntoView()")
            found[name] = (headings, page.screenshot() if pictures else b"")
            context.close()
    return found


@contextmanager
def launched() -> Iterator[Any]:
    """Chromium, started; the program ends with a word where it is not there."""
    path = chromium()
    if path is None:
        raise SystemExit("the pictures of pages are made by Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the terminal's pictures do without

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


# what is there --------------------------------------------------------------------------------------------------------


def size(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


def headings() -> dict[str, list[str]]:
    """The headings that pages had when their pictures were taken."""
    found: dict[str, list[str]] = json.loads((PICTURES / "pictures.json").read_text(encoding="utf-8"))
    return found


def faults(browser: Any | None) -> list[str]:
    """Which pictures are missing, too large or of an older program; without a browser the pages are not looked at."""
    found = []
    for name, shot in SHOTS.items():
        path = PICTURES / name
        if not path.exists():
            found.append(f"{name} is missing")
            continue
        if size(path) != (shot.width, shot.height):
            found.append(f"{name} has another size")
        if path.stat().st_size > LARGEST:
            found.append(f"{name} is larger than {LARGEST} bytes")
    with harbour() as folder:
        for name in TERMINAL:
            path = PICTURES / name
            if not path.exists() or words(path.read_text(encoding="utf-8")) != words(terminal(folder, name)):
                found.append(f"{name} shows another output")
        if browser is not None:
            now = {name: each for name, (each, _) in taken(browser, folder, pictures=False).items()}
            found += [f"{name} is of an older page" for name in SHOTS if headings().get(name) != now[name]]
    known = {*SHOTS, *TERMINAL, "pictures.json"}
    found += [f"{path.name} is no picture of ours" for path in sorted(PICTURES.glob("*")) if path.name not in known]
    return found


def write(only: str = "") -> None:
    """Make the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with harbour() as folder:
        for name in TERMINAL:
            (PICTURES / name).write_text(terminal(folder, name), encoding="utf-8")
        if only == "terminal":
            return
        with launched() as browser:
            made = taken(browser, folder)
    for name, (_, picture) in made.items():
        (PICTURES / name).write_bytes(picture)
    kept = {name: each for name, (each, _) in made.items()}
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (PICTURES / "pictures.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        with launched() as started:
            wrong = faults(started)
        sys.stderr.writelines(f"{fault}; run `python docs/pictures.py`\n" for fault in wrong)
        sys.exit(bool(wrong))
    write(*sys.argv[1:])
