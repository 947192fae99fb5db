"""What stands between the network and Datasette: which hosts may be asked for, and what browsers are told.

A page of another site can make a browser ask this server under a name of its own (DNS rebinding); so the name that a
request is for is checked. Pages are told to load nothing from elsewhere and to run no script within them
(Content-Security-Policy), so that markup of an article could do nothing even if it got through.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provenance.web.addresses import PREFIX

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL: Final = frozenset(["localhost", "127.0.0.1", "[::1]"])
READING: Final = frozenset(["GET", "HEAD"])
_COMMON: Final = "default-src 'none'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
OURS: Final = f"{_COMMON}; style-src 'self'; script-src 'self'"
"""The policy of our pages: nothing inline, nothing from elsewhere."""
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::\d+)?")


def datasette_policy(templates: Path) -> str:
    """The policy of Datasette's own pages, which have three short scripts and a stylesheet within them.

    Scripts are let through by the hashes of those in Datasette's templates and by no other rule; with styles it has no
    fixed text, so styles within the page are let through.
    """
    hashes = [_hashed(f"DATASETTE_ALLOW_FACET = {value};") for value in ("true", "false")]
    for path in sorted(templates.glob("*.html")):
        scripts = _SCRIPT.findall(path.read_text(encoding="utf-8"))
        hashes += [_hashed(script) for script in scripts if "{{" not in script and "{%" not in script]
    allowed = " ".join(f"'{one}'" for one in dict.fromkeys(hashes))
    return f"{_COMMON}; style-src 'self' 'unsafe-inline'; script-src 'self' {allowed}; connect-src 'self'"


def _hashed(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def host_of(header: str) -> str:
    """The host that a Host header names, in small letters, without its port; empty where it is none."""
    found = _HOST.fullmatch(header.strip())
    return found["name"].lower().rstrip(".") if found else ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address in {"localhost", ""}


@dataclass(frozen=True, slots=True)
class Guard:
    """Wraps an ASGI application.

    Attributes:
        app: the application.
        hosts: the names under which it may be asked for; None for the local ones where it is asked for over the
            loopback device, and any elsewhere.
        alone: whether all that is served is ours: then its rules hold for Datasette's own pages too.
        policy: the policy of Datasette's own pages.
    """

    app: App
    hosts: Collection[str] | None
    alone: Callable[[], bool]
    policy: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is not None:
            await _refuse(send, *refused)
            return

        policy = self._policy(scope["path"])

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if policy and message["type"] == "http.response.start":
                headers = list(message.get("headers") or [])
                known = {bytes(name).lower() for name, _ in headers}
                ours = [*_HEADERS, (b"content-security-policy", policy.encode())]
                message = {**message, "headers": [*headers, *(one for one in ours if one[0] not in known)]}
            await send(message)

        await self.app(scope, receive, guarded)

    def _policy(self, path: str) -> str:
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return OURS
        return self.policy if self.alone() else ""

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Status and message for a request that is not answered."""
        hosts = [value.decode("latin-1") for name, value in scope.get("headers") or [] if name.lower() == b"host"]
        host = host_of(hosts[0]) if len(hosts) == 1 else ""
        allowed = self.hosts
        if allowed is None:
            server = scope.get("server") or ("", None)
            allowed = LOCAL if _is_loopback(str(server[0])) else None
        if allowed is not None and "*" not in allowed and host not in LOCAL and host not in allowed:
            return 421, "This server is not asked for under that name. Name it with --host, or in the plugin's `hosts`."
        if scope["method"] not in READING and (self.alone() or scope["path"].startswith(PREFIX)):
            return 405, "Nothing can be written here."
        return None


async def _refuse(send: Send, status: int, message: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    headers.append((b"content-security-policy", b"default-src 'none'"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": message.encode()})
