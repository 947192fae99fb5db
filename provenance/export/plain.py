"""Words of others made harmless for files: nothing that a terminal or a reader of markup would act on stays raw.

What a format can escape is escaped and read back as it was; what it cannot hold becomes U+FFFD.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

REPLACEMENT: Final = "\ufffd"
_UNSEEN: Final = "\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_ACTING: Final = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}\ud800-\udfff]")
_ACTING_ON_SIGHT: Final = re.compile(f"(?!\r\n)[\x00-\x08\x0b-\x1f{_UNSEEN}\ud800-\udfff]")
"""Controls, directional overrides and isolates, zero-width marks, and halves of characters; not tab and line feed."""
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even as a reference (production 2, Char)."""
_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_IN_XML: Final = re.compile(f'[&<>"\t\n\r{_UNSEEN}]')


def as_json(value: Any) -> str:
    """A value as JSON on one line, in which everything that a terminal would act on is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    # outside of strings JSON is plain ASCII, so that an escape always stands within one
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_xml(text: str) -> str:
    """A text as content of an XML element or of an attribute in double quotes, line breaks kept in both."""
    text = _NOT_XML.sub(REPLACEMENT, text)
    return _IN_XML.sub(lambda found: _MARKUP.get(found[0]) or f"&#{ord(found[0])};", text)


def without_controls(text: str) -> str:
    """A text for a format that has no escape: what acts becomes U+FFFD, line breaks and tabs stay."""
    return _ACTING.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def visible(text: str) -> str:
    """A text for a terminal: what acts is shown by its number; line breaks and tabs stay."""
    return _ACTING_ON_SIGHT.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
