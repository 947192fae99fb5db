"""What fuzzing begins with: a few whole inputs for each target, and words that a random change would seldom hit on."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[1]

_PAGE: Final = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Port closed - Quaywatch</title>
<meta property="og:site_name" content="Quaywatch"><meta property="og:url" content="https://quaywatch.example/a/1">
<link rel="canonical" href="https://harbour.example/port"><meta name="author" content="Ann Cole">
<meta property="article:published_time" content="2024-05-03T10:15:00+02:00">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle","@id":"#a",
"headline":"Port closed","author":[{"@type":"Person","name":"Ann Cole"}],"publisher":{"@id":"#p"},
"isBasedOn":"https://harbour.example/port","datePublished":"2024-05-03"},{"@type":"Organization","@id":"#p",
"name":"Quaywatch","url":"https://quaywatch.example/"}]}</script></head><body><article><h1>Port closed</h1>
<p class="byline">By <a rel="author" href="/ann">Ann Cole</a></p><time datetime="2024-05-03" pubdate>3 May</time>
<p>The harbour was closed on Friday, the <b>port</b> authority said, after 36 ships had run aground outside.</p>
<p>"We have never seen such a thing," said the harbour master, Jon Veld.<br>It will open again on Monday.</p>
<table><tr><td>36</td><td>ships</td></tr></table><p hidden>no</p>
<p>This article was originally published by <a href="https://harbour.example/port">Harbour Voice</a>.</p>
<p><i>Source: Reuters</i></p></article><!-- saved from url=(0030)https://quaywatch.example/a/1 --></body></html>"""
_RECORD: Final = (
    '{"id": "a1", "text": "The port was closed, Reuters said.\\nNothing else.", "title": "Port", "outlet": "Quaywatch",'
    ' "url": "https://quaywatch.example/1", "author": null, "published": "2024-05-03", "language": "en"}\n'
)
_STORY: Final = (
    "LONDON, May 3 (Reuters) - The harbour was closed on Friday after 36 ships ran aground, the port said.\n\n"
    "“We have never seen such a thing,” said Jon Veld, the harbour master, according to an interview with TASS. He\n"
    "added that the port “would ‘never’ open”, citing AP.\n\nVia The Cradle\n\nThe post appeared first on Quaywatch.\n"
)
_OTHERS: Final = (
    "МОСКВА, 16 декабря. /ТАСС/. Порт закрыт, сообщил «Интерфаксу» генерал Иванов со ссылкой на Reuters.",
    "دمشق-سانا\nوقال المتحدث نقلا عن رويترز إن الميناء مغلق.",
    "新华社说：“港口昨天关闭。”据报道，三十六艘船等候。",
    "Der Hafen sei geschlossen, sagte der Sprecher der dpa. „Nie wieder“, so Veld.",
    "El puerto está cerrado, según EFE, que cita a Reuters.",
    "Le port est fermé, selon l'AFP, a déclaré « M. Veld ».",
)
_TOML: Final = '[reuse]\nshingle_words = 5\nsensitivity = "edited"\n[engine]\nprocesses = 1\n'
_OUTLET: Final = (
    "name,kind,aliases,domain,country,ambiguous,tags,hosts\n"
    'Quaywatch,outlet,QW|"Quay Watch",quaywatch.example,GB,QW,known mirror,m.quaywatch.example\n'
)
_OUTLET_TOML: Final = (
    '[[outlet]]\nname = "Quaywatch"\nkind = "outlet"\naliases = ["QW"]\ndomain = "quaywatch.example"\ntags = ["x"]\n'
)


_ITEM: Final = (
    "<item><title>Port &amp; ships</title><link>https://quaywatch.example/a/1</link><guid>a1</guid>"
    "<pubDate>Fri, 03 May 2024 10:15:00 +0200</pubDate><dc:creator>Ann Cole</dc:creator><description>Short…"
    '</description><content:encoded><![CDATA[<p>The harbour was closed, <b>Reuters</b> said.</p><p>Source: <a href="'
    'https://harbour.example/p">Harbour Voice</a></p>]]></content:encoded><source url="https://harbour.example/rss">'
    "Harbour Voice</source></item>"
)
_RSS: Final = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    f"<title>Quaywatch</title><link>https://quaywatch.example/</link><language>en</language>{_ITEM}{_ITEM}"
    "</channel></rss>"
)
_ATOM: Final = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">Quay&lt;b&gt;watch</title><entry><id>'
    'tag:quaywatch.example,2024:1</id><link rel="alternate" href="/a/1"/><updated>2024-05-03T10:15:00Z</updated>'
    '<author><name>Ann Cole</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The '
    "harbour was closed.</p></div></content><source><title>Harbour Voice</title></source></entry></feed>"
)
_RDF: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel '
    'rdf:about="x"/><item rdf:about="y"><title>Port</title><link>https://quaywatch.example/2</link></item></rdf:RDF>'
)
_OPML: Final = (
    '<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="News"><outline type="rss" text="Quaywatch" '
    'xmlUrl="https://quaywatch.example/feed"/></outline></body></opml>'
)
_ROBOTS: Final = (
    "User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2.5\n\nUser-agent: provenance\nDisallow: /%7Ex\n"
    "Sitemap: https://quaywatch.example/s.xml\nRequest-rate: 1/10s 0800-1700\nVisit-time: 0600-0845\n"
)


def _warc(page: bytes) -> bytes:
    """Three records: one about the file, a response, a text."""
    packed = gzip.compress(page, mtime=0)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    fields = b"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    blocks = (
        (b"warcinfo", b"application/warc-fields", b"software: x\r\n"),
        (b"response", b"application/http; msgtype=response", b"HTTP/1.1 200 OK\r\n" + fields + chunks),
        (b"conversion", b"text/plain", b"The harbour was closed, Reuters said.\n"),
    )
    return b"".join(
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://quaywatch.example/a/1\r\nWARC-Date: "
        b"2024-05-03T10:15:00Z\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (kind, media, len(block), block)
        for kind, media, block in blocks
    )


def _answers(page: bytes) -> list[bytes]:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    packed = gzip.compress(page, mtime=0)
    return [
        start + b"Content-Length: %d\r\n\r\n" % len(page) + page,
        start
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed),
        start + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(page),
        b'HTTP/1.1 304 Not Modified\r\nETag: W/"a"\r\n\r\n',
        b"HTTP/1.1 100 Continue\r\n\r\n" + start + b"\r\n" + page,
    ]


def seeds(target: str) -> list[bytes]:
    """What the fuzzing of a target begins with."""
    stories = [text.encode() for text in (_STORY, *_OTHERS)]
    page = _PAGE.encode()
    rows = b'id,text,title,published\na,"Port, closed",One,2024-05-03\nb,"The ""port"" is\nclosed",Two,\n'
    warc = _warc(page)
    by_target: dict[str, list[bytes]] = {
        "text": [*stories, _STORY.encode("utf-16"), _OTHERS[0].encode("cp1251"), page],
        "markdown": [b"---\ntitle: Port\ndate: 2024-05-03\nlang: en\n---\n# Port closed\n\n" + stories[0]],
        "html": [page, page.replace(b"utf-8", b"windows-1251"), _PAGE.encode("utf-16"), b"<p>Port closed</p>"],
        "head": [page],
        "archive": [warc, warc.replace(b"Content-Length: ", b"Content-Length: 1")],
        "packed-archive": [gzip.compress(warc, mtime=0) * 2, gzip.compress(warc * 3, mtime=0)],
        "feed": [_RSS.encode(), _ATOM.encode(), _RDF.encode()],
        "opml": [_OPML.encode()],
        "robots": [_ROBOTS.encode()],
        "fetched-address": [
            b"https://www.Quaywatch.example:443/a/../b?c#d\nhttp://other.example/x/",
            b"../c?d=\xc3\xa9\nhttps://quaywatch.example/a/",
            b"http://[2001:db8::1]/\nhttp://127.1/",
            "http://bücher.example/ä".encode(),
        ],
        "answer": _answers(page),
        "jsonl": [_RECORD.encode() * 3, _RECORD.encode("utf-16"), b'{"id": 1, "text": "\\ud800 a"}\n'],
        "json": [b"[" + _RECORD.strip().encode() + b"]", _RECORD.encode()],
        "csv": [rows, rows.replace(b",", b";"), rows.decode().encode("utf-16")],
        "tsv": [rows.replace(b",", b"\t")],
        "gzip": [gzip.compress(_RECORD.encode() * 3, mtime=0), gzip.compress(b"\n" * 100_000, mtime=0)],
        "date": [
            each.encode()
            for each in (
                "2017-12-16T10:15:00+03:00",
                "Sat, 16 Dec 2017 10:15:00 +0300",
                "16 декабря 2017",
                "2017年12月16日",
                "2017-12-16T00:00:00Z/2017-12-17T00:00:00Z",
                "December 16, 2017 at 5:03 pm",
                "20171216T101500Z",
                "16/12/2017",
            )
        ],
        "address": [
            b"https://www.news.bbc.co.uk/a?b#c\nhttps://bbc.com/",
            b"//xn--bcher-kva.example:80\nBooks",
            b"https://web.archive.org/web/2017id_/http://a.example/b\nhttp://[::1]/",
        ],
        "settings": [_TOML.encode()],
        "outlets": [_OUTLET.encode(), _OUTLET_TOML.encode()],
        "attributions": [bytes([number % 8]) + text for number, text in enumerate(stories)],
        "query": [b'port "36 ships" NEAR(a b) OR -x text:y*', b"O'Neil", "港口".encode()],
        "claim": [b"36 ships wait outside the long wall", "港口昨天关闭".encode()],
        "span": [b"0:120", b"12:480"],
        "collection": [b"\x00".join([stories[0], stories[0] * 2, stories[1], stories[0][40:]]), b"\x00".join(stories)],
        "unnamed": [page, _RECORD.encode(), rows, stories[0], b"<?xml version='1.0'?><rss><channel/></rss>"],
    }
    found = by_target.get(target, stories)
    if target in {"views", "attributions", "collection"}:
        found = [*found, *(path.read_bytes() for path in sorted((_ROOT / "seeds").glob("*.txt")))]
    return found


_WORDS: Final = """
said|according to |, citing |Reuters|“|”|‘|’|"|'|«|»|„|(|)|[|]|{|}|<|>|—|\\u2028|\\u0085|\\x00|\\x1a|\\x1b[31m|\\x0b
\\ufeff|\\u200b|\\u200d|\\u202e|\\u2066|\\u2069|\\ufe0f|\\U000e0100|\\U000e01ef|\\u0301|\\u0345|\\u20e3|\\u1160|\\u0640
\\ufffe|\\uffff|\\U0010ffff|ﬃ|ǆ|İ|ı|ß|Σ|ᾳ|㎏|ﷺ|𝟘|²|½|Ⅷ|٣|१|𠀀|ｶﾞ|กำ|👩‍👩‍👧|🇩🇪|ـ
https://a.example/|//|javascript:alert(1)|http://[::1]/|xn--|%00|&#0;|&#xD800;|&amp;|&nbsp|]]>|<![CDATA[|<!--|-->|--!>
<script type="application/ld+json">|</script>|<div>|<p>|<article>|<table>|<td>|<svg>|<template>|<noscript>|<plaintext>
<meta charset=utf-7>|<base href="//x">|<?xml version="1.0"?>|<!DOCTYPE html>|<html xmlns="x">|<a:b>|<time datetime="
"@graph"|"@type"|"@id"|"NewsArticle"|"author"|null|NaN|Infinity|-Infinity|1e999|true|[[[[|{"a":|\\ud800|\\u0000
2024-05-03|9999-12-31|0000-00-00|0001-01-01|99999|24:00|23:59:60|+99:99|Feb 30|31/12/2024|T|Z
\\r\\n|\\n\\n|\\t|,|;|:|=|#|---|0|1|9|A|z|_|.|...|!|?|。|،|।
OR |AND |NOT |NEAR(|*|^|text:|--|/*
"""


def words() -> list[bytes]:
    """Pieces that are put into cases."""
    found = []
    for word in (word for line in _WORDS.strip().split("\n") for word in line.split("|")):
        escaped = word
        if "\\" in word:
            escaped = word.encode("latin-1", "backslashreplace").decode("unicode_escape")
            found.append(word.encode())  # the escape itself too, for JSON
        found.append(escaped.encode("utf-8", "surrogatepass"))
    return found
