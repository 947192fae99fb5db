"""The local engine: detection and attribution in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from provenance.model import Article, Attribution
from provenance.reuse import Detection, detect
from provenance.settings import Settings

if TYPE_CHECKING:
    from provenance.attribution import Attributor
    from provenance.reuse.detector import Progress


class LocalEngine:
    """Runs the stages that cost computation on this machine.

    Other engines offer the same two methods, run the same kernels and give the same rows.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def detect(self, articles: Sequence[Article], progress: Progress) -> Detection:
        """The passages that the articles share."""
        return detect(articles, self._settings.reuse, progress)

    def attribute(self, articles: Iterable[Article], attributor: Attributor) -> Iterator[tuple[str, list[Attribution]]]:
        """The attributions of each article, one article at a time, in the order given."""
        for article in articles:
            yield article.id, attributor.attribute(article)
