"""Chains: for every attribution the path from the article to the ultimate source, resolved over the whole collection.

An attribution says what its own sentence says. Three things are added, each with the words that show it: the outlet
that the whole article is credited to; the outlet through which the same speaker is heard elsewhere in the article; and,
where the relaying outlet's own article is held and linked, that article and what it says of the same statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from provenance.chains.grounds import in_text_order
from provenance.chains.names import Outlets, by_id, forms
from provenance.chains.surroundings import Surroundings
from provenance.chains.unseen import check_documents
from provenance.chains.wording import Wording, share_found
from provenance.model import Article, Attribution, Chain, Evidence, Hop, Link, Source, Span
from provenance.settings import ChainSettings
from provenance.text.folding import fold_text

_PUBLISHERS = frozenset({"agency", "outlet"})
_RELAYED = frozenset({"person", "organization", "statement"})
_COPIES = frozenset({"credited-copy", "update", "credit-only"})


@dataclass(frozen=True, slots=True)
class _Path:
    """Hops with the confidence of what was added to them."""

    hops: tuple[Hop, ...]
    confidence: float


def chains(
    articles: Sequence[Article],
    attributions: Sequence[Attribution],
    links: Sequence[Link],
    settings: ChainSettings,
    around: Surroundings | None = None,
) -> list[Chain]:
    """Resolve every attribution to its ultimate source.

    Args:
        articles: the collection, or all articles of it that links join to one of them.
        attributions: what the articles themselves say.
        links: how the articles stand to each other, as `link` infers it.
        settings: thresholds.
        around: what is known of the whole collection; worked out where the articles are all of it.

    Returns:
        One chain for each attribution that names anybody, sorted by document and place; `claim` is None where the
        attribution speaks for the whole article.

    Raises:
        NotFoundError: an attribution names an article that is not given.
        ProvenanceError: two different articles carry one id.
    """
    resolver = _Resolver(articles, attributions, links, settings, around)
    found: list[Chain] = []
    for document in resolver.documents:
        own: list[Chain] = []
        for attribution in resolver.said[document]:
            path = resolver.resolve(attribution, frozenset())
            if path.hops:
                own.append(resolver.chain(attribution, path))
        own.sort(key=_order)
        found.extend(own)
    return found


def _order(chain: Chain) -> tuple[object, ...]:
    claim = (chain.claim.start, chain.claim.end) if chain.claim else (-1, -1)
    names = tuple([(hop.name, hop.relation, hop.document or "") for hop in chain.hops])
    return (claim, names, chain.stance, -chain.confidence)


class _Resolver:
    def __init__(
        self,
        articles: Iterable[Article],
        attributions: Iterable[Attribution],
        links: Iterable[Link],
        settings: ChainSettings,
        around: Surroundings | None,
    ) -> None:
        self._articles = by_id(articles)
        self._outlets = Outlets(self._articles) if around is None else around.outlets
        self._settings = settings
        said: dict[str, list[Attribution]] = defaultdict(list)
        for attribution in attributions:
            said[attribution.document].append(attribution)
        check_documents(self._articles, said, "an attribution")
        self.said = {document: in_text_order(every) for document, every in said.items()}
        self.documents = sorted(self.said)
        self._up: dict[str, dict[str, Link]] = defaultdict(dict)
        self._common: dict[str, list[Link]] = defaultdict(list)
        for link in sorted(links, key=lambda one: (one.downstream, -one.confidence, one.upstream or "")):
            if link.relation in _COPIES and link.upstream in self._articles:
                self._up[link.downstream].setdefault(self._outlets.of[link.upstream], link)
            elif link.relation == "common-source" and link.credited and len(link.documents) > 1:
                self._common[link.downstream].append(link)
        linked = [every.values() for every in self._up.values()] + list(self._common.values())
        self._wording = Wording(self._articles, {each for links in linked for one in links for each in one.documents})
        self._words: dict[int, frozenset[str]] = {}
        self._relays: dict[str, dict[str, tuple[Source, Attribution] | None]] = {}
        self._credits: dict[str, tuple[Hop, ...]] = {}
        self._credit_confidence: dict[str, float] = {}

    def chain(self, attribution: Attribution, path: _Path) -> Chain:
        """The chain record of one attribution."""
        claim = None if attribution.scope == "document" else _claim(attribution)
        text = self._articles[attribution.document].text
        return Chain(
            document=attribution.document,
            claim=claim,
            claim_text=text[claim.start : claim.end] if claim else "",
            stance=attribution.stance,
            hops=path.hops,
            confidence=round(min(1.0, attribution.confidence * path.confidence), 4),
        )

    def resolve(self, attribution: Attribution, seen: frozenset[str]) -> _Path:
        """The hops of one attribution.

        Args:
            attribution: the one to resolve.
            seen: articles that the path came through already; it does not go back to them.
        """
        document = attribution.document
        own = self._outlets.of[document]
        keys = [self._outlets.key_of(source) for source in attribution.chain]
        told_here = bool(own) and own in keys
        hops = [
            self._hop(source, "attribution", attribution.evidence)
            for source, key in zip(attribution.chain, keys, strict=True)
            if not (own and key == own)
        ]
        confidence = 1.0
        if hops and not told_here and attribution.scope == "passage":
            relay = self._relay(document, hops[0])
            if relay is not None:
                source, shown = relay
                hops.insert(0, self._hop(source, "relay-elsewhere", shown.evidence))
                confidence *= self._settings.relay_elsewhere * shown.confidence
            front = self._front(attribution, hops)
            if front:
                hops[:0] = front
                confidence *= self._credit_confidence[document]
        while hops and hops[-1].kind == "unnamed" and attribution.scope == "passage":
            # somebody whom nothing names: the path goes as far as it is known
            hops.pop()
        onward = self._onward(attribution, hops, seen | {document})
        return _Path(onward.hops[: self._settings.maximum_hops], confidence * onward.confidence)

    def _hop(self, source: Source, relation: str, evidence: Sequence[Evidence]) -> Hop:
        name = source.outlet or source.name
        if source.kind in _PUBLISHERS:
            name = self._outlets.name(self._outlets.key_of(source), name)
        return Hop(name, None, relation, source.kind, tuple(evidence))

    def _relay(self, document: str, first: Hop) -> tuple[Source, Attribution] | None:
        """The one outlet through which the article elsewhere hears this speaker, if there is only one."""
        if first.kind not in _RELAYED:
            return None
        if document not in self._relays:
            self._relays[document] = self._heard(document)
        heard = self._relays[document]
        found = {id(relay): relay for key in forms(first.name) if (relay := heard.get(key)) is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    def _heard(self, document: str) -> dict[str, tuple[Source, Attribution] | None]:
        """Speaker to the outlet that relays it in this article; None where there are several."""
        own = self._outlets.of[document]
        heard: dict[str, tuple[Source, Attribution] | None] = {}
        outlet_of: dict[str, str] = {}
        for attribution in self.said.get(document, ()):
            if attribution.scope == "document":
                continue
            for relay, speaker in zip(attribution.chain, attribution.chain[1:], strict=False):
                key = self._outlets.key_of(relay)
                if relay.kind not in _PUBLISHERS or speaker.kind not in _RELAYED or key == own:
                    continue
                for form in forms(speaker.name):
                    if form not in heard:
                        heard[form], outlet_of[form] = (relay, attribution), key
                    elif outlet_of[form] != key:
                        heard[form] = None
        return heard

    def _front(self, attribution: Attribution, hops: Sequence[Hop]) -> list[Hop]:
        """The outlets that the whole article is credited to, where this statement is part of what they supplied."""
        credited = self._credit(attribution.document)
        if not credited:
            return []
        named = {self._outlets.key(hop.name) for hop in hops}
        front = [hop for hop in credited if self._outlets.key(hop.name) not in named]
        return front if front and self._supplied(attribution, front[0]) else []

    def _credit(self, document: str) -> tuple[Hop, ...]:
        """The outlets credited for a whole article, nearest first; none where several rival."""
        if document not in self._credits:
            self._credits[document], self._credit_confidence[document] = self._credited(document)
        return self._credits[document]

    def _credited(self, document: str) -> tuple[tuple[Hop, ...], float]:
        own = self._outlets.of[document]
        best: dict[bool, dict[str, Attribution]] = {True: {}, False: {}}
        for attribution in self.said.get(document, ()):
            if attribution.scope != "document" or not attribution.chain:
                continue
            first = attribution.chain[0]
            key = self._outlets.key_of(first)
            if first.kind not in _PUBLISHERS or not key or key == own:
                continue
            known = best[first.kind == "agency"].get(key)
            if known is None or attribution.confidence > known.confidence:
                best[first.kind == "agency"][key] = attribution
        outlets, agencies = list(best[False].values()), list(best[True].values())
        if len(outlets) > 1 or len(agencies) > 1:
            # an article that credits several outlets as a whole does not say which supplied what
            return (), 1.0
        hops: dict[str, Hop] = {}
        confidence = 1.0
        for attribution in (*outlets, *agencies):
            confidence *= attribution.confidence
            for source in attribution.chain:
                if source.kind in _PUBLISHERS:
                    hop = self._hop(source, "document-credit", attribution.evidence)
                    hops.setdefault(self._outlets.key(hop.name), hop)
        return tuple(hops.values()), confidence

    def _supplied(self, attribution: Attribution, relay: Hop) -> bool:
        """Whether a statement is part of the text that came from the credited outlet.

        Where that text is known (the outlet's article is held, or another article has it too) the statement must
        stand there as well; where it is not, the credit covers the whole article.
        """
        document = attribution.document
        key = self._outlets.key(relay.name)
        link = self._up.get(document, {}).get(key)
        if link is None:
            named = [one for one in self._common.get(document, ()) if self._outlets.key(one.upstream_name) == key]
            link = named[0] if named else None
        if link is None or link.relation == "credit-only":
            return True
        other = link.upstream or next(one for one in link.documents if one != document)
        said = self._wording.of(document).pairs_within([_claim(attribution)])
        return share_found(said, self._wording.of(other).sequence) >= self._settings.supplied_share

    def _onward(self, attribution: Attribution, hops: Sequence[Hop], seen: frozenset[str]) -> _Path:
        """Continue from a relay whose own article is held with what that article says of the same statement."""
        up = self._up.get(attribution.document)
        if up is None:
            return _Path(tuple(hops), 1.0)
        for place, hop in enumerate(hops):
            if hop.kind not in _PUBLISHERS:
                break
            link = up.get(self._outlets.key(hop.name))
            if link is None or link.upstream is None or link.upstream in seen:
                continue
            here = replace(hop, document=link.upstream)
            before, after = tuple(hops[:place]), tuple(hops[place + 1 :])
            rest = self._told_there(attribution, link.upstream, after, seen)
            if rest is None:
                return _Path((*before, here, *after), 1.0)
            return _Path((*before, here, *rest.hops), rest.confidence * link.confidence if rest.hops else 1.0)
        return _Path(tuple(hops), 1.0)

    def _told_there(
        self, attribution: Attribution, there: str, after: Sequence[Hop], seen: frozenset[str]
    ) -> _Path | None:
        """What the relay's own article says of a statement; None where it does not say more than is known."""
        if attribution.scope == "document":
            made = [one for one in self.said.get(there, ()) if one.scope == "document"]
            front = self._credit(there)
            own = [one for one in made if front and one.evidence == front[0].evidence]
            return self.resolve(own[0], seen) if own else None
        same = self._same_statement(attribution, there, after)
        if same is None:
            return None
        found = self.resolve(same, seen)
        if after and not self._ends_alike(after, found.hops):
            return None
        added = len(found.hops) > len(after)
        return _Path(found.hops if added else tuple(self._held(after, found.hops)), same.confidence if added else 1.0)

    def _held(self, after: Sequence[Hop], there: Sequence[Hop]) -> list[Hop]:
        """The hops as this article has them, with the documents that the other one adds."""
        known = {self._outlets.key(hop.name): hop.document for hop in there if hop.document}
        return [replace(hop, document=hop.document or known.get(self._outlets.key(hop.name))) for hop in after]

    def _ends_alike(self, one: Sequence[Hop], other: Sequence[Hop]) -> bool:
        return bool(other) and bool(set(forms(one[-1].name)) & set(forms(other[-1].name)))

    def _same_statement(self, attribution: Attribution, there: str, after: Sequence[Hop]) -> Attribution | None:
        """The attribution of another article that is about the same statement, by its rarer words and its speaker."""
        words = self._claim_words(attribution)
        best: tuple[float, int] | None = None
        candidates = [one for one in self.said.get(there, ()) if one.scope == "passage" and one.chain]
        speaker = set(forms(after[-1].name)) if after else set()
        for place, other in enumerate(candidates):
            if speaker and not speaker & set(forms(other.chain[-1].name)):
                continue
            theirs = self._claim_words(other)
            smaller = min(len(words), len(theirs))
            if smaller < 2:
                continue
            share = len(words & theirs) / smaller
            if share >= self._settings.same_claim_share and (best is None or share > best[0]):
                best = (share, place)
        return candidates[best[1]] if best else None

    def _claim_words(self, attribution: Attribution) -> frozenset[str]:
        if id(attribution) not in self._words:
            text = self._articles[attribution.document].text
            said = " ".join(text[span.start : span.end] for span in attribution.content)
            words = fold_text(said).split()
            self._words[id(attribution)] = frozenset(word for word in words if len(word) > 3 or word.isdigit())
        return self._words[id(attribution)]


def _claim(attribution: Attribution) -> Span:
    """From the first to the last character of what is said, or of the words that show it where nothing is marked."""
    if len(attribution.content) == 1:
        return attribution.content[0]
    spans = list(attribution.content)
    if not spans:
        spans = [Span(one.start, one.end) for one in attribution.evidence if one.where == "text"]
    return Span(min((span.start for span in spans), default=0), max((span.end for span in spans), default=0))
