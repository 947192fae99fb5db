"""Articles and attributions as plain lists, to be sent between processes as JSON.

Words that can be cut out of the article's text again are sent as offsets alone: the receiver has the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provenance.model import Article, Attribution, DateInterval, Evidence, Mention, PageCredit, Source, Span

Packed = list[Any]
"""Lists, strings, numbers and None only."""


def pack_article(article: Article) -> Packed:
    """An article as a list of its fields."""
    date = article.published
    published = None if date is None else [date.start, date.end, date.precision, date.origin]
    credits = [[one.kind, one.text, one.name, one.url] for one in article.credits]  # noqa: A001 - the model's word
    names = [article.title, article.outlet, article.url, article.author]
    return [article.id, article.text, *names, published, article.language, credits]


def unpack_article(packed: Packed) -> Article:
    """The article that `pack_article` was given."""
    name, text, title, outlet, url, author, published, language, credits = packed  # noqa: A001 - the model's word
    date = None if published is None else DateInterval(*published)
    return Article(name, text, title, outlet, url, author, date, language, tuple(PageCredit(*one) for one in credits))


def pack_attributions(found: Sequence[Attribution], text: str) -> Packed:
    """The attributions of one article, without its id and text."""
    return [
        [
            one.scope,
            one.kind,
            one.stance,
            _pack_mention(one.source, text),
            _pack_mention(one.cue, text),
            [offset for span in one.content for offset in (span.start, span.end)],
            [_pack_evidence(evidence, text) for evidence in one.evidence],
            [[source.name, source.kind, source.outlet] for source in one.chain],
            one.confidence,
            one.rule,
        ]
        for one in found
    ]


def unpack_attributions(packed: Packed, document: str, text: str) -> list[Attribution]:
    """The attributions that `pack_attributions` was given.

    Args:
        packed: what it gave.
        document: the article's id.
        text: the article's text.
    """
    return [
        Attribution(
            document,
            scope,
            kind,
            stance,
            _unpack_mention(source, text),
            _unpack_mention(cue, text),
            tuple(map(Span, content[::2], content[1::2])),
            tuple([_unpack_evidence(one, document, text) for one in evidence]),
            tuple([Source(*one) for one in chain]),
            confidence,
            rule,
        )
        for scope, kind, stance, source, cue, content, evidence, chain, confidence, rule in packed
    ]


def _pack_mention(mention: Mention | None, text: str) -> Packed | None:
    if mention is None:
        return None
    start, end = mention.span.start, mention.span.end
    return [start, end, mention.name, None if text[start:end] == mention.text else mention.text]


def _unpack_mention(packed: Packed | None, text: str) -> Mention | None:
    if packed is None:
        return None
    start, end, name, words = packed
    return Mention(Span(start, end), text[start:end] if words is None else words, name)


def _pack_evidence(one: Evidence, text: str) -> Packed:
    words = None if text[one.start : one.end] == one.text else one.text
    return [one.start, one.end, words, one.rule, one.where, one.weight]


def _unpack_evidence(packed: Packed, document: str, text: str) -> Evidence:
    start, end, words, rule, where, weight = packed
    return Evidence(document, start, end, text[start:end] if words is None else words, rule, where, weight)
