from __future__ import annotations

import pytest

from provenance.pages.addresses import Nowhere, outside


@pytest.mark.parametrize("url", ["https://a.example/b?c=d", "http://a.example", "HTTPS://a.example/"])
def test_addresses_of_the_web_are_linked(url: str) -> None:
    assert outside(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//a.example",
        "https:",
        "https://",
        "java\nscript:alert(1)",
        "https://a.example/\u202egpj",
        "https://[broken",
        "relative/path",
    ],
)
def test_everything_else_is_text(url: str | None) -> None:
    assert outside(url) == ""


def test_nowhere_knows_no_page() -> None:
    nowhere = Nowhere()
    every = [
        nowhere.article("a"),
        nowhere.compare("a", "b"),
        nowhere.passage(1),
        nowhere.source("a"),
        nowhere.outlet("a"),
        nowhere.graph("a"),
        nowhere.rows("links", id="a"),
    ]
    assert set(every) == {""}
