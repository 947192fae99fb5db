from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import FetchError
from provenance.fetching.addresses import parse_address
from provenance.fetching.client import Fetcher
from provenance.fetching.robots import read_rules
from provenance.settings import FetchSettings


def allowed(text: str, path: str) -> bool:
    target = parse_address(f"https://example.org{path}", FetchSettings())
    try:
        read_rules(text).check(target)
    except FetchError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a", "/ab", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        # the longest match decides, and allowing wins a tie (RFC 9309, section 2.2.2)
        ("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/1", True),
        ("User-agent: *\nAllow: /news\nDisallow: /news/closed", "/news/closed/1", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        # wildcards
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf?b", True),
        ("User-agent: *\nDisallow: /a*b*c", "/aXbYcZ", False),
        ("User-agent: *\nDisallow: /*?sort=", "/list?sort=up", False),
        # a group of our own replaces the one for all
        ("User-agent: *\nDisallow: /\n\nUser-agent: provenance\nDisallow: /x", "/a", True),
        ("User-agent: *\nAllow: /\n\nUser-agent: Provenance/2.0\nDisallow: /a", "/a", False),
        ("user-agent: other\nuser-agent: PROVENANCE\ndisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: prov\nDisallow: /", "/a", True),
        ("User-agent: provenance-news\nDisallow: /", "/a", True),
        # escapes compare as what they mean
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a # why\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("Disallow: /", "/a", True),
        ("<html>not found</html>", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_rules(text: str, path: str, expected: bool) -> None:
    assert allowed(text.lstrip("\ufeff"), path) is expected


@pytest.mark.parametrize(
    ("value", "seconds"), [("5", 5.0), ("0.5", 0.5), ("-3", 0.0), ("inf", 0.0), ("nan", 0.0), ("soon", 0.0)]
)
def test_crawl_delay(value: str, seconds: float) -> None:
    assert read_rules(f"User-agent: *\nCrawl-delay: {value}").crawl_delay == seconds


@given(st.text(max_size=300), st.text(alphabet="/abc*$?%=é", max_size=30))
def test_any_text_is_rules(text: str, path: str) -> None:
    lines = "\n".join(["User-agent: *", f"Disallow: {text}", f"Allow: /{path}", text])
    assert allowed(lines, "/a") in {True, False}


def test_many_agents_and_many_rules_do_not_multiply() -> None:
    agents = "".join(f"User-agent: a{number}\n" for number in range(8_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(8_000))
    tracemalloc.start()
    read_rules(agents + rules)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


def test_wildcards_do_not_multiply() -> None:
    assert allowed("User-agent: *\nDisallow: /" + "*a" * 20_000 + "b", "/" + "a" * 3_000)


def test_a_site_is_asked_once_a_day(fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any) -> None:
    url = web_server.says("/", http_answer("x"))
    web_server.says("/robots.txt", http_answer("User-agent: *\nDisallow: /x"))
    fetcher.fetch(url)
    fetcher.fetch(url)
    assert web_server.paths.count("/robots.txt") == 1
    with pytest.raises(FetchError, match=r"robots\.txt of 127\.0\.0\.1 does not allow") as caught:
        fetcher.fetch(web_server.url("/x"))
    assert "by hand" in caught.value.remedy
    fake_clock.now += 86_401
    fetcher.fetch(url)
    assert web_server.paths.count("/robots.txt") == 2
    assert "/x" not in web_server.paths


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_rules_everything_is_allowed(fetcher: Fetcher, web_server: Any, http_answer: Any, status: int) -> None:
    web_server.says("/robots.txt", http_answer("User-agent: *\nDisallow: /", status=status))
    assert fetcher.fetch(web_server.says("/", http_answer("x"))).body == b"x"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_where_the_rules_cannot_be_had_nothing_is_fetched(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any, status: int
) -> None:
    web_server.says("/robots.txt", *[http_answer(status=status)] * 3, http_answer("", status=404))
    url = web_server.says("/", http_answer("x"))
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt could not be had") as caught:
            fetcher.fetch(url)
        assert caught.value.transient
    assert web_server.paths == ["/robots.txt"] * 3
    fake_clock.now += 901
    assert fetcher.fetch(url).body == b"x"


def test_rules_may_lie_elsewhere(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    web_server.says("/robots.txt", http_answer(status=301, Location="/rules"))
    web_server.says("/rules", http_answer("User-agent: *\nDisallow: /a"))
    with pytest.raises(FetchError, match="does not allow"):
        fetcher.fetch(web_server.url("/a"))


def test_rules_that_lead_in_a_circle_are_none(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    web_server.says("/robots.txt", http_answer(status=301, Location="/robots.txt"))
    assert fetcher.fetch(web_server.says("/", http_answer("x"))).body == b"x"


def test_what_is_read_of_the_rules_is_bounded(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    web_server.says("/robots.txt", http_answer(head + b"#" * 600_000 + b"\nDisallow: /b\n"))
    web_server.says("/b", http_answer("x"))
    assert fetcher.fetch(web_server.url("/b")).body == b"x"
    with pytest.raises(FetchError, match="does not allow"):
        fetcher.fetch(web_server.url("/a"))


def test_the_memory_for_rules_is_bounded(
    web_server: Any, http_answer: Any, local: FetchSettings, fake_clock: Any
) -> None:
    text = "User-agent: *\nDisallow: /x\n"
    few = replace(local, robots_kept_bytes=3 * len(text))
    fetcher = Fetcher(few, clock=fake_clock, sleep=fake_clock.sleep, resolve=lambda _host, _port: ["127.0.0.1"])
    web_server.says("/", http_answer("x"))
    web_server.says("/robots.txt", http_answer(text))
    for number in [*range(6), 5, 4, 3]:
        fetcher.fetch(web_server.url("/", f"h{number}.example"))
    assert web_server.paths.count("/robots.txt") == 6
    fetcher.fetch(web_server.url("/", "h0.example"))
    assert web_server.paths.count("/robots.txt") == 7
    fake_clock.now += 86_401
    for number in range(6):
        fetcher.fetch(web_server.url("/", f"h{number}.example"))
    assert len(fetcher._robots._known) == 3
    assert fetcher._robots._length == 3 * len(text)
