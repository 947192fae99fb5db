"""A real browser, and the rules of accessibility it is asked about; absent ones skip here and fail in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
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
