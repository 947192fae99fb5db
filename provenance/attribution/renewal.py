"""Bringing attributions up to date with the outlets of a collection that has changed, at the cost of the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from provenance.attribution.collection import MOST_PLACES, TRACE_METHOD, outlets_of, trace
from provenance.attribution.mentions import Mentions
from provenance.attribution.outlets import Gazetteer, Outlet
from provenance.model import Article

TraceRow = tuple[str, str, str, bool, bool, str, Sequence[tuple[str, str]]]


class Traces(Protocol):
    """What keeps articles and their traces; the store does, and says there what each method does."""

    def articles(self, ids: Iterable[str] | None = None) -> Iterator[Article]: ...  # noqa: D102
    def untraced(self, method: str) -> list[str]: ...  # noqa: D102
    def put_traces(self, traces: Iterable[TraceRow], method: str) -> None: ...  # noqa: D102
    def traced_outlets(self) -> list[tuple[str, str, bool]]: ...  # noqa: D102
    def before_acronym(self, acronym: str, most: int) -> list[str]: ...  # noqa: D102
    def outlets_read_with(self) -> list[list[Any]]: ...  # noqa: D102
    def mentioning(  # noqa: D102
        self,
        signature: str,
        queries: Sequence[Sequence[str]] | None,
        in_page: Callable[[str], bool],
        in_text: Callable[[str], bool],
    ) -> list[int]: ...
    def read_again(self, keys: Sequence[int], outlets: Sequence[Sequence[Any]]) -> None: ...  # noqa: D102


def renewed_gazetteer(store: Traces, gazetteer: Gazetteer) -> Gazetteer:
    """A gazetteer and the outlets of the collection; only changed articles are looked at for them."""
    unseen = store.articles(store.untraced(TRACE_METHOD))
    store.put_traces(map(trace_row, unseen), TRACE_METHOD)
    outlets = outlets_of(store.traced_outlets(), lambda acronym: store.before_acronym(acronym, MOST_PLACES))
    return gazetteer.with_outlets(outlets)


def outdate(store: Traces, gazetteer: Gazetteer, renewed: Gazetteer, signature: str) -> None:
    """Have the articles read again that mention a name which means another outlet than when they were read.

    Args:
        store: what keeps the articles.
        gazetteer: the one that was renewed.
        renewed: with the outlets of the collection.
        signature: of attributions that are up to date but for the outlets.
    """
    known = len(gazetteer.outlets)
    now = [[one.name, one.kind, list(one.aliases), one.domain] for one in renewed.outlets[known:]]
    before = store.outlets_read_with()
    if now == before:
        return
    read_with = Gazetteer(
        (*gazetteer.outlets, *(Outlet(name, kind, tuple(aliases), host) for name, kind, aliases, host in before))
    )
    mentions = Mentions(read_with, renewed)
    keys = store.mentioning(signature, mentions.queries(), mentions.in_page, mentions.in_text)
    store.read_again(keys, now)


def trace_row(article: Article) -> TraceRow:
    """What an article contributes to the outlets, as the store keeps it."""
    one = trace(article)
    return article.id, one.outlet, one.host, one.names_itself, one.plain, one.page, one.brackets
