"""Linking what a change touches gives the rows that linking everything gives."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from provenance.inference import infer
from provenance.model import (
    Article,
    Attribution,
    Chain,
    DateInterval,
    Evidence,
    Link,
    Match,
    MatchKind,
    PageCredit,
    Passage,
    Source,
    SourceKind,
    Span,
)
from provenance.settings import ChainSettings, StoreSettings
from provenance.store import Store

SETTINGS = ChainSettings()
OUTLETS = ["Norrland Press Agency", "Post", "The Post", "Herald", "Bulletin (BLT)", "BLT", "Echo of Dawn", None]
SPEAKERS: list[tuple[str, SourceKind]] = [
    ("Anna Berg", "person"),
    ("Herald", "organization"),
    ("eyewitnesses", "collective"),
]
KINDS: list[MatchKind] = ["passage", "passage", "passage", "quotation", "quotation", "furniture"]


def sentence(number: int) -> str:
    made = random.Random(number)
    return (
        " ".join("".join(made.choices("abdefgiklmnoprstuv", k=made.randint(3, 8))) for _ in range(made.randint(8, 30)))
        + "."
    )


POOL = [sentence(number) for number in range(24)]
KIND_OF = [KINDS[number % len(KINDS)] for number in range(len(POOL))]


@dataclass(frozen=True)
class Piece:
    """An article with the sentences of the pool that it holds and what it says."""

    article: Article
    shared: dict[int, Span]
    said: tuple[Attribution, ...]


def day(number: int) -> DateInterval:
    return DateInterval(f"2024-03-{number:02}T00:00:00Z", f"2024-03-{number + 1:02}T00:00:00Z", "day", "metadata")


def piece(made: random.Random, name: str) -> Piece:
    parts, shared, at = [], {}, 0
    for number in sorted(made.sample(range(len(POOL)), made.choice([0, 1, 1, 2, 3]))):
        own = sentence(made.randint(100, 10**6))
        parts += [own, POOL[number]]
        start = at + len(own) + 1
        shared[number] = Span(start, start + len(POOL[number]))
        at = start + len(POOL[number]) + 1
    parts.append("Via somebody.")
    text = " ".join(parts)
    outlet = made.choice(OUTLETS)
    host = made.choice(["post.example", "herald.example", "blt.example"])
    page = (
        (PageCredit("canonical", "link", None, f"https://{host}/{made.randint(0, 9)}"),) if made.random() < 0.3 else ()
    )
    url = f"https://{host}/{made.randint(0, 9)}" if made.random() < 0.6 else None
    published = day(made.randint(1, 20)) if made.random() < 0.6 else None
    article = Article(name, text, name.title(), outlet, url, None, published, "en", page)
    said = tuple(statement(made, article, shared) for _ in range(made.choice([0, 0, 1, 2, 3])))
    return Piece(article, shared, said)


def statement(made: random.Random, article: Article, shared: dict[int, Span]) -> Attribution:
    whole = made.random() < 0.5
    span = made.choice(list(shared.values())) if shared and not whole else Span(0, 5)
    start = article.text.index("Via somebody.")
    named = made.choice([name for name in [*OUTLETS, "Unheard Wire", "blt.example"] if name])
    kind: SourceKind = "agency" if made.random() < 0.2 else "outlet"
    chain = [Source(named, kind, named if made.random() < 0.7 else None)] if made.random() < 0.8 else []
    if not whole or not chain:
        chain.append(Source(*made.choice(SPEAKERS)))
    evidence = (Evidence(article.id, start, start + 13, article.text[start : start + 13], "test"),)
    content = () if whole else (span,)
    scope = "document" if whole else "passage"
    return Attribution(
        article.id, scope, "via-line", "assert", None, None, content, evidence, tuple(chain), 0.9, "test"
    )


def detected(pieces: dict[str, Piece]) -> tuple[list[Match], list[Passage]]:
    """Clusters by the place of their first copy, and matches with the first copy."""
    holders: dict[int, list[str]] = defaultdict(list)
    for name in sorted(pieces):
        for number in pieces[name].shared:
            holders[number].append(name)
    clusters = [number for number, names in holders.items() if len(names) > 1]
    clusters.sort(key=lambda number: (holders[number][0], pieces[holders[number][0]].shared[number]))
    matches, passages = [], []
    for cluster, number in enumerate(clusters):
        first, *others = holders[number]
        spans = {name: pieces[name].shared[number] for name in holders[number]}
        passages += [Passage(cluster, name, span, KIND_OF[number]) for name, span in spans.items()]
        matches += [Match(first, spans[first], name, spans[name], 1.0, KIND_OF[number], cluster) for name in others]
    return matches, passages


def keep(store: Store, pieces: dict[str, Piece], renewed: set[str]) -> None:
    """Put a collection into a store, with matches as a whole and the attributions of some articles."""
    gone = set(store.article_ids()) - pieces.keys()
    store.delete_articles(gone)
    store.add_articles(pieces[name].article for name in sorted(pieces))
    matches, passages = detected(pieces)
    store.replace_matches(matches, passages)
    store.replace_attributions_of((name, pieces[name].said) for name in sorted(renewed))


def link_up(store: Store, *, full: bool = False, settings: ChainSettings = SETTINGS) -> int:
    return infer(store, settings, "one", full=full, progress=lambda *_: None)


def rows(store: Store) -> tuple[list[Link], list[Chain]]:
    return list(store.links()), list(store.chains())


def rebuilt(path: Path, pieces: dict[str, Piece]) -> tuple[list[Link], list[Chain]]:
    path.unlink(missing_ok=True)
    with Store(path, StoreSettings()) as store:
        keep(store, pieces, set(pieces))
        link_up(store)
        return rows(store)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "kept.db", StoreSettings()) as made:
        yield made


def step(made: random.Random, pieces: dict[str, Piece]) -> set[str]:
    """Add, remove or change some articles; returns those whose attributions are to be read again."""
    renewed = set()
    for _ in range(made.randint(1, 3)):
        name = f"{made.choice('abcdefgh')}{made.randint(0, 3)}"
        action = made.random()
        if name not in pieces or action < 0.25:
            pieces[name] = piece(made, name)
        elif action < 0.6:
            del pieces[name]
            renewed.discard(name)
            continue
        elif action < 0.8:
            old = pieces[name]
            pieces[name] = replace(old, article=replace(old.article, outlet=made.choice(OUTLETS)))
        else:
            old = pieces[name]
            pieces[name] = replace(old, said=(*old.said[1:], statement(made, old.article, old.shared)))
        renewed.add(name)
    return renewed


@pytest.mark.parametrize("seed", range(12))
def test_what_a_change_touches_is_linked_as_if_all_were(tmp_path: Path, store: Store, seed: int) -> None:
    made = random.Random(seed)
    pieces = {name: piece(made, name) for name in ("a1", "b1", "c1", "c2", "d0", "e1", "f2", "g1", "h3")}
    keep(store, pieces, set(pieces))
    settings = replace(SETTINGS, linked_together=made.choice([1, 3, 1000]))
    link_up(store, settings=settings)
    assert rows(store) == rebuilt(tmp_path / "new.db", pieces)
    for _ in range(8):
        renewed = step(made, pieces)
        keep(store, pieces, renewed)
        link_up(store, settings=settings)
        assert rows(store) == rebuilt(tmp_path / "new.db", pieces)
    before = rows(store)
    assert link_up(store) == 0
    assert link_up(store, full=True) == len(pieces)
    assert rows(store) == before


def three(made: random.Random) -> dict[str, Piece]:
    """Two articles that share text, and one that shares none."""
    shared = []
    for name, outlet in (("a", "Post"), ("b", "Herald")):
        start = len(name) + 2
        article = Article(name, f"{name}. {POOL[0]} Via somebody.", None, outlet)
        shared.append(Piece(article, {0: Span(start, start + len(POOL[0]))}, (statement(made, article, {}),)))
    alone = Article("z", "Alone. Via somebody.", None, "Echo")
    return {"a": shared[0], "b": shared[1], "z": Piece(alone, {}, (statement(made, alone, {}),))}


def test_only_the_group_of_a_changed_article_is_linked_again(store: Store) -> None:
    made = random.Random(1)
    pieces = three(made)
    keep(store, pieces, set(pieces))
    assert link_up(store) == 3
    assert link_up(store) == 0
    pieces["a"] = replace(pieces["a"], article=replace(pieces["a"].article, published=day(3)))
    keep(store, pieces, {"a"})
    assert link_up(store) == 2
    fresh = Article("0", "Nothing that others have.", None, "Post")
    pieces["0"] = Piece(fresh, {}, ())
    keep(store, pieces, {"0"})
    assert link_up(store) == 1


def test_all_who_quote_the_same_learn_of_an_earlier_one(tmp_path: Path, store: Store) -> None:
    pieces = {}
    for number, name in enumerate("abc"):
        article = Article(name, f"{name}. {POOL[3]} Via somebody.", None, name.upper(), published=day(number + 3))
        pieces[name] = Piece(article, {3: Span(3, 3 + len(POOL[3]))}, ())
    keep(store, pieces, set(pieces))
    link_up(store)
    assert [link.documents for link in store.links()] == [("a", "b"), ("a", "c")]
    pieces["b"] = replace(pieces["b"], article=replace(pieces["b"].article, published=day(1)))
    keep(store, pieces, {"b"})
    assert link_up(store) == 1
    assert [link.documents for link in store.links()] == [("a", "b"), ("b", "c")]
    assert rows(store) == rebuilt(tmp_path / "new.db", pieces)


def test_a_further_quotation_links_nothing_but_quotations_again(tmp_path: Path, store: Store) -> None:
    pieces = {}
    for name in "abc":
        article = Article(name, f"{name}. {POOL[3]} Via somebody.", None, name.upper())
        pieces[name] = Piece(article, {3: Span(3, 3 + len(POOL[3]))}, ())
    last = {"c": pieces.pop("c")}
    keep(store, pieces, set(pieces))
    link_up(store)
    pieces.update(last)
    keep(store, pieces, {"c"})
    assert link_up(store) == 1
    assert [link.downstream for link in store.links()] == ["b", "c"]
    assert rows(store) == rebuilt(tmp_path / "new.db", pieces)


def test_an_outlet_that_arrives_changes_who_is_meant_elsewhere(tmp_path: Path, store: Store) -> None:
    said = Article("a", "Nothing shared. Via somebody.", None, "Post")
    evidence = (Evidence("a", 16, 29, "Via somebody.", "test"),)
    credit = Attribution(
        "a", "document", "via-line", "assert", None, None, (), evidence, (Source("BLT", "outlet"),), 0.9, "test"
    )
    pieces = {"a": Piece(said, {}, (credit,))}
    keep(store, pieces, {"a"})
    link_up(store)
    assert [link.upstream_name for link in store.links()] == ["BLT"]
    pieces["b"] = Piece(Article("b", "Another.", None, "Bulletin (BLT)"), {}, ())
    keep(store, pieces, {"b"})
    assert link_up(store) == 2
    assert [link.upstream_name for link in store.links()] == ["Bulletin (BLT)"]
    assert rows(store) == rebuilt(tmp_path / "new.db", pieces)


def test_other_settings_link_everything_again(store: Store) -> None:
    pieces = three(random.Random(2))
    keep(store, pieces, set(pieces))
    link_up(store)
    assert infer(store, SETTINGS, "two", full=False, progress=lambda *_: None) == 3


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = random.Random(5)
    pieces = {f"{letter}{number}": piece(made, f"{letter}{number}") for letter in "abcdef" for number in range(3)}
    keep(store, pieces, set(pieces))
    relink, calls = store.relink, list[int]()

    def stop(*arguments: object, **named: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        relink(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "relink", stop)
    with pytest.raises(KeyboardInterrupt):
        link_up(store, settings=replace(SETTINGS, linked_together=1))
    monkeypatch.undo()
    left = link_up(store)
    assert 0 < left < len(pieces)
    assert rows(store) == rebuilt(tmp_path / "new.db", pieces)


def test_what_was_linked_is_committed(tmp_path: Path, store: Store) -> None:
    pieces = three(random.Random(4))
    keep(store, pieces, set(pieces))
    link_up(store)
    assert not store._connection.in_transaction
    with Store(tmp_path / "kept.db", StoreSettings()) as other:
        assert rows(other) == rows(store)
        assert link_up(other) == 0


def test_hops_refer_to_the_attributions_they_rest_on(store: Store) -> None:
    pieces = three(random.Random(3))
    keep(store, pieces, set(pieces))
    link_up(store)
    chains = list(store.chains())
    assert chains
    assert all(hop.evidence for chain in chains for hop in chain.hops)
    assert store._rows("SELECT count(*) FROM evidence WHERE hop_id IS NOT NULL") == [(0,)]
    store.delete_articles(["z"])
    assert store._rows(
        "SELECT count(*) FROM hops WHERE attribution_id NOT IN (SELECT attribution_id FROM attributions)"
    ) == [(0,)]
    assert not [chain for chain in store.chains() if chain.document == "z"]
