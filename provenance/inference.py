"""Links and chains in the store brought up to date: those of the articles that a change touches, or all.

What the links and chains of each article were made from is kept as a digest. Where it differs from the present one, or
the article itself changed, its whole group is done again (`chains.groups`), and so are the quotation links of the
articles that share a quotation with one of the group. Everything else stays as it is. Groups are done some thousands of
articles at a time and committed together: a run that was stopped goes on where it was, and the attributions of a large
collection are never all in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from provenance.chains import chains
from provenance.chains.grounds import ground, in_text_order
from provenance.chains.groups import article_digests, cluster_digests, groups, quoted_with
from provenance.chains.links import copy_rows
from provenance.chains.names import NameChanges
from provenance.chains.places import Shared, shared
from provenance.chains.quotations import quotation_rows
from provenance.chains.surroundings import Surroundings, surroundings
from provenance.model import Article, Attribution, Match, Passage
from provenance.settings import ChainSettings
from provenance.store import Store

Progress = Callable[[str, float], None]


@dataclass(slots=True)
class _Collection:
    """What all batches look into."""

    articles: dict[str, Article]
    around: Surroundings
    found: Shared
    passages: dict[str, list[Passage]] = field(default_factory=dict)
    matches: dict[str, list[Match]] = field(default_factory=dict)


def infer(store: Store, settings: ChainSettings, scheme: str, *, full: bool, progress: Progress) -> int:
    """Bring links and chains up to date with articles, passages and attributions.

    Args:
        store: with passages and attributions that are up to date.
        settings: weights and thresholds.
        scheme: names the settings and the method; links made with others are made again.
        full: make all links and chains again.
        progress: is told how far the work is.

    Returns:
        How many articles' chains were made again.
    """
    progress("linking", 0.0)
    articles = {article.id: article for article in store.held_articles()}
    around = surroundings(articles.values(), store.agencies_named())
    passages, matches = store.shared_text()
    clusters = cluster_digests(passages)
    digests = article_digests(articles, passages, matches, clusters, around)
    signatures = {document: f"{scheme}:{group}:{quoted}" for document, (group, quoted) in digests.items()}
    linked = {} if full else store.linked()
    differing = {document for document, signature in signatures.items() if linked.get(document) != signature}
    changed = {document for document in differing if not _alike(linked.get(document, ""), signatures[document])}
    if linked:
        changed.update(_renamed(store, around))
    whole = _Collection(articles, around, shared(passages))
    stale = [group for group in groups(articles, whole.found, around) if not changed.isdisjoint(group)]
    again = {document for group in stale for document in group}
    quoting = sorted((quoted_with(again, whole.found.quoted) | differing) - again)
    store.begin_linking(
        None if len(again) == len(articles) else {*again, *quoting}, clusters, around.outlets.introduced()
    )
    for passage in passages:
        if passage.kind != "quotation" and passage.document in again:
            whole.passages.setdefault(passage.document, []).append(passage)
    for match in matches:
        # groups are closed, but a match of a cluster that is running text on one side alone may lead out of one
        if match.cluster in whole.found.running and match.a in again:
            whole.matches.setdefault(match.a, []).append(match)
    done = 0
    for batch in _batches(stale, settings.linked_together):
        _link_batch(store, whole, batch, settings, signatures)
        done += len(batch)
        progress("linking", done / (len(again) + len(quoting)))
    for start in range(0, len(quoting), settings.linked_together):
        _requote(store, whole, quoting[start : start + settings.linked_together], settings, signatures)
    return len(again)


def _alike(before: str, now: str) -> bool:
    """Whether two signatures differ in the quotations alone."""
    return before.rpartition(":")[0] == now.rpartition(":")[0]


def _renamed(store: Store, around: Surroundings) -> set[str]:
    """The articles that name an outlet which is now another or written otherwise."""
    changes = NameChanges(store.linked_names(), around.outlets)
    if not changes:
        return set()
    return store.naming(number for number, name in store.named_sources() if changes.concern(name))


def _batches(stale: Sequence[Sequence[str]], size: int) -> Iterator[list[str]]:
    """Groups put together until there are so many articles."""
    batch: list[str] = []
    for group in stale:
        batch.extend(group)
        if len(batch) >= size:
            yield sorted(batch)
            batch = []
    if batch:
        yield sorted(batch)


def _link_batch(
    store: Store, whole: _Collection, batch: Sequence[str], settings: ChainSettings, signatures: Mapping[str, str]
) -> None:
    articles = list(store.articles(batch))
    among = frozenset(batch)
    said = store.said(batch)
    attributions = [attribution for _, attribution in said]
    passages = [passage for document in batch for passage in whole.passages.get(document, ())]
    matches = [match for document in batch for match in whole.matches.get(document, ()) if match.b in among]
    found = ground(articles, matches, passages, attributions, settings, whole.around)
    links = copy_rows(found, settings)
    told = _told(store, found.attributions, among)
    links.extend(quotation_rows(whole.found, whole.articles, told, settings, among))
    resolved = chains(articles, attributions, links, settings, whole.around)
    store.relink({document: signatures[document] for document in batch}, links, resolved, said)


def _requote(
    store: Store, whole: _Collection, batch: Sequence[str], settings: ChainSettings, signatures: Mapping[str, str]
) -> None:
    """Make the quotation links of some articles again, and keep their others."""
    among = frozenset(batch)
    said: dict[str, list[Attribution]] = {}
    for _, attribution in store.said(batch):
        said.setdefault(attribution.document, []).append(attribution)
    told = _told(store, {document: tuple(in_text_order(every)) for document, every in said.items()}, among)
    kept = [link for link in store.taken(batch) if link.relation != "quotation"]
    rows = quotation_rows(whole.found, whole.articles, told, settings, among)
    store.relink({document: signatures[document] for document in batch}, [*kept, *rows])


def _told(
    store: Store, known: Mapping[str, tuple[Attribution, ...]], among: Collection[str]
) -> Callable[[str], Sequence[Attribution]]:
    """A reader of an article's attributions: those at hand, or from the store."""
    read: dict[str, Sequence[Attribution]] = {}

    def told(document: str) -> Sequence[Attribution]:
        if document in among:
            return known.get(document, ())
        if document not in read:
            read[document] = in_text_order(store.attributions(document))
        return read[document]

    return told
