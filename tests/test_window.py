"""What a terminal gets: nothing that it would act on, lines that fit its window, and long lists page by page."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from provenance import Article, Link, Span, takings_page, terminal
from provenance.cli import main
from provenance.store import SourceRow
from provenance.takings import Uncredited

ROOT = Path(__file__).parent.parent
HARBOUR = ROOT / "examples" / "harbour" / "articles"
ACTING = "\x00\x07\x1b[31m\x1b]0;owned\x07\x1b]8;;https://x.example\x1b\\\r\x9b2J\x9d0;x\x9c\x7f\u202e\u2066\u200b\u2028\ufeff"
HOSTILE = f"<script>[bold]{{{{7*7}}}} %s{ACTING}"
TOLD = (
    "The harbour master of Skelhaven said on Tuesday that forty tonnes of heavy fuel oil had leaked into the basin "
    "after the tanker struck the quay wall and tore open its side near the bunker tank of the older pier."
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""The only sequences that we write ourselves."""
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
IDS = (f"a{HOSTILE}", f"b{HOSTILE}")
COMMANDS = [
    ["documents"],
    ["show", IDS[0]],
    ["show", IDS[1]],
    ["passages"],
    ["passages", "0"],
    ["passages", "--uncredited"],
    ["compare", *IDS],
    ["attributions"],
    ["chains"],
    ["sources"],
    ["outlets"],
    ["trace", f"forty tonnes of heavy fuel oil leaked {HOSTILE}"],
    ["trace", "--document", IDS[0]],
    ["analyze"],
]
LISTS = [
    ["documents"],
    ["show", "veld-voice"],
    ["passages"],
    ["passages", "0"],
    ["passages", "--uncredited"],
    ["compare", "vpa-0312", "ostrand-beacon"],
    ["attributions", "--limit", "1000"],
    ["chains", "--limit", "1000"],
    ["sources", "--limit", "1000"],
    ["outlets"],
    ["trace", "--document", "ostrand-beacon"],
    ["analyze"],
]


def call(words: list[str], database: Path, **env: str) -> str:
    result = CliRunner().invoke(main, [*words, "--db", str(database)], env=env)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("window") / "harbour.db"
    call(["run", str(HARBOUR)], path)
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("window")
    quoted = f"“We had oil on the water {HOSTILE} within minutes,” harbour master Ingrid {HOSTILE} Tolland said."
    rows = [
        {"id": IDS[0], "text": f"{TOLD}\n\n{quoted}\n\nAccording to Reuters {HOSTILE}, it burned.\n{HOSTILE}"},
        {"id": IDS[1], "text": f"Via Reuters {HOSTILE}\n\n{TOLD}\n\n{HOSTILE} {quoted}"},
    ]
    for place, row in enumerate(rows):
        row.update(dict.fromkeys(("title", "outlet", "author", "url"), f"{place} {HOSTILE}"))
        row["published"] = f"2024-03-1{place}"
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    call(["run", str(folder / "a.jsonl")], folder / "h.db")
    return folder / "h.db"


def lines_of(output: str) -> list[str]:
    return COLOUR.sub("", output).split("\n")


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


@pytest.mark.parametrize("colour", ["", "1"], ids=["plain", "terminal"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_control_sequence_of_an_article_gets_through(words: list[str], colour: str, hostile: Path) -> None:
    output = call(words, hostile, FORCE_COLOR=colour, NO_COLOR="", COLUMNS="80")
    assert not RAW.search(COLOUR.sub("", output))
    assert "\x1b[31mR" not in output
    if words[0] not in {"analyze", "sources"} and "--uncredited" not in words:
        assert "<script>" in output


@pytest.mark.parametrize("form", ["--json", "--csv"])
@pytest.mark.parametrize("words", [["documents"], ["passages"], ["attributions"], ["chains"], ["sources"], ["outlets"]])
def test_data_on_a_terminal_is_harmless_and_elsewhere_whole(
    words: list[str], form: str, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr("sys.stdout", shown)
    main.main([*words, form, "--db", str(hostile)], standalone_mode=False)
    assert not RAW.search(shown.getvalue().replace("\r\n", "\n"))
    monkeypatch.undo()
    whole = call([*words, form], hostile)
    if form == "--json":
        assert json.loads(whole) == json.loads(shown.getvalue())
    elif words == ["documents"]:
        assert "\x1b[31m" in whole, "a file holds what the article holds"


def test_no_control_sequence_of_uncredited_text_gets_through() -> None:
    taker, source = (Article(name, f"{HOSTILE} {TOLD}", HOSTILE, HOSTILE) for name in IDS)
    link = Link(source.id, HOSTILE, taker.id, "uncredited-copy", False, 0.8, (), IDS)
    taken = Uncredited(taker, source, (Span(0, 60),), 20, 0.5, None, link)
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, markup=False, highlight=False)
    takings_page.uncredited(console, [taken])
    terminal.links(console, [link], evidence=True)
    assert "<script>" in out.getvalue()
    assert not RAW.search(COLOUR.sub("", out.getvalue()))


def test_no_control_sequence_of_a_source_gets_through() -> None:
    for columns in (30, 200):
        out = io.StringIO()
        console = Console(file=out, width=columns, force_terminal=True, markup=False, highlight=False)
        terminal.sources(console, [SourceRow(HOSTILE, "person", None, None, 0, 1, 1, 1)])
        terminal.sources(console, [SourceRow(HOSTILE, "outlet", HOSTILE, None, 2, 1, 1, 1)])
        assert "<script>" in out.getvalue()
        assert not RAW.search(COLOUR.sub("", out.getvalue()))


@pytest.mark.parametrize("words", [["show", "x\x1b]0;owned\x07"], ["remove", f"n{ACTING}"]], ids=["show", "remove"])
def test_no_control_sequence_comes_back_in_an_error(words: list[str], hostile: Path) -> None:
    result = CliRunner().invoke(main, [*words, "--db", str(hostile)])
    assert result.exit_code == 5
    assert not RAW.search(result.output)


@pytest.mark.parametrize("columns", [40, 80, 100, 140])
@pytest.mark.parametrize("words", LISTS, ids=lambda words: words[0])
def test_lines_fit_the_window(words: list[str], columns: int, harbour: Path) -> None:
    output = call(words, harbour, FORCE_COLOR="1", COLUMNS=str(columns), LINES="40")
    assert [line for line in lines_of(output) if width(line) > columns] == []


def test_commands_that_people_copy_are_quoted_for_the_shell(tmp_path: Path) -> None:
    name = "x'; touch owned; '$(touch owned)`touch owned`"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": name, "text": TOLD}), encoding="utf-8")
    output = call(["run", str(tmp_path / "a.jsonl")], tmp_path / "it's.db")
    line = next(line for line in output.splitlines() if "provenance show" in line)
    words = shlex.split(line)
    assert words[words.index("show") + 1 :][:3] == [name, "--db", str(tmp_path / "it's.db")]


def test_a_narrow_window_gets_blocks_and_a_wide_one_a_table(harbour: Path) -> None:
    narrow = lines_of(call(["documents"], harbour, FORCE_COLOR="1", COLUMNS="50"))
    assert narrow[0] == "breakwater-pilots"
    assert narrow[1].startswith("  Pilots warned")
    wide = lines_of(call(["documents"], harbour, FORCE_COLOR="1", COLUMNS="120"))
    assert wide[0].split() == ["id", "title", "outlet", "published", "lang"]
    ids = [article.split("  ")[0] for article in wide]
    assert "brennholmer-tageblatt" in ids, "an id is never broken in two"


def test_colour_is_for_terminals_and_may_be_refused(harbour: Path) -> None:
    words = ["chains", "--document", "veld-voice"]
    assert COLOUR.search(call(words, harbour, FORCE_COLOR="1"))
    assert "\x1b" not in call(words, harbour)
    refused = call(words, harbour, FORCE_COLOR="1", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", refused)


@pytest.fixture
def seen(harbour: Path) -> Iterator[object]:
    """Runs a command in a pseudo-terminal of 30 lines whose pager marks every line."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    import fcntl
    import struct
    import termios

    def run(*words: str, **env: str) -> str:
        parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
        settings = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
        settings |= {"TERM": "xterm", "PAGER": "sed s/^/paged:/", **env}
        command = [sys.executable, "-m", "provenance.cli", *words, "--db", str(harbour)]
        with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=settings) as started:
            os.close(child)
            pieces = []
            while True:
                try:
                    piece = os.read(parent, 65536)
                except OSError:
                    break
                if not piece:
                    break
                pieces.append(piece)
            assert started.wait() == 0
        os.close(parent)
        return b"".join(pieces).decode("utf-8", "replace")

    return iter([run])


def test_what_a_window_does_not_hold_is_paged(seen: Iterator[object]) -> None:
    run = next(seen)
    assert callable(run)
    assert "paged:" in run("chains")
    assert "paged:" not in run("chains", "--limit", "3")
    assert "paged:" not in run("chains", "--no-pager")
    assert "paged:" not in run("chains", PROVENANCE_NO_PAGER="1")
    assert "more (--limit shows more" in run("chains", "--limit", "30")
