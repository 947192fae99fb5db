"""Credits of outlets, and the sources they name that the collection does not hold.

An unseen source is credited by an article but no article of that outlet shares the passage. There is one for each
outlet and passage cluster; anonymous and collective sources are never credits and never merged across articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenance.chains.names import Outlets, address
from provenance.errors import NotFoundError
from provenance.model import Article, Attribution, Evidence, Span
from provenance.settings import ChainSettings

_PUBLISHERS = frozenset({"agency", "outlet"})
_SPEAKERS = frozenset({"person", "organization", "author"})
_ADDRESS_KINDS = frozenset(
    {"canonical", "is-based-on", "original-source", "syndication-source", "republish-notice", "source-link"}
)


@dataclass(frozen=True, slots=True)
class Credit:
    """One article's credit of one outlet.

    Attributes:
        outlet: the outlet's key (`Outlets.key`).
        name: the outlet's canonical name.
        whole: whether it speaks for the whole article.
        depth: how many relayers stand before it in the chain it is part of; 0 for the nearest.
        spans: where in the text it is said, and what it is said of; empty for a credit outside the text.
        words: where in the text it is said.
        evidence: the words that show it.
        confidence: that of the attribution.
        agency: whether the outlet is a news agency.
        publisher: whether the source is an outlet or agency by itself, not a speaker that happens to publish.
        target: the held article whose address it names.
    """

    outlet: str
    name: str
    whole: bool
    depth: int
    spans: tuple[Span, ...]
    words: tuple[Span, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    agency: bool
    publisher: bool
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Relevant:
    """A credit as it bears on one passage of the article that makes it, with its weight there (log-odds)."""

    weight: float
    credit: Credit

    def touches(self, passage: Sequence[Span]) -> bool:
        """Whether the credit is made in the passage or of words in it."""
        return any(span.overlaps(other) for span in self.credit.spans for other in passage)


def check_documents(known: Mapping[str, Article], found: Iterable[str], what: str) -> None:
    """Refuse records about articles that are not there.

    Raises:
        NotFoundError: a record names an unknown article.
    """
    for document in found:
        if document not in known:
            raise NotFoundError(
                f"{what} names an article that is not among those given",
                where=document,
                remedy="give the article too, or detect and attribute again",
            )


def collect_credits(
    articles: Mapping[str, Article],
    attributions: Iterable[Attribution],
    outlets: Outlets,
    settings: ChainSettings,
    by_address: Mapping[str, Sequence[Credit]] | None = None,
) -> dict[str, tuple[Credit, ...]]:
    """Every credit of an outlet, by article, in a fixed order; an article's own outlet, or that of its site, is none.

    A speaker counts where it is itself the outlet of held articles (a ministry's press releases, a list's writer).
    Whoever writes on other outlets' sites alone is a speaker, too.
    Of very many credits in one article those for the whole article and the surest are kept. `by_address` are the
    credits that pages give by address, where they are known already.

    Raises:
        NotFoundError: an attribution names an unknown article.
    """
    found: dict[str, list[Credit]] = {}
    for attribution in attributions:
        check_documents(articles, (attribution.document,), "an attribution")
        own = outlets.of[attribution.document], outlets.owner(attribution.document)
        depth = 0
        for source in attribution.chain:
            key = outlets.key_of(source)
            publishes = source.kind in _PUBLISHERS
            if not key or key in own or not (publishes or (source.kind in _SPEAKERS and key in outlets.held)):
                continue
            publisher = publishes and (source.kind == "agency" or not outlets.writes_for_others(key))
            words = _words(attribution)
            credit = Credit(
                outlet=key,
                name=outlets.name(key, source.outlet or source.name),
                whole=attribution.scope == "document",
                depth=depth,
                spans=tuple(sorted({*words, *attribution.content})),
                words=words,
                evidence=attribution.evidence,
                confidence=attribution.confidence,
                agency=source.kind == "agency",
                publisher=publisher,
            )
            found.setdefault(attribution.document, []).append(credit)
            depth += 1
    addressed = credits_by_address(articles.values(), outlets) if by_address is None else by_address
    for document, named in addressed.items():
        if document in articles:
            found.setdefault(document, []).extend(named)
    return {
        document: tuple(sorted(found[document], key=_order)[: settings.maximum_credits]) for document in sorted(found)
    }


def _words(attribution: Attribution) -> tuple[Span, ...]:
    spans = {Span(item.start, item.end) for item in attribution.evidence if item.where == "text"}
    spans.update(mention.span for mention in (attribution.source, attribution.cue) if mention is not None)
    return tuple(sorted(spans))


def _order(credit: Credit) -> tuple[object, ...]:
    shown = [(item.start, item.end, item.rule, item.text) for item in credit.evidence]
    return (not credit.whole, credit.depth, -credit.confidence, credit.outlet, credit.target or "", credit.spans, shown)


def credits_by_address(articles: Collection[Article], outlets: Outlets) -> dict[str, list[Credit]]:
    """Credits in a page's head or footer that give the address of a held article, by article."""
    if not any(article.credits for article in articles):
        return {}
    pages: dict[str, set[str]] = {}
    for article in articles:
        where = address(article.url) if article.url else ""
        if where:
            pages.setdefault(where, set()).add(article.id)
    found: dict[str, list[Credit]] = {}
    for article in articles:
        for credit in article.credits:
            where = address(credit.url) if credit.url and credit.kind in _ADDRESS_KINDS else ""
            targets = pages.get(where, set()) - {article.id} if where else set()
            if len(targets) != 1:
                continue
            target = next(iter(targets))
            key = outlets.of[target]
            if key == outlets.of[article.id]:
                continue
            evidence = Evidence(article.id, 0, 0, credit.text, f"address-{credit.kind}", "page")
            name = outlets.name(key, credit.name or target)
            found.setdefault(article.id, []).append(
                Credit(key, name, True, 0, (), (), (evidence,), 1.0, False, True, target)
            )
    return found


def relevant(made: Sequence[Credit], passage: Sequence[Span], settings: ChainSettings) -> dict[str, Relevant]:
    """The credits of one article that bear on one passage of it, the weightiest for each outlet.

    A credit for the whole article always does; one of a sentence where it touches the passage or stands within
    `near_characters` of it. A credit whose words lie inside the copied passage may have been copied with it and
    counts less, and so does an outlet that another relayer stands before.
    """
    found: dict[str, Relevant] = {}
    for credit in made:
        if credit.whole:
            weight = settings.weight_document_credit
        elif _near(credit.spans, passage, settings.near_characters):
            weight = settings.weight_passage_credit
        else:
            continue
        if credit.depth:
            weight *= settings.deeper_credit
        if credit.words and all(any(span.holds(word) for span in passage) for word in credit.words):
            weight *= settings.inherited_credit
        if credit.outlet not in found or weight > found[credit.outlet].weight:
            found[credit.outlet] = Relevant(weight, credit)
    return found


def _near(spans: Sequence[Span], passage: Sequence[Span], distance: int) -> bool:
    return any(
        span.start - distance < other.end and other.start < span.end + distance for span in spans for other in passage
    )


def unseen_sources(
    members: Mapping[str, Mapping[str, Relevant]], present: frozenset[str]
) -> dict[str, dict[str, Relevant]]:
    """The unseen sources of a cluster: outlet key to the members that credit it, where no member is its article.

    Args:
        members: article id to its relevant credits.
        present: the outlets of the cluster's members.
    """
    found: dict[str, dict[str, Relevant]] = {}
    for document in sorted(members):
        for outlet, credit in members[document].items():
            if outlet not in present and credit.credit.publisher and credit.credit.depth == 0:
                found.setdefault(outlet, {})[document] = credit
    return {outlet: found[outlet] for outlet in sorted(found)}
