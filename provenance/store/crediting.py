"""The sources that most articles credit, as the summaries keep them: counted anew, or with what has come since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from provenance.store.articles import CREDITS_COUNTED
from provenance.store.attributions import name_key
from provenance.store.connection import Row
from provenance.store.takings import TakingStore

_COUNTED: Final = """
    ifnull(outlet_key, name_key), CASE sources.kind WHEN 'agency' THEN 'outlet' ELSE sources.kind END,
    min(ifnull(outlet, name)), count(DISTINCT article_id), count(*)
    FROM attribution_sources JOIN attributions ON attributions.attribution_id = attribution_sources.attribution_id
    JOIN sources ON sources.source_id = attribution_sources.source_id
    WHERE sources.kind IN ('agency', 'outlet', 'person', 'organization', 'author')"""
_MOST: Final = f"SELECT {_COUNTED} GROUP BY 1, 2 ORDER BY 4 DESC, 5 DESC, 1, 2 LIMIT ?"
_SINCE: Final = f"SELECT {_COUNTED} AND attribution_sources.attribution_id > ? GROUP BY 1, 2"
_OF_KEY: Final = f"""
    SELECT {_COUNTED} AND attribution_sources.source_id IN (
        SELECT source_id FROM sources WHERE outlet_key = ?1
        UNION ALL SELECT source_id FROM sources WHERE name_key = ?1 AND outlet_key IS NULL)
    GROUP BY 1, 2"""
_Credited = tuple[str, str, str, int, int]
"""Key and kind of a source, its name, how many articles credit it and in how many statements."""


class CreditingStore(TakingStore):
    """The part of `Store` that keeps which sources most articles credit."""

    def renew_credited(self) -> None:
        """Make the table `most_credited` anew.

        As long as no attribution was removed since it was made, what has come since is added: the counts of other
        sources are those of before, so a source that now stands in the table stood there or is among the new ones.
        """
        kept, most = self.state(CREDITS_COUNTED), self.settings.credited_kept
        found: Iterable[_Credited] = []
        if kept is not None and json.loads(kept)[1] == most:
            found = sorted(self._credited_since(json.loads(kept)[0]), key=lambda row: (-row[3], -row[4], *row[:2]))[
                :most
            ]
        else:
            found = self._rows(_MOST, (most,))
        self._run("DELETE FROM most_credited")
        self._many("INSERT INTO most_credited VALUES (?, ?, ?, ?, ?, ?)", list(self._placed(found)))
        highest = self._next_key("attributions", "attribution_id") - 1
        self.set_state(CREDITS_COUNTED, json.dumps([highest, most]))

    def credited_now(self) -> Iterator[Row]:
        """The rows of the table `most_credited`, counted anew."""
        return self._placed(self._rows(_MOST, (self.settings.credited_kept,)))

    def _placed(self, found: Iterable[_Credited]) -> Iterator[Row]:
        held = self._held_by_outlet()
        for place, (key, kind, name, articles, statements) in enumerate(found, 1):
            yield place, name, kind, held[key] if kind == "outlet" else 0, articles, statements

    def _credited_since(self, last: int) -> Iterable[_Credited]:
        """The sources that may be among the most credited, where attributions up to some key were counted before.

        Attributions of an article are replaced as a whole: an article with a new one had none before.
        """
        rows = self._rows("SELECT name, kind, articles, statements FROM most_credited")
        found: dict[tuple[str, str], _Credited] = {}
        for name, kind, articles, statements in rows:
            found[name_key(name), kind] = name_key(name), kind, name, articles, statements
        full = len(found) >= self.settings.credited_kept
        for key, kind, name, articles, statements in self._rows(_SINCE, (last,)):
            before = found.get((key, kind))
            if before is not None:
                _, _, known, earlier, stated = before
                found[key, kind] = key, kind, min(name, known), earlier + articles, stated + statements
            elif full:
                # one of the many that were credited too little
                found.update(((row[0], row[1]), row) for row in self._rows(_OF_KEY, (key,)) if row[1] == kind)
            else:
                found[key, kind] = key, kind, name, articles, statements
        return found.values()
