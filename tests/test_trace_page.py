from __future__ import annotations

import io

from rich.console import Console

from provenance import Evidence, Link
from provenance.chains import Answer, Change, Telling, Trace
from provenance.model import DateInterval
from provenance.trace_page import trace


def day(number: int) -> DateInterval:
    return DateInterval(f"2024-03-{number:02}T00:00:00Z", f"2024-03-{number + 1:02}T00:00:00Z", "day", "metadata")


def telling(name: str, published: DateInterval | None = None) -> Telling:
    words = Evidence(name, 0, 9, f"oil of {name}", "telling")
    return Telling(name, "Paper", published, (words,), 0.8, ("oil",), closest=words)


def taken(upstream: str, downstream: str) -> Link:
    return Link(upstream, "", downstream, "uncredited-copy", False, 0.9, (), tuple(sorted((upstream, downstream))))


def shown(found: Trace) -> str:
    out = io.StringIO()
    trace(Console(file=out, width=100, markup=False, highlight=False), found)
    return out.getvalue()


def made(tellings: tuple[Telling, ...], links: tuple[Link, ...] = (), changes: tuple[Change, ...] = ()) -> Trace:
    return Trace("oil", Answer(), Answer(), Answer(), tellings, links=links, changes=changes)


def test_the_tree_has_every_copy_below_what_it_was_taken_from() -> None:
    text = shown(made(tuple(map(telling, "abc")), (taken("a", "b"), taken("b", "c"))))
    tree = text[text.index("Who had it from whom") :].splitlines()
    assert [line.split("  uncredited")[0] for line in tree[1:4]] == ["  a", "     └ b", "        └ c"]


def test_articles_that_took_from_each_other_in_a_circle_end() -> None:
    text = shown(made(tuple(map(telling, "ab")), (taken("a", "b"), taken("b", "a"))))
    assert "(see above)" in text


def test_undated_tellings_have_a_place_of_their_own() -> None:
    text = shown(made((telling("dated", day(2)), telling("sheet"))))
    assert text.index("Timeline (1)") < text.index("dated") < text.index("Undated") < text.index("sheet")


def test_what_changed_on_the_way_is_shown() -> None:
    change = Change(
        "a", "b", True, ("struck",), ("rammed",), (("tonnes", "40", "400"),), ("assert", "deny"), ("A", "B")
    )
    text = shown(made(tuple(map(telling, "ab")), (taken("a", "b"),), (change,)))
    for words in (
        "b, from a",
        "headline: “A” became “B”",
        "stance: asserted became denied",
        "figure: 40 became 400 tonnes",
        "dropped: struck",
        "added: rammed",
    ):
        assert words in text


def test_a_single_telling_needs_no_word_on_links() -> None:
    assert "No link joins" not in shown(made((telling("a"),)))


def test_long_lists_are_cut_and_say_so() -> None:
    text = shown(made(tuple(telling(f"t{number:02}", day(1)) for number in range(20))))
    assert "and 8 more tellings; --json has all" in text
