"""Writes the pages of the commands, and runs the examples of the documentation.

    python docs/command_pages.py            write docs/commands.md and docs/commands/*.md
    python docs/command_pages.py --check    say what is missing, stale or too many; exit with 1 if anything is

What a page shows was printed by the program on `examples/harbour`. Other pages take such examples by cog:

    from command_pages import shown
    cog.outl(shown("export links --format csv", lines=4))
"""

from __future__ import annotations

import functools
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from click.testing import CliRunner

from provenance.cli import main

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = ROOT / "docs" / "commands"
INDEX: Final = ROOT / "docs" / "commands.md"
DATABASE: Final = "harbour.db"
_WIDTH: Final = 100
_LONGEST: Final = 100
"""Columns of help and output, and columns of a line of data before it is cut."""

EXAMPLES: Final[dict[str, tuple[tuple[str, int], ...]]] = {
    "run": (("run examples/harbour/articles --db harbour.db --outlets examples/harbour/outlets.csv", 12),),
    "add": (("add examples/harbour/articles --db week.db", 5),),
    "analyze": (("analyze --db harbour.db --json", 12),),
    "remove": (("remove hollin-letter.md --db other.db", 5),),
    "documents": (("documents --db harbour.db", 9),),
    "show": (("show coastline-monitor --db harbour.db", 24),),
    "passages": (
        ("passages --db harbour.db", 8),
        ("passages --uncredited --db harbour.db", 9),
    ),
    "compare": (("compare vpa-0312 ostrand-beacon --db harbour.db", 20),),
    "attributions": (("attributions --stance deny --db harbour.db", 9),),
    "chains": (("chains --document veld-voice --db harbour.db", 9),),
    "sources": (("sources --limit 8 --db harbour.db", 12),),
    "outlets": (("outlets --copies --db harbour.db", 12),),
    "trace": (('trace "Some 400 tonnes of heavy fuel oil leaked into the harbour" --db harbour.db', 40),),
    "export": (("export links --format csv --db harbour.db", 4),),
    "check": (("check --db harbour.db", 5),),
    "watch": (("watch examples/harbour/articles --once --db seen.db", 12),),
    "backup": (("backup monday.db --db harbour.db", 5),),
    "report": (("report -o harbour.html --db harbour.db", 5),),
}
"""What each page runs, and how many lines of it are shown."""
NOT_RUN: Final = {
    "serve": "It runs until it is stopped, so that nothing it prints is shown here.",
    "import": "It takes what a job on Spark left; [spark.md](../spark.md) shows both.",
    "runs": "What it prints differs from run to run; [logs.md](../logs.md) says what is kept.",
}
"""Commands without an example that ends, and what their pages say instead."""


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@functools.cache
def _workplace() -> tempfile.TemporaryDirectory[str]:
    """A folder with the examples and a database of the harbour; gone when the program ends."""
    made = tempfile.TemporaryDirectory(prefix="provenance-docs-")
    (Path(made.name) / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    for command in (EXAMPLES["run"][0][0], "add examples/harbour/articles --db other.db"):
        _run(Path(made.name), command)
    return made


def _run(folder: Path, command: str) -> str:
    # what the reader's own terminal is like must not show in the pages
    plain = dict.fromkeys(("COLUMNS", "FORCE_COLOR", "PROVENANCE_DB", "LINES"))
    with _in(folder):
        result = CliRunner(env=plain).invoke(main, shlex.split(command), prog_name="provenance")
    if result.exit_code:
        raise SystemExit(f"`provenance {command}` failed: {result.exception!r}\n{result.output}")
    return result.output


@functools.cache
def output_of(command: str) -> str:
    """What a command prints, run once, where `harbour.db` holds the harbour."""
    return _run(Path(_workplace().name), command)


def shown(command: str, lines: int = 10, width: int = _LONGEST) -> str:
    """A command with the first lines of what it prints, as a block of Markdown; lines are cut to a width."""
    every = [line.rstrip() for line in output_of(command).splitlines()]
    first = [line if len(line) <= width else line[: width - 1] + "…" for line in every[:lines]]
    if len(every) > lines:
        first.append("…")
    return "\n".join(["```text", f"$ provenance {command}", *first, "```"])


def help_of(*words: str) -> str:
    """What a command prints with `--help`."""
    result = CliRunner().invoke(main, [*words, "--help"], prog_name="provenance", terminal_width=_WIDTH)
    return result.output.rstrip()


def first_sentence(command: click.Command) -> str:
    """The first line of a command's help."""
    return (command.help or "").strip().split("\n\n", 1)[0].replace("\n", " ")


def page(name: str) -> str:
    """The page of one command."""
    parts = [
        f"# provenance {name}",
        first_sentence(main.commands[name]),
        f"```text\n{help_of(name)}\n```",
    ]
    if name in NOT_RUN:
        parts.append(NOT_RUN[name])
    else:
        parts.append(
            "## On the harbour\n\nWith `examples/harbour` as the collection, this is printed (the first lines):"
        )
        parts += [shown(command, lines) for command, lines in EXAMPLES[name]]
    parts.append("[All commands](../commands.md)")
    return "\n\n".join(parts) + "\n"


_ABOVE: Final = """\
Every command takes `--db PATH` (default `db/provenance.db`, or the environment variable `PROVENANCE_DB`) and
`--settings FILE`; with `-v` it says on standard error what it does, with `--log-json FILE` in a file ([logs](logs.md)).
Data goes to standard output, progress and messages to standard error. On a terminal, what is longer than the window is
shown page by page (`PAGER`; `--no-pager` or `PROVENANCE_NO_PAGER=1` prints it at once), and `NO_COLOR=1` leaves colours
out."""
_BELOW: Final = """\
A spreadsheet can open the CSV of every command: cells that it would take for formulas begin with an apostrophe. What
the other formats hold is told in [exports.md](exports.md)."""


def index() -> str:
    """The page that lists the commands."""
    rows = (f"| [`{name}`](commands/{name}.md) | {first_sentence(each)} |" for name, each in main.commands.items())
    table = "\n".join(["| command | |", "|---|---|", *rows])
    return "\n\n".join(["# Commands", _ABOVE, table, f"```text\n{help_of()}\n```", _BELOW]) + "\n"


def generated() -> dict[Path, str]:
    """Every page that is made here, with its text."""
    return {INDEX: index(), **{PAGES / f"{name}.md": page(name) for name in main.commands}}


def faults() -> list[str]:
    """What is missing, stale, or there for a command that is not."""
    made = generated()
    found = [
        f"{path.relative_to(ROOT)} is {'stale' if path.exists() else 'missing'}"
        for path, text in made.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    found += [f"{path.relative_to(ROOT)} is of no command" for path in sorted(PAGES.glob("*")) if path not in made]
    return found


def write() -> None:
    """Write the pages, and remove those of commands that are no more."""
    PAGES.mkdir(exist_ok=True)
    made = generated()
    for path in PAGES.glob("*.md"):
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        wrong = faults()
        sys.stderr.writelines(f"{fault}; run `python docs/command_pages.py`\n" for fault in wrong)
        sys.exit(bool(wrong))
    write()
