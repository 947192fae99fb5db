from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains.names import by_id
from provenance.chains.tellings import Reader, Search, sentence_spans, stem, terms_of
from provenance.model import Article
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


def search(claim, *texts):
    articles = by_id(Article(f"d{i}", text) for i, text in enumerate(texts))
    return Search(terms_of(claim, SETTINGS), articles), articles


@pytest.mark.parametrize(
    ("one", "other"),
    [("training", "train"), ("trained", "trains"), ("Instructors", "instructor"), ("militants", "militant")],
)
def test_forms_of_a_word_have_one_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["isis", "1500", "its", "2003"])
def test_short_words_and_figures_are_their_own_stem(word):
    assert stem(word) == word


def test_the_terms_of_a_claim_are_stems_and_pairs_of_names_and_longer_words():
    terms = terms_of("The New Syrian Army is in it", SETTINGS)
    assert terms.words == ("the", "new", "syrian", "army", "is", "in", "it")
    assert ("new", "syrian") in terms.pairs
    assert ("is", "in") not in terms.pairs


def test_a_claim_without_words_has_no_terms():
    assert terms_of("… — !", SETTINGS) is None


def test_hits_are_where_they_say(case):
    text = "Instructors of the new “Syrian Army” then trained."
    found = Reader(terms_of("instructor trains Syrian army", SETTINGS)).hits(text)
    assert [text[hit.span.start : hit.span.end] for hit in found] == ["Instructors", "Syrian", "Army", "trained"]
    assert [hit.follows for hit in found] == [False, False, True, False]


def test_scripts_without_spaces_are_looked_for_by_pairs_of_characters():
    found = Reader(terms_of("新叙利亚军", SETTINGS)).hits("他们组建了新叙利亚军的部队")
    assert [hit.stem for hit in found] == ["新叙", "叙利", "利亚", "亚军"]


def test_rarer_terms_weigh_more():
    found, _ = search("Rukhban camp", "The camp.", "A camp.", "Camp Rukhban.")
    assert found.weights["rukhban"] > found.weights["camp"]
    assert found.share(["rukhban", "camp"]) == pytest.approx(1.0)
    assert found.share([]) == 0.0


def test_a_telling_is_found_in_other_words_and_another_story_is_not():
    claim = "US instructors train former ISIS members as the New Syrian Army"
    found, articles = search(
        claim,
        "He said instructors from the US were training fighters. They join units called the New Syrian Army, he said.",
        "The Syrian army entered the camp. Members of the council met in the US.",
        "A ferry was late. The weather was cold.",
    )
    windows = {name: found.windows(article, SETTINGS) for name, article in articles.items()}
    assert windows["d0"]
    assert not windows["d1"]
    assert not windows["d2"]


def test_neighbouring_sentences_count_together():
    text = "Nothing here. The tanker struck. The Coal Quay broke. Nothing there. Far off nothing."
    found, articles = search("tanker struck the Coal Quay", text, "Else.")
    best = found.windows(articles["d0"], SETTINGS)[0]
    assert text[best.span.start : best.span.end].startswith("Nothing here")
    assert ("coal", "quay") in best.terms
    assert "tank" in best.terms or "tanker" in best.terms


def test_a_term_is_written_as_the_article_has_it():
    found, _ = search("New Syrian Army trains", "The NEW Syrian army was trained.")
    assert found.written("d0", ("new", "syrian")) == "NEW Syrian"
    assert found.written("d0", "train") == "trained"


def test_a_long_claim_is_cut():
    claim = " ".join(f"word{i}" for i in range(2000))
    assert len(terms_of(claim, SETTINGS).words) == SETTINGS.maximum_claim_words


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_claim_can_be_looked_for_in_any_text(claim, text):
    terms = terms_of(claim, SETTINGS)
    if terms is None:
        return
    found = Search(terms, {"a": Article("a", text), "b": Article("b", claim)})
    for name, every in found.hits.items():
        own = text if name == "a" else claim
        assert all(0 <= hit.span.start < hit.span.end <= len(own) for hit in every)
    for article in (Article("a", text), Article("b", claim)):
        for window in found.windows(article, SETTINGS):
            assert 0 <= window.span.start < window.span.end <= len(article.text)
    assert all(span.start < span.end for span in sentence_spans(text))
