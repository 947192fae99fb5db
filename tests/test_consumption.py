"""Processor time and memory of this process and of those it started."""

from __future__ import annotations

import subprocess
import sys

import pytest

from provenance.consumption import Bytes, cpu_seconds, peak


def test_an_amount_of_memory_is_a_number_and_reads_as_one() -> None:
    assert Bytes(3 << 30) == 3 << 30
    assert f"{Bytes(3 << 30)}" == str(Bytes(3 << 30)) == "3,072 MiB"


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell of other processes")
def test_other_processes_count_when_they_have_ended() -> None:
    before = cpu_seconds()
    work = "import time\nheld = bytearray(300 << 20)\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", work], check=True)
    assert cpu_seconds() - before >= 0.3
    children = peak().children
    assert children is not None
    assert children > 300 << 20


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell")
def test_memory_is_told_in_bytes() -> None:
    held = bytearray(64 << 20)
    own = peak().own
    assert own is not None
    assert len(held) < own < 1 << 40
