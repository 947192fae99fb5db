"""What is fuzzed stands with the benchmarks; the tests run a little of it, and again what it found."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
