"""What linking some articles needs to know of all the others: who publishes what, under which names and addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from provenance.chains.names import Outlets, by_id
from provenance.chains.unseen import Credit, check_documents, credits_by_address
from provenance.model import Article, Source


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What links and chains rest on beyond the articles that they join.

    Attributes:
        outlets: the outlets of the whole collection.
        agencies: those that are news agencies, by their own name or because an article credits them as one.
        by_address: the credits that pages give by the address of a held article, by article.
    """

    outlets: Outlets
    agencies: frozenset[str]
    by_address: Mapping[str, list[Credit]]


def surroundings(articles: Collection[Article], agencies: Iterable[tuple[str, Source]]) -> Surroundings:
    """Gather what a collection says of its outlets.

    Args:
        articles: all of them; their texts are not read.
        agencies: every source that an attribution calls a news agency, with the article that does.

    Raises:
        NotFoundError: an agency is named by an article that is not given.
    """
    held = by_id(articles)
    outlets = Outlets(held)
    named = set()
    for document, source in agencies:
        check_documents(held, (document,), "an attribution")
        key = outlets.key_of(source)
        if key and key != outlets.of[document]:
            named.add(key)
    return Surroundings(outlets, outlets.agencies | named, credits_by_address(held.values(), outlets))
