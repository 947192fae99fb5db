"""Links of any small collection hold together, and those of large families cost little."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.chains import link
from provenance.chains.clusters import Weighing
from provenance.model import Article, Attribution, DateInterval, Evidence, Passage, Source, Span
from provenance.settings import ChainSettings

SETTINGS = ChainSettings()


@st.composite
def collections(draw):
    """A family of edited copies with any dates, outlets and credits, and a second passage among some of them."""
    size = draw(st.integers(2, 7))
    base = [f"w{i}" for i in range(45)]
    names = [f"Outlet{i}" for i in range(5)] + [None]
    articles, passages, attributions = [], [], []
    for index in range(size):
        parts = list(base)
        for place in draw(st.lists(st.integers(0, 44), max_size=4)):
            parts[place] = draw(st.sampled_from(["x1", "x2", "x3"]))
        credited = draw(st.sampled_from(names))
        text = " ".join(parts) + (f" via {credited}" if credited else "")
        date = draw(st.none() | st.integers(1, 4))
        published = DateInterval(f"2024-01-0{date}", f"2024-01-0{date + 1}", "day", "metadata") if date else None
        article = Article(f"d{index}", text, outlet=draw(st.sampled_from(names)), published=published)
        articles.append(article)
        passages.append(Passage(0, article.id, Span(0, len(" ".join(parts))), "passage"))
        if credited:
            shown = Evidence(article.id, text.index("via"), len(text), text[text.index("via") :], "via-line")
            source = Source(credited, "outlet", credited)
            attributions.append(
                Attribution(article.id, "document", "via-line", "assert", None, None, (), (shown,), (source,), 0.9, "v")
            )
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["passage", "quotation", "furniture"]))
            passages.append(Passage(1, article.id, Span(0, 40), kind))
    return articles, passages, attributions


@settings(max_examples=60, deadline=None)
@given(collections(), st.randoms(use_true_random=False))
def test_links_do_not_depend_on_the_order_of_the_input_and_hold_together(collection, shuffler):
    articles, passages, attributions = collection
    found = link(articles, [], passages, attributions, SETTINGS)
    shuffled = [shuffler.sample(part, len(part)) for part in collection]
    assert link(shuffled[0], [], shuffled[1], shuffled[2], SETTINGS) == found
    ids = {article.id for article in articles}
    for one in found:
        assert set(one.documents) <= ids
        assert one.downstream in one.documents
        assert one.upstream is None or (one.upstream in ids and one.upstream != one.downstream)
        assert 0.0 <= one.confidence <= 1.0
        assert one.evidence
    up = {}
    for one in found:
        if one.directed and one.upstream and one.relation != "credit-only":
            up.setdefault(one.downstream, set()).add(one.upstream)
    for start in up:
        seen, edge = set(), {start}
        while edge:
            edge = {parent for node in edge for parent in up.get(node, ())} - seen
            assert start not in edge
            seen |= edge


def test_a_family_weighed_by_likeliest_parents_has_the_links_of_one_weighed_pair_by_pair(case, report):
    generator = random.Random(3)
    parts = report.split(" ")
    for index in range(40):
        copy = list(parts)
        if index % 4 == 3:
            copy[index] = "hydrualic" if index < 20 else "plattform"
        credited = generator.choice(["Outlet 0", "Outlet 3", None]) if index > 3 else None
        text = " ".join(copy)
        article = case.article(
            f"d{index:02}", f"{text} Via {credited}" if credited else text, f"Outlet {index}", index // 2 + 1
        )
        case.copy(0, article, text, "copy")
        if credited:
            case.credit(article, f"Via {credited}", credited)
    slow, fast = (
        link(case.articles, [], case.passages, case.attributions, replace(SETTINGS, maximum_all_pairs=limit))
        for limit in (1000, 1)
    )
    told = [[(one.downstream, one.upstream, one.relation) for one in found if one.directed] for found in (slow, fast)]
    assert len(told[0]) > 15
    assert told[0] == told[1]


def test_work_on_a_large_family_grows_with_its_size_and_not_with_its_square(monkeypatch, report):
    count = 0
    weigh = Weighing._weigh

    def counted(self, parent, child):
        nonlocal count
        count += 1
        return weigh(self, parent, child)

    monkeypatch.setattr(Weighing, "_weigh", counted)
    parts = report.split(" ")
    counts = {}
    for size in (300, 3000):
        generator = random.Random(5)
        articles, passages = [], []
        for index in range(size):
            copy = list(parts)
            copy[generator.randrange(len(copy))] = f"edit{generator.randrange(size // 3)}"
            text = " ".join(copy)
            published = DateInterval(f"2024-01-01T{index:08}", f"2024-01-01T{index + 1:08}", "second", "metadata")
            articles.append(Article(f"d{index:04}", text, outlet=f"Outlet {index}", published=published))
            passages.append(Passage(0, f"d{index:04}", Span(0, len(text)), "copy"))
        count = 0
        found = link(articles, [], passages, [], SETTINGS)
        counts[size] = count
        assert len(found) >= size - 1
    assert counts[3000] <= 12 * counts[300]
    assert counts[3000] <= 3000 * 3 * SETTINGS.maximum_candidates
