"""The one public object of the store."""

from __future__ import annotations

from collections import Counter

from provenance.store.watched import WatchStore


class Store(WatchStore):
    """A database file that holds articles and what the stages found in them; a context manager.

        with Store(Path("collection.db"), StoreSettings()) as store:
            store.add_articles(articles)

    Everything comes back equal to what went in, in an order that each method names and that does not depend on the
    order it came in. One Store is one connection: use one a thread and one a process. Readers do not wait for a
    writer; a second writer waits `StoreSettings.busy_seconds`.

    Iterators read as they are taken, without keeping a cursor open: it is safe to write to the store, or to stop,
    while going through one.

    Args:
        path: the database file.
        settings: batch sizes, patience and cuts.
        create: whether to make the file, and its folder, where there is none.

    Raises:
        NewerDatabaseError: a later version of this package made it.
        NotADatabaseError: the file is something else; it is left untouched.
        LockedDatabaseError: another program holds it.
        StoreError: the file or its folder cannot be used, or SQLite lacks what is needed.
    """

    def __enter__(self) -> Store:
        return self

    def counts(self) -> dict[str, int]:
        """How many rows there are of everything, by name: articles, versions, matches, passages, clusters and so on."""
        tables = ("articles", "versions", "matches", "passages", "attributions", "links", "chains")
        counts: dict[str, int] = {name: self._rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}
        counts["clusters"] = self._rows("SELECT count(DISTINCT cluster) FROM passages")[0][0]
        return counts

    def link_counts(self) -> dict[str, int]:
        """How many links there are of each relation."""
        return dict(self._rows("SELECT relation, count(*) FROM links GROUP BY relation ORDER BY relation"))

    def cluster_counts(self) -> dict[str, int]:
        """How many passage clusters there are of each kind, a cluster's kind being that of most of its copies."""
        if self.summaries_current():
            start = "clusters:"
            counts = self.summary_counts().items()
            return {name.removeprefix(start): number for name, number in counts if name.startswith(start)}
        kinds: dict[int, list[tuple[int, str]]] = {}
        for cluster, kind, copies in self._rows("SELECT cluster, kind, count(*) FROM passages GROUP BY cluster, kind"):
            kinds.setdefault(cluster, []).append((-copies, kind))
        return dict(Counter(min(found)[1] for found in kinds.values()))
