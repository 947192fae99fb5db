"""One client for everything that is fetched: pages, feeds and the robots.txt of their sites.

Nothing is fetched that was not asked for, one request at a time, with a pause between two to the same host. A site that
asks to be left alone (robots.txt, 429, 503, Retry-After) is.
"""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from provenance.errors import FetchError, SettingsError
from provenance.fetching.addresses import Resolve, Target, addresses_of, parse_address, system_resolve
from provenance.fetching.records import Fetched, Validators
from provenance.fetching.robots import AGENT, Robots
from provenance.fetching.wire import Answer, Clock, Connect, Wire, system_connect
from provenance.settings import FetchSettings
from provenance.version import VERSION

__all__ = ["Fetched", "Fetcher", "Validators"]

log = logging.getLogger(__name__)

_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_USABLE = frozenset({200, 203})
_NOT_MODIFIED = 304
_HEADER_VALUE = re.compile(r"[\x21-\x7e\xa0-\xff](?:[\x20-\x7e\xa0-\xff]{0,998}[\x21-\x7e\xa0-\xff])?")
_MEDIA_TYPE = re.compile(r"\s{0,9}([\w.+-]{1,99}/[\w.+-]{1,99})", re.ASCII)
_CHARSET = re.compile(r";\s{0,9}charset\s{0,9}=\s{0,9}[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,15}")


@dataclass(slots=True)
class _Host:
    """What is owed to a host: when it may be asked again, and with which pause."""

    next_request: float = 0.0
    rests_until: float = 0.0
    delay: float = 0.0


class Fetcher:
    """Fetches, politely and within bounds. One request at a time, whichever thread asks.

    Args:
        settings: limits and pauses.
        clock: seconds that never go back, for pauses and time limits.
        sleep: waits; may raise to stop the work.
        now: the time of day in seconds since 1970, for dates in `Retry-After`.
        resolve: host to IP addresses.
        connect: IP address to connection.
        context: for TLS; the system's default one where None.

    Raises:
        SettingsError: `fetch.contact` cannot be sent in a header.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        resolve: Resolve = system_resolve,
        connect: Connect = system_connect,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._clock, self._sleep, self._now, self._resolve = settings, clock, sleep, now, resolve
        self._wire = Wire(settings, connect, clock=clock, context=context)
        self._robots = Robots(settings, self._ask_robots, clock)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._lock = threading.Lock()
        self._agent = user_agent(settings)

    def fetch(self, url: str, validators: Validators | None = None) -> Fetched:
        """Fetch one address.

        Args:
            url: absolute http or https address.
            validators: what an earlier answer gave, to be told whether anything has changed since.

        Raises:
            FetchError: the address may not be fetched, or its server gave no answer that can be used.
        """
        asked = _conditions(validators)
        with self._lock:
            first = target = parse_address(url, self._settings)
            for _ in range(self._settings.redirects + 1):
                rules = self._robots.rules(target)
                rules.check(target)
                self._host(target).delay = min(rules.crawl_delay, self._settings.maximum_host_delay_seconds)
                answer = self._tried(target, asked)
                following = self._redirected(target, answer)
                if following is None:
                    return _fetched(first, target, answer, validators if asked else None)
                target = following
        raise _redirected_too_often(first, self._settings)

    def _ask_robots(self, target: Target) -> Answer:
        """A robots.txt, wherever its site redirects to; the size is cut as RFC 9309 allows.

        Raises:
            FetchError: there was no answer, or one with another status than 200.
        """
        first = target
        for _ in range(self._settings.redirects + 1):
            answer = self._tried(target, {}, cut=self._settings.robots_bytes)
            following = self._redirected(target, answer)
            if following is None:
                _check_status(target, answer, expected=_USABLE)
                return answer
            target = following
        # RFC 9309, section 2.3.1.2: then it counts as not there
        raise FetchError("redirected too often", where=first.url, remedy="try again later", status=404)

    def _redirected(self, target: Target, answer: Answer) -> Target | None:
        if answer.status not in _REDIRECTS:
            return None
        place = answer.headers.get("Location")
        if not place:
            raise FetchError("redirected to nowhere", where=target.url, remedy="check the address")
        # header bytes beyond ASCII are UTF-8 with nearly all servers
        place = place.encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            return parse_address(place, self._settings, base=target.url)
        except FetchError as error:
            raise FetchError(f"redirected to {error}", where=target.url, remedy="check the address") from error

    def _tried(self, target: Target, conditions: dict[str, str], *, cut: int | None = None) -> Answer:
        """The answer of one target, asked for again with growing pauses where its server fails."""
        pause = self._settings.backoff_seconds
        for attempt in range(1, max(self._settings.tries, 1) + 1):
            last = attempt >= self._settings.tries
            try:
                answer = self._once(target, conditions, cut)
            except FetchError as error:
                if last or not error.transient or error.retry_seconds is not None:
                    raise
                wait = pause
            else:
                if answer.status not in _RETRIED:
                    return answer
                asked = self._retry_after(answer)
                wait = max(pause, asked or 0.0)
                if wait > self._settings.maximum_wait_seconds or (last and asked):
                    self._host(target).rests_until = self._clock() + wait
                if last or wait > self._settings.maximum_wait_seconds:
                    raise _failed(target, answer.status, asked)
            host = self._host(target)
            host.next_request = max(host.next_request, self._clock() + wait)
            pause *= 2
        raise FetchError("not fetched", where=target.url)  # pragma: no cover - the last try returned or raised

    def _once(self, target: Target, conditions: dict[str, str], cut: int | None) -> Answer:
        host = self._host(target)
        rest = host.rests_until - self._clock()
        if rest > 0:
            what = f"{target.host} asked to be left alone for another {rest:,.0f} seconds"
            raise FetchError(what, where=target.url, remedy="try again then", retry_seconds=rest, transient=True)
        pause = host.next_request - self._clock()
        if pause > 0:
            log.debug("waiting %.1f s before %s is asked again", pause, target.host)
            self._sleep(pause)
        headers = {"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate", **conditions}
        try:
            # asked for anew with every request and right before it; the connection is made to what was checked
            addresses = addresses_of(target, self._settings, self._resolve)
            answer = self._wire.get(target, addresses, headers, cut=cut)
            log.debug("%s answered %d, %d bytes", target.url, answer.status, len(answer.body))
            return answer
        finally:
            host.next_request = self._clock() + max(self._settings.host_delay_seconds, host.delay)

    def _host(self, target: Target) -> _Host:
        host = self._hosts.setdefault(target.host, _Host())
        self._hosts.move_to_end(target.host)
        while len(self._hosts) > self._settings.hosts_remembered:
            self._hosts.popitem(last=False)
        return host

    def _retry_after(self, answer: Answer) -> float | None:
        """Seconds that a server asks for, given as such or as a date (RFC 9110, section 10.2.3), bounded."""
        value = (answer.headers.get("Retry-After") or "").strip()
        seconds: float | None = None
        if _SECONDS.fullmatch(value):
            seconds = float(value)
        elif value and len(value) < 100:
            try:
                seconds = parsedate_to_datetime(value).timestamp() - self._now()
            except (ValueError, TypeError, IndexError, OverflowError):
                return None
        return None if seconds is None else min(max(seconds, 0.0), self._settings.maximum_rest_seconds)


def user_agent(settings: FetchSettings) -> str:
    """What is sent in `User-Agent`.

    Raises:
        SettingsError: `fetch.contact` cannot be sent in a header.
    """
    if not settings.contact:
        return f"{AGENT}/{VERSION}"
    if _HEADER_VALUE.fullmatch(settings.contact) is None or not settings.contact.isascii():
        what = "fetch.contact holds what cannot be sent in a header"
        raise SettingsError(what, remedy="give a page's address or a mail address in ASCII")
    return f"{AGENT}/{VERSION} (+{settings.contact})"


def _conditions(validators: Validators | None) -> dict[str, str]:
    """Headers that ask for an answer only where something has changed; what is no header value is left out."""
    if validators is None:
        return {}
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in named.items() if value and _HEADER_VALUE.fullmatch(value)}


def _fetched(first: Target, target: Target, answer: Answer, sent: Validators | None) -> Fetched:
    _check_status(target, answer, expected=_USABLE if sent is None else _USABLE | {_NOT_MODIFIED})
    kind = answer.headers.get("Content-Type") or ""
    media_type, charset = _MEDIA_TYPE.match(kind), _CHARSET.search(kind[:1000])
    given = Validators(_header(answer, "ETag"), _header(answer, "Last-Modified"))
    unchanged = answer.status == _NOT_MODIFIED
    if unchanged and sent is not None:
        given = replace(sent, etag=given.etag or sent.etag, last_modified=given.last_modified or sent.last_modified)
    return Fetched(
        url=first.url,
        final_url=target.url,
        status=answer.status,
        body=answer.body,
        content_type=media_type[1].lower() if media_type else "",
        charset=charset[1].lower() if charset else None,
        validators=given,
        not_modified=unchanged,
    )


def _header(answer: Answer, name: str) -> str | None:
    value = answer.headers.get(name)
    return value if value and _HEADER_VALUE.fullmatch(value) else None


def _check_status(target: Target, answer: Answer, expected: frozenset[int]) -> None:
    if answer.status not in expected:
        raise _failed(target, answer.status, None)


def _failed(target: Target, status: int, retry_seconds: float | None) -> FetchError:
    remedies = {
        401: "it is for subscribers; save the page by hand and add the file",
        403: "the site refuses programs; save the page by hand and add the file",
        404: "check the address",
        410: "the page was taken down; an archive may have it",
        451: "it was taken down for legal reasons",
    }
    transient = status in _RETRIED
    remedy = remedies.get(status, "try again later" if transient else "check the address")
    what = f"the server answered {status}"
    if retry_seconds:
        what += f" and asked to wait {retry_seconds:,.0f} seconds"
    return FetchError(
        what, where=target.url, remedy=remedy, status=status, retry_seconds=retry_seconds, transient=transient
    )


def _redirected_too_often(first: Target, settings: FetchSettings) -> FetchError:
    what = f"redirected more than {settings.redirects} times"
    return FetchError(what, where=first.url, remedy="check the address")
