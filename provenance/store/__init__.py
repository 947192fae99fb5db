"""The SQLite database that keeps articles and results; the only place with SQL in it."""

from provenance.store.database import Store
from provenance.store.records import (
    STAGES,
    AddCounts,
    ClusterRow,
    IndexCounts,
    IndexUpdate,
    SearchHit,
    SourceRow,
    Stage,
    Version,
)

__all__ = [
    "STAGES",
    "AddCounts",
    "ClusterRow",
    "IndexCounts",
    "IndexUpdate",
    "SearchHit",
    "SourceRow",
    "Stage",
    "Store",
    "Version",
]
