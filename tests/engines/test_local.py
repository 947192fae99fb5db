"""The local engine gives what the stages give."""

from __future__ import annotations

from provenance.attribution import Attributor
from provenance.engines.local import LocalEngine
from provenance.model import Article
from provenance.reuse import detect
from provenance.settings import Settings

TEXT = (
    "The old lighthouse at Carn Head will be moved forty metres inland before the winter storms, because the cliff "
    "below it loses a hand's breadth every year, the coastal board said on Tuesday."
)
ARTICLES = [Article("a", TEXT), Article("b", TEXT), Article("c", "The bells rang all night long, the vicar said.")]


def test_detection_is_that_of_the_stage_and_tells_its_progress() -> None:
    settings = Settings()
    told: list[str] = []
    with LocalEngine(settings).detect(ARTICLES, lambda stage, share: told.append(stage)) as found:
        assert found == detect(ARTICLES, settings.reuse)
        assert [(match.a, match.b) for match in found.matches] == [("a", "b")]
    assert told


def test_attributions_come_article_by_article_in_order() -> None:
    settings = Settings()
    attributor = Attributor(settings.attribution)
    found = list(LocalEngine(settings).attribute(reversed(ARTICLES), attributor))
    assert [document for document, _ in found] == ["c", "b", "a"]
    assert found[0][1] == attributor.attribute(ARTICLES[2])
    assert found[0][1]
