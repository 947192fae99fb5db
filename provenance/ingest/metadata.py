"""What a page says of itself in its head and JSON-LD: title, outlet, address, author, date, language and origin.

Read before main-text extraction, which drops it. Read from a file a page has no address, so its own host is inferred:
from the note a browser leaves when it saves a page, `og:url`, JSON-LD, the links of its content system, its site name.
A canonical link (RFC 6596) to another house than those name is a credit; one that nothing contradicts is the page's own
address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from provenance.ingest import addresses
from provenance.ingest.dates import parse_date
from provenance.ingest.json_ld import JsonLd, read_json_ld
from provenance.ingest.records import language_tag
from provenance.model import DateInterval, PageCredit
from provenance.settings import IngestSettings

Tree = Any  # an lxml element; lxml has no types

_SAVED_FROM = re.compile(r"<!--\s{0,20}saved from url=\(\d{1,6}\)(\S{1,2000})", re.IGNORECASE)
_SINGLE_FILE = re.compile(r"Page saved with SingleFile\s{1,20}url:\s{0,20}(\S{1,2000})", re.IGNORECASE)
_PICTURE = re.compile(
    r"\b(?:photos?|photograph\w{0,3}|images?|pictures?|foto|bild|video|graphic|illustration|getty|shutterstock|istock)\b",
    re.IGNORECASE,
)
_SHORT_ADDRESS = re.compile(r"\?p=\d")

_PUBLISHED_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "dcterms.created",
    "citation_publication_date",
    "publish-date",
    "publication_date",
    "publishdate",
    "pubdate",
    "date",
)
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
)
_PUBLISHER_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "publisher")
_CREDIT_NAMES = {
    "syndication-source": "syndication-source",
    "syndication_source": "syndication-source",
    "original-source": "original-source",
    "original_source": "original-source",
}


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself.

    Attributes:
        url: its own address; None where only another house's is known.
        hosts: hosts that are the page's own as far as known.
        authors: the authors as its head and JSON-LD name them, for the bylines.
        credits: origins named in head and JSON-LD.
    """

    title: str | None
    outlet: str | None
    url: str | None
    author: str | None
    published: DateInterval | None
    language: str | None
    hosts: frozenset[str]
    authors: tuple[str, ...]
    credits: tuple[PageCredit, ...]

    def is_own(self, address: str | None) -> bool:
        """Whether an address belongs to the house of this page; True for what is no address."""
        other = addresses.host(address)
        return other is None or any(addresses.same_house(other, own) for own in self.hosts)

    def is_own_name(self, name: str | None) -> bool:
        """Whether a name is that of this page's outlet."""
        return name is not None and self.outlet is not None and _key(name) == _key(self.outlet)


@dataclass(frozen=True, slots=True)
class _Head:
    """The parts of a page that metadata is read from."""

    tree: Tree
    source: str
    metas: dict[str, list[str]]
    canonical: str | None
    og_url: str | None
    saved_from: str | None

    def first(self, *names: str) -> str | None:
        """The first non-empty content of these names."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)


def read_metadata(tree: Tree, source: str, settings: IngestSettings, address: str | None = None) -> PageMetadata:
    """Read the head, JSON-LD and date elements of a page.

    Args:
        tree: the parsed page, which is not changed.
        source: the page's markup, of which only the beginning is looked at for the note of a saved page.
        settings: limits.
        address: where the page was fetched from; stands in place of such a note.
    """
    head = _head(tree, source[: settings.sniff_bytes], address)
    titles = _titles(head)
    known = {address for address in (head.canonical, head.og_url, head.saved_from) if address}
    scripts = [script.text for script in tree.iter("script") if script.text and _is_json_ld(script)]
    data = read_json_ld(scripts, settings, known=known, titles={title.casefold() for title in titles})
    site_name = head.first("og:site_name", "application-name")
    outlet = _outlet(head, data)
    contradiction = _contradiction(head, data, site_name)
    url = _own_address(head, data, crossed=contradiction is not None)
    hosts = _own_hosts(head, data, url, crossed=contradiction is not None)
    authors = _authors(head, data)
    page = PageMetadata(
        title=data.text("headline") or (titles[0] if titles else None),
        outlet=outlet,
        url=url,
        author="; ".join(authors) or None,
        published=_published(head, data, settings),
        language=_language(head),
        hosts=hosts,
        authors=authors,
        credits=(),
    )
    found = tuple(_credits(head, data, page, contradiction))[: settings.maximum_page_credits]
    return PageMetadata(
        **{name: getattr(page, name) for name in PageMetadata.__slots__ if name != "credits"}, credits=found
    )


def _is_json_ld(script: Tree) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum()).removeprefix("the")


def _squeeze(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


def _head(tree: Tree, source: str, address: str | None) -> _Head:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = _squeeze(meta.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = meta.get(attribute)
            if name and content:
                metas.setdefault(name.strip().lower(), []).append(content)
    saved = _SAVED_FROM.search(source) or _SINGLE_FILE.search(source)
    saved_from = addresses.absolute(address) or (addresses.absolute(saved.group(1)) if saved else None)
    og_url = next((url for value in metas.get("og:url", ()) if (url := addresses.absolute(value, saved_from))), None)
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    base = og_url or saved_from
    canonical = next((url for href in links if (url := addresses.absolute(href, base))), None)
    return _Head(tree, source, metas, canonical, og_url, saved_from)


def _titles(head: _Head) -> list[str]:
    found = [*head.metas.get("og:title", ()), *head.metas.get("twitter:title", ())]
    headings = [text for heading in head.tree.iter("h1") if (text := _squeeze("".join(heading.itertext())))]
    if len(headings) == 1:
        found.append(headings[0])
    for title in head.tree.iter("title"):
        if title.getparent() is not None and title.getparent().tag == "head" and _squeeze(title.text):
            found.append(_squeeze(title.text))
            break
    return list(dict.fromkeys(found))


def _outlet(head: _Head, data: JsonLd) -> str | None:
    name = head.first("og:site_name")
    if name:
        return name
    publisher = next((entity.name for entity in data.entities("publisher") if entity.name), None)
    site = data.site.get("name")
    if publisher:
        return publisher
    names = [
        value for key in _PUBLISHER_NAMES for value in head.metas.get(key, ()) if addresses.absolute(value) is None
    ]
    return next(iter(names), None) or (_squeeze(site) or None if isinstance(site, str) else None)


def _authors(head: _Head, data: JsonLd) -> tuple[str, ...]:
    names = [entity.name for entity in data.entities("author") if entity.name]
    if not names:
        names = [
            value
            for name in _AUTHOR_NAMES
            for value in head.metas.get(name, ())
            if addresses.absolute(value) is None and not value.startswith(("/", "@"))
        ]
    return tuple(dict.fromkeys(names))


def _language(head: _Head) -> str | None:
    root = head.tree.getroottree().getroot()
    lang = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    return language_tag(lang) or language_tag(head.first("og:locale", "content-language", "language"))


def _published(head: _Head, data: JsonLd, settings: IngestSettings) -> DateInterval | None:
    candidates = [
        data.text("datePublished"),
        *(value for name in _PUBLISHED_NAMES for value in head.metas.get(name, ())),
    ]
    for element in head.tree.iter():
        if isinstance(element.tag, str) and "datepublished" in (element.get("itemprop") or "").lower().split():
            candidates.append(element.get("datetime") or element.get("content") or _squeeze(element.text))  # noqa: PERF401
    for candidate in candidates:
        found = parse_date(candidate, settings) if candidate else None
        if found is not None:
            return found
    return _time_element(head.tree, settings)


def _time_element(tree: Tree, settings: IngestSettings) -> DateInterval | None:
    """The date of the `<time>` that is marked as publication, or of the only one; several unmarked ones say nothing."""
    times = [time for time in tree.iter("time") if time.get("datetime")]
    marked = [
        time
        for time in times
        if time.get("pubdate") is not None
        or {"published", "entry-date", "dt-published", "post-date"} & set((time.get("class") or "").lower().split())
    ]
    values = {time.get("datetime") for time in marked or times}
    dates = {found for value in values if (found := parse_date(value, settings)) is not None}
    return dates.pop() if len(dates) == 1 else None


def _site_witnesses(head: _Head, data: JsonLd) -> Iterator[tuple[str, str]]:
    """Addresses by which a page's own content system and site name themselves, each with what says so."""
    site = data.site.get("url")
    if isinstance(site, str):
        yield "JSON-LD WebSite url", site
    for link in head.tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        href = link.get("href") or ""
        if "https://api.w.org/" in rel or ("shortlink" in rel and _SHORT_ADDRESS.search(href)):
            yield f'link rel="{rel[0]}"', href
    for anchor in head.tree.iter("a"):
        if "home" in (anchor.get("rel") or "").lower().split():
            yield 'a rel="home"', anchor.get("href") or ""


def _contradiction(head: _Head, data: JsonLd, site_name: str | None) -> str | None:
    """What shows that the canonical link leads to another house, as words for the evidence; None where nothing does.

    The strongest witness present decides: the note of a saved page, then `og:url`, then the article's address in
    JSON-LD. Where one of these agrees with the canonical link, plugins may have written both from one field, and the
    site's own links and name are still asked.
    """
    target = addresses.host(head.canonical)
    if head.canonical is None or target is None or not addresses.has_path(head.canonical):
        return None
    if head.saved_from is not None and (saved := addresses.host(head.saved_from)) is not None:
        return None if addresses.same_house(saved, target) else f"the page was saved from {head.saved_from}"
    direct = [("og:url", head.og_url), *(("JSON-LD url", address) for address in data.addresses())]
    for label, address in (*direct, *_site_witnesses(head, data)):
        own = addresses.host(address)
        if own is not None and not addresses.same_house(own, target):
            return f"{label} is {address}"
    if site_name is not None and not addresses.name_fits_host(site_name, target):
        return f"the site is named {site_name}"
    return None


def _own_address(head: _Head, data: JsonLd, *, crossed: bool) -> str | None:
    target = addresses.host(head.canonical)
    candidates = [head.og_url, *data.addresses(), head.saved_from]
    if not crossed:
        return next((address for address in (head.canonical, *candidates) if addresses.host(address)), None)
    for address in candidates:
        own = addresses.host(address)
        if own is not None and (target is None or not addresses.same_house(own, target)):
            return address
    return None


def _own_hosts(head: _Head, data: JsonLd, url: str | None, *, crossed: bool) -> frozenset[str]:
    """Hosts of the page itself; where nothing names one, the host that most of its links lead to."""
    found = {addresses.host(url), addresses.host(head.saved_from)}
    found.update(addresses.host(address) for _, address in _site_witnesses(head, data))
    if not crossed:
        found.update(addresses.host(address) for address in (head.canonical, head.og_url, *data.addresses()))
    hosts = {name for name in found if name is not None}
    if not hosts:
        links = Counter(name for anchor in head.tree.iter("a") if (name := addresses.host(anchor.get("href"))))
        common = links.most_common(1)
        if common and common[0][1] >= 3 and common[0][1] * 2 > links.total():
            hosts = {common[0][0]}
    return frozenset(hosts)


def _credits(head: _Head, data: JsonLd, page: PageMetadata, contradiction: str | None) -> Iterator[PageCredit]:
    if contradiction is not None:
        markup = f'<link rel="canonical" href="{head.canonical}">, and {contradiction}'
        yield PageCredit("canonical", markup, url=head.canonical)
    for kind, value in _named_sources(head):
        if value.startswith(("/", "#", ".")):
            continue  # a path leads to the page's own house
        address = addresses.absolute(value)
        if address is not None and not page.is_own(address):
            yield PageCredit(kind, f'{kind}: "{value}"', url=address)
        elif address is None and not page.is_own_name(value):
            yield PageCredit(kind, f'{kind}: "{value}"', name=value)
    for entity in data.entities("isBasedOn") + data.entities("isBasedOnUrl"):
        if not page.is_own_name(entity.name) and (entity.url is None or not page.is_own(entity.url)):
            yield PageCredit("is-based-on", f'"isBasedOn": "{entity.url or entity.name}"', entity.name, entity.url)
    words = data.text("creditText")
    if words is not None and not page.is_own_name(words) and _PICTURE.search(words) is None:
        yield PageCredit("credit-text", f'"creditText": "{words}"', words)
    for entity in data.entities("sourceOrganization"):
        if not page.is_own_name(entity.name) and (entity.url is None or not page.is_own(entity.url)):
            text = f'"sourceOrganization": "{entity.name or entity.url}"'
            yield PageCredit("source-organization", text, entity.name, entity.url)


def _named_sources(head: _Head) -> Iterator[tuple[str, str]]:
    for name, kind in _CREDIT_NAMES.items():
        for value in head.metas.get(name, ()):
            yield kind, value
    for link in head.tree.iter("link"):
        for rel in (link.get("rel") or "").lower().split():
            if rel in _CREDIT_NAMES and link.get("href"):
                yield _CREDIT_NAMES[rel], link.get("href")
