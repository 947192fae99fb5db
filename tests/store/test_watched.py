from __future__ import annotations

from dataclasses import replace

from provenance.model import Article
from provenance.store import Store, WatchedRow


def test_what_was_read_is_remembered_by_kind_and_name(store: Store) -> None:
    row = WatchedRow("feed", "https://a.example/", "x", "y", '"tag"', "Mon", "2024-01-01T00:00:00+00:00", 2, 1.5, "no")
    store.put_watched([row, WatchedRow("page", "https://a.example/")])
    assert store.watched("feed", "https://a.example/") == row
    assert store.watched("page", "https://a.example/") == WatchedRow("page", "https://a.example/")
    assert store.watched("file", "https://a.example/") is None
    store.put_watched([replace(row, etag=None)])
    assert store.watched("feed", "https://a.example/") == replace(row, etag=None)
    store.put_watched([])


def test_captures_and_news_go_with_their_articles(store: Store) -> None:
    store.add_articles([Article("a", "A text."), Article("b", "Another.")])
    store.put_captures({"a": "2024-01-01T00:00:00", "unknown": "2024"})
    store.put_unreported(["b", "a", "unknown", "a"])
    assert (store.captured("a"), store.captured("b"), store.captured("unknown")) == ("2024-01-01T00:00:00", None, None)
    assert store.unreported(9) == ["a", "b"]
    assert store.unreported(1) == ["a"]
    store.reported(["b", "unknown"])
    assert store.unreported(9) == ["a"]
    store.delete_articles(["a"])
    assert (store.captured("a"), store.unreported(9)) == (None, [])


def test_the_digest_is_that_of_the_current_text(store: Store) -> None:
    store.add_articles([Article("a", "A text.")])
    store.add_articles([Article("a", "Another text.")])
    assert store.digest("a") == Article("a", "Another text.").sha256
    assert store.digest("b") is None
