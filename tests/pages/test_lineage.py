from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance import Article, DateInterval, Link
from provenance.pages.addresses import Nowhere
from provenance.pages.lineage import Lineage, Node, Placed, Step, lineage, lineage_svg, nodes_and_steps
from provenance.settings import PagesSettings

Read = Callable[[str], Any]
Copied = tuple[dict[str, Article], list[Link]]


class Articles(Nowhere):
    def article(self, document: str) -> str:
        return f"#{document}"


def places(drawn: Lineage) -> dict[str, Placed]:
    return {one.node.key: one for one in drawn.nodes}


def test_links_become_nodes_and_steps(copied: Copied) -> None:
    held, links = copied
    nodes, steps = nodes_and_steps(links, held, focus=["b"], deniers=["c"], documents=["a", "x"])
    by_key = {node.key: node for node in nodes}
    assert set(by_key) == {"a", "b", "c", "x", "source:Reuters"}
    assert by_key["b"].focus
    assert by_key["c"].denies
    assert by_key["source:Reuters"] == Node("source:Reuters", "Reuters")
    assert by_key["a"].title == "First"
    assert Step("a", "b", "uncredited-copy", 0.86) in steps
    assert Step("source:Reuters", "c", "credit-only", 0.9) in steps
    assert len(steps) == 3


def test_what_has_no_direction_has_no_arrow(copied: Copied) -> None:
    held, links = copied
    open_link = replace(links[0], upstream=None, relation="undetermined")
    nodes, steps = nodes_and_steps([open_link], held)
    assert [step.directed for step in steps] == [False]
    html = lineage_svg(lineage(nodes, steps), Nowhere(), name="t")
    assert 'class="arrow' not in html
    assert "direction not decided" in html


def test_an_origin_that_nobody_names_is_not_called_credited(copied: Copied) -> None:
    held, links = copied
    link = replace(links[0], upstream=None, upstream_name="an origin", relation="common-source", credited=False)
    nodes, steps = nodes_and_steps([link], held)
    html = lineage_svg(lineage(nodes, steps), Nowhere(), name="t")
    assert "an origin that nobody names" in html
    assert "credited, not held<" not in html


def test_each_stands_below_and_right_of_what_it_was_taken_from(copied: Copied) -> None:
    held, links = copied
    drawn = lineage(*nodes_and_steps(links, held))
    at = places(drawn)
    assert at["a"].y < at["b"].y < at["c"].y
    assert at["a"].x < at["b"].x < at["c"].x
    assert [lane.label for lane in drawn.lanes] == ["not in the collection", "2024-03-01", "2024-03-02", "undated"]
    assert at["c"].step == Step("b", "c", "credited-copy", 0.98)
    assert [step.above for step in at["c"].also] == ["source:Reuters"]


def test_undated_ones_have_a_lane_of_their_own(copied: Copied) -> None:
    held, links = copied
    drawn = lineage(*nodes_and_steps(links, held))
    undated = drawn.lanes[-1]
    inside = [one.node.key for one in drawn.nodes if undated.x <= one.x < undated.x + undated.width]
    assert inside == ["c"]


def test_circles_are_drawn_without_end(copied: Copied) -> None:
    steps = [Step(above, below, "credited-copy", 0.5) for above, below in ("ab", "bc", "ca", "aa")]
    drawn = lineage([Node(key, key, document=key) for key in "abc"], steps)
    assert len(drawn.nodes) == 3
    assert sum(one.step is None for one in drawn.nodes) == 1


def test_the_strongest_are_kept_of_too_many() -> None:
    nodes = [Node(str(number), str(number), document=str(number), focus=number == 9) for number in range(10)]
    steps = [Step("0", str(number), "credited-copy", number / 10) for number in range(1, 9)]
    drawn = lineage(nodes, steps, PagesSettings(tree_nodes=4))
    assert set(places(drawn)) == {"9", "0", "8", "7"}
    assert drawn.left_out == 6
    assert "6 more articles and sources left out here" in lineage_svg(drawn, Nowhere(), name="t")


def test_the_drawing_has_a_list_and_words_for_every_mark(page: Read, copied: Copied) -> None:
    held, links = copied
    drawn = lineage(*nodes_and_steps(links, held, deniers=["c"]))
    html = lineage_svg(drawn, Articles(), name="tree", title="A story")
    read = page(html)
    told = " ".join(read.within("tree-list").split())
    assert "Outlet B Second, 2024-03-02: copied without credit, from Outlet A, confidence 0.86" in told
    assert "Reuters credited, not held: the beginning" in told
    assert "Outlet C Third, undated, denies it: copied with credit" in told
    assert "denies it" in read.within("svg")
    assert "copied without credit, 0.86" in read.within("told")
    assert read.within("desc")
    assert {"#a", "#b", "#c"} == {
        attributes["href"] for tag, attributes in read.elements if tag == "a" and attributes.get("href")
    }
    unseen = [attributes["class"] for tag, attributes in read.elements if tag == "g"]
    assert any("is-unseen" in each for each in unseen)
    assert any("is-denial" in each for each in unseen)


def test_hostile_names_stay_within_the_drawing(harmless: Read, evil: str) -> None:
    node = Node("a", evil, evil, document="a", denies=True)
    other = Node("source:b", evil)
    drawn = lineage([node, other], [Step("source:b", "a", "credit-only", 0.5)])
    html = lineage_svg(drawn, Articles(), name="t", title=evil)
    read = harmless(html)
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert "<span" not in svg, "which ends a drawing"
    assert "{{7*7}}" in read.text()


def interval(number: int) -> DateInterval | None:
    month = f"{2000 + number // 12}-{number % 12 + 1:02d}"
    return DateInterval(f"{month}-01T00:00:00Z", f"{month}-28T00:00:00Z", "month", "metadata") if number else None


KEYS = st.integers(0, 11)
STEPS = st.lists(
    st.builds(
        lambda above, below, relation, directed: Step(str(above), str(below), relation, 0.5, directed),
        KEYS,
        KEYS,
        st.sampled_from(["credited-copy", "uncredited-copy", "undetermined", "common-source"]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=80, deadline=None)
@given(dates=st.lists(st.integers(0, 300), min_size=12, max_size=12), steps=STEPS)
def test_every_drawing_is_a_forest_in_time(dates: list[int], steps: list[Step]) -> None:
    nodes = [
        Node(str(number), str(number), published=interval(date), document="" if number > 9 else str(number))
        for number, date in enumerate(dates)
    ]
    drawn = lineage(nodes, steps)
    assert sorted(places(drawn)) == sorted(node.key for node in nodes)
    rows = [one.y for one in drawn.nodes]
    assert all(low < high for low, high in pairwise(rows))
    at = places(drawn)
    for one in drawn.nodes:
        if one.step is not None:
            assert at[one.step.above].y < one.y
            assert one.depth == at[one.step.above].depth + 1
        lane = next(lane for lane in drawn.lanes if lane.x <= one.x < lane.x + lane.width)
        if not one.node.document:
            assert lane.label == "not in the collection"
        elif one.node.published is None:
            assert lane.label == "undated"
        assert one.x < drawn.width
    assert len(drawn.lanes) <= 9
