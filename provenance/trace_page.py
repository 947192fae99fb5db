"""What people see of a trace: three answers, the timeline, the tree, what changed on the way, who denies it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from provenance.model import Evidence, Link
from provenance.terminal import STANCES, heading, indented, links, names, printable, quoted

if TYPE_CHECKING:
    from provenance.chains import Answer, Change, Figure, Telling, Trace

_MOST: Final = 12
"""Tellings, candidates and changes shown; `--json` has all."""


def trace(out: Console, found: Trace) -> None:
    """A trace, its three answers first."""
    out.print(Text.assemble("Claim: ", (quoted(found.query, out.width - 9), "bold")))
    if not found.tellings:
        out.print("The collection does not hold it: no article tells this claim.")
        _denials(out, found)
        return
    for name, answer in (
        ("Earliest copy held", found.earliest_held),
        ("Earliest publisher credited", found.earliest_credited),
        ("Ultimate speaker", found.ultimate_speaker),
    ):
        _answer(out, name, answer)
    dated = [one for one in found.tellings if one.published]
    undated = [one for one in found.tellings if not one.published]
    if dated:
        heading(out, f"Timeline ({len(dated)})")
        _tellings(out, dated)
    if undated:
        heading(out, f"Undated, the closest to the claim first ({len(undated)})")
        _tellings(out, undated)
    if found.left_out:
        indented(out, f"{found.left_out:,} more articles may tell it; they were left out, the closest are above", 2)
    _figures(out, "Figures in common", found.common_figures)
    _figures(out, "Figures that differ", found.rival_figures)
    _denials(out, found)
    _tree(out, found)
    _changes(out, found.changes)


def _answer(out: Console, name: str, answer: Answer) -> None:
    decided = printable(answer.name) if answer.decided else ""
    heading(out, f"{name}: {decided or 'the collection does not decide'}")
    source = answer.document or ""
    known = not decided or source in {"", answer.name} or source in answer.why
    document = "" if known else f" ({printable(source)})"
    indented(out, f"{printable(answer.why)}{document}", 2)
    for candidate in answer.candidates[:_MOST]:
        indented(out, f"possible: {printable(candidate)}", 2)
    _more(out, len(answer.candidates), "candidates")
    for each in answer.evidence[:2]:
        _words(out, each)


def _tellings(out: Console, tellings: Sequence[Telling]) -> None:
    for telling in tellings[:_MOST]:
        day = telling.published.start[:16].replace("T", " ") if telling.published else "undated"
        head = f"{day}  {printable(telling.document)}  {printable(telling.outlet)}".rstrip()
        shared = f"shares {', '.join(map(printable, telling.why[:6]))}" if telling.why else "holds the same passage"
        indented(out, Text.assemble(head, (f"  {shared}", "dim")), 2)
        for each in (telling.closest,) if telling.closest else telling.evidence[:1]:
            _words(out, each)
        for chain in telling.chains[:1]:
            stance = STANCES.get(chain.stance)
            indented(out, Text.assemble((names(chain), "cyan"), (f"  {stance}" if stance else "", "dim")), 6)
    _more(out, len(tellings), "tellings")


def _figures(out: Console, name: str, figures: Sequence[Figure]) -> None:
    if not figures:
        return
    heading(out, name)
    for figure in figures[:_MOST]:
        what = f"{figure.value} {figure.unit}".strip()
        holders = ", ".join(map(printable, figure.documents[:4]))
        rest = f" and {len(figure.documents) - 4} more" if len(figure.documents) > 4 else ""
        indented(out, f"{printable(what)} in {holders}{rest}", 2)
    _more(out, len(figures), "figures")


def _denials(out: Console, found: Trace) -> None:
    if not found.denials:
        return
    heading(out, "Denied by")
    for denial in found.denials[:_MOST]:
        through = f" to {printable(denial.through)}" if denial.through else ""
        indented(out, f"{printable(denial.by)}{through}, in {printable(denial.document)}", 2)
        for each in denial.evidence[:1]:
            _words(out, each)
    _more(out, len(found.denials), "denials")


def _tree(out: Console, found: Trace) -> None:
    """Each telling below the one it was taken from; what has no direction, below the tree."""
    told = {one.document for one in found.tellings}
    taken: dict[str, list[Link]] = {}
    above: set[str] = set()
    rest: list[Link] = []
    for link in found.links:
        if link.directed and link.upstream in told and link.downstream in told and link.upstream is not None:
            taken.setdefault(link.upstream, []).append(link)
            above.add(link.downstream)
        else:
            rest.append(link)
    if not found.links:
        if len(found.tellings) > 1:
            heading(out, "No link joins these articles: who had it from whom, if anybody, is not known.")
        return
    heading(out, "Who had it from whom")
    shown: set[str] = set()
    # articles that took from each other in a circle have no beginning; the first of them then stands for it
    for start in [*(one for one in taken if one not in above), *taken]:
        if start in shown:
            continue
        indented(out, printable(start), 2)
        shown.add(start)
        waiting = [(link, 1) for link in reversed(taken[start])]
        while waiting:
            link, depth = waiting.pop()
            again = link.downstream in shown
            # however deep it goes, half of the window stays for the names
            indent = min(2 + 3 * depth, out.width // 2)
            tail = f"  {link.relation}, {link.confidence:.2f}" + ("  (see above)" if again else "")
            indented(out, Text.assemble(f"└ {printable(link.downstream)}", (tail, "dim")), indent)
            if not again:
                shown.add(link.downstream)
                waiting += [(below, depth + 1) for below in reversed(taken.get(link.downstream, []))]
    links(out, rest[:_MOST])
    _more(out, len(rest), "links without direction")


def _changes(out: Console, changes: Sequence[Change]) -> None:
    if not changes:
        return
    heading(out, "What changed on the way")
    for change in changes[:_MOST]:
        how = "from" if change.linked else "compared with the earliest (no link between them),"
        indented(out, f"{printable(change.after)}, {how} {printable(change.before)}", 2)
        if change.headline:
            _line(out, f"headline: {quoted(change.headline[0], 60)} became {quoted(change.headline[1], 60)}")
        if change.stance:
            _line(out, f"stance: {' became '.join(STANCES.get(one, 'asserted') for one in change.stance)}")
        for unit, before, after in change.figures:
            _line(out, f"figure: {before} became {after} {unit}")
        if change.dropped:
            _line(out, f"dropped: {', '.join(change.dropped)}")
        if change.added:
            _line(out, f"added: {', '.join(change.added)}")
    _more(out, len(changes), "pairs that differ")


def _line(out: Console, text: str) -> None:
    indented(out, Text(printable(text), style="dim"), 6)


def _words(out: Console, evidence: Evidence) -> None:
    indented(out, quoted(evidence.text, max(60, out.width - 9)), 6, style="dim")


def _more(out: Console, count: int, what: str) -> None:
    if count > _MOST:
        indented(out, f"… and {count - _MOST} more {what}; --json has all", 2, style="dim")
