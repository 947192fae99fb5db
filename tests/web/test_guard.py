from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from provenance.web.guard import OURS, Guard, datasette_policy, host_of

REBOUND = {"host": "evil.example"}


@pytest.mark.parametrize(
    "path", ["~", "~/trace", "~/article?id=unknown", "/-/provenance/static/pages.css", "~/nothing"]
)
def test_our_pages_may_load_and_run_nothing_from_elsewhere_or_inline(site: Any, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == OURS
    assert "unsafe" not in OURS
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/harbour", "/harbour/documents", "/harbour/denied_claims", "/harbour/links/1"])
def test_scripts_within_datasette_pages_are_let_through_by_their_hashes_alone(site: Any, path: str) -> None:
    import base64
    import hashlib

    answer = site.get(path)
    policy = answer.headers["content-security-policy"]
    allowed = re.search(r"script-src ([^;]*)", policy)
    assert allowed is not None
    assert "unsafe" not in allowed[1]
    scripts = html.fromstring(answer.text).xpath("//script[not(@src)]/text()")
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed[1]


def test_a_script_of_an_article_has_no_such_hash(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("<script>fixed()</script><script>var x = {{ x }};</script>", encoding="utf-8")
    policy = datasette_policy(tmp_path)
    # the two that set whether facets are allowed, and the fixed one
    assert policy.count("sha256-") == 3


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.0.0.1:8001", "[::1]:8001", "LOCALHOST:1", "localhost."]
)
def test_the_local_names_are_answered(site: Any, host: str) -> None:
    assert site.get("~", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8001", "localhost.evil.example", "127.0.0.1.evil.example", "", "a b", "[::2]"],
)
@pytest.mark.parametrize("path", ["~", "/harbour/documents.json", "/", "/-/metadata.json"])
def test_any_other_name_is_refused(site: Any, host: str, path: str) -> None:
    answer = site.get(path, headers={"host": host})
    assert answer.status_code == 421
    assert "text/plain" in answer.headers["content-type"]


def test_the_host_given_is_answered_too(harbour: Path, serve: Callable[..., Any]) -> None:
    site = serve(harbour, hosts=frozenset(["pages.example"]))
    assert site.get("~", headers={"host": "pages.example:8001"}).status_code == 200
    assert site.get("~", headers=REBOUND).status_code == 421


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["~", "~/trace", "/harbour/documents", "/-/messages", "/-/logout", "/-/permissions"])
def test_nothing_can_be_written(site: Any, method: str, path: str) -> None:
    assert site.asked(method, path).status_code == 405


def test_heads_are_answered(site: Any) -> None:
    assert site.asked("head", "~").status_code == 200


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST.:80", "localhost"),
        ("127.0.0.1:8001", "127.0.0.1"),
        ("[::1]:8001", "[::1]"),
        ("[::1]evil", ""),
        ("localhost:80:80", ""),
        ("localhost:port", ""),
        ("user@localhost", "user@localhost"),
        ("", ""),
    ],
)
def test_a_host_header_is_read_whole(header: str, host: str) -> None:
    assert host_of(header) == host


def asked(guard: Guard, host: bytes, server: tuple[str, int] | None) -> int:
    """The status of a request without a path of ours."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [(b"host", host)], "server": server}
    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may keep this thread's loop busy
        pool.submit(asyncio.run, guard(scope, None, send)).result()  # type: ignore[arg-type]
    return int(sent[0]["status"])


def test_without_names_given_the_local_ones_hold_over_the_loopback_device_only() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = Guard(app, None, lambda: True, "default-src 'none'")
    assert asked(guard, b"evil.example", ("127.0.0.1", 8001)) == 421
    assert asked(guard, b"evil.example", ("::1", 8001)) == 421
    assert asked(guard, b"evil.example", None) == 421
    assert asked(guard, b"127.0.0.1:8001", ("127.0.0.1", 8001)) == 200
    assert asked(guard, b"pages.example", ("203.0.113.7", 80)) == 200


def test_databases_of_other_programs_keep_their_own_rules(harbour: Path, tmp_path: Path) -> None:
    from datasette.app import Datasette

    from .conftest import Site

    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
        connection.execute("INSERT INTO things VALUES ('<b>bold</b>')")
        connection.commit()
    site = Site(Datasette([str(harbour), str(other)]))
    answer = site.get("/other/things")
    assert answer.status_code == 200
    assert "content-security-policy" not in answer.headers
    assert site.get("/other?sql=select+1").status_code == 200
    assert site.get("/harbour?sql=select+1").status_code == 403
    assert site.get("/-/provenance/other").status_code == 404
    assert site.get("~").headers["content-security-policy"] == OURS
