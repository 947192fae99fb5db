from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.errors import NotFoundError
from provenance.model import Article, Span
from provenance.settings import StoreSettings
from provenance.store import SearchHit, Store

ARTICLES = [
    Article("en", 'The café said: "a ceasefire in Aleppo" held.', "Ceasefire news", "Gazette"),
    Article("long", "Filler words here. " * 60 + "Then the ceasefire came.\n" + "More filler after it. " * 60),
    Article("ru", "Москва сообщила о перемирии."),
    Article("zh", "我爱中国人民。使用Python编程很\n好", "标题"),
    Article("th", "ประเทศไทยเป็นประเทศ"),
    Article("nul", "before the\x00after it"),
]


@pytest.fixture
def filled(store: Store) -> Store:
    store.add_articles(ARTICLES)
    return store


def _found(store: Store, query: str) -> list[str]:
    return [hit.document for hit in store.search(query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ceasefire", ["en", "long"]),
        ("CAFE aleppo", ["en"]),
        ("café Aleppo nowhere", []),
        ("москва", ["ru"]),
        ("中国", ["zh"]),
        ("国人", ["zh"]),
        ("国民", []),
        ("很好", ["zh"]),
        ("python", ["zh"]),
        ("标题 编程", ["zh"]),
        ("ประเทศไทย", ["th"]),
        ("after", ["long", "nul"]),
        ("", []),
        ("*** ''", []),
        ("\x00\x00", []),
    ],
)
def test_words_are_found(filled: Store, query: str, found: list[str]) -> None:
    assert sorted(_found(filled, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"', []),
        ('"ceasefire', ["en", "long"]),
        ("ceasefire OR held", []),
        ("NOT", []),
        ("title:ceasefire", []),
        ("ceas*", []),
        ("(", []),
        ("NEAR(ceasefire held)", []),
        ("^held", ["en"]),
        ("ceasefire + held", ["en"]),
        ("ceasefire - held", ["en"]),
        ("'", []),
    ],
)
def test_the_syntax_of_fts5_is_taken_for_words(filled: Store, query: str, found: list[str]) -> None:
    assert sorted(_found(filled, query)) == found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20))
def test_any_query_is_answered(filled: Store, query: str) -> None:
    for hit in filled.search(query):
        text = filled.article(hit.document).text
        assert hit.snippet == text[hit.start : hit.end]
        assert all(hit.start <= span.start < span.end <= hit.end for span in hit.highlights)


def test_highlights_are_offsets_into_the_text(filled: Store) -> None:
    hits = {hit.document: hit for hit in filled.search("ceasefire")}
    text = ARTICLES[1].text
    assert [text[span.start : span.end] for span in hits["long"].highlights] == ["ceasefire"]
    assert hits["long"].snippet == text[hits["long"].start : hits["long"].end]
    assert 100 < len(hits["long"].snippet) <= StoreSettings().snippet_characters
    assert text[hits["long"].start - 1].isspace()
    assert text[hits["long"].end].isspace()
    assert hits["en"] == SearchHit(
        "en",
        "Ceasefire news",
        "Gazette",
        0,
        len(ARTICLES[0].text),
        ARTICLES[0].text,
        (Span(18, 27),),
        (Span(0, 9),),
        hits["en"].score,
    )


@pytest.mark.parametrize(
    ("query", "spans"),
    [("中国", [Span(2, 4)]), ("很好", [Span(17, 20)]), ("PYTHON 编程", [Span(9, 15), Span(15, 17)]), ("标题", [])],
)
def test_highlights_in_scripts_without_spaces(filled: Store, query: str, spans: list[Span]) -> None:
    (hit,) = filled.search(query)
    assert list(hit.highlights) == spans
    assert bool(hit.title_highlights) == (query == "标题")


def test_words_behind_a_nul_are_found(filled: Store) -> None:
    (hit,) = filled.search("before after")
    assert hit.highlights == (Span(0, 6), Span(11, 16))


def test_a_word_with_punctuation_is_a_phrase(store: Store) -> None:
    store.add_articles([Article("a", "the no-fly zone"), Article("b", "fly, no zone")])
    (hit,) = store.search("no-fly")
    assert (hit.document, hit.highlights) == ("a", (Span(4, 10),))


def test_a_text_of_one_word_and_a_query_of_many(store: Store) -> None:
    store.add_articles([Article("a", "word " * 50_000), Article("b", "中国" * 50_000)])
    assert _found(store, "word " * 10_000) == ["a"]
    assert _found(store, "中国 " * 10_000) == ["b"]
    assert _found(store, "中国" * 50_000) == ["b"]
    assert _found(store, " ".join(["word", *(f"x{number}" for number in range(1000))])) == []


def test_a_title_counts_for_more(store: Store) -> None:
    store.add_articles(
        [Article("in-text", "harbour and some", "fire"), Article("in-title", "fire and some", "harbour")]
    )
    assert _found(store, "harbour") == ["in-title", "in-text"]


def test_hits_of_one_score_are_ordered_by_id_and_cut(store: Store) -> None:
    store.add_articles(Article(name, "the same words") for name in "edcba")
    assert _found(store, "words") == ["a", "b", "c", "d", "e"]
    assert [hit.document for hit in store.search("words", 2)] == ["a", "b"]
    assert list(store.search("words", 0)) == []


@pytest.mark.parametrize("old", ["plain words", "中国 words"])
@pytest.mark.parametrize("new", ["other terms", "日本 terms"])
def test_the_index_follows_a_change_of_text(store: Store, old: str, new: str) -> None:
    store.add_articles([Article("a", old), Article("b", old)])
    store.add_articles([Article("a", new)])
    assert _found(store, "words") == ["b"]
    assert _found(store, "terms") == ["a"]
    store.delete_articles(["b"])
    assert _found(store, "words") == []
    store._run("INSERT INTO word_search (word_search) VALUES ('integrity-check')")
    store._run("INSERT INTO character_search (character_search) VALUES ('integrity-check')")


@pytest.mark.parametrize(("old", "new"), [("Plain", "中国"), ("中国", "Plain"), (None, "日本"), ("日本", None)])
def test_the_index_follows_a_change_of_title(store: Store, old: str | None, new: str | None) -> None:
    store.add_articles([Article("a", "some text", old)])
    store.add_articles([Article("a", "some text", new)])
    assert _found(store, "text") == ["a"]
    assert _found(store, new or "some") == ["a"]
    assert _found(store, old or "nothing") == []
    store.delete_articles(["a"])
    assert _found(store, "text") == []
    assert store._rows("SELECT count(*) FROM character_search_docsize") == [(0,)]
    assert store._rows("SELECT count(*) FROM word_search_docsize") == [(0,)]


def _keys(store: Store, *phrases: tuple[tuple[str, ...], bool]) -> list[str]:
    return sorted(store.ids_of(store.texts_with(phrases).tolist()).values())


def test_texts_with_a_phrase_are_found_and_counted(filled: Store) -> None:
    both = ((("ceasefire",), False), (("Москва",), False))
    assert _keys(filled, *both) == ["en", "long", "ru"]
    assert filled.count_texts(both) == 3
    assert filled.count_texts(both, up_to=0) == 0
    assert _keys(filled, (("filler", "words"), False)) == ["long"]
    assert _keys(filled, (("words", "filler"), False)) == []
    assert _keys(filled, (("中国",), False)) == ["zh"]
    assert _keys(filled, (("cease",), True)) == ["en", "long"]
    assert _keys(filled, (("cease",), False)) == []
    # in a title only
    assert _keys(filled, (("news",), False)) == []


@pytest.mark.parametrize("hostile", ['" OR "', "", "*", ")", "\x00", "NEAR(", "text:"])
def test_phrases_are_words_never_syntax(filled: Store, hostile: str) -> None:
    assert filled.count_texts([((hostile,), False)]) >= 0
    assert filled.count_texts([((hostile, "ceasefire"), True)]) >= 0


def test_words_of_the_index_by_their_beginning(filled: Store) -> None:
    assert filled.words_from("fill", 10) == ["filler"]
    assert filled.words_from("fill", 0) == []
    assert filled.words_from("xyz", 10) == []


def test_what_is_known_of_articles_needs_them_held(filled: Store) -> None:
    assert filled.known_of(["en", "zh"]) == ([], [], [])
    assert filled.sharing("en", None) == set()
    assert filled.with_denials([1, 2]) == set()
    with pytest.raises(NotFoundError):
        filled.known_of(["nobody"])
