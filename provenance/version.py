"""The version of this package, for what the package itself must not be imported for."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
