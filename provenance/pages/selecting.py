"""What goes into a report: all of a small collection, the strongest evidence of a large one, as the page says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.corpus import Corpus
from provenance.model import Article, Link
from provenance.pages.naming import without_text
from provenance.settings import PagesSettings
from provenance.store import ClusterRow

WORTH: Final = (
    "uncredited-copy",
    "credited-copy",
    "update",
    "common-source",
    "undetermined",
    "quotation",
    "credit-only",
)
"""Relations in the order in which a reader wants them."""
_SIDE_BY_SIDE: Final = frozenset(WORTH) - {"credit-only"}
"""Relations of articles that share text, which can be set side by side."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a whole collection, without its texts.

    Attributes:
        articles: by id, their texts left out.
        links: all, in the order of the store.
        of: the links that concern each article.
        holders: how many articles hold each passage cluster, furniture included.
        shared: how many clusters there are without furniture.
    """

    articles: Mapping[str, Article]
    links: Sequence[Link]
    of: Mapping[str, Sequence[Link]]
    holders: Mapping[int, int]
    shared: int


def held(corpus: Corpus) -> Held:
    """Read what a report needs of the whole collection; texts pass by one at a time."""
    articles = {article.id: without_text(article) for article in corpus.documents()}
    links = tuple(corpus.links())
    of: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        for document in dict.fromkeys((link.downstream, *([link.upstream] if link.upstream else []), *link.documents)):
            of[document].append(link)
    pairs = {(copy.cluster, copy.document) for copy in corpus.all_copies(furniture=True)}
    counts = corpus.store.cluster_counts()
    shared = sum(counts.values()) - counts.get("furniture", 0)
    return Held(articles, links, of, Counter(cluster for cluster, _ in pairs), shared)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown.

    Attributes:
        articles: ids of those shown whole, in their order on the page.
        pairs: ids of those set side by side, the one taken from first.
        left_pairs: pairs left out.
        clusters: passages shown with their copies.
        trees: groups of articles that links join, each drawn as a tree.
        left_trees: groups left out.
    """

    articles: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    left_pairs: int
    clusters: tuple[ClusterRow, ...]
    trees: tuple[tuple[str, ...], ...]
    left_trees: int


def strongest_first(links: Iterable[Link]) -> list[Link]:
    """Links as a reader wants them: uncredited copies first, the surest first."""
    return sorted(
        links, key=lambda one: (WORTH.index(one.relation), -one.confidence, one.downstream, one.upstream or "")
    )


def pair_of(link: Link) -> tuple[str, str] | None:
    """The two articles of a link that can be set side by side, the one taken from first; None where it has not two."""
    if link.relation not in _SIDE_BY_SIDE:
        return None
    other = link.upstream or next((each for each in link.documents if each != link.downstream), None)
    return None if other is None else (other, link.downstream)


def select(
    known: Held, settings: PagesSettings, clusters: Sequence[ClusterRow], documents: Sequence[str] | None = None
) -> Selection:
    """Choose what a report shows.

    Args:
        known: the collection.
        settings: the limits.
        clusters: the passages to show.
        documents: the articles that the report is about, in their order; None for the whole collection.
    """
    inside = frozenset(documents) if documents is not None else None
    ranked = strongest_first(
        link
        for link in known.links
        if inside is None or link.downstream in inside or not inside.isdisjoint(link.documents)
    )
    if documents is not None:
        ranked.sort(key=lambda link: sum(one not in inside for one in link.documents) if inside else 0)
    pairs = list(dict.fromkeys(pair for link in ranked if (pair := pair_of(link)) is not None))
    pairs = _without_turned(pairs)
    whole = documents is None and len(known.articles) <= settings.whole_articles
    if documents is not None:
        articles = [*dict.fromkeys(documents)][: settings.report_articles]
    elif whole:
        articles = sorted(known.articles, key=lambda one: (_age(known.articles[one]), one))
    else:
        articles = _named_first(ranked, settings.report_articles)
    joining = ranked if whole or documents is not None else [one for one in ranked if one.relation != "quotation"]
    groups = _groups(known, joining, None if documents is None else inside)
    return Selection(
        tuple(articles),
        tuple(pairs[: settings.report_comparisons]),
        max(0, len(pairs) - settings.report_comparisons),
        tuple(clusters),
        tuple(groups[: settings.report_trees]),
        max(0, len(groups) - settings.report_trees),
    )


def _without_turned(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: set[frozenset[str]] = set()
    found = []
    for pair in pairs:
        if frozenset(pair) not in seen:
            seen.add(frozenset(pair))
            found.append(pair)
    return found


def _named_first(links: Iterable[Link], most: int) -> list[str]:
    """The articles of the strongest links, each beside the one it had its text from."""
    found: dict[str, None] = {}
    for link in links:
        pair = pair_of(link)
        if pair is not None:
            found.update(dict.fromkeys(pair))
        if len(found) >= most:
            break
    return list(found)[:most]


def _age(article: Article) -> tuple[str, str]:
    return (article.published.start, article.published.end) if article.published else ("~", "~")


def _groups(known: Held, ranked: Sequence[Link], inside: frozenset[str] | None) -> list[tuple[str, ...]]:
    """Articles that links join, directly or through others: those with the most to accuse first, then the largest.

    Sources that are not held join nobody: half a collection may credit one agency.
    """
    above: dict[str, str] = {}

    def root(document: str) -> str:
        while above.setdefault(document, document) != document:
            above[document] = above[above[document]]
            document = above[document]
        return document

    accused: Counter[str] = Counter()
    for link in ranked:
        first, *rest = dict.fromkeys((link.downstream, *([link.upstream] if link.upstream else []), *link.documents))
        for other in rest:
            above[root(other)] = root(first)
    for link in ranked:
        accused[root(link.downstream)] += link.relation == "uncredited-copy"
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for document in above:
        groups[root(document)].append(document)
    kept = [tuple(sorted(group)) for group in groups.values() if inside is None or not inside.isdisjoint(group)]
    rank = {group: (-accused[root(group[0])], -len(group), group) for group in kept}
    alone = [group for group in kept if len(group) == 1 and not any(link.upstream_name for link in known.of[group[0]])]
    return sorted((group for group in kept if group not in set(alone)), key=rank.__getitem__)
