"""A collection of articles: the one object a program holds.

    from provenance import Corpus

    with Corpus("db/provenance.db") as corpus:
        corpus.add(["seeds"])
        corpus.update()
        for chain in corpus.chains():
            print(chain.document, " <- ".join(hop.name for hop in chain.hops))

`Corpus` runs the stages in their order (reading, shared passages, attributions, links, chains) and keeps what they
produce in the store. Each command of the command line is one call of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, TextIO

from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.metonyms import stands_for
from provenance.attribution.outlet_files import extended, read_back, read_outlets, written
from provenance.attribution.renewal import outdate, renewed_gazetteer
from provenance.chains import Trace
from provenance.collector import without_collector
from provenance.comparing import compare
from provenance.engines.local import LocalEngine
from provenance.engines.protocol import Engine
from provenance.errors import InputError, NotFoundError
from provenance.export.rows import Row, row_of
from provenance.export.tags import Tags
from provenance.export.writing import write
from provenance.fetched import read_places
from provenance.inference import infer
from provenance.ingest import Captures, Meter
from provenance.matching import every_match
from provenance.model import Article, Attribution, Chain, Link, Match, Passage, Span, Stance
from provenance.recording import recorded, staged, up_to_date
from provenance.reports import AddReport, ArticleView, Comparison, RunReport
from provenance.reuse import INDEX_SCHEME, goes_on
from provenance.reuse.detector import Progress
from provenance.reuse.detector import silent as _silent
from provenance.settings import Settings
from provenance.signatures import METHOD, signature_of
from provenance.store import AddCounts, ClusterRow, IndexUpdate, SearchHit, SourceRow, Stage, Store
from provenance.store.turns import in_turn
from provenance.summarizing import every_taken, summarize
from provenance.takings import Exchange, Uncredited, exchanges
from provenance.text.languages import detect_language
from provenance.tracing import trace_stored

DEFAULT_DATABASE: Final = Path("db/provenance.db")
NAMELESS: Final = frozenset(["anonymous", "collective", "unnamed"])
"""Kinds of source without a name of their own: "a source close to the talks", "eyewitnesses", nobody."""
_OUTLETS: Final = "own_outlets"
"""Under which the run's state keeps the outlets that the user gave: JSON."""


class Corpus:
    """A collection of articles in one database.

    Args:
        path: the database; made if it is not there (with its folder).
        settings: the thresholds of all stages.
        gazetteer: outlets and agencies by name; the collection's own outlets are added to it, and those that
            `use_outlets` once kept in the database.
        create: False to raise where there is no database instead of making one.

    Raises:
        StoreError: the database cannot be opened.
    """

    def __init__(
        self,
        path: Path | str = DEFAULT_DATABASE,
        settings: Settings | None = None,
        *,
        gazetteer: Gazetteer | None = None,
        create: bool = True,
    ) -> None:
        self.settings = settings or Settings()
        self.engine: Engine = LocalEngine(self.settings)
        self.store = Store(Path(path), self.settings.store, create=create)
        self._given = gazetteer or Gazetteer.default()
        self._gazetteer = extended(self._given, read_back(self.store.state(_OUTLETS)))

    @classmethod
    def reading(cls, store: Store, settings: Settings, gazetteer: Gazetteer) -> Corpus:
        """A collection to read from, over a store that somebody else opened and will close.

        Args:
            store: the store (`Store.reading`).
            settings: the thresholds of all stages.
            gazetteer: with the outlets that the database keeps (`known_outlets`).
        """
        corpus = cls.__new__(cls)
        corpus.settings, corpus.store, corpus._gazetteer = settings, store, gazetteer
        return corpus

    def __enter__(self) -> Corpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    @property
    def made_by(self) -> tuple[str, str]:
        """What made the results, for the record of a run: the number of the method, and the engine's name."""
        return METHOD, type(self.engine).__name__.removesuffix("Engine").lower()

    # what a program does ----------------------------------------------------------------------------------------

    @recorded("add")
    @in_turn
    def add(
        self,
        paths: Sequence[Path | str],
        *,
        stdin: BinaryIO | None = None,
        progress: Progress = _silent,
        follow: bool = False,
    ) -> AddReport:
        """Read files, folders, standard input ("-") or web addresses and add the articles in them.

        What cannot be read is listed in the report; the rest is added. With `follow` the pages behind the entries of
        feeds are fetched.
        """
        errors: list[InputError] = []
        captures = Captures(self.store.captured)

        def articles() -> Iterator[Article]:
            meter = Meter()
            for item in read_places(paths, self.settings, stdin=stdin, meter=meter, captures=captures, follow=follow):
                progress("reading articles", meter.share)
                if isinstance(item, InputError):
                    errors.append(item)
                else:
                    yield self._with_language(item)

        counts = self.store.add_articles(articles())
        self.store.put_captures(captures.latest)
        return AddReport(counts, tuple(errors))

    @recorded("add", alone=False)
    def add_articles(self, articles: Iterable[Article]) -> AddReport:
        """Add articles that a program made itself."""
        return AddReport(self.store.add_articles(self._with_language(article) for article in articles))

    def use_outlets(self, path: Path | str) -> int:
        """Read outlets of the user's own (CSV or TOML) and keep them in the database, in place of those kept before.

        The next `update` reads with them. Tags alone change nothing that is inferred.

        Returns:
            How many there are; an empty list forgets them.

        Raises:
            InputError: the file cannot be read, or one of its rows not be used; nothing is changed then.
        """
        own = read_outlets(Path(path))
        kept = written(own) if own else None
        if self.store.state(_OUTLETS) != kept:
            self.store.set_state(_OUTLETS, kept)
            self._gazetteer = extended(self._given, own)
        return len(own)

    @recorded("update")
    @in_turn
    def update(self, progress: Progress = _silent, *, full: bool = False) -> None:
        """Bring passages, attributions, links and chains up to date; what already is costs nothing.

        Args:
            progress: is told how far the work is.
            full: compare all articles with each other, not only the changed ones with all.

        Raises:
            InputError: the file of outlets that the settings name cannot be used; nothing is changed then.
        """
        self._take_outlets()
        with without_collector():
            held = self._detect(progress, full=full)
        self._attribute(progress)
        with without_collector():
            self._link(progress, held, full=full)
            del held
            self.summarize()

    @recorded("run")
    @in_turn
    def run(
        self,
        paths: Sequence[Path | str],
        *,
        stdin: BinaryIO | None = None,
        progress: Progress = _silent,
        follow: bool = False,
    ) -> RunReport:
        """Add, detect, attribute and link: everything, from files to chains."""
        self._take_outlets()
        added = self.add(paths, stdin=stdin, progress=progress, follow=follow)
        self.update(progress)
        return self.report(added)

    @recorded("analyze")
    def analyze(self, *, full: bool = False, progress: Progress = _silent) -> RunReport:
        """Bring everything up to date as `update` does, and say how much the collection holds."""
        self.update(progress, full=full)
        return self.report()

    @staged("making summaries")
    @in_turn
    def summarize(self) -> None:
        """Make the summaries that pages read, where they are not up to date; `update` ends with it."""
        summarize(self.store, self.settings.reuse, self._canonical)

    @recorded("remove")
    def remove(self, ids: Iterable[str]) -> int:
        """Delete articles with everything found in them; `update` then mends what rested on them.

        Returns:
            How many were deleted.

        Raises:
            NotFoundError: the collection does not hold one of them; none is deleted then.
        """
        return self.store.delete_articles(ids)

    def report(self, added: AddReport | None = None) -> RunReport:
        """How much the collection holds."""
        held, clusters = self.store.counts(), self.store.cluster_counts()
        furniture = clusters.pop("furniture", 0)
        return RunReport(
            added or AddReport(AddCounts()),
            held["articles"],
            sum(clusters.values()),
            furniture,
            held["attributions"],
            self.store.link_counts(),
            held["chains"],
        )

    # what it answers --------------------------------------------------------------------------------------------

    @property
    def tags(self) -> Tags:
        """The user's own words for outlets, for rows and pages."""
        known = self._gazetteer

        def of(name: str, url: str) -> tuple[str, ...]:
            found = known.lookup(name) if name else None
            if found is None and url:
                found = known.by_host(url)
            return found.tags if found is not None else ()

        some = any(outlet.tags for outlet in known.outlets)
        return Tags(of, self.store.heads, some=some, meant=stands_for)

    def rows(self, what: str, records: Iterable[object]) -> Iterator[Row]:
        """Records of one kind as rows for programs, with the tags of their outlets."""
        tags = self.tags
        return (row_of(what, record, tags) for record in records)

    def documents(self) -> Iterator[Article]:
        """All articles, by id."""
        return self.store.articles()

    def article(self, document: str) -> Article:
        """One article.

        Raises:
            NotFoundError: the collection does not hold it.
        """
        return self.store.article(document)

    def publisher(self, article: Article) -> str:
        """The name under which the gazetteer knows an article's outlet, else its own; empty where it has none."""
        return self._canonical(article.outlet or "", article.url or "")

    def show(self, document: str) -> ArticleView:
        """One article with its attributions, passages, links and chains.

        Raises:
            NotFoundError: the collection does not hold it.
        """
        return ArticleView(
            self.store.article(document),
            tuple(self.store.attributions(document)),
            tuple(self.store.passages(document)),
            tuple(self.store.links(document)),
            tuple(self.store.chains(document)),
        )

    def passages(self, *, furniture: bool = False) -> Iterator[ClusterRow]:
        """Passages that articles share, most copies first, without page furniture unless it is asked for."""
        return (row for row in self.store.clusters() if furniture or row.kind != "furniture")

    def copies(self, cluster: int) -> list[Passage]:
        """The copies of one passage.

        Raises:
            NotFoundError: there is no such cluster.
        """
        found = list(self.store.passages(cluster=cluster))
        if not found:
            raise NotFoundError(f"no passage cluster {cluster}", remedy="`provenance passages` lists them")
        return found

    def all_copies(self, *, furniture: bool = False) -> Iterator[Passage]:
        """The copies of all passages, without page furniture unless it is asked for."""
        return (copy for copy in self.store.passages() if furniture or copy.kind != "furniture")

    def compare(self, a: str, b: str) -> Comparison:
        """What two articles share, with what was changed.

        Raises:
            NotFoundError: the collection does not hold one of them.
        """
        return compare(self.store, self.settings.reuse, a, b)

    def attributions(
        self,
        document: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        stance: Stance | None = None,
        *,
        anonymous: bool = False,
    ) -> Iterator[Attribution]:
        """Statements that somebody says something; `anonymous` for those whose ultimate source has no name."""
        found = self.store.attributions(document, source, kind, stance)
        return (one for one in found if one.chain[-1].kind in NAMELESS) if anonymous else found

    def chains(
        self,
        document: str | None = None,
        source: str | None = None,
        *,
        outlet: str | None = None,
        depth: int | None = None,
        relation: str | None = None,
        surest_first: bool = False,
    ) -> Iterator[Chain]:
        """Paths from claims to their ultimate sources, of `depth` hops or more, in the order of `Store.chains`."""
        return self.store.chains(
            document, source, outlet=outlet, depth=depth, relation=relation, surest_first=surest_first
        )

    def uncredited(self, most: int | None = None) -> list[Uncredited]:
        """Text that articles took from others without saying so, most words first; all of it, or the first so many."""
        return every_taken(self.store, self.settings.reuse, most)

    def outlets(self) -> list[Exchange]:
        """Which outlets take from which, how often, with and without credit, and how long after."""
        return exchanges(self.store.takings(), self._canonical)

    def links(self, document: str | None = None) -> Iterator[Link]:
        """Who had it from whom."""
        return self.store.links(document)

    def sources(self) -> Iterator[SourceRow]:
        """Who is credited, by how many articles, and whether their own articles are held."""
        return self.store.sources()

    def search(self, words: str, limit: int | None = None) -> Iterator[SearchHit]:
        """Articles that hold every one of some words."""
        return self.store.search(words, limit)

    def trace(self, text: str | None = None, *, document: str | None = None, span: Span | None = None) -> Trace:
        """Trace a claim: earliest copy held, earliest publisher credited, ultimate speaker.

        Args:
            text: the claim; or
            document: an article, with `span` a passage of it.
            span: code points into the article's text.

        Raises:
            NotFoundError: the article is not held, or the span lies outside its text.
        """
        return trace_stored(self.store, self.settings.chains, text=text, document=document, span=span)

    def matches(self) -> Iterator[Match]:
        """Every pair of copies in a cluster, furniture included.

        A family of whole copies is aligned to one representative; its other pairs are filled in here, up to
        `reuse.pairs_listed_copies` copies a cluster. Beyond that only the pairs aligned are given.
        """
        return every_match(self.store, self.settings.reuse)

    def export(self, what: str, out: TextIO, form: str | None = None, document: str | None = None) -> int:
        """Write everything of one kind (`export.writing.write`).

        Args:
            what: a key of `export.writing.FORMATS`.
            out: where to.
            form: one of its formats; the first by default.
            document: the article, for what is written of one article only.

        Returns:
            How many rows, nodes and edges, statements or annotations were written.

        Raises:
            NotFoundError: there is no such kind or format, or the article is not held.
        """
        return write(self, what, out, form, document)

    # stages -----------------------------------------------------------------------------------------------------

    def _detect(self, progress: Progress, *, full: bool = False) -> Sequence[Article] | None:
        """Find shared passages, all or those of changed articles; returns what was read without texts, if it was."""
        reuse = self.settings.reuse
        signature = signature_of(reuse)
        if not full and up_to_date(self, "passages", self.store.stage_signature("reuse"), signature):
            return None
        scheme = signature_of(reuse, INDEX_SCHEME)
        counts = self.store.index_counts(scheme)
        if not full and goes_on(counts.articles, counts.compared, counts.changed, reuse):
            articles, earlier = self.store.held_articles(), self.store.earlier(scheme)
        else:
            articles, earlier = self.store.articles_within(self.settings.engine.memory_megabytes << 20), None
        with self.engine.detect(articles, progress, earlier) as found:
            progress("storing passages", 0.0)
            index = IndexUpdate(scheme, found.index(), found.alignments, found.whole, counts)
            kept = None if reuse.sensitivity == "rewritten" else index
            self.store.replace_matches(found.matches, found.passages, signature=signature, index=kept)
        return articles if earlier is not None else None

    def _attribute(self, progress: Progress) -> None:
        """Read the attributions of changed articles, and of those that mention an outlet that came or changed."""
        # where the file of outlets lies does not matter, what it says does
        settled = (replace(self.settings.attribution, outlets=""), self._gazetteer.signature())
        if up_to_date(self, "attributions", self.store.stage_signature("attribution"), signature_of(*settled)):
            return
        gazetteer = renewed_gazetteer(self.store, self._gazetteer)
        signature = signature_of(*settled, gazetteer.reach())
        outdate(self.store, self._gazetteer, gazetteer, signature)
        pending = self.store.pending(signature)
        attributor = Attributor(self.settings.attribution, gazetteer)

        def told() -> Iterator[tuple[str, list[Attribution]]]:
            for number, found in enumerate(done):
                progress("reading attributions", number / len(pending))
                yield found

        with without_collector(), closing(self.engine.attribute(self.store.articles(pending), attributor)) as done:
            self.store.replace_attributions_of(told(), signature=signature)
        self.store.set_stage_signature("attribution", signature_of(*settled))

    def _link(self, progress: Progress, held: Sequence[Article] | None, *, full: bool = False) -> None:
        """Link what a change touches (`inference.infer`), or all articles."""
        signature = signature_of(self.settings.chains, self._upstream_signatures())
        if not full and up_to_date(self, "links and chains", self.store.stage_signature("chains"), signature):
            return
        scheme = signature_of(self.settings.chains)
        infer(self.store, self.settings.chains, scheme, full=full, progress=progress, articles=held)
        for stage in ("links", "chains"):
            self.store.set_stage_signature(stage, signature)

    def _upstream_signatures(self) -> list[str]:
        stages: tuple[Stage, ...] = ("reuse", "attribution")
        return [self.store.stage_signature(stage) or "" for stage in stages]

    def _take_outlets(self) -> None:
        if self.settings.attribution.outlets:
            self.use_outlets(self.settings.attribution.outlets)

    # helpers ----------------------------------------------------------------------------------------------------

    def _with_language(self, article: Article) -> Article:
        if article.language:
            return article
        return replace(article, language=detect_language(article.text, self.settings.ingest))

    def _canonical(self, name: str, url: str) -> str:
        """The name under which the gazetteer knows an outlet, by its name or the address of an article of it."""
        found = self._gazetteer.lookup(name) if name else None
        found = self._gazetteer.by_host(url) if found is None and url else found
        return name if found is None else found.name


def known_outlets(store: Store) -> str | None:
    """The outlets that a database keeps of the user's own, as text; None where it keeps none."""
    return store.state(_OUTLETS)


def gazetteer_with(outlets: str | None) -> Gazetteer:
    """The outlets and agencies known to everybody, with those of `known_outlets`."""
    return extended(Gazetteer.default(), read_back(outlets))
