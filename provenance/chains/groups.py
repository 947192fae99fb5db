"""Which articles have to be linked together, and whether what their links and chains rest on has changed.

Links and chains of an article rest on the articles that share running text with it, directly or through others, and on
those whose address its page gives. Such a group is closed: its links and chains follow from its own articles and from
what is known of the whole collection (`Surroundings`). Quotations do not join articles to a group, since a much quoted
sentence would make one group of most of a collection; the links that rest on them alone are worked out for each
article that shares one with a changed group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import Final

from provenance.chains.places import Places, Shared
from provenance.chains.surroundings import Surroundings
from provenance.model import Match, Passage

_DIGEST_BYTES = 8


class Groups:
    """The articles parted into groups, each sorted, by their first article; may be gone through again and again.

    Most articles share text with none: a group of one is made when its turn comes.

    Args:
        documents: ids of all articles, sorted.
        found: the passages of all of them.
        around: what is known of all of them.
    """

    def __init__(self, documents: Iterable[str], found: Shared, around: Surroundings) -> None:
        self._documents = documents
        self._parent: dict[str, str] = {}
        for copies in found.running.values():
            first, *others = copies
            for other in others:
                self._join(first, other)
        for document, named in around.by_address.items():
            for credit in named:
                if credit.target is not None:
                    self._join(document, credit.target)
        self._members: dict[str, list[str]] = defaultdict(list)
        for document in sorted(self._parent):
            self._members[self._root(document)].append(document)

    def _root(self, document: str) -> str:
        parent = self._parent
        while parent[document] != document:
            parent[document] = parent[parent[document]]
            document = parent[document]
        return document

    def _join(self, one: str, other: str) -> None:
        for document in (one, other):
            self._parent.setdefault(document, document)
        low, high = sorted((self._root(one), self._root(other)))
        # the root of a group is its first article
        self._parent[high] = low

    def __iter__(self) -> Iterator[Sequence[str]]:
        for document in self._documents:
            if document not in self._parent:
                yield (document,)
            elif document in self._members:
                yield self._members[document]

    def of(self, documents: AbstractSet[str]) -> Iterator[Sequence[str]]:
        """Those groups that hold one of some articles."""
        return (group for group in self if not documents.isdisjoint(group))


def quoted_with(documents: Collection[str], quoted: Places) -> set[str]:
    """The articles that share a quotation with one of some articles, these included."""
    among = frozenset(documents)
    found = set(among)
    for copies in quoted.values():
        if not among.isdisjoint(copies):
            found.update(copies)
    return found


def cluster_digests(passages: Iterable[Passage]) -> dict[int, int]:
    """What each passage cluster is, whatever its number: a signed 64-bit digest of its copies."""
    found: dict[int, int] = {}
    for number, copies in groupby(sorted(passages, key=_cluster), key=_cluster):
        told = sorted((one.document, one.span.start, one.span.end, one.kind) for one in copies)
        found[number] = int.from_bytes(_digest(told), "big", signed=True)
    return found


_cluster = attrgetter("cluster")


class Digests:
    """What the links of each article rest on besides its own record and attributions, in 16 hexadecimal digits each.

    Of articles that share nothing with others only the publisher counts, and nothing is kept.

    Args:
        passages: of all articles, page furniture left out.
        matches: of running text.
        clusters: the digests of all clusters.
        around: what is known of the whole collection.
    """

    def __init__(
        self,
        passages: Iterable[Passage],
        matches: Iterable[Match],
        clusters: Mapping[int, int],
        around: Surroundings,
    ) -> None:
        self._outlets, self._agencies = around.outlets, around.agencies
        self._plain: dict[tuple[str, str], str] = {}
        running: dict[str, set[int]] = defaultdict(set)
        quoted: dict[str, set[int]] = defaultdict(set)
        for one in passages:
            (quoted if one.kind == "quotation" else running)[one.document].add(one.cluster)
        self._quoted = {
            document: _digest([clusters[number] for number in sorted(numbers)]).hex()
            for document, numbers in quoted.items()
        }
        parts: dict[str, list[object]] = defaultdict(list)
        for document, numbers in running.items():
            parts[document].extend(clusters[number] for number in sorted(numbers))
        shared: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for match in matches:
            a, b = (match.a_span.start, match.a_span.end), (match.b_span.start, match.b_span.end)
            told = (match.a, *a, match.b, *b, match.kind, clusters.get(match.cluster, 0))
            shared[match.a].append(told)
            shared[match.b].append(told)
        for document, every in shared.items():
            parts[document].extend(sorted(every))
        for document, named in around.by_address.items():
            parts[document].extend((credit.target, credit.outlet, credit.name) for credit in named)
        self._own = {document: _digest([self._publisher(document), *own]).hex() for document, own in parts.items()}

    def of(self, document: str) -> tuple[str, str]:
        """What an article's group rests on, and what its quotations alone add to that."""
        return self._own.get(document) or self._publisher(document), self._quoted.get(document, _NONE)

    def _publisher(self, document: str) -> str:
        publisher = self._outlets.of[document], self._outlets.owner(document)
        known = self._plain.get(publisher)
        if known is None:
            known = self._plain[publisher] = _digest([(*publisher, publisher[0] in self._agencies)]).hex()
        return known


def _digest(parts: Sequence[object]) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


_NONE: Final = _digest([]).hex()
