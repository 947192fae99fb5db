"""One process that reads attributions for another: articles come on standard input, attributions go to standard output.

Messages are JSON behind their length in eight bytes. The first says with which settings and outlets to read; each
further one is a list of articles, answered by a list of their attributions. The end of the input ends the process.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import struct
import sys
from collections.abc import Mapping
from typing import IO, Any, Final

from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.outlets import Outlet
from provenance.engines.packing import pack_attributions, unpack_article
from provenance.settings import AttributionSettings

_LENGTH: Final = struct.Struct("!Q")


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message.

    Raises:
        OSError: nobody reads any more.
    """
    # a lone surrogate in a text is kept, as everywhere
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; None where the stream ends before it does."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(head)[0]
    data = stream.read(length)
    return json.loads(data.decode("utf-8", "surrogatepass")) if len(data) == length else None


def task_of(attributor: Attributor) -> dict[str, Any]:
    """The first message, from which `attributor_of` makes an attributor that reads alike."""
    outlets = [
        [one.name, one.kind, list(one.aliases), one.domain, one.country, sorted(one.ambiguous), list(one.hosts)]
        for one in attributor.gazetteer.outlets
    ]
    return {"settings": dataclasses.asdict(attributor.settings), "outlets": outlets}


def attributor_of(task: Mapping[str, Any]) -> Attributor:
    """The attributor that `task_of` was given."""
    outlets = [
        Outlet(name, kind, tuple(aliases), domain, country, frozenset(ambiguous), hosts=tuple(hosts))
        for name, kind, aliases, domain, country, ambiguous, hosts in task["outlets"]
    ]
    return Attributor(AttributionSettings(**task["settings"]), Gazetteer(outlets))


def main() -> None:
    """Answer until the input ends."""
    given = sys.stdin.buffer
    # whatever else writes to standard output goes to the errors, not among the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task = receive(given)
    if task is None:
        return
    attributor = attributor_of(task)
    # reading an article leaves no cycles behind that grow; looked for once a message, they cost next to nothing
    gc.disable()
    gc.freeze()
    while (packed := receive(given)) is not None:
        articles = map(unpack_article, packed)
        send(answers, [pack_attributions(attributor.attribute(article), article.text) for article in articles])
        gc.collect()
