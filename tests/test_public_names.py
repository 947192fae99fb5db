"""What the package offers: every public name can be had, is documented, and nothing else is promised."""

from __future__ import annotations

import subprocess
import sys

import pytest

import provenance


@pytest.mark.parametrize("name", [name for name in provenance.__all__ if not name.startswith("__")])
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(provenance, name).__doc__


def test_all_and_homes_agree() -> None:
    assert sorted(provenance.__all__) == sorted([*provenance._HOMES, "__version__"])
    assert dir(provenance) == sorted(provenance.__all__)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = provenance.nonsense


def test_importing_the_package_is_cheap() -> None:
    code = "import provenance, sys; print('numpy' in sys.modules, 'click' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
