"""The tree of who had it from whom: laid out in lanes of time, drawn as inline SVG, told once more as a list.

Every article and every source that is not held has a row of its own, below what it was taken from; from left to right
stand the lanes: sources not held, the days (months, years), the undated. So no two lines of a tree cross, and who came
first is read from the left (after the "timetree" drawings of phylogeny; Hedges, Dudley and Kumar 2006).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from provenance.model import Article, DateInterval, Link
from provenance.pages.addresses import Addresses
from provenance.pages.naming import TITLE_WIDTH, named
from provenance.pages.rendering import rendered
from provenance.pages.visible import cut, day
from provenance.pages.words import RELATIONS, others
from provenance.settings import PagesSettings

_DEFAULT: Final = PagesSettings()
# all of them pixels
_ROW: Final = 58.0
_HEAD: Final = 34.0
_STEP: Final = 26.0
"""From one generation to the next within a lane."""
_LANE, _WIDE_LANE = 92.0, 140.0
_LABEL: Final = 350.0
_LEFT: Final = 18.0
_LANES: Final = 7
_SOURCE: Final = "source:"
_UNNAMED: Final = "an origin that nobody names"
_UNSEEN, _UNDATED = "not in the collection", "undated"
_STRENGTH: Final = ("uncredited-copy", "credited-copy", "update", "common-source", "credit-only")


@dataclass(frozen=True, slots=True)
class Node:
    """An article, or a source that is credited and not held.

    Attributes:
        key: the article's id, or `source:` and the name.
        label: its outlet or id, or the source's name.
        title: the article's title.
        published: None where undated.
        document: the article's id; empty for a source that is not held.
        focus: whether the page is about it.
        denies: whether it denies the claim.
        unnamed: whether it is an origin that nobody credits.
    """

    key: str
    label: str
    title: str = ""
    published: DateInterval | None = None
    document: str = ""
    focus: bool = False
    denies: bool = False
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An edge: `below` had it from `above`, or the two share text without a direction.

    Attributes:
        above: key of the node it was taken from.
        below: key of the node that took it.
        relation: in a word of `model.Relation`.
        confidence: of the link.
        directed: whether it has an arrowhead.
    """

    above: str
    below: str
    relation: str
    confidence: float
    directed: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """A node with its place.

    Attributes:
        node: the node.
        x: centre of its mark, in pixels.
        y: the same.
        depth: how many steps below the beginning of its tree.
        step: the step that it hangs on; None for a beginning.
        also: further steps to it.
    """

    node: Node
    x: float
    y: float
    depth: int
    step: Step | None
    also: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A stretch of time, or the place of what has none.

    Attributes:
        label: the day, month, year, or what else stands in it.
        x: its left edge, in pixels.
        width: in pixels.
    """

    label: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Lineage:
    """A laid-out tree.

    Attributes:
        nodes: with their places, from top to bottom.
        lanes: from left to right.
        width: in pixels.
        height: in pixels.
        left_out: how many nodes were left out.
    """

    nodes: tuple[Placed, ...] = ()
    lanes: tuple[Lane, ...] = ()
    width: float = 0.0
    height: float = 0.0
    left_out: int = 0


def nodes_and_steps(
    links: Iterable[Link],
    held: Mapping[str, Article],
    *,
    focus: Iterable[str] = (),
    deniers: Iterable[str] = (),
    documents: Iterable[str] = (),
) -> tuple[list[Node], list[Step]]:
    """The nodes and steps that links make: held articles, and sources that are not held.

    Args:
        links: the links to draw.
        held: articles by id; their texts are not read.
        focus: ids of the articles that the page is about.
        deniers: ids of the articles that deny the claim.
        documents: further articles to show, whether a link names them or not.
    """
    marked, against = frozenset(focus), frozenset(deniers)
    nodes: dict[str, Node] = {}
    steps: dict[tuple[str, str], Step] = {}

    def article(document: str) -> str:
        if document not in nodes:
            one = named(document, held)
            nodes[document] = Node(
                document, one.name, one.title, one.published, document, document in marked, document in against
            )
        return document

    def join(above: str, below: str, link: Link, *, directed: bool) -> None:
        before = steps.get((above, below))
        if before is None or before.confidence < link.confidence:
            steps[above, below] = Step(above, below, link.relation, link.confidence, directed)

    for document in documents:
        article(document)
    for link in links:
        below = article(link.downstream)
        if link.upstream is not None and link.directed:
            join(article(link.upstream), below, link, directed=True)
        elif link.relation in {"common-source", "credit-only"} and link.upstream_name:
            key = f"{_SOURCE}{link.upstream_name}"
            nodes.setdefault(
                key, Node(key, link.upstream_name if link.credited else _UNNAMED, unnamed=not link.credited)
            )
            join(key, below, link, directed=True)
        elif link.relation in {"quotation", "undetermined"}:
            for other in others(link)[:1]:
                join(article(other), below, link, directed=False)
    return list(nodes.values()), list(steps.values())


def lineage(nodes: Sequence[Node], steps: Iterable[Step], settings: PagesSettings = _DEFAULT) -> Lineage:
    """Lay out who had it from whom.

    Args:
        nodes: at most `settings.tree_nodes` of them are placed: those of the focus and those with the most steps.
        steps: between them.
        settings: how many nodes are drawn.
    """
    every = sorted(steps, key=lambda one: (one.above, one.below))
    kept = _strongest(nodes, every, settings.tree_nodes)
    inside = [one for one in every if one.above in kept and one.below in kept]
    parents, also = _parents(kept, inside)
    lanes = _lane_labels(kept.values())
    order = _rows(kept, parents)
    offsets: dict[str, int] = {}
    depths: dict[str, int] = {}
    deepest: dict[int, int] = defaultdict(int)
    lane_of = {node.key: _lane(node, lanes) for node in kept.values()}
    for key in order:
        step = parents.get(key)
        lane = lane_of[key]
        depths[key] = depths[step.above] + 1 if step else 0
        offsets[key] = offsets[step.above] + 1 if step and lane_of[step.above] == lane else 0
        deepest[lane] = max(deepest[lane], offsets[key])
    placed_lanes: list[Lane] = []
    at = _LEFT
    for number, label in enumerate(lanes):
        width = (_WIDE_LANE if label == _UNSEEN else _LANE) + _STEP * deepest[number]
        placed_lanes.append(Lane(label, at, width))
        at += width
    placed = [
        Placed(
            kept[key],
            placed_lanes[lane_of[key]].x + 14 + _STEP * offsets[key],
            _HEAD + _ROW * (row + 0.5),
            depths[key],
            parents.get(key),
            tuple(also[key]),
        )
        for row, key in enumerate(order)
    ]
    right = max((one.x for one in placed), default=0.0) + _LABEL
    height = _HEAD + _ROW * len(placed) + 6
    return Lineage(tuple(placed), tuple(placed_lanes), max(right, at), height, len(nodes) - len(kept))


def _strongest(nodes: Sequence[Node], steps: Sequence[Step], most: int) -> dict[str, Node]:
    """The nodes that are drawn: of too many those of the focus, then those most steps go to and from."""
    if len(nodes) <= most:
        return {node.key: node for node in nodes}
    weight: dict[str, float] = defaultdict(float)
    for step in steps:
        weight[step.above] += step.confidence
        weight[step.below] += step.confidence
    ranked = sorted(nodes, key=lambda node: (not node.focus, -weight[node.key], node.key))
    return {node.key: node for node in ranked[:most]}


def _parents(nodes: Mapping[str, Node], steps: Sequence[Step]) -> tuple[dict[str, Step], defaultdict[str, list[Step]]]:
    """The step that each node hangs on, without a circle, and its further ones: directed ones first, surest first."""
    parents: dict[str, Step] = {}
    also: defaultdict[str, list[Step]] = defaultdict(list)

    def reaches(key: str, goal: str) -> bool:
        while key in parents and key != goal:
            key = parents[key].above
        return key == goal

    ranked = sorted(steps, key=lambda one: (not one.directed, _rank(one), -one.confidence, one.above, one.below))
    for each in ranked:
        step, above, below = each, each.above, each.below
        if not step.directed and _age(nodes[below]) < _age(nodes[above]):
            # without a direction the earlier one stands above
            step = Step(below, above, step.relation, step.confidence, directed=False)
            above, below = below, above
        if below in parents or above == below or reaches(above, below):
            also[below].append(step)
        else:
            parents[below] = step
    return parents, also


def _rank(step: Step) -> int:
    return _STRENGTH.index(step.relation) if step.relation in _STRENGTH else len(_STRENGTH)


def _age(node: Node) -> tuple[int, str, str]:
    if node.published is not None:
        return (1, node.published.start, node.key)
    return (2, "", node.key) if node.document else (0, "", node.key)


def _rows(nodes: Mapping[str, Node], parents: Mapping[str, Step]) -> list[str]:
    """Each node below its parent, the earlier branch first, the largest tree on top."""
    below: dict[str, list[str]] = defaultdict(list)
    roots: list[str] = []
    for key in sorted(nodes, key=lambda one: _age(nodes[one])):
        if key in parents:
            below[parents[key].above].append(key)
        else:
            roots.append(key)
    found: list[list[str]] = []
    for root in roots:
        tree: list[str] = []
        waiting = [root]
        while waiting:
            key = waiting.pop()
            tree.append(key)
            waiting += reversed(below[key])
        found.append(tree)
    # a source that many credit for nothing but a word would else stand above the agency report
    found.sort(key=lambda tree: -len(tree))
    return [key for tree in found for key in tree]


def _lane_labels(nodes: Iterable[Node]) -> list[str]:
    """The lanes from left to right: days, else months, else years, the first of which are fine enough to be few."""
    every = list(nodes)
    dates = [node.published for node in every if node.published is not None]
    labels: list[str] = []
    for width in (10, 7, 4):
        labels = sorted({date.start[:width] for date in dates})
        if len(labels) <= _LANES:
            break
    if len(labels) > _LANES:
        apart = -(-len(labels) // _LANES)
        labels = labels[::apart]
    unseen = [_UNSEEN] if any(not node.document for node in every) else []
    undated = [_UNDATED] if any(node.document and node.published is None for node in every) else []
    return [*unseen, *labels, *undated]


def _lane(node: Node, lanes: Sequence[str]) -> int:
    if not node.document:
        return lanes.index(_UNSEEN)
    if node.published is None:
        return lanes.index(_UNDATED)
    before = [
        number
        for number, label in enumerate(lanes)
        if label not in {_UNSEEN, _UNDATED} and label <= node.published.start
    ]
    return before[-1]


@dataclass(frozen=True, slots=True)
class _Row:
    """A node as the drawing has it: its texts cut to the room there is, the line to it, and where it leads."""

    placed: Placed
    href: str
    name: str
    title: str
    date: str
    relation: str
    told: str
    path: str
    head: str
    also: tuple[str, ...]


def lineage_svg(
    drawn: Lineage, addresses: Addresses, *, name: str, title: str = "Who had it from whom", legend: bool = True
) -> Markup:
    """The tree as inline SVG, with the same as a list below it for those who do not see it.

    Args:
        drawn: of `lineage`.
        addresses: where articles and sources are shown.
        name: an id unique on the page.
        title: what the picture is called.
        legend: whether to explain the marks below it.
    """
    places = {one.node.key: one for one in drawn.nodes}
    rows = [_row(one, places, addresses) for one in drawn.nodes]
    return rendered(
        "tree.html", drawn=drawn, rows=rows, name=name, title=title, legend=legend, rails=_rails(rows, places)
    )


def _row(one: Placed, places: Mapping[str, Placed], addresses: Addresses) -> _Row:
    node, step = one.node, one.step
    href = addresses.article(node.document) if node.document else addresses.source(node.label)
    path, head = _line(places[step.above], one, directed=step.directed) if step else ("", "")
    return _Row(
        one,
        href,
        _fitted(node.label, 30),
        _fitted(node.title, 46),
        day(node.published) if node.document else "not held" if node.unnamed else "credited, not held",
        step.relation if step else "",
        _told(step, places[step.above].node) if step else "",
        path,
        head,
        tuple(_told(each, places[each.above].node) for each in one.also if each.above in places),
    )


def _told(step: Step, above: Node) -> str:
    """A step in words, as the list and the tooltip have them."""
    joint = "from" if step.directed else "with"
    where = "the source" if not above.document else ""
    what = {"credit-only": "credits", "common-source": "credits, as others do,"}.get(step.relation)
    if what is not None and not above.unnamed:
        return cut(f"{what} {where} {above.label}, confidence {step.confidence:.2f}", TITLE_WIDTH + 60)
    return cut(f"{RELATIONS[step.relation]}, {joint} {above.label}, confidence {step.confidence:.2f}", TITLE_WIDTH + 60)


def _fitted(text: str, width: int) -> str:
    """A text cut to the room of a label; capitals and East Asian letters are wider."""
    words = cut(text, width)
    room = float(width)
    for place, character in enumerate(words):
        room -= 1.8 if ord(character) >= 0x2E80 else 1.3 if character.isupper() else 1
        if room < 0:
            return words[: max(place - 1, 1)] + "…"
    return words


def _line(above: Placed, below: Placed, *, directed: bool) -> tuple[str, str]:
    """The line that branches off to a node, and its arrowhead."""
    x, to, down = above.x, below.x, below.y
    if to > x + 12:
        end = to - 8
        path = f"M{x:.0f} {down - 8:.0f}Q{x:.0f} {down:.0f} {x + 8:.0f} {down:.0f}H{end - (5 if directed else 0):.0f}"
        head = f"M{end:.0f} {down:.0f}l-9 -5v10z"
    else:
        # dated before what it was taken from: the line comes from above
        end = down - 9
        path = f"M{x:.0f} {down - 26:.0f}H{to:.0f}V{end - (5 if directed else 0):.0f}"
        head = f"M{to:.0f} {end:.0f}l-5 -9h10z"
    return path, head if directed else ""


def _rails(rows: Sequence[_Row], places: Mapping[str, Placed]) -> list[str]:
    """The upright lines from which the lines to the nodes below one branch off."""
    lowest: dict[str, float] = {}
    for row in rows:
        if row.placed.step is not None:
            above = row.placed.step.above
            branch = 8 if row.placed.x > places[above].x + 12 else 26
            lowest[above] = max(lowest.get(above, 0.0), row.placed.y - branch)
    return [f"M{places[key].x:.0f} {places[key].y + 8:.0f}V{bottom:.0f}" for key, bottom in lowest.items()]
