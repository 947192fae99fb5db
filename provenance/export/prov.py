"""The collection in the W3C's provenance model (PROV-DM), as PROV-JSON or PROV-N.

| what was found | what it becomes |
|---|---|
| an article | an entity, `wasAttributedTo` its outlet |
| a copy, credited or not; text of a source that is not held | `wasDerivedFrom`, with the relation as its type |
| an update | `wasDerivedFrom` of type `prov:Revision` |
| words of a speaker only | `wasDerivedFrom` of type `prov:Quotation` (`prov:wasQuotedFrom` in PROV-O) |
| a chain | a claim within the article, one entity for what each relayer said, each `wasAttributedTo` who said it; the \
claim `wasDerivedFrom` the last of them with type `prov:PrimarySource` (`prov:hadPrimarySource` in PROV-O) |
| an outlet credited, no text shared | `wasInfluencedBy`: a mention is no derivation |
| a denial | `wasInfluencedBy` of type `terms:denial`: who denies a claim is not its source |
| an undecided order | no relation, since each has a direction; the article names the other as `terms:sharesTextWith` |

Relations carry `terms:confidence` and the words that show them.

Formats: PROV-N (W3C Recommendation, 2013), PROV-JSON (W3C Member Submission, 2013). Both are written as the collection
is gone through, one article at a time; of PROV-JSON, which groups by kind, each kind goes into a file of its own first.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final, Literal, TextIO

from provenance.export import identifiers
from provenance.export.collection import Alongside, Collection
from provenance.export.plain import as_json, without_controls
from provenance.model import Article, Chain, Evidence, Link

Kind = Literal["entity", "agent", "wasAttributedTo", "wasDerivedFrom", "wasInfluencedBy"]

NAMESPACES: Final[dict[str, str]] = {
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "terms": identifiers.TERMS,
    **{name: f"{identifiers.URN}{name}:" for name in identifiers.SCHEMES},
}
_TERMS: Final[dict[Kind, tuple[str, ...]]] = {
    "entity": (),
    "agent": (),
    "wasAttributedTo": ("prov:entity", "prov:agent"),
    "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
    "wasInfluencedBy": ("prov:influencee", "prov:influencer"),
}
"""The kinds of statement in the order in which PROV-JSON has them, with the formal attributes of each."""
_AGENTS: Final = {
    "person": "prov:Person",
    "author": "prov:Person",
    "agency": "prov:Organization",
    "outlet": "prov:Organization",
    "organization": "prov:Organization",
    "collective": "",
    "anonymous": "",
    "speaker": "",
}
"""Sources that speak, with their type in PROV where it has one; others are documents or nobody."""
_THINGS: Final = frozenset(["artefact", "statement"])
_QUOTES: Final = (frozenset('"“„«‘‚「『»'), frozenset('"”“»’‘」』«'))
_WORDS: Final = 200
_PIECES: Final = 3
"""Pieces of evidence on a relation, and characters of each; the rows have all of it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A qualified name as the value of an attribute."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A literal with a type of XML Schema."""

    text: str
    type: str


Literals = str | Name | Typed
Attributes = Sequence[tuple[str, Literals]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of PROV; `id` is empty for relations."""

    kind: Kind
    id: str
    terms: tuple[str, ...]
    attributes: Attributes


def _number(value: float) -> Typed:
    return Typed(f"{value:g}", "xsd:double")


def _flag(*, value: bool) -> Typed:
    return Typed("true" if value else "false", "xsd:boolean")


def _shown(evidence: Sequence[Evidence]) -> list[tuple[str, Literals]]:
    words = dict.fromkeys(each.text[:_WORDS] for each in evidence if each.text)
    return [("terms:evidence", each) for each in list(words)[:_PIECES]]


@dataclass(slots=True)
class _Model:
    collection: Collection
    known: set[str] = field(default_factory=set)

    def statements(self) -> Iterator[Statement]:
        links = Alongside(self.collection.links(), lambda one: one.downstream)
        chains = Alongside(self.collection.chains(), lambda one: one.document)
        for article in self.collection.documents():
            own = links.of(article.id)
            yield from self._article(article, own)
            for link in own:
                yield from self._link(link)
            linked = {link.upstream for link in own if link.upstream is not None}
            for number, chain in enumerate(chains.of(article.id)):
                yield from self._chain(chain, number, linked)

    def _article(self, article: Article, links: Sequence[Link]) -> Iterator[Statement]:
        date = article.published
        given: list[tuple[str, str | None]] = [
            ("prov:label", article.title or article.id),
            ("dcterms:identifier", article.id),
            ("schema:author", article.author),
            ("schema:datePublished", date.isoformat() if date else None),
            ("schema:inLanguage", article.language),
            ("schema:url", article.url),
        ]
        attributes: list[tuple[str, Literals]] = [("prov:type", Name("schema:NewsArticle"))]
        attributes += [(name, value) for name, value in given if value]
        for link in links:
            if link.relation == "undetermined":
                others = (each for each in link.documents if each != article.id)
                attributes += [("terms:sharesTextWith", Name(identifiers.article(each))) for each in others]
        name = identifiers.article(article.id)
        yield Statement("entity", name, (), attributes)
        publisher = self.collection.publisher(article)
        if publisher:
            yield from self._agent(identifiers.outlet(publisher), publisher, "outlet")
            yield Statement("wasAttributedTo", "", (name, identifiers.outlet(publisher)), ())

    def _agent(self, name: str, label: str, kind: str) -> Iterator[Statement]:
        if name in self.known:
            return
        self.known.add(name)
        standard = _AGENTS.get(kind)
        types: list[tuple[str, Literals]] = [("prov:type", Name(standard))] if standard else []
        types.append(("prov:type", Name(f"terms:{kind}")))
        yield Statement("agent", name, (), [*types, ("prov:label", label)])

    # links ------------------------------------------------------------------------------------------------------

    def _link(self, link: Link) -> Iterator[Statement]:
        if link.relation == "undetermined":
            return
        name = identifiers.article(link.downstream)
        attributes: list[tuple[str, Literals]] = [
            ("prov:type", Name(f"terms:{link.relation}")),
            ("terms:confidence", _number(link.confidence)),
            ("terms:credited", _flag(value=link.credited)),
            *(("terms:passage", Name(identifiers.identifier("passage", each))) for each in link.clusters),
            *_shown(link.evidence),
        ]
        if link.relation == "update":
            attributes.insert(0, ("prov:type", Name("prov:Revision")))
        if link.relation == "credit-only":
            yield from self._mention(link, name, attributes)
        elif link.upstream is not None:
            yield Statement("wasDerivedFrom", "", (name, identifiers.article(link.upstream)), attributes)
        else:
            kind = "speaker" if link.relation == "quotation" else "outlet"
            if kind == "speaker":
                attributes.insert(0, ("prov:type", Name("prov:Quotation")))
            above = identifiers.identifier("unseen", kind, link.upstream_name.casefold(), *link.clusters)
            yield from self._unseen(above, link.upstream_name, kind)
            takers = link.documents if kind == "speaker" else (link.downstream,)
            for taker in takers:
                yield Statement("wasDerivedFrom", "", (identifiers.article(taker), above), attributes)

    def _mention(self, link: Link, name: str, attributes: Attributes) -> Iterator[Statement]:
        if link.upstream is not None:
            above = identifiers.article(link.upstream)
        else:
            above = identifiers.outlet(link.upstream_name)
            yield from self._agent(above, link.upstream_name, "outlet")
        yield Statement("wasInfluencedBy", "", (name, above), attributes)

    def _unseen(self, name: str, label: str, kind: str) -> Iterator[Statement]:
        """A text that articles have from somebody and that is not held."""
        if name in self.known:
            return
        self.known.add(name)
        attributes: list[tuple[str, Literals]] = [("prov:type", Name("terms:unseen"))]
        if label:
            attributes.append(("prov:label", f"text of {label}, not held"))
        yield Statement("entity", name, (), attributes)
        if label:
            who = identifiers.outlet(label) if kind == "outlet" else identifiers.source(label, kind, "")
            yield from self._agent(who, label, kind)
            yield Statement("wasAttributedTo", "", (name, who), ())

    # chains -----------------------------------------------------------------------------------------------------

    def _chain(self, chain: Chain, number: int, linked: Set[str]) -> Iterator[Statement]:
        """One chain; `linked` are the articles that links say the article has text from."""
        article = identifiers.article(chain.document)
        below = article
        sure: tuple[str, Literals] = ("terms:confidence", _number(chain.confidence))
        if chain.claim is not None:
            below = identifiers.identifier("claim", chain.document, number)
            yield Statement(
                "entity",
                below,
                (),
                [
                    ("prov:type", Name("terms:claim")),
                    ("prov:value", chain.claim_text),
                    ("dcterms:isPartOf", Name(article)),
                    ("terms:start", Typed(str(chain.claim.start), "xsd:int")),
                    ("terms:end", Typed(str(chain.claim.end), "xsd:int")),
                    ("terms:stance", chain.stance),
                ],
            )
        claim, last = below, len(chain.hops) - 1
        shown: list[tuple[str, Literals]] = []
        for place, hop in enumerate(chain.hops):
            denied = place == last and chain.stance == "deny"
            above = yield from self._said(chain, number, place, denied=denied)
            shown = [("prov:type", Name(f"terms:{hop.relation}")), *_shown(hop.evidence)]
            # where an article that is held has its text from is told with that article, and by links once
            told = hop.document in linked and below == article
            told = told or (place > 0 and chain.hops[place - 1].document is not None)
            if place < last and above != below and not told:
                yield Statement("wasDerivedFrom", "", (below, above), shown)
            below = above
        if below == claim:
            return
        if chain.stance == "deny":
            yield Statement("wasInfluencedBy", "", (claim, below), [("prov:type", Name("terms:denial")), sure, *shown])
            return
        types: list[tuple[str, Literals]] = [("prov:type", Name("prov:PrimarySource"))]
        if _is_quoted(chain.claim_text):
            types.append(("prov:type", Name("prov:Quotation")))
        yield Statement("wasDerivedFrom", "", (claim, below), [*types, sure, *shown])

    def _said(self, chain: Chain, number: int, place: int, *, denied: bool) -> Generator[Statement, None, str]:
        """What one hop of a chain leads to: a held article, a document that is named, or what somebody said."""
        hop = chain.hops[place]
        if hop.document is not None:
            return identifiers.article(hop.document)
        if hop.kind in _THINGS:
            name = identifiers.source(hop.name, hop.kind, chain.document)
            if name not in self.known:
                self.known.add(name)
                kinds = ("prov:type", Name(f"terms:{hop.kind}"))
                yield Statement("entity", name, (), [kinds, ("prov:label", hop.name)])
            return name
        name = identifiers.identifier("said", chain.document, number, place)
        type_ = "terms:denial" if denied else "terms:statement"
        label = f"{'denial by' if denied else 'what was said by'} {hop.name}"
        yield Statement("entity", name, (), [("prov:type", Name(type_)), ("prov:label", label)])
        if hop.kind in _AGENTS:
            who = identifiers.source(hop.name, hop.kind, chain.document)
            yield from self._agent(who, hop.name, hop.kind)
            yield Statement("wasAttributedTo", "", (name, who), ())
        return name


def _is_quoted(text: str) -> bool:
    """Whether a claim is given in the speaker's own words from end to end."""
    opening, closing = _QUOTES
    text = text.strip(" \t\n\r.,")
    return len(text) > 1 and text[0] in opening and text[-1] in closing


# writing --------------------------------------------------------------------------------------------------------


def write_prov_json(collection: Collection, out: TextIO) -> int:
    """Write PROV-JSON; returns how many statements."""
    count = 0
    with ExitStack() as stack:
        parts = {
            kind: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="")) for kind in _TERMS
        }
        for statement in _Model(collection).statements():
            count += 1
            name = statement.id or f"_:r{count}"
            part = parts[statement.kind]
            part.write(f"{',' if part.tell() else ''}\n  {as_json(name)}: {as_json(_record(statement))}")
        out.write(f'{{\n "prefix": {as_json(NAMESPACES)}')
        for kind, part in parts.items():
            if part.tell():
                part.seek(0)
                out.write(f',\n "{kind}": {{')
                shutil.copyfileobj(part, out)
                out.write("\n }")
        out.write("\n}\n")
    return count


def _record(statement: Statement) -> dict[str, object]:
    record: dict[str, object] = dict(zip(_TERMS[statement.kind], statement.terms, strict=True))
    values: dict[str, list[object]] = {}
    for name, value in statement.attributes:
        values.setdefault(name, []).append(_json_value(value))
    return {**record, **{name: every[0] if len(every) == 1 else every for name, every in values.items()}}


def _json_value(value: Literals) -> object:
    if isinstance(value, Name):
        return {"$": value.text, "type": "prov:QUALIFIED_NAME"}
    if isinstance(value, Typed):
        return {"$": value.text, "type": value.type}
    return value


def write_prov_n(collection: Collection, out: TextIO) -> int:
    """Write PROV-N; returns how many statements."""
    count = 0
    out.write("document\n")
    out.writelines(f"  prefix {prefix} <{address}>\n" for prefix, address in NAMESPACES.items())
    for statement in _Model(collection).statements():
        count += 1
        terms = ", ".join([*([statement.id] if statement.id else []), *statement.terms])
        values = ", ".join(f"{name}={_notated(value)}" for name, value in statement.attributes)
        out.write(f"  {statement.kind}({terms}{f', [{values}]' if values else ''})\n")
    out.write("endDocument\n")
    return count


def _notated(value: Literals) -> str:
    if isinstance(value, Name):
        return f"'{value.text}'"
    if isinstance(value, Typed):
        return f'"{value.text}" %% {value.type}'
    text = without_controls(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + text.replace("\t", "\\t") + '"'
