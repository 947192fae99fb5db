"""Settings files: what they may say, and what is refused with file, table and remedy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from provenance.errors import SettingsError
from provenance.settings import ReuseSettings, Settings


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_an_empty_file_keeps_every_default(tmp_path: Path) -> None:
    assert Settings.from_toml(written(tmp_path, "")) == Settings()
    assert Settings.from_toml(written(tmp_path, "[reuse]\n# nothing\n")) == Settings()


def test_what_a_file_names_is_changed_and_nothing_else(tmp_path: Path) -> None:
    found = Settings.from_toml(
        written(tmp_path, "[reuse]\nshingle_words = 4\nunmatched_cost = 1\n\n[store]\nbusy_seconds = 2.5\n")
    )
    assert found.reuse == dataclasses.replace(ReuseSettings(), shingle_words=4, unmatched_cost=1.0)
    assert type(found.reuse.unmatched_cost) is float
    assert found.store.busy_seconds == 2.5
    assert (found.ingest, found.chains) == (Settings().ingest, Settings().chains)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[reuse]\nshingle_word = 5\n", "no setting is named 'shingle_word'"),
        ("[resue]\nshingle_words = 5\n", "no table of settings is named 'resue'"),
        ("shingle_words = 5\n", "no table of settings is named 'shingle_words'"),
        ("reuse = 5\n", "no table of settings is named 'reuse'"),
        ('[reuse]\nshingle_words = "5"\n', "shingle_words = '5' is no int"),
        ("[reuse]\nshingle_words = 5.0\n", "shingle_words = 5.0 is no int"),
        ("[reuse]\nshingle_words = true\n", "shingle_words = True is no int"),
        ("[reuse]\nunmatched_cost = true\n", "unmatched_cost = True is no float"),
        ("[reuse]\nunmatched_cost = [0.5]\n", "unmatched_cost = [0.5] is no float"),
        ("[reuse]\nminimum_words = -1\n", "minimum_words = -1 is negative"),
        ("[reuse]\nunmatched_cost = -0.5\n", "unmatched_cost = -0.5 is negative"),
        ("[reuse]\nunmatched_cost = nan\n", "unmatched_cost = nan is no number"),
        ("[reuse]\ndrop_limit = inf\n", "drop_limit = inf is no number"),
        (f"[reuse]\ndrop_limit = 1{'0' * 400}\n", "is beyond 64 bits"),
        ("[reuse]\nshingle_words = 0\n", "shingle_words = 0 is not positive"),
        ("[reuse]\nfamily_sample = 0\n", "family_sample = 0 is not positive"),
        ("[reuse]\nwinnowing_window = 6\n", "winnowing_window = 6 is more than shingle_words = 5"),
        ("[reuse]\nfamily_band_rows = 65\n", "family_band_rows = 65 is more than family_permutations = 64"),
        ("[reuse\n", "not TOML"),
        ("[reuse]\nshingle_words = 5\nshingle_words = 6\n", "not TOML"),
        (b"\xff\xfe[reuse]", "not TOML"),
        (b"[reuse]\x00", "not TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        Settings.from_toml(path)
    assert says in str(caught.value)
    assert str(path) in caught.value.where
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_a_wrong_name_gets_the_right_ones_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"one of: .*shingle_words"):
        Settings.from_toml(written(tmp_path, "[reuse]\nshingle = 5\n"))
    groups = "attribution, chains, engine, fetch, ingest, pages, reuse, spark, store, watch, web"
    with pytest.raises(SettingsError, match=f"one of: {groups}"):
        Settings.from_toml(written(tmp_path, "[link]\n"))


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_toml(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)
    assert caught.value.what
    assert caught.value.what != "None"


def test_impossible_values_are_refused_in_programs_too() -> None:
    with pytest.raises(SettingsError, match="shingle_words = 0 is not positive"):
        ReuseSettings(shingle_words=0)


def test_every_default_can_be_written_in_a_file(tmp_path: Path) -> None:
    defaults = Settings()
    lines = []
    for group in dataclasses.fields(Settings):
        lines.append(f"[{group.name}]")
        for entry in dataclasses.fields(getattr(defaults, group.name)):
            value = getattr(getattr(defaults, group.name), entry.name)
            assert type(value) in {int, float, str, bool}, f"{group.name}.{entry.name} cannot be written in TOML"
            lines.append(f"{entry.name} = {str(value).lower() if isinstance(value, bool) else repr(value)}")
    assert Settings.from_toml(written(tmp_path, "\n".join(lines))) == defaults


def test_settings_are_frozen_and_compare_by_value() -> None:
    assert Settings() == Settings()
    assert repr(Settings().reuse) == repr(ReuseSettings()), "signatures of stages are made of it"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().reuse.shingle_words = 3  # type: ignore[misc]
