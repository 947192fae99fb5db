from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from provenance.errors import EmptyInputError, InputError, MalformedError
from provenance.ingest.html import main_text, plain_text, read_page
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
FIRST = "The old ferry stayed in port on Friday because the storm had broken two of its three lamps, the town said."
SECOND = "Engineers will mend the lamps next week, and passengers were told to take the northern road until then."
THIRD = "Nobody was hurt, and the harbour master thanked the crew for a long night of work in the cold rain."


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Ferry</title>{head}</head><body>{body}</body></html>"


def read(markup: str, chosen: IngestSettings = SETTINGS) -> Article:
    return read_page(markup, "a.html", "a.html", chosen)


ARTICLE = f"<article><h1>Ferry stays in port</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article>"


def test_main_text_is_paragraphs_with_an_empty_line_between() -> None:
    nav = "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
    footer = "<footer><p>All rights reserved by the Echo.</p></footer>"
    text = read(page(nav + ARTICLE + footer)).text
    assert "\n\n".join((FIRST, SECOND, THIRD)) in text
    assert "Home" not in text
    assert "rights" not in text


def test_markup_and_scripts_leave_nothing_behind() -> None:
    body = ARTICLE.replace("ferry", "<b>fer</b>ry").replace("storm", "st&ouml;rm&nbsp;<i>A</i>")
    text = read(page(body + "<script>var x = '<p>no</p>';</script><style>p { color: red }</style>")).text
    assert "The old ferry stayed" in text
    assert "störm" in text
    assert "<" not in text
    assert "color" not in text
    assert "var" not in text


def test_tables_are_kept_and_comments_left_out() -> None:
    table = "<table><tr><th>Lamp</th><th>State</th></tr><tr><td>First</td><td>broken</td></tr></table>"
    comments = '<div id="comments"><h3>Comments</h3><p>What a shame, said nobody ever, in this long comment.</p></div>'
    text = read(page(ARTICLE.replace("</article>", table + "</article>") + comments)).text
    assert "First\tbroken" in text
    assert "shame" not in text


def test_credits_are_read_though_the_text_drops_them() -> None:
    head = '<meta property="og:site_name" content="Daily Echo"><link rel="canonical" href="https://riverpost.test/a">'
    byline = '<div class="byline">By Reuters</div>'
    footer = '<footer><a href="https://riverpost.test/a">Source link</a><p>Source: Hill Times</p></footer>'
    article = read(page(byline + ARTICLE + footer, head))
    assert {credit.kind for credit in article.credits} == {"canonical", "byline", "source-link", "republish-notice"}
    assert "Hill Times" not in article.text
    assert (article.id, article.outlet, article.url) == ("a.html", "Daily Echo", None)


def test_hidden_text_is_left_out_unless_there_is_no_other() -> None:
    hidden = "<p style='display:none'>Cheap lamps sold here to anyone who can read this line of text.</p>"
    assert "Cheap" not in read(page(ARTICLE.replace("</article>", hidden + "</article>"))).text
    assert FIRST in read(page(f"<div hidden>{ARTICLE}</div>")).text


@pytest.mark.parametrize("markup", ["Just words, no tags at all.", "<p>One short line.", page("<div>Short.</div>")])
def test_short_pages_give_the_text_of_the_body(markup: str) -> None:
    assert read(markup).text in {"Just words, no tags at all.", "One short line.", "Short."}


@pytest.mark.parametrize(
    "markup", ["", " ", "<!-- -->", "<html></html>", page(""), page("<script>x</script>"), page("&nbsp;"), "<", "\x00"]
)
def test_pages_without_text(markup: str) -> None:
    if markup == "<":
        assert read(markup).text == "<"
        return
    with pytest.raises(EmptyInputError, match=r"a\.html"):
        read(markup)


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "font"])
def test_deep_nesting_loses_no_text(tag: str) -> None:
    deep = f"<{tag}>" * 50_000 + f"<p>{SECOND}</p>" + f"</{tag}>" * 50_000
    text = read(page(f"<p>{FIRST}</p>{deep}<p>{THIRD}</p>")).text
    for paragraph in (FIRST, SECOND, THIRD):
        assert paragraph in text


def test_nesting_of_unknown_elements_is_refused_by_name() -> None:
    with pytest.raises(MalformedError, match="nested too deeply"):
        read(page("<x-y>" * 50_000 + FIRST))


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{FIRST}<p>{SECOND}<p>{THIRD}",
        f"<b><p>{FIRST}</b><i>{SECOND}</p></i>{THIRD}</table></td>",
        f"<p>{FIRST}</p><p {SECOND}>{SECOND}</p><p>{THIRD}",
        f"</div></div><p>{FIRST}</p>{SECOND}<br>{THIRD}</html><p>after</html>",
    ],
)
def test_broken_markup_keeps_its_text(body: str) -> None:
    text = " ".join(read(page(body)).text.split())
    assert FIRST in text
    assert THIRD in text


def test_large_pages_are_read_without_main_text_extraction() -> None:
    small = IngestSettings(maximum_page_elements=20)
    nav = "<nav><a href='/'>Home</a></nav>"
    assert "Home" in read(page(nav + ARTICLE + "<br>" * 30), small).text


def test_no_file_entity_or_address_is_ever_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    secret = f"{tmp_path}/secret"
    with open(secret, "w") as file:  # noqa: PTH123
        file.write("top secret words")
    markup = (
        f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "http://echo.example/x.dtd" [<!ENTITY a SYSTEM "file://{secret}">]>'
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><head><base href="http://echo.example/">'
        '<link rel="stylesheet" href="http://echo.example/a.css"></head><body>'
        f'<p>{FIRST} &a;</p><xi:include href="file://{secret}" parse="text"/>'
        f'<img src="http://echo.example/a.png"><iframe src="file://{secret}"></iframe><p>{SECOND}</p></body></html>'
    )
    article = read(markup)
    assert FIRST in article.text
    assert "secret words" not in article.text


def test_the_same_page_gives_the_same_article() -> None:
    markup = page(ARTICLE + "<p>Source: Hill Times</p>")
    assert read(markup) == read(markup)


def test_lone_surrogates_and_controls_are_replaced() -> None:
    text = read(page(f"<p>{FIRST} \ud800 &#xD800; \x07 end</p>")).text
    text.encode("utf-8")
    assert "\x07" not in text


def test_plain_text_of_lists_breaks_and_cells() -> None:
    markup = "<div>One <b>two</b>\n three<br>four<ul><li>a</li><li>b</li></ul>tail</div>"
    markup += "<table><tr><td>1</td><td>2</td></tr></table>"
    body = document_fromstring(markup).find("body")
    assert plain_text(body) == "One two three\nfour\n\na\n\nb\n\ntail\n\n1\t2"


def test_without_extraction_all_text_of_the_body_is_taken() -> None:
    tree = document_fromstring(page("<nav>Home</nav>" + ARTICLE))
    assert main_text(tree, extract=False).startswith("Home\n\nFerry stays in port\n\n")


pieces = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<td>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<![CDATA[",
        "]]>",
        "&",
        ";",
        "<a href=",
        "'",
        '"',
        ">",
        "<",
        "word ",
        FIRST,
        "<html>",
        "<head>",
        "</head>",
        "<body hidden>",
        "\x00",
        "&#0;",
        "<br>",
        '<link rel="canonical" href="https://x.test/a">',
        '<script type="application/ld+json">{"@graph":[',
        "<frameset>",
        "<svg>",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=20).map("".join))
def test_any_markup_gives_an_article_or_an_input_error(markup: str) -> None:
    try:
        article = read(markup)
    except InputError:
        return
    assert article.text.strip()
    article.text.encode("utf-8")
