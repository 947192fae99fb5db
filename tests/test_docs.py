"""The documentation is generated from the program, and says everything there is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from cogapp import Cog

from provenance.cli import main
from provenance.settings import Settings

ROOT = Path(__file__).parent.parent
GENERATED = ["README.md", "docs/benchmarks.md", "docs/commands.md", "docs/settings.md"]


@pytest.mark.parametrize("page", GENERATED)
def test_generated_parts_are_up_to_date(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = Cog().main(["cog", "--check", page])
    assert status == 0, f"{page} is out of date: run `python -m cogapp -r {page}`\n{capsys.readouterr().out}"


@pytest.mark.parametrize("command", list(main.commands))
def test_every_command_is_documented_with_an_example(command: str) -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert f"## {command}\n" in page
    section = page.split(f"## {command}\n", 1)[1].split("\n## ", 1)[0]
    assert f"provenance {command}" in section.split("Examples:", 1)[1]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for group in dataclasses.fields(Settings):
        for setting in dataclasses.fields(getattr(Settings(), group.name)):
            assert f"| `{setting.name}` |" in page
