"""What Datasette asks of a plugin: pages, descriptions, named queries, how cells look, who may do what.

Installed with the package, so that `datasette db/provenance.db` shows the same pages as `provenance serve`. Databases
of other programs are left as they are. Configuration, all of it optional, in Datasette's metadata under `plugins`:

    {"plugins": {"provenance": {"hosts": ["example.org"], "open_sql": true, "downloads": true, "settings": "my.toml"}}}
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette import hookimpl

from provenance.web.addresses import PREFIX, WebAddresses
from provenance.web.guard import App, Guard, datasette_policy

if TYPE_CHECKING:
    from markupsafe import Markup

_CELL = 400
"""Characters of a cell shown in a table; the row's own page has more."""
_ROW_CELL = 20_000
# asked for with every cell
_addresses: WeakKeyDictionary[Any, dict[str, WebAddresses]] = WeakKeyDictionary()


def config(datasette: Any) -> dict[str, Any]:
    """The plugin's configuration; empty where there is none."""
    found: dict[str, Any] = datasette.plugin_config("provenance") or {}
    return found


def databases(datasette: Any) -> list[str]:
    """The names of the databases of this package that are served."""
    from provenance.web.reading import is_ours

    return [name for name, database in datasette.databases.items() if is_ours(database.path)]


def ours(datasette: Any, name: str | None) -> bool:
    """Whether a database served under a name is of this package."""
    from provenance.web.reading import is_ours

    return name in datasette.databases and is_ours(datasette.databases[name].path)


def addresses(datasette: Any, name: str) -> WebAddresses:
    """Where the pages and tables of a database are."""
    known = _addresses.setdefault(datasette, {})
    if name not in known:
        from datasette.utils import tilde_encode

        route = tilde_encode(datasette.databases[name].route)
        known[name] = WebAddresses(str(datasette.urls.path(f"{PREFIX}/{route}")), str(datasette.urls.database(name)))
    return known[name]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Stand before everything that is served."""

    def alone() -> bool:
        known = {"_memory", "_internal"}
        return all(ours(datasette, name) for name in datasette.databases if name not in known)

    def wrap(app: App) -> App:
        import datasette as package

        hosts = config(datasette).get("hosts")
        templates = Path(package.__file__).parent / "templates"
        return Guard(app, None if hosts is None else frozenset(hosts), alone, datasette_policy(templates))

    return wrap


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The pages."""
    from provenance.web import site

    routes: list[tuple[str, Callable[..., Awaitable[Any]]]] = [
        (rf"^{PREFIX}/?$", site.index),
        (rf"^{PREFIX}/static/(?P<file>[a-z]+\.(?:css|js))$", site.static_file),
        (rf"^{PREFIX}/(?P<database>[^/]+)(?:/(?P<page>[^/]*))?$", site.show),
    ]
    return [(r"^/$", site.index), *routes] if config(datasette).get("home") else routes


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, str]]:
    """Named queries over our databases."""
    from provenance.web.queries import QUERIES

    return {name: dict(query) for name, query in QUERIES.items()} if ours(datasette, database) else {}


@hookimpl
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Descriptions of tables, views and columns."""
    return {"databases": _described(tuple(databases(datasette)))}


@lru_cache(maxsize=8)
def _described(names: tuple[str, ...]) -> dict[str, Any]:
    from provenance.web.queries import described

    return {name: described() for name in names}


@hookimpl(trylast=True)
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    """No queries by visitors and no downloads of our databases, unless the configuration says so.

    Of several answers Datasette takes the last.
    """
    asked = {"execute-sql": "open_sql", "view-database-download": "downloads"}.get(action)
    if asked is None or not ours(datasette, resource) or config(datasette).get(asked):
        return None
    return False


@hookimpl
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Texts as text, hidden characters made visible; links to articles and passages."""
    if not ours(datasette, database):
        return None
    from provenance.web.cells import cell

    return cell(value, column, table, addresses(datasette, database), _CELL if table else _ROW_CELL)


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way from Datasette's own pages to ours."""
    return [
        {"href": addresses(datasette, name).page("overview"), "label": f"Overview of {name}"}
        for name in databases(datasette)
    ]


@hookimpl
def database_actions(datasette: Any, database: str) -> list[dict[str, str]]:
    """The way from a database to its overview."""
    if not ours(datasette, database):
        return []
    return [{"href": addresses(datasette, database).page("overview"), "label": "Overview"}]


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, exception: Exception) -> Iterator[None]:
    """A page that is not there is no fault: `provenance serve` says so and prints no traceback."""
    from datasette.utils.asgi import Base400

    outcome: Any = yield
    if config(datasette).get("home") and isinstance(exception, Base400):
        from provenance.web.site import problem

        outcome.force_result([problem(exception.status, str(exception))])


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Room for the pages of the file that are read often."""
    if ours(datasette, database):
        from provenance.web.site import settings_of

        conn.execute(f"PRAGMA cache_size = -{settings_of(datasette).store.cache_kibibytes}")
