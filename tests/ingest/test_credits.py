from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from provenance.ingest.credits import page_credits
from provenance.ingest.metadata import read_metadata
from provenance.model import PageCredit
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
HEAD = '<meta property="og:site_name" content="Daily Echo"><meta property="og:url" content="https://www.echo.example/ferry">'


def read(body: str, *, head: str = HEAD, kept: str = "") -> list[PageCredit]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    tree = document_fromstring(page)
    return page_credits(tree, read_metadata(tree, page, SETTINGS), kept, SETTINGS)


def notices(body: str, **more: str) -> list[tuple[str | None, str | None]]:
    return [(credit.name, credit.url) for credit in read(body, **more) if credit.kind == "republish-notice"]


POST = "https://riverpost.test/a"


@pytest.mark.parametrize(
    ("body", "name", "url"),
    [
        (
            f'<p>The post <a href="{POST}">F</a> appeared first on <a href="https://a.test">River Post</a>.</p>',
            "River Post",
            "https://a.test",
        ),
        (f'<p>This article first appeared on <a href="{POST}">River Post</a>.</p>', "River Post", POST),
        ("<p>Originally published on www.riverpost.test</p>", "www.riverpost.test", None),
        ("<p>Article originally appeared at River Post.</p>", "River Post", None),
        (
            f'<p>You can read this article as it originally appears at River Post <a href="{POST}">here</a>.</p>',
            "River Post",
            POST,
        ),
        ("<p>This article was originally published by Jo Doe at River Post.</p>", "River Post", None),
        ("<p>(Article by Jo Doe republished from River Post)</p>", "River Post", None),
        ("<p>Reprinted with permission from River Post.</p>", "River Post", None),
        ("<p>This story was first published in the River Post on May 3, 2024.</p>", "River Post", None),
        ("<p>Source: River Post</p>", "River Post", None),
        ("<p>(Source: Reuters)</p>", "Reuters", None),
        ("<p>/ Source: Associated Press</p>", "Associated Press", None),
        ("<div>Via River Post</div>", "River Post", None),
        ("<div>Via: River Post</div>", "River Post", None),
        ("<p>h/t River Post</p>", "River Post", None),
        ("<p>Hat tip to River Post.</p>", "River Post", None),
        (
            f'<p>Long text of the paragraph. {"More of it. " * 60}<em>Source: <a href="{POST}">River Post</a></em></p>',
            "River Post",
            POST,
        ),
        ("<footer><p>Источник: ТАСС</p></footer>", "ТАСС", None),
        ("<p>По материалам РИА Новости</p>", "РИА Новости", None),
        ("<p>Quelle: dpa</p>", "dpa", None),
        ("<p>Zuerst erschienen in Der Bote.</p>", "Der Bote", None),
        ("<p>Article initialement publié sur Le Messager.</p>", "Le Messager", None),
        ("<p>Publicado originalmente en El Correo.</p>", "El Correo", None),
        ("<p>المصدر: سانا</p>", "سانا", None),
        ("<p>来源：新华社</p>", "新华社", None),
        ("<p>转载自：新华社</p>", "新华社", None),
    ],
)
def test_notices_as_real_sites_write_them(body: str, name: str, url: str | None) -> None:
    assert notices(body) == [(name, url)]


@pytest.mark.parametrize(
    "body",
    [
        "<p>The suspect first appeared in court on Monday.</p>",
        "<p>The band first appeared in Boston.</p>",
        "<p>Originally published on May 3, 2024.</p>",
        "<p>This article was first published in 2019.</p>",
        "<p>The story was originally written by hand.</p>",
        "<p>The post was shared widely on Monday.</p>",
        "<p>Via Getty Images</p>",
        "<p>Source: Facebook</p>",
        "<p>Source:</p>",
        "<p>He travelled via Turkey to Syria.</p>",
        "<p>Sources say the ferry will not sail.</p>",
        "<p>Source: Daily Echo</p>",
        '<p>The post <a href="/ferry">Ferry</a> appeared first on <a href="https://www.echo.example">The Echo</a>.</p>',
        "<figure><img src=x><figcaption>Source: River Post</figcaption></figure>",
        '<div class="wp-caption"><img src=x><p class="wp-caption-text">Via River Post</p></div>',
        "<img src=x><p>Source: River Post</p>",
        "<table><tr><td>1</td></tr></table><p>Source: River Post</p>",
        '<div id="comments"><p>Source: River Post</p></div>',
        "<aside><p>Source: River Post</p></aside>",
        "<p hidden>Source: River Post</p>",
        '<div style="display: none"><p>Source: River Post</p></div>',
        "<script>Source: River Post</script>",
        "<p>Source: River Post " + "and so on " * 60 + "</p>",
    ],
)
def test_what_is_no_notice(body: str) -> None:
    assert notices(body) == []


def test_a_notice_in_the_text_is_left_there_unless_it_links_elsewhere() -> None:
    assert notices("<p>Source: River Post</p>", kept="Text.\n\nSource: River Post") == []
    linked = f'<p>Source: <a href="{POST}">River Post</a></p>'
    assert notices(linked, kept="Text.\n\nSource: River Post") == [("River Post", POST)]


def test_a_notice_that_leads_to_a_path_of_the_page_is_none() -> None:
    body = '<p>The post <a href="/ferry">Ferry</a> appeared first on <a href="/">River Post</a>.</p>'
    assert notices(body, head="") == []


def test_the_words_are_the_evidence() -> None:
    (credit,) = read("<p>  Source:\n <b>River</b> Post </p>")
    assert credit.text == "Source: River Post"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<div class="byline">By Reuters</div>', "By Reuters"),
        ('<span class="article__author-name">AP</span>', "AP"),
        ('<a rel="author" href="/x">Jo Doe</a>', "Jo Doe"),
        ('<p itemprop="author">Reuters</p>', "Reuters"),
        ('<div class="post-author"><p>By <a href="/r">Reuters</a></p></div>', "By Reuters"),
        ('<div class="author">' + "A long life. " * 20 + '<span class="author-name">Jo Doe</span></div>', "Jo Doe"),
    ],
)
def test_bylines(body: str, text: str) -> None:
    assert [(credit.kind, credit.text, credit.url) for credit in read(body)] == [("byline", text, None)]


def test_bylines_of_the_head_come_first_and_once() -> None:
    head = HEAD + '<meta name="author" content="Reuters">'
    found = read('<div class="byline">Reuters</div><div class="byline">By Jo Doe</div>', head=head)
    assert [(credit.text, credit.name) for credit in found] == [("Reuters", "Reuters"), ("By Jo Doe", None)]


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="author">Troll</span></div>',
        '<div class="comment-list"><span class="author">Troll</span></div>',
        '<div class="related-posts"><span class="byline">By AFP</span></div>',
        '<article><h1>Ferry</h1></article><article><span class="byline">By AFP</span></article>',
        '<div class="author-bio">Jo Doe likes boats.</div>',
        "".join(f'<div class="byline">By Writer {n}</div>' for n in range(20)),
    ],
)
def test_what_is_no_byline_of_this_article(body: str) -> None:
    assert read(body) == []


def test_a_layout_class_around_the_whole_page_hides_nothing() -> None:
    body = '<div class="sidebar"><h1>Ferry</h1><div class="byline">By Reuters</div></div>'
    assert [credit.text for credit in read(body)] == ["By Reuters"]


@pytest.mark.parametrize(
    "words",
    [
        "Source link",
        "Source",
        "Original article",
        "Read the original article",
        "Read full story on River Post",
        "via",
        "Go to original",
        "Источник",
        "Quelle",
        "原文链接",
        "[Source]",
    ],
)
def test_links_to_the_source(words: str) -> None:
    (credit,) = read(f'<p>Text. <a href="{POST}">{words}</a></p>')
    assert (credit.kind, credit.text, credit.name, credit.url) == ("source-link", words, "riverpost.test", POST)


@pytest.mark.parametrize(
    ("words", "href"),
    [
        ("Source link", "https://echo.example/other"),
        ("Source link", "/other"),
        ("Source link", "#top"),
        ("River Post", POST),
        ("Read more", POST),
        ("Sources told us", POST),
    ],
)
def test_links_that_are_none_to_the_source(words: str, href: str) -> None:
    assert read(f'<p>Text. <a href="{href}">{words}</a></p>') == []


def test_the_number_of_credits_is_bounded() -> None:
    assert len(read("".join(f"<p>Source: Post {n}x</p>" for n in range(300)))) == SETTINGS.maximum_page_credits


pieces = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=byline>",
        "<div class='comments'>",
        "</div>",
        "<a href='https://x.test/a'>",
        "<a href=':['>",
        "</a>",
        "Source: ",
        "via ",
        "Via X",
        "By Y",
        "The post ",
        " appeared first on ",
        "<em>",
        "<li>",
        "<img>",
        "first ",
        "published ",
        "article ",
        "on ",
        "<article>",
        "<h1>",
        "&#1;",
        "名",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_no_markup_raises(body: str) -> None:
    for credit in read(f"<div>{body}</div>"):
        assert credit.text
