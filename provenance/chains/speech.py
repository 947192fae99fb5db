"""How much of a stretch of text is quoted speech: words that anybody who heard them may print."""

from __future__ import annotations

from provenance.model import Span
from provenance.text.quotations import quotations
from provenance.text.sentences import paragraphs


def unspoken_words(text: str, spans: list[Span]) -> int:
    """Words of some stretches that stand outside quoted speech.

    Args:
        text: the article.
        spans: stretches of it that do not overlap.
    """
    count = 0
    for paragraph in paragraphs(text):
        parts = [part for part in (_common(paragraph, span) for span in spans) if part.start < part.end]
        if not parts:
            continue
        speech = [one.span for one in quotations(text, paragraph.start, paragraph.end) if one.kind == "speech"]
        spoken = [one for one in speech if not any(other is not one and _holds(other, one) for other in speech)]
        for part in parts:
            count += len(text[part.start : part.end].split())
            inside = (_common(part, one) for one in spoken)
            count -= sum(len(text[one.start : one.end].split()) for one in inside if one.start < one.end)
    return max(0, count)


def _common(one: Span, other: Span) -> Span:
    start = max(one.start, other.start)
    return Span(start, max(start, min(one.end, other.end)))


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
