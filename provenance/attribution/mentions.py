"""Which articles are to be read again where the outlets of a collection change: those that mention a changed name.

The gazetteer is asked for names made of words of the article, folded, and for hosts of addresses in it. An article in
which not all words of any changed name occur, nor a changed host, is asked the same and answered the same as before.
The test is wide: words may stand apart and within others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from provenance.attribution.outlets import NAME_PART, Gazetteer, Outlet, name_words, searchable

_PLAIN_WORD: Final = re.compile(r"[a-z0-9à-öø-ÿа-яё]+")
_MOST_QUERIES: Final = 1000
"""Names from which on reading all texts costs less than asking the full-text index for each name."""
_TELLING: Final = 4
"""Letters from which on a word tells articles apart; a query for the start of a shorter one goes through far more."""
_MOST_PARTS: Final = 3
_PROBED: Final = 24
"""Letters of a part of a name that are looked for before the whole name is."""
_FEW: Final = 100
"""Names up to which it costs less to look for each of them in a text than to go through its words."""
_REMEMBERED: Final = 100_000
_LONGEST_REMEMBERED: Final = 40
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
        self._among = AnyName((*self.words, *((host,) for host in self.hosts)))

    def __bool__(self) -> bool:
        return bool(self.words or self.hosts)

    def queries(self) -> list[tuple[str, ...]] | None:
        """Words that stand at the start of words of a text with a changed name, a tuple a name.

        None where all texts must be read: a name has letters that a full-text index folds in its own way, or there are
        so many names that this costs less.
        """
        if len(self.words) + len(self.hosts) > _MOST_QUERIES:
            return None
        found = set()
        for words in (*self.words, *((host,) for host in self.hosts)):
            parts = {part for word in words for part in re.findall(r"[^\W_]+", word)}
            if not parts or not all(_PLAIN_WORD.fullmatch(part) for part in parts):
                return None
            telling = [part for part in parts if len(part) >= _TELLING] or parts
            found.add(tuple(sorted(telling, key=lambda part: (-len(part), part))[:_MOST_PARTS]))
        return sorted(found)

    def in_page(self, page: str) -> bool:
        """Whether a `Trace.page` mentions a changed name or host."""
        return self._among.stands_in(page)

    def in_text(self, text: str) -> bool:
        """Whether an article's text mentions a changed name or host."""
        return self._among.stands_in(searchable(text))


class AnyName:
    """Some names, and whether all words of any of them stand in a text; for thousands of names and many texts.

    Of a name the part is looked for that the fewest other names hold; where it stands, the whole name is. What stands
    in a word is remembered, so that words which texts have in common are gone through once, for all names.

    Args:
        names: the words of each name.
        few: names up to which each is looked for by itself, which costs less then.
    """

    def __init__(self, names: Iterable[Sequence[str]], few: int = _FEW):
        distinct = sorted({tuple(words) for words in names})
        parts_of = {words: {part[:_PROBED] for word in words for part in NAME_PART.findall(word)} for words in distinct}
        held = Counter(part for parts in parts_of.values() for part in parts)
        self._by_part: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        # those looked for by themselves
        self._others: list[tuple[str, ...]] = []
        for words, parts in parts_of.items():
            if parts and len(distinct) > few:
                self._by_part[min(parts, key=lambda part: (held[part], -len(part), part))].append(words)
            else:
                self._others.append(words)
        self._parts = sorted(self._by_part)
        # the longest part that another one starts with, by place; -1 where there is none
        self._shorter: list[int] = []
        for place, part in enumerate(self._parts):
            at = place - 1
            while at >= 0 and not part.startswith(self._parts[at]):
                at = self._shorter[at]
            self._shorter.append(at)
        self._openings = {part[0] for part in self._parts}
        self._found: dict[str, frozenset[str]] = {}

    def stands_in(self, text: str) -> bool:
        """Whether all words of one of the names stand in a text, apart or within other words."""
        if self._parts:
            present: set[str] = set()
            found = self._found
            for word in set(text.split()):
                present |= found[word] if word in found else self._inside(word)
            if any(_all_in(words, text) for part in present for words in self._by_part[part]):
                return True
        return any(_all_in(words, text) for words in self._others)

    def _inside(self, word: str) -> frozenset[str]:
        """The parts that stand in a word."""
        found = set()
        parts, openings = self._parts, self._openings
        for start, letter in enumerate(word):
            if letter not in openings:
                continue
            rest = word[start : start + _PROBED]
            # what the rest starts with stands before it in the order, and starts the last one that does
            at = bisect_right(parts, rest) - 1
            while at >= 0:
                if rest.startswith(parts[at]):
                    found.add(parts[at])
                at = self._shorter[at]
        inside = frozenset(found)
        if len(self._found) < _REMEMBERED and len(word) < _LONGEST_REMEMBERED:
            self._found[word] = inside
        return inside


def _all_in(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)


def _changed(old: Mapping[str, Outlet], new: Mapping[str, Outlet]) -> set[str]:
    return {key for key in {*old, *new} if _known(old.get(key)) != _known(new.get(key))}


def _known(outlet: Outlet | None) -> _Known | None:
    """What of an outlet a reading depends on; its host is looked up by itself."""
    return None if outlet is None else (outlet.name, outlet.kind, outlet.aliases)
