"""The SQLite database that keeps articles and results; the only place with SQL in it."""

from provenance.store.counted import Counted
from provenance.store.database import Store
from provenance.store.records import (
    STAGES,
    AddCounts,
    ClusterRow,
    CreditedRow,
    IndexCounts,
    IndexUpdate,
    LeadingRow,
    PublishedRow,
    ReuseRow,
    RunRow,
    SearchHit,
    SourceRow,
    Stage,
    TakingRow,
    Version,
    WatchedKind,
    WatchedRow,
)
from provenance.store.search import Phrase

__all__ = [
    "STAGES",
    "AddCounts",
    "ClusterRow",
    "Counted",
    "CreditedRow",
    "IndexCounts",
    "IndexUpdate",
    "LeadingRow",
    "Phrase",
    "PublishedRow",
    "ReuseRow",
    "RunRow",
    "SearchHit",
    "SourceRow",
    "Stage",
    "Store",
    "TakingRow",
    "Version",
    "WatchedKind",
    "WatchedRow",
]
