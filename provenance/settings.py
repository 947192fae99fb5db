"""Every threshold, named and explained. No number that decides anything stands elsewhere in the package.

A settings file is TOML with one table a stage:

    [reuse]
    shingle_words = 5

    [attribution]
    minimum_confidence = 0.3

`Settings.from_toml` refuses names it does not know and values of another type.
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance.errors import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib


def setting(default: Any, reason: str) -> Any:
    """A field with its reason, which the documentation prints."""
    return field(default=default, metadata={"reason": reason})


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Reading files, pages and records."""

    maximum_file_bytes: int = setting(
        64 * 1024 * 1024,
        "A text, Markdown or HTML file beyond this is no article; it is refused before it is read.",
    )


@dataclass(frozen=True, slots=True)
class ReuseSettings:
    """Finding the passages that articles share."""

    shingle_words: int = setting(
        5,
        "Words in a fingerprinted shingle. Five found .996 of planted passages at precision .99; three floods "
        "candidates with stock phrases.",
    )


@dataclass(frozen=True, slots=True)
class AttributionSettings:
    """Reading who is said to say what."""


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """Inferring who had a text from whom."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The SQLite database."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one group a stage."""

    ingest: IngestSettings = field(default_factory=IngestSettings)
    reuse: ReuseSettings = field(default_factory=ReuseSettings)
    attribution: AttributionSettings = field(default_factory=AttributionSettings)
    chains: ChainSettings = field(default_factory=ChainSettings)
    store: StoreSettings = field(default_factory=StoreSettings)

    @classmethod
    def from_toml(cls, path: Path) -> Settings:
        """Read a settings file; what it does not name keeps its default.

        Raises:
            SettingsError: the file cannot be read, is not TOML, or names an unknown setting or a value of another type.
        """
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(str(error.strerror), where=str(path), remedy="name a readable TOML file") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"not TOML: {error}", where=str(path), remedy="see the settings page") from error
        groups = {group.name: group for group in dataclasses.fields(cls)}
        chosen: dict[str, Any] = {}
        for name, table in tables.items():
            if name not in groups or not isinstance(table, dict):
                known = ", ".join(sorted(groups))
                what = f"no table of settings is named {name!r}"
                raise SettingsError(what, where=str(path), remedy=f"one of: {known}")
            chosen[name] = _group(cls, name, table, path)
        return cls(**chosen)


def _group(settings: type[Settings], name: str, table: dict[str, Any], path: Path) -> Any:
    default = getattr(settings(), name)
    known = {entry.name: getattr(default, entry.name) for entry in dataclasses.fields(default)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}, [{name}]"
        if key not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"no setting is named {key!r}", where=where, remedy=f"one of: {names}")
        wanted = type(known[key])
        if wanted is float and type(value) is int:
            value = float(value)  # noqa: PLW2901 - TOML may write 1 where it means 1.0
        if type(value) is not wanted:
            what = f"{key} = {value!r} is no {wanted.__name__}"
            raise SettingsError(what, where=where, remedy=f"such as {known[key]!r}")
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0 and known[key] >= 0:
            raise SettingsError(f"{key} = {value!r} is negative", where=where, remedy=f"such as {known[key]!r}")
        values[key] = value
    return dataclasses.replace(default, **values)
