"""What is fuzzed: functions from bytes to nothing, which raise where something is wrong.

Every reader and every view of a text has one. A `ProvenanceError` is an answer; any other exception, or an answer that
breaks a promise (an offset outside its text, a text changed, a file that no reader of its format reads), is a finding.
`tests/fuzz` replays the inputs that once were findings, and `fuzz.py` searches for more.
"""

from __future__ import annotations

import atexit
import csv
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import click
from lxml import etree
from rich.console import Console

from provenance import terminal
from provenance.attribution import Attributor
from provenance.attribution.outlet_files import read_back, read_outlets, written
from provenance.corpus import Corpus
from provenance.errors import FetchError, InputError, ProvenanceError
from provenance.export.writing import FORMATS, OF_ONE_ARTICLE
from provenance.fetching.addresses import addresses_of, is_public, parse_address
from provenance.fetching.robots import read_rules
from provenance.fetching.wire import Wire
from provenance.ingest import addresses, feeds, html
from provenance.ingest.credits import page_credits
from provenance.ingest.dates import parse_date
from provenance.ingest.encodings import without_surrogates
from provenance.ingest.files import read_stream
from provenance.ingest.metadata import read_metadata
from provenance.model import Article
from provenance.options import harmless, read_span
from provenance.pages.report import write_report
from provenance.settings import FetchSettings, IngestSettings, Settings
from provenance.summary import trace_row
from provenance.text.folding import fold_text
from provenance.text.languages import detect_language
from provenance.text.quotations import quotations
from provenance.text.sentences import paragraphs, sentences
from provenance.text.tokens import words_of

Target = Callable[[bytes], None]
"""Does its work on one case, and raises where it finds something."""

INGEST: Final = IngestSettings(
    maximum_file_bytes=1 << 20, maximum_page_bytes=1 << 20, maximum_record_bytes=1 << 16, maximum_unpacked_bytes=1 << 22
)
"""The limits within which cases are read: small, so that cases reach them."""
_LANGUAGES: Final = ("en", "ru", "ar", "es", "fr", "de", "zh", None)


class BrokenPromiseError(Exception):
    """An answer that is none."""


def promise(kept: bool, what: str) -> None:
    """Raise unless a promise is kept."""
    if not kept:
        raise BrokenPromiseError(what)


def _articles(data: bytes, kind: Any, *, packed: bool = False) -> list[Article]:
    """The articles of a case, each one such as the store can take it."""
    found = []
    with suppress(InputError):
        for item in read_stream(io.BytesIO(data), "case", "case", INGEST, kind=kind, packed=packed, size=len(data)):
            if isinstance(item, InputError):
                promise(bool(str(item)), "an error without words")
                continue
            _, article = item
            promise(bool(article.id.strip()) and bool(article.text.strip()), "an article without id or text")
            for value in (article.id, article.text, article.title, article.outlet, article.url, article.author):
                (value or "").encode("utf-8")
            for credit in article.credits:
                "".join(part or "" for part in (credit.text, credit.name, credit.url)).encode("utf-8")
            found.append(article)
    return found


def _reader(kind: Any, *, packed: bool = False) -> Target:
    def read(data: bytes) -> None:
        _articles(data, kind, packed=packed)

    return read


def head(data: bytes) -> None:
    """A page without its main text, which takes most of the time: its head, JSON-LD and credits."""
    with suppress(InputError):
        markup = without_surrogates(data.decode("utf-8", "replace"))
        root = html._parse(markup, "case").root  # the step that `read_page` begins with
        found = read_metadata(root, markup, INGEST)
        every = [*found.credits, *page_credits(root, found, html.plain_text(root), INGEST)]
        named = [part for one in every for part in (one.text, one.name, one.url)]
        for value in (found.title, found.outlet, found.url, found.author, found.language, *named):
            (value or "").encode("utf-8")


def plain(data: bytes) -> None:
    """A text file: its characters are kept as they are."""
    found = _articles(data, "text")
    if found and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) and not found[0].credits:
        with suppress(UnicodeDecodeError):
            text = data.decode("utf-8")
            # a page under the name of a text is read as a page
            promise(found[0].text == text or b"<" in data or b"\x00" in data, "the text was changed")


def date(data: bytes) -> None:
    """A date: an interval that goes forward and is read back as it was written."""
    found = parse_date(_text(data), INGEST)
    if found is not None:
        promise(found.start < found.end and len(found.start) == len(found.end) == 20, "no interval")
        again = parse_date(found.isoformat(), INGEST)
        promise(again is None or (again.start, again.end) == (found.start, found.end), "another interval")


def address(data: bytes) -> None:
    """Two web addresses, parted by a line end, and a name."""
    first, _, second = _text(data).partition("\n")
    full = addresses.absolute(first, second)
    one, two = addresses.host(full), addresses.host(second)
    if full is not None:
        promise(full.lower().startswith(("http:", "https:")), "an address of another scheme")
        addresses.has_path(full)
    if one is not None:
        promise(one == one.lower(), "a host in capitals")
        addresses.registrable(one)
        addresses.name_fits_host(second, one)
        if two is not None:
            promise(addresses.same_house(one, two) == addresses.same_house(two, one), "a house of one side only")


def _text(data: bytes) -> str:
    """A case as text: UTF-8, and what is none of it as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def feed(data: bytes) -> None:
    """An RSS or Atom feed with its articles."""
    with suppress(InputError):
        found = feeds.feed_entries(data, "https://quaywatch.example/feed", INGEST)
        promise(bool(found.entries), "a feed without entries")
        for item in feeds.feed_articles(found, "case", INGEST):
            if not isinstance(item, InputError):
                promise(bool(item[1].text.strip()), "an article without text")
                json.dumps([item[1].text, item[1].title, item[1].author, item[1].url], ensure_ascii=False).encode()


def opml(data: bytes) -> None:
    """A list of feeds."""
    with suppress(InputError):
        for one in feeds.opml_feeds(data, "case", INGEST):
            one.url.encode("utf-8")


def robots(data: bytes) -> None:
    """A robots.txt."""
    rules = read_rules(data.decode("utf-8-sig", "replace"))
    promise(0 <= rules.crawl_delay < float("inf"), "a delay that is none")
    for path in ("", "a/b?c=d", "%2F*$"):
        with suppress(FetchError):
            rules.check(parse_address(f"https://quaywatch.example/{path}", FetchSettings()))


def fetched_address(data: bytes) -> None:
    """An address that is to be fetched, as a page with another address names it."""
    first, _, second = _text(data).partition("\n")
    for base in (None, second or None):
        with suppress(FetchError):
            found = parse_address(first, FetchSettings(), base)
            promise(found.scheme in {"http", "https"} and found.port in {80, 443}, "another scheme or port")
            promise(found.url.isascii() and found.url.isprintable() and " " not in found.url, "a request in a request")
            promise(parse_address(found.url, FetchSettings()) == found, "another address")
            for one in addresses_of(found, FetchSettings(), lambda _host, _port: ["93.184.215.14"]):
                promise(is_public(one), "an address of a private network")


class _Server:
    """A connection over which a server sends a case."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def settimeout(self, _seconds: float) -> None:
        """There is nothing to wait for."""

    def sendall(self, _data: bytes) -> None:
        """Nobody reads it."""

    def recv_into(self, buffer: memoryview) -> int:
        return self._data.readinto(buffer)

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is open."""


def answer(data: bytes) -> None:
    """What a server answers."""
    settings = FetchSettings(body_bytes=1 << 16)
    wire = Wire(settings, lambda _address, _port, _seconds: cast("Any", _Server(data)), clock=lambda: 0.0)
    with suppress(FetchError):
        found = wire.get(parse_address("http://quaywatch.example/", settings), [ip_address("93.184.215.14")], {})
        promise(len(found.body) <= settings.body_bytes, "more than the limit")


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Where cases lie that must be files: in memory where the system has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is our own
    within = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="fuzz", dir=within))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _file(data: bytes, suffix: str) -> Path:
    path = _folder() / f"case{os.getpid()}{suffix}"
    path.write_bytes(data)
    return path


def settings_file(data: bytes) -> None:
    """A settings file."""
    with suppress(ProvenanceError):
        Settings.from_toml(_file(data, ".toml"))


def outlets(data: bytes) -> None:
    """A file of outlets, as CSV and as TOML: what is read is read back from what is kept of it."""
    for suffix in (".csv", ".toml"):
        with suppress(InputError):
            found = read_outlets(_file(data, suffix))
            promise(read_back(written(found)) == found, "outlets that are not read back")


def views(data: bytes) -> None:
    """The views of a text: words, folding, paragraphs, sentences, quotations, the language."""
    text = _text(data)
    words = words_of([text, "behind it"])
    promise(bool((words.starts < words.ends).all()), "an empty word")
    own = words.of(0)
    promise(not len(words.ends[own]) or int(words.ends[own].max()) <= len(text), "a word beyond its text")
    promise(len(words) - own.stop == 2, "words of the next text")
    fold_text(text)
    detect_language(text, INGEST)
    last = 0
    for paragraph in paragraphs(text):
        promise(last <= paragraph.start < paragraph.end <= len(text), "a paragraph out of order")
        last = paragraph.end
        quoted = quotations(text, paragraph.start, paragraph.end, "“")
        for one in quoted:
            promise(paragraph.holds(one.span) and one.span.holds(one.inner), "a quotation beyond its paragraph")
        behind = paragraph.start
        outer = [one for one in quoted if one.depth == 0]
        for start, end in sentences(text, paragraph.start, paragraph.end, outer):
            promise(behind <= start < end <= paragraph.end, "a sentence out of order")
            behind = end


@lru_cache(maxsize=1)
def _attributor() -> Any:

    return Attributor(Settings().attribution)


def attributions(data: bytes) -> None:
    """Who is said to say what; the first byte chooses the language."""
    language = _LANGUAGES[data[0] % len(_LANGUAGES)] if data else None
    text = data[1:].decode("utf-8", "replace")
    for one in _attributor().attribute(Article("case", text, language=language)):
        marked = [(mention.span, mention.text) for mention in (one.source, one.cue) if mention is not None]
        for span, words in marked:
            promise(text[span.start : span.end] == words, "words that do not stand there")
        for span in one.content:
            promise(0 <= span.start < span.end <= len(text), "content beyond the text")
        for proof in one.evidence:
            if proof.where == "text":
                promise(text[proof.start : proof.end] == proof.text, "evidence that does not stand there")
        promise(0 <= one.confidence <= 1 and bool(one.chain), "no confidence or no chain")


@lru_cache(maxsize=1)
def _held() -> Any:
    """A small collection to ask."""
    corpus = Corpus(_folder() / f"held{os.getpid()}.db", single())
    told = "Ann Cole said the “harbour” was closed. Reuters first reported that 36 ships wait outside the long wall."
    corpus.add_articles(
        [
            Article("one", f"Port\n\n{told}\n", outlet="Quaywatch", language="en"),
            Article("two", f"{told} It added nothing, according to TASS.\n\n港口昨天关闭。\n", title='O\'Neil "port"'),
        ]
    )
    corpus.update()
    return corpus


def single() -> Settings:
    """The default settings on one process."""
    settings = Settings()
    return replace(settings, engine=replace(settings.engine, processes=1))


def query(data: bytes) -> None:
    """What is searched for: hits lie within their texts."""
    corpus = _held()
    for hit in corpus.store.search(_text(data)):
        text = corpus.article(hit.document).text
        promise(text[hit.start : hit.end] == hit.snippet, "a snippet that does not stand there")
        for span in hit.highlights:
            promise(hit.start <= span.start < span.end <= hit.end, "a word outside of its snippet")


def claim(data: bytes) -> None:
    """A claim that is traced."""
    with suppress(ProvenanceError):
        json.dumps(trace_row(_held().trace(_text(data))))


def span_option(data: bytes) -> None:
    """What stands behind `--span`."""
    with suppress(click.BadParameter):
        found = read_span(click.Context(click.Command("trace")), click.Option(["--span"]), _text(data))
        if found is not None:
            with suppress(ProvenanceError):
                _held().trace(None, document="one", span=found)
    promise(harmless(_text(data)).replace("\n", "").replace("\t", "").isprintable(), "an escape in a message")


def collection(data: bytes) -> None:
    """A whole run over several articles, parted by NULs; every export of it is written."""
    texts = [part for part in data.decode("utf-8", "replace").split("\x00") if part.strip()][:12]
    whole_run([Article(f"{number}", text) for number, text in enumerate(texts)])


def whole_run(articles: Iterable[Article], settings: Settings | None = None) -> list[str]:
    """Run everything over some articles and check what comes out.

    Returns:
        The rows of the database as JSON Lines, for comparing runs.
    """
    path = _folder() / f"run{os.getpid()}.db"
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
    held = {article.id: article.text for article in articles}
    with Corpus(path, settings or single()) as corpus:
        corpus.add_articles(articles)
        corpus.update()
        _check_offsets(corpus, held)
        _check_pages(corpus)
        return list(_check_exports(corpus))


def _check_offsets(corpus: Corpus, held: dict[str, str]) -> None:
    for article in corpus.documents():
        promise(article.text == held[article.id], "the text was changed")
    for match in corpus.store.matches():
        for name, span in ((match.a, match.a_span), (match.b, match.b_span)):
            promise(0 <= span.start < span.end <= len(held[name]), "a match beyond its text")
        promise(0 <= match.similarity <= 1, "a similarity that is none")
    for one in corpus.attributions():
        for proof in one.evidence:
            if proof.where == "text":
                promise(held[proof.document][proof.start : proof.end] == proof.text, "evidence that does not stand")
    for link in corpus.links():
        promise(0 <= link.confidence <= 1, "a confidence that is none")
        for proof in link.evidence:
            if proof.where == "text":
                promise(held[proof.document][proof.start : proof.end] == proof.text, "evidence that does not stand")


_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _check_pages(corpus: Corpus) -> None:
    """The report and what the terminal shows hold no markup of an article, and nothing that a reader acts on."""
    out = io.StringIO()
    write_report(corpus, out, title="<b>\u202e")
    promise(not _ACTS.search(out.getvalue()), "a character in the report that a browser acts on")
    for element in etree.HTML(out.getvalue(), etree.HTMLParser(huge_tree=True)).iter():
        if isinstance(element.tag, str):
            promise(element.tag not in {"img", "iframe", "object", "embed", "base"}, "markup of an article")
            for name, value in element.attrib.items():
                promise(not str(name).lower().startswith("on"), "a script of an article")
                if name in {"href", "src", "action"}:
                    promise(urlsplit(value.strip()).scheme in {"", "http", "https"}, "an address that acts")
    shown = io.StringIO()
    console = Console(file=shown, width=80, highlight=False, markup=False, emoji=False)
    for article in list(corpus.documents())[:3]:
        terminal.article(console, corpus.show(article.id), corpus.tags)
    terminal.chains(console, list(corpus.chains())[:20])
    promise(not _ACTS.search(shown.getvalue()), "a character that a terminal acts on")


def _check_exports(corpus: Corpus) -> Iterable[str]:

    for what, forms in FORMATS.items():
        if what in OF_ONE_ARTICLE:
            continue
        for form in forms:
            out = io.StringIO()
            corpus.export(what, out, form)
            text = out.getvalue()
            text.encode("utf-8")
            if form == "jsonl":
                for line in text.split("\n"):
                    if line:
                        json.loads(line)
                        yield f"{what} {line}"
            elif form in {"json", "jsonld"}:
                json.loads(text)
            elif form == "csv":
                before = csv.field_size_limit(1 << 30)
                rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
                csv.field_size_limit(before)
                promise(len({len(row) for row in rows}) <= 1, "rows of several lengths")
            elif form in {"gexf", "graphml"}:
                etree.fromstring(text.encode("utf-8"), etree.XMLParser(resolve_entities=False, huge_tree=True))


TARGETS: Final[dict[str, Target]] = {
    "text": plain,
    "markdown": _reader("markdown"),
    "html": _reader("html"),
    "archive": _reader("archive"),
    "packed-archive": _reader("archive", packed=True),
    "feed": feed,
    "opml": opml,
    "robots": robots,
    "fetched-address": fetched_address,
    "answer": answer,
    "jsonl": _reader("jsonl"),
    "json": _reader("json"),
    "head": head,
    "csv": _reader("csv"),
    "tsv": _reader("tsv"),
    "gzip": _reader("jsonl", packed=True),
    "unnamed": _reader(None),
    "date": date,
    "address": address,
    "settings": settings_file,
    "outlets": outlets,
    "views": views,
    "attributions": attributions,
    "query": query,
    "claim": claim,
    "span": span_option,
    "collection": collection,
}
"""Every target by name."""
