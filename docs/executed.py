"""Runs the commands of a page, in order, and keeps what it shows of their output true.

    python docs/executed.py             write what the commands of docs/tutorial.md print into it
    python docs/executed.py --check     say which blocks show something else; exit with 1 if any does

Every block of the language `sh` is run by bash in one new folder, in which `examples` is that of the repository. A
comment in front of a block says what is done with it:

    <!-- shows: 5 lines; from "Denied by" 2 lines -->   the block `text` that follows shows these lines of its output
    <!-- serves -->      it runs until it is stopped: its first page is asked for, and it is stopped
    <!-- not run: WHY -->

A variable that a block exports holds in all that follow.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "tutorial.md"
_WIDEST: Final = 110
"""Columns of a line before it is cut."""
_SECONDS: Final = 300
_BASH: Final = shutil.which("bash") or "bash"
_BLOCK: Final = re.compile(
    r"(?:^<!-- (?P<how>[^\n]+) -->\n)?^```sh\n(?P<code>.*?)^```\n(?P<text>\n```text\n.*?^```\n)?",
    re.MULTILINE | re.DOTALL,
)
_SHOWS: Final = re.compile(r'(?:from "(?P<start>[^"]+)" )?(?P<count>\d+) lines?')
_EXPORT: Final = re.compile(r"^export .+$", re.MULTILINE)


class Block(NamedTuple):
    """A block of commands: what the comment before it says, the commands, where the output it shows stands."""

    how: str
    code: str
    shown: tuple[int, int] | None


def blocks(text: str) -> list[Block]:
    """The blocks of commands of a page."""
    found = []
    for match in _BLOCK.finditer(text):
        shown = match.span("text") if match["text"] else None
        found.append(Block(match["how"] or "", match["code"], shown))
    return found


def excerpt(output: str, how: str) -> str:
    """The lines of an output that a comment asks for, with an ellipsis for what is left out.

    Raises:
        ValueError: the output has no such line.
    """
    lines = [line.rstrip() for line in output.splitlines()]
    kept: list[str] = []
    at = 0
    for part in _SHOWS.finditer(how):
        begin = at
        if part["start"]:
            begin = next((row for row in range(at, len(lines)) if lines[row].lstrip().startswith(part["start"])), -1)
            if begin < 0:
                raise ValueError(f"nothing printed begins with {part['start']!r}")
        if begin > at:
            kept.append("…")
        at = min(len(lines), begin + int(part["count"]))
        kept += lines[begin:at]
    if at < len(lines):
        kept.append("…")
    return "\n".join(line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…" for line in kept)


def _environment() -> dict[str, str]:
    # what the terminal of the one who runs this is like must not show in the page
    dropped = {"COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PROVENANCE_DB", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def _script(exported: str, code: str) -> list[str]:
    # the program of this Python, installed or not
    program = f'provenance() {{ {shlex.quote(sys.executable)} -m provenance.cli "$@"; }}'
    python = f'python() {{ {shlex.quote(sys.executable)} "$@"; }}'
    return [_BASH, "-euo", "pipefail", "-c", f"{program}\n{python}\n{exported}\n{code}"]


def _serve(folder: Path, exported: str, code: str) -> None:
    """Start what serves pages at a free port, ask for the first, and stop it."""
    words = shlex.split(code)
    if words[:2] != ["provenance", "serve"]:
        raise ValueError(f"only `provenance serve` is known to serve: {code!r}")
    command = f"exec {shlex.quote(sys.executable)} -m provenance.cli {shlex.join(words[1:])} --port 0"
    with subprocess.Popen(  # noqa: S603 - what our own page says
        [_BASH, "-c", f"{exported}\n{command}"], cwd=folder, env=_environment(), stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            address = next((line.split()[0] for line in running.stderr or () if line.startswith("http://")), "")
            if not address:
                raise ValueError(f"{code!r} gave no address")
            with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - our own, on this machine
                if b"<h1" not in answer.read():
                    raise ValueError(f"{address} shows no page")
        finally:
            running.terminate()


def executed(text: str) -> str:
    """The page with what its commands print today.

    Raises:
        ValueError: a command fails, or does not print what is to be shown.
    """
    made, at, exported = [], 0, ""
    with tempfile.TemporaryDirectory(prefix="provenance-tutorial-") as name:
        folder = Path(name)
        (folder / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
        for block in blocks(text):
            if block.how.startswith("not run: "):
                continue
            if block.how == "serves":
                _serve(folder, exported, block.code)
                continue
            done = subprocess.run(  # noqa: S603
                _script(exported, block.code),
                cwd=folder,
                env=_environment(),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_SECONDS,
                check=False,
            )
            if done.returncode:
                raise ValueError(f"{block.code!r} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            exported += "".join(f"{line}\n" for line in _EXPORT.findall(block.code))
            if block.how.startswith("shows: ") and block.shown:
                made += [text[at : block.shown[0]], f"\n```text\n{excerpt(done.stdout, block.how)}\n```\n"]
                at = block.shown[1]
    return "".join([*made, text[at:]])


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    after = executed(before)
    if sys.argv[1:] == ["--check"]:
        if before != after:
            sys.exit("docs/tutorial.md shows what is not printed; run `python docs/executed.py`")
    else:
        PAGE.write_text(after, encoding="utf-8")
