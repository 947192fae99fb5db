"""Identifiers that every export shares, so that a node of the graph is the same thing in PROV, JSON-LD and annotations.

They are URNs (RFC 8141) below `urn:provenance:`, every name in them percent-encoded (RFC 3986), so that no id, title or
name, whatever it holds, can break out of the place where it stands. Each is also a qualified name of PROV-N: the part
up to the third colon is a namespace, the rest a local name.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from provenance.model import SourceKind

URN: Final = "urn:provenance:"
SCHEMES: Final = ("article", "outlet", "source", "passage", "claim", "said", "unseen", "undecided", "annotation")
"""The kinds of thing that have an identifier: `urn:provenance:article:…` and so on."""
TERMS: Final = "urn:provenance:terms:"
"""The namespace of our own properties and types, where the standard vocabularies have no word."""
PUBLISHERS: Final = frozenset(["agency", "outlet"])
PER_ARTICLE: Final = frozenset(["collective", "anonymous", "artefact", "unnamed"])
"""Kinds of source that are never merged across articles: the eyewitnesses of one are not those of another."""
_WEB: Final = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


def encoded(name: str) -> str:
    """A name as one segment of an identifier; different names stay different."""
    text = quote(name, safe="", errors="surrogatepass")
    # a local name of PROV-N neither begins with these nor ends with a dot
    if text[:1] in {"-", "."}:
        text = f"%{ord(text[0]):02X}{text[1:]}"
    return f"{text[:-1]}%2E" if text.endswith(".") else text


def identifier(scheme: str, *names: str | int) -> str:
    """The qualified name of one thing, such as `article:harbour%2Fa.txt`; `iri` gives it in full."""
    return f"{scheme}:{'/'.join(encoded(str(name)) for name in names)}"


def iri(qualified: str) -> str:
    """The URN of a qualified name that `identifier` made."""
    return URN + qualified


def article(document: str) -> str:
    """The qualified name of an article."""
    return identifier("article", document)


def outlet(name: str) -> str:
    """The qualified name of an outlet or agency; case does not matter."""
    return identifier("outlet", name.casefold())


def source(name: str, kind: SourceKind | str, document: str, outlet_name: str | None = None) -> str:
    """The qualified name of a source: an outlet's, one for all articles, or one for each article (`PER_ARTICLE`)."""
    if kind in PUBLISHERS:
        return outlet(outlet_name or name)
    if kind in PER_ARTICLE:
        return identifier("source", kind, name, document)
    return identifier("source", kind, name.casefold())


def web_address(url: str | None) -> str:
    """An address that may stand as a link: http or https, with nothing in it that no address has; else empty."""
    text = (url or "").strip()
    if not _WEB.match(text):
        return ""
    # what is encoded already stays; what must not stand in an IRI is encoded
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~", errors="surrogatepass")
