"""The first page of a report: who printed whose text without credit, the trees, time, passages, sources, outlets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Final

from markupsafe import Markup

from provenance.corpus import Corpus
from provenance.model import Article
from provenance.pages.addresses import Addresses
from provenance.pages.bars import bars_svg, dates_counted
from provenance.pages.compared import figures_changed
from provenance.pages.fragments import link_item
from provenance.pages.lineage import lineage, lineage_svg, nodes_and_steps
from provenance.pages.naming import TITLE_WIDTH, without_text
from provenance.pages.rendering import rendered
from provenance.pages.selecting import Held, Selection
from provenance.pages.visible import count, cut
from provenance.settings import PagesSettings
from provenance.store import SourceRow
from provenance.summarizing import taken
from provenance.takings import Uncredited

_DAYS_FROM: Final = 48


@dataclass(frozen=True, slots=True)
class Taken:
    """A case of uncredited reuse as a card shows it: without the texts of its articles."""

    case: Uncredited
    words: str
    peculiar: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    after: str
    link: Markup
    compare: str


def overview(
    corpus: Corpus, known: Held, chosen: Selection, sources: Sequence[SourceRow], addresses: Addresses, db: str
) -> Markup:
    """The sections of a report that are about the whole collection.

    Args:
        corpus: the collection.
        known: what is known of it.
        chosen: what the report shows.
        sources: the most credited ones.
        addresses: the report's.
        db: the option that names the database, for the commands named.
    """
    settings = corpus.settings.pages
    cases, more = _cases(corpus, known, settings)
    # an article may copy from several: it counts once
    counts = Counter(relation for relation, _ in {(link.relation, link.downstream) for link in known.links})
    exchanges = [one for one in corpus.outlets() if one.credited or one.uncredited]
    unseen = [row for row in sources if row.outlet is not None and not row.held]
    return rendered(
        "overview.html",
        counts=counts,
        cases=[_card(corpus, case, known, addresses) for case in cases],
        more=more,
        trees=[story_tree(known, group, addresses, settings, number) for number, group in enumerate(chosen.trees, 1)],
        left_trees=chosen.left_trees,
        bars=bars_svg(*dates_counted(one.published for one in known.articles.values()), settings.bars),
        clusters=chosen.clusters[: settings.overview_rows],
        left_clusters=max(0, known.shared - settings.overview_rows),
        sources=sources[: settings.overview_rows],
        unseen=unseen[: settings.overview_rows],
        exchanges=exchanges[: settings.overview_rows],
        left_exchanges=max(0, len(exchanges) - settings.overview_rows),
        lapse=lapse,
        a=addresses,
        held=known.articles,
        db=db,
    )


def _cases(corpus: Corpus, known: Held, settings: PagesSettings) -> tuple[list[Uncredited], int]:
    """The largest cases of uncredited reuse, and how many more there are; only their texts are kept."""
    links = [link for link in known.links if link.relation == "uncredited-copy" and link.upstream is not None]

    def measured() -> Iterable[tuple[tuple[float, int, str, str], Uncredited]]:
        for link in links:
            case = taken(corpus.store, corpus.settings.reuse, link)
            yield (link.confidence * case.words, case.words, case.taker.id, case.source.id), case

    best = nlargest(settings.overview_rows, measured(), key=lambda item: item[0])
    return [case for _, case in best], len(links) - len(best)


def _card(corpus: Corpus, case: Uncredited, known: Held, addresses: Addresses) -> Taken:
    settings = corpus.settings.pages
    first = max(case.spans, key=len) if case.spans else None
    words = case.taker.text[first.start : first.end] if first else ""
    peculiar = [one.text for one in case.link.evidence if one.rule == "peculiarity" and one.where == "text"]
    return Taken(
        replace(case, taker=without_text(case.taker), source=without_text(case.source)),
        cut(words, settings.evidence_characters),
        tuple(cut(each, settings.proof_characters) for each in peculiar[:4]),
        tuple(figures_changed(corpus.compare(case.source.id, case.taker.id))[:4]),
        _delay(case),
        link_item(case.link, addresses, held=known.articles, part="why", settings=settings),
        addresses.compare(case.source.id, case.taker.id),
    )


def lapse(hours: float, *, whole: bool = False) -> str:
    """A delay in words: hours below two days, days from there on.

    Args:
        hours: the delay.
        whole: whether it is known to the day only.
    """
    if whole and abs(hours) < 24:
        return "less than a day"
    if whole or abs(hours) >= _DAYS_FROM:
        days = f"{hours / 24:,.1f}".removesuffix(".0")
        return f"{days} day{'' if days in {'1', '-1'} else 's'}"
    words = f"{hours:,.1f}".removesuffix(".0")
    return f"{words} hour{'' if words in {'1', '-1'} else 's'}"


def _delay(case: Uncredited) -> str:
    """How long after the source the taker was published, in words; empty where that is not known."""
    dates = (case.source.published, case.taker.published)
    if case.hours is None or None in dates:
        return ""
    whole = any(one is not None and one.precision == "day" for one in dates)
    if whole and not case.hours:
        return "on the same day"
    return f"{lapse(abs(case.hours), whole=whole)} {'before' if case.hours < 0 else 'after'} it"


def story_tree(
    known: Held,
    group: Sequence[str],
    addresses: Addresses,
    settings: PagesSettings,
    number: int,
    focus: Sequence[str] = (),
) -> tuple[str, Markup]:
    """The tree of some articles that links join, with the sources that they credit and nobody holds.

    Returns:
        What the story is called, by the headline of its earliest article, and the tree; the first explains itself.
    """
    inside = frozenset(group)
    links = dict.fromkeys(link for one in group for link in known.of[one] if inside.issuperset(link.documents))
    if len(group) > 1:
        # a mere credit of some outlet says nothing of the text that these articles share
        links = {link: None for link in links if link.relation != "credit-only"}
    nodes, steps = nodes_and_steps(links, known.articles, focus=focus, documents=group)
    drawn = lineage(nodes, steps, settings)
    first = min(group, key=lambda one: (known.articles[one].published is None, _begin(known.articles[one]), one))
    name = f"{cut(known.articles[first].title or first, TITLE_WIDTH)} ({count(len(group), 'article')})"
    return name, lineage_svg(drawn, addresses, name=f"tree-{number}", title=name, legend=number == 1)


def _begin(article: Article) -> str:
    return article.published.start if article.published else ""
