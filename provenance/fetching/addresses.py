"""Which addresses may be fetched, and which machines their hosts lead to.

A page, a feed or a redirect can name any address, and a fetcher that follows it reaches what its own machine reaches:
routers, databases, the metadata service of a cloud (server-side request forgery, CWE-918). So only http and https are
fetched, only from public addresses, and the connection is made to the very address that was checked: a name that leads
elsewhere when asked a second time (DNS rebinding) gains nothing.

Hosts written in ways that only some programs read as an IP address (`0x7f.1`, `127.1`, `2130706433`, `%31.0.0.1`) are
refused instead of interpreted.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from provenance.errors import FetchError
from provenance.settings import FetchSettings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses in the order to be tried; raises OSError where there are none."""

_PORTS = {"http": 80, "https": 443}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?){0,126}")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_HOST_CHARACTERS = 253  # RFC 1035, section 2.3.4
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is assigned to public hosts (RFC 4291)
# IPv6 addresses with an IPv4 address within, and how many bits stand to its right
_EMBEDDING = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
_TEREDO = ipaddress.IPv6Network("2001::/32")  # RFC 4380
_ISATAP = 0x0000_5EFE  # upper half of the interface identifier, but for the bit that says global; RFC 5214
# Special ranges that Python's table did not have in all versions from 3.10 on, or counts as global
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays, withdrawn by RFC 7526
        "3fff::/20",  # documentation, RFC 9637
        "2001:db8::/32",  # documentation
        "2001::/23",  # IETF protocol assignments, Teredo and ORCHID among them
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked for, taken apart.

    Attributes:
        url: normalised: scheme and host in lower case, beyond ASCII percent-encoded, without fragment.
        host: in ASCII, without brackets.
        path: with the query, as it is sent.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The `Host` header: with the port where it is not the scheme's own."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _PORTS[self.scheme] else f"{shown}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, for which one robots.txt speaks."""
        return f"{self.scheme}://{self.host_header}"


def is_address(place: str) -> bool:
    """Whether a place named by the user is meant as a web address, not as a file."""
    return place[:8].lower().startswith(("http://", "https://"))


def parse_address(url: str, settings: FetchSettings, base: str | None = None) -> Target:
    """Take an address apart and check all that can be checked without asking for its host.

    Args:
        url: absolute, or relative to `base`.
        settings: `any_port`, `address_characters`.
        base: the address of the page that names it.

    Raises:
        FetchError: it is no http or https address, or one that is not fetched.
    """
    shown = url[:200]

    def refuse(what: str, remedy: str = "check the address") -> FetchError:
        return FetchError(what, where=shown, remedy=remedy)

    cleaned = url.strip(" \t\r\n")
    if len(cleaned) > settings.address_characters:
        raise refuse(f"the address has more than {settings.address_characters:,} characters")
    if _CONTROLS.search(cleaned):
        raise refuse("control characters or backslashes in the address")
    try:
        parts = urlsplit(urljoin(base, cleaned) if base else cleaned)
        port = parts.port
        scheme = parts.scheme.lower()
        if scheme not in _PORTS:
            raise refuse("not an http or https address")
        if "@" in parts.netloc:
            raise refuse("a name or password in the address", "give the address without them")
        host = _host(parts)
        path = quote(parts.path or "/", safe=_PATH_SAFE)
        query = quote(parts.query, safe=_QUERY_SAFE)
    except (ValueError, UnicodeError) as error:  # such as a bracket not closed, port 99999, a lone surrogate
        raise refuse("no address that can be read") from error
    if host is None:
        raise refuse("the host of the address is not a name, nor an IP address as it is usually written")
    if port is not None and port not in _PORTS.values() and not settings.any_port:
        raise refuse(f"port {port} is not fetched", "set fetch.any_port if it is meant")
    if not path.startswith("/"):
        path = f"/{path}"
    target = Target("", scheme, host, _PORTS[scheme] if port is None else port, path + (f"?{query}" if query else ""))
    return Target(target.origin + target.path, scheme, host, target.port, target.path)


def _host(parts: SplitResult) -> str | None:
    """The host in ASCII, or None where it is not one."""
    if "[" in parts.netloc:
        inner = parts.netloc.partition("[")[2].partition("]")[0]
        return None if "%" in inner else str(ipaddress.IPv6Address(inner))
    name = (parts.hostname or "").lower()
    if not name or len(name) > _HOST_CHARACTERS:
        return None
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode("ascii")  # its errors are UnicodeErrors
    name = name.removesuffix(".")
    if len(name) > _HOST_CHARACTERS or _HOST.fullmatch(name) is None:
        return None
    # the last label of a name is no number; what ends in one is an IPv4 address or nothing (WHATWG URL, 4.3.2)
    if _NUMERIC.fullmatch(name.rpartition(".")[2]) is None:
        return name
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        return None


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses that this system's resolver gives for a host.

    Raises:
        OSError: none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses_of(target: Target, settings: FetchSettings, resolve: Resolve = system_resolve) -> list[IPAddress]:
    """The addresses that a target's host leads to, all of them checked.

    One that is not public is enough to refuse the host: who may choose among them is the other side.

    Raises:
        FetchError: the host is not known, or leads to an address that is not public.
    """
    try:
        found = [ipaddress.ip_address(target.host)]
    except ValueError:
        try:
            found = [ipaddress.ip_address(address) for address in resolve(target.host, target.port)]
        except socket.gaierror as error:
            later = error.errno == socket.EAI_AGAIN
            what = f"the host {target.host} is not known"
            remedy = "try again later" if later else "check the address and the connection to the network"
            raise FetchError(what, where=target.url, remedy=remedy, transient=later) from error
        except (OSError, ValueError) as error:
            what = f"the host {target.host} cannot be looked up"
            raise FetchError(what, where=target.url, remedy="check the address") from error
    if not found:
        raise FetchError(f"the host {target.host} has no address", where=target.url, remedy="check the address")
    if not settings.allow_private:
        for address in found:
            if not is_public(address):
                what = f"{target.host} leads to {address}, which is not a public address"
                remedy = "set fetch.allow_private if your own network is meant"
                raise FetchError(what, where=target.url, remedy=remedy)
    return found[: settings.addresses_tried]


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public internet, by the registries of RFC 6890 and its successors.

    An IPv6 address that carries an IPv4 one is public only where that one is.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None and not is_public(carried):
            return False
        if any(address in network for network, _ in _EMBEDDING[:2]):
            return True
        if address not in _GLOBAL_UNICAST or address.is_site_local:
            return False
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries, which is where a packet for it ends up."""
    number = int(address)
    for network, shift in _EMBEDDING:
        if address in network:
            return ipaddress.IPv4Address(number >> shift & 0xFFFF_FFFF)
    if address in _TEREDO:
        return ipaddress.IPv4Address(~number & 0xFFFF_FFFF)
    if number >> 32 & 0xFDFF_FFFF == _ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFF_FFFF)
    return None
