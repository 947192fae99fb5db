"""Collections of any size: words as frequent as they were, nothing shared but what is planted."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from enlarged import KEPT, Copied, Enlarged, Files, Taken, shortened, write
from records import WORD, read_articles, read_truths

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
    write(articles, 300, 1, Files(base, added))
    held, late = ([article["id"] for article in read_articles(path)] for path in (base, added))
    assert (len(held), len(late)) == (300, 3)
    assert not set(held) & set(late)
    whole = Enlarged(articles, 303, 1)
    assert late == [whole.article(number)["id"] for number in (100, 201, 302)]


def files_in(folder: Path) -> Files:
    folder.mkdir()
    return Files(*(folder / f"{name}.jsonl" for name in ("base", "added", "truth", "copies")))


@pytest.fixture(scope="module")
def written(articles: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("enlarged") / "one"
    write(articles, 2500, 1, files_in(folder), more=20)
    return folder


def test_several_processes_write_the_same(articles: list[dict[str, Any]], written: Path, tmp_path: Path) -> None:
    write(articles, 2500, 1, files_in(tmp_path / "two"), more=20, processes=2)
    for path in written.iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def texts_of(folder: Path) -> dict[str, str]:
    rows = read_articles(folder / "base.jsonl") + read_articles(folder / "added.jsonl")
    assert len(rows) == 2520
    return {row["id"]: row["text"] for row in rows}


def test_both_sides_hold_the_passage_where_the_truth_says(written: Path) -> None:
    texts = texts_of(written)
    truths = read_truths(written / "truth.jsonl")
    assert len(truths) == pytest.approx(0.0965 * 2520, rel=0.2)
    assert {truth.edits for truth in truths} == {0, 0.05, 0.15, 0.3}
    for truth in truths:
        given = texts[truth.a][truth.a_start : truth.a_end]
        taken = texts[truth.b][truth.b_start : truth.b_end]
        assert truth.a != truth.b
        assert len(WORD.findall(given)) == truth.words
        if truth.edits:
            common = Counter(WORD.findall(given)) & Counter(WORD.findall(taken))
            assert common.total() >= (1 - truth.edits) * truth.words - 1
        else:
            assert given == taken


def test_givers_that_took_a_passage_before_what_they_gave_are_among_them(written: Path) -> None:
    truths = read_truths(written / "truth.jsonl")
    takers = {truth.b: truth for truth in truths}
    assert any(truth.a in takers and takers[truth.a].b_end <= truth.a_start for truth in truths)


def test_a_passage_that_its_giver_does_not_hold_is_left_out(articles: list[dict[str, Any]]) -> None:
    collection = Enlarged(articles, 2520, 1)
    made = [collection.made(number)[1] for number in range(2520)]
    copy = next(number for number, planted in enumerate(made) if isinstance(planted, Copied))
    taker, into = next((number, planted) for number, planted in enumerate(made) if isinstance(planted, Taken))
    plain = next(number for number, planted in enumerate(made) if planted is None)
    assert collection.truth(plain, Taken(copy, 0, 9, 0, 9, 0.0, 2)) is None
    assert collection.truth(plain, Taken(plain, 0, 9, 0, 9, 0.0, 2)) is None
    assert collection.truth(plain, Taken(taker, into.at - 1, into.at + 1, 0, 9, 0.0, 2)) is None
    before = collection.truth(plain, Taken(taker, 0, into.at, 0, 9, 0.0, 2))
    behind = collection.truth(plain, Taken(taker, into.at, into.at + 9, 0, 9, 0.0, 2))
    assert before is not None
    assert behind is not None
    assert (before.a_start, before.a_end) == (0, into.at)
    assert (behind.a_start, behind.a_end) == (into.at + into.length + 2, into.at + into.length + 11)


def test_copies_are_listed_with_their_originals(written: Path) -> None:
    texts = texts_of(written)
    families: dict[str, list[str]] = defaultdict(list)
    for line in (written / "copies.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        families[row["of"]].append(row["document"])
        assert 0 <= row["edits"] <= 0.2
    assert sum(map(len, families.values())) == pytest.approx(0.035 * 2520, rel=0.3)
    originals = [name for name in families if not name.startswith("family ")]
    assert originals
    for name, documents in families.items():
        chosen = [texts[document] for document in documents] + ([texts[name]] if name in originals else [])
        lengths = [len(WORD.findall(text)) for text in chosen]
        assert max(lengths) < 2 * min(lengths)


@pytest.mark.parametrize("words", ["40-70", "60-60"])
def test_articles_are_cut_between_two_lengths(articles: list[dict[str, Any]], words: str) -> None:
    low, high = map(int, words.split("-"))
    for cut, article in zip(shortened(articles, words), articles, strict=True):
        assert low <= len(WORD.findall(cut["text"])) <= high
        assert article["text"].startswith(cut["text"].rstrip("."))
        assert {**cut, "text": ""} == {**article, "text": ""}


def test_a_cut_falls_on_the_end_of_a_paragraph_where_there_is_one(articles: list[dict[str, Any]]) -> None:
    # a paragraph has four sentences of 17 words
    for cut, article in zip(shortened(articles, "130-160"), articles, strict=True):
        assert article["text"].startswith(cut["text"] + "\n\n")


def test_articles_are_cut_to_an_average(articles: list[dict[str, Any]]) -> None:
    cut = shortened(articles, "150")
    lengths = [len(WORD.findall(article["text"])) for article in cut]
    assert 150 <= sum(lengths) / len(lengths) < 250
    assert shortened(articles, "340") == articles


@pytest.mark.parametrize("words", ["341", "0", "70-40", "0-0", "many", "-5", ""])
def test_lengths_that_cannot_be_are_refused(articles: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValueError, match="words"):
        shortened(articles, words)
