"""Fuzzing: random cases by the hundred thousand against every reader, the views of a text and whole runs.

    python benchmarks/fuzz.py mutate html --cases 50000 --keep found
    python benchmarks/fuzz.py mutate all --seconds 20
    python benchmarks/fuzz.py atheris html --cases 200000 --keep found
    python benchmarks/fuzz.py sweep

`mutate` changes its seeds at random and needs nothing but Python; the same seed number gives the same cases. `atheris`
is guided by the coverage of our own code (`pip install atheris`, Linux and macOS). Both end with a JSON line that has
the number of cases; each finding is a file in the folder that `--keep` names, and a line with its exception. `sweep`
reads hostile texts of a size and of four times that size and says by how much the work grew, in CPU time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from fuzz_seeds import seeds, words
from fuzz_targets import TARGETS

LONGEST = 20_000
"""Bytes of a case at most; more only takes longer."""
PATIENCE = 10.0
"""Seconds of CPU time after which a case of that size hangs."""


class HangError(Exception):
    """A case that takes longer than any should."""


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise HangError(f"more than {PATIENCE:g} s for one case")


def mutated(pool: list[bytes], pieces: list[bytes], chance: random.Random) -> bytes:
    """A case made of one in the pool by one to eight random changes."""
    data = bytearray(chance.choice(pool)[:LONGEST])
    for _ in range(1 << chance.randrange(4)):
        _change(data, pool, pieces, chance)
    return bytes(data[:LONGEST])


def _change(data: bytearray, pool: list[bytes], pieces: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    length = min(1 << chance.randrange(10), len(data) - at)
    kind = chance.randrange(9)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = chance.randrange(256)
    elif kind == 2:
        del data[at : at + length]
    elif kind == 3:
        data[at:at] = data[at : at + length]
    elif kind == 4:
        data[at:at] = chance.choice(pieces) * (1 << chance.randrange(10) if chance.randrange(8) == 0 else 1)
    elif kind == 5:
        other = chance.choice(pool)
        begin = chance.randrange(len(other) + 1)
        data[at : at + length] = other[begin : begin + length]
    elif kind == 6:
        piece = chance.choice(pieces)
        data[at : at + len(piece)] = piece
    elif kind == 7:
        data[at:at] = chance.randbytes(chance.randrange(1, 9))
    else:
        data[at : at + length] = data[at : at + length][::-1]


class Findings:
    """Cases that were findings, one for each place in the code where it came out."""

    def __init__(self, target: str, keep: Path | None) -> None:
        self.target, self.keep = target, keep
        self.places: dict[str, int] = {}

    def add(self, data: bytes, error: BaseException) -> None:
        """Note one, and keep the first of its place."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "provenance" in frame.filename or "fuzz" in frame.filename] or frames
        place = f"{type(error).__name__} {Path(own[-1].filename).name}:{own[-1].lineno} {str(error)[:100]!a}"
        key = place.rpartition(" ")[0] if isinstance(error, HangError) else f"{type(error).__name__} {own[-1].lineno}"
        self.places[key] = self.places.get(key, 0) + 1
        if self.places[key] == 1:
            print(f"{self.target}: {place}", file=sys.stderr, flush=True)
            if self.keep is not None:
                self.keep.mkdir(parents=True, exist_ok=True)
                name = f"{self.target}-{hashlib.sha256(data).hexdigest()[:12]}"
                (self.keep / name).write_bytes(data)


def tried(target: str, data: bytes, findings: Findings) -> None:
    """One case; a case that uses up its time is a finding too."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        TARGETS[target](data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        findings.add(data, error)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def mutate(target: str, cases: int, seconds: float, seed: int, keep: Path | None) -> dict[str, Any]:
    """Random changes of the seeds, so many or for so long."""
    chance = random.Random(f"{target} {seed}")
    pool, pieces = seeds(target), words()
    findings = Findings(target, keep)
    began, number = time.process_time(), 0
    for case in pool:
        tried(target, case, findings)
    while number < cases and time.process_time() - began < seconds:
        tried(target, mutated(pool, pieces, chance), findings)
        number += 1
    took = round(time.process_time() - began, 1)
    return {"target": target, "how": "mutate", "cases": number, "seconds": took, "findings": findings.places}


def guided(target: str, cases: int, seconds: float, keep: Path | None) -> None:
    """Cases guided by coverage; the process ends with them."""
    try:
        import atheris  # noqa: PLC0415 - no dependency of the package or its tests
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    import tempfile  # noqa: PLC0415

    findings = Findings(target, keep)
    count, began = 0, time.process_time()

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        tried(target, data, findings)
        took = time.process_time() - began
        if count == cases or took > seconds:
            row = {"target": target, "how": "atheris", "cases": count, "seconds": round(took, 1)}
            _say({**row, "findings": findings.places})
            os._exit(0)  # libFuzzer would go on

    for name in [name for name in sys.modules if name.startswith("provenance")]:
        del sys.modules[name]  # those imported before are not measured
    with atheris.instrument_imports(include=["provenance"]):
        import importlib  # noqa: PLC0415

        for name in ("ingest.files", "ingest.html", "ingest.records", "ingest.credits", "text.quotations"):
            importlib.import_module(f"provenance.{name}")
        importlib.reload(sys.modules["fuzz_targets"])
    TARGETS.update(sys.modules["fuzz_targets"].TARGETS)
    corpus = Path(tempfile.mkdtemp(prefix="fuzz"))
    for number, case in enumerate(seeds(target)):
        (corpus / str(number)).write_bytes(case)
    listed = corpus / "words"
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in words())
    listed.write_text("\n".join(f'"{word}"' for word in quoted))
    options = ["-runs=-1", f"-max_len={LONGEST}", f"-dict={listed}", "-timeout=60", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], *options, "-verbosity=0", "-print_final_stats=1", str(corpus)], one)
    atheris.Fuzz()


def _say(row: dict[str, Any]) -> None:
    print(json.dumps(row), flush=True)


HOSTILE: dict[str, Callable[[int], str]] = {
    "one word": lambda size: "x" * size,
    "words of one letter": lambda size: "a " * (size // 2),
    "one word repeated": lambda size: "harbour " * (size // 8),
    "numbered words": lambda size: " ".join(f"w{number}" for number in range(size // 8)),
    "empty lines": lambda size: "\n" * (size - 1) + "x",
    "said": lambda size: "said " * (size // 5),
    "quotes opened": lambda size: "“a " * (size // 3),
    "quotes unbalanced": lambda size: "\" ' ” ’ «" * (size // 9),
    "quotes nested": lambda size: "“‘" * (size // 4) + "a" + "’”" * (size // 4),
    "brackets": lambda size: "([{" * (size // 3),
    "commas": lambda size: ", " * (size // 2),
    "stops": lambda size: "A. b? " * (size // 6),
    "variation selectors": lambda size: "Port." + "\ufe01\U000e0142" * (size // 2),
    "zero width": lambda size: "a\u200b\u200d\u2060" * (size // 4),
    "bidi": lambda size: "\u202ea\u2066b\u2069" * (size // 5),
    "combining": lambda size: "a" + "\u0301" * size,
    "Chinese": lambda size: "港口关闭据新华社报道，" * (size // 11),
    "emoji": lambda size: "👩\u200d👩\u200d👧🇩🇪" * (size // 7),
    "citing": lambda size: "according to Reuters, citing AP, which quoted TASS as saying, " * (size // 62),
    "names": lambda size: "Ann Cole, the chairman of the Guild of " * (size // 39),
    "credits": lambda size: "Via Reuters\n\n" * (size // 13),
    "digits": lambda size: "9" * size,
    "amounts": lambda size: "1,000,000.5 million euros " * (size // 26),
    "periodic": lambda size: " ".join(f"p{number % 97}" for number in range(size // 4)),
    "sentences": lambda size: "".join(f"Ship {number} sank, Ann Cole said. " for number in range(size // 32)),
}
"""Hostile texts of about a size."""


def sweep(size: int) -> Iterator[dict[str, Any]]:
    """Each hostile text read, seen and run over, at a size and at four times that size."""
    from fuzz_targets import whole_run  # noqa: PLC0415

    from provenance.model import Article  # noqa: PLC0415

    def run(text: str) -> None:
        whole_run([Article("a", text), Article("b", "Before. " + text), Article("c", text[len(text) // 3 :])])

    run("A harbour was closed, Ann Cole said.")
    for name, made in HOSTILE.items():
        took = []
        for each in (size, 4 * size):
            began = time.process_time()
            run(made(each))
            took.append(time.process_time() - began)
        yield {
            "text": name,
            "size": size,
            "seconds": [round(each, 2) for each in took],
            "growth": round(took[1] / took[0], 1),
        }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Fuzz the readers, the views of a text and whole runs.")
    parser.add_argument("how", choices=["mutate", "atheris", "sweep", "replay"])
    parser.add_argument("target", nargs="?", default="all", help=f"all, or one of {', '.join(TARGETS)}")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="CPU seconds a target at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=100_000, help="characters of the smaller text of a sweep")
    parser.add_argument("--keep", type=Path, help="a folder for what is found; for replay, the one to read")
    given = parser.parse_args()
    warnings.simplefilter("error")
    signal.signal(signal.SIGVTALRM, _hang)
    chosen = list(TARGETS) if given.target == "all" else [given.target]
    if given.how == "sweep":
        for row in sweep(given.size):
            _say(row)
    elif given.how == "atheris":
        guided(chosen[0], given.cases, given.seconds, given.keep)
    elif given.how == "replay":
        for path in sorted(given.keep.iterdir()) if given.keep else ():
            tried(path.name.rpartition("-")[0], path.read_bytes(), Findings(path.name, None))
    else:
        for target in chosen:
            _say(mutate(target, given.cases, given.seconds, given.seed, given.keep))


if __name__ == "__main__":
    main()
