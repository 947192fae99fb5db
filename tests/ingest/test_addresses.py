from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.ingest.addresses import absolute, has_path, host, name_fits_host, registrable, same_house


@pytest.mark.parametrize(
    ("address", "base", "found"),
    [
        ("https://echo.example/a", None, "https://echo.example/a"),
        (" http://echo.example ", None, "http://echo.example"),
        ("//echo.example/a", None, "https://echo.example/a"),
        ("/b", "https://echo.example/a", "https://echo.example/b"),
        ("https://web.archive.org/web/20200101000000/https://echo.example/a", None, "https://echo.example/a"),
        ("/b", None, None),
        ("mailto:a@echo.example", None, None),
        ("javascript:alert(1)", None, None),
        ("file:///etc/passwd", None, None),
        ("https://localhost/a", None, None),
        ("https://127.0.0.1/a", None, None),
        ("https://[::1]/a", None, None),
        ("https://[", None, None),
        ("https://echo.example/" + "a" * 3000, None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_absolute(address: str | None, base: str | None, found: str | None) -> None:
    assert absolute(address, base) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.Echo.example:443/a", "echo.example"),
        ("https://m.echo.example", "echo.example"),
        ("https://amp.www.echo.example", "echo.example"),
        ("https://m.example", "m.example"),
        ("https://echo-example.cdn.ampproject.org/c/s/a", None),
        ("Echo", None),
    ],
)
def test_host(address: str, found: str | None) -> None:
    assert host(address) == found


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("news.echo.co.uk", "echo.co.uk"),
        ("a.b.echo.com", "echo.com"),
        ("echo.de", "echo.de"),
        ("jane.blogspot.com", "jane.blogspot.com"),
        ("x.abc.net.au", "abc.net.au"),
    ],
)
def test_registrable(name: str, domain: str) -> None:
    assert registrable(name) == domain


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("news.sky.com", "sky.com", True),
        ("bbc.co.uk", "bbc.com", True),
        ("echo.de", "echo.at", True),
        ("jane.wordpress.com", "jane.com", True),
        ("jane.wordpress.com", "john.wordpress.com", False),
        ("example.com", "example.org", False),
        ("spiegel.de", "spiegel.ltd", False),
        ("echo.example", "post.example", False),
    ],
)
def test_same_house(first: str, second: str, same: bool) -> None:
    assert same_house(first, second) is same
    assert same_house(second, first) is same


@pytest.mark.parametrize(
    ("name", "address_host"),
    [
        ("The New York Times", "nytimes.com"),
        ("Deutsche Welle", "dw.com"),
        ("BBC News", "bbc.co.uk"),
        ("Die Tageszeitung", "taz.de"),
        ("Middle East Eye", "middleeasteye.net"),
        ("Sky", "news.sky.com"),
        ("Süddeutsche", "sueddeutsche.de"),
        ("Sputnik International", "sputnikglobe.com"),
        ("Коммерсантъ", "kommersant.ru"),
        ("新华网", "xinhuanet.com"),
        ("", "echo.example"),
    ],
)
def test_names_that_may_be_of_the_host(name: str, address_host: str) -> None:
    assert name_fits_host(name, address_host)


@pytest.mark.parametrize(
    ("name", "address_host"),
    [
        ("Zero Hedge", "thecradle.co"),
        ("Daily Echo", "dailymail.co.uk"),
        ("Valley Observer", "reuters.com"),
        ("Global Research", "rt.com"),
    ],
)
def test_names_that_are_of_another_house(name: str, address_host: str) -> None:
    assert not name_fits_host(name, address_host)


def test_a_site_is_not_a_page() -> None:
    assert has_path("https://echo.example/a")
    assert has_path("https://echo.example/?p=1")
    assert not has_path("https://echo.example/")


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("htps:/.@[]%?#aw0-_ 例"), max_size=40))
def test_no_address_raises(text: str) -> None:
    found = host("https://" + text)
    assert found is None or same_house(found, found)
    resolved = absolute(text, "https://echo.example/")
    assert resolved is None or resolved.startswith(("http://", "https://", "HTTP"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,5}){1,3}", fullmatch=True))
def test_no_name_raises(name: str, address_host: str) -> None:
    assert name_fits_host(name, address_host) in {True, False}
