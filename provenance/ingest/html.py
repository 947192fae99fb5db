"""Pages to articles: main text by trafilatura, and what the page says of its origin outside it.

Parsed once by lxml without network, external entities or DTDs. Pages nested more deeply than libxml2 follows are parsed
again without the wrappers that nest, so that no text is silently lost.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from provenance.errors import EmptyInputError, MalformedError
from provenance.ingest.bounded import few_attributes
from provenance.ingest.credits import BLOCKS, UNSEEN, is_hidden, page_credits
from provenance.ingest.encodings import without_surrogates
from provenance.ingest.metadata import PageMetadata, read_metadata
from provenance.model import Article, PageCredit
from provenance.settings import IngestSettings

Tree = Any  # an lxml element; lxml has no types

_WRAPPERS = re.compile(
    r"</?(?:div|span|font|b|i|u|em|strong|small|big|center|section|article|main|blockquote|a|ul|ol|li|table|tbody|tr|td|form|"
    r"fieldset|dl|dd|dt|q|s|tt|ins|del|sub|sup|code|kbd|abbr|label|h[1-6])(?:\s[^<>]{0,4000})?>",
    re.IGNORECASE,
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = re.compile(r"[ \t\n\r\f]+")
# marks within a paragraph that cannot come from the page: the parser's input holds no control characters
_BREAK = "\x00"
_CELL_END = "\x01"
# trafilatura's elements: what begins a paragraph of its own in the body it returns, besides those of HTML
_TEXT_BLOCKS = (BLOCKS - {"td", "th"}) | {"head", "quote", "item", "list", "row", "graphic"}
_CELLS = frozenset({"cell", "td", "th"})
_BREAKS = frozenset({"lb", "br"})
# what trafilatura and its helpers raise on trees they did not expect
_EXTRACTION_ERRORS = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError)


@dataclass(frozen=True, slots=True)
class _Parsed:
    root: Tree
    elements: int


def read_page(
    markup: str, identity: str, where: str, settings: IngestSettings, *, address: str | None = None
) -> Article:
    """One page as an article.

    Args:
        markup: the page, decoded.
        identity: the article's id.
        where: the file, for errors.
        settings: limits.
        address: where the page was fetched from, where that is known; else the page itself has to say it.

    Raises:
        EmptyInputError: there is no text in the page.
        MalformedError: it is nested so deeply that it cannot be read.
    """
    parsed = _parse(without_surrogates(markup), where, settings)
    metadata = read_metadata(parsed.root, markup, settings, address)
    text = main_text(parsed.root, extract=parsed.elements <= settings.maximum_page_elements)
    if not text:
        raise EmptyInputError("there is no text in the page", where=where, remedy="save it after its scripts have run")
    found = [*metadata.credits, *page_credits(parsed.root, metadata, text, settings)]
    return Article(
        id=identity,
        text=text,
        title=metadata.title,
        outlet=metadata.outlet,
        url=metadata.url,
        author=metadata.author,
        published=metadata.published,
        language=metadata.language,
        credits=tuple(found[: settings.maximum_page_credits]),
    )


def read_fragment(
    markup: str, page: PageMetadata, where: str, settings: IngestSettings
) -> tuple[str, list[PageCredit]]:
    """Text and credits of the markup of an article without a page around it, as feeds hold it.

    Args:
        markup: decoded.
        page: what is known of the page that it belongs to.
        where: the file, for errors.
        settings: limits.

    Raises:
        EmptyInputError: there is no text in it.
        MalformedError: it is nested so deeply that it cannot be read.
    """
    root = _parse(without_surrogates(markup), where, settings).root
    text = main_text(root, extract=False)
    if not text:
        raise EmptyInputError("there is no text in it", where=where, remedy="leave it out")
    return text, page_credits(root, page, text, settings)


def text_of(markup: str) -> str:
    """The text of a short piece of markup, such as a title; the markup itself where it cannot be read as such."""
    try:
        root = _parse(without_surrogates(markup), "").root
    except (EmptyInputError, MalformedError):
        return markup
    return plain_text(root)


def _parse(markup: str, where: str, settings: IngestSettings | None = None) -> _Parsed:
    markup = few_attributes(markup, (settings or IngestSettings()).maximum_tag_attributes)
    root, too_deep = _parse_once(markup, where)
    if too_deep:
        root, too_deep = _parse_once(_WRAPPERS.sub("\n", markup), where)
    if too_deep:
        raise MalformedError("nested too deeply to be read", where=where, remedy="give its text instead")
    return _Parsed(root, sum(1 for _ in root.iter()))


def _parse_once(markup: str, where: str) -> tuple[Tree, bool]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = document_fromstring(_NO_XML.sub(" ", markup).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise EmptyInputError("there is nothing in the page", where=where, remedy="leave it out") from error
    return root, any("xcessive depth" in (entry.message or "") for entry in parser.error_log)


def main_text(root: Tree, *, extract: bool = True) -> str:
    """The main text of a page in plain text, paragraphs parted by an empty line; empty where there is none.

    Hidden elements are left out unless nothing else is there. Where trafilatura finds nothing, all text of the body is
    taken.

    Args:
        root: the parsed page, which is not changed.
        extract: False to take all text of the body at once.
    """
    shown = _without_hidden(root)
    if extract and (text := _extracted(shown)):
        return text
    for tree in (shown, root):
        body = tree.find("body")
        text = plain_text(tree if body is None else body)
        if text:
            return text
    return ""


def _without_hidden(root: Tree) -> Tree:
    if not any(isinstance(element.tag, str) and is_hidden(element) for element in root.iter()):
        return root
    shown = copy(root)
    for element in [element for element in shown.iter() if isinstance(element.tag, str) and is_hidden(element)]:
        if element.getparent() is not None and element.tag not in {"html", "body"}:
            element.drop_tree()
    return shown


def _extracted(root: Tree) -> str:
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())  # else Python prints their warnings where nobody logs
    from trafilatura import bare_extraction  # noqa: PLC0415 - a quarter of a second, for pages only

    try:
        document = bare_extraction(root, include_comments=False, include_tables=True, with_metadata=False)
    except _EXTRACTION_ERRORS:
        return ""  # the text of the body is taken instead
    body = getattr(document, "body", None)
    return plain_text(body, frozenset()) if body is not None else ""  # its `head` is a heading


def plain_text(root: Tree, unseen: frozenset[str] = UNSEEN) -> str:
    """The text of a tree, white space squeezed as browsers do, paragraphs parted by an empty line.

    A line break within a paragraph is kept as one; table cells are parted by a tab.

    Args:
        root: the tree.
        unseen: elements to leave out.
    """
    paragraphs: list[str] = []
    line: list[str] = []
    for piece in _pieces(root, unseen):
        if piece is not None:
            line.append(piece)
        elif line:
            paragraphs.append(_paragraph("".join(line)))
            line.clear()
    paragraphs.append(_paragraph("".join(line)))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _paragraph(text: str) -> str:
    rows = (_SPACE.sub(" ", row).strip(" ") for row in text.split(_BREAK))
    return "\n".join(row for row in rows if row).replace(_CELL_END, "\t").strip()


def _pieces(root: Tree, unseen: frozenset[str]) -> Iterator[str | None]:
    """Texts and breaks of a tree in order, None between paragraphs; without recursion."""
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        skipped = not tag or tag in unseen
        if starts and skipped:
            walker.skip_subtree()
        if tag in _TEXT_BLOCKS and not skipped:
            yield None
        if starts and tag in _BREAKS:
            yield _BREAK
        if starts and tag in _CELLS and element.getprevious() is not None:
            yield _CELL_END
        if starts and not skipped and element.text:
            yield element.text
        if not starts and element is not root and element.tail:
            yield element.tail
