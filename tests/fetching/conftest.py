from __future__ import annotations

from typing import Any

import pytest

from provenance.fetching.client import Fetcher
from provenance.settings import FetchSettings


@pytest.fixture
def local() -> FetchSettings:
    return FetchSettings(allow_private=True, any_port=True)


@pytest.fixture
def fetcher(local: FetchSettings, fake_clock: Any) -> Fetcher:
    return Fetcher(local, clock=fake_clock, sleep=fake_clock.sleep, now=lambda: 1_700_000_000.0)
