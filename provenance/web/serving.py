"""Starts Datasette on one database with our pages, on this machine alone unless another address is asked for."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.errors import MissingExtraError, ProvenanceError
from provenance.web.guard import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable


def served(
    database: Path,
    *,
    hosts: frozenset[str] = LOCAL,
    open_sql: bool = False,
    downloads: bool = False,
    settings_file: Path | None = None,
) -> Any:
    """A Datasette on a database, set up as `provenance serve` does.

    Args:
        database: the file; it is only read, and others may write to it meanwhile.
        hosts: the names under which it may be asked for.
        open_sql: whether visitors may write queries of their own.
        downloads: whether the file may be downloaded.
        settings_file: TOML file with thresholds.

    Raises:
        MissingExtraError: Datasette is not installed.
    """
    try:
        from datasette.app import Datasette  # noqa: PLC0415
        from datasette.plugins import pm  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError(
            "the pages are shown by Datasette, which is not installed", remedy="pip install 'provenance[web]'"
        ) from error
    from provenance.web import plugin  # noqa: PLC0415

    if not pm.is_registered(plugin):
        pm.register(plugin, "provenance-serve")
    config: dict[str, Any] = {"hosts": sorted(hosts), "open_sql": open_sql, "downloads": downloads, "home": True}
    if settings_file is not None:
        config["settings"] = str(settings_file)
    return Datasette(
        [str(database)],
        metadata={"title": f"provenance: {database.stem}", "plugins": {"provenance": config}},
        settings={
            "default_allow_sql": open_sql,
            "allow_download": False,
            "allow_csv_stream": downloads,
            # a glance at every column of every table costs more than the page
            "suggest_facets": False,
            "default_page_size": 50,
            # a view of a large collection is counted in a second or two
            "sql_time_limit_ms": 4000,
        },
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; port 0 takes any that is free.

    Raises:
        ProvenanceError: it cannot be had.
    """
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen()
        except OSError:
            made.close()
            raise
    except OSError as error:
        what = f"cannot be listened at: {error.strerror or error}"
        raise ProvenanceError(what, where=where, remedy="--port names another port, --host another address") from error
    return made


def serve(datasette: Any, made: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests until stopped.

    Args:
        datasette: of `served`.
        made: of `listening`.
        ready: called when the next request will be answered.
    """
    import uvicorn  # noqa: PLC0415

    class Announced(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            ready()

    configured = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", server_header=False)
    Announced(configured).run(sockets=[made])
