"""Where the log goes: to standard error for people, to a file for programs.

The program logs by Python's `logging`, below the logger `provenance`. Nothing is shown unless somebody asks for it: a
command by its options, another program by handlers of its own. A record's arguments are one mapping, which is what
programs get; its attribute `event` says what happened.

Names of files, ids and messages in it are others' words. On standard error a record is one line in which nothing is
left that a terminal would act on, so that no name can fake a line; in JSON such characters are escaped.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO, Final

from provenance.errors import ProvenanceError
from provenance.export.plain import as_json, visible

LOGGER: Final = "provenance"
STANDARD_ERROR: Final = "-"
"""As the name of a file of JSON."""
_LEVELS: Final = (logging.WARNING, logging.INFO, logging.DEBUG)
"""What is told where `-v` is given so many times."""
_LONGEST: Final = 2000
"""Characters of a line for people."""
_DATABASE: Final = b"SQLite format 3\x00"

# without a handler Python shows warnings of itself
logging.getLogger(LOGGER).addHandler(logging.NullHandler())


def _line(text: str) -> str:
    """A text as one line for a terminal."""
    shown = visible(text).replace("\r", "<U+000D>").replace("\n", "<U+000A>").replace("\t", " ")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _error(record: logging.LogRecord) -> str:
    """The last line of a traceback, where the record has one."""
    found = record.exc_info[1] if record.exc_info else None
    return "" if found is None else f"{type(found).__name__}: {found}"


class ForPeople(logging.Formatter):
    """A record as one line: local time, level, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        moment = datetime.fromtimestamp(record.created, timezone.utc).astimezone()
        parts = [record.getMessage(), _error(record)]
        return f"{moment:%H:%M:%S} {record.levelname.lower():7} {_line(': '.join(filter(None, parts)))}"


class ForPrograms(logging.Formatter):
    """A record as a JSON object on one line: time (ISO 8601 in UTC), level, event, message, fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        fields = dict(record.args) if isinstance(record.args, Mapping) else {}
        row: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            "message": record.getMessage(),
            "fields": {name: _plain(value) for name, value in fields.items()},
        }
        if record.exc_info:
            row["error"] = _error(record)
        return as_json(row)


def _plain(value: Any) -> Any:
    """A value as JSON has it; what JSON has not, as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


class _Output(logging.Handler):
    """Writes lines, and gives up where they cannot be written: a log is not worth the work it tells of."""

    def __init__(self, write: Callable[[str], None], name: str, form: logging.Formatter, level: int) -> None:
        super().__init__(level)
        self.setFormatter(form)
        self._write = write
        self._where = name
        self._given_up = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        if self._given_up:
            return
        try:
            self._write(self.format(record) + "\n")
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._given_up = True
            what = getattr(error, "strerror", None) or error
            logging.getLogger(LOGGER).warning(
                "the log cannot be written to %(file)s any more, the work goes on: %(error)s",
                {"file": self._where, "error": str(what)},
                extra={"event": "log-lost"},
            )

    @property
    def lost(self) -> str:
        """The file that could not be written, empty where all was."""
        return self._where if self._given_up else ""


def _to_standard_error(line: str) -> None:
    # asked for at every line: while a progress line is shown it stands for what prints above that
    sys.stderr.write(line)
    sys.stderr.flush()


def _into(file: BinaryIO) -> Callable[[str], None]:
    def write(line: str) -> None:
        # unbuffered and in one piece, so that lines of two programs do not mix
        rest = memoryview(line.encode("utf-8"))
        while rest:
            rest = rest[file.write(rest) :]

    return write


@contextmanager
def shown(verbosity: int, json_file: str | None = None) -> Iterator[None]:
    """Show the log as long as this lasts.

    Args:
        verbosity: 0 for nothing on standard error, 1 for what is done, 2 for every detail.
        json_file: a file that JSON is appended to, or "-" for standard error; None for none.

    Raises:
        ProvenanceError: the file cannot be written.
    """
    outputs: list[_Output] = []
    file = None if json_file in {None, STANDARD_ERROR} else _opened(Path(str(json_file)))
    level = _LEVELS[min(verbosity, len(_LEVELS) - 1)]
    if verbosity:
        outputs.append(_Output(_to_standard_error, "standard error", ForPeople(), level))
    if json_file is not None:
        write = _to_standard_error if file is None else _into(file)
        outputs.append(_Output(write, json_file, ForPrograms(), min(level, logging.INFO)))
    logger = logging.getLogger(LOGGER)
    before = logger.level
    try:
        for output in outputs:
            logger.addHandler(output)
        if outputs:
            logger.setLevel(min(output.level for output in outputs))
        yield
    finally:
        for output in outputs:
            logger.removeHandler(output)
        logger.setLevel(before)
        if file is not None:
            file.close()
        if not verbosity:
            for output in outputs:
                if output.lost and output.lost != STANDARD_ERROR:
                    _to_standard_error(f"The log {_line(output.lost)} is not complete: it could not be written.\n")


def _opened(path: Path) -> BinaryIO:
    """A file to append to.

    Raises:
        ProvenanceError: it cannot be opened, or it is a database.
    """
    try:
        if path.is_file():
            with path.open("rb") as there:
                database = there.read(len(_DATABASE)) == _DATABASE
            if database:
                raise ProvenanceError("this is a database", where=str(path), remedy="name another file for the log")
        return path.open("ab", buffering=0)
    except OSError as error:
        what = f"the log cannot be written: {error.strerror or error}"
        raise ProvenanceError(what, where=str(path), remedy="name another file") from error
