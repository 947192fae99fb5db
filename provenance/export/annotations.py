"""One article with every attribution, passage and chain as W3C Web Annotations.

An annotation's target is what is said or shared, as a stretch of the article's text, or the whole article. Its bodies
say what is known of it: a line to read, tags, and the words that name the source (purpose `identifying`) or say that it
is said (`classifying`), or the other copies of a passage (`linking`). Each stretch is given twice, by place
(`TextPositionSelector`: code points from 0, end exclusive) and by its words (`TextQuoteSelector`), so that it is found
again where the text has moved. The places are those in the text as it is held, which is no web page; the page that it
was taken from is the target's `scope`.

Format: Web Annotation Data Model (W3C Recommendation, 2017), an `AnnotationCollection` with one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TextIO

from provenance.export import identifiers
from provenance.export.collection import Collection, View
from provenance.export.plain import as_json
from provenance.model import Article, Attribution, Chain, Evidence, Mention, Passage, Span

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_AROUND: Final = 32
"""Characters before and behind a quotation that tell it from others like it."""
_ARROW: Final = " ← "

Node = dict[str, Any]


def annotations_of(collection: Collection, document: str) -> Node:
    """The annotations of one article.

    Raises:
        NotFoundError: the collection does not hold it.
    """
    view = collection.show(document)
    items = [*_attributions(view), *_passages(collection, view), *_chains(view)]
    article = view.article
    name = identifiers.iri(identifiers.identifier("annotation", article.id))
    return {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": f"Attributions, shared passages and chains of {article.title or article.id}",
        "total": len(items),
        "first": {"id": f"{name}/page", "type": "AnnotationPage", "partOf": name, "startIndex": 0, "items": items},
    }


def write_annotations(collection: Collection, document: str, out: TextIO) -> int:
    """Write the annotations of one article, one a line; returns how many.

    Raises:
        NotFoundError: the collection does not hold it.
    """
    made = annotations_of(collection, document)
    page = made.pop("first")
    items = page.pop("items")
    # a page of thousands of annotations is read more easily line by line
    out.write(as_json(made)[:-1] + ', "first": ' + as_json(page)[:-1] + ', "items": [')
    out.write(",".join(f"\n{as_json(item)}" for item in items))
    out.write("\n]}}\n" if items else "]}}\n")
    return len(items)


# targets and bodies ---------------------------------------------------------------------------------------------


def _stretch(article: Article, span: Span, purpose: str = "") -> Node:
    """A stretch of the article's text; as a body it has a purpose."""
    text = article.text
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[span.start : span.end],
        "prefix": text[max(0, span.start - _AROUND) : span.start],
        "suffix": text[span.end : span.end + _AROUND],
    }
    place = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    node: Node = {"type": "SpecificResource"}
    if purpose:
        node["purpose"] = purpose
    node["source"] = _source(article)
    node["selector"] = [place, quote]
    address = identifiers.web_address(article.url)
    if address:
        node["scope"] = address
    return node


def _source(article: Article) -> Node:
    node = {"id": identifiers.iri(identifiers.article(article.id)), "type": "Text", "format": "text/plain"}
    return {**node, "language": article.language} if article.language else node


def _whole(article: Article) -> Node:
    node: Node = {"type": "SpecificResource", "source": _source(article)}
    address = identifiers.web_address(article.url)
    return {**node, "scope": address} if address else node


def _line(text: str, purpose: str = "describing") -> Node:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": text}


def _tags(*words: str) -> list[Node]:
    return [_line(word, "tagging") for word in words if word]


def _annotation(article: Article, kind: str, number: int, bodies: Sequence[Node], targets: Sequence[Node]) -> Node:
    return {
        "id": identifiers.iri(identifiers.identifier("annotation", article.id, kind, number)),
        "type": "Annotation",
        "motivation": "linking" if kind == "passage" else "describing",
        "body": list(bodies),
        "target": targets[0] if len(targets) == 1 else list(targets),
    }


def _elsewhere(evidence: Iterable[Evidence], article: Article) -> list[Node]:
    """The words outside the article's text that show something, as they are."""
    return [
        _line(each.text, "commenting")
        for each in evidence
        if each.text and (each.where == "page" or each.document != article.id)
    ]


# the three kinds ------------------------------------------------------------------------------------------------


def _attributions(view: View) -> Iterator[Node]:
    article = view.article
    for number, one in enumerate(view.attributions):
        bodies = [
            _line(_sentence([source.name for source in one.chain], one)),
            *_tags("attribution", one.kind, one.stance),
            *_mentioned(article, one.source, "identifying"),
            *_mentioned(article, one.cue, "classifying"),
            *_elsewhere(one.evidence, article),
        ]
        targets = [_stretch(article, span) for span in one.content] or [_whole(article)]
        yield _annotation(article, "attribution", number, bodies, targets)


def _mentioned(article: Article, mention: Mention | None, purpose: str) -> list[Node]:
    return [] if mention is None else [_stretch(article, mention.span, purpose)]


def _sentence(names: Iterable[str], found: Attribution | Chain) -> str:
    return f"{_ARROW.join(names)} (confidence {found.confidence:.2f})"


def _passages(collection: Collection, view: View) -> Iterator[Node]:
    article = view.article
    for number, one in enumerate(view.passages):
        others = [each for each in collection.copies(one.cluster) if each != one]
        holders = sorted({each.document for each in others})
        what = f"Also in {', '.join(holders)}" if holders else "Held by this article only"
        bodies = [_line(what), *_tags("passage", one.kind, f"passage {one.cluster}"), *map(_copy, others)]
        yield _annotation(article, "passage", number, bodies, [_stretch(article, one.span)])


def _copy(passage: Passage) -> Node:
    """Another copy of a passage, by its place alone."""
    return {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": identifiers.iri(identifiers.article(passage.document)),
        "selector": {"type": "TextPositionSelector", "start": passage.span.start, "end": passage.span.end},
    }


def _chains(view: View) -> Iterator[Node]:
    article = view.article
    for number, one in enumerate(view.chains):
        evidence = [each for hop in one.hops for each in hop.evidence]
        shown = dict.fromkeys(
            Span(each.start, each.end) for each in evidence if each.where == "text" and each.document == article.id
        )
        held = dict.fromkeys(hop.document for hop in one.hops if hop.document is not None)
        bodies = [
            _line(_sentence((hop.name for hop in one.hops), one)),
            *_tags("chain", one.stance),
            *(_stretch(article, span, "identifying") for span in sorted(shown)),
            *(
                {"type": "SpecificResource", "purpose": "linking", "source": identifiers.iri(identifiers.article(each))}
                for each in held
            ),
            *_elsewhere(evidence, article),
        ]
        target = _whole(article) if one.claim is None else _stretch(article, one.claim)
        yield _annotation(article, "chain", number, bodies, [target])
