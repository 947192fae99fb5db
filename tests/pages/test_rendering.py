from __future__ import annotations

import re

import jinja2
import pytest

from provenance.pages.rendering import environment, static


def test_everything_a_template_prints_is_escaped_and_shown() -> None:
    made = environment().from_string("{{ text }}|{{ text | bare }}|{{ 0.5 | share }}|{{ 3 | count('word') }}")
    html = made.render(text="<b>\u202e{{7*7}}")
    assert html == (
        '&lt;b&gt;<span class="hidden-character" title="a character that cannot be seen">[U+202E]</span>{{7*7}}'
        "|&lt;b&gt;[U+202E]{{7*7}}|0.50|3 words"
    )


def test_what_is_not_defined_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_every_template_can_be_read() -> None:
    names = environment().list_templates()
    assert "report_head.html" in names
    for name in names:
        environment().get_template(name)


def test_nothing_is_loaded_from_anywhere() -> None:
    css, js = static("provenance.css"), static("provenance.js")
    assert "url(" not in css
    assert "@import" not in css
    for word in ("http://", "https://", "fetch(", "XMLHttpRequest", "innerHTML", "eval("):
        assert word not in js


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def schemes() -> list[dict[str, str]]:
    """The colours of each scheme: light, dark by preference, dark by choice, print."""
    blocks = re.findall(r"color-scheme: (?:light|dark);(.*?)\}", static("provenance.css"), re.DOTALL)
    return [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def test_text_can_be_read_in_every_scheme() -> None:
    every = schemes()
    assert len(every) == 4
    assert every[1] == every[2]
    pairs = [
        *((ink, ground) for ink in ("ink", "soft", "link", "none", "credit", "same", "source", "open")
          for ground in ("ground", "panel")),
        *((ink, mark) for ink in ("ink", "source") for mark in ("mark", "mark2", "mark3", "taken")),
        ("ink", "del"), ("ink", "ins"), ("ink", "odd"), ("soft", "odd"), ("none", "odd"), ("credit", "odd"),
    ]  # fmt: skip
    poor = [
        (number, ink, ground)
        for number, colours in enumerate(every)
        for ink, ground in pairs
        if contrast(colours[ink], colours[ground]) < 4.5
    ]
    assert not poor
