from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.chains.houses import core, one_house, owners, site
from provenance.chains.names import Outlets, by_id, fold
from provenance.model import Article


def outlets(*placed):
    articles = [Article(f"d{i}", "x", outlet=name, url=url) for i, (name, url) in enumerate(placed)]
    return Outlets(by_id(articles))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Norrland News", "norrland"),
        ("Norrland Online News", "norrland"),
        ("NorrlandNews.com", "norrland"),
        ("RT News", "rtnews"),
        ("News", "news"),
    ],
)
def test_the_core_of_a_name(name, expected):
    assert core(fold(name)) == expected


@given(st.text(alphabet="abcnews", max_size=20))
def test_a_core_has_no_core_but_itself(form):
    assert core(core(form)) == core(form)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("blogs.post.example", "post.example"),
        ("post.example", "post.example"),
        ("a.b.post.co.uk", "post.co.uk"),
        ("anna.blogspot.com", "anna.blogspot.com"),
        ("localhost", "localhost"),
    ],
)
def test_the_site_of_a_host(where, expected):
    assert site(where) == expected


def test_names_that_differ_in_a_word_such_as_news_are_one_house_unless_their_sites_differ():
    norrland, elsewhere = frozenset({"norrland.example"}), frozenset({"other.example"})
    assert one_house({"norrlandnews": norrland, "norrland": norrland}) == {
        "norrlandnews": "norrland",
        "norrland": "norrland",
    }
    assert one_house({"norrlandnews": norrland, "norrland": frozenset()})["norrlandnews"] == "norrland"
    assert one_house({"norrlandnews": elsewhere, "norrland": norrland})["norrlandnews"] == "norrlandnews"


def test_a_site_is_owned_by_whoever_has_most_of_its_articles():
    placed = [("post.example", "post"), ("post.example", "post"), ("post.example", "guest"), ("even.example", "a")]
    assert owners([*placed, ("even.example", "b")]) == {"post.example": "post"}


def test_a_credit_of_the_short_name_means_the_outlet_that_is_held():
    known = outlets(
        ("Norrland News", "https://norrland.example/1"), ("Norrland Online News", "https://norrland.example/2")
    )
    assert known.of["d0"] == known.of["d1"] == known.key("Norrland")
    assert known.display[known.of["d0"]] == "Norrland News"


def test_who_writes_on_others_sites_alone_is_a_guest():
    known = outlets(
        ("Norrland News", "https://norrland.example/1"),
        ("Norrland News", "https://norrland.example/2"),
        ("Anna Berg", "https://norrland.example/3"),
    )
    assert known.one_site("d0", "d2")
    assert known.owner("d2") == known.of["d0"]
    assert known.writes_for_others(known.of["d2"])
    assert not known.writes_for_others(known.of["d0"])
    assert not known.writes_for_others("nobody")


def test_without_addresses_there_are_no_sites():
    known = outlets(("Norrland News", None), ("Anna Berg", None))
    assert not known.one_site("d0", "d1")
    assert known.owner("d0") == ""
    assert not known.writes_for_others(known.of["d1"])
