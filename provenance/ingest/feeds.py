"""Feeds (RSS 0.9x, 1.0, 2.0, Atom) and lists of feeds (OPML 2.0).

A feed is untrusted XML. It is decoded as pages are, its DOCTYPE is dropped before anything reads it, so that no entity
can be declared, and libxml2 mends what is not well-formed, without network and within its limits of depth and size.
What comes out is handed to feedparser, which knows the vocabularies; it is given bytes, never an address.

An entry is an article only where it holds the whole text. Most feeds hold a beginning.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.ingest import addresses, encodings
from provenance.ingest.archives import page_id
from provenance.ingest.bounded import few_attributes
from provenance.ingest.dates import parse_date
from provenance.ingest.metadata import PageMetadata
from provenance.ingest.records import language_tag
from provenance.model import Article, DateInterval, PageCredit
from provenance.settings import IngestSettings

Tree = Any  # an lxml element; lxml has no types

_ROOT = re.compile(r"<(?:\w{1,40}:)?(rss|feed|rdf|opml)[\s/>]", re.IGNORECASE)
_SPACE = re.compile(r"[\s\ufeff]{0,99999}")
_SUBSET_END = re.compile(r"\]\s{0,99}>")
_MAXIMUM_PROLOG = 50  # declarations, comments and instructions before the root; feeds have up to five
_AMPERSAND = re.compile(r"&(?:(#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,30});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)[\s\"'”’»)\]]{0,9}$")
_TAIL = 60
# what feedparser lets through on values that it did not expect
_FEEDPARSER_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, ArithmeticError)
_TEXTS = frozenset({"content", "description", "encoded", "summary"})
"""Elements that hold the text of an entry; everything else in a feed is a label."""
_LONG_LABELS = frozenset({"guid", "id", "link", "title", "url"})
"""Labels that may be long; the others are names and dates."""
# What feeds mean by these prefixes where they forget to say it
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed.

    Attributes:
        id: what its feed calls it (`guid`, `id`), else its address, else a hash of its words.
        url: the page it leads to, absolute.
        published: as the feed says; the date of the last change is none.
        updated: when it was last changed, as the feed writes it; empty where it does not say.
        summary: markup; often only a beginning.
        content: what the feed gives as the text itself; empty where it gives only a summary.
        markup: whether summary and content are HTML, not plain text.
        source_name: the feed or outlet that the entry is said to come from, where that is another one.
        source_url: its address.
    """

    id: str
    url: str | None
    title: str | None
    author: str | None
    published: DateInterval | None
    updated: str
    summary: str
    content: str
    markup: bool
    language: str | None
    source_name: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was at one moment, its entries in its own order.

    Attributes:
        title: the name of the outlet, in most feeds.
        url: the site that it is the feed of.
    """

    title: str | None
    url: str | None
    language: str | None
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed that a list (OPML) names."""

    url: str
    title: str | None


def kind_of(text: str) -> str:
    """What an XML text is by its root: `feed`, `opml`, or empty for everything else."""
    root = _ROOT.match(text, _root_at(text))
    if root is None:
        return ""
    return "opml" if root[1].lower() == "opml" else "feed"


def feed_entries(data: bytes, base: str, settings: IngestSettings, *, charset: str | None = None) -> Feed:
    """Read a feed.

    Args:
        data: as it was fetched or lies in a file.
        base: its address, or the name of its file; relative addresses start there.
        settings: limits.
        charset: the encoding that the server declared.

    Raises:
        InputError: it is no feed, has no entry, is larger than `maximum_feed_bytes`, or no text at all.
    """
    declared = encodings.known_charset(charset) if charset else None
    declared = declared or encodings.declared_charset(data[: settings.sniff_bytes])
    _check_size(len(data), base, settings)
    return read_feed(encodings.decode(data, settings, where=base, declared=declared), base, settings)


def read_feed(text: str, base: str, settings: IngestSettings) -> Feed:
    """Read a feed that is decoded already; see `feed_entries`."""
    import feedparser  # noqa: PLC0415 - for feeds only
    from lxml import etree  # noqa: PLC0415 - for pages and feeds only

    if kind_of(text) != "feed":
        raise MalformedError("not an RSS or Atom feed", where=base, remedy="check the address or the file")
    root = _tree(text, base, settings)
    clean = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": addresses.absolute(base) or ""}
    # sanitised later, by the reader that every page goes through
    try:
        parsed = feedparser.parse(
            io.BytesIO(clean), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _FEEDPARSER_ERRORS as error:
        raise MalformedError(
            "a feed that cannot be read", where=base, remedy="check the address or the file"
        ) from error
    head = parsed["feed"]
    dated_by_update = str(parsed.get("version") or "").startswith("rss")
    feed = Feed(
        title=_words(_text(head, "title"), markup=True),
        url=addresses.absolute(_text(head, "link"), base),
        language=language_tag(_text(head, "language")),
        entries=(),
    )
    found = [_entry(each, feed, base, settings, dated_by_update=dated_by_update) for each in parsed["entries"]]
    if not found:
        raise EmptyInputError("a feed without entries", where=base, remedy="leave it out")
    return replace(feed, entries=tuple(found))


def opml_feeds(data: bytes, where: str, settings: IngestSettings) -> tuple[ListedFeed, ...]:
    """The feeds that a list names, folders within it included, each once, in its order.

    Raises:
        InputError: it is no OPML, names no feed, or is larger than `maximum_feed_bytes`.
    """
    _check_size(len(data), where, settings)
    declared = encodings.declared_charset(data[: settings.sniff_bytes])
    text = encodings.decode(data, settings, where=where, declared=declared)
    if kind_of(text) != "opml":
        raise MalformedError("not an OPML list of feeds", where=where, remedy="export it from a feed reader again")
    found: dict[str, ListedFeed] = {}
    for outline in _tree(text, where, settings).iter("outline"):
        attributes = {str(name).lower(): value for name, value in outline.attrib.items()}
        url = attributes.get("xmlurl", "").strip()
        if url:
            title = _words(attributes.get("title") or attributes.get("text") or "", markup=False)
            found.setdefault(url, ListedFeed(url, title))
    if not found:
        raise EmptyInputError("a list without feeds", where=where, remedy="leave it out")
    return tuple(found.values())


def entry_article(feed: Feed, entry: FeedEntry, where: str, settings: IngestSettings) -> Article | None:
    """An entry as an article, or None where the feed holds only the beginning of its text.

    Raises:
        InputError: its markup cannot be read.
    """
    for text, whole in ((entry.content, True), (entry.summary, False)):
        if not text:
            continue
        article = _article(feed, entry, text, where, settings)
        if article is None or _CUT_OFF.search(article.text[-_TAIL:]) is not None:
            continue
        if whole or len(article.text) >= settings.feed_full_characters:
            return article
    return None


def feed_articles(feed: Feed, where: str, settings: IngestSettings) -> Iterator[tuple[str, Article] | InputError]:
    """The entries of a feed that are articles, each with its place; one error tells how many are not."""
    beginnings = 0
    for number, entry in enumerate(feed.entries, start=1):
        place = f"{where}, entry {number}"
        try:
            article = entry_article(feed, entry, place, settings)
        except InputError as error:
            yield error
            continue
        if article is None:
            beginnings += 1
        else:
            yield place, article
    if beginnings:
        yield beginnings_only(beginnings, len(feed.entries), where)


def beginnings_only(count: int, entries: int, where: str) -> InputError:
    """What is said of entries whose text the feed does not hold."""
    what = f"{count:,} of its {entries:,} entries hold only the beginning of their text"
    return EmptyInputError(what, where=where, remedy="`--follow` fetches the pages behind them")


def _check_size(length: int, where: str, settings: IngestSettings) -> None:
    if length > settings.maximum_feed_bytes:
        what = f"a feed of more than {settings.maximum_feed_bytes:,} bytes"
        raise TooLargeError(what, where=where, remedy="split it, or raise ingest.maximum_feed_bytes")


def _root_at(text: str) -> int:
    """Where the root element may begin: behind declarations, comments, instructions and the DOCTYPE."""
    at = 0
    for _ in range(_MAXIMUM_PROLOG):
        space = _SPACE.match(text, at)
        at = space.end() if space is not None else at
        if text.startswith("<?", at):
            end, length = text.find("?>", at), 2
        elif text.startswith("<!--", at):
            end, length = text.find("-->", at), 3
        elif text.startswith("<!", at):
            end, length = text.find(">", at), 1
            bracket = text.find("[", at, end if end >= 0 else None)
            if bracket >= 0:
                subset = _SUBSET_END.search(text, bracket)
                end, length = (subset.end() - 1, 1) if subset is not None else (-1, 0)
        else:
            return at
        if end < 0:
            break
        at = end + length
    return len(text)


def _tree(text: str, where: str, settings: IngestSettings) -> Tree:
    """The root element, made well-formed, of a text whose DOCTYPE is left away."""
    from lxml import etree  # noqa: PLC0415 - for pages and feeds only

    _check_size(len(text), where, settings)
    body, tags = _with_ampersands(text[_root_at(text) :])
    if tags > settings.maximum_feed_tags:
        what = f"a feed with more than {settings.maximum_feed_tags:,} tags"
        raise TooLargeError(what, where=where, remedy="split it, or raise ingest.maximum_feed_tags")
    body = few_attributes(_NO_XML.sub(" ", body), settings.maximum_tag_attributes)
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise MalformedError("XML that cannot be read", where=where, remedy="check the file") from error
    if root is None:
        raise MalformedError("XML that cannot be read", where=where, remedy="check the file")
    if any("xcessive depth" in (entry.message or "") for entry in parser.error_log):
        raise MalformedError("nested too deeply to be read", where=where, remedy="leave it out")
    _declare(root)
    _cut_labels(root, settings)
    return root


def _with_ampersands(text: str) -> tuple[str, int]:
    """The text with names that HTML has and XML has not written out, and how many tags it has; CDATA sections apart."""
    parts: list[str] = []
    at = tags = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            break
        parts += [_AMPERSAND.sub(_ampersand, text[at:start]), text[start : end + 3]]
        tags += text.count("<", at, start)
        at = end + 3
    parts.append(_AMPERSAND.sub(_ampersand, text[at:]))
    return "".join(parts), tags + text.count("<", at)


def _ampersand(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    meant = html.unescape(match[0])  # of numbers, too: libxml2 takes those of half a character, and lxml fails on them
    return f"&amp;{name};" if meant == match[0] else html.escape(meant)


def _declare(root: Tree) -> None:
    """Give names whose prefix was never declared the namespace that it usually stands for."""
    for element in root.iter():
        if isinstance(element.tag, str) and ":" in element.tag and not element.tag.startswith("{"):
            prefix, _, name = element.tag.partition(":")
            element.tag = _named(prefix, name)
        for key in [key for key in element.attrib if ":" in key and not key.startswith("{")]:
            value = element.attrib.pop(key)
            prefix, _, name = key.partition(":")
            element.set(_named(prefix, name), value)


def _cut_labels(root: Tree, settings: IngestSettings) -> None:
    """Cut what is no text of an article: feedparser looks for mail addresses in time that grows with the square."""
    from lxml import etree  # noqa: PLC0415 - for pages and feeds only

    limit = settings.feed_label_characters
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element.tail and len(element.tail) > limit:
                element.tail = element.tail[:limit]
            continue
        for key, value in element.attrib.items():
            if len(value) > limit:
                element.set(key, value[:limit])
        name = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
        if name in _TEXTS:
            walker.skip_subtree()
        elif element.text:
            element.text = element.text[: limit if name in _LONG_LABELS else settings.feed_name_characters]


def _named(prefix: str, name: str) -> str:
    local = _NO_NAME.sub("_", name)
    local = local if local[:1].isalpha() or local.startswith("_") else f"_{local}"  # libxml2 lets x:1 through
    namespace = _NAMESPACES.get(prefix.lower())
    return f"{{{namespace}}}{local}" if namespace else local


def _text(record: Any, name: str) -> str:
    # dict.get: feedparser's own warns where it answers with another field than it was asked for
    value = dict.get(record, name)
    return value if isinstance(value, str) else ""


def _entry(record: Any, feed: Feed, base: str, settings: IngestSettings, *, dated_by_update: bool) -> FeedEntry:
    content = max(
        (part for part in record.get("content") or () if part.get("value")),
        key=lambda part: (part.get("type") != "text/plain", len(part["value"])),
        default=None,
    )
    summary = record.get("summary_detail") or {}
    shown = content or summary
    url = _link(_text(record, "link"), base) if _text(record, "link") else None
    identity = _text(record, "id").strip() or url or _nameless(record, base)
    updated = _text(record, "updated")
    dated = _text(record, "published") or (updated if dated_by_update else "")
    source = record.get("source") or {}
    name, source_url = _words(_text(source, "title"), markup=True), _text(source, "href") or _text(source, "link")
    author = _text(record.get("author_detail") or {}, "name") or _text(record, "author")
    title = record.get("title_detail") or {}
    return FeedEntry(
        id=encodings.without_surrogates(identity),
        url=url,
        title=_words(_text(record, "title"), markup=title.get("type") != "text/plain"),
        author=_words(author, markup=False),
        published=parse_date(dated, settings) if dated else None,
        updated=updated[:200],
        summary=_text(record, "summary"),
        content=str(content["value"]) if content else "",
        markup=shown.get("type") != "text/plain",
        language=language_tag(str(shown.get("language") or "")) or feed.language,
        source_name=name,
        source_url=addresses.absolute(source_url, base),
    )


def _link(address: str, base: str) -> str | None:
    """An address in a feed as an absolute one; None where it is no http or https address."""
    found = addresses.absolute(address, base)
    if found is None:
        try:  # hosts of the user's own network have no dot, or are numbers
            found = urljoin(base if page_id(base) is not None else "", address.strip())
        except ValueError:
            return None
    return found if page_id(found) is not None else None


def _nameless(record: Any, base: str) -> str:
    """An id for an entry that has neither a name nor an address: that of its feed with a hash of what it says."""
    said = "\n".join(_text(record, name) for name in ("title", "summary"))
    return f"{base}#{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _words(text: str, *, markup: bool) -> str | None:
    """A label in one line; of markup its text."""
    if markup and ("<" in text or "&" in text):
        from provenance.ingest.html import text_of  # noqa: PLC0415 - lxml is loaded for pages only

        text = text_of(text)
    return " ".join(encodings.without_surrogates(text).split()) or None


def _article(feed: Feed, entry: FeedEntry, text: str, where: str, settings: IngestSettings) -> Article | None:
    hosts = frozenset(name for name in map(addresses.host, (entry.url, feed.url)) if name is not None)
    page = PageMetadata(
        title=entry.title,
        outlet=feed.title,
        url=entry.url,
        author=entry.author,
        published=entry.published,
        language=entry.language,
        hosts=hosts,
        authors=(entry.author,) if entry.author else (),
        credits=(),
    )
    named: list[PageCredit] = []
    own = page.is_own(entry.source_url) if entry.source_url else page.is_own_name(entry.source_name)
    if entry.source_name and not own:
        words = f'<source url="{entry.source_url or ""}">{entry.source_name}</source>'
        named.append(PageCredit("syndication-source", words, entry.source_name, entry.source_url))
    if entry.markup:
        from provenance.ingest.html import read_fragment  # noqa: PLC0415 - lxml is loaded for pages only

        try:
            text, found = read_fragment(text, page, where, settings)
        except EmptyInputError:
            return None
        named += found
    if not text or text.isspace():
        return None
    address = page_id(entry.url) if entry.url else None
    return Article(
        id=address or entry.id,
        text=encodings.without_surrogates(text),
        title=entry.title,
        outlet=feed.title,
        url=address,
        author=entry.author,
        published=entry.published,
        language=entry.language,
        credits=tuple(named[: settings.maximum_page_credits]),
    )
