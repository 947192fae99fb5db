"""Two collections that every export is tried on: the harbour, and articles written to break things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance import Article, Corpus
from provenance.model import DateInterval

ROOT = Path(__file__).parent.parent.parent
HARBOUR = ROOT / "examples" / "harbour"
ACTING = "\x00\x07\x1b[31m\x1b]0;owned\x07\r\x9b2J\x7f\u202e\u2066\u200b\u2028\ufeff"
"""What a terminal or a reader of text acts on without showing it."""
MARKUP = "<script>alert(1)</script>\"'&]]>{{7*7}}\\ %s \ufffe"
HOSTILE = MARKUP + ACTING
_TOLD = (
    "The harbour master of Skelhaven said on Tuesday that forty tonnes of heavy fuel oil had leaked into the basin "
    "after the tanker struck the quay wall and tore open its side near the bunker tank of the older pier. "
)


def day(text: str) -> DateInterval:
    return DateInterval(f"{text}T00:00:00Z", f"{text}T23:59:59Z", "day", "metadata")


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("exports") / "harbour.db") as made:
        made.use_outlets(HARBOUR / "outlets.csv")
        made.run([HARBOUR / "articles"])
        yield made


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """Articles that share text and credit somebody, hostile in every field."""
    articles = [
        Article(
            f"a/{HOSTILE}..",
            f"{HOSTILE}\n\n{_TOLD}\n\nAccording to Reuters {HOSTILE}, three men were hurt.\n\n"
            f"“We had oil on the water within minutes,” harbour master {MARKUP} Ingrid Tolland said.",
            HOSTILE,
            f"=Outlet {HOSTILE}",
            f"javascript:alert(1)//{HOSTILE}",
            f"@{HOSTILE}",
            day("2024-03-12"),
            "en",
        ),
        Article(
            f"-b{HOSTILE}",
            f"Via Reuters\n\n{_TOLD}\n\n{HOSTILE}",
            f"+{HOSTILE}",
            f"-Other {HOSTILE}",
            f'https://x.example/"><script>{HOSTILE}',
            "=1+1",
            day("2024-03-13"),
            "en",
        ),
        Article("c", f"{_TOLD} {HOSTILE}"),
    ]
    with Corpus(tmp_path_factory.mktemp("exports") / "hostile.db") as made:
        made.add_articles(articles)
        made.update()
        yield made


@pytest.fixture(params=["harbour", "hostile"])
def corpus(request: pytest.FixtureRequest) -> Corpus:
    made: Corpus = request.getfixturevalue(request.param)
    return made
