"""What a request asks for, read from its address; anything that is not as it must be is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.errors import InputError, NotFoundError, TooLargeError
from provenance.model import Span
from provenance.settings import WebSettings

_LONGEST_ID = 4000
_LARGEST = 2**62


class AskedError(InputError):
    """A request lacks something, or has something that cannot be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request.

    Attributes:
        given: the first value of each parameter.
        settings: how much may be asked for.
    """

    given: Mapping[str, str]
    settings: WebSettings

    def text(self, name: str, most: int = _LONGEST_ID) -> str:
        """A parameter without white space around it; empty where it is not given.

        Raises:
            TooLargeError: it is longer than `most` characters.
        """
        value = self.given.get(name, "")
        if len(value) > most:
            remedy = f"at most {most:,} characters"
            raise TooLargeError(f"{name} has {len(value):,} characters", remedy=remedy)
        return value.strip()

    def identity(self, name: str) -> str:
        """A parameter exactly as given.

        Raises:
            AskedError: it is not given.
        """
        value = self.given.get(name, "")
        if not value:
            raise AskedError(f"the address lacks {name}", remedy=f"such as ?{name}=…")
        return value[: _LONGEST_ID + 1]

    def number(self, name: str) -> int | None:
        """A whole number from 0; None where it is not given.

        Raises:
            NotFoundError: it is none.
        """
        value = self.given.get(name, "").strip()
        if not value:
            return None
        if not (value.isascii() and value.isdecimal()) or len(value) > len(str(_LARGEST)) or int(value) > _LARGEST:
            raise NotFoundError(f"{value[:40]!r} is no number of anything here")
        return int(value)

    def start(self, a_page: int) -> int:
        """How many entries of a list stand on the pages before the one asked for.

        Raises:
            NotFoundError: the page is beyond `web.deepest_page`.
        """
        page = self.number("page") or 1
        if page > self.settings.deepest_page:
            remedy = "`provenance export` writes whole lists"
            raise NotFoundError(f"lists end with page {self.settings.deepest_page:,} here", remedy=remedy)
        return max(0, page - 1) * a_page

    def span(self) -> Span | None:
        """`start` and `end` as a span; None where neither is given.

        Raises:
            AskedError: one of them is missing, or the span is empty.
        """
        start, end = self.number("start"), self.number("end")
        if start is None and end is None:
            return None
        if start is None or end is None or start >= end:
            raise AskedError("start and end do not make a span", remedy="such as &start=120&end=480")
        return Span(start, end)
