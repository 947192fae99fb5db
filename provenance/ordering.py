"""Total orders of records: what comes first where nothing else decides."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from provenance.model import Attribution, Evidence, Mention


def evidence_order(evidence: Evidence) -> tuple[Any, ...]:
    """A total order of evidence, for sorting the records that hold it."""
    place = (evidence.document, evidence.start, evidence.end)
    return (*place, evidence.text, evidence.rule, evidence.where, evidence.weight)


def in_order(attributions: Iterable[Attribution]) -> list[Attribution]:
    """The attributions of one article in the order in which they are kept.

    It is that of `_order`, which is costly and most often decided by the place alone.
    """
    ordered: list[Attribution] = []
    for _, same in groupby(sorted(attributions, key=_place), key=_place):
        alike = list(same)
        ordered += sorted(alike, key=_order) if len(alike) > 1 else alike
    return ordered


def _place(attribution: Attribution) -> int:
    """The first offset of source, cue or content; -1 where there is none of them."""
    starts = [span.start for span in attribution.content]
    if attribution.source is not None:
        starts.append(attribution.source.span.start)
    if attribution.cue is not None:
        starts.append(attribution.cue.span.start)
    return min(starts, default=-1)


def _order(attribution: Attribution) -> tuple[Any, ...]:
    """A total order of the attributions of one article, in the order of the text as far as it goes."""
    return (
        _place(attribution),
        attribution.scope,
        attribution.kind,
        attribution.stance,
        *(_mention_order(mention) for mention in (attribution.source, attribution.cue)),
        attribution.content,
        attribution.rule,
        attribution.confidence,
        tuple(
            (source.name, source.kind, source.outlet is not None, source.outlet or "") for source in attribution.chain
        ),
        tuple(evidence_order(one) for one in attribution.evidence),
    )


def _mention_order(mention: Mention | None) -> tuple[Any, ...]:
    return () if mention is None else (mention.span, mention.text, mention.name)
