"""Collections of any size: words as frequent as they were, nothing shared but what is planted."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from enlarged import ADDED_EVERY, KEPT, Enlarged, write
from records import read_articles

WORDS = [f"{first}{second}" for first in "bcdfglmnprst" for second in ("alo", "ime", "onu", "eri", "ush")]


@pytest.fixture(scope="module")
def articles() -> list[dict[str, Any]]:
    chance = random.Random(3)
    made = []
    for number in range(12):
        sentences = [" ".join([*chance.choices(WORDS, k=12), "said", "Mayor", "Dunn", "in", "2019"]) for _ in range(20)]
        text = "\n\n".join(". ".join(sentences[at : at + 4]) + "." for at in range(0, 20, 4))
        made.append({"id": str(number), "text": text, "outlet": f"Paper {number % 3}", "title": f"Title {number}"})
    return made


def test_words_are_shuffled_within_their_kinds_and_marks_stay(articles: list[dict[str, Any]]) -> None:
    collection = Enlarged(articles, 12, 1)
    texts = {"".join(sorted(article["text"])) for article in articles}
    for number in range(12):
        text = collection.shuffled(number)
        assert "".join(sorted(text)) in texts
    first = collection.shuffled(0)
    pattern = re.sub(r"\w+", "w", first)
    assert pattern in {re.sub(r"\w+", "w", article["text"]) for article in articles}
    assert all(found.split()[-1][0].isupper() for found in re.findall(r"said \w+", first))
    assert "said" in KEPT


def test_the_same_number_and_seed_give_the_same_article(articles: list[dict[str, Any]]) -> None:
    one, two = Enlarged(articles, 40, 1), Enlarged(articles, 40, 1)
    assert [one.article(number) for number in range(40)] == [two.article(number) for number in reversed(range(40))][
        ::-1
    ]
    assert one.article(7) != Enlarged(articles, 40, 2).article(7)


def test_copies_of_one_real_article_are_not_alike(articles: list[dict[str, Any]]) -> None:
    collection = Enlarged(articles, 48, 1)
    runs = [
        {tuple(words[at : at + 8]) for at in range(len(words) - 7)}
        for words in (collection.shuffled(number).split() for number in (0, 12, 24))
    ]
    assert not runs[0] & runs[1]
    assert not runs[1] & runs[2]


def test_text_is_shared_as_announced(articles: list[dict[str, Any]]) -> None:
    collection = Enlarged(articles, 1200, 1)
    plain = {collection.shuffled(number): number for number in range(1200)}
    made = dict(collection)
    unchanged = sum(made[number]["text"] == text for text, number in plain.items())
    assert (
        0.5 < unchanged / 1200 < 0.7
    )  # 0.7 without the standing paragraph, 0.87 of which take no passage and are no copy
    standing = Counter(article["text"].rsplit("\n\n", 1)[-1] for article in made.values())
    assert sum(count for _, count in standing.most_common(3)) == pytest.approx(360, rel=0.2)
    assert len({article["id"] for article in made.values()}) == 1200
    assert all(article["outlet"].startswith("Paper") for article in made.values())


def test_one_in_a_hundred_is_set_apart(articles: list[dict[str, Any]], tmp_path: Path) -> None:
    base, added = tmp_path / "base.jsonl", tmp_path / "added.jsonl"
    write(articles, 300, 1, base, added)
    held, late = ([article["id"] for article in read_articles(path)] for path in (base, added))
    assert (len(held), len(late)) == (300, 3)
    assert not set(held) & set(late)
    whole = Enlarged(articles, 303, 1)
    assert late == [whole.article(number)["id"] for number in (100, 201, 302)]
    assert ADDED_EVERY == 101
