"""Summaries of what the stages found, made at the end of an analysis for lists that are read often."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from provenance.comparing import between
from provenance.model import Link
from provenance.settings import ReuseSettings
from provenance.store import Store
from provenance.takings import Uncredited, exchanges, uncredited


def taken(store: Store, settings: ReuseSettings, link: Link) -> Uncredited:
    """How much a link of relation `uncredited-copy` is about.

    Raises:
        NotFoundError: the store does not hold one of its articles.
    """
    one, two = store.article(link.downstream), store.article(link.upstream or "")
    shared = between(store, settings, one, two)
    return uncredited(link, one, two, (match.a_span for match in shared if match.kind != "furniture"))


def every_taken(store: Store, settings: ReuseSettings, most: int | None = None) -> list[Uncredited]:
    """Text taken without credit, most words first.

    Args:
        store: the collection.
        settings: how alike two copies must be that were not aligned with each other.
        most: how many at most, found by the summaries where they are up to date; None for all.

    Raises:
        NotFoundError: an article was deleted in the meantime.
    """
    if most is not None and store.summaries_current():
        return [taken(store, settings, row.link) for row in store.reuse_page(most)]
    found = [taken(store, settings, link) for link in store.links(relation="uncredited-copy")]
    return sorted(found, key=lambda each: (-each.words, each.taker.id, each.source.id))[:most]


def summarize(store: Store, settings: ReuseSettings, name_of: Callable[[str, str], str]) -> None:
    """Bring the summaries of a store up to date; does nothing where they are.

    Links that were measured before and are still there are not measured again.

    Args:
        store: the collection.
        settings: how alike two copies must be that were not aligned with each other.
        name_of: the canonical name of an outlet, by its name and the address of an article of it.
    """
    if store.summaries_current():
        return

    def measured() -> Iterator[tuple[int, int, float, float | None]]:
        for key, link in store.unmeasured():
            found = taken(store, settings, link)
            yield key, found.words, found.share, found.hours

    rows = [dataclasses.astuple(one) for one in exchanges(store.takings(), name_of)]
    store.put_summaries(list(measured()), rows)
