from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from provenance.errors import FetchError, SettingsError
from provenance.fetching.client import Fetcher, Validators, user_agent
from provenance.settings import FetchSettings
from provenance.version import VERSION

NOW = 1_700_000_000.0


def no_network(address: str, _port: int, _seconds: float) -> socket.socket:
    raise AssertionError(f"connected to {address}")


def test_a_page_with_all_that_is_known_of_it(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    url = web_server.says(
        "/a?b=1", http_answer("<p>Grüße", kind="Text/HTML; Charset=UTF-8", ETag='"1"', Last_Modified="yesterday")
    )
    found = fetcher.fetch(f"{url}#part")
    assert (found.url, found.final_url, found.status, found.not_modified) == (url, url, 200, False)
    assert (found.body.decode(), found.content_type, found.charset) == ("<p>Grüße", "text/html", "utf-8")
    assert found.validators == Validators('"1"', "yesterday")
    assert web_server.paths == ["/robots.txt", "/a?b=1"]


def test_what_is_sent(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    fetcher.fetch(web_server.says("/", http_answer("x", Set_Cookie="a=b")))
    fetcher.fetch(web_server.url("/"))
    sent = web_server.headers()
    assert sent.pop("Accept").startswith("text/html")
    assert sent == {
        "Host": f"127.0.0.1:{web_server.port}",
        "User-Agent": f"provenance/{VERSION}",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def test_the_environment_names_no_proxy(
    fetcher: Fetcher, web_server: Any, http_answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    assert fetcher.fetch(web_server.says("/", http_answer("x"))).body == b"x"


def test_the_user_agent_names_whom_to_ask() -> None:
    assert user_agent(FetchSettings(contact="https://example.org/bot")).endswith(" (+https://example.org/bot)")
    for contact in ("a\r\nX: y", "ü", " x"):
        with pytest.raises(SettingsError, match="contact"):
            Fetcher(FetchSettings(contact=contact))


def test_unchanged_pages_are_not_sent_again(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    url = web_server.says("/", http_answer(status=304, ETag='"2"'))
    found = fetcher.fetch(url, Validators('"1"', "Sat, 16 Dec 2017 10:15:00 GMT"))
    assert found.not_modified
    assert found.body == b""
    assert found.validators == Validators('"2"', "Sat, 16 Dec 2017 10:15:00 GMT")
    sent = web_server.headers()
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Sat, 16 Dec 2017 10:15:00 GMT")


def test_not_modified_that_was_not_asked_for_is_an_error(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    url = web_server.says("/", http_answer(status=304))
    for validators in (None, Validators(), Validators("a\r\nHost: other")):
        with pytest.raises(FetchError, match="304"):
            fetcher.fetch(url, validators)
    assert "If-None-Match" not in web_server.headers()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(fetcher: Fetcher, web_server: Any, http_answer: Any, status: int) -> None:
    url = web_server.says("/old", http_answer(status=status, Location="new?x#y"))
    web_server.says("/new?x", http_answer("there"))
    found = fetcher.fetch(url)
    assert (found.url, found.final_url, found.body) == (url, web_server.url("/new?x"), b"there")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("http://10.0.0.1/", "10.0.0.1, which is not a public address"),
        ("http://metadata.example/latest", "169.254.169.254, which is not a public"),
        ("http://[::ffff:10.0.0.1]/", "not a public address"),
        ("file:///etc/passwd", "not an http or https"),
        ("gopher://example.org/", "not an http or https"),
        ("http://user@example.org/", "name or password"),
        ("http://0x7f.1/", "host"),
        ("http://example.org:22/", "port 22"),
        ("", "nowhere"),
    ],
)
def test_redirects_are_checked_like_addresses(
    web_server: Any, http_answer: Any, fake_clock: Any, place: str, reason: str
) -> None:
    web_server.says("/", http_answer(status=302, Location=place))
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        return {"site.example": ["93.184.216.34"], "metadata.example": ["169.254.169.254"]}[host]

    def connect(address: str, _port: int, seconds: float) -> socket.socket:
        asked.append(address)
        return socket.create_connection(("127.0.0.1", web_server.port), seconds)

    fetcher = Fetcher(FetchSettings(), clock=fake_clock, sleep=fake_clock.sleep, resolve=resolve, connect=connect)
    with pytest.raises(FetchError, match=reason):
        fetcher.fetch("http://site.example/")
    assert set(asked) == {"93.184.216.34"}


def test_redirects_end(fetcher: Fetcher, web_server: Any, http_answer: Any) -> None:
    url = web_server.says("/", http_answer(status=302, Location="/"))
    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.fetch(url)
    assert web_server.paths.count("/") == 6


def test_the_site_redirected_to_is_asked_for_its_rules(
    web_server: Any, http_answer: Any, local: FetchSettings, fake_clock: Any
) -> None:
    web_server.says("/robots.txt", http_answer("", status=404), http_answer("User-agent: *\nDisallow: /"))
    web_server.says("/", http_answer(status=302, Location=web_server.url("/there", "other.example")))
    fetcher = Fetcher(local, clock=fake_clock, sleep=fake_clock.sleep, resolve=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(FetchError, match=r"robots\.txt of other\.example does not allow"):
        fetcher.fetch(web_server.url("/", "one.example"))
    assert web_server.paths == ["/robots.txt", "/", "/robots.txt"]


def test_the_connection_is_made_to_the_address_that_was_checked(fake_clock: Any) -> None:
    """A name that leads elsewhere when asked again (DNS rebinding) gains nothing."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected: list[str] = []

    def connect(address: str, _port: int, _seconds: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    fetcher = Fetcher(
        replace(FetchSettings(), tries=1),
        clock=fake_clock,
        sleep=fake_clock.sleep,
        resolve=lambda _host, _port: next(answers),
        connect=connect,
    )
    with pytest.raises(FetchError, match="connection refused"):
        fetcher.fetch("http://rebinding.example/")
    assert connected == ["93.184.216.34"]
    fake_clock.now += 10_000
    with pytest.raises(FetchError, match="not a public address"):
        fetcher.fetch("http://rebinding.example/")
    assert connected == ["93.184.216.34"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_this_machine_is_not_reached(host: str) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        Fetcher(FetchSettings(), connect=no_network).fetch(f"http://{host}/")


def test_one_host_is_asked_slowly(fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any) -> None:
    url = web_server.says("/", http_answer("x"))
    fetcher.fetch(url)
    fetcher.fetch(url)
    assert fake_clock.slept == [2.0, 2.0]  # after robots.txt, and between the two
    fake_clock.now += 60
    fetcher.fetch(url)
    assert len(fake_clock.slept) == 2


def test_different_hosts_do_not_wait_for_each_other(
    web_server: Any, http_answer: Any, local: FetchSettings, fake_clock: Any
) -> None:
    fetcher = Fetcher(local, clock=fake_clock, sleep=fake_clock.sleep, resolve=lambda _host, _port: ["127.0.0.1"])
    web_server.says("/", http_answer("x"))
    for host in ("a.example", "b.example", "c.example"):
        fetcher.fetch(web_server.url("/", host))
    assert fake_clock.slept == [2.0] * 3  # each between its robots.txt and its page


def test_the_pause_that_a_site_asks_for_is_kept(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any
) -> None:
    web_server.says("/robots.txt", http_answer("User-agent: *\nCrawl-delay: 20"))
    url = web_server.says("/", http_answer("x"))
    fetcher.fetch(url)
    fetcher.fetch(url)
    assert fake_clock.slept[1:] == [20.0]


def test_the_pause_that_a_site_asks_for_is_bounded(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any
) -> None:
    web_server.says("/robots.txt", http_answer("User-agent: *\nCrawl-delay: 86400"))
    url = web_server.says("/", http_answer("x"))
    fetcher.fetch(url)
    fetcher.fetch(url)
    assert fake_clock.slept[1:] == [60.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_servers_that_fail_are_asked_again_ever_later(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any, status: int
) -> None:
    url = web_server.says("/", http_answer(status=status), http_answer(status=status), http_answer("at last"))
    assert fetcher.fetch(url).body == b"at last"
    assert fake_clock.slept == [2.0, 5.0, 10.0]


def test_servers_that_go_on_failing_are_given_up(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any
) -> None:
    url = web_server.says("/", http_answer(status=503))
    with pytest.raises(FetchError, match="503") as caught:
        fetcher.fetch(url)
    assert (caught.value.status, caught.value.transient, web_server.paths.count("/")) == (503, True, 3)


@pytest.mark.parametrize(("status", "remedy"), [(404, "address"), (403, "by hand"), (410, "archive"), (501, "address")])
def test_what_will_not_change_is_asked_once(
    fetcher: Fetcher, web_server: Any, http_answer: Any, status: int, remedy: str
) -> None:
    url = web_server.says("/", http_answer(status=status))
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetcher.fetch(url)
    assert web_server.paths.count("/") == 1
    assert remedy in caught.value.remedy
    assert url in str(caught.value)


@pytest.mark.parametrize("asked", ["30", "Tue, 14 Nov 2023 22:13:50 GMT"])
def test_a_server_says_when_to_come_back(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any, asked: str
) -> None:
    """The date is 30 seconds after the time of day that the fetcher is told."""
    url = web_server.says("/", http_answer(status=503, Retry_After=asked), http_answer("x"))
    assert fetcher.fetch(url).body == b"x"
    assert fake_clock.slept == [2.0, 30.0]


def test_a_host_that_asks_for_long_is_left_alone(
    fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any
) -> None:
    url = web_server.says("/", http_answer(status=429, Retry_After="3600"), http_answer("x"))
    with pytest.raises(FetchError, match="3,600 seconds") as caught:
        fetcher.fetch(url)
    assert caught.value.retry_seconds == 3600
    requests = len(web_server.requests)
    with pytest.raises(FetchError, match="left alone") as caught:
        fetcher.fetch(web_server.url("/other"))
    assert caught.value.retry_seconds == pytest.approx(3600)
    assert len(web_server.requests) == requests
    fake_clock.now += 3601
    assert fetcher.fetch(url).body == b"x"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("-1", None), ("soon", None), ("99999999999999999999", None), ("999999999", 86400), ("Tue, 99 Xyz", None)],
)
def test_nonsense_in_retry_after(
    fetcher: Fetcher, web_server: Any, http_answer: Any, asked: str, seconds: float | None
) -> None:
    url = web_server.says("/", http_answer(status=503, Retry_After=asked))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert caught.value.retry_seconds == seconds


def test_a_date_gone_by_is_no_wait(fetcher: Fetcher, web_server: Any, http_answer: Any, fake_clock: Any) -> None:
    gone = "Sat, 16 Dec 2017 10:15:00 GMT"
    url = web_server.says("/", http_answer(status=503, Retry_After=gone), http_answer("x"))
    assert fetcher.fetch(url).body == b"x"
    assert fake_clock.slept == [2.0, 5.0]


def test_hosts_without_an_answer(local: FetchSettings, fake_clock: Any) -> None:
    def connect(_address: str, _port: int, _seconds: float) -> socket.socket:
        raise TimeoutError

    fetcher = Fetcher(local, clock=fake_clock, sleep=fake_clock.sleep, connect=connect)
    with pytest.raises(FetchError, match="no answer in time") as caught:
        fetcher.fetch("http://127.0.0.1/")
    assert caught.value.transient


def test_a_pause_may_end_the_work(web_server: Any, http_answer: Any, local: FetchSettings, fake_clock: Any) -> None:
    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    fetcher = Fetcher(local, clock=fake_clock, sleep=stop)
    with pytest.raises(KeyboardInterrupt):
        fetcher.fetch(web_server.says("/", http_answer("x")))


def test_what_is_remembered_of_hosts_is_bounded(
    web_server: Any, http_answer: Any, local: FetchSettings, fake_clock: Any
) -> None:
    few = replace(local, hosts_remembered=3)
    fetcher = Fetcher(few, clock=fake_clock, sleep=fake_clock.sleep, resolve=lambda _host, _port: ["127.0.0.1"])
    web_server.says("/", http_answer("x"))
    for number in range(6):
        fetcher.fetch(web_server.url("/", f"h{number}.example"))
    assert len(fetcher._hosts) == len(fetcher._robots._known) == 3
    fetcher.fetch(web_server.url("/", "h5.example"))
    assert web_server.paths.count("/robots.txt") == 6
