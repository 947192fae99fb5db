"""Where a claim comes from: the earliest copy held, the earliest publisher credited, the ultimate speaker.

These are three answers and stay apart. Each says whether the collection decides it; where it does not, the rivals are
listed. Undated articles have a place of their own, denials and rival figures are shown, nothing is settled silently.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from provenance.chains.changes import Change, Told, changes
from provenance.chains.figures import Figure, compare_figures
from provenance.chains.names import Outlets, by_id, fold, forms
from provenance.chains.tellings import Search, Terms, Window, stem, terms_of
from provenance.errors import NotFoundError, ProvenanceError
from provenance.model import Article, Attribution, Chain, DateInterval, Evidence, Hop, Link, Passage, Span, Stance
from provenance.settings import ChainSettings
from provenance.text.sentences import paragraphs

_PUBLISHERS = frozenset({"agency", "outlet"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Telling:
    """One article that tells the claim.

    Attributes:
        document: its id.
        outlet: as the article has it, or empty.
        published: None where it is undated.
        evidence: the sentences that tell it, the closest first.
        share: how much of the claim's weight they hold, 0 to 1.
        why: the words and names shared with the claim, the rarest first.
        chains: who is said to say it, the closest first.
        clusters: passages of it that other articles hold too.
        closest: the sentence that shares most with the claim.
    """

    document: str
    outlet: str
    published: DateInterval | None
    evidence: tuple[Evidence, ...]
    share: float
    why: tuple[str, ...]
    chains: tuple[Chain, ...] = ()
    clusters: tuple[int, ...] = ()
    closest: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three answers.

    Attributes:
        name: the article's title or id, the publisher, or the speaker; empty where there is none.
        document: the article it rests on; None where there is none.
        decided: whether the collection decides it.
        why: what it rests on, or why it is open, in a sentence.
        candidates: the rivals where it is open.
        evidence: the words.
    """

    name: str = ""
    document: str | None = None
    decided: bool = False
    why: str = ""
    candidates: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Denial:
    """Somebody who denies the claim, through whom, and in which words."""

    document: str
    by: str
    through: str
    chain: Chain
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a claim comes from, as far as the collection tells.

    Attributes:
        query: the claim's text.
        earliest_held: the earliest article held that tells it.
        earliest_credited: the publisher furthest upstream that is credited with it, held or not.
        ultimate_speaker: who is said to have said it.
        tellings: the articles that tell it: dated ones in their order, then undated ones by closeness.
        undated: ids of the undated ones.
        common_figures: figures that several tellings share.
        rival_figures: figures of one unit that differ between tellings.
        denials: who denies it.
        links: the links between the tellings.
        changes: what changed between tellings that are linked, and from the earliest where that is decided.
        left_out: how many further articles tell the claim, or may; not looked at because there are so many.
    """

    query: str
    earliest_held: Answer
    earliest_credited: Answer
    ultimate_speaker: Answer
    tellings: tuple[Telling, ...] = ()
    undated: tuple[str, ...] = ()
    common_figures: tuple[Figure, ...] = ()
    rival_figures: tuple[Figure, ...] = ()
    denials: tuple[Denial, ...] = ()
    links: tuple[Link, ...] = ()
    changes: tuple[Change, ...] = ()
    left_out: int = 0


@dataclass(slots=True)
class _Case:
    """What one trace works on."""

    articles: dict[str, Article]
    outlets: Outlets
    chains: dict[str, list[Chain]]
    passages: dict[str, list[Passage]]
    links: list[Link]
    settings: ChainSettings
    search: Search | None = None
    windows: dict[str, list[Window]] = field(default_factory=dict)


def trace(  # noqa: PLR0913 - one argument for each table it reads
    articles: Iterable[Article],
    passages: Iterable[Passage],
    attributions: Iterable[Attribution],
    links: Iterable[Link],
    chains: Iterable[Chain],
    settings: ChainSettings,
    *,
    text: str | None = None,
    document: str | None = None,
    span: Span | None = None,
    search: Search | None = None,
    outlets: Outlets | None = None,
    unread: int = 0,
) -> Trace:
    """Trace a claim: a text, a passage of an article, or an article (its title and first paragraph).

    Args:
        articles: the collection, or those of it that may tell the claim.
        passages: which text appears where.
        attributions: checked against the articles; what they say comes resolved in `chains`.
        links: who had it from whom.
        chains: attributions resolved to their ultimate sources.
        settings: thresholds.
        text: the claim; or
        document: an article, with `span` a passage of it (code points).
        span: where the claim stands in that article.
        search: the claim already looked for in these articles, where they are not the whole collection.
        outlets: those of the whole collection; of these articles where none are given.
        unread: how many articles that may tell the claim are not among these.

    Raises:
        NotFoundError: the article is not among those given, the span lies outside its text, or a record names an
            unknown article.
        ProvenanceError: neither or both of text and document are given, or the claim has no word.
    """
    held = by_id(articles)
    case = _Case(held, outlets or Outlets(held), defaultdict(list), defaultdict(list), [], settings)
    for chain in chains:
        _known(held, chain.document, "a chain")
        case.chains[chain.document].append(chain)
    for passage in passages:
        _known(held, passage.document, "a passage")
        if passage.kind != "furniture":
            case.passages[passage.document].append(passage)
    for attribution in attributions:
        _known(held, attribution.document, "an attribution")
    case.links = sorted(links, key=lambda one: (one.downstream, one.relation, one.upstream or "", one.upstream_name))
    query = claim_of(held, text, document, span)
    case.search = search or Search(sought(query, settings), held)
    return _traced(case, case.search, query, _sharing(case, document, span), unread)


def sought(claim: str, settings: ChainSettings) -> Terms:
    """The terms of a claim.

    Raises:
        ProvenanceError: it has no word.
    """
    terms = terms_of(claim, settings)
    if terms is None:
        raise ProvenanceError("the claim has no word to look for", remedy="give a sentence")
    return terms


def _known(articles: Mapping[str, Article], document: str, what: str) -> None:
    if document not in articles:
        raise NotFoundError(
            f"{what} names an article that is not among those given", where=document, remedy="give the article too"
        )


def claim_of(articles: Mapping[str, Article], text: str | None, document: str | None, span: Span | None) -> str:
    """The words of a claim: a text, a passage of an article, or an article's title and first paragraph.

    Raises:
        NotFoundError: the article is not among those given, or the span lies outside its text.
        ProvenanceError: neither or both of text and document are given.
    """
    if (text is None) == (document is None):
        raise ProvenanceError("a trace needs a text or an article, one of them", remedy="give a text, or a document")
    if text is not None:
        return text
    wanted = document or ""
    if wanted not in articles:
        raise NotFoundError("the collection does not hold this article", where=wanted, remedy="list documents")
    article = articles[wanted]
    if span is None:
        first = next((article.text[part.start : part.end] for part in paragraphs(article.text)), "")
        return f"{article.title or ''} {first}"
    if not 0 <= span.start < span.end <= len(article.text):
        raise NotFoundError(
            f"span {span.start}:{span.end} lies outside the text",
            where=wanted,
            remedy=f"the text has {len(article.text)} characters",
        )
    return article.text[span.start : span.end]


def _sharing(case: _Case, document: str | None, span: Span | None) -> dict[str, list[Span]]:
    """Articles that hold the very passage asked for, with where."""
    if document is None:
        return {}
    whole = span or Span(0, len(case.articles[document].text))
    clusters = {one.cluster for one in case.passages[document] if one.span.overlaps(whole)}
    found: dict[str, list[Span]] = {document: [whole]} if span else {}
    for other, every in case.passages.items():
        spans = [one.span for one in every if one.cluster in clusters]
        if spans and other != document:
            found[other] = spans
    return found


def _traced(case: _Case, search: Search, query: str, sharing: Mapping[str, Sequence[Span]], unread: int) -> Trace:
    found: list[Telling] = []
    for document in sorted({*search.hits, *sharing}):
        telling = _telling(case, search, document, sharing.get(document, ()))
        if telling is not None:
            found.append(telling)
    found.sort(key=lambda one: (-one.share, one.document))
    left_out = unread + max(0, len(found) - case.settings.maximum_tellings)
    found = found[: case.settings.maximum_tellings]
    dated = sorted((one for one in found if one.published), key=_age)
    tellings = (*dated, *(one for one in found if not one.published))
    documents = {one.document for one in tellings}
    inside = tuple(one for one in case.links if len(set(one.documents) & documents) > 1)
    places = {one.document: [Span(shown.start, shown.end) for shown in one.evidence] for one in tellings}
    common, rival = compare_figures(case.articles, places, case.settings)
    earliest = _earliest(case, tellings, inside, left_out)
    return Trace(
        query=query,
        earliest_held=earliest,
        earliest_credited=_publisher(case, tellings),
        ultimate_speaker=_speaker(tellings),
        tellings=tellings,
        undated=tuple(one.document for one in tellings if one.published is None),
        common_figures=common,
        rival_figures=rival,
        denials=_denials(case, search, tellings),
        links=inside,
        changes=changes(
            case.articles,
            [Told(one.document, tuple(places[one.document]), _stance(one), _closest(one)) for one in tellings],
            inside,
            earliest.document if earliest.decided else None,
            case.settings,
        ),
        left_out=left_out,
    )


def _closest(telling: Telling) -> Span | None:
    return None if telling.closest is None else Span(telling.closest.start, telling.closest.end)


def _stance(telling: Telling) -> Stance | None:
    """How the closest source stands to what the telling says; None where nobody is said to say it."""
    return next((chain.stance for chain in telling.chains if chain.claim is not None), None)


def _age(telling: Telling) -> tuple[str, str, str]:
    published = telling.published
    return (published.end, published.start, telling.document) if published else ("", "", telling.document)


def _telling(case: _Case, search: Search, document: str, shared: Sequence[Span]) -> Telling | None:
    article = case.articles[document]
    windows = search.windows(article, case.settings)
    terms = frozenset().union(*(window.terms for window in windows)) if windows else frozenset()
    share = search.share(terms)
    if search.told(article, case.settings) < case.settings.telling_share and not shared:
        return None
    windows = [Window(span, search.within(document, span)) for span in shared] + windows
    case.windows[document] = windows
    spans = _apart([window.span for window in windows])
    best = next((window.closest for window in windows if window.closest), spans[0])
    ranked = sorted(terms, key=lambda term: (-search.weights.get(term, 0.0), str(term)))
    return Telling(
        document=document,
        outlet=article.outlet or "",
        published=article.published,
        evidence=tuple(
            Evidence(document, one.start, one.end, article.text[one.start : one.end], "telling") for one in spans
        ),
        share=round(max(share, 0.0), 4),
        why=tuple(dict.fromkeys(search.written(document, term) for term in ranked)),
        chains=_chains(case, search, document, windows),
        clusters=tuple(
            sorted({one.cluster for one in case.passages[document] if any(one.span.overlaps(span) for span in spans)})
        ),
        closest=Evidence(document, best.start, best.end, article.text[best.start : best.end], "telling"),
    )


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans in their order, those left out that overlap an earlier one."""
    kept: list[Span] = []
    for span in spans:
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return kept


def _denies(chain: Chain) -> bool:
    return chain.stance == "deny"


def _chains(case: _Case, search: Search, document: str, windows: Sequence[Window]) -> tuple[Chain, ...]:
    """Who is said to say what the windows tell: chains by how much of the claim their own statement holds."""
    ranked = []
    for chain in case.chains[document]:
        if chain.claim is None or not any(window.span.overlaps(chain.claim) for window in windows):
            continue
        share = search.share(search.within(document, chain.claim))
        ranked.append((_denies(chain), -share, chain.claim, -chain.confidence, chain))
    ranked.sort(key=lambda item: item[:4])
    whole = [chain for chain in case.chains[document] if chain.claim is None and _outlets(chain)]
    return (*(item[-1] for item in ranked), *whole)


def _outlets(chain: Chain) -> list[Hop]:
    return [hop for hop in chain.hops if hop.kind in _PUBLISHERS]


def _earliest(case: _Case, tellings: Sequence[Telling], links: Sequence[Link], left_out: int) -> Answer:
    if not tellings:
        return Answer(why="no article held tells it")
    if left_out:
        return Answer(why=f"{left_out:,} more articles may tell it and were not looked at; a longer claim has fewer")
    dated = [one for one in tellings if one.published]
    below = {link.downstream for link in links if link.directed and link.upstream is not None}
    undated = [one.document for one in tellings if one.published is None and one.document not in below]
    if not dated:
        if len(undated) == 1:
            why = "every other telling goes back to it" if len(tellings) > 1 else "the only article held that tells it"
            return _held(case, undated[0], decided=True, why=why)
        return Answer(why="none of the tellings is dated", candidates=tuple(sorted(undated)))
    first = dated[0]
    ties = [one.document for one in dated[1:] if not _before(first, one)]
    if ties:
        return Answer(why="their dates do not tell which came first", candidates=tuple(sorted([first.document, *ties])))
    if first.document in below:
        above = sorted(link.upstream or "" for link in links if link.directed and link.downstream == first.document)
        why = "it is dated first, but its text points to another article as its source"
        return _held(case, first.document, decided=False, why=why, candidates=above)
    if undated:
        why = "it is dated before all others, but undated articles may be earlier"
        return _held(case, first.document, decided=False, why=why, candidates=undated)
    return _held(case, first.document, decided=True, why=f"dated {first.published.start if first.published else ''}")


def _held(case: _Case, document: str, *, decided: bool, why: str, candidates: Sequence[str] = ()) -> Answer:
    article = case.articles[document]
    name = article.title or document
    spans = [window.span for window in case.windows[document][:1]]
    evidence = tuple(
        Evidence(document, one.start, one.end, article.text[one.start : one.end], "telling") for one in spans
    )
    return Answer(name, document, decided, why, tuple(sorted(candidates)), evidence)


def _before(one: Telling, other: Telling) -> bool:
    return one.published is not None and other.published is not None and one.published.before(other.published)


def _own(telling: Telling) -> list[Chain]:
    """The chains that say the claim itself: the closest one, others of its speaker, the whole article's credit.

    Whoever denies the claim in this article is not among those who say it.
    """
    against = {form for chain in telling.chains if _denies(chain) for form in forms(chain.hops[-1].name)}
    saying = [
        chain
        for chain in telling.chains
        if not _denies(chain) and chain.claim is not None and not against & set(forms(chain.hops[-1].name))
    ]
    speaker = set(forms(saying[0].hops[-1].name)) if saying else set()
    same = [chain for chain in saying if speaker & set(forms(chain.hops[-1].name))]
    return [*same, *(chain for chain in telling.chains if chain.claim is None)]


def _publisher(case: _Case, tellings: Sequence[Telling]) -> Answer:
    """The publisher furthest upstream that each telling credits with the claim."""
    backers: dict[str, list[tuple[str, Hop]]] = defaultdict(list)
    for telling in tellings:
        ends = [_outlets(chain)[-1] for chain in _own(telling) if _outlets(chain)]
        if ends:
            backers[case.outlets.key(ends[0].name)].append((telling.document, ends[0]))
    if not backers:
        return Answer(why="no telling credits an outlet or agency")
    ranked = sorted(backers, key=lambda key: (-len(backers[key]), key))
    document, hop = backers[ranked[0]][0]
    names = [case.outlets.name(key, backers[key][0][1].name) for key in ranked]
    if len(ranked) == 1:
        why = f"credited in {', '.join(each for each, _ in backers[ranked[0]])}"
        return Answer(names[0], document, True, why, (), hop.evidence)
    return Answer(names[0], document, False, "the tellings credit different publishers", tuple(names), hop.evidence)


def _speaker(tellings: Sequence[Telling]) -> Answer:
    """Who is said to have said it: the end of each telling's closest chain."""
    groups: list[tuple[set[str], list[tuple[str, Hop]]]] = []
    for telling in tellings:
        ends = [chain.hops[-1] for chain in _own(telling) if chain.hops[-1].kind not in _PUBLISHERS]
        if not ends:
            continue
        own = set(forms(ends[0].name)) or {fold(ends[0].name)}
        for known, backers in groups:
            if known & own:
                known.update(own)
                backers.append((telling.document, ends[0]))
                break
        else:
            groups.append((own, [(telling.document, ends[0])]))
    if not groups:
        return Answer(why="no telling names a speaker")
    groups.sort(key=lambda group: (-len(group[1]), group[1][0][0]))
    document, hop = groups[0][1][0]
    if len(groups) == 1:
        why = f"named in {', '.join(each for each, _ in groups[0][1])}"
        return Answer(hop.name, document, True, why, (), hop.evidence)
    names = tuple(backers[0][1].name for _, backers in groups)
    return Answer(hop.name, document, False, "the tellings name different speakers", names, hop.evidence)


def _denials(case: _Case, search: Search, tellings: Sequence[Telling]) -> tuple[Denial, ...]:
    """Who denies it: in an article that tells it, in words of that telling; in another one, in the claim's own words.

    One denial for each article and speaker, the one closest to the claim.
    """
    told = {
        telling.document: {word for shown in telling.evidence for word in _rarer(shown.text)} for telling in tellings
    }
    best: dict[tuple[str, str], tuple[float, Denial]] = {}
    for document in sorted({*search.hits, *told}):
        text = case.articles[document].text
        for chain in case.chains[document]:
            if not _denies(chain) or chain.claim is None:
                continue
            spans = [chain.claim, *(Span(one.start, one.end) for one in chain.hops[-1].evidence if one.where == "text")]
            share = search.share(term for span in spans for term in search.within(document, span))
            words = {word for span in spans for word in _rarer(text[span.start : span.end])}
            answers = len(words & told[document]) >= case.settings.denial_terms if document in told else False
            if not answers and share < case.settings.denial_share:
                continue
            by, through = chain.hops[-1], _outlets(chain)[:1]
            shown = Evidence(document, chain.claim.start, chain.claim.end, chain.claim_text, "denial")
            relay = through[0].name if through and through[0] is not by else ""
            denial = Denial(document, by.name, relay, chain, (*by.evidence, shown))
            known = best.get((document, fold(by.name)))
            if known is None or share > known[0]:
                best[document, fold(by.name)] = (share, denial)
    return tuple(best[key][1] for key in sorted(best))


def _rarer(text: str) -> set[str]:
    """The stems of the longer words of some text, and its figures."""
    return {stem(word) for word in _WORD.findall(text) if len(word) > 4 or word.isdigit()}
