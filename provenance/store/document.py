"""Writes `db/README.md`, the page on the schema: `python -m provenance.store.document [FILE]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from provenance.store.schema import describe


def main(arguments: Sequence[str]) -> None:
    """Write the page to the file named, by default `db/README.md` below the current folder."""
    target = Path(arguments[0]) if arguments else Path("db/README.md")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(describe(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
