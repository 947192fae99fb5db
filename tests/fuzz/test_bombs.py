"""Small files that would fill the memory, or take hours, are read within bounds.

They are read in a process of its own that may have little memory and little processor time: what grows with more than
the size of its input passes both by far.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MEMORY = 1500 * 1024 * 1024
SECONDS = 60
"""Of processor time; each file takes less than two."""

READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from provenance.errors import InputError
from provenance.ingest import read
from provenance.settings import IngestSettings
for item in read([sys.argv[3]], IngestSettings()):
    print(type(item).__name__, ascii(str(item) if isinstance(item, InputError) else item.text[:80]))
"""
FINE = json.dumps({"id": "fine", "text": "Nothing is wrong with this one."}).encode()
TEXT = b"the text of the page"


def _line(value: bytes) -> bytes:
    return b'{"id": "a", "text": "x", "more": ' + value + b"}\n" + FINE


BOMBS: dict[str, tuple[str, Callable[[], bytes], list[str]]] = {
    "a gzip bomb of one line": (
        "a.jsonl.gz",
        lambda: gzip.compress(b" " * 300_000_000, 1, mtime=0),
        ["TooLargeError"],
    ),
    "a gzip bomb of one text": ("a.txt.gz", lambda: gzip.compress(b"a" * 300_000_000, 1, mtime=0), ["TooLargeError"]),
    "a gzip bomb of an archive": (
        "a.warc.gz",
        lambda: gzip.compress(
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\n" + b"\n" * 200_000_000, 1, mtime=0
        ),
        ["MalformedError"],
    ),
    "a line of 100 MB": (
        "a.jsonl",
        lambda: b'{"id": "a", "text": "' + b"x" * 100_000_000 + b'"}\n' + FINE,
        ["TooLargeError", "Article"],
    ),
    "a field of 30 MB": ("a.csv", lambda: b'id,text\na,"' + b"x\n" * 15_000_000, ["TooLargeError"]),
    "deep JSON": ("a.jsonl", lambda: _line(b"[" * 200_000 + b"]" * 200_000), ["MalformedError", "Article"]),
    "deep objects": ("a.jsonl", lambda: _line(b'{"a":' * 200_000), ["MalformedError", "Article"]),
    "a number of 100,000 digits": ("a.jsonl", lambda: _line(b"9" * 100_000), ["MalformedError", "Article"]),
    "50,000 levels of a page": (
        "a.html",
        lambda: b"<html><body>" + b"<div>" * 50_000 + TEXT + b"</div>" * 50_000,
        ["Article"],
    ),
    "50,000 levels of unknown tags": ("a.html", lambda: b"<html><body>" + b"<x-y>" * 50_000 + TEXT, ["MalformedError"]),
    "300,000 attributes": (
        "a.html",
        lambda: b"<html><body><p " + b" ".join(b"a%d=b" % number for number in range(300_000)) + b">" + TEXT,
        ["Article"],
    ),
    "300,000 attributes in a feed": (
        "a.xml",
        lambda: b"<rss " + b" ".join(b"a%d='b'" % number for number in range(300_000)) + b"><channel/></rss>",
        ["EmptyInputError"],
    ),
    "entities within entities": (
        "b.xml",
        lambda: (
            b"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9))
            + b"]><rss version='2.0'><channel><item><title>x</title><description>&j;</description></item>"
            + b"</channel></rss>"
        ),
        ["EmptyInputError"],
    ),
    "deep JSON-LD": (
        "a.html",
        lambda: b'<html><script type="application/ld+json">' + b'{"@graph":[' * 100_000 + b"</script><body>" + TEXT,
        ["Article"],
    ),
    "a million empty lines": ("a.txt", lambda: b"\n" * 1_000_000 + TEXT, ["Article"]),
    "a million records that are none": ("a.jsonl", lambda: b"x\n" * 1_000_000, ["TooLargeError"]),
}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_within_bounds(tmp_path: Path, name: str) -> None:
    file, made, last = BOMBS[name]
    path = tmp_path / file
    path.write_bytes(made())
    done = subprocess.run(
        [sys.executable, "-c", READ, str(MEMORY), str(SECONDS), str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [line.partition(" ")[0] for line in done.stdout.splitlines()]
    assert found[-len(last) :] == last, done.stdout[-2000:]
    assert len(found) <= 1002
