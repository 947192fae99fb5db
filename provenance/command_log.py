"""The log of one command: where it goes, and how the command began and ended."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from provenance.consumption import cpu_seconds, peak
from provenance.errors import ProvenanceError
from provenance.logs import shown
from provenance.version import VERSION

_log = logging.getLogger(__name__)


@contextmanager
def logged(command: str, database: Path, verbosity: int, json_file: str | None) -> Iterator[None]:
    """Show the log as long as a command runs, and in it how the command begins and ends.

    Args:
        command: its name.
        database: the database it works on.
        verbosity: how often `-v` was given.
        json_file: what `--log-json` names; None where it was not given.

    Raises:
        click.BadParameter: the file cannot be written, or is the database.
    """
    if json_file is not None and Path(json_file).absolute() == database.absolute():
        raise click.BadParameter(f"{json_file!r} is the database", param_hint="--log-json")
    with ExitStack() as stack:
        try:
            stack.enter_context(shown(verbosity, json_file))
        except ProvenanceError as error:
            raise click.BadParameter(str(error), param_hint="--log-json") from error
        fields = {
            "command": command,
            "database": str(database),
            "version": VERSION,
            "python": platform.python_version(),
        }
        message = "%(command)s: begun on %(database)s, provenance %(version)s, Python %(python)s"
        _log.info(message, fields, extra={"event": "command-begun"})
        began = time.perf_counter()
        try:
            yield
        except BaseException as error:
            _ended(command, time.perf_counter() - began, error)
            raise
        _ended(command, time.perf_counter() - began, None)


def _ended(command: str, seconds: float, error: BaseException | None) -> None:
    fields = {
        "command": command,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_seconds(), 3),
        "peak_bytes": peak().own,
    }
    used = "after %(seconds).1f s (%(cpu_seconds).1f s of processor time), memory at most %(peak_bytes)s"
    if error is None:
        _log.info(f"%(command)s: done {used}", fields, extra={"event": "command-ended"})
    elif isinstance(error, KeyboardInterrupt):
        _log.warning(f"%(command)s: stopped {used}", fields, extra={"event": "command-stopped"})
    elif isinstance(error, SystemExit | click.exceptions.Exit):
        status = error.code if isinstance(error, SystemExit) else error.exit_code
        message = f"%(command)s: ended with status %(status)s {used}"
        _log.warning(message, {**fields, "status": status}, extra={"event": "command-ended"})
    else:
        named = isinstance(error, ProvenanceError | click.ClickException)
        reason = str(error) if named else f"{type(error).__name__}: {error}"
        message = f"%(command)s: failed {used}: %(error)s"
        _log.error(message, {**fields, "error": reason}, extra={"event": "command-failed"})
