"""Which articles are linked together, and what tells that their links are up to date."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains.groups import Digests, Groups, cluster_digests, quoted_with
from provenance.chains.places import shared
from provenance.chains.surroundings import surroundings
from provenance.model import Article, Match, MatchKind, PageCredit, Passage, Span

NAMES = [f"a{number}" for number in range(8)]
SHARED = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(NAMES)), max_size=14)


def passages_of(placed: list[tuple[int, str]], kind: MatchKind = "passage") -> list[Passage]:
    # far apart, so that no two clusters are parts of one text
    return [Passage(number, name, Span(100 * number, 100 * number + 50), kind) for number, name in placed]


def articles(addressed: dict[str, str] | None = None) -> list[Article]:
    pages = addressed or {}
    return [
        Article(
            name,
            "x" * 900,
            outlet=f"Outlet {name}",
            url=f"https://{name}.example/{name}",
            credits=(PageCredit("canonical", "link", None, f"https://{pages[name]}.example/{pages[name]}"),)
            if name in pages
            else (),
        )
        for name in NAMES
    ]


def joined(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """The groups that pairs make, by going from article to article."""
    near = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    found, seen = [], set[str]()
    for name in NAMES:
        reached, left = set[str](), [name]
        while left:
            here = left.pop()
            if here not in reached:
                reached.add(here)
                left += near[here]
        if name not in seen:
            found.append(sorted(reached))
        seen |= reached
    return found


@given(SHARED, st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=3))
@settings(max_examples=60)
def test_groups_are_those_that_running_text_and_addresses_join(
    placed: list[tuple[int, str]], addressed: dict[str, str]
) -> None:
    held = articles(addressed)
    around = surroundings(held, ())
    groups = Groups([one.id for one in held], shared(passages_of(placed)), around)
    pairs = [(one, other) for number, one in placed for same, other in placed if number == same]
    pairs += [pair for pair in addressed.items() if pair[0] != pair[1]]
    expected = joined(pairs)
    assert [list(group) for group in groups] == expected
    # they can be gone through again
    assert [list(group) for group in groups] == expected
    wanted = {"a3", "a6"}
    assert [list(group) for group in groups.of(wanted)] == [one for one in expected if not wanted.isdisjoint(one)]


def test_quotations_join_no_groups_but_are_found_by_who_shares_them() -> None:
    held = articles()
    found = shared(passages_of([(1, "a0"), (1, "a4")], "quotation"))
    assert len(list(Groups([one.id for one in held], found, surroundings(held, ())))) == len(NAMES)
    assert quoted_with({"a0"}, found.quoted) == {"a0", "a4"}


def test_a_digest_is_that_of_the_copies_whatever_the_number_and_the_order() -> None:
    one, other = passages_of([(1, "a0"), (1, "a1")]), passages_of([(2, "a0"), (2, "a2")])
    moved = [Passage(7, copy.document, copy.span, copy.kind) for copy in one]
    assert cluster_digests([*one, *other]) == cluster_digests([*reversed(other), *one])
    assert cluster_digests(moved)[7] == cluster_digests(one)[1]
    assert len(set(cluster_digests([*one, *other]).values())) == 2


def test_what_an_article_rests_on_changes_with_its_own_passages_alone() -> None:
    held = articles()
    around = surroundings(held, ())

    def of(passages: list[Passage], matches: list[Match] | None = None) -> dict[str, tuple[str, str]]:
        digests = Digests(passages, matches or [], cluster_digests(passages), around)
        return {name: digests.of(name) for name in NAMES}

    def differing(one: dict[str, tuple[str, str]], other: dict[str, tuple[str, str]], part: int) -> set[str]:
        return {name for name in NAMES if one[name][part] != other[name][part]}

    copies = passages_of([(1, "a0"), (1, "a1")])
    plain, sharing = of([]), of(copies)
    assert differing(plain, sharing, 0) == {"a0", "a1"}
    assert differing(plain, sharing, 1) == set()
    quoting = of([*copies, *passages_of([(2, "a1"), (2, "a2")], "quotation")])
    assert differing(sharing, quoting, 0) == set()
    assert differing(sharing, quoting, 1) == {"a1", "a2"}
    match = Match("a0", Span(100, 150), "a1", Span(100, 150), 1.0, "passage", 1)
    assert differing(sharing, of(copies, [match]), 0) == {"a0", "a1"}
    # articles of different outlets rest on their outlets
    assert len(set(plain.values())) == len(NAMES)
