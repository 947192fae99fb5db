"""What is asked of a server and what it answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask it later whether something has changed (RFC 9110, section 8.8).

    Attributes:
        etag: the `ETag` header as it came, quotes included; None where there was none.
        last_modified: the `Last-Modified` header as it came.
    """

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        url: what was asked for, normalised and without fragment.
        final_url: where the answer came from, after redirects.
        status: 200, 203 or 304.
        body: unpacked; empty where `not_modified`.
        content_type: media type in lower case, without parameters; empty where none was given.
        charset: the charset parameter of the content type in lower case; None where there was none.
        validators: for the next request for the same address; the ones sent where `not_modified` came without new ones.
        not_modified: whether nothing has changed since the validators that were sent.
    """

    url: str
    final_url: str
    status: int
    body: bytes
    content_type: str
    charset: str | None
    validators: Validators
    not_modified: bool = False
