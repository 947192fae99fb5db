"""Identifiers that every export shares."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from provenance.export import identifiers

NAMES = st.text(min_size=1, max_size=30) | st.sampled_from(["-", ".", "..", "a.", "%2E", "a/b", "a:b", "\ud800", "~_"])
LOCAL = re.compile(
    r"(?:[A-Za-z0-9_~/]|%[0-9A-F]{2})(?:(?:[A-Za-z0-9_~/.-]|%[0-9A-F]{2})*(?:[A-Za-z0-9_~/-]|%[0-9A-F]{2}))?"
)
"""Local names of PROV-N (production 54) as far as ours go."""


@given(NAMES, NAMES)
def test_different_names_stay_different(one: str, two: str) -> None:
    assert (identifiers.encoded(one) == identifiers.encoded(two)) == (one == two)


@given(NAMES)
def test_every_name_is_a_local_name_and_a_urn(name: str) -> None:
    qualified = identifiers.article(name)
    prefix, _, local = qualified.partition(":")
    assert prefix == "article"
    assert LOCAL.fullmatch(local)
    assert re.fullmatch(r"urn:provenance:article:[A-Za-z0-9._~%/-]+", identifiers.iri(qualified))


def test_sources_are_merged_as_the_store_merges_them() -> None:
    assert identifiers.source("TASS", "agency", "a", "TASS") == identifiers.outlet("tass")
    assert identifiers.source("Ann Lee", "person", "a") == identifiers.source("ANN LEE", "person", "b")
    assert identifiers.source("eyewitnesses", "collective", "a") != identifiers.source(
        "eyewitnesses", "collective", "b"
    )
    assert identifiers.source("Ann", "person", "a") != identifiers.source("Ann", "organization", "a")


def test_only_web_addresses_become_links() -> None:
    assert identifiers.web_address("https://x.example/a?b=1#c") == "https://x.example/a?b=1#c"
    for bad in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//x.example",
        "https://",
        "ht\ntps://x",
        "",
        None,
        "https:/x",
    ):
        assert identifiers.web_address(bad) == ""
    assert identifiers.web_address(" HTTPS://x.example ") == "HTTPS://x.example"
    assert identifiers.web_address('https://x.example/"><script>\x1b') == "https://x.example/%22%3E%3Cscript%3E%1B"
