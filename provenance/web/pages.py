"""What each page shows: records of the collection, and the template that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from provenance.chains import Trace
from provenance.errors import NotFoundError, TooLargeError
from provenance.model import Article, Chain, Link
from provenance.pages.bars import bars_svg
from provenance.pages.compared import comparison
from provenance.pages.fragments import chain_line, link_item, passage_view, trace_view
from provenance.pages.lineage import lineage, lineage_svg, nodes_and_steps
from provenance.pages.marked import marked_article
from provenance.pages.naming import named
from provenance.pages.visible import count, cut
from provenance.store.attributions import name_key
from provenance.takings import Exchange
from provenance.web.asked import Asked
from provenance.web.reading import Reader

_TITLE: Final = 160
_NEAR: Final = frozenset(["credited-copy", "uncredited-copy", "update", "common-source", "undetermined"])
"""Relations that a graph follows; a quotation or a mere credit joins half a collection."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be shown.

    Attributes:
        template: its file.
        title: its heading.
        context: what the template shows.
        rows: the rows behind it: what they are, and their address.
        facts: a line below the heading.
    """

    template: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    rows: Sequence[tuple[str, str]] = ()
    facts: str = ""


Maker = Callable[[Reader, Asked], Page]


def overview(reader: Reader, _asked: Asked) -> Page:
    """How much there is, and the strongest of everything."""
    store, to, most = reader.store, reader.to, reader.settings.web.overview_rows
    counts = store.summary_counts()
    reuse = store.reuse_page(most)
    dates = store.published()
    undated = dict(dates).get("", 0)
    days = [day for day, _ in dates if day]
    span = f"published {days[0]} to {days[-1]}" if days else "none of them dated"
    facts = f"{count(counts.get('articles', 0), 'article')} of {count(counts.get('outlets', 0), 'outlet')}, {span}"
    if undated and days:
        facts += f", {count(undated)} undated"
    return Page(
        "web_overview.html",
        "Overview",
        {
            "counts": counts,
            "links": {name.partition(":")[2]: number for name, number in counts.items() if name.startswith("links:")},
            "reuse": reuse,
            "held": _named(reader, [row.link for row in reuse]),
            "bars": bars_svg([(day, number) for day, number in dates if day], undated, reader.settings.pages.bars),
            "clusters": store.cluster_page(most),
            "sources": store.most_credited(most),
            "exchanges": [one for one in _exchanges(store.exchange_rows(None, most)) if one.credited + one.uncredited],
        },
        [
            ("articles", to.rows("documents")),
            ("passages", to.rows("earliest")),
            ("chains", to.rows("readable_chains")),
            ("uncredited reuse", to.rows("uncredited_reuse")),
            ("articles by day", to.rows("published")),
            ("counts", to.rows("counts")),
        ],
        f"{facts}.",
    )


def article(reader: Reader, asked: Asked) -> Page:
    """One article: its text with everything marked, its links and chains."""
    pages = reader.settings.pages
    view = reader.corpus.show(asked.identity("id"))
    one = view.article
    links = sorted(view.links, key=_strongest)
    chains = sorted(view.chains, key=lambda each: (each.claim is not None, -each.confidence))[: pages.chains_shown]
    shown = links[: pages.links_shown]
    held = {**_named(reader, view.links, chains), one.id: one}
    text = marked_article(
        one,
        view.passages,
        view.attributions,
        view.chains,
        view.links,
        reader.to,
        holders=reader.store.holders(each.cluster for each in view.passages),
        held=held,
        most=pages.article_characters,
    )
    key = reader.store.key_of(one.id)
    to = reader.to
    return Page(
        "web_article.html",
        cut(one.title or one.id, _TITLE),
        {
            "article": one,
            "text": text,
            "links": [link_item(each, to, held=held, here=one.id, settings=pages) for each in shown],
            "left_links": len(links) - len(shown),
            "chains": [chain_line(each, to, held=held, settings=pages) for each in chains],
            "left_chains": len(view.chains) - len(chains),
            "others": _others(one.id, links)[: pages.links_shown],
            "rows_of": lambda table, column: to.rows(table, **{column: key}),
            "held": held,
        },
        [
            ("the article", to.rows("documents", article_id=key)),
            ("its passages", to.rows("passages", article_id=key)),
            ("its attributions", to.rows("attributions", article_id=key)),
            ("links from others", to.rows("links", downstream_id=key)),
            ("links to others", to.rows("links", upstream_id=key)),
            ("its chains", to.rows("readable_chains", id=one.id)),
        ],
    )


def compare(reader: Reader, asked: Asked) -> Page:
    """Two articles side by side."""
    a, b = asked.identity("a"), asked.identity("b")
    one, two = reader.corpus.article(a), reader.corpus.article(b)
    most = reader.settings.web.compared_characters
    if len(one.text) + len(two.text) > most:
        remedy = f"`provenance compare` does it; pages set at most {most:,} characters side by side"
        raise TooLargeError("the two articles are too long together", remedy=remedy)
    compared = reader.corpus.compare(a, b)
    held = _named(reader, compared.links)
    body = comparison(compared, reader.to, held=held, settings=reader.settings.pages)
    known = {**held, a: one, b: two}
    title = f"{named(a, known).name} and {named(b, known).name}"
    first, second = (reader.store.key_of(each) for each in sorted((a, b)))
    rows = [("the passages both hold", reader.to.rows("matches", a_id=first, b_id=second))]
    return Page("web_compare.html", title, {"body": body, "one": one, "two": two}, rows)


def passage(reader: Reader, asked: Asked) -> Page:
    """The copies of one passage, or the passages that most articles hold."""
    number = asked.number("cluster")
    if number is None:
        return _passages(reader, asked)
    store, to, most = reader.store, reader.to, reader.settings.pages.copies_shown
    cluster = store.cluster(number)
    if cluster is None:
        raise NotFoundError(f"no passage has the number {number}", remedy="the list of passages has all of them")
    copies = store.first_copies(number, most)
    articles = {one.id: one for one in store.articles(copy.document for copy in copies)}
    links = store.taken(articles)
    held = _named(reader, [link for link in links if number in link.clusters])
    body = passage_view(
        cluster,
        [(articles[copy.document], copy) for copy in copies],
        links,
        to,
        settings=reader.settings.pages,
        tree="passage-tree",
        held={**held, **articles},
    )
    rows = [("the copies", to.rows("passages", cluster=number)), ("the matches", to.rows("matches", cluster=number))]
    return Page("web_body.html", f"Passage {number}", {"body": body}, rows)


def _passages(reader: Reader, asked: Asked) -> Page:
    found, pager = _listed(reader, asked, reader.store.cluster_page)
    rows = [("passages", reader.to.rows("earliest")), ("every copy", reader.to.rows("shared_text"))]
    facts = "What several articles hold, most copies first; page furniture is left out."
    return Page("web_passages.html", "Shared passages", {"clusters": found, "pager": pager}, rows, facts)


def source(reader: Reader, asked: Asked) -> Page:
    """What a source is credited with, or the sources that most articles credit."""
    name = asked.text("name")
    if not name:
        return _sources(reader, asked)
    store, settings, to = reader.store, reader.settings, reader.to
    chains, pager = _listed(reader, asked, lambda most, start: store.chains_naming(name, most, start))
    articles, statements = store.credits_of(name)
    if not articles and not chains and not asked.start(1):
        raise NotFoundError(f"nobody credits {name[:80]!r}", remedy="the list of sources has those credited most")
    held = _named(reader, (), chains)
    outlet = reader.canonical(name)
    spellings = _spellings(reader, outlet)
    return Page(
        "web_source.html",
        cut(name, _TITLE),
        {
            "chains": [chain_line(each, to, held=held, document=True, settings=settings.pages) for each in chains],
            "pager": pager,
            "outlet": to.outlet(outlet) if spellings else "",
            "count_held": store.count_of_outlets(spellings) if spellings else 0,
        },
        [
            ("steps to it", to.rows("hops", name_key=name_key(name))),
            ("as attributions name it", to.rows("sources", name_key=name_key(name))),
        ],
        f"Credited by {count(articles, 'article')} in {count(statements, 'statement')}.",
    )


def _sources(reader: Reader, asked: Asked) -> Page:
    found, pager = _listed(reader, asked, reader.store.most_credited)
    rows = [("most credited", reader.to.rows("most_credited")), ("every source", reader.to.rows("sources"))]
    facts = "Sources with a name, those credited by most articles first."
    return Page("web_sources.html", "Who is credited", {"sources": found, "pager": pager}, rows, facts)


def outlet(reader: Reader, asked: Asked) -> Page:
    """What an outlet takes and what is taken from it, or which outlets take from which."""
    name = asked.text("name")
    if not name:
        return _outlets(reader, asked)
    store, to, most = reader.store, reader.to, reader.settings.web.rows_a_page
    known = reader.canonical(name)
    names = list(dict.fromkeys([known, name]))
    spellings = _spellings(reader, known) or _spellings(reader, name)
    takes, taken = (_exchanges(store.exchange_rows(names, most, taken=side)) for side in (False, True))
    if not (spellings or takes or taken):
        raise NotFoundError(f"no outlet is known as {name[:80]!r}", remedy="search for its name instead")
    articles, pager = (
        _listed(reader, asked, lambda a_page, start: store.of_outlets(spellings, a_page, start))
        if spellings
        else ([], (0, 0))
    )
    number = store.count_of_outlets(spellings) if spellings else 0
    rows = [
        (f"articles of {cut(each, 60)}", to.rows("documents", outlet=each))
        for each in spellings[: reader.settings.web.overview_rows]
    ]
    return Page(
        "web_outlet.html",
        cut(known, _TITLE),
        {"takes": takes, "taken": taken, "articles": articles, "pager": pager, "names": frozenset(names)},
        [*rows, ("what it takes", to.rows("exchanges", taker=known)), ("from it", to.rows("exchanges", source=known))],
        f"{count(number, 'article')} of it held." if number else "No article of it is held.",
    )


def _outlets(reader: Reader, asked: Asked) -> Page:
    found, pager = _listed(
        reader, asked, lambda most, start: _exchanges(reader.store.exchange_rows(None, most + start)[start:])
    )
    rows = [("exchanges", reader.to.rows("exchanges"))]
    facts = "What the articles of one outlet have from another, most copies first."
    return Page("web_outlets.html", "Which outlets take from which", {"exchanges": found, "pager": pager}, rows, facts)


def uncredited(reader: Reader, asked: Asked) -> Page:
    """Text taken without credit, most words first."""
    found, pager = _listed(reader, asked, reader.store.reuse_page)
    held = _named(reader, [row.link for row in found])
    shown = [
        (row, link_item(row.link, reader.to, held=held, part="why", settings=reader.settings.pages)) for row in found
    ]
    return Page(
        "web_uncredited.html",
        "Copied without credit",
        {"shown": shown, "held": held, "pager": pager},
        [("uncredited reuse", reader.to.rows("uncredited_reuse"))],
        "Articles that print another’s text and do not say so, most words first.",
    )


def graph(reader: Reader, asked: Asked) -> Page:
    """The tree that an article stands in."""
    document = asked.identity("id")
    one = reader.corpus.article(document)
    documents, links = _surroundings(reader, document)
    held = _named(reader, links, documents=documents)
    nodes, steps = nodes_and_steps(links, held, focus=[document], documents=documents)
    drawn = lineage(nodes, steps, reader.settings.pages)
    tree = lineage_svg(drawn, reader.to, name="tree", title=f"Who had it from whom, around {cut(one.id, 80)}")
    shown = [each for each in links if document in each.documents][: reader.settings.pages.links_shown]
    key = reader.store.key_of(document)
    return Page(
        "web_graph.html",
        cut(one.title or one.id, _TITLE),
        {
            "tree": tree,
            "article": one,
            "links": [
                link_item(each, reader.to, held=held, here=document, settings=reader.settings.pages) for each in shown
            ],
            "held": held,
        },
        [
            ("links from others", reader.to.rows("links", downstream_id=key)),
            ("links to others", reader.to.rows("links", upstream_id=key)),
        ],
        "Who had it from whom",
    )


def trace(reader: Reader, asked: Asked) -> Page:
    """A claim traced to its sources, or the box to enter one."""
    most = reader.settings.web.claim_characters
    claim, document, span = asked.text("text", most), asked.given.get("id", ""), asked.span()
    rows = [("denials", reader.to.rows("readable_chains", stance="deny"))]
    if not claim and not document:
        return Page("web_trace.html", "Trace a claim", {"claim": "", "most": most, "body": ""}, rows)
    found = reader.corpus.trace(claim) if claim else reader.corpus.trace(document=document, span=span)
    body = trace_view(
        found, reader.to, held=reader.store.heads(_concerned(found)), settings=reader.settings.pages, level=2
    )
    return Page("web_trace.html", "Trace a claim", {"claim": claim, "most": most, "body": body}, rows)


def search(reader: Reader, asked: Asked) -> Page:
    """Articles that hold every one of some words."""
    words = asked.text("q", reader.settings.store.search_characters)
    most = reader.settings.web.rows_a_page
    hits = list(reader.corpus.search(words, most)) if words else []
    by_id = list(reader.store.heads([words]).values()) if words else []
    heads = reader.store.heads(hit.document for hit in hits)
    return Page(
        "web_search.html",
        "Search",
        {"words": words, "hits": [(hit, _pieces(hit)) for hit in hits], "heads": heads, "by_id": by_id, "most": most},
        [("articles", reader.to.rows("documents"))],
    )


PAGES: Final[dict[str, Maker]] = {
    "overview": overview,
    "article": article,
    "compare": compare,
    "passage": passage,
    "source": source,
    "outlet": outlet,
    "uncredited": uncredited,
    "graph": graph,
    "trace": trace,
    "search": search,
}
"""Every page by its name in the address."""


# helpers --------------------------------------------------------------------------------------------------------


def _listed(reader: Reader, asked: Asked, read: Callable[[int, int], Sequence[Any]]) -> tuple[list[Any], Any]:
    """A page of a list, and the numbers of the pages before and behind it, 0 for none."""
    a_page = reader.settings.web.rows_a_page
    start = asked.start(a_page)
    found = list(read(a_page + 1, start))
    page = start // a_page + 1
    last = page >= reader.settings.web.deepest_page
    return found[:a_page], (page - 1, page + 1 if len(found) > a_page and not last else 0)


def _named(
    reader: Reader, links: Iterable[Link], chains: Iterable[Chain] = (), documents: Iterable[str] = ()
) -> dict[str, Article]:
    """The articles that links and chains name, without their text."""
    ids = {*documents}
    for link in links:
        ids.update(islice(link.documents, reader.settings.pages.tree_nodes))
        ids.update(each for each in (link.upstream, link.downstream, link.runner_up) if each)
        ids.update(each.document for each in link.evidence)
    for chain in chains:
        ids.add(chain.document)
        for hop in chain.hops:
            ids.update(each.document for each in hop.evidence)
            if hop.document:
                ids.add(hop.document)
    return reader.store.heads(ids)


def _strongest(link: Link) -> tuple[bool, bool, float, str, str]:
    """What a reader wants first: copies, then other shared text, then mere credits, the surest of each."""
    return (
        link.relation not in {"uncredited-copy", "credited-copy", "update"},
        link.relation == "credit-only",
        -link.confidence,
        link.downstream,
        link.upstream or link.upstream_name,
    )


def _others(document: str, links: Iterable[Link]) -> list[str]:
    """The articles that share text with one, in the order of its links."""
    found: dict[str, None] = {}
    for link in links:
        if link.relation != "credit-only":
            found.update(dict.fromkeys(each for each in link.documents if each != document))
    return list(found)


def _surroundings(reader: Reader, document: str) -> tuple[list[str], list[Link]]:
    """The articles around one that links join, nearest first, and these links."""
    most = reader.settings.web.graph_articles
    seen = {document: None}
    waiting, links = [document], dict[Link, None]()
    while waiting:
        here = waiting.pop(0)
        for link in islice(reader.store.links(here), most):
            near = link.relation in _NEAR
            if not near and here != document:
                continue
            links[link] = None
            for other in islice(link.documents, most):
                if other not in seen and len(seen) < most:
                    seen[other] = None
                    if near:
                        waiting.append(other)
    return list(seen), [link for link in links if seen.keys() >= {link.downstream, link.upstream or link.downstream}]


def _concerned(found: Trace) -> set[str]:
    """The articles that a trace names."""
    ids = {one.document for one in found.tellings} | {one.document for one in found.denials}
    ids.update(each for link in found.links for each in (link.upstream, *link.documents) if each)
    ids.update(each for change in found.changes for each in (change.before, change.after))
    ids.update(each for figure in found.rival_figures for each in figure.documents)
    for answer in (found.earliest_held, found.earliest_credited, found.ultimate_speaker):
        ids.update(each for each in (answer.document, *answer.candidates) if each)
    for telling in found.tellings:
        ids.update(hop.document for chain in telling.chains for hop in chain.hops if hop.document)
    return ids


def _exchanges(rows: Iterable[tuple[Any, ...]]) -> list[Exchange]:
    return [Exchange(*row) for row in rows]


def _spellings(reader: Reader, name: str) -> list[str]:
    """The names of articles' outlets that stand for one outlet."""
    wanted = name.casefold()
    every = reader.store.outlet_names()
    return [each for each in every if wanted in {each.casefold(), reader.canonical(each).casefold()}]


def _pieces(hit: Any) -> list[tuple[bool, str]]:
    """A snippet cut where words of the query begin and end: whether a piece is one, and the piece."""
    pieces: list[tuple[bool, str]] = []
    at = hit.start
    for span in hit.highlights:
        start, end = max(span.start, at), min(span.end, hit.end)
        if start >= end:
            continue
        pieces += [(False, hit.snippet[at - hit.start : start - hit.start])]
        pieces += [(True, hit.snippet[start - hit.start : end - hit.start])]
        at = end
    return [*pieces, (False, hit.snippet[at - hit.start :])]
