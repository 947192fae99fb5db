"""JSON-LD of a page: the nodes that speak of its own article (schema.org vocabulary; W3C JSON-LD 1.1, section 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from provenance.ingest import addresses
from provenance.ingest.encodings import without_surrogates
from provenance.settings import IngestSettings

Node = dict[str, Any]

_ARTICLES = frozenset({"blogposting", "liveblogposting", "socialmediaposting", "report", "creativework", "analysis"})
_PAGES = frozenset({"webpage", "itempage", "aboutpage"})
_OWN_PAGE_KEYS = ("url", "mainEntityOfPage", "@id")
_SAMPLE_HOSTS = frozenset({"google.com", "schema.org"})  # left from the documentation that pages are copied from


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization or work that a property names."""

    name: str | None
    url: str | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class JsonLd:
    """What a page's JSON-LD holds.

    Attributes:
        article: the node of the page's own article, or else of the page; empty where there is none or no telling which.
        site: the node of the website, empty where there is none.
        by_id: nodes that have an `@id` and a name, to which others refer.
    """

    article: Node = field(default_factory=dict)
    site: Node = field(default_factory=dict)
    by_id: dict[str, Node] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A property of the article that is a text."""
        return _text(self.article.get(name))

    def entities(self, name: str) -> list[Entity]:
        """Whom or what a property of the article names, one or several."""
        return self._entities(self.article.get(name))

    def _entities(self, value: Any, depth: int = 3) -> list[Entity]:
        if depth <= 0:
            return []
        if isinstance(value, list):
            return [entity for item in value for entity in self._entities(item, depth - 1)]
        if isinstance(value, str):
            text = _text(value)
            address = addresses.absolute(text)
            return [Entity(None if address else text, address)] if text else []
        if not isinstance(value, dict):
            return []
        identity = _text(value.get("@id"))
        node = {**self.by_id.get(identity, {}), **value} if identity else value
        name = _text(node.get("name")) or _text(node.get("legalName"))
        if _is_article(node):  # a work's name is its title; who is named is who published it
            name = next(
                (entity.name for entity in self._entities(node.get("publisher"), depth - 1) if entity.name), None
            )
        url = addresses.absolute(_text(node.get("url"))) or addresses.absolute(identity)
        return [Entity(name, url, " ".join(sorted(_types(node))))] if name or url else []

    def addresses(self) -> list[str]:
        """Addresses the article gives as its own."""
        found = []
        for key in _OWN_PAGE_KEYS:
            value = self.article.get(key)
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            address = addresses.absolute((_text(value) or "").partition("#")[0])  # ids are often address#article
            if address is not None and address not in found and addresses.host(address) not in _SAMPLE_HOSTS:
                found.append(address)
        return found


def _text(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str):
        return None
    return " ".join(unescape(value).split()) or None


def _types(node: Node) -> set[str]:
    value = node.get("@type")
    kinds = value if isinstance(value, list) else [value]
    return {kind.rpartition("/")[2].rpartition(":")[2].lower() for kind in kinds if isinstance(kind, str)}


def read_json_ld(scripts: list[str], settings: IngestSettings, *, known: set[str], titles: set[str]) -> JsonLd:
    """The JSON-LD of a page; scripts that are no JSON are passed over, as browsers and search engines do.

    Args:
        scripts: the contents of `<script type="application/ld+json">`.
        settings: `json_ld_depth`.
        known: addresses the page gives for itself elsewhere, to tell its article from others it lists.
        titles: titles the page gives elsewhere, in lower case, for the same.
    """
    nodes = [node for script in scripts for node in _nodes(_load(script), settings.json_ld_depth)]
    by_id: dict[str, Node] = {}
    for node in nodes:
        identity = _text(node.get("@id"))
        if identity and _text(node.get("name")):
            by_id.setdefault(identity, node)
    articles = [node for node in nodes if _is_article(node)]
    pages = [node for node in nodes if _types(node) & _PAGES]
    sites = [node for node in nodes if "website" in _types(node)]
    article = _own(articles, known, titles) if articles else _own(pages, known, titles)
    return JsonLd(article, sites[0] if sites else {}, by_id)


def _load(script: str) -> Any:
    cleaned = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    cleaned = cleaned.removeprefix("//<![CDATA[").removeprefix("<![CDATA[").removesuffix("]]>").strip()
    cleaned = cleaned.removesuffix("//").strip().rstrip(";")
    try:
        value = json.loads(cleaned, strict=False)
        if "\\ud" in cleaned.lower():  # an escape may stand for half a character, which no text can hold
            value = json.loads(without_surrogates(json.dumps(value, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None
    return value


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    """Objects that stand for themselves: not what is only part of another, such as its picture or a related article."""
    if depth <= 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth - 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from _nodes(value.get("@graph"), depth - 1)
        if isinstance(value.get("mainEntity"), dict):
            yield from _nodes(value["mainEntity"], depth - 1)


def _is_article(node: Node) -> bool:
    return any(kind.endswith("article") or kind in _ARTICLES for kind in _types(node))


def _own(candidates: list[Node], known: set[str], titles: set[str]) -> Node:
    if len(candidates) < 2:
        return candidates[0] if candidates else {}
    by_address = [node for node in candidates if known & set(JsonLd(node).addresses())]
    if by_address:
        return by_address[0]
    by_title = [node for node in candidates if (_text(node.get("headline")) or "").casefold() in titles]
    return by_title[0] if by_title else {}
