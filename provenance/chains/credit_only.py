"""Links to outlets that an article credits and shares no text with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from provenance.chains.grounds import Ground
from provenance.chains.unseen import Credit
from provenance.model import Evidence, Link, Span
from provenance.settings import ChainSettings


def credit_rows(found: Ground, rows: Sequence[Link], settings: ChainSettings) -> list[Link]:
    """Outlets that an article credits and shares no text with."""
    outlets = found.outlets
    told: dict[str, set[str]] = defaultdict(set)
    copied: dict[str, list[Link]] = defaultdict(list)
    for row in rows:
        if row.relation == "common-source":
            told[row.downstream].add(outlets.key(row.upstream_name))
        elif row.relation != "quotation":
            for document in row.documents:
                told[document].update(outlets.of[other] for other in row.documents if other != document)
        if row.upstream is not None:
            copied[row.downstream].append(row)
    made_rows: list[Link] = []
    for document, made in found.credits.items():
        nearest: dict[str, list[Credit]] = defaultdict(list)
        for credit in made:
            if not credit.publisher or credit.depth or credit.outlet in told[document]:
                continue
            if not any(_inherited(found, credit, row) for row in copied[document]):
                nearest[credit.outlet].append(credit)
        made_rows.extend(_credit_row(document, nearest[outlet], settings) for outlet in sorted(nearest))
    return made_rows


def _inherited(found: Ground, credit: Credit, row: Link) -> bool:
    """Whether an article's credit came with text that it took from another that makes the same credit."""
    above = [one for one in found.credits.get(row.upstream or "", ()) if one.outlet == credit.outlet]
    if any(one.whole for one in above):
        return True
    taken = [Span(one.start, one.end) for one in row.evidence if one.rule == "coverage"]
    inside = all(any(span.holds(word) for span in taken) for word in credit.words)
    return bool(above) and bool(credit.words) and inside


def _credit_row(document: str, made: Sequence[Credit], settings: ChainSettings) -> Link:
    evidence = {
        (shown.start, shown.end, shown.text): Evidence(
            shown.document, shown.start, shown.end, shown.text, shown.rule, shown.where
        )
        for credit in made[: settings.maximum_evidence]
        for shown in credit.evidence
    }
    targets = sorted({credit.target for credit in made if credit.target})
    upstream = targets[0] if len(targets) == 1 else None
    confidence = max(credit.confidence for credit in made)
    return Link(
        upstream=upstream,
        upstream_name=made[0].name,
        downstream=document,
        relation="credit-only",
        credited=True,
        confidence=round(min(confidence, settings.maximum_confidence), 4),
        evidence=tuple(evidence.values()),
        documents=tuple(sorted((document, upstream))) if upstream else (document,),
    )
