"""Rounds over folders, archives and feeds."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provenance.corpus import Corpus
from provenance.errors import FetchError, LockedDatabaseError, UnreadableError
from provenance.settings import Settings
from provenance.watching import Clock, News, Watcher

from .conftest import HandClock, Site

TEXT = (
    "The harbour board closed the inner basin on Tuesday after the cargo ship Ilse Marn lost two containers of paint "
    "near the eastern breakwater, and divers expect to work there for nine days, said the harbour master Odile Trant."
)
OTHER = "Farmers in the valley harvested early this year because spring had been dry and the frost came late in May."


@pytest.fixture
def corpus(tmp_path: Path, settings: Settings) -> Iterator[Corpus]:
    with Corpus(tmp_path / "watch.db", settings) as made:
        yield made


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def told(watcher: Watcher) -> dict[str, list[str]]:
    """By new article, those that it shares text with."""
    return {news.article.id: [shared.other.id for shared in news.shared] for news in watcher.news()}


# folders ------------------------------------------------------------------------------------------------------------


def test_new_files_are_added_and_what_they_share_is_told_once(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    (inbox / "first.txt").write_text(TEXT)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert (watcher.round().added, told(watcher)) == (1, {"first.txt": []})
    (inbox / "deep").mkdir()
    (inbox / "deep" / "second.txt").write_text(f"{OTHER} {TEXT}")
    assert watcher.round().added == 1
    (news,) = watcher.news()
    (shared,) = news.shared
    assert (news.article.id, shared.other.id) == ("deep/second.txt", "first.txt")
    assert shared.words == len(TEXT.split())
    row = shared.row()
    assert (row["document"], row["other"], row["words"]) == ("deep/second.txt", "first.txt", shared.words)
    again = watcher.round()
    assert (again.added, again.changed, told(watcher)) == (0, 0, {})


def test_a_new_start_goes_on_where_the_last_one_was(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    (inbox / "first.txt").write_text(TEXT)
    Watcher(corpus, [inbox], clock=hand.clock).round()
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert watcher.round().added == 0
    assert told(watcher) == {"first.txt": []}, "added and not told before the end"
    assert told(Watcher(corpus, [inbox], clock=hand.clock)) == {}


def test_news_that_were_not_taken_are_told_again(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (inbox / name).write_text(f"{name} {OTHER}")
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    watcher.round()
    news = watcher.news()
    assert [next(news).article.id, next(news).article.id] == ["a.txt", "b.txt"]
    news.close()  # type: ignore[attr-defined] # as where the reader of the output is gone
    assert list(told(watcher)) == ["b.txt", "c.txt"]


def test_files_that_are_being_written_are_left_alone(corpus: Corpus, inbox: Path) -> None:
    path = inbox / "first.txt"
    path.write_text(TEXT[:40])
    hand = HandClock(wall=path.stat().st_ctime + 1.0)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert (watcher.round().waiting, watcher.round().added) == (1, 0)
    path.write_text(TEXT)
    hand.steady += 6.0  # by the steady clock alone: the other one stands still
    assert watcher.round().waiting == 1, "it has grown since"
    hand.steady += 6.0
    done = watcher.round()
    assert (done.added, done.waiting) == (1, 0)
    assert corpus.article("first.txt").text == TEXT


def test_a_clock_set_back_stalls_nothing(corpus: Corpus, inbox: Path) -> None:
    path = inbox / "first.txt"
    path.write_text(TEXT)
    hand = HandClock(wall=path.stat().st_ctime - 1_000_000.0)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert watcher.round().waiting == 1
    hand.wall -= 1_000_000.0
    hand.steady += 6.0
    assert watcher.round().added == 1


def test_changed_files_are_new_versions_and_touched_ones_are_not(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    path = inbox / "first.txt"
    path.write_text(TEXT)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    watcher.round()
    told(watcher)
    os.utime(path, (1, 1))
    assert (watcher.round().changed, told(watcher)) == (0, {})
    path.write_text(OTHER)
    assert watcher.round().changed == 1
    assert told(watcher) == {"first.txt": []}
    path.unlink()
    assert watcher.round().errors == ()
    assert corpus.article("first.txt").text == OTHER


def test_what_cannot_be_read_is_named_once(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    (inbox / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (inbox / "loop").symlink_to(inbox / "loop")
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert len(watcher.round().errors) == 2
    assert watcher.round().errors == ()
    shutil.rmtree(inbox)
    assert [type(error) for error in watcher.round().errors] == [UnreadableError]
    assert watcher.round().errors == ()


def test_the_database_itself_is_no_article(corpus: Corpus, tmp_path: Path, hand: HandClock) -> None:
    (tmp_path / "watch.db.txt").write_text(TEXT)
    done = Watcher(corpus, [tmp_path], clock=hand.clock).round()
    assert (done.added, done.errors) == (1, ())
    assert {"watch.db", "watch.db-wal"} <= {path.name for path in tmp_path.iterdir()}


def test_a_place_that_is_not_there_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such folder or file"):
        Watcher(corpus, [tmp_path / "nowhere"])


def test_archives_in_a_folder_are_read(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    def archive(name: str, text: str, day: int) -> None:
        body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>{text}</p></body></html>".encode()
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://veld.example/x\r\nWARC-Date: 2024-01-0{day}"
            f"T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        (inbox / name).write_bytes(gzip.compress(head.encode() + body + b"\r\n\r\n", mtime=0))

    archive("b.warc.gz", TEXT, 2)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert watcher.round().added == 1
    archive("c.warc.gz", OTHER, 1)
    assert watcher.round().changed == 0, "an older text of the same page"
    archive("d.warc.gz", f"{TEXT} And so on.", 3)
    assert watcher.round().changed == 1


# stopping and failing -----------------------------------------------------------------------------------------------


def test_a_wish_to_stop_keeps_what_was_read(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    for number in range(5):
        (inbox / f"{number}.txt").write_text(f"{number} {OTHER}")
    checks = iter(range(1000))

    def check() -> None:
        if next(checks) == 8:  # five files are looked at, and three articles handed over
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Watcher(corpus, [inbox], clock=Clock(hand.clock.monotonic, hand.clock.now, hand.wait, check)).round()
    held = corpus.store.article_ids()
    assert 0 < len(held) < 5
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    assert watcher.round().added == 5 - len(held)
    assert sorted(told(watcher)) == [f"{number}.txt" for number in range(5)]


def test_a_round_that_fails_is_made_up_for(tmp_path: Path, inbox: Path, settings: Settings, hand: HandClock) -> None:
    (inbox / "first.txt").write_text(TEXT)
    impatient = replace(settings, store=replace(settings.store, busy_seconds=0.01))
    with Corpus(tmp_path / "watch.db", impatient) as corpus:
        watcher = Watcher(corpus, [inbox], clock=hand.clock)
        other = sqlite3.connect(tmp_path / "watch.db")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedDatabaseError):
            watcher.round()
        other.rollback()
        other.close()
        assert watcher.round().added == 1
        assert told(watcher) == {"first.txt": []}


def test_two_watchers_of_one_database_tell_everything_once(tmp_path: Path, settings: Settings, hand: HandClock) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / f"{folder.name}.txt").write_text(TEXT)
    with Corpus(tmp_path / "watch.db", settings) as one, Corpus(tmp_path / "watch.db", settings) as two:
        first, second = Watcher(one, [folders[0]], clock=hand.clock), Watcher(two, [folders[1]], clock=hand.clock)
        assert (first.round().added, second.round().added) == (1, 1)
        found = {**told(first), **told(second)}
        assert found == {"one.txt": ["two.txt"], "two.txt": ["one.txt"]}


# feeds --------------------------------------------------------------------------------------------------------------


def feed_of(site: Site, entries: list[tuple[str, str]], *, more: str = "") -> bytes:
    items = "".join(
        f"<item><title>Story {path}</title><link>{site.url}{path}</link><guid>{site.url}{path}</guid>"
        f"<pubDate>{date}</pubDate>{more}</item>"
        for path, date in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Veld News</title>{items}</channel></rss>'.encode()


def put(site: Site, path: str, text: str) -> None:
    page = f"<html><head><title>Page</title></head><body><article><p>{text}</p></article></body></html>"
    site.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())


def put_feed(site: Site, entries: list[tuple[str, str]], tag: str, *, more: str = "") -> None:
    headers = {"Content-Type": "application/rss+xml", "ETag": f'"{tag}"'}
    site.pages["/feed"] = (200, headers, feed_of(site, entries, more=more))


MONDAY, TUESDAY, WEDNESDAY = (f"0{day} Jan 2024 10:00:00 GMT" for day in (1, 2, 3))


def test_pages_behind_new_entries_are_fetched_oldest_first_and_once(
    corpus: Corpus, site: Site, hand: HandClock
) -> None:
    put(site, "/a", TEXT)
    put(site, "/b", f"{OTHER} {TEXT}")
    put_feed(site, [("/b", TUESDAY), ("/a", MONDAY)], "1")
    watcher = Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock)
    assert watcher.round().added == 2
    assert site.paths() == ["/feed", "/a", "/b"]
    assert told(watcher) == {f"{site.url}/a": [f"{site.url}/b"], f"{site.url}/b": [f"{site.url}/a"]}
    article = corpus.article(f"{site.url}/a")
    assert article.outlet == "Veld News"
    assert article.published is not None
    assert article.published.start == "2024-01-01T10:00:00Z"
    watcher.round()
    assert site.asked == [("/feed", '"1"')], "with the condition, and not the pages"
    site.paths()
    put(site, "/c", OTHER)
    put_feed(site, [("/c", WEDNESDAY), ("/b", TUESDAY), ("/a", MONDAY)], "2")
    assert Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock).round().added == 1
    assert site.paths() == ["/feed", "/c"]


def test_a_round_fetches_so_many_pages_and_the_next_goes_on(
    tmp_path: Path, settings: Settings, site: Site, hand: HandClock
) -> None:
    entries = [(f"/{number}", f"0{number} Jan 2024 10:00:00 GMT") for number in range(1, 6)]
    for path, _ in entries:
        put(site, path, f"Number {path}. {OTHER}")
    put_feed(site, entries, "1")
    few = replace(settings, watch=replace(settings.watch, pages_a_round=2))
    with Corpus(tmp_path / "watch.db", few) as corpus:
        watcher = Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock)
        rounds = [watcher.round() for _ in range(4)]
        assert [(done.added, done.left) for done in rounds] == [(2, 3), (2, 1), (1, 0), (0, 0)]
    assert site.paths() == ["/feed", "/1", "/2", "/feed", "/3", "/4", "/feed", "/5", "/feed"]


def test_pages_that_cannot_be_had_are_named_and_tried_again_only_where_that_may_help(
    corpus: Corpus, site: Site, hand: HandClock
) -> None:
    put_feed(site, [("/gone", MONDAY), ("/busy", TUESDAY)], "1")
    site.pages["/busy"] = (503, {}, b"")
    watcher = Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock)
    done = watcher.round()
    assert [error.status for error in done.errors if isinstance(error, FetchError)] == [404, 503]
    assert site.paths() == ["/feed", "/gone", "/busy"]
    assert watcher.round().errors == ()
    assert site.paths() == ["/feed"], "not yet"
    put(site, "/busy", TEXT)
    hand.pass_by(61.0)
    assert watcher.round().added == 1
    assert site.paths() == ["/feed", "/busy"]


def test_where_a_page_cannot_be_had_the_feeds_own_text_is_taken(corpus: Corpus, site: Site, hand: HandClock) -> None:
    whole = f"<content:encoded>&lt;p&gt;{TEXT}&lt;/p&gt;</content:encoded>"
    put_feed(site, [("/gone", MONDAY)], "1", more=whole)
    done = Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock).round()
    assert (done.added, done.errors) == (1, ())
    assert corpus.article(f"{site.url}/gone").text == TEXT


def test_a_feed_that_fails_is_left_alone_for_longer_each_time_also_after_a_new_start(
    corpus: Corpus, site: Site, hand: HandClock
) -> None:
    site.pages["/feed"] = (500, {}, b"")
    place = f"{site.url}/feed"
    asked = []
    for _ in range(8):
        Watcher(corpus, [place], clock=hand.clock).round()
        asked.append(len(site.paths()))
        hand.pass_by(60.0)
    assert asked == [1, 1, 0, 1, 0, 0, 0, 1]
    hand.wall -= 1_000_000_000.0
    put(site, "/a", TEXT)
    put_feed(site, [("/a", MONDAY)], "1")
    assert Watcher(corpus, [place], clock=hand.clock).round().added == 1, "no pause is that long: the clock was set"


def test_what_is_held_by_other_ways_is_not_fetched(corpus: Corpus, site: Site, hand: HandClock) -> None:
    put(site, "/a", TEXT)
    corpus.add([f"{site.url}/a"])
    site.paths()
    put_feed(site, [("/a", MONDAY)], "1")
    assert Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock).round().added == 0
    assert site.paths() == ["/feed"]


def test_a_changed_entry_is_fetched_again(corpus: Corpus, site: Site, hand: HandClock) -> None:
    def atom(day: int) -> bytes:
        return (
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Veld News</title><id>x</id>'
            f"<entry><title>A</title><id>a</id><link href='{site.url}/a'/><updated>2024-01-0{day}T00:00:00Z</updated>"
            "</entry></feed>"
        ).encode()

    put(site, "/a", TEXT)
    site.pages["/feed"] = (200, {"Content-Type": "application/atom+xml"}, atom(1))
    watcher = Watcher(corpus, [f"{site.url}/feed"], clock=hand.clock)
    watcher.round()
    watcher.round()
    assert site.paths() == ["/feed", "/a", "/feed"]
    put(site, "/a", OTHER)
    site.pages["/feed"] = (200, {"Content-Type": "application/atom+xml"}, atom(2))
    assert watcher.round().changed == 1
    assert corpus.article(f"{site.url}/a").text == OTHER


def test_lists_of_feeds_are_followed_as_they_change(
    corpus: Corpus, site: Site, tmp_path: Path, hand: HandClock
) -> None:
    def opml(*paths: str) -> str:
        listed = "".join(f'<outline type="rss" text="x" xmlUrl="{site.url}{path}"/>' for path in paths)
        return f'<?xml version="1.0"?><opml version="2.0"><body><outline text="y">{listed}</outline></body></opml>'

    put(site, "/a", TEXT)
    put_feed(site, [("/a", MONDAY)], "1")
    (tmp_path / "feeds.opml").write_text(opml("/feed"))
    watcher = Watcher(corpus, [tmp_path / "feeds.opml"], clock=hand.clock)
    assert watcher.round().added == 1
    put(site, "/b", OTHER)
    site.pages["/other"] = (200, {"Content-Type": "application/rss+xml"}, feed_of(site, [("/b", MONDAY)]))
    (tmp_path / "feeds.opml").write_text(opml("/feed", "/other"))
    assert watcher.round().added == 1
    (tmp_path / "feeds.opml").write_text("<opml><body>")
    assert len(watcher.round().errors) == 1
    assert watcher.round().errors == ()
    site.paths()
    watcher.round()
    assert sorted(site.paths()) == ["/feed", "/other"], "what it named before"


def test_a_feed_in_a_file_is_followed(corpus: Corpus, site: Site, tmp_path: Path, hand: HandClock) -> None:
    put(site, "/a", TEXT)
    (tmp_path / "saved.xml").write_bytes(feed_of(site, [("/a", MONDAY)]))
    watcher = Watcher(corpus, [tmp_path / "saved.xml"], clock=hand.clock)
    assert watcher.round().added == 1
    assert watcher.round().added == 0
    assert site.paths() == ["/a"]


def test_an_address_that_is_no_feed_is_named(corpus: Corpus, site: Site, hand: HandClock) -> None:
    put(site, "/page", TEXT)
    done = Watcher(corpus, [f"{site.url}/page"], clock=hand.clock).round()
    assert len(done.errors) == 1
    assert corpus.store.article_ids() == []


def test_news_are_records(corpus: Corpus, inbox: Path, hand: HandClock) -> None:
    (inbox / "first.txt").write_text(TEXT)
    watcher = Watcher(corpus, [inbox], clock=hand.clock)
    watcher.round()
    (news,) = watcher.news()
    assert news == News(corpus.article("first.txt"), ())
