"""The main job on the five seeds: what a newcomer's first command must show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from provenance import Corpus
from provenance.cli import main

SEEDS = Path(__file__).parent.parent.parent / "seeds"
HASHES = {
    "000_212fb6524ab4e1ca.txt": "66c3cc145fd49a255eed65ba5fcec89e4722d617db2a134ed71b65404c4715c7",
    "001_e11d9c3c34257d13.txt": "4a09685fac00de3f84b6c584c15b9bc81851a0cb2b31522facae3d74e30be8f0",
    "002_7327437a0773b7fa.txt": "b21d205d4a4b42ab3232bef4f02b7480d6da636eadf2ae1bf1d5247ee7ebcd9b",
    "003_8cb84d787e04d269.txt": "bc4919c2dc4c08f27173d41d23f59a78d9c0e09a794f16409a1a0ba63e0d6b4a",
    "004_bba369f14b84780e.txt": "d60b11aae381d047ef7231227cf87e53e626920eb37e664e3b51282ca81d6875",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus(tmp_path_factory.mktemp("seeds") / "seeds.db") as made:
        made.run([SEEDS])
        yield made


def paths(corpus: Corpus, document: str) -> set[str]:
    held = next(each.id for each in corpus.documents() if each.id.startswith(document))
    return {" <- ".join(hop.name for hop in chain.hops) for chain in corpus.chains(held)}


def test_the_seeds_are_as_they_were_collected() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.glob("*.txt")}
    assert found == HASHES


def test_texts_are_kept_exactly(corpus: Corpus) -> None:
    for article in corpus.documents():
        assert article.text == (SEEDS / article.id).read_bytes().decode("utf-8-sig")
        assert article.published is None


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ("000", ["TASS", "center for reconciliation", "refugees returning home", "U.S. instructors"]),
        ("001", ["SANA", "local sources"]),
        ("002", ["Rossiya-24", "Asaad As-Salem"]),
        ("003", ["The Cradle", "Rudaw", "overseers"]),
        ("004", ["Sputnik", "Pentagon"]),
    ],
)
def test_chains(corpus: Corpus, document: str, wanted: list[str]) -> None:
    found = [path.split(" <- ") for path in paths(corpus, document)]
    assert any(
        len(path) == len(wanted) and all(want in name for want, name in zip(wanted, path, strict=True))
        for path in found
    ), found


def test_the_fourth_article_is_credited_as_a_whole(corpus: Corpus) -> None:
    whole = [chain for chain in corpus.chains() if chain.claim is None and chain.document.startswith("003")]
    assert "The Cradle" in {chain.hops[0].name for chain in whole}


def test_the_pentagon_denies(corpus: Corpus) -> None:
    denied = [chain for chain in corpus.chains() if chain.stance == "deny" and chain.document.startswith("004")]
    assert any([hop.name for hop in chain.hops] == ["Sputnik", "Pentagon"] for chain in denied)


def test_no_passage_is_shared(corpus: Corpus) -> None:
    assert list(corpus.passages(furniture=True)) == []


def test_every_hop_shows_words_of_the_article(corpus: Corpus) -> None:
    texts = {article.id: article.text for article in corpus.documents()}
    for chain in corpus.chains():
        for hop in chain.hops:
            for evidence in hop.evidence:
                if evidence.where == "text":
                    assert texts[evidence.document][evidence.start : evidence.end] == evidence.text
        assert any(hop.evidence for hop in chain.hops)


def test_run_prints_a_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["run", str(SEEDS), "--db", str(tmp_path / "seeds.db")])
    assert result.exit_code == 0, result.output
    for words in (
        "5 articles, none dated",
        "undated",
        "No two of these articles share a passage",
        "TASS ← Russian center for reconciliation",
        "← refugees returning home ← U.S. instructors",
        "SANA ← local sources",
        "Rossiya-24 ← Asaad As-Salem",
        "The Cradle",
        "Sputnik ← Pentagon",
        "denied",
        "Most relied on",
        "Credited but not held",
        "Next",
    ):
        assert words in result.output, words


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    database = str(tmp_path / "seeds.db")
    first = CliRunner().invoke(main, ["run", str(SEEDS), "--db", database, "--json"])
    second = CliRunner().invoke(main, ["run", str(SEEDS), "--db", database, "--json"])
    one, two = json.loads(first.stdout)[0], json.loads(second.stdout)[0]
    assert (one["added"], two["added"], two["unchanged"]) == (5, 0, 5)
    assert {key: one[key] for key in ("attributions", "links", "chains")} == {
        key: two[key] for key in ("attributions", "links", "chains")
    }
