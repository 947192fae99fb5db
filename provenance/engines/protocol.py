"""What an engine is: where the stages run that cost computation."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from provenance.attribution import Attributor
    from provenance.model import Article, Attribution, Earlier
    from provenance.reuse import Detection
    from provenance.reuse.detector import Progress


class Engine(Protocol):
    """Runs the stages that cost computation; all engines run the same kernels and give the same rows."""

    def detect(
        self, articles: Sequence[Article], progress: Progress, earlier: Earlier | None = None
    ) -> AbstractContextManager[Detection]:
        """The passages that articles share, going on from an earlier detection where there is one."""

    def attribute(
        self, articles: Iterable[Article], attributor: Attributor
    ) -> Generator[tuple[str, list[Attribution]], None, None]:
        """The attributions of each article, in the order given; close the iterator, or go through it."""
