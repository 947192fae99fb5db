"""The figures, their tables and the plot."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import records
from plot import Axes, log_log

HERE = Path(records.__file__).parent


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, file in (("FIGURES", "figures.json"), ("README", "README.md"), ("PLOT", "scale.svg")):
        monkeypatch.setattr(records, name, tmp_path / file)
    (tmp_path / "README.md").write_text(f"before\n{records.BEGIN}\nold\n{records.END}\nafter\n", encoding="utf-8")
    return tmp_path


def peer(recall: float) -> dict[str, Any]:
    level = {"planted": 4, "recall": recall, "overlap": 0.9}
    return {
        "version": "1.0",
        "cpu_U": 12.5,
        "peak_MB": 300,
        "pairs": 7,
        "precision": 0.75,
        "planted": {"all": level, "0": level, "0.15": level},
    }


def test_what_is_recorded_stands_in_the_tables_and_nothing_else_moves(beside: Path) -> None:
    records.record("A collection", "peers", {"ours": peer(1.0), "theirs": {"failed": "not installable: no wheel"}})
    page = (beside / "README.md").read_text(encoding="utf-8")
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert "| method | CPU in U | peak MB | pairs | precision | at 0% | at 15% | recall | overlap |" in page
    assert "| ours 1.0 | 12.5 | 300 | 7 | 0.75 | 1.0 | 1.0 | 1.0 | 0.9 |" in page
    assert "| theirs | not measured: not installable: no wheel |  |  |  |  |  |  |  |" in page
    records.record("A collection", "peers", {"ours": peer(0.5)})
    assert "theirs" not in (beside / "README.md").read_text(encoding="utf-8")


def test_the_tables_committed_are_those_of_the_figures() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    made = page.partition(records.BEGIN)[2].partition(records.END)[0]
    assert made.strip() == records.tables(records.recorded()).strip()


def test_the_plot_committed_is_that_of_the_figures(beside: Path) -> None:
    kept = json.loads((HERE / "figures.json").read_text(encoding="utf-8"))
    records.redraw(kept[records.SCALE]["scale"])
    assert (beside / "scale.svg").read_text(encoding="utf-8") == (HERE / "scale.svg").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux hands the mark down")
def test_memory_is_not_that_of_the_process_that_started_it() -> None:
    block = bytearray(300_000_000)
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import records; print(records.peak_megabytes())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 200 < records.peak_megabytes()
    assert len(block) == 300_000_000


def test_points_stand_where_their_logarithms_do() -> None:
    axes = Axes.around([(1_000, 2.0), (30_000, 700.0)])
    assert (axes.x_from, axes.x_to, axes.y_from, axes.y_to) == (3, 5, 0, 3)
    assert axes.x(10_000) == pytest.approx((axes.x(1_000) + axes.x(100_000)) / 2, abs=0.1)
    assert axes.y(1.0) > axes.y(10.0) > axes.y(1000.0)


def test_the_plot_is_well_formed_and_names_its_lines() -> None:
    drawn = log_log("A & B", "articles", "U", {"run": [(10, 1), (100, 9)], "<add>": [(10, 0.1)]}, [(10, 1), (100, 10)])
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A & B", "articles", "U", "run", "<add>", "0.1", "100"} <= set(texts)
    assert "prefers-color-scheme: dark" in drawn
