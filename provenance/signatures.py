"""What results were made with, in a few characters: by it a database knows what is up to date."""

from __future__ import annotations

import hashlib
from typing import Final

METHOD: Final = "6"
"""Raised when a stage's method changes its results, so that databases of before are brought up to date."""


def signature_of(*parts: object) -> str:
    """32 hexadecimal digits that differ where the method, or one of the parts as `repr` writes it, does."""
    return hashlib.sha256("\n".join([METHOD, *map(repr, parts)]).encode()).hexdigest()[:32]
