"""Detection as a whole: from articles to passages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.model import Article, Match
from provenance.reuse import Detection, detect
from provenance.settings import ReuseSettings
from provenance.text.folding import fold_text
from provenance.text.tokens import words_of

DEFAULT = ReuseSettings()
SEEDS = Path(__file__).parents[2] / "seeds"

Prose = Callable[..., list[str]]


def found_in(*texts: str) -> Detection:
    return detect([Article(f"{number:04}", text) for number, text in enumerate(texts)], DEFAULT)


def sides(match: Match, texts: tuple[str, ...]) -> tuple[str, str]:
    return (
        texts[int(match.a)][match.a_span.start : match.a_span.end],
        texts[int(match.b)][match.b_span.start : match.b_span.end],
    )


def collection(prose: Prose, edit_words: Callable[..., list[str]]) -> list[Article]:
    """Copies, edited passages, a quotation and articles of their own, in a fixed order."""
    original, passage = prose("o", 260), prose("p", 60)
    articles = [Article(f"copy{at}", " ".join(edit_words(original, 0.02 * at, seed=at))) for at in range(6)]
    articles += [
        Article(f"user{at}", " ".join([*prose(f"u{at}x", 150), *edit_words(passage, 0.1, seed=at), *prose("u", 5, at)]))
        for at in range(8)
    ]
    articles += [Article(f"alone{at}", " ".join(prose(f"l{at}x", 120))) for at in range(6)]
    return [*articles, Article("both", " ".join([*original[40:120], *prose("both", 80), *passage]))]


def test_the_order_of_articles_does_not_matter(prose: Prose, edit_words: Callable[..., list[str]]) -> None:
    articles = collection(prose, edit_words)
    expected = detect(articles, DEFAULT)
    assert expected.matches
    chance = random.Random(5)
    for _ in range(5):
        chance.shuffle(articles)
        assert detect(articles, DEFAULT) == expected


def test_rows_are_sorted_and_refer_to_their_articles(prose: Prose, edit_words: Callable[..., list[str]]) -> None:
    articles = collection(prose, edit_words)
    texts = {article.id: article.text for article in articles}
    found = detect(articles, DEFAULT)
    keys = [(match.a, match.b, match.a_span, match.b_span) for match in found.matches]
    assert keys == sorted(keys)
    rows = [(passage.cluster, passage.document, passage.span) for passage in found.passages]
    assert rows == sorted(rows)
    assert sorted({passage.cluster for passage in found.passages}) == list(range(rows[-1][0] + 1))
    for match in found.matches:
        assert match.a < match.b
        assert 0.5 <= match.similarity <= 1
        for document, span in ((match.a, match.a_span), (match.b, match.b_span)):
            assert 0 <= span.start < span.end <= len(texts[document])
            assert any(
                passage.cluster == match.cluster and passage.document == document and passage.span.overlaps(span)
                for passage in found.passages
            )
    assert all(texts[p.document][p.span.start : p.span.end].strip() for p in found.passages)


def test_every_copy_of_a_passage_is_in_its_cluster(prose: Prose, edit_words: Callable[..., list[str]]) -> None:
    found = detect(collection(prose, edit_words), DEFAULT)
    clusters: dict[int, set[str]] = {}
    for passage in found.passages:
        clusters.setdefault(passage.cluster, set()).add(passage.document)
    copies = {f"copy{at}" for at in range(6)}
    users = {f"user{at}" for at in range(8)}
    assert copies in clusters.values(), "the articles copied as wholes"
    assert users | {"both"} in clusters.values(), "the passage used in others"
    assert copies | {"both"} in clusters.values(), "what the copies share with another is carried over to all of them"
    assert len(clusters) == 3


BASE = (
    "The mayor's office didn't say why the old café by the naïve harbour wall had closed after 35 years, "
    "but a spokesman told reporters that no one would lose a job because of it"
)
VARIANTS = {
    "no-break spaces": BASE.replace(" ", "\u00a0"),
    "zero-width marks": BASE.replace("e", "e\u200b"),
    "soft hyphens": BASE.replace("or", "o\u00adr"),
    "capitals": BASE.upper(),
    "no accents": BASE.replace("é", "e").replace("ï", "i"),
    "decomposed accents": BASE.replace("é", "e\u0301").replace("ï", "i\u0308"),
    "curly apostrophes": BASE.replace("'", "\u2019"),
    "no apostrophes": BASE.replace("'", ""),
    "hidden selectors": BASE.replace(" ", "\ufe0f\U000e0101 "),
    "other punctuation": BASE.replace(" ", " \u2014 ").replace(",", ";"),
    "line breaks": BASE.replace(" ", "\n\n"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_of_writing_still_match_where_they_stand(name: str, prose: Prose) -> None:
    before, after = " ".join(prose("a", 30)), " ".join(prose("z", 30))
    texts = (f"{before} {BASE}. {after}", f"🙂 Ünrelated opening words. {VARIANTS[name]}! Other ending, here.")
    [match] = found_in(*texts).matches
    assert match.similarity == 1.0
    one, two = sides(match, texts)
    assert one == BASE
    # What is invisible behind the last word is not part of it.
    assert two == VARIANTS[name].rstrip("\ufe0f\U000e0101")


def test_spans_end_with_whole_words_and_their_marks() -> None:
    shared = " ".join(f"mot{at} re\u0301sume\u0301" for at in range(10))
    texts = (f"x{shared}x {shared}, pas plus", f"Avant: {shared}.")
    [match] = found_in(*texts).matches
    one, two = sides(match, texts)
    assert two == shared
    assert one == shared


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "据新华社报道，外交部发言人周三表示，中方将继续支持有关各方通过对话解决争端，维护地区和平稳定。",
            "发言人称：中方将继续支持有关各方通过对话解决争端，维护地区和平稳定。记者随后提问。",
        ),
        (
            "นายกรัฐมนตรีกล่าวว่ารัฐบาลจะช่วยเหลือเกษตรกรที่ได้รับผลกระทบจากน้ำท่วมโดยเร็วที่สุด",
            "เมื่อวานนี้ รัฐบาลจะช่วยเหลือเกษตรกรที่ได้รับผลกระทบจากน้ำท่วมโดยเร็วที่สุด ตามรายงาน",
        ),
        (
            "وقال المتحدث باسم الوزارة إن الحكومة سوف تقدم المساعدة إلى جميع المتضررين من الفيضانات في أقرب وقت ممكن",
            "وأضاف أنّ الحُكومة سوف تقدّم المســاعدة إلى جميع المتضرّرين من الفيضانات في أقرب وقتٍ ممكن، بحسب الوكالة",
        ),
    ],
    ids=["Chinese", "Thai", "Arabic"],
)
def test_other_scripts(first: str, second: str) -> None:
    texts = (first, second)
    [match] = found_in(*texts).matches
    one, two = sides(match, texts)
    assert fold_text(one) == fold_text(two) or match.similarity > 0.85
    assert len(one) > 30
    assert len(two) > 30


@pytest.mark.parametrize(
    "texts", [(), ("",), ("One article of some words alone.",), ("", ""), ("...", "!!", "\u200b"), ("\ud800", "\udc00")]
)
def test_nothing_to_share_gives_nothing(texts: tuple[str, ...]) -> None:
    assert found_in(*texts) == Detection([], [])


def test_articles_without_words_among_others_do_no_harm(prose: Prose) -> None:
    text = " ".join(prose("p", 60))
    found = found_in("", text, "...", text, "")
    assert [(match.a, match.b, match.kind) for match in found.matches] == [("0001", "0003", "copy")]


@pytest.mark.parametrize("length", [15, 40, 300])
def test_five_identical_articles_are_one_cluster_of_five(length: int, prose: Prose) -> None:
    text = " ".join(prose("p", length))
    found = found_in(*[text] * 5)
    assert {match.kind for match in found.matches} == {"copy"}
    assert {match.similarity for match in found.matches} == {1.0}
    assert [(p.cluster, p.document, p.span.start, p.span.end) for p in found.passages] == [
        (0, f"{number:04}", 0, len(text)) for number in range(5)
    ]


def test_identical_articles_of_one_word_are_copies_too() -> None:
    found = found_in(*["word " * 3000] * 3)
    assert [(match.a, match.b, match.kind, match.similarity) for match in found.matches] == [
        ("0000", "0001", "copy", 1.0),
        ("0000", "0002", "copy", 1.0),
    ]


def test_sixty_copies_cost_sixty_comparisons_and_are_all_listed(
    prose: Prose, edit_words: Callable[..., list[str]]
) -> None:
    original = prose("p", 250)
    copies = [" ".join(edit_words(original, 0.02 if number % 2 else 0.0, seed=number)) for number in range(60)]
    others = [" ".join(prose(f"o{number}x", 150)) for number in range(30)]
    user = " ".join([*prose("user", 100), *original[60:140], *prose("user", 60, seed=1)])
    found = found_in(*copies, *others, user)
    assert len(found.matches) <= 3 * 60
    clusters = Counter(passage.cluster for passage in found.passages)
    assert sorted(clusters.values()) == [60, 61], "the copies, and with the user of a part"


def test_a_passage_of_forty_articles_is_one_cluster_of_forty(prose: Prose) -> None:
    passage = " ".join(prose("p", 50))
    texts = tuple(
        f"{' '.join(prose(f'a{number}x', 80))} {passage} {' '.join(prose(f'z{number}x', 60))}" for number in range(40)
    )
    found = found_in(*texts)
    assert len(found.matches) <= DEFAULT.common_neighbours * 40
    assert {passage.cluster for passage in found.passages} == {0}
    assert [copy.document for copy in found.passages] == [f"{number:04}" for number in range(40)]
    assert {texts[int(copy.document)][copy.span.start : copy.span.end] for copy in found.passages} == {passage}


def test_the_seeds_share_what_they_share() -> None:
    articles = [
        Article(path.name, path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"), reverse=True)
    ]
    assert len(articles) == 5
    texts = {article.id: article.text for article in articles}
    found = detect(articles, DEFAULT)
    for match in found.matches:
        one = fold_text(texts[match.a][match.a_span.start : match.a_span.end]).split()
        two = fold_text(texts[match.b][match.b_span.start : match.b_span.end]).split()
        assert len(set(one) & set(two)) >= DEFAULT.minimum_words // 2
    assert detect(articles[::-1], DEFAULT) == found


@settings(max_examples=60)
@given(
    st.lists(st.text(st.sampled_from("ab é\u0301\u200b中ﬁ.'\n"), max_size=120), max_size=4),
)
def test_any_texts_give_sound_rows(texts: list[str]) -> None:
    found = found_in(*texts)
    for match in found.matches:
        for text, span in zip(sides(match, tuple(texts)), (match.a_span, match.b_span), strict=True):
            [first, *_] = words = list(
                zip(words_of([text]).starts.tolist(), words_of([text]).ends.tolist(), strict=True)
            )
            assert len(words) >= DEFAULT.minimum_words
            assert (first[0], words[-1][1]) == (0, len(span))


def test_progress_names_its_stages_in_order(prose: Prose) -> None:
    told: list[tuple[str, float]] = []
    text = " ".join(prose("p", 60))
    detect(
        [Article(str(number), text) for number in range(3)], DEFAULT, lambda stage, share: told.append((stage, share))
    )
    assert list(dict.fromkeys(stage for stage, _ in told)) == [
        "reading words",
        "finding whole copies",
        "joining fingerprints",
        "aligning passages",
        "gathering copies",
    ]
    assert all(0 <= share <= 1 for _, share in told)
    assert all(one[1] <= two[1] for one, two in pairwise(told) if one[0] == two[0])
