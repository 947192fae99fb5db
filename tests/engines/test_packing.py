"""What is sent between processes comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provenance.attribution import Attributor
from provenance.engines.packing import pack_article, pack_attributions, unpack_article, unpack_attributions
from provenance.model import Article, DateInterval, PageCredit
from provenance.settings import AttributionSettings

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
ODD = Article(
    "odd/ü",
    "“The bells rang,” the vicar said. \ud800 Via Reuters",
    "A title",
    "The Quay",
    "https://quay.example",
    "Ann Cole",
    DateInterval("2024-05-01", "2024-05-31", "month", "metadata"),
    "en",
    (PageCredit("canonical", "<link>", None, "https://www.reuters.com/x"), PageCredit("byline", "By TASS", "TASS")),
)
ARTICLES = [ODD, Article("empty", ""), *(Article(path.name, path.read_text(encoding="utf-8")) for path in SEEDS)]


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: str(article.id))
def test_articles_and_attributions_come_back(article: Article) -> None:
    assert unpack_article(json.loads(json.dumps(pack_article(article)))) == article
    found = Attributor(AttributionSettings()).attribute(article)
    packed = json.loads(json.dumps(pack_attributions(found, article.text)))
    assert unpack_attributions(packed, article.id, article.text) == found
    assert found or not article.text
