"""What a credit in the text speaks for: the whole document, or the paragraph that it stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
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
    upto = [0, *accumulate(running)]
    # the last running paragraph before each
    nearest = [*accumulate(range(len(running)), lambda last, index: index if running[index] else last, initial=-1)]
    least = upto[-1] * share
    found = []
    for credit in credits_found:
        at = credit.paragraph
        content = None
        if credit.kind in _LINES and at >= 0 and upto[-1] - upto[at + 1] > least:
            content = credit.content
            if content is None and upto[at] > least:
                content = paragraphs[nearest[at]]
        found.append(replace(credit, content=content))
    if any(credit.kind == "source-line" and credit.content is not None for credit in found):
        # where one source stands behind its paragraph the others do, too
        found = [
            replace(credit, content=paragraphs[nearest[credit.paragraph]])
            if credit.kind == "source-line" and credit.content is None and nearest[max(0, credit.paragraph)] >= 0
            else credit
            for credit in found
        ]
    return found
