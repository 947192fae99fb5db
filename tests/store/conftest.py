from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance.settings import StoreSettings
from provenance.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "collection.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, StoreSettings()) as opened:
        yield opened
