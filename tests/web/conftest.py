"""The harbour collection and a hostile one, served as `provenance serve` does; without Datasette these tests skip."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from provenance import Article, Corpus

pytest.importorskip("datasette", reason="no tests of the web pages without `pip install 'provenance[web]'`")

HARBOUR = Path(__file__).parent.parent.parent / "examples" / "harbour"


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What some work gives, done in a thread of its own: a browser of other tests keeps the main one's loop busy."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Site:
    """A Datasette, asked without a network."""

    def __init__(self, datasette: Any) -> None:
        self.datasette = datasette
        finished(datasette.invoke_startup())

    def get(self, path: str, **more: Any) -> Any:
        """The answer to a request; a path that begins with `~` is below the first database's pages."""
        return finished(self.datasette.client.get(self.at(path), **more))

    def asked(self, method: str, path: str, **more: Any) -> Any:
        """The answer to a request of any method."""
        return finished(self.datasette.client._request(method, self.at(path), **more))

    def at(self, path: str) -> str:
        """A path with `~` written out."""
        name = next(name for name in self.datasette.databases if name not in {"_internal", "_memory"})
        return path.replace("~", f"/-/provenance/{name}", 1) if path.startswith("~") else path


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "harbour.db"
    with Corpus(path) as corpus:
        corpus.use_outlets(HARBOUR / "outlets.csv")
        corpus.run([HARBOUR / "articles"])
    return path


SCRIPT = "<script>alert(1)</script>"
EVENT = '"><img src=x onerror=alert(2)>'
TEMPLATE = "{{7*7}}{% raw %}${7*7}"
HIDDEN = "abc\u202eevil\u2066\x1b[31mred\x07"
SHARED = (
    f"The minister {SCRIPT} told the harbour paper that {EVENT} forty barges had left the quay before dawn on Monday, "
    f"and {TEMPLATE} that nobody {HIDDEN} had counted them since the lamps went out along the whole northern mole."
)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that hold markup, template syntax and hidden characters wherever an article may hold text."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    articles = [
        Article(
            f"a/{SCRIPT}?id=1&b=2#c",
            f"{SHARED}\n\nAccording to {SCRIPT} Reuters, more came.",
            title=f"{SCRIPT}{EVENT}",
            outlet=f"{SCRIPT} Gazette",
            url="javascript:alert(3)",
            author=EVENT,
        ),
        Article(
            f"b/{EVENT}",
            f"Via {EVENT}\n\n{SHARED}\n\nThe minister said it was “{SCRIPT}”.",
            title=TEMPLATE,
            outlet=f"{EVENT} Post",
            url=f"https://example.org/{EVENT}",
            author=HIDDEN,
        ),
        Article(
            HIDDEN.replace("\x00", ""),
            f"{SHARED}\n\nIt was first reported by The {SCRIPT} Gazette.",
            title=HIDDEN,
            outlet=HIDDEN,
            url="data:text/html,<script>alert(4)</script>",
        ),
    ]
    with Corpus(path) as corpus:
        corpus.add_articles(articles)
        corpus.update()
    return path


@pytest.fixture(scope="session")
def serve() -> Callable[..., Site]:
    from provenance.web.serving import served

    def made(path: Path, **options: Any) -> Site:
        return Site(served(path, **options))

    return made


@pytest.fixture(scope="session")
def site(harbour: Path, serve: Callable[..., Site]) -> Site:
    return serve(harbour)


@pytest.fixture(scope="session")
def hostile_site(hostile: Path, serve: Callable[..., Site]) -> Site:
    return serve(hostile)
