"""A real browser and the rules of accessibility it is asked about; a server of runs to be killed and disturbed.

What is absent skips here and fails in CI.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium of the system, started once."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no browser tests without `pip install playwright`")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no browser tests without Chromium (apt-get install chromium)")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, from AXE_CORE, the repository's node_modules or those of the system."""
    places = [Path(os.environ.get("AXE_CORE", "")), ROOT / "node_modules" / "axe-core" / "axe.min.js"]
    npm = shutil.which("npm")
    if npm is not None:
        done = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False)
        places.append(Path(done.stdout.strip()) / "axe-core" / "axe.min.js")
    for place in places:
        if place.is_file():
            return place.read_text(encoding="utf-8")
    pytest.skip("no test of accessibility without axe-core (npm install -g axe-core)")


@pytest.fixture
def faults(axe: str) -> Callable[[Any], list[str]]:
    """The serious faults of a page, every closed part of it opened first."""

    def find(page: Any) -> list[str]:
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"] if one["impact"] in SERIOUS
        ]

    return find


class Victims:
    """The server of `victims.py`, and the folder in which it works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._jobs = 0
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "victims.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.adopts = self._answer()["adopts"]

    def _answer(self) -> Any:
        line = self._server.stdout.readline() if self._server.stdout else ""
        assert line, "the server ended"
        return json.loads(line)

    def ask(self, do: str, **job: Any) -> Any:
        """Have a job done."""
        self._jobs += 1
        told = {"do": do, "output": str(self.folder / f"output{self._jobs}"), "temporary": str(self.folder), **job}
        assert self._server.stdin
        self._server.stdin.write(json.dumps(told, default=str) + "\n")
        self._server.stdin.flush()
        return self._answer()

    def run(self, *commands: list[Any], **job: Any) -> Any:
        """Command lines in a process, and what became of them."""
        return self.ask("run", commands=[list(map(str, command)) for command in commands], **job)

    def start(self, *commands: list[Any], **job: Any) -> int:
        """Command lines in a process that goes on meanwhile; `finish` waits for it."""
        return int(self.ask("start", commands=[list(map(str, command)) for command in commands], **job))

    def finish(self, process: int) -> Any:
        """What became of a process that was started."""
        return self.ask("finish", process=process)

    def dump(self, database: Path, settings: Path) -> dict[str, Any]:
        """Everything a database holds, without times."""
        found: dict[str, Any] = self.ask("dump", database=database, settings=settings)
        return found

    def close(self) -> None:
        """End the server."""
        self._server.communicate(timeout=60)


@pytest.fixture(scope="module")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    """A server of runs that are killed, starved and disturbed."""
    if not hasattr(os, "fork"):
        pytest.skip("processes are forked and killed as on Unix")
    served = Victims(tmp_path_factory.mktemp("victims"))
    try:
        served.ask("warm", database=served.folder / "warm.db", paths=[str(ROOT / "seeds")])
        yield served
    finally:
        served.close()


WORDS = re.findall(
    r"\w+",
    """
    harbour council minister tanker river vote budget school strike bridge storm coast grain price court
    judge witness report plan wind farm market train station port customs ship crew island village
    farmer doctor clinic water dam border police union worker factory steel mine forest fire rescue team
    city mayor street shop
    """,
)


def generated(folder: Path, numbers: range, seed: int) -> None:
    """Write articles of made-up sentences, half of which take a passage from another, some with credit."""
    rng = random.Random(seed)
    told = [
        " ".join(" ".join(rng.choices(WORDS, k=rng.randint(8, 14))).capitalize() + "." for _ in range(6))
        for _ in range(12)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        own = [" ".join(rng.choices(WORDS, k=12)).capitalize() + "." for _ in range(8)]
        if number % 2:
            own.insert(3, told[number % len(told)])
        if number % 6 == 1:
            own.insert(0, "According to Reuters, the " + " ".join(rng.choices(WORDS, k=6)) + " opened on Monday.")
        if number % 10 == 3:
            own.append('"We saw the tanker burn," a fisherman told the Associated Press.')
        (folder / f"report-{number:03}.txt").write_text("\n\n".join(own), encoding="utf-8")


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles: the seeds, the harbour of the examples, and generated ones."""
    folder = tmp_path_factory.mktemp("monday")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "examples" / "harbour" / "articles", folder / "harbour")
    generated(folder / "made", range(36), 1)
    return folder


@pytest.fixture(scope="module")
def tuesday(monday: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same a day later: a few articles more, and some changed."""
    folder = tmp_path_factory.mktemp("tuesday") / "all"
    shutil.copytree(monday, folder)
    generated(folder / "made", range(36, 40), 2)
    for number in (3, 7):
        path = folder / "made" / f"report-{number:03}.txt"
        path.write_text(path.read_text(encoding="utf-8") + " The mayor denied it.", encoding="utf-8")
    return folder


def spread(folder: Path, processes: int) -> Path:
    """Settings with small batches, so that a run has many transactions, and work spread over processes early."""
    path = folder / f"settings{processes}.toml"
    path.write_text(
        f"""
[store]
batch_articles = 5
batch_rows = 200
[engine]
processes = {processes}
spread_articles = 10
articles_at_once = 4
spread_candidates = 10
[chains]
linked_together = 10
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings for one process."""
    return spread(tmp_path_factory.mktemp("settings"), 1)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings for two processes."""
    return spread(tmp_path_factory.mktemp("settings"), 2)
