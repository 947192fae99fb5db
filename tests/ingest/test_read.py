from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.errors import BinaryInputError, InputError, MalformedError
from provenance.ingest import read
from provenance.model import Article
from provenance.settings import IngestSettings

SETTINGS = IngestSettings()
SEEDS = Path(__file__).parents[2] / "seeds"


def test_the_seeds_are_read_exactly_and_in_order() -> None:
    found = list(read([SEEDS], SETTINGS))
    files = sorted(SEEDS.glob("*.txt"))
    assert [item.id for item in found if isinstance(item, Article)] == [path.name for path in files]
    for item, path in zip(found, files, strict=True):
        assert isinstance(item, Article)
        assert item.text.encode() == path.read_bytes()
        assert item.published is None


def test_the_order_of_the_paths_changes_nothing(tmp_path: Path) -> None:
    for name in ("one/a.txt", "two/a.txt", "two/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Text of {name}.")
    paths = [tmp_path / "one", str(tmp_path / "two"), tmp_path / "two" / "b.txt"]
    assert list(read(paths, SETTINGS)) == list(read(paths[::-1], SETTINGS))


def test_errors_are_given_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "b.txt").write_text("Text.")
    error, article = read([tmp_path], SETTINGS)
    assert isinstance(error, BinaryInputError)
    assert error.__traceback__ is None
    assert isinstance(article, Article)


def test_an_id_again_is_the_same_or_an_error_with_its_line(tmp_path: Path) -> None:
    records = [("a", "one"), ("b", "two"), ("a", "one"), ("b", "other"), ("c", "three")]
    lines = "\n".join(json.dumps({"id": identity, "text": text}) for identity, text in records)
    (tmp_path / "f.jsonl").write_text(lines)
    found = list(read([tmp_path], SETTINGS))
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "b", "c"]
    (error,) = (item for item in found if isinstance(item, InputError))
    assert isinstance(error, MalformedError)
    assert error.where.endswith("f.jsonl, line 4")
    assert "'b'" in str(error)


def test_standard_input_comes_last(tmp_path: Path) -> None:
    (tmp_path / "z.txt").write_text("Text.")
    found = list(read(["-", tmp_path], SETTINGS, stdin=io.BytesIO(b"From a pipe.")))
    assert [item.id for item in found if isinstance(item, Article)] == ["z.txt", "stdin"]


def test_empty_standard_input_is_an_error() -> None:
    (error,) = read(["-"], SETTINGS, stdin=io.BytesIO(b""))
    assert isinstance(error, InputError)
    assert error.where == "stdin"


def test_it_is_a_generator_that_reads_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("First.")
    (tmp_path / "b.txt").write_text("Second.")
    items = read([tmp_path], SETTINGS)
    next(items)
    (tmp_path / "b.txt").write_text("Second, changed.")
    second = next(items)
    assert isinstance(second, Article)
    assert second.text == "Second, changed."


def test_settings_reach_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 11)
    (found,) = read([tmp_path], dataclasses.replace(SETTINGS, maximum_file_bytes=10))
    assert isinstance(found, InputError)


@pytest.mark.parametrize("module", ["trafilatura", "dateparser", "charset_normalizer", "lxml", "py3langid"])
def test_heavy_libraries_are_loaded_only_where_needed(module: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id":1,"text":"x","published":"2024-05-03"}')
    program = (
        "import sys; from provenance.ingest import read; from provenance.settings import IngestSettings;"
        f"list(read([{str(tmp_path)!r}], IngestSettings())); sys.exit({module!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
