from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import FetchError
from provenance.fetching.addresses import addresses_of, is_address, is_public, parse_address
from provenance.settings import FetchSettings

SETTINGS = FetchSettings()


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/A%20b?q=ü#part", "https://example.org/A%20b?q=%C3%BC"),
        (" http://example.org./a b ", "http://example.org/a%20b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://straße.example/", "http://xn--strae-oqa.example/"),
        ("https://[2606:4700::6810:85E5]/x", "https://[2606:4700::6810:85e5]/x"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://example.org?x=1", "http://example.org/?x=1"),
    ],
)
def test_addresses_are_normalised(url: str, normal: str) -> None:
    assert parse_address(url, SETTINGS).url == normal


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "example.org",
        "//example.org/x",
        "http://",
        "http:///x",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://good.example\\@bad.example/",
        "http://exa\nmple.org/",
        "http://example.org/\x00",
        "http://example.org/a\r\nHost: other",
        "http://example.org:22/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://1.2.3.4.5/",
        "http://%31%32%37.0.0.1/",
        "http://example.0x1/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://exa mple.org/",
        "http://-/",
        "http://a..b/",
        "http://\ud800.example/",
        "http://example.org/\ud800",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 130 + "example/",
        "http://example.org/" + "x" * 4000,
    ],
)
def test_what_is_not_fetched_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse_address(url, SETTINGS)
    assert caught.value.remedy
    assert not caught.value.transient


@pytest.mark.parametrize("dots", ["。", "．", "｡"])
def test_digits_and_dots_of_other_scripts_are_read_before_the_host_is_judged(dots: str) -> None:
    target = parse_address(f"http://１２７{dots}0{dots}0{dots}1/", SETTINGS)
    assert target.host == "127.0.0.1"
    with pytest.raises(FetchError, match="not a public address"):
        addresses_of(target, SETTINGS)


def test_relative_addresses_start_at_their_page() -> None:
    base = "https://example.org/news/today"
    assert parse_address("../a?b", SETTINGS, base).url == "https://example.org/a?b"
    assert parse_address("//other.example/x", SETTINGS, base).url == "https://other.example/x"


def test_other_ports_only_where_they_are_allowed() -> None:
    assert parse_address("http://example.org:8080/", FetchSettings(any_port=True)).host_header == "example.org:8080"


def test_what_the_user_means_as_an_address() -> None:
    assert is_address("HTTPS://example.org/")
    assert not is_address("https")
    assert not is_address("folder/http://x")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",  # noqa: S104
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
        "2002:a00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
        "ff02::1", "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1", "4000::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::6810:85e5", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4).filter(lambda address: not is_public(address)))
def test_a_private_address_stays_private_however_it_is_wrapped(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    teredo = (0x2001_0000 << 96) | (~number & 0xFFFF_FFFF)
    for wrapped in (
        0xFFFF << 32 | number,
        0x0064_FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        teredo,
        0x2606_4700 << 96 | 0x5EFE << 32 | number,
    ):
        assert not is_public(ipaddress.IPv6Address(wrapped))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            target = parse_address(url, SETTINGS)
        except FetchError:
            continue
        assert target.url.isascii()
        assert target.path.startswith("/")
        assert not set(target.path + target.host) & set(" \r\n\t\\#")
        assert parse_address(target.url, SETTINGS) == target


def test_every_address_of_a_host_is_checked() -> None:
    target = parse_address("http://mixed.example/", SETTINGS)
    with pytest.raises(FetchError, match=r"leads to 10\.0\.0\.1, which is not a public"):
        addresses_of(target, SETTINGS, lambda _host, _port: ["8.8.8.8"] * 9 + ["10.0.0.1"])
    found = addresses_of(target, SETTINGS, lambda _host, _port: ["8.8.8.8", "2606:4700::1"])
    assert [str(address) for address in found] == ["8.8.8.8", "2606:4700::1"]


def test_hosts_that_are_not_known() -> None:
    target = parse_address("http://nowhere.example/", SETTINGS)

    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    def busy(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    with pytest.raises(FetchError, match="not known") as caught:
        addresses_of(target, SETTINGS, unknown)
    assert not caught.value.transient
    with pytest.raises(FetchError, match="not known") as caught:
        addresses_of(target, SETTINGS, busy)
    assert caught.value.transient
    with pytest.raises(FetchError, match="no address"):
        addresses_of(target, SETTINGS, lambda _host, _port: [])
    with pytest.raises(FetchError, match="looked up"):
        addresses_of(target, SETTINGS, lambda _host, _port: ["nonsense"])
