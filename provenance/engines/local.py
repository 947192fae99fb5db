"""The local engine: detection and attribution in this process."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from provenance.model import Article, Attribution, Earlier
from provenance.reuse import Detection, detect
from provenance.reuse.alignment import Align, align_all
from provenance.settings import Settings
from provenance.text.spill import Spill

if TYPE_CHECKING:
    from provenance.attribution import Attributor
    from provenance.reuse.detector import Progress

_log = logging.getLogger(__name__)


class LocalEngine:
    """Runs the stages that cost computation on this machine.

    An `engines.protocol.Engine`; other engines run the same kernels and give the same rows.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @contextmanager
    def detect(
        self, articles: Sequence[Article], progress: Progress, earlier: Earlier | None = None
    ) -> Iterator[Detection]:
        """The passages that the articles share, going on from an earlier detection where there is one.

        A context manager: what is found may rest on temporary files that go at its end.
        """
        from provenance.engines.aligning import align_spread  # noqa: PLC0415 - nothing is imported before it is used
        from provenance.engines.folders import working_folder  # noqa: PLC0415
        from provenance.engines.processes import can_start  # noqa: PLC0415

        engine = self._settings.engine
        count = engine.processes or _cores()
        how = "all with each other" if earlier is None else "the changed ones with all"
        message = "comparing %(articles)d articles, %(how)s; %(processes)d processes may be used"
        fields = {"articles": len(articles), "how": how, "processes": count}
        _log.info(message, fields, extra={"event": "detection"})
        with ExitStack() as stack:
            spill = Spill(engine.memory_megabytes << 20, lambda: stack.enter_context(working_folder()))
            align: Align = align_all
            if count > 1 and can_start():
                least = engine.spread_candidates
                align = partial(align_spread, processes=count, least=least, file_of=spill.file_of)
            yield detect(articles, self._settings.reuse, progress, earlier, align, spill)

    def attribute(
        self, articles: Iterable[Article], attributor: Attributor
    ) -> Generator[tuple[str, list[Attribution]], None, None]:
        """The attributions of each article, one article at a time, in the order given.

        Many articles are spread over `EngineSettings.processes` processes, this one included, with the same rows.
        Close the iterator, or go through it, and the others end.

        Raises:
            ProvenanceError: one of the processes ended before it answered.
        """
        from provenance.attribution import Attributor as Known  # noqa: PLC0415 - nothing is imported before it is used
        from provenance.engines.processes import Processes, can_start  # noqa: PLC0415

        settings = self._settings.engine
        count = settings.processes or _cores()
        given = iter(articles)
        if count > 1 and can_start() and type(attributor) is Known:
            first = list(islice(given, settings.spread_articles))
            given = chain(first, given)
            if len(first) == settings.spread_articles:
                message = "attributions are read by %(processes)d processes"
                _log.info(message, {"processes": count}, extra={"event": "attribution-spread"})
                with Processes(count - 1, attributor) as processes:
                    yield from processes.read(given, settings.articles_at_once)
                return
        for article in given:
            yield article.id, attributor.attribute(article)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
