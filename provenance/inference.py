"""Links and chains in the store brought up to date: those of the articles that a change touches, or all.

What the links and chains of each article were made from is kept as a digest. Where it differs from the present one, or
the article itself changed, its whole group is done again (`chains.groups`), and so are the quotation links of the
articles that share a quotation with one of the group. Everything else stays as it is. Groups are done some thousands of
articles at a time and committed together: a run that was stopped goes on where it was, and the attributions of a large
collection are never all in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from provenance.chains import chains
from provenance.chains.grounds import ground, in_text_order
from provenance.chains.groups import Digests, Groups, cluster_digests, quoted_with
from provenance.chains.links import copy_rows
from provenance.chains.names import NameChanges
from provenance.chains.places import Shared, shared
from provenance.chains.quotations import quotation_rows
from provenance.chains.surroundings import Surroundings, surroundings
from provenance.model import Article, Attribution
from provenance.settings import ChainSettings
from provenance.store import Store

Progress = Callable[[str, float], None]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Collection:
    """What all batches look into.

    Attributes:
        scheme: names the settings and the method.
        articles: all of them, by id, sorted; their texts are not in memory.
        around: what is known of them.
        found: their passages.
        digests: what the links of each rest on.
    """

    scheme: str
    articles: dict[str, Article]
    around: Surroundings
    found: Shared
    digests: Digests

    def signature(self, document: str) -> str:
        """What the links and chains of an article are made from."""
        return ":".join((self.scheme, *self.digests.of(document)))

    def signatures(self, documents: Iterable[str]) -> dict[str, str]:
        """Those of some articles."""
        return {document: self.signature(document) for document in documents}


def infer(
    store: Store,
    settings: ChainSettings,
    scheme: str,
    *,
    full: bool,
    progress: Progress,
    articles: Sequence[Article] | None = None,
) -> int:
    """Bring links and chains up to date with articles, passages and attributions.

    Args:
        store: with passages and attributions that are up to date.
        settings: weights and thresholds.
        scheme: names the settings and the method; links made with others are made again.
        full: make all links and chains again.
        progress: is told how far the work is.
        articles: all of them, sorted by id, where they are at hand; their texts need not be in memory.

    Returns:
        How many articles' chains were made again.
    """
    progress("linking", 0.0)
    whole, clusters = _collection(store, scheme, store.held_articles() if articles is None else articles)
    around = whole.around
    differing, changed = _differing(store, whole, full=full)
    parted = Groups(whole.articles, whole.found, around)
    again, groups = set[str](), 0
    for group in parted.of(changed):
        again.update(group)
        groups += 1
    quoting = sorted((quoted_with(again, whole.found.quoted) | differing) - again)
    store.begin_linking(
        None if len(again) == len(whole.articles) else {*again, *quoting}, clusters, around.outlets.introduced()
    )
    fields = {"articles": len(whole.articles), "again": len(again), "groups": groups, "quoting": len(quoting)}
    message = "links and chains of %(again)d of %(articles)d articles are made, quotation links of %(quoting)d more"
    _log.info(message, fields, extra={"event": "linking"})
    done = 0
    for batch in _batches(parted.of(changed), settings.linked_together):
        _link_batch(store, whole, batch, settings)
        done += len(batch)
        progress("linking", done / (len(again) + len(quoting)))
    for start in range(0, len(quoting), settings.linked_together):
        _requote(store, whole, quoting[start : start + settings.linked_together], settings)
    return len(again)


def _collection(store: Store, scheme: str, held: Iterable[Article]) -> tuple[_Collection, dict[int, int]]:
    """What is known of all articles, and what their passage clusters are."""
    articles = {article.id: article for article in held}
    around = surroundings(articles.values(), store.agencies_named())
    passages, matches = store.shared_text()
    clusters = cluster_digests(passages)
    digests = Digests(passages, matches, clusters, around)
    return _Collection(scheme, articles, around, shared(passages), digests), clusters


def _differing(store: Store, whole: _Collection, *, full: bool) -> tuple[AbstractSet[str], AbstractSet[str]]:
    """The articles to link again or to look for quotation links of again, and those of them to link again."""
    if full:
        return whole.articles.keys(), whole.articles.keys()
    alike, quoted = set[str](), set[str]()
    for document, before in store.linked():
        now = whole.signature(document)
        if now == before:
            alike.add(document)
        elif before.rpartition(":")[0] == now.rpartition(":")[0]:
            quoted.add(document)
    if not alike and not quoted:
        return whole.articles.keys(), whole.articles.keys()
    differing = whole.articles.keys() - alike
    return differing, (differing - quoted) | _renamed(store, whole.around)


def _renamed(store: Store, around: Surroundings) -> set[str]:
    """The articles that name an outlet which is now another or written otherwise."""
    changes = NameChanges(store.linked_names(), around.outlets)
    if not changes:
        return set()
    return store.naming(number for number, name in store.named_sources() if changes.concern(name))


def _batches(stale: Iterable[Sequence[str]], size: int) -> Iterator[list[str]]:
    """Groups put together until there are so many articles."""
    batch: list[str] = []
    for group in stale:
        batch.extend(group)
        if len(batch) >= size:
            yield sorted(batch)
            batch = []
    if batch:
        yield sorted(batch)


def _link_batch(store: Store, whole: _Collection, batch: Sequence[str], settings: ChainSettings) -> None:
    articles = list(store.articles(batch))
    among = frozenset(batch)
    said = store.said(batch)
    attributions = [attribution for _, attribution in said]
    shared_by, matched = store.shared_text(batch)
    passages = [passage for passage in shared_by if passage.kind != "quotation"]
    # groups are closed, but a match of a cluster that is running text on one side alone may lead out of one
    matches = [match for match in matched if match.cluster in whole.found.running and match.b in among]
    found = ground(articles, matches, passages, attributions, settings, whole.around)
    links = copy_rows(found, settings)
    told = _told(store, found.attributions, among)
    links.extend(quotation_rows(whole.found, whole.articles, told, settings, among))
    resolved = chains(articles, attributions, links, settings, whole.around)
    store.relink(whole.signatures(batch), links, resolved, said)


def _requote(store: Store, whole: _Collection, batch: Sequence[str], settings: ChainSettings) -> None:
    """Make the quotation links of some articles again, and keep their others."""
    among = frozenset(batch)
    said: dict[str, list[Attribution]] = {}
    for _, attribution in store.said(batch):
        said.setdefault(attribution.document, []).append(attribution)
    told = _told(store, {document: tuple(in_text_order(every)) for document, every in said.items()}, among)
    kept = [link for link in store.taken(batch) if link.relation != "quotation"]
    rows = quotation_rows(whole.found, whole.articles, told, settings, among)
    store.relink(whole.signatures(batch), [*kept, *rows])


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
