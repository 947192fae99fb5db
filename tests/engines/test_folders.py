from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from provenance.engines.folders import PREFIX, no_room, out_of_space, working_folder
from provenance.errors import StoreError

ROOT = str(Path(__file__).parents[2])


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_at_the_end_and_after_an_error(temporary: Path) -> None:
    with working_folder() as folder:
        (folder / "file").write_text("x")
        assert folder.parent == temporary
    assert list(temporary.iterdir()) == []
    with pytest.raises(ZeroDivisionError), working_folder():
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_what_a_killed_process_left_is_removed_and_nothing_else(temporary: Path) -> None:
    program = """
import os
from provenance.engines.folders import working_folder
with working_folder() as folder:
    (folder / "large").write_text("x")
    os._exit(9)
"""
    environment = {**os.environ, "PYTHONPATH": ROOT, "TMPDIR": str(temporary)}
    (temporary / f"{PREFIX}other").mkdir()
    with working_folder() as held:
        done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
        assert done.returncode == 9
        assert len(list(temporary.iterdir())) == 3
        with working_folder():
            assert len(list(temporary.iterdir())) == 3
        assert held.exists()
    # without a lock it is not known to be ours
    assert [path.name for path in temporary.iterdir()] == [f"{PREFIX}other"]


def test_no_room_is_named(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(StoreError) as raised, working_folder():
        pass
    assert raised.value.where == str(temporary)
    assert "TMPDIR" in raised.value.remedy
    assert raised.value.exit_code == 4


def test_what_counts_as_no_room() -> None:
    assert out_of_space(OSError(errno.EFBIG, "File too large"))
    # as NumPy says it
    assert out_of_space(OSError("1000 requested and 24 written"))
    assert not out_of_space(OSError(errno.EACCES, "Permission denied"))
    assert "1000 requested" in str(no_room(OSError("1000 requested and 24 written"), "x"))
