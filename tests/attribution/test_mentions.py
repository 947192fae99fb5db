"""Whether a text mentions a changed name is answered as by looking for each name in it, however many there are."""

from __future__ import annotations

import sqlite3
from itertools import islice, product
from pathlib import Path

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from provenance import Corpus
from provenance.attribution import Gazetteer, Outlet
from provenance.attribution.mentions import AnyName, Mentions
from provenance.attribution.outlets import searchable
from provenance.model import Article

# few letters, so that words stand within others, start with others and end inside them; marks at which names part
_LETTERS = st.text(alphabet="abßк", min_size=1, max_size=4)
_WORD = st.one_of(_LETTERS, st.sampled_from(["ab" * 13, "ab" * 13 + "к", "a@b", "<a", "a,b"]))
_HOST = st.sampled_from(["a.b", "ab.a.b", "b.example", ".a", "..", "a" * 30 + ".b"])
_NAME = st.one_of(st.lists(_WORD, max_size=3).map(tuple), _HOST.map(lambda host: (host,)))
_TEXT = st.lists(st.one_of(_WORD, _HOST, st.sampled_from([" ", " ", "-", ".", "’", "\n", "\x1c", "_"])), max_size=20)


def _one_by_one(names: list[tuple[str, ...]], text: str) -> bool:
    return any(all(word in text for word in words) for words in names)


@limits(max_examples=400, deadline=None)
@given(names=st.lists(_NAME, max_size=8), parts=st.lists(_TEXT, min_size=1, max_size=3), few=st.sampled_from([0, 100]))
def test_any_name_is_found_as_one_by_one(names: list[tuple[str, ...]], parts: list[list[str]], few: int) -> None:
    any_name = AnyName(names, few)
    for part in parts:
        text = "".join(part)
        assert any_name.stands_in(text) == _one_by_one(names, text)


@limits(max_examples=100, deadline=None)
@given(names=st.lists(_NAME, min_size=1, max_size=8), data=st.data())
def test_a_text_with_all_words_of_a_name_mentions_it(names: list[tuple[str, ...]], data: st.DataObject) -> None:
    words = data.draw(st.permutations(data.draw(st.sampled_from(names))))
    text = data.draw(st.sampled_from(["", "b", "?"])).join(words)
    assert AnyName(names, 0).stands_in(text)


def test_parts_that_start_with_each_other_are_all_found() -> None:
    names = [("a" * size, "end") for size in range(1, 60)]
    any_name = AnyName(names, 0)
    assert not any_name.stands_in("a" * 200)
    assert any_name.stands_in("xa end")
    assert not any_name.stands_in("x end")
    long = AnyName([("a" * 59, f"end{number}") for number in range(200)])
    assert long.stands_in("end199" + "a" * 59)
    assert not long.stands_in("end199" + "a" * 58)


def test_marks_are_folded_as_translate_folds_them() -> None:
    marks = '’‘ʼ“”"«»„'
    text = f"Qu{marks}ay للجزيرة {marks} É"
    one_to_one = str.maketrans(dict.fromkeys("’‘ʼ", "'") | dict.fromkeys('“”"«»„', ""))
    folded = text.translate(one_to_one).casefold()
    assert searchable(text) == folded + "\n" + folded.replace("لل", "ال")


def test_queries_ask_for_what_tells_articles_apart() -> None:
    named = [
        Outlet('"Ann T. Cole" <ann@whistle.example>', "outlet"),
        Outlet("La Voz", "outlet"),
        Outlet("The Larn, Vale and Harbour Almanac of Boats", "outlet"),
    ]
    mentions = Mentions(Gazetteer([]), Gazetteer(named))
    assert mentions.queries() == [("almanac", "harbour", "boats"), ("example", "whistle", "cole"), ("voz", "la")]


def test_beyond_a_thousand_names_texts_are_read() -> None:
    many = [Outlet(f"Larn Whistle {number}", "outlet") for number in range(1001)]
    assert Mentions(Gazetteer([]), Gazetteer(many[:1000])).queries() is not None
    mentions = Mentions(Gazetteer([]), Gazetteer(many))
    assert mentions.queries() is None
    assert mentions.in_text("The larn whistle reported 1000 boats.")
    assert not mentions.in_text("The larn whistle reported some boats.")


def test_a_thousand_outlets_ask_the_index_nothing_and_change_no_rows(tmp_path: Path) -> None:
    """A collection of mail has thousands of senders, each of them an outlet."""
    names = ["Larn " + "".join(letters).capitalize() for letters in islice(product("bcdfghjklmn", repeat=3), 1100)]
    articles = [
        Article(f"a{number:04}", f"The pier is safe, {names[-number]} reported.", outlet=name, language="en")
        for number, name in enumerate(names)
    ]
    with Corpus(tmp_path / "once.db") as corpus:
        corpus.add_articles(articles)
        assert _asked(corpus) == 0
        wanted = list(corpus.attributions())
    with Corpus(tmp_path / "steps.db") as corpus:
        corpus.add_articles(articles[:20])
        assert _asked(corpus) == 0
        corpus.add_articles(articles[20:])
        assert _asked(corpus) == 0
        assert list(corpus.attributions()) == wanted
        corpus.add_articles([Article("more", "Rain.", outlet="Vale Almanac", language="en")])
        assert _asked(corpus) == 1
    assert [one.chain[0].name for one in wanted] == [names[-number] for number in range(1100)]


def _asked(corpus: Corpus) -> int:
    """How often the full-text index is asked while attributions are read."""
    statements: list[str] = []
    connection: sqlite3.Connection = corpus.store._connection
    connection.set_trace_callback(statements.append)
    corpus._attribute(lambda _stage, _share: None)
    connection.set_trace_callback(None)
    return sum(" MATCH " in one for one in statements)
