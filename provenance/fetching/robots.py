"""What a site's robots.txt lets us fetch (RFC 9309), by the parser that Scrapy uses (Protego).

A robots.txt that is not there (4xx) allows everything; one that cannot be had (5xx, no answer) forbids everything until
it can. It is asked for once a site and remembered for a day.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from provenance.errors import FetchError
from provenance.fetching.addresses import Target
from provenance.fetching.wire import Answer, Clock
from provenance.settings import FetchSettings

AGENT = "provenance"
"""The product token by which a robots.txt addresses this program."""

_AGENT_LINE = re.compile(r"^([^\S\n]{0,99}user-?[ ]?agent[^\S\n]{0,99}:)([^#\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_-]{1,99}")
_OTHERS = "another-program"
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt as far as it concerns this program.

    Attributes:
        refusal: why nothing may be fetched; None where the file was had, or is not there.
        file: None where everything may be fetched.
        crawl_delay: seconds between two requests that the site asks for, 0 where it does not.
        length: characters of the file, which tell how much memory the rules take.
    """

    refusal: FetchError | None = None
    file: Protego | None = None
    crawl_delay: float = 0.0
    length: int = 0

    def check(self, target: Target) -> None:
        """Raise where a target may not be fetched.

        Raises:
            FetchError: it may not.
        """
        if self.refusal is not None:
            if self.refusal.status is None and not self.refusal.transient:  # no such host, or not to be fetched at all
                raise FetchError(self.refusal.what, where=target.url, remedy=self.refusal.remedy)
            raise FetchError(
                f"its robots.txt could not be had ({self.refusal.what}), so nothing is fetched from there",
                where=target.url,
                remedy="try again later",
                status=self.refusal.status,
                retry_seconds=self.refusal.retry_seconds,
                transient=True,
            )
        if self.file is not None and not self.file.can_fetch(target.url, AGENT):
            what = f"the robots.txt of {target.host} does not allow it"
            raise FetchError(what, where=target.url, remedy="save the page by hand and add the file")


def read_rules(text: str) -> Rules:
    """The rules of a robots.txt for this program.

    Groups for other programs are merged into one before parsing: a parser that keeps each rule for each of thousands of
    agents needs memory with the square of the file's length.
    """
    parsed = Protego.parse(_AGENT_LINE.sub(_agent_line, text.replace("\r\n", "\n").replace("\r", "\n")))
    delay = parsed.crawl_delay(AGENT)
    return Rules(
        file=parsed, crawl_delay=delay if delay is not None and math.isfinite(delay) else 0.0, length=len(text)
    )


def _agent_line(match: re.Match[str]) -> str:
    name = match[2].strip()
    token = _TOKEN.match(name)
    ours = name == "*" or (token is not None and token[0].lower() == AGENT)
    return f"{match[1]} {name if name == '*' else AGENT if ours else _OTHERS}"


class Robots:
    """The robots.txt of every site asked so far, the latest of them.

    Args:
        settings: how long, and how many.
        ask: fetches a robots.txt; follows redirects itself.
        clock: seconds that never go back.
    """

    def __init__(self, settings: FetchSettings, ask: Callable[[Target], Answer], clock: Clock) -> None:
        self._settings, self._ask, self._clock = settings, ask, clock
        self._known: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._length = 0

    def rules(self, target: Target) -> Rules:
        """The rules of the site that a target is on, fetched where they are not known."""
        known = self._known.get(target.origin)
        if known is None or known[0] <= self._clock():
            rules = self._fetched(target)
            seconds = self._settings.robots_seconds if rules.refusal is None else self._settings.robots_error_seconds
            known = (self._clock() + seconds, rules)
            self._forget(target.origin)
            self._known[target.origin] = known
            self._length += rules.length
        self._known.move_to_end(target.origin)
        while len(self._known) > 1 and (
            len(self._known) > self._settings.hosts_remembered or self._length > self._settings.robots_kept_bytes
        ):
            self._forget(next(iter(self._known)))
        return known[1]

    def _forget(self, origin: str) -> None:
        known = self._known.pop(origin, None)
        if known is not None:
            self._length -= known[1].length

    def _fetched(self, target: Target) -> Rules:
        place = Target(f"{target.origin}/robots.txt", target.scheme, target.host, target.port, "/robots.txt")
        try:
            answer = self._ask(place)
        except FetchError as error:
            absent = error.status is not None and 400 <= error.status < 500 and error.status != _TOO_MANY_REQUESTS
            return Rules() if absent else Rules(refusal=error)
        return read_rules(answer.body.decode("utf-8-sig", "replace"))
