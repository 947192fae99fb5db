"""The steps of the large run, on a few articles."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import million
import pytest
import records
from records import WORD, read_articles
from watched import FailedError

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(5)
    words = ["".join(chance.choices("abdeilmnorstu", k=chance.randint(4, 9))) for _ in range(2000)]
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(30):
            lines = [" ".join(chance.choices(words, k=60)) + "." for _ in range(6)]
            out.write(json.dumps({"id": str(number), "text": "\n".join(lines), "outlet": f"Paper {number}"}) + "\n")
    return path


def options(collection: Path, folder: Path, **changed: Any) -> argparse.Namespace:
    settings = folder.parent / "settings.toml"
    settings.write_text("[engine]\nprocesses = 1\n", encoding="utf-8")
    given: dict[str, Any] = {"articles": 120, "words": "300", "added": 10, "seed": 1, "processes": 1}
    return argparse.Namespace(collection=collection, folder=folder, settings=settings, **(given | changed))


@pytest.fixture(scope="module")
def done(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("million") / "steps"
    return folder, million.measured(options(collection, folder))


def test_cost_and_what_is_found_are_told(done: tuple[Path, dict[str, Any]]) -> None:
    _, figures = done
    full, added = figures["full"], figures["added"]
    assert full["found"]["articles"] == full["found"]["added"] == 120
    assert (added["found"]["added"], added["found"]["articles"]) == (10, 130)
    assert full["words"] == pytest.approx(120 * 310, rel=0.1)
    assert full["cpu_U"] == pytest.approx(full["cpu_seconds"] / full["unit_seconds"], rel=0.5)
    assert full["peak_MB"] >= full["anonymous_MB"] > 0
    assert added["of_cpu"] == pytest.approx(added["cpu_seconds"] / full["cpu_seconds"], rel=0.2)
    assert "reading articles" in full["stages"]
    assert figures["planted"]["passages"]["all"]["planted"] >= 5
    assert figures["planted"]["passages"]["all"]["recall"] == 1
    assert all(row["recall"] == 1 for row in figures["planted_added"]["passages"].values())


def test_steps_done_are_not_done_again(
    collection: Path, done: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, figures = done
    monkeypatch.setattr(million, "run", None)
    assert million.measured(options(collection, folder)) == figures
    with pytest.raises(FileExistsError, match="another call"):
        million.measured(options(collection, folder, articles=121))
    with pytest.raises(FileExistsError, match="other settings"):
        million.measured(argparse.Namespace(**vars(options(collection, folder)) | {"settings": None}))


def test_adding_that_was_stopped_is_not_gone_on_with(
    collection: Path, done: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = done
    benchmark = million.Benchmark(options(collection, folder))

    def stopped(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(million, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        benchmark.add(1.0, 1.0, 1.0)
    with pytest.raises(FailedError, match=r"remove .*full\.json"):
        benchmark.add(1.0, 1.0, 1.0)
    (folder / "adding").unlink()


def test_a_step_taken_anew_takes_back_what_rests_on_it(collection: Path, tmp_path: Path) -> None:
    benchmark = million.Benchmark(options(collection, tmp_path / "steps"))
    for name in million.STEPS[1:]:
        benchmark.step(name, lambda name=name: {"first": name})
    (tmp_path / "steps" / "found.json").unlink()
    assert benchmark.step("full", dict) == {"first": "full"}
    assert benchmark.step("found", lambda: {"second": 1}) == {"second": 1}
    left = {path.stem for path in (tmp_path / "steps").glob("*.json")}
    assert left == {"asked", "made", "full", "found"}


def test_a_sample_tells_how_many_words_there_are(done: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = done
    path = folder / "articles.jsonl"
    words = sum(len(WORD.findall(article["text"])) for article in read_articles(path))
    assert million.Sampled(path, 40).words == pytest.approx(words, rel=0.05)
    assert million.Sampled(path, 40).unit() > 0


def test_the_tables_have_a_row_for_each_run_and_size(
    done: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, figures = done
    for name, file in (("FIGURES", "figures.json"), ("README", "README.md")):
        monkeypatch.setattr(records, name, tmp_path / file)
    (tmp_path / "README.md").write_text(f"{records.BEGIN}\n{records.END}\n", encoding="utf-8")
    million.enter(1_000_000, figures)
    million.enter(120, figures)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert page.index("| 120 | whole |") < page.index("| 1,000,000 | whole |")
    assert page.count("| adding 10 |") == 2 * (1 + len(figures["added"]["stages"]))
    assert "passages, edited: all | " in page
