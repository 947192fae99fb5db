from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from provenance.store.schema import TABLES, VIEWS
from provenance.web.queries import QUERIES, described


def test_a_plain_datasette_shows_the_same_pages(harbour: Path, site: Any) -> None:
    from datasette.app import Datasette

    from .conftest import Site

    plain = Site(Datasette([str(harbour)]))
    for path in ("~", "~/article?id=vpa-0312", "~/uncredited"):
        assert plain.get(path).text == site.get(path).text
    assert plain.get("/").status_code == 200, "Datasette's own first page"
    assert 'href="/-/provenance/harbour"' in plain.get("/harbour").text


def test_a_datasette_below_another_address_links_to_itself(harbour: Path) -> None:
    from datasette.app import Datasette

    from .conftest import Site

    site = Site(Datasette([str(harbour)], settings={"base_url": "/news/"}))
    answer = site.get("/-/provenance/harbour")
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    addresses = tree.xpath("//a/@href | //link/@href | //script/@src | //form/@action")
    assert all(each.startswith(("/news/", "#")) for each in addresses)


def test_visitors_write_no_sql_unless_asked_for(site: Any, harbour: Path, serve: Callable[..., Any]) -> None:
    for path in ("/harbour?sql=select+1", "/harbour.json?sql=select+1", "/harbour/documents?_where=1=1"):
        assert site.get(path).status_code == 403, path
    assert "<textarea" not in site.get("/harbour").text
    opened = serve(harbour, open_sql=True)
    assert opened.get("/harbour.json?sql=select+41%2B1&_shape=arrayfirst").json() == [42]
    assert opened.get("/harbour.json?sql=delete+from+links").status_code == 400


def test_the_database_is_not_downloaded_unless_asked_for(
    site: Any, harbour: Path, serve: Callable[..., Any], tmp_path: Path
) -> None:
    assert site.get("/harbour.db").status_code == 403
    assert site.get("~/download").status_code == 404
    assert "Download" not in site.get("~").text
    assert site.get("/harbour/documents.csv?_stream=1").status_code == 400

    given = serve(harbour, downloads=True).get("~/download")
    assert given.status_code == 200
    copy = tmp_path / "copy.db"
    copy.write_bytes(given.content)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (20,)


def test_an_immutable_database_is_not_downloaded_either(harbour: Path) -> None:
    from datasette.app import Datasette

    from .conftest import Site

    site = Site(Datasette(immutables=[str(harbour)]))
    assert site.get("~").status_code == 200
    assert site.get("/harbour.db").status_code == 403


ARGUMENTS = {
    "outlet": "Ostrand Beacon",
    "source": "Ingrid Tolland",
    "cluster": "3",
    "id": "northquay-online",
    "first": "2024-03-12",
    "last": "2024-03-13",
    "words": 'coal "quay',
}


@pytest.mark.parametrize("name", QUERIES)
def test_every_named_query_finds_something(site: Any, name: str) -> None:
    path = f"/harbour/{name}.json"
    answer = site.get(path, params={**ARGUMENTS, "_shape": "array"})
    assert answer.status_code == 200
    arguments = {"taken_from_outlet": {"outlet": "Veldmark Press Agency"}, "texts_with": {"words": "coal quay"}}
    rows = site.get(path, params={**ARGUMENTS, **arguments.get(name, {}), "_shape": "array"}).json()
    assert rows, name
    page = site.get(f"/harbour/{name}", params=ARGUMENTS)
    assert page.status_code == 200
    assert QUERIES[name]["title"] in page.text


def test_names_of_queries_hide_no_table() -> None:
    assert not QUERIES.keys() & (TABLES.keys() | VIEWS.keys())


def test_tables_views_and_columns_are_described(site: Any) -> None:
    metadata = site.get("/-/metadata.json").json()["databases"]["harbour"]["tables"]
    assert metadata.keys() == TABLES.keys() | VIEWS.keys()
    assert metadata["links"]["columns"].keys() == TABLES["links"][1].keys()
    assert "Who printed whose text" in site.get("/harbour/uncredited_reuse").text
    assert described()["tables"]["documents"]["fts_table"] == "word_search"


@pytest.mark.parametrize("name", sorted(TABLES.keys() | VIEWS.keys()))
def test_every_table_and_view_is_shown(site: Any, name: str) -> None:
    assert site.get(f"/harbour/{name}").status_code == 200


def test_articles_are_found_by_full_text_in_their_table(site: Any) -> None:
    rows = site.get("/harbour/documents.json?_search=parish&_shape=array").json()
    assert [row["id"] for row in rows] == ["hollin-letter.md"]


def test_tables_link_to_pages(site: Any) -> None:
    tree = html.fromstring(site.get("/harbour/uncredited_reuse").text)
    links = tree.xpath("//td/a/@href")
    assert "/-/provenance/harbour/article?id=northquay-online" in links
    tree = html.fromstring(site.get("/harbour/passages").text)
    assert "/-/provenance/harbour/passage?cluster=3" in tree.xpath("//td/a/@href")
