from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from provenance.model import (
    Article,
    Attribution,
    DateInterval,
    Evidence,
    MatchKind,
    PageCredit,
    Passage,
    Scope,
    Source,
    SourceKind,
    Span,
    Stance,
)


def words(seed: int, count: int) -> str:
    """Prose-like text of invented words, the same for the same seed."""
    generator = random.Random(seed)
    made = ["".join(generator.choices("abdefgiklmnoprstuv", k=generator.randint(3, 9))) for _ in range(count)]
    return " ".join(made)


def day(number: int) -> DateInterval:
    """One day of March 2024."""
    return DateInterval(f"2024-03-{number:02}T00:00:00Z", f"2024-03-{number + 1:02}T00:00:00Z", "day", "metadata")


@dataclass
class Case:
    """A small collection, built by hand."""

    articles: list[Article] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    words: str = ""

    def article(
        self,
        name: str,
        text: str,
        outlet: str | None = None,
        date: int | None = None,
        url: str | None = None,
        page: tuple[PageCredit, ...] = (),
    ) -> Article:
        published = day(date) if date else None
        made = Article(name, text, name.title(), outlet, url, None, published, "en", page)
        self.articles.append(made)
        return made

    def share(self, cluster: int, text: str, *articles: Article, kind: MatchKind = "passage") -> None:
        """Say that these articles hold a passage."""
        for article in articles:
            start = article.text.index(text)
            self.passages.append(Passage(cluster, article.id, Span(start, start + len(text)), kind))

    def copy(self, cluster: int, article: Article, text: str, kind: MatchKind = "passage") -> None:
        """Say that one article holds its own version of a passage."""
        start = article.text.index(text)
        self.passages.append(Passage(cluster, article.id, Span(start, start + len(text)), kind))

    def credit(
        self,
        article: Article,
        shown: str,
        *names: str | tuple[str, SourceKind],
        scope: Scope = "document",
        content: str = "",
        stance: Stance = "assert",
        confidence: float = 0.9,
    ) -> Attribution:
        """An attribution with the words that show it; a bare name is an outlet."""
        spaced = article.text.replace("\u00a0", " ")
        start = spaced.index(shown)
        end = start + len(shown)
        evidence = Evidence(article.id, start, end, article.text[start:end], "test")
        said: tuple[Span, ...] = ()
        if content:
            begin = spaced.index(content)
            said = (Span(begin, begin + len(content)),)
        chain = tuple(
            Source(name, "outlet", name) if isinstance(name, str) else Source(name[0], name[1]) for name in names
        )
        made = Attribution(
            article.id, scope, "via-line", stance, None, None, said, (evidence,), chain, confidence, "test"
        )
        self.attributions.append(made)
        return made


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def report() -> str:
    """A text of sixty words to share."""
    return words(1, 60)


@pytest.fixture
def prose():
    """Makes text that nobody else has: `prose(seed, count)`."""
    return words


@pytest.fixture
def rows():
    """Links in short: (downstream, upstream, upstream_name, relation)."""

    def short(links: Sequence) -> list[tuple]:
        return [(one.downstream, one.upstream, one.upstream_name, one.relation) for one in links]

    return short
