"""Two stored articles side by side: what they share, and how they stand to each other.

Only what concerns the two and those above them is read, so that a comparison costs the same in any collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from provenance.chains import pair_relation
from provenance.model import Article, Link, Match, Passage
from provenance.reports import Compared, Comparison
from provenance.reuse.edits import edits
from provenance.reuse.implied import implied_matches
from provenance.settings import ReuseSettings
from provenance.store import Store

LinksOf = Callable[[str], Sequence[Link]]
"""Gives the links that concern an article, in the order of `Store.links`."""


def compare(
    store: Store, settings: ReuseSettings, a: str, b: str, *, links_of: LinksOf | None = None, passages: bool = True
) -> Comparison:
    """What two articles share, with what was changed.

    Args:
        store: the collection.
        settings: how alike two copies must be that were not aligned with each other.
        a: id of the one.
        b: id of the other.
        links_of: the links of an article, for callers that have read them; else the store is asked.
        passages: False to leave the shared passages out.

    Raises:
        NotFoundError: the collection does not hold one of them.
    """
    one, two = store.article(a), store.article(b)
    matches = between(store, settings, one, two) if passages else ()
    links = _links_above(links_of or (lambda document: list(store.links(document))), a, b)
    relation, why = pair_relation(a, b, links)
    return Comparison(
        one,
        two,
        tuple(
            Compared(match, tuple(edits(one.text, match.a_span, two.text, match.b_span)))
            for match in sorted(matches, key=lambda match: (match.a_span, match.b_span))
        ),
        tuple(each for each in links if a in each.documents and b in each.documents),
        relation,
        why,
    )


def _links_above(links_of: LinksOf, a: str, b: str) -> list[Link]:
    """The links of two articles and of all that they descend from, in the order of `Store.links`."""
    found: dict[Link, None] = {}
    seen = {a, b}
    waiting = [a, b]
    while waiting:
        document = waiting.pop()
        for link in links_of(document):
            found[link] = None
            if link.downstream == document and link.upstream is not None and link.upstream not in seen:
                seen.add(link.upstream)
                waiting.append(link.upstream)
    return sorted(found, key=lambda link: (link.downstream, link.upstream or "", link.upstream_name))


def between(store: Store, settings: ReuseSettings, one: Article, two: Article) -> Iterator[Match]:
    """What two articles share, the first asked for standing under a; in no order."""
    direct = [match for match in store.matches(one.id) if two.id in {match.a, match.b}]
    for match in direct:
        yield match if match.a == one.id else _turned(match)
    a, b = sorted((one.id, two.id))
    texts = {one.id: one.text, two.id: two.text}
    theirs: dict[int, list[Passage]] = {}
    for copy in store.passages(two.id):
        theirs.setdefault(copy.cluster, []).append(copy)
    for copy in store.passages(one.id):
        copies = sorted([copy, *theirs.get(copy.cluster, ())], key=lambda each: each.document)
        for match in implied_matches(copies, {(a, b): direct}, texts.__getitem__, settings):
            direct.append(match)
            yield match if match.a == one.id else _turned(match)


def _turned(match: Match) -> Match:
    return replace(match, a=match.b, a_span=match.b_span, b=match.a, b_span=match.a_span)
