"""Who is said to say it, and through whom."""

from __future__ import annotations

from provenance.attribution.extractor import Attributor
from provenance.attribution.kinds import KINDS
from provenance.attribution.outlets import Gazetteer, Outlet

__all__ = ["KINDS", "Attributor", "Gazetteer", "Outlet"]
