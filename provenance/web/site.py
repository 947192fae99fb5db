"""Answers requests for pages: finds the database, makes the page in a thread of Datasette's, and shows it."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from datasette import Response
from datasette.utils import tilde_decode
from datasette.utils.asgi import asgi_send_file
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from provenance.corpus import Corpus
from provenance.errors import NotFoundError, ProvenanceError, StoreError, TooLargeError
from provenance.pages.overview import lapse
from provenance.pages.rendering import environment, static
from provenance.settings import Settings
from provenance.web import plugin
from provenance.web.asked import Asked
from provenance.web.pages import PAGES, Page
from provenance.web.reading import Reader, read

_HERE: Final = Path(__file__).parent
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_KEPT: Final = ("name", "cluster")
"""Parameters that the next page of a list keeps."""
_NOT_ANALYSED: Final = (
    "The collection is not analysed, or was changed since it was: lists and counts are those of the last analysis. "
    "The command provenance analyze brings them up to date."
)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The environment of the report's templates, with those of the web pages."""
    made = environment()
    loader = ChoiceLoader([FileSystemLoader(_HERE / "templates"), *([made.loader] if made.loader else [])])
    return made.overlay(loader=loader)


@lru_cache(maxsize=4)
def static_text(name: str) -> str:
    """A stylesheet or script: the report's own, or that of the pages.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name == "pages.css":
        return (_HERE / "static" / name).read_text(encoding="utf-8")
    if name in {"provenance.css", "provenance.js"}:
        return static(name)
    raise NotFoundError(f"no file {name}")


@lru_cache(maxsize=1)
def version() -> str:
    """A few letters that change with the stylesheets and the script, so that browsers fetch them anew."""
    every = "".join(static_text(name) for name in ("provenance.css", "provenance.js", "pages.css"))
    return hashlib.sha256(every.encode()).hexdigest()[:8]


def settings_of(datasette: Any) -> Settings:
    """The thresholds that the plugin's configuration names a file of, or the defaults."""
    return _settings(plugin.config(datasette).get("settings"))


@lru_cache(maxsize=4)
def _settings(path: str | None) -> Settings:
    return Settings.from_toml(Path(path)) if path else Settings()


def problem(status: int, what: str) -> Response:
    """A short answer that says what is wrong."""
    return Response.text(what if what and what != str(status) else "There is no such page.", status=status)


async def static_file(request: Any) -> Response:
    """A stylesheet or script."""
    name = request.url_vars["file"]
    try:
        text = static_text(name)
    except NotFoundError as error:
        return problem(404, error.what)
    kept = {"Cache-Control": "max-age=31536000, immutable"} if request.query_string == version() else {}
    return Response(text, headers=kept, content_type=_TYPES[Path(name).suffix])


async def index(datasette: Any, request: Any) -> Response:
    """To the overview of the only database, or a list of several."""
    found = [name for name in plugin.databases(datasette) if await _may_see(datasette, request, name)]
    if not found:
        return problem(404, "No database of provenance is served here.")
    to = {name: plugin.addresses(datasette, name).page("overview") for name in found}
    if len(found) == 1:
        return Response.redirect(to[found[0]])
    page = Page("web_databases.html", "Collections", {"collections": to})
    return Response.html(_filled(page, plugin.addresses(datasette, found[0]), found[0], Settings()))


async def _may_see(datasette: Any, request: Any, name: str) -> bool:
    found: bool = await datasette.permission_allowed(request.actor, "view-database", resource=name, default=True)
    return found


async def show(datasette: Any, request: Any, send: Any) -> Response | None:
    """One page of one database."""
    name, page = tilde_decode(request.url_vars["database"]), request.url_vars["page"] or "overview"
    try:
        database = datasette.get_database(route=name)
    except KeyError:
        return problem(404, "No such database is served here.")
    if not plugin.ours(datasette, database.name):
        return problem(404, "This is no database of provenance.")
    await datasette.ensure_permissions(request.actor, [("view-database", database.name), "view-instance"])
    if page == "download":
        if not plugin.config(datasette).get("downloads"):
            return problem(404, "Downloads are off.")
        await _download(database, send)
        return None
    given = {key: request.args[key] for key in request.args}
    settings = settings_of(datasette)

    def make(connection: sqlite3.Connection) -> tuple[int, str]:
        reading = partial(read, connection, Path(database.path), settings)
        return _made(datasette, database.name, page, Asked(given, settings.web), settings, reading)

    status, body = await database.execute_fn(make)
    return Response.html(body, status=status, headers={"Cache-Control": "no-cache"})


_Work = Callable[[Corpus], str]


def _made(
    datasette: Any, name: str, page: str, asked: Asked, settings: Settings, reading: Callable[[_Work], str]
) -> tuple[int, str]:
    """Status and HTML of a page, or of a page that says why there is none."""
    to = plugin.addresses(datasette, name)
    downloads = bool(plugin.config(datasette).get("downloads"))

    def work(corpus: Corpus) -> str:
        reader = Reader(corpus, to, name, downloads)
        if page not in PAGES:
            raise NotFoundError(f"there is no page {page[:40]!r}")
        made = PAGES[page](reader, asked)
        notice = "" if corpus.store.summaries_current() else _NOT_ANALYSED

        def again(number: int) -> str:
            return to.page(page, **{key: asked.given.get(key) for key in _KEPT}, page=number)

        return _filled(made, to, name, settings, here=page, notice=notice, again=again, downloads=downloads)

    try:
        return 200, reading(work)
    except ProvenanceError as error:
        status, title = _status_of(error)
        remedy = f"{error.remedy[:1].upper()}{error.remedy[1:]}." if error.remedy else ""
        what = f"{error.what[:1].upper()}{error.what[1:]}."
        if status == 503:
            what = "This page took too long to read."
            remedy = "Ask for less, or use the command line, which has no limit."
        return status, _filled(Page("web_problem.html", title, {"what": what, "remedy": remedy}), to, name, settings)


def _status_of(error: ProvenanceError) -> tuple[int, str]:
    if isinstance(error, NotFoundError):
        return 404, "Not found"
    if isinstance(error, TooLargeError):
        return 413, "Too long"
    if isinstance(error, StoreError):
        return (503, "Too much to read") if "interrupted" in error.what else (500, "The database cannot be read")
    return 400, "Not a question that can be answered"


def _filled(page: Page, to: Any, name: str, settings: Settings, **more: Any) -> str:
    context = {"here": "", "notice": "", "again": None, "downloads": False, **more, **page.context}
    return (
        templates()
        .get_template(page.template)
        .render(
            page=page,
            to=to,
            name=name,
            static=f"{to.pages.rpartition('/')[0]}/static",
            version=version(),
            lapse=lapse,
            claim_most=settings.web.claim_characters,
            search_most=settings.store.search_characters,
            **context,
        )
    )


async def _download(database: Any, send: Callable[[Any], Awaitable[None]]) -> None:
    """The database as a whole, as it is at this moment."""
    with tempfile.TemporaryDirectory(prefix="provenance-") as folder:
        copy = Path(folder) / Path(database.path).name
        await database.execute_fn(lambda connection: _backed_up(connection, copy))
        headers = {
            "Content-Disposition": f'attachment; filename="{database.name.encode("ascii", "replace").decode()}.db"'
        }
        await asgi_send_file(send, str(copy), content_type="application/vnd.sqlite3", headers=headers)


def _backed_up(connection: sqlite3.Connection, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
