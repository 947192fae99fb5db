"""Plain text and Markdown to articles; the text is kept exactly as it is, and only labels are read out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provenance.ingest.dates import parse_date
from provenance.ingest.records import language_tag
from provenance.model import Article
from provenance.settings import IngestSettings

_LINE_END = re.compile(r"\r\n|\n|\r")
_FENCE = re.compile(r"---[ \t]{0,20}")
_FIELD = re.compile(r"([A-Za-z_]{1,40})[ \t]{0,20}:(?:[ \t]{1,20}(.{0,2000}))?")
_HEADING = re.compile(r"#{1,6}[ \t]{1,20}(.{0,2000}?)[ \t]{0,20}#{0,6}")
_SENTENCE_ENDS = (".", "。", "।", "…", ",", ";")  # headlines may end in question and exclamation marks
_CLOSERS = "\"'”’»)]"
_NAMES = {"date": "published", "lang": "language", "site": "outlet", "publisher": "outlet", "link": "url"}
_FIELDS = frozenset({"title", "outlet", "url", "author", "published", "language"})


def read_text(text: str, identity: str, settings: IngestSettings, *, markdown: bool = False) -> Article:
    """A text as an article.

    Args:
        text: decoded; kept as it is.
        identity: the article's id.
        settings: limits.
        markdown: whether to read `key: value` lines between two lines of `---` at the beginning, and headings.
    """
    fields: dict[str, str] = {}
    start = 0
    if markdown:
        fields, start = front_matter(text, settings)
    published = fields.get("published")
    return Article(
        id=identity,
        text=text,
        title=fields.get("title") or title_of(text[start:], settings, markdown=markdown),
        outlet=fields.get("outlet"),
        url=fields.get("url"),
        author=fields.get("author"),
        published=parse_date(published, settings) if published else None,
        language=language_tag(fields.get("language")),
    )


def front_matter(text: str, settings: IngestSettings) -> tuple[dict[str, str], int]:
    """The fields of the head of a Markdown file, and the offset at which the rest begins; empty and 0 without a head.

    Only single lines are read; nested values and lists are passed over.
    """
    fields: dict[str, str] = {}
    for number, (start, end, next_start) in enumerate(_lines(text)):
        line = text[start:end]
        if number == 0:
            if not _FENCE.fullmatch(line):
                break
        elif number > settings.front_matter_lines:
            break
        elif _FENCE.fullmatch(line):
            return fields, next_start
        elif match := _FIELD.fullmatch(line):
            name = match[1].lower()
            name = _NAMES.get(name, name)
            value = (match[2] or "").strip().strip("\"'").strip()
            if name in _FIELDS and value:
                fields.setdefault(name, value)
    return {}, 0


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, match.start(), match.end()
        start = match.end()
    yield start, len(text), len(text)


def title_of(text: str, settings: IngestSettings, *, markdown: bool = False) -> str | None:
    """The headline a text begins with, or None: a short line that does not end a sentence, before an empty line.

    A kicker ("Breaking News") or a breadcrumb that repeats the headline is passed over where a headline follows it.
    """
    headlines: list[str] = []
    lines = (text[start:end].strip() for start, end, _ in _lines(text))
    line = next((line for line in lines if line), "")
    while len(headlines) < 3:
        heading = _HEADING.fullmatch(line) if markdown else None
        candidate = heading.group(1).strip() if heading else line
        blank = next(lines, None)
        if not _is_headline(candidate, settings) or (blank and heading is None):
            break
        line = blank or next((following for following in lines if following), "")
        if not line:
            break  # nothing follows: it is the text itself
        headlines.append(candidate)
        if heading:
            break
    for index, headline in enumerate(headlines):
        repeated = index + 1 < len(headlines) and headline.endswith(headlines[index + 1])
        if not repeated and _is_long_enough(headline, settings):
            return headline
    return headlines[0] if headlines else None


def _is_headline(line: str, settings: IngestSettings) -> bool:
    return 0 < len(line) <= settings.title_characters and not line.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)


def _is_long_enough(line: str, settings: IngestSettings) -> bool:
    words = len(line.split())
    return words >= settings.title_words or (
        words == 1 and not line.isascii() and len(line) >= 2 * settings.title_words
    )
