"""Which articles are to be read again where the outlets of a collection change: those that mention a changed name.

The gazetteer is asked for names made of words of the article, folded, and for hosts of addresses in it. An article in
which not all words of any changed name occur, nor a changed host, is asked the same and answered the same as before.
The test is wide: words may stand apart and within others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from provenance.attribution.outlets import Gazetteer, Outlet, name_words, searchable

_PLAIN_WORD: Final = re.compile(r"[a-z0-9à-öø-ÿа-яё]+")
_Known = tuple[str, str, tuple[str, ...]]


class Mentions:
    """The names and hosts that two gazetteers answer differently."""

    def __init__(self, before: Gazetteer, after: Gazetteer):
        tables = [*zip(before.tables(), after.tables(), strict=True)]
        changed = [_changed(old, new) for old, new in tables]
        # an outlet met by another of its names is looked up by its own one, too
        outlets = {
            table[key].name
            for pair, keys in zip(tables, changed, strict=True)
            for table in pair
            for key in keys
            if key in table
        }
        names = {key for pair in tables for table in pair for key, outlet in table.items() if outlet.name in outlets}
        self.words: tuple[tuple[str, ...], ...] = tuple(sorted({name_words(name) for name in names}))
        self.hosts: tuple[str, ...] = tuple(sorted(_changed(before.hosts(), after.hosts())))

    def __bool__(self) -> bool:
        return bool(self.words or self.hosts)

    def queries(self) -> list[tuple[str, ...]] | None:
        """Words that stand at the start of words of a text with a changed name, a tuple a name.

        None where a name has letters that a full-text index folds in its own way, so that texts must be read.
        """
        found = []
        for words in (*self.words, *((host,) for host in self.hosts)):
            parts = tuple(part for word in words for part in re.findall(r"[^\W_]+", word))
            if not parts or not all(_PLAIN_WORD.fullmatch(part) for part in parts):
                return None
            found.append(parts)
        return found

    def in_page(self, page: str) -> bool:
        """Whether a `Trace.page` mentions a changed name or host."""
        return self._among(page)

    def in_text(self, text: str) -> bool:
        """Whether an article's text mentions a changed name or host."""
        return self._among(searchable(text))

    def _among(self, text: str) -> bool:
        return any(all(word in text for word in words) for words in self.words) or any(
            host in text for host in self.hosts
        )


def _changed(old: Mapping[str, Outlet], new: Mapping[str, Outlet]) -> set[str]:
    return {key for key in {*old, *new} if _known(old.get(key)) != _known(new.get(key))}


def _known(outlet: Outlet | None) -> _Known | None:
    """What of an outlet a reading depends on; its host is looked up by itself."""
    return None if outlet is None else (outlet.name, outlet.kind, outlet.aliases)
