"""Whole runs over hostile articles: what comes out is valid, and depends on nothing but what went in."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from fuzz import HOSTILE
from fuzz_targets import single, whole_run

from provenance.model import Article

STORY = (
    "LONDON, May 3 (Reuters) - The harbour was closed on Friday after 36 ships ran aground, the port said.\n\n"
    "“We have never seen such a thing,” said Jon Veld, the harbour master, according to TASS. He added that the port "
    "would never open, citing AP. Nothing else was known of the ships, of which eleven had sunk in the winter storms "
    "of the last years.\n\nVia The Cradle\n"
)
WICKED = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} </style></script>-->]]>\n\n"
    "“Visit javascript:alert(3) or \u202eevil\u202c,” said <b onclick=x>Ann Cole</b>, citing \x1b[31mReuters\x1b[0m. "
)
"""Markup, templates, terminal escapes and overrides in what an article says."""
SELECTED = STORY.replace("harbour", "har" + "".join(map(chr, range(0xE0100, 0xE01F0))) * 40 + "bour")
"""A C2PA manifest hides in variation selectors (C2PA 2.1, embedding in unstructured text)."""


def articles() -> list[Article]:
    """Hostile texts, each beside one that shares a passage with it."""
    texts = {name: made(1500) for name, made in HOSTILE.items()}
    texts |= {"story": STORY, "wicked": WICKED * 3 + STORY, "selected": SELECTED}
    texts |= {f"with {name}": f"{STORY}\n\n{text[:700]}" for name, text in texts.items()}
    return [
        Article(f"{name}\n<i>\x1b", text, title=text[:60], outlet=f"{WICKED[:30]}{len(text)}")
        for name, text in sorted(texts.items())
    ]


@pytest.fixture(scope="module")
def rows() -> list[str]:
    """What a run over them gives."""
    return whole_run(articles())


def test_hostile_articles_give_valid_rows_and_pages(rows: list[str]) -> None:
    assert sum(row.startswith("matches") for row in rows) > 100
    assert sum(row.startswith("attributions") for row in rows) > 100


def test_the_order_of_articles_changes_nothing(rows: list[str]) -> None:
    shuffled = articles()
    random.Random(7).shuffle(shuffled)
    assert whole_run(shuffled) == rows


def test_the_number_of_processes_changes_nothing(rows: list[str]) -> None:
    settings = single()
    two = replace(settings, engine=replace(settings.engine, processes=2, spread_articles=2, spread_candidates=2))
    assert whole_run(articles(), two) == rows


def test_one_article_many_times_is_one_family() -> None:
    found = whole_run([Article(f"{number:03}", STORY) for number in range(40)])
    assert sum(row.startswith("passages") for row in found) == 40


def test_a_hidden_manifest_hides_no_copy() -> None:
    found = whole_run([Article("a", STORY), Article("b", SELECTED)])
    assert any(row.startswith("matches") and '"similarity": 1.0' in row for row in found)
