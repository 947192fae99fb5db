from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.errors import EmptyInputError, InputError, MalformedError, TooLargeError
from provenance.ingest.feeds import Feed, entry_article, feed_articles, feed_entries, kind_of, opml_feeds
from provenance.model import Article, DateInterval
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
BASE = "https://harbour.example/feed"
LONG = "The ferry left the harbour late on Monday, said the harbour master. " * 20


def rss(items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Harbour &amp; Sea</title><link>https://harbour.example/</link><language>en-GB</language>"
        f"{head}{items}</channel></rss>"
    )


def read(text: str | bytes, chosen: IngestSettings = SETTINGS, **given: Any) -> Feed:
    return feed_entries(text.encode() if isinstance(text, str) else text, BASE, chosen, **given)


def articles(feed: Feed) -> list[Article]:
    return [item[1] for item in feed_articles(feed, "feed.xml", SETTINGS) if not isinstance(item, InputError)]


RSS = rss(
    """
    <item>
      <title><![CDATA[Tom & Jerry <b>sail</b>]]></title>
      <link>https://harbour.example/a?x=1&amp;y=2#top</link>
      <guid isPermaLink="false">tag:1</guid>
      <pubDate>Sat, 16 Dec 2017 10:15:00 +0300</pubDate>
      <dc:creator>Ann Writer</dc:creator>
      <description>A beginning</description>
      <content:encoded><![CDATA[<p>First&nbsp;words with AT&T.</p><script>no()</script>
        <p hidden>Unseen.</p><p>Last words.</p>]]></content:encoded>
      <source url="https://wire.example/feed">The Wire</source>
    </item>
    <item><link>/b</link><description>&lt;p&gt;Only a beginning [&#8230;]&lt;/p&gt;</description></item>"""
)


def test_an_entry_of_rss() -> None:
    feed = read(RSS)
    assert (feed.title, feed.url, feed.language) == ("Harbour & Sea", "https://harbour.example/", "en")
    first, second = feed.entries
    assert (first.id, first.url) == ("tag:1", "https://harbour.example/a?x=1&y=2#top")
    assert (first.title, first.author, first.language) == ("Tom & Jerry sail", "Ann Writer", "en")
    assert first.published == DateInterval("2017-12-16T07:15:00Z", "2017-12-16T07:15:01Z", "second", "metadata")
    assert (first.source_name, first.source_url) == ("The Wire", "https://wire.example/feed")
    assert second.id == second.url == "https://harbour.example/b"


def test_an_article_of_an_entry() -> None:
    found = list(feed_articles(read(RSS), "feed.xml", SETTINGS))
    assert isinstance(found[0], tuple)
    place, article = found[0]
    assert place == "feed.xml, entry 1"
    assert article.text == "First\xa0words with AT&T.\n\nLast words."
    assert article.id == article.url == "https://harbour.example/a?x=1&y=2"
    assert (article.title, article.outlet, article.author) == ("Tom & Jerry sail", "Harbour & Sea", "Ann Writer")
    assert [(credit.kind, credit.name, credit.url) for credit in article.credits] == [
        ("syndication-source", "The Wire", "https://wire.example/feed"),
        ("byline", "Ann Writer", None),
    ]
    assert isinstance(found[1], EmptyInputError)
    assert "1 of its 2 entries" in str(found[1])
    assert "--follow" in found[1].remedy


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Hafen</title>
    <link rel="self" href="https://hafen.example/feed"/><link href="https://hafen.example/"/>
    <entry><id>urn:1</id><title type="text">a &lt; b</title><updated>2020-01-02T00:00:00Z</updated>
      <link rel="alternate" href="https://hafen.example/1"/><author><name>N. N.</name></author>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Grüße <i>vom</i> Meer</p></div></content>
    </entry>
    <entry><id>urn:2</id><published>2020-01-01</published><content type="text">plain &lt;b&gt; text</content></entry>
    </feed>"""


def test_atom() -> None:
    feed = read(ATOM)
    first, second = feed.entries
    assert (first.title, first.author, first.updated) == ("a < b", "N. N.", "2020-01-02T00:00:00Z")
    assert first.published is None  # when it was changed is not when it appeared
    assert second.published is not None
    assert [article.text for article in articles(feed)] == ["Grüße vom Meer", "plain <b> text"]
    assert [article.id for article in articles(feed)] == ["https://hafen.example/1", "urn:2"]
    assert {article.language for article in articles(feed)} == {"de"}


def test_rss_of_the_first_version() -> None:
    text = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel>
      <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
      <dc:date>2003-05-04</dc:date></item></rdf:RDF>"""
    (entry,) = read(text).entries
    assert (entry.title, entry.url) == ("One", "https://a.example/1")
    assert entry.published is not None
    assert entry.published.start == "2003-05-04T00:00:00Z"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    assert articles(read(ATOM.encode(encoding)))[0].text == "Grüße vom Meer"


def test_encodings_that_are_declared() -> None:
    text = rss("<item><link>/a</link><content:encoded>Привет, море</content:encoded></item>")
    declared = text.replace('"utf-8"', '"windows-1251"').encode("cp1251")
    assert articles(read(declared))[0].text == "Привет, море"
    # declared as something else than it is; UTF-8 is recognised by itself
    assert articles(read(text.replace('"utf-8"', '"windows-1251"')))[0].text == "Привет, море"
    undeclared = text.replace(' encoding="utf-8"', "").encode("koi8-r")
    assert articles(read(undeclared, charset="koi8-r"))[0].text == "Привет, море"


def test_a_long_description_is_the_text_unless_it_is_cut_off() -> None:
    def found(description: str, content: str = "") -> list[Article]:
        body = f"<description>{description}</description>"
        body += f"<content:encoded>{content}</content:encoded>" if content else ""
        return articles(read(rss(f"<item><link>/a</link>{body}</item>")))

    assert len(found(LONG)) == 1
    assert found(LONG[:900]) == []
    assert found(f"{LONG}[TASS]")[0].text.endswith("[TASS]")
    for ending in ("…", "...", "[…]", "[&#8230;]", "(...)", "... &lt;/p&gt;"):
        assert found(LONG + ending) == []
        assert found("short", f"{LONG}{ending}") == []
    assert found("short", "A whole article in one sentence.")[0].text == "A whole article in one sentence."
    assert found(LONG, "cut off ...")[0].text == LONG.strip()


def test_what_is_not_well_formed_is_mended() -> None:
    text = """<rss><channel><title>A & B</title>
      <item><title>Fish &nbsp;&amp; Chips &unknown; &copy;</title><link>https://a.example/?a=1&b=2</link>
      <content:encoded><![CDATA[<p>One & two</p>]]></content:encoded><dc:creator>X</dc:creator>
      <item><title>never closed"""
    feed = read(text)
    first = feed.entries[0]
    assert feed.title == "A & B"
    assert first.title == "Fish & Chips &unknown; ©"
    assert (first.url, first.author) == ("https://a.example/?a=1&b=2", "X")
    assert articles(feed)[0].text == "One & two"


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    item = "<item><link>/a</link><title>&b;&c;</title><content:encoded>x &b; &c; y</content:encoded></item>"
    feed = read(rss(item).replace("?>\n", f"?>\n{bomb}"))
    assert feed.entries[0].title == "&b;&c;"
    assert articles(feed)[0].text == "x &b; &c; y"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    dtd = '<!DOCTYPE rss SYSTEM "http://example.org/rss.dtd" [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]>'
    items = '<item><link>http://example.org/</link><xi:include href="http://example.org/"/></item>'
    assert len(read(rss(items).replace("?>\n", f"?>\n{dtd}")).entries) == 1
    with pytest.raises(MalformedError):
        read("http://example.org/feed")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RSS, "feed"),
        (ATOM, "feed"),
        ("<?xml version='1.0'?><?xml-stylesheet x?><!-- <html> --><!DOCTYPE rss><rss/>", "feed"),
        ("<!DOCTYPE rss [ <!ENTITY x '>'> ] ><rss></rss>", "feed"),
        ("\ufeff  <opml version='2.0'>", "opml"),
        ("<html><body><rss>", ""),
        ("<rssx/>", ""),
        ("<urlset/>", ""),
        ("<!--", ""),
        ("<?xml", ""),
        ("<!DOCTYPE x [", ""),
        ("rss", ""),
        ("", ""),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", MalformedError),
        (b"<html><body>no feed</body></html>", MalformedError),
        (b"%PDF-1.4 xxxx", InputError),
        (b"<rss><channel></channel></rss>", EmptyInputError),
        (b"<rss>" + b"<a>" * 400, InputError),
    ],
)
def test_what_is_no_feed_is_named(data: bytes, error: type[InputError]) -> None:
    with pytest.raises(error) as caught:
        feed_entries(data, BASE, SETTINGS)
    assert BASE in str(caught.value)
    assert caught.value.remedy


def test_limits() -> None:
    with pytest.raises(TooLargeError, match="bytes"):
        read(RSS, replace(SETTINGS, maximum_feed_bytes=100))
    with pytest.raises(TooLargeError, match="tags"):
        read(RSS, replace(SETTINGS, maximum_feed_tags=10))
    long = rss(f"<item><link>/a</link><title>{'t' * 9999}</title><description>{LONG * 9}</description></item>")
    (entry,) = read(long).entries
    assert len(entry.title or "") == SETTINGS.feed_label_characters
    assert entry.summary.strip() == (LONG * 9).strip()


@pytest.mark.parametrize(
    "name", ["author", "dc:creator", "pubDate", "title", "link", "guid", "category", "description"]
)
@pytest.mark.parametrize("piece", ["1", "a@", "a(", "a.", " ", "&lt;a ", "&amp;", "2020-", "http://a/"])
def test_labels_and_texts_without_end(name: str, piece: str) -> None:
    """Each took time with the square of its length, or may; a hang would be seen."""
    text = rss(f"<item><{name}>{piece * (300_000 // len(piece))}</{name}></item>")
    assert len(read(text).entries) == 1


def test_entries_without_a_name_get_one_from_what_they_say() -> None:
    text = rss("<item><title>A</title></item><item><title>B</title></item>")
    first, second = read(text).entries
    assert first.id != second.id
    assert read(text).entries[0].id == first.id
    assert first.id.startswith(BASE)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[", "mailto:a@b"])
def test_links_to_other_than_pages_are_none(link: str) -> None:
    (entry,) = read(rss(f"<item><guid>1</guid><link>{link}</link></item>")).entries
    assert entry.url is None


def test_feeds_of_ones_own_network_lead_to_their_pages() -> None:
    text = rss("<item><link>http://127.0.0.1:8000/a</link></item><item><link>b</link></item>")
    first, second = feed_entries(text.encode(), "http://news.lan:80/x/", SETTINGS).entries
    assert (first.url, second.url) == ("http://127.0.0.1:8000/a", "http://news.lan:80/x/b")


def test_the_own_outlet_is_no_source() -> None:
    own = '<source url="https://harbour.example/other">Harbour Sport</source>'
    text = rss(f"<item><link>/a</link><content:encoded>x</content:encoded>{own}</item>")
    assert articles(read(text))[0].credits == ()


def test_opml() -> None:
    data = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "x">]><opml version="2.0"><body>
      <outline text="Ports"><outline type="rss" text="B" xmlUrl="https://b.example/f"/>
      <outline XMLURL="https://b.example/g?a=1&b=2" title="C &amp; D &a;" text="other"/></outline>
      <outline type="rss" text="again" xmlUrl="https://b.example/f"/><outline text="no feed"/></body></opml>"""
    found = [(feed.url, feed.title) for feed in opml_feeds(data, "feeds.opml", SETTINGS)]
    assert found == [("https://b.example/f", "B"), ("https://b.example/g?a=1&b=2", "C & D &a;")]


@pytest.mark.parametrize(
    "data",
    [b"", b"<rss/>", b"<opml/>", b"<opml><body>" + b'<outline text="a">' * 5000, b"<opml" + b" x" * 100, b"<opml \x00"],
)
def test_what_is_no_opml_is_named(data: bytes) -> None:
    with pytest.raises(InputError, match=r"feeds\.opml"):
        opml_feeds(data, "feeds.opml", SETTINGS)


_MARKUP = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<link>", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [", "]>",
     "&",
     "&amp;", "&nbsp;", "<content:encoded>", "</content:encoded>", "<x:y z:w='1'>", "<a href='", "'>", "\x00", "\ud800",
     "<?pi", "?>", "<source url='//x'>", "<pubDate>", "é", "<entry>", "<description>", "<dc:date>", "xmlns:a='b'"]
)  # fmt: skip


@given(st.lists(st.one_of(_MARKUP, st.text(max_size=8)), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_mixture_is_a_feed_or_an_error(pieces: list[str]) -> None:
    for root in ("<rss><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<opml><body>"):
        data = (root + "".join(pieces)).encode("utf-8", "surrogatepass")
        try:
            if root.startswith("<opml"):
                opml_feeds(data, BASE, SETTINGS)
                continue
            feed = feed_entries(data, BASE, SETTINGS)
        except InputError:
            continue
        for entry in feed.entries:
            assert entry.id
            article = entry_article(feed, entry, BASE, SETTINGS)
            assert article is None or article.text.encode("utf-8")
