"""Which articles have to be linked together, and whether what their links and chains rest on has changed.

Links and chains of an article rest on the articles that share running text with it, directly or through others, and on
those whose address its page gives. Such a group is closed: its links and chains follow from its own articles and from
what is known of the whole collection (`Surroundings`). Quotations do not join articles to a group, since a much quoted
sentence would make one group of most of a collection; the links that rest on them alone are worked out for each
article that shares one with a changed group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b

from provenance.chains.places import Places, Shared
from provenance.chains.surroundings import Surroundings
from provenance.model import Match, Passage

_DIGEST_BYTES = 8


def groups(documents: Collection[str], found: Shared, around: Surroundings) -> list[list[str]]:
    """The articles parted into groups, each sorted, by their first article.

    Args:
        documents: ids of all articles.
        found: the passages of all of them.
        around: what is known of all of them.
    """
    parent = {document: document for document in sorted(documents)}

    def root(document: str) -> str:
        while parent[document] != document:
            parent[document] = parent[parent[document]]
            document = parent[document]
        return document

    def join(one: str, other: str) -> None:
        low, high = sorted((root(one), root(other)))
        parent[high] = low

    for copies in found.running.values():
        first, *others = copies
        for other in others:
            join(first, other)
    for document, named in around.by_address.items():
        for credit in named:
            if credit.target is not None:
                join(document, credit.target)
    parts: dict[str, list[str]] = defaultdict(list)
    for document in parent:
        parts[root(document)].append(document)
    return list(parts.values())


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
    copies: dict[int, list[tuple[str, int, int, str]]] = defaultdict(list)
    for one in passages:
        copies[one.cluster].append((one.document, one.span.start, one.span.end, one.kind))
    return {number: int.from_bytes(_digest(sorted(copies[number])), "big", signed=True) for number in sorted(copies)}


def article_digests(
    documents: Iterable[str],
    passages: Iterable[Passage],
    matches: Iterable[Match],
    clusters: Mapping[int, int],
    around: Surroundings,
) -> dict[str, tuple[str, str]]:
    """What the links of each article rest on besides its own record and attributions, in 16 hexadecimal digits each.

    Args:
        documents: ids of all articles.
        passages: of all articles, page furniture left out.
        matches: of running text.
        clusters: the digests of all clusters.
        around: what is known of the whole collection.

    Returns:
        For each article what its group rests on, and what its quotations alone add to that.
    """
    running: dict[str, set[int]] = defaultdict(set)
    quoted: dict[str, set[int]] = defaultdict(set)
    for one in passages:
        (quoted if one.kind == "quotation" else running)[one.document].add(one.cluster)
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
    plain: dict[tuple[str, str], str] = {}
    none = _digest([]).hex()
    found: dict[str, tuple[str, str]] = {}
    for document in documents:
        publisher = around.outlets.of[document], around.outlets.owner(document)
        if publisher not in plain:
            plain[publisher] = _digest([(*publisher, publisher[0] in around.agencies)]).hex()
        own, said = parts.get(document), quoted.get(document)
        found[document] = (
            _digest([plain[publisher], *own]).hex() if own else plain[publisher],
            _digest([clusters[number] for number in sorted(said)]).hex() if said else none,
        )
    return found


def _digest(parts: Sequence[object]) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()
