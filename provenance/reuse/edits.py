"""Edits: what was changed between two copies of a passage, word by word.

Words are compared by the hashes of their folded letters, so a change of case or of quotation marks is none; the
stretches given back are those of the original texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from provenance.model import Span
from provenance.text.tokens import words_of

EditKind = Literal["equal", "replaced", "dropped", "added"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the first copy and what stands for it in the second; one of them may be empty.

    Offsets are code points into the whole texts, from the first letter of the first word to the end of the last.
    """

    kind: EditKind
    a: Span
    b: Span


def edits(text_a: str, span_a: Span, text_b: str, span_b: Span) -> list[Edit]:
    """The edits that turn the first copy into the second, in order, equal stretches included."""
    words = words_of([text_a[span_a.start : span_a.end], text_b[span_b.start : span_b.end]])
    one, two = words.of(0), words.of(1)
    found: list[Edit] = []
    for opcode in _joined(Indel.opcodes(words.hashes[one].tolist(), words.hashes[two].tolist())):
        kind, a_from, a_to, b_from, b_to = opcode
        a = _stretch(words.starts[one].tolist(), words.ends[one].tolist(), a_from, a_to, span_a.start)
        b = _stretch(words.starts[two].tolist(), words.ends[two].tolist(), b_from, b_to, span_b.start)
        found.append(Edit(kind, a, b))
    return found


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two copies are, trimmed to where they are.

    Attributes:
        a: the first copy from its first to its last word that the other has in the same order; `b` the same of the
            second; both empty where they have no word in common.
        equal: words that are equal and in the same order.
        similarity: share of the words of the longer trimmed copy that the other has in the same order.
    """

    a: Span
    b: Span
    equal: int
    similarity: float


def likeness(text_a: str, span_a: Span, text_b: str, span_b: Span) -> Likeness:
    """Trim two copies to the words they have in common, and say how alike they are."""
    words = words_of([text_a[span_a.start : span_a.end], text_b[span_b.start : span_b.end]])
    one, two = words.of(0), words.of(1)
    opcodes = Indel.opcodes(words.hashes[one].tolist(), words.hashes[two].tolist())
    blocks = [block for block in opcodes.as_matching_blocks() if block.size]
    if not blocks:
        return Likeness(Span(span_a.start, span_a.start), Span(span_b.start, span_b.start), 0, 0.0)
    first, last = blocks[0], blocks[-1]
    equal = sum(block.size for block in blocks)
    longer = max(last.a + last.size - first.a, last.b + last.size - first.b)
    return Likeness(
        _stretch(words.starts[one].tolist(), words.ends[one].tolist(), first.a, last.a + last.size, span_a.start),
        _stretch(words.starts[two].tolist(), words.ends[two].tolist(), first.b, last.b + last.size, span_b.start),
        equal,
        equal / longer,
    )


def _joined(opcodes: object) -> list[tuple[EditKind, int, int, int, int]]:
    """Opcodes with a deletion and an insertion side by side told as one replacement."""
    joined: list[tuple[EditKind, int, int, int, int]] = []
    names: dict[str, EditKind] = {"equal": "equal", "delete": "dropped", "insert": "added", "replace": "replaced"}
    for tag, a_from, a_to, b_from, b_to in opcodes:  # type: ignore[attr-defined]
        kind = names[tag]
        if joined and kind != "equal" and joined[-1][0] != "equal":
            _, first_a, _, first_b, _ = joined[-1]
            kind = "replaced" if first_a < a_to and first_b < b_to else kind
            joined[-1] = (kind, first_a, a_to, first_b, b_to)
        else:
            joined.append((kind, a_from, a_to, b_from, b_to))
    return joined


def _stretch(starts: list[int], ends: list[int], first: int, last: int, base: int) -> Span:
    if first == last:
        at = base + (ends[first - 1] if first else 0)
        return Span(at, at)
    return Span(base + starts[first], base + ends[last - 1])
