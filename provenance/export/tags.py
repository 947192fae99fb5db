"""What is told beside names: the user's own words for outlets ("state media"), and what a place stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from provenance.model import Article, Attribution, Chain, Link, Source

Named = dict[str, list[str]]
"""Tags by the name that bears them, in the order in which the names stand in the record."""
_REMEMBERED: Final = 20_000
"""Articles whose outlets are remembered, about 5 MB; those of one story stand near each other in a list of links."""


class Tags:
    """Looks up the tags of outlets; knows none where the user gave none, at no cost.

    Args:
        of: the tags of an outlet by its name and, where it has one, the address of an article of it.
        heads: articles by their ids, for records that name them by id only; those that are not held are left out.
        some: whether there are any tags at all.
        meant: what a source named by a place stands for ("government of Syria"); empty for others.
    """

    def __init__(
        self,
        of: Callable[[str, str], tuple[str, ...]],
        heads: Callable[[Iterable[str]], Mapping[str, Article]],
        *,
        some: bool,
        meant: Callable[[Source], str] = lambda _source: "",
    ) -> None:
        self._of = of
        self._meant = meant
        self._heads = heads
        self._some = some
        self._outlets: dict[str, tuple[str, list[str]]] = {}

    def outlet(self, name: str | None, url: str | None = None) -> list[str]:
        """The tags of one outlet, by its name or by the address of an article."""
        return list(self._of(name or "", url or "")) if self._some and (name or url) else []

    def article(self, article: Article) -> list[str]:
        """The tags of an article's outlet."""
        return self.outlet(article.outlet, article.url)

    def attribution(self, attribution: Attribution) -> Named:
        """The tags of the outlets in an attribution's chain."""
        if not self._some:
            return {}
        return _filled((node.name, self.outlet(node.outlet)) for node in attribution.chain)

    def meant(self, attribution: Attribution) -> dict[str, str]:
        """What the places in an attribution's chain stand for, by name: Damascus for the government of Syria."""
        told = ((node.name, self._meant(node)) for node in attribution.chain)
        return {name: meaning for name, meaning in told if meaning}

    def chain(self, chain: Chain) -> Named:
        """The tags of the outlets in a chain; of a document's outlet under the name that the hop has."""
        if not self._some:
            return {}
        return _filled(
            (hop.name, self.outlet(hop.name) if hop.kind in {"agency", "outlet"} else []) for hop in chain.hops
        )

    def link(self, link: Link) -> Named:
        """The tags of the outlets of a link's articles and of what stands upstream."""
        if not self._some:
            return {}
        ids = dict.fromkeys((*([link.upstream] if link.upstream else []), link.downstream, *link.documents))
        named = [(link.upstream_name, self.outlet(link.upstream_name))]
        outlets = self._outlets_of(ids)
        return _filled([*named, *(outlets[each] for each in ids if each in outlets)])

    def _outlets_of(self, ids: Collection[str]) -> Mapping[str, tuple[str, list[str]]]:
        """Name and tags of the outlets of articles, by id; those asked for last are remembered."""
        unknown = [each for each in ids if each not in self._outlets]
        if unknown:
            if len(self._outlets) > _REMEMBERED:
                self._outlets, unknown = {}, list(ids)
            heads = self._heads(unknown).values()
            self._outlets.update({one.id: (one.outlet or one.id, self.article(one)) for one in heads})
        return self._outlets


def _filled(named: Iterable[tuple[str, list[str]]]) -> Named:
    return {name: tags for name, tags in named if tags}


UNTAGGED: Final = Tags(lambda _name, _url: (), lambda _ids: {}, some=False)
"""Of a collection without tags."""
