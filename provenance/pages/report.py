"""The report: one HTML file that needs no network and no script, made to be handed over and printed.

    from provenance import Corpus
    from provenance.pages.report import write_report

    with Corpus("harbour.db") as corpus, open("report.html", "w", encoding="utf-8") as out:
        write_report(corpus, out)

It is written piece by piece as the pieces are made, so that texts pass through the memory one article at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final, TextIO

from markupsafe import Markup

from provenance.chains import Trace
from provenance.corpus import Corpus
from provenance.errors import SettingsError
from provenance.model import Article, Passage
from provenance.pages.compared import comparison
from provenance.pages.fragments import chain_line, link_item, passage_view, trace_view
from provenance.pages.marked import marked_article
from provenance.pages.overview import overview, story_tree
from provenance.pages.rendering import rendered, static
from provenance.pages.selecting import Held, Selection, held, select, strongest_first
from provenance.pages.visible import plain
from provenance.settings import PagesSettings
from provenance.store import ClusterRow


@dataclass(frozen=True, slots=True)
class Written:
    """What a report holds.

    Attributes:
        articles: shown whole.
        comparisons: pairs side by side.
        passages: shown with their copies.
        characters: written.
    """

    articles: int
    comparisons: int
    passages: int
    characters: int


class ReportAddresses:
    """Anchors within the one file, for what it shows."""

    def __init__(self, chosen: Selection, sources: Sequence[str]) -> None:
        self._articles = {document: number for number, document in enumerate(chosen.articles, 1)}
        self._pairs = {frozenset(pair): number for number, pair in enumerate(chosen.pairs, 1)}
        self._clusters = frozenset(row.cluster for row in chosen.clusters)
        self._sources = {name.casefold(): number for number, name in reversed(list(enumerate(sources, 1)))}

    def article(self, document: str) -> str:
        """The article, where it is shown."""
        number = self._articles.get(document)
        return f"#article-{number}" if number else ""

    def compare(self, a: str, b: str) -> str:
        """The comparison, where it is shown."""
        number = self._pairs.get(frozenset((a, b)))
        return f"#compare-{number}" if number else ""

    def passage(self, cluster: int) -> str:
        """The passage, where it is shown."""
        return f"#passage-{cluster}" if cluster in self._clusters else ""

    def source(self, name: str) -> str:
        """The row of a source in the table of the most credited."""
        number = self._sources.get(name.casefold())
        return f"#source-{number}" if number else ""

    def outlet(self, name: str) -> str:  # noqa: ARG002 - the protocol's signature
        """Outlets have no page of their own."""
        return ""

    def graph(self, document: str) -> str:  # noqa: ARG002
        """Trees stand where they are."""
        return ""

    def rows(self, table: str, **where: object) -> str:  # noqa: ARG002
        """A file has no rows behind it."""
        return ""


def write_report(  # noqa: PLR0913 - what a report may be asked for
    corpus: Corpus,
    out: TextIO,
    *,
    document: str | None = None,
    cluster: int | None = None,
    trace: str | None = None,
    title: str = "",
    made: date | None = None,
    database: str = "",
) -> Written:
    """Write a report of the whole collection, or of one article, one passage or one trace.

    Args:
        corpus: the collection, up to date.
        out: where to; the report is UTF-8.
        document: the id of an article that the report is about.
        cluster: the number of a passage that it is about.
        trace: words of a claim that it traces.
        title: of the report; says what it is about where none is given.
        made: the day that is named on it; none is named without.
        database: the name of the database, for the commands that the report names.

    Returns:
        How much it holds.

    Raises:
        NotFoundError: the collection does not hold the article or the passage.
        SettingsError: more than one of document, cluster and trace is given.
    """
    if sum(one is not None for one in (document, cluster, trace)) > 1:
        raise SettingsError("a report is about one article, one passage or one trace", remedy="give one of them")
    about = _About(corpus, document, cluster, trace, made, f" --db {database}" if database else "")
    written = 0
    for piece in about.pieces(title):
        written += out.write(piece)
    chosen = about.chosen
    return Written(len(chosen.articles), len(chosen.pairs), len(chosen.clusters), written)


class _About:
    """One report: what it is about, what is chosen for it, and its pieces in their order."""

    def __init__(
        self, corpus: Corpus, document: str | None, cluster: int | None, trace: str | None, made: date | None, db: str
    ) -> None:
        self.corpus = corpus
        self.settings: PagesSettings = corpus.settings.pages
        self.document, self.cluster, self.made, self.db = document, cluster, made, db
        self.whole = document is None and cluster is None and trace is None
        if document is not None:
            corpus.store.article(document)
        copies = corpus.copies(cluster) if cluster is not None else []
        self.known: Held = held(corpus)
        self.trace: Trace | None = corpus.trace(trace) if trace is not None else None
        self.chosen: Selection = self._chosen(copies)
        every = corpus.sources() if self.whole else iter(())
        self.sources = list(islice(every, self.settings.report_sources))
        shown = self.sources[: self.settings.overview_rows]
        self.addresses = ReportAddresses(self.chosen, [row.name for row in shown])

    # choosing ---------------------------------------------------------------------------------------------------

    def _chosen(self, copies: Sequence[Passage]) -> Selection:
        settings, known = self.settings, self.known
        if self.whole:
            return select(known, settings, list(islice(self.corpus.passages(), self._most_clusters())))
        if self.document is not None:
            documents = self._family(self.document)
            own = {copy.cluster for copy in self.corpus.store.passages(self.document) if copy.kind != "furniture"}
            rows = [row for row in self.corpus.passages() if row.cluster in own]
            return select(known, settings, rows[: self._most_clusters()], documents)
        if self.trace is not None:
            documents = [one.document for one in self.trace.tellings]
            clusters = {number for one in self.trace.tellings for number in one.clusters}
            rows = [row for row in self.corpus.passages() if row.cluster in clusters]
            return select(known, settings, rows[: settings.overview_rows], documents[: settings.scope_articles])
        holders = dict.fromkeys(copy.document for copy in copies)
        dated = sorted(holders, key=lambda one: _age(known.articles[one]))
        rows = [row for row in self.corpus.passages(furniture=True) if row.cluster == self.cluster]
        return select(known, settings, rows, dated[: settings.scope_articles])

    def _most_clusters(self) -> int:
        small = len(self.known.articles) <= self.settings.whole_articles
        return self.settings.whole_articles if small else self.settings.report_passages

    def _family(self, document: str) -> list[str]:
        """An article, those that it goes back to, and those next to it."""
        found: dict[str, None] = {document: None}
        waiting = [document]
        while waiting:
            for link in self.known.of.get(waiting.pop(), ()):
                if link.downstream in found and link.upstream is not None and link.upstream not in found:
                    found[link.upstream] = None
                    waiting.append(link.upstream)
        for link in strongest_first(self.known.of.get(document, ())):
            found.update(dict.fromkeys(link.documents))
        return list(found)[: self.settings.scope_articles]

    # pieces -----------------------------------------------------------------------------------------------------

    def pieces(self, title: str) -> Iterator[str]:
        """The report from top to bottom."""
        yield rendered(
            "report_head.html",
            title=title or self._title(),
            facts=self._facts(),
            css=_style(static("provenance.css")),
            sections=self._sections(),
        )
        if self.whole:
            yield overview(self.corpus, self.known, self.chosen, self.sources, self.addresses, self.db)
        elif self.trace is not None:
            view = trace_view(self.trace, self.addresses, held=self.known.articles, settings=self.settings, level=3)
            yield rendered("section.html", name="trace", title="The trace", body=view)
        elif self.cluster is not None:
            yield from self._passages("The passage", tree="passage-tree")
        else:
            yield from self._articles(self.chosen.articles[:1], "The article")
            yield from self._trees()
        yield from self._comparisons()
        rest = self.chosen.articles[1:] if self.document is not None else self.chosen.articles
        yield from self._articles(rest, "The articles" if self.whole else "Articles concerned")
        if self.cluster is None:
            yield from self._passages("Passages")
        yield rendered("report_foot.html", js=_script(static("provenance.js")), made=self.made)

    def _title(self) -> str:
        if self.document is not None:
            article = self.known.articles[self.document]
            return f"Where “{plain(article.title or article.id)}” comes from"
        if self.cluster is not None:
            return f"Where passage {self.cluster} appears"
        return "Where a claim comes from" if self.trace is not None else "Who had it from whom"

    def _subject(self) -> str:
        if self.document is not None:
            return "One article"
        if self.cluster is not None:
            return "One passage"
        return "One claim" if self.trace is not None else ""

    def _facts(self) -> dict[str, Any]:
        dates = sorted(article.published.start[:10] for article in self.known.articles.values() if article.published)
        return {
            "articles": len(self.known.articles),
            "outlets": len({article.outlet for article in self.known.articles.values() if article.outlet}),
            "first": dates[0] if dates else "",
            "last": dates[-1] if dates else "",
            "undated": len(self.known.articles) - len(dates),
            "shown": len(self.chosen.articles),
            "whole": self.whole,
            "about": self._subject(),
            "left_pairs": self.chosen.left_pairs,
            "pairs": len(self.chosen.pairs),
            "db": self.db,
            "made": self.made,
        }

    def _sections(self) -> list[tuple[str, str]]:
        chosen = self.chosen
        rest = len(chosen.articles) - (self.document is not None)
        every = (
            (self.whole, "short", "In short"),
            (self.trace is not None, "trace", "The trace"),
            (self.document is not None, "article", "The article"),
            (self.cluster is not None, "passages", "The passage"),
            (bool(chosen.trees) and (self.whole or self.document is not None), "trees", "Who had it from whom"),
            (self.whole, "time", "Over time"),
            (self.whole, "tables", "Most reused and credited"),
            (bool(chosen.pairs), "comparisons", "Side by side"),
            (rest > 0, "articles", "Articles"),
            (bool(chosen.clusters) and self.cluster is None, "passages", "Passages"),
            (True, "reading", "How to read this"),
        )
        return [(name, words) for there, name, words in every if there]

    def _trees(self) -> Iterator[str]:
        focus = self.chosen.articles[:1]
        drawn = [
            story_tree(self.known, group, self.addresses, self.settings, number, focus)[1]
            for number, group in enumerate(self.chosen.trees, 1)
        ]
        if drawn:
            yield rendered("section.html", name="trees", title="Who had it from whom", body=Markup("").join(drawn))

    def _comparisons(self) -> Iterator[str]:
        if not self.chosen.pairs:
            return
        yield rendered("comparisons_head.html", left=self.chosen.left_pairs, shown=len(self.chosen.pairs), db=self.db)
        for number, (a, b) in enumerate(self.chosen.pairs, 1):
            compared = self.corpus.compare(a, b)
            yield rendered(
                "comparison_section.html",
                number=number,
                a=a,
                b=b,
                held=self.known.articles,
                body=comparison(compared, self.addresses, held=self.known.articles, settings=self.settings, level=4),
            )
        yield Markup("</section>\n")

    def _articles(self, documents: Sequence[str], title: str) -> Iterator[str]:
        if not documents:
            return
        name = "article" if title == "The article" else "articles"
        left = len(self.known.articles) - len(self.chosen.articles) if self.whole else 0
        yield rendered("articles_head.html", name=name, title=title, left=left, shown=len(documents), db=self.db)
        for document in documents:
            yield self._article(document)
        yield Markup("</section>\n")

    def _article(self, document: str) -> Markup:
        view, settings = self.corpus.show(document), self.settings
        articles, addresses = self.known.articles, self.addresses
        chains = _distinct(view.chains)
        links = strongest_first(view.links)
        return rendered(
            "article.html",
            article=view.article,
            anchor=addresses.article(document).lstrip("#"),
            text=marked_article(
                view.article,
                view.passages,
                view.attributions,
                view.chains,
                view.links,
                addresses,
                holders=self.known.holders,
                held=articles,
                most=settings.article_characters,
            ),
            marked=bool(view.passages),
            spoken=bool(view.attributions),
            links=[
                link_item(one, addresses, held=articles, here=document, settings=settings)
                for one in links[: settings.links_shown]
            ],
            left_links=max(0, len(links) - settings.links_shown),
            chains=[
                chain_line(one, addresses, held=articles, document=True, settings=settings)
                for one in chains[: settings.chains_shown]
            ],
            left_chains=max(0, len(chains) - settings.chains_shown),
            db=self.db,
        )

    def _passages(self, title: str, tree: str = "") -> Iterator[str]:
        if not self.chosen.clusters:
            return
        left = self.known.shared - len(self.chosen.clusters) if self.whole else 0
        yield rendered("passages_head.html", title=title, left=left, db=self.db)
        for row in self.chosen.clusters:
            yield self._passage(row, tree)
        yield Markup("</section>\n")

    def _passage(self, row: ClusterRow, tree: str) -> Markup:
        found = self.corpus.copies(row.cluster)
        found.sort(key=lambda copy: (_age(self.known.articles[copy.document]), copy.document, copy.span))
        few = found[: self.settings.copies_shown]
        texts = {article.id: article for article in self.corpus.store.articles({copy.document for copy in few})}
        holders = dict.fromkeys(copy.document for copy in found)
        links = dict.fromkeys(link for one in holders for link in self.known.of.get(one, ()))
        body = passage_view(
            row,
            [(texts[copy.document], copy) for copy in few],
            strongest_first(links),
            self.addresses,
            settings=self.settings,
            level=4,
            tree=tree,
            held=self.known.articles,
        )
        return rendered("passage_section.html", row=row, body=body)


def _distinct(chains: Sequence[Any]) -> list[Any]:
    """One chain of each sequence of names and stance: whole-article ones first, then the longest, then the surest."""
    best: dict[tuple[object, ...], Any] = {}
    for chain in chains:
        key = (tuple(hop.name for hop in chain.hops), chain.stance == "deny")
        if key not in best or chain.confidence > best[key].confidence:
            best[key] = chain
    return sorted(
        best.values(),
        key=lambda one: (one.claim is not None, -len(one.hops), -one.confidence, one.claim.start if one.claim else 0),
    )


def _age(article: Article) -> tuple[str, str, str]:
    published = article.published
    return (published.end, published.start, article.id) if published else ("~", "~", article.id)


def _style(css: str) -> Markup:
    return Markup(css.replace("</", "<\\/"))  # noqa: S704 - our own file


def _script(source: str) -> Markup:
    return Markup(source.replace("</", "<\\/"))  # noqa: S704 - our own file


REPORT: Final = "report.html"
"""What a report is called where no other name is given."""
