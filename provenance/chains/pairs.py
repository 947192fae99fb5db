"""How two articles stand to each other, read off the links on demand: the pairs themselves are never all stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from provenance.chains.names import fold
from provenance.model import Link

_DESCENT = frozenset({"credited-copy", "uncredited-copy", "update"})


def pair_relation(a: str, b: str, links: Iterable[Link]) -> tuple[str, str]:
    """How article `a` stands to article `b`.

    Args:
        a: id of the one.
        b: id of the other.
        links: the collection's links.

    Returns:
        The relation and a sentence that says why. The relation is one of a link's, or `ancestor` (one descends from
        the other through held articles), `siblings` (both descend from a held third article), or `none`.
    """
    up: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, dict[str, str]] = defaultdict(dict)
    direct: list[Link] = []
    for link in links:
        if link.upstream is not None and link.relation in _DESCENT:
            up[link.downstream].add(link.upstream)
        if link.relation == "common-source":
            sources[link.downstream][fold(link.upstream_name)] = link.upstream_name if link.credited else ""
        if a in link.documents and b in link.documents and a != b and link.relation != "common-source":
            direct.append(link)
    for link in sorted(direct, key=lambda one: (not one.directed, one.downstream, one.relation)):
        return link.relation, _said(link, a, b)
    both = sorted(sources[a].keys() & sources[b].keys())
    if both and not sources[a][both[0]]:
        return (
            "common-source",
            f"{a} and {b} share text that neither can have had from the other alone; its origin is not held",
        )
    if both:
        return "common-source", f"{a} and {b} both credit {sources[a][both[0]]}, which is not held"
    return _kin(a, b, up)


def _said(link: Link, a: str, b: str) -> str:
    other = b if link.downstream == a else a
    if link.relation == "undetermined":
        return f"{a} and {b} share text; the evidence does not decide who had it from whom"
    if link.relation == "quotation":
        return f"{a} and {b} share nothing but what {link.upstream_name or 'a speaker'} said"
    if link.relation == "update":
        return f"{link.downstream} is a later version of {other} by the same outlet"
    if link.relation == "credit-only":
        return f"{link.downstream} credits {other} and shares no text with it"
    credit = "and credits it" if link.credited else "without credit"
    return f"{link.downstream} took text from {other} {credit}"


def _kin(a: str, b: str, up: dict[str, set[str]]) -> tuple[str, str]:
    mine, theirs = _ancestors(a, up), _ancestors(b, up)
    if b in mine or a in theirs:
        later, earlier, known = (a, b, mine) if b in mine else (b, a, theirs)
        return "ancestor", f"{later} descends from {earlier} through {known[earlier]}"
    shared = sorted((mine[one] != one, one) for one in mine.keys() & theirs.keys())
    if shared:
        return "siblings", f"{a} and {b} both go back to {shared[0][1]}"
    return "none", f"no link joins {a} and {b}"


def _ancestors(document: str, up: dict[str, set[str]]) -> dict[str, str]:
    """The held ancestors of an article, each with the parent through which it is reached."""
    found: dict[str, str] = {}
    edge = [(parent, parent) for parent in sorted(up.get(document, ()))]
    while edge:
        following: list[tuple[str, str]] = []
        for parent, through in edge:
            if parent not in found and parent != document:
                found[parent] = through
                following.extend((above, through) for above in sorted(up.get(parent, ())))
        edge = following
    return found
