"""What a credit in the text speaks for: the whole document, or the paragraph that it stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from provenance.model import Source, Span

RUNNING: Final = 80
"""Characters from which on a line is running text."""
_LINES: Final = frozenset(["source-line", "via-line"])


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit: the nodes it names, nearest first, and the words that show it.

    Attributes:
        content: the paragraph it speaks for; None where it speaks for the whole document.
        paragraph: the index of the line it stands in; -1 outside the text.
    """

    kind: str
    rule: str
    chain: tuple[Source, ...]
    span: Span
    named: Span
    prior: float
    content: Span | None = None
    paragraph: int = -1


def scoped(
    credits_found: Sequence[Credit], paragraphs: Sequence[Span], skipped: set[int], share: float
) -> list[Credit]:
    """The credits of a text, those that stand in its middle with the paragraph they speak for.

    A line of its own at the start or the end speaks for the document, and so does a bracket behind the last paragraph;
    with running text on both sides a source speaks for the paragraph that it stands behind.

    Args:
        credits_found: the credits; those in brackets behind a paragraph have it as their content.
        paragraphs: the text's paragraphs.
        skipped: which of them are credit lines or furniture.
        share: share of the running text that must stand on a side for it to count.
    """
    if not any(credit.kind in _LINES and credit.paragraph >= 0 for credit in credits_found):
        return list(credits_found)
    running = [
        len(span) if len(span) >= RUNNING and index not in skipped else 0 for index, span in enumerate(paragraphs)
    ]
    least = sum(running) * share
    found = []
    for credit in credits_found:
        at = credit.paragraph
        content = None
        if credit.kind in _LINES and at >= 0 and sum(running[at + 1 :]) > least:
            content = credit.content
            if content is None and sum(running[:at]) > least:
                content = next(paragraphs[index] for index in range(at - 1, -1, -1) if running[index])
        found.append(replace(credit, content=content))
    return found
