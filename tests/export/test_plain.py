"""Words of others made harmless."""

from __future__ import annotations

import json
import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from provenance.export.plain import as_json, as_xml, visible, without_controls

ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
TEXTS = st.text(st.characters(codec=None), max_size=40) | st.text("\x00\x1b\x9b\u202e<&\"'\r\n\ufffe\ud800a")


@given(TEXTS)
def test_json_is_read_back_and_holds_nothing_raw(text: str) -> None:
    written = as_json({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert not ACTING.search(written)


@given(TEXTS)
def test_xml_is_read_back_but_for_what_it_cannot_hold(text: str) -> None:
    written = f'<a b="{as_xml(text)}">{as_xml(text)}</a>'
    assert not ACTING.search(written)
    read = etree.fromstring(written.encode())
    held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    assert read.get("b") == held
    assert (read.text or "") == held


@given(TEXTS)
def test_what_has_no_escape_is_replaced_or_shown(text: str) -> None:
    assert not ACTING.search(without_controls(text))
    assert not ACTING.search(visible(text).replace("\r\n", "\n"))


def test_what_is_shown_names_the_character() -> None:
    assert visible("a\x1b[31m\u202e\r\nb\rc\t") == "a<U+001B>[31m<U+202E>\r\nb<U+000D>c\t"
