"""What a page's body says of its origin outside the running text: bylines, republish notices, links to the source.

Found by the forms that real pages have. Whether a byline names an agency or a person is left to the attribution stage.
Captions, navigation, comments, related articles and hidden elements are passed over: a photo credit says nothing of the
text, and a teaser's byline belongs to another article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.etree import XPath

from provenance.ingest import addresses
from provenance.ingest.metadata import PageMetadata
from provenance.model import PageCredit
from provenance.settings import IngestSettings

Tree = Any  # an lxml element; lxml has no types

# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on
"""Elements that begin and end a paragraph."""

# fmt: off
UNSEEN = frozenset({
    "script", "style", "template", "noscript", "head", "title", "iframe", "object", "embed", "svg", "math",
    "canvas", "audio", "video", "select", "option", "button", "input", "textarea", "datalist",
})
# fmt: on
"""Elements whose text is not shown as text."""

_APART = UNSEEN | {"figure", "figcaption", "nav", "form", "picture", "caption", "aside"}
_APART_CLASS = re.compile(
    r"(?:comments?|comment-.{0,40}|disqus.{0,40}|respond|related.{0,40}|sidebar|side-bar|widget|widget-area|"
    r"(?:.{0,40}[-_])?caption(?:[-_].{0,40})?|wp-caption.{0,40}|"
    r"(?:photo|image|img|picture|media)[-_]?(?:credit|caption|source).{0,20}|"
    r"gallery.{0,40}|newsletter.{0,40}|cookie.{0,40}|consent.{0,40}|recommend.{0,40}|trending.{0,40}|popular.{0,40}|"
    r"most-read.{0,20}|more-(?:news|stories|from).{0,20}|teaser.{0,40}|share.{0,20}|social.{0,20}|breadcrumbs?|"
    r"menu.{0,20}|nav(?:bar|igation)?)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE)
_BYLINE_TOKENS = frozenset({"byline", "bylines", "author", "authors", "writer", "agency", "source", "contributor"})
_NO_BYLINE_TOKENS = frozenset(
    {"bio", "avatar", "image", "photo", "comment", "social", "share", "twitter", "follow", "email"}
)

_NAME = r"(?P<name>[^\n]{1,160})"
_OPENING = r"^[\s\W_]{0,6}"
# what a notice speaks of, so that "the suspect first appeared in Boston" is none
_PIECE = (
    r"(?:articles?|stor(?:y|ies)|post|piece|report|column|op-?ed|essay|interview|commentary|analysis|editorial|blog|content|"
    r"text|translation)"
)
_FIRST = r"(?:originally|first|previously|initially)"
_APPEARED = r"(?:published|posted|appeared|appears|ran|printed|aired|written)"
_NOTICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bthe post\b.{0,300}?\b(?:appeared first|first appeared) (?:on|at|in) " + _NAME,
        rf"(?:{_OPENING}|\b{_PIECE}\b.{{0,60}}?\b){_FIRST} (?:was )?{_APPEARED}"
        r"(?: \w{1,20}){0,2}? (?:on|at|in|by|with|for) " + _NAME,
        rf"(?:{_OPENING}|\b{_PIECE}\b.{{0,60}}?\b){_APPEARED} {_FIRST}(?: \w{{1,20}}){{0,2}}? (?:on|at|in|by) " + _NAME,
        rf"\bas it (?:originally |first ){_APPEARED} (?:on|at|in) " + _NAME,
        r"\b(?:re-?published|re-?printed|re-?posted|cross-?posted|syndicated|reproduced)(?: here| \w{1,20}){0,2}?"
        r"(?: with (?:the )?(?:kind |express )?permission)? (?:from|of|at|on) " + _NAME,
        r"\bposted (?:here )?with (?:the )?(?:kind )?permission (?:from|of|by) " + _NAME,
        _OPENING
        + r"(?:впервые опубликовано|первоначально опубликовано|перепечатано|опубликовано)(?: на| в| из)\s{1,3}"
        + _NAME,
        _OPENING + r"по материалам\s{1,3}" + _NAME,
        r"\b(?:zuerst|ursprünglich) (?:erschienen|veröffentlicht)(?: \w{1,20}){0,2}? (?:in|auf|bei|im|am|von) " + _NAME,
        r"\b(?:initialement|d['’]abord|originellement) (?:publiée?s?|parue?s?)(?: \w{1,20}){0,2}? "
        r"(?:sur|dans|par|chez) " + _NAME,
        r"\b(?:publicad[oa]s?|aparecid[oa]s?) originalmente(?: \w{1,20}){0,2}? (?:en|por) " + _NAME,
        _OPENING + r"(?:转载自|原载于?|本文来自|本文转自)\s{0,3}[:：]?\s{0,3}" + _NAME,
    )
)
_LABELS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _OPENING
        + r"(?:(?:original |news |article )?sources?|via|h/t|hat tip|courtesy(?: of)?|Источники?|Оригинал|Quellen?|"
        r"Fuentes?|Vía|المصدر|来源|文章来源|稿源)\s{0,3}[:：]\s{0,3}" + _NAME,
        _OPENING + r"(?:h/t|hat tip(?: to)?|courtesy of)\s{1,3}" + _NAME,
    )
)
_VIA = re.compile(_OPENING + r"[Vv]ia (?P<name>(?:[A-Z]|www\.)[^\n]{1,80})$")
# What stands behind "Source:" and "Via" without being the origin of a text
_NO_ORIGIN = re.compile(
    r"\W{0,3}(?:getty|shutterstock|i?stock|unsplash|flickr|wikimedia|pixabay|pexels|adobe ?stock|alamy|depositphotos|"
    r"e-?mail|facebook|twitter|whatsapp|telegram|instagram|youtube|tiktok|linkedin|rss|the internet|google|app\b|"
    r"screenshot|photos?\b|images?\b|video\b|file photo)",
    re.IGNORECASE,
)
_GENERIC_ANCHOR = re.compile(
    r"(?:click )?(?:here|link|this(?: link| article)?|source(?: link)?|original|website|site)", re.IGNORECASE
)
_NAME_END = re.compile(
    r"\s{1,3}(?:here|on (?:\w{3,9} \d|\d)|and (?:is|was|has)|under|with (?:the )?permission|licensed)\b|[|;()\[\]]|"
    r"[.。!]\s|[.。!]$"
)
_DATE = re.compile(
    r"\d|(?:(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r".{1,60}? (?:at|on|in|for) ", re.IGNORECASE)
_SOURCE_LINK = re.compile(
    r"\W{0,4}(?:(?:original |article |news )?source(?: link| article)?|via|"
    r"(?:link to |go to |view |see )?(?:the )?original(?: (?:article|source|link|story|post|text))?|"
    r"(?:read|continue reading) (?:the )?(?:original|full|whole|entire|rest of the)(?: original)? "
    r"(?:article|story|post|report|text)(?: (?:here|on|at|from) .{0,60}| here)?|"
    r"источник|оригинал(?: статьи)?|quelle|originalartikel|zum original|lien source|source originale|article original|"
    r"fuente(?: original)?|art[ií]culo original|المصدر|الأصل|来源|原文|原文链接|阅读原文|查看原文)\W{0,4}",
    re.IGNORECASE,
)


_SEEN_TEXT = XPath(f".//text()[not({' or '.join(f'ancestor::{tag}' for tag in sorted(UNSEEN))})]")


def squeeze(text: str) -> str:
    """The text with each run of white space made one space."""
    return " ".join(text.split())


def short_text(element: Tree, limit: int) -> str | None:
    """The text of an element, white space squeezed; None where it is longer than `limit` or empty."""
    parts: list[str] = []
    length = 0
    unseen = next(element.iter(*UNSEEN), None) is not None
    for part in _SEEN_TEXT(element) if unseen else element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > limit:
            return None
    text = squeeze("".join(parts))
    return text if 0 < len(text) <= limit else None


def is_hidden(element: Tree) -> bool:
    """Whether an element's own markup hides it from readers."""
    return element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or "") is not None


def page_credits(tree: Tree, page: PageMetadata, main_text: str, settings: IngestSettings) -> list[PageCredit]:
    """Bylines, republish notices and links to the source that stand on a page.

    Args:
        tree: the parsed page, which is not changed.
        page: what its head says, to tell its own house from others.
        main_text: the text that was extracted. A notice that is in it is left to the attribution stage, unless it links
            to another house: the link is not in the text.
        settings: limits.
    """
    kept = " ".join(main_text.split())
    bylines = [PageCredit("byline", name, name) for name in page.authors]
    found: list[PageCredit] = []
    marked: list[str] = []
    within: set[Tree] = set()
    notices = 0
    for element in islice(_elements(tree), settings.maximum_page_elements):
        if max(notices, len(found)) >= settings.maximum_page_credits:
            break
        parent = element.getparent()
        if parent is not None and parent in within:
            within.add(element)
            continue
        notice = _notice(element, page, settings) if _may_be_notice(element) else None
        if notice is not None:
            notices += 1
            within.add(element)
            if notice.text not in kept or notice.url is not None:
                found.append(notice)
        elif _is_byline(element) and (text := short_text(element, settings.byline_characters)) is not None:
            within.add(element)
            marked.append(text)
        elif element.tag == "a" and (link := _source_link(element, page, settings)) is not None:
            found.append(link)
    distinct = list(dict.fromkeys(marked))
    if len(distinct) <= settings.maximum_bylines:
        names = {name.casefold() for name in page.authors}
        bylines += [PageCredit("byline", text) for text in distinct if text.casefold() not in names]
    return list(dict.fromkeys([*bylines, *found]))[: settings.maximum_page_credits]


def _elements(tree: Tree) -> Iterator[Tree]:
    """Elements of the page's own article in document order, without what stands apart from it."""
    articles = list(tree.iter("article"))
    main = next((article for article in articles if article.find(".//h1") is not None), None)
    stack = [tree]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in UNSEEN:
            continue
        if element.tag in _APART or is_hidden(element) or _stands_apart(element):
            continue
        if main is not None and element.tag == "article" and not _related(element, main):
            continue
        yield element
        stack.extend(reversed(element))


def _stands_apart(element: Tree) -> bool:
    marks = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if element.tag in {"html", "body", "main", "article"} or not any(
        _APART_CLASS.fullmatch(mark) for mark in marks[:20]
    ):
        return False
    # a wrapper of the whole page may carry such a class for its layout
    return element.find(".//h1") is None and element.find(".//article") is None


def _related(element: Tree, main: Tree) -> bool:
    return element is main or main in element.iterancestors() or element in main.iterancestors()


def _is_byline(element: Tree) -> bool:
    if "author" in (element.get("rel") or "").lower().split():
        return True
    if {"author", "creator"} & set((element.get("itemprop") or "").lower().split()):
        return True
    tokens = set(re.split(r"[\s_-]+", (element.get("class") or "").lower()[:500]))
    return bool(tokens & _BYLINE_TOKENS) and not tokens & _NO_BYLINE_TOKENS


def _may_be_notice(element: Tree) -> bool:
    """Paragraphs, and outermost inline elements: a notice may be set in italics at the end of a long paragraph."""
    if element.tag in BLOCKS:
        return next(element.iterdescendants(*BLOCKS), None) is None
    parent = element.getparent()
    return parent is not None and parent.tag in BLOCKS and element.tag != "a"


def _notice(element: Tree, page: PageMetadata, settings: IngestSettings) -> PageCredit | None:
    text = short_text(element, settings.notice_characters)
    if text is None:
        return None
    match = next((match for pattern in _NOTICES if (match := pattern.search(text))), None)
    labelled = match is None
    if match is None:
        match = next((match for pattern in (*_LABELS, _VIA) if (match := pattern.search(text))), None)
        if match is None or _NO_ORIGIN.match(match["name"]) or _belongs_to_picture(element):
            return None
    tail = match["name"]
    anchors = [
        (squeeze("".join(anchor.itertext())), addresses.absolute(anchor.get("href"), page.url))
        for anchor in element.iter("a")
        if not (anchor.get("href") or "#").startswith("#")
    ]
    outside = [(words, address) for words, address in anchors if address is not None and not page.is_own(address)]
    named = [(words, address) for words, address in outside if words and words in tail]
    name = _name(tail, by_person=text[: match.start("name")].lower().endswith("by "), labelled=labelled)
    if name is None and not named:
        return None
    if not outside:
        # every link of it leads home (as a path without a host does), or it has none and names this very site
        own = page.is_own_name(name) or any(words and words in tail for words, _ in anchors)
        return None if own else PageCredit("republish-notice", text, name)
    words, address = (named or outside)[-1 if "the post" in text.casefold() else 0]
    if words in tail and words and not _GENERIC_ANCHOR.fullmatch(words):
        name = words
    return PageCredit("republish-notice", text, name or addresses.host(address), address)


def _name(tail: str, *, by_person: bool, labelled: bool) -> str | None:
    """The name the words behind a cue begin with: "Jane Roe at Example Post on May 5." gives "Example Post".

    None where they begin with a date, or in lower case as few names do; such a name must stand alone behind a label.

    Args:
        tail: the words.
        by_person: whether "by" stands before them, so that the place behind the person is meant.
        labelled: whether a label such as "Source:" stands before them.
    """
    place = _PLACE.match(tail) if by_person else None
    if place is not None:
        tail = tail[place.end() :]
    end = _NAME_END.search(tail)
    name = (tail[: end.start()] if end else tail).strip(" \t.,:;/–—-\"'“”«»*")
    name = name.removeprefix("the ")
    if not name or _DATE.match(name):
        return None
    lower = name[0].islower() and "." not in name
    return None if lower and not (labelled and " " not in name) else name


def _belongs_to_picture(element: Tree) -> bool:
    """Whether the element stands right under a picture, chart or table, whose source it then names."""
    previous = element.getprevious()
    while previous is not None and not isinstance(previous.tag, str):
        previous = previous.getprevious()
    if previous is None or (previous.tail or "").strip():
        return False
    kinds = ("figure", "img", "picture", "iframe", "table", "svg", "canvas", "video")
    if previous.tag in kinds:
        return True
    return next(previous.iter(*kinds), None) is not None and not squeeze("".join(previous.itertext()))


def _source_link(anchor: Tree, page: PageMetadata, settings: IngestSettings) -> PageCredit | None:
    text = short_text(anchor, settings.byline_characters)
    if text is None or _SOURCE_LINK.fullmatch(text) is None:
        return None
    address = addresses.absolute(anchor.get("href"))
    if address is None or page.is_own(address):
        return None
    return PageCredit("source-link", text, addresses.host(address), address)
