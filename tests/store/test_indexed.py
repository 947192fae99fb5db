"""The index that detection goes on from: it comes back as it went in, and goes with the articles it is of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import pytest

from provenance.errors import NotFoundError
from provenance.model import Article, DateInterval, Earlier, KeptMatches, Match, PageCredit, Passage, Span, TextIndex
from provenance.store import IndexCounts, IndexUpdate, Store

ARTICLES = [Article("b", "five one two"), Article("a", "one two three"), Article("c", "six seven", outlet="Herald")]
TEXTS = [
    TextIndex("a", b"\x01" * 24, b"\x02" * 8, 3, "a"),
    TextIndex("b", b"\xff" * 24, b"\x00" * 8, 2, "a"),
    TextIndex("c", b"", b"\xff" * 8, 0, "c"),
]
MATCH = Match("a", Span(0, 7), "b", Span(5, 12), 0.9, "passage", 0)
PASSAGES = [Passage(0, "a", Span(0, 7), "passage"), Passage(0, "b", Span(5, 12), "passage")]
ALIGNMENT = b"\x00\x01\x00\xff"


def update(whole: bool = True, texts: list[TextIndex] | None = None, counts: IndexCounts | None = None) -> IndexUpdate:
    return IndexUpdate("s", TEXTS if texts is None else texts, [ALIGNMENT], whole, counts or IndexCounts(3, 3, 0))


@pytest.fixture
def indexed(store: Store) -> Store:
    store.add_articles(ARTICLES)
    store.replace_matches([MATCH], PASSAGES, signature="x", index=update())
    return store


KEPT = (MATCH.a, MATCH.b, 0, 7, 5, 12, MATCH.similarity, MATCH.kind, ALIGNMENT)


def rows(matches: Iterable[KeptMatches]) -> list[tuple[object, ...]]:
    """Matches of before, a row each."""
    columns = ((one.a, one.b, *one.spans, one.similarity, one.kinds, one.alignments) for one in matches)
    return [row for some in columns for row in zip(*some, strict=True)]


def taken(earlier: Earlier) -> tuple[set[str], list[TextIndex], list[tuple[object, ...]]]:
    return set(earlier.documents), [text for some in earlier.texts for text in some], rows(earlier.matches)


def test_it_comes_back_as_it_went_in(indexed: Store) -> None:
    assert taken(indexed.earlier("s")) == ({"a", "b", "c"}, TEXTS, [KEPT])
    assert indexed.index_counts("s") == IndexCounts(3, 3, 0)


def test_another_scheme_knows_nothing(indexed: Store) -> None:
    documents, texts, _ = taken(indexed.earlier("t"))
    assert (documents, texts) == (set(), [])
    assert indexed.index_counts("t") == IndexCounts(3, 0, 0)


@pytest.mark.parametrize(
    "changed", [Article("b", "other text"), Article("b", "five one two", outlet="Courier")], ids=["text", "metadata"]
)
def test_a_changed_article_leaves_the_index(indexed: Store, changed: Article) -> None:
    indexed.add_articles([changed])
    documents, texts, matches = taken(indexed.earlier("s"))
    assert documents == {"a", "c"}
    assert texts == [TEXTS[0], TEXTS[2]]
    assert matches == []
    assert indexed.index_counts("s") == IndexCounts(3, 3, 2)


def test_a_deleted_article_leaves_the_index_and_is_no_representative(indexed: Store) -> None:
    indexed.delete_articles(["a"])
    _, texts, matches = taken(indexed.earlier("s"))
    assert [(text.document, text.representative) for text in texts] == [("b", ""), ("c", "c")]
    assert matches == []
    assert indexed.index_counts("s") == IndexCounts(2, 3, 1)


def test_changes_are_counted_until_everything_is_compared(indexed: Store) -> None:
    indexed.add_articles([Article("d", "eight")])
    counts = indexed.index_counts("s")
    assert counts == IndexCounts(4, 3, 1)
    new = TextIndex("d", b"", b"\xff" * 8, 0, "d")
    indexed.replace_matches([MATCH], PASSAGES, index=update(False, [new], counts))
    assert indexed.index_counts("s") == IndexCounts(4, 3, 1)
    assert [text.document for text in taken(indexed.earlier("s"))[1]] == ["a", "b", "c", "d"]
    indexed.add_articles([Article("d", "nine")])
    assert indexed.index_counts("s") == IndexCounts(4, 3, 3)
    indexed.replace_matches([MATCH], PASSAGES, index=update(True, [*TEXTS, new]))
    assert indexed.index_counts("s") == IndexCounts(4, 4, 0)


def test_matches_replaced_without_an_index_empty_it(indexed: Store) -> None:
    indexed.replace_matches([MATCH], PASSAGES)
    assert taken(indexed.earlier("s")) == (set(), [], [])
    assert indexed.index_counts("s") == IndexCounts(3, 0, 0)


def test_matches_that_are_to_be_found_again_are_not_gone_on_from(indexed: Store) -> None:
    indexed.replace_matches([MATCH], PASSAGES, index=IndexUpdate("s", TEXTS, [b""], True, IndexCounts(3, 3, 0)))
    assert list(indexed.earlier("s").matches) == []
    assert list(indexed.matches()) == [MATCH]


def test_an_interrupted_replacement_keeps_the_index_of_before(indexed: Store) -> None:
    def interrupted() -> Iterator[TextIndex]:
        yield TextIndex("a", b"", b"", 0, "a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexed.replace_matches([], [], index=IndexUpdate("s", interrupted(), [], True, IndexCounts(3, 3, 0)))
    assert taken(indexed.earlier("s")) == ({"a", "b", "c"}, TEXTS, [KEPT])


def test_an_index_of_an_unknown_article_is_refused(indexed: Store) -> None:
    with pytest.raises(NotFoundError, match="'nobody'"):
        indexed.replace_matches([MATCH], PASSAGES, index=update(texts=[TextIndex("nobody", b"", b"", 0, "nobody")]))
    assert taken(indexed.earlier("s"))[1] == TEXTS


def test_what_is_left_in_the_database_is_read_when_it_is_asked_for(store: Store) -> None:
    day = DateInterval("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z", "day", "metadata")
    credit = PageCredit("canonical", "shown", "Herald", "https://herald.example/1")
    whole = Article("x", "text", "Title", "Herald", "https://a.example", "Author", day, "en", (credit,))
    plain = Article("y", "other")
    store.add_articles([whole, plain])
    for held, article in zip(store.held_articles(), [whole, plain], strict=True):
        assert all(getattr(held, field.name) == getattr(article, field.name) for field in dataclasses.fields(Article))
        assert held.sha256 == article.sha256
        with pytest.raises(AttributeError):
            _ = held.nothing  # type: ignore[attr-defined]


def test_the_file_is_mapped_only_while_it_is_gone_through(indexed: Store) -> None:
    def mapped() -> int:
        found = indexed._rows("PRAGMA mmap_size")
        return int(found[0][0]) if found else 0

    texts = iter(indexed.earlier("s").texts)
    next(texts)
    held = mapped()
    assert list(texts) == []
    assert mapped() == 0
    texts = iter(indexed.earlier("s").texts)
    next(texts)
    assert mapped() == held
    texts.close()  # type: ignore[attr-defined]
    assert mapped() == 0


def test_texts_are_read_when_they_are_asked_for(indexed: Store) -> None:
    held = indexed.held_articles()
    assert [article.id for article in held] == ["a", "b", "c"]
    assert [article.outlet for article in held] == [None, None, "Herald"]
    # The text is that of the version that was current when the articles were listed.
    indexed.add_articles([Article("b", "other text")])
    assert [article.text for article in held] == ["one two three", "five one two", "six seven"]
    indexed.delete_articles(["c"])
    listed = indexed.held_articles()
    indexed.delete_articles(["a"])
    with pytest.raises(NotFoundError, match="deleted in the meantime"):
        _ = listed[0].text
