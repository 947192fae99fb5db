"""The direction of the arrows between rooms, and the rules that hold for every module.

    ingest -> text -> reuse and attribution -> chains -> export, web

Imports are read from the source, those inside functions and under `if TYPE_CHECKING` included: an arrow drawn for a
type checker is an arrow.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import provenance
from provenance.settings import Settings

PACKAGE = Path(provenance.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

BASE = {"errors", "model", "settings"}
STAGES = {"ingest", "text", "reuse", "attribution", "chains"}
BELOW_COMMANDS = (
    BASE | STAGES | {"comparing", "logs", "recording", "engines", "store", "export", "corpus", "reports", "takings"}
)

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "settings": {"errors", "model"},
    "ingest": BASE,
    "fetching": {"errors", "settings", "version"},
    "fetched": BASE | {"fetching", "ingest"},
    "watching": BASE
    | {"comparing", "corpus", "export", "fetched", "fetching", "ingest", "recording", "store", "takings"},
    "watch_command": BELOW_COMMANDS | {"options", "watching"},
    "text": BASE,
    "reuse": BASE | {"text"},
    "attribution": BASE | {"text"},
    "chains": BASE | {"text"},
    "export": BASE,
    "ordering": {"model"},
    "store": BASE | {"ordering"},
    # the Spark engine does every stage
    "engines": BASE | STAGES | {"fetched", "fetching", "ordering", "signatures", "version"},
    "importing": BELOW_COMMANDS | {"collector", "signatures"},
    "spark_command": BELOW_COMMANDS | {"importing", "options", "summary", "terminal", ""},
    "import_command": BELOW_COMMANDS | {"options", "spark_command"},
    "inference": BASE | {"chains", "store"},
    "tracing": BASE | {"chains", "store"},
    "takings": BASE | {"store", "text"},
    "collector": set(),
    "matching": BASE | {"reuse", "store"},
    "consumption": set(),
    "recording": BASE | {"consumption", "reports", "store", "version"},
    "version": set(),
    "signatures": set(),
    "logs": BASE | {"export"},
    "reports": BASE | {"reuse", "store"},
    "comparing": BASE | {"chains", "reports", "reuse", "store"},
    "summarizing": BASE | {"comparing", "store", "takings"},
    "corpus": BASE
    | STAGES
    | {
        "collector",
        "matching",
        "recording",
        "signatures",
        "summarizing",
        "comparing",
        "engines",
        "fetched",
        "store",
        "export",
        "inference",
        "reports",
        "takings",
        "tracing",
    },
    "pages": BASE | {"summarizing", "text", "reuse", "chains", "export", "store", "reports", "takings", "corpus"},
    "checking": BASE | {"attribution", "corpus", "reuse", "signatures", "store", "takings", "text"},
    "progress": set(),
    "terminal": BELOW_COMMANDS | {"terminal_lines"},
    "terminal_lines": set(),
    "trace_page": BELOW_COMMANDS | {"terminal"},
    "takings_page": BELOW_COMMANDS | {"terminal"},
    "summary": BELOW_COMMANDS | {"terminal"},
    "command_log": BASE | {"consumption", "logs", "version"},
    "options": BELOW_COMMANDS | {"command_log", "progress", "terminal"},
    "listings": BELOW_COMMANDS | {"options", "takings_page", "terminal", "summary"},
    "report_command": BELOW_COMMANDS | {"options", "pages"},
    "export_command": BELOW_COMMANDS | {"options"},
    "safety_command": BELOW_COMMANDS | {"checking", "options", "progress", "terminal"},
    "runs_command": BELOW_COMMANDS | {"options", "terminal"},
    "cli": BELOW_COMMANDS
    | {
        "runs_command",
        "export_command",
        "import_command",
        "spark_command",
        "listings",
        "report_command",
        "safety_command",
        "watch_command",
        "options",
        "terminal",
        "trace_page",
        "summary",
        "web",
        "",
    },
    "web": BELOW_COMMANDS | {"options", "pages", ""},
    "": BELOW_COMMANDS | {"version"},
    "__main__": {"cli"},
}
"""Which rooms a room may import besides itself; "" is the package's own `__init__`."""

LONGEST_MODULE = 500
LISTS = {"provenance/settings.py"}
"""Modules that are one long list, every threshold with its reason, and have no length to keep."""
CATCH_ALL = {"Exception", "BaseException"}
LONGEST_FUNCTION = 60


def room_of(module: Path) -> str:
    first = module.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


ROOMS = {room_of(module) for module in MODULES} - {""}


def named(module: Path) -> str:
    return module.relative_to(PACKAGE.parent).as_posix()


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"), filename=str(module))


def absolute(module: Path, node: ast.ImportFrom) -> str:
    """The dotted name of the module that a statement imports from, relative ones resolved."""
    if not node.level:
        return node.module or ""
    package = module.relative_to(PACKAGE.parent).parts[:-1]
    parts = package[: len(package) - node.level + 1]
    return ".".join([*parts, *(node.module or "").split(".")]).rstrip(".")


def imported_rooms(module: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and room of every import of this package."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(module, node)
            names = [f"{origin}.{alias.name}" for alias in node.names] if origin == "provenance" else [origin]
        for name in names:
            parts = name.split(".")
            if parts[0] == "provenance":
                yield node.lineno, parts[1] if len(parts) > 1 and parts[1] in ROOMS else ""


def test_every_room_has_its_place() -> None:
    unplaced = ROOMS - set(MAY_IMPORT)
    assert not unplaced, f"say in MAY_IMPORT what these may import: {', '.join(sorted(unplaced))}"


def test_no_arrow_points_back() -> None:
    wrong = []
    for module in MODULES:
        room = room_of(module)
        allowed = MAY_IMPORT.get(room, set()) | {room}
        wrong += [
            f"{named(module)}:{line}: {room or 'the package'} imports {other or 'the package itself'}"
            for line, other in imported_rooms(module, tree_of(module))
            if other not in allowed
        ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_map_of_arrows_has_no_circle() -> None:
    ranks: dict[str, int] = {}

    def rank(room: str, path: tuple[str, ...] = ()) -> int:
        assert room not in path, f"a circle: {' -> '.join([*path, room])}"
        if room not in ranks:
            ranks[room] = 1 + max((rank(other, (*path, room)) for other in MAY_IMPORT[room]), default=0)
        return ranks[room]

    assert rank("text") < rank("reuse") < rank("engines") < rank("corpus") < rank("cli")
    assert "store" not in set().union(*(MAY_IMPORT[room] for room in STAGES))


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("import provenance.store.schema", ["store"]),
        ("from provenance import store, __version__", ["store", ""]),
        ("from ..store import Store", ["store"]),
        ("from .. import store", ["store"]),
        ("def late():\n    from provenance.cli import main", ["cli"]),
        ("if TYPE_CHECKING:\n    from provenance.corpus import Corpus", ["corpus"]),
        ("from .tokens import Words\nimport json", ["text"]),
        ("from provenancex import y", []),
    ],
)
def test_every_way_to_import_is_seen(source: str, rooms: list[str]) -> None:
    found = [room for _, room in imported_rooms(PACKAGE / "text" / "made_up.py", ast.parse(source))]
    assert found == rooms


def test_every_module_has_a_docstring_and_a_reasonable_length() -> None:
    wrong = []
    for module in MODULES:
        lines = len(module.read_text(encoding="utf-8").splitlines())
        if not ast.get_docstring(tree_of(module)):
            wrong.append(f"{named(module)} has no docstring")
        if lines > LONGEST_MODULE and named(module) not in LISTS:
            wrong.append(f"{named(module)} has {lines} lines, more than {LONGEST_MODULE}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_function_is_too_long() -> None:
    wrong = [
        f"{named(module)}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def forbidden(node: ast.AST) -> str | None:
    """What is wrong with one node of the source, by the rules of the house."""
    if isinstance(node, ast.Assert):
        return "assert, which -O takes away; raise an error of provenance.errors"
    if isinstance(node, ast.ExceptHandler):
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        raised_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if not raised_again and any(kind is None or ast.unparse(kind) in CATCH_ALL for kind in caught):
            return "catches every exception; name the ones that are expected"
    if isinstance(node, ast.Import | ast.ImportFrom):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if {name.split(".")[0] for name in modules} & {"pickle", "marshal", "shelve"}:
            return "reads or writes pickles, which run what they hold"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "eval", "exec"}:
        return f"calls {node.func.id}"
    return None


def test_no_module_does_what_the_house_forbids() -> None:
    wrong = [
        f"{named(module)}:{getattr(node, 'lineno', 0)}: {fault}"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if (fault := forbidden(node))
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        "assert x",
        "try:\n    x\nexcept Exception:\n    y",
        "try:\n    x\nexcept:\n    y",
        "try:\n    x\nexcept (ValueError, BaseException):\n    y",
        "try:\n    x\nexcept Exception as error:\n    raise ValueError from error",
        "import pickle",
        "from pickle import loads",
        "print(x)",
    ],
)
def test_what_is_forbidden_is_seen(source: str) -> None:
    assert any(forbidden(node) for node in ast.walk(ast.parse(source)))


def test_cleaning_up_and_raising_again_is_allowed() -> None:
    tree = ast.parse("try:\n    x\nexcept BaseException:\n    undo()\n    raise")
    assert not any(forbidden(node) for node in ast.walk(tree))


def test_every_setting_has_its_reason() -> None:
    lacking = [
        f"{group.name}.{entry.name}"
        for group in dataclasses.fields(Settings)
        for entry in dataclasses.fields(getattr(Settings(), group.name))
        if len(str(entry.metadata.get("reason", ""))) < 20
    ]
    assert not lacking, f"without a reason: {', '.join(lacking)}"
