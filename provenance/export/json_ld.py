"""The collection as JSON-LD in the words of schema.org: one NewsArticle for each article.

| property | holds |
|---|---|
| `publisher`, `author`, `datePublished`, `headline`, `url`, `inLanguage` | what is known of the article itself |
| `isBasedOn` | the article that its text was taken from, or one that is not held, by its publisher |
| `citation` | what it credits: articles that are held, and works of others by whom they are |
| `creditText` | the words that credit somebody for the whole article |
| `terms:link` | every link with its relation, confidence and whether it is credited; undecided ones stand only here |

Sources are an Organization or a Person by name. Those without a name of their own ("eyewitnesses") have no identifier,
so that no reader takes those of two articles for the same. A denial is no citation.

Vocabulary: schema.org (`isBasedOn`, `citation`, `creditText`), JSON-LD 1.1 (W3C Recommendation, 2020).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TextIO

from provenance.export import identifiers
from provenance.export.collection import Alongside, Collection
from provenance.export.plain import as_json
from provenance.model import Article, Chain, Hop, Link

CONTEXT: Final[dict[str, object]] = {
    "@vocab": "https://schema.org/",
    "terms": identifiers.TERMS,
    "url": {"@type": "@id"},
    "terms:document": {"@type": "@id"},
    "terms:passage": {"@type": "@id"},
}
"""Written out, so that no reader has to fetch it."""
_PERSONS: Final = frozenset(["person", "author"])
_BODIES: Final = frozenset(["organization", "agency", "outlet"])
_THINGS: Final = frozenset(["artefact", "statement"])
_SPEAKERS: Final = frozenset(["collective", "anonymous"])

Node = dict[str, Any]


def json_ld_nodes(collection: Collection) -> Iterator[Node]:
    """The articles, by id."""
    links = Alongside(collection.links(), lambda one: one.downstream)
    chains = Alongside(collection.chains(), lambda one: one.document)
    for article in collection.documents():
        yield _article(collection, article, links.of(article.id), chains.of(article.id))


def write_json_ld(collection: Collection, out: TextIO) -> int:
    """Write one JSON-LD document, an article a line; returns how many."""
    count = 0
    out.write(f'{{"@context": {as_json(CONTEXT)},\n "@graph": [')
    for node in json_ld_nodes(collection):
        out.write(",\n  " if count else "\n  ")
        out.write(as_json(node))
        count += 1
    out.write("\n ]}\n")
    return count


def _article(collection: Collection, article: Article, links: Sequence[Link], chains: Sequence[Chain]) -> Node:
    publisher = collection.publisher(article)
    based = [node for link in links for node in _based_on(link)]
    cited = _citations(article, links, chains)
    credits = _credit_texts(article, chains)  # noqa: A001 - the field's word
    date = article.published
    node: Node = {
        "@id": _id(identifiers.article(article.id)),
        "@type": "NewsArticle",
        "identifier": article.id,
        "headline": article.title,
        "url": identifiers.web_address(article.url),
        # a person or a newsroom: nothing says which
        "author": article.author,
        "publisher": _organization(publisher) if publisher else None,
        "datePublished": _day(date.start, date.precision) if date else None,
        "inLanguage": article.language,
        "isBasedOn": _distinct(based),
        "citation": _distinct(cited),
        "creditText": credits,
        "terms:link": [_link(link) for link in links],
    }
    return {name: _single(value) for name, value in node.items() if value}


def _id(qualified: str) -> str:
    return identifiers.iri(qualified)


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _day(start: str, precision: str) -> str:
    """A date as fine as it is known, as schema.org takes one (ISO 8601)."""
    return start[: {"year": 4, "month": 7, "day": 10}.get(precision, len(start))]


def _organization(name: str) -> Node:
    return {"@id": _id(identifiers.outlet(name)), "@type": "Organization", "name": name}


def _distinct(nodes: Iterable[Node]) -> list[Node]:
    """The nodes in their order, each once."""
    return list({as_json(node): node for node in nodes}.values())


def _based_on(link: Link) -> list[Node]:
    """What the text of an article was taken from."""
    if link.relation in {"credited-copy", "uncredited-copy", "update"} and link.upstream is not None:
        return [{"@id": _id(identifiers.article(link.upstream))}]
    if link.relation == "common-source" and link.upstream_name:
        return [{"@type": "NewsArticle", "publisher": _organization(link.upstream_name)}]
    return []


def _citations(article: Article, links: Sequence[Link], chains: Sequence[Chain]) -> Iterator[Node]:
    for link in links:
        if link.relation == "credit-only" and link.upstream is not None:
            yield {"@id": _id(identifiers.article(link.upstream))}
    for chain in chains:
        denied = chain.stance == "deny"
        for hop in chain.hops[:-1] if denied else chain.hops:
            if hop.document == article.id:
                continue
            node = _work(hop, article.id)
            if node:
                yield node


def _work(hop: Hop, document: str) -> Node:
    """What a hop leads to, as a work that can be cited; empty where nobody is named."""
    if hop.document is not None:
        return {"@id": _id(identifiers.article(hop.document))}
    who: Node = {"@id": _id(identifiers.source(hop.name, hop.kind, document))}
    if hop.kind in _PERSONS:
        who |= {"@type": "Person", "name": hop.name}
    elif hop.kind in _BODIES:
        who |= {"@type": "Organization", "name": hop.name}
    elif hop.kind in _SPEAKERS:
        return {"@type": "CreativeWork", "creditText": hop.name}
    elif hop.kind in _THINGS:
        return {"@type": "CreativeWork", "name": hop.name}
    else:
        return {}
    return {"@type": "CreativeWork", "creator": who}


def _credit_texts(article: Article, chains: Sequence[Chain]) -> list[str]:
    """The words that credit the nearest source for the whole article, each once; markup is no text of a credit."""
    said = [each.name or each.text for each in article.credits if each.kind == "credit-text"]
    said += [
        each.text
        for chain in chains
        for hop in chain.hops[:1]
        if hop.relation == "document-credit"
        for each in hop.evidence
        if each.document == article.id and each.where == "text"
    ]
    return list(dict.fromkeys(filter(None, said)))


def _link(link: Link) -> Node:
    above: Node = {} if link.upstream is None else {"terms:document": _id(identifiers.article(link.upstream))}
    if link.relation in {"undetermined", "quotation"}:
        others = [_id(identifiers.article(each)) for each in link.documents if each != link.downstream]
        above = {"terms:sharesTextWith": [{"@id": each} for each in others]}
    node = {
        "terms:relation": link.relation,
        **above,
        **({"terms:source": link.upstream_name} if link.upstream_name else {}),
        "terms:credited": link.credited,
        "terms:confidence": link.confidence,
        "terms:passage": [_id(identifiers.identifier("passage", each)) for each in link.clusters],
    }
    return {name: value for name, value in node.items() if value != []}
