"""How far reading is, in bytes of files."""

from __future__ import annotations

import gzip
import io
import os
import threading
from pathlib import Path

import pytest

from provenance.ingest import Meter, read
from provenance.settings import IngestSettings


def shares(*paths: Path, stdin: bytes = b"") -> list[float]:
    meter = Meter()
    return [meter.share for _ in read(list(paths), IngestSettings(), stdin=io.BytesIO(stdin), meter=meter)]


def records(count: int) -> bytes:
    return b"".join(b'{"id": "%d", "text": "%s"}\n' % (number, b"a word " * 500) for number in range(count))


def test_a_file_of_records_rises_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(records(100))
    found = shares(tmp_path)
    assert found == sorted(found)
    assert found[9] < 0.3
    assert found[-10] > 0.7
    assert found[-1] == 1.0


def test_packed_files_count_as_they_lie_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(records(50), mtime=0))
    found = shares(tmp_path)
    assert found == sorted(found)
    assert found[-1] == 1.0


def test_files_that_cannot_be_used_count_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (tmp_path / "b.txt").write_text("A text of some words. " * 20)
    found = shares(tmp_path)
    assert len(found) == 2
    assert found[0] < found[1] == 1.0


def test_standard_input_has_no_share() -> None:
    assert shares(Path("-"), stdin=records(3)) == [0.0] * 3


def test_no_file_no_share(tmp_path: Path) -> None:
    assert Meter().share == 0.0
    assert shares(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_beside_a_file_does_not_stop_the_count(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(records(5))
    os.mkfifo(tmp_path / "b.jsonl")

    def fill() -> None:
        (tmp_path / "b.jsonl").write_bytes(records(5).replace(b'"id": "', b'"id": "b'))

    writer = threading.Thread(target=fill)
    writer.start()
    found = shares(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    writer.join()
    assert len(found) == 10
    assert found == sorted(found)
