"""What `Corpus` answers with where the model and the store have no record for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from provenance.errors import InputError
from provenance.model import Article, Attribution, Chain, Link, Match, Passage
from provenance.reuse.edits import Edit
from provenance.store import AddCounts


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding did.

    Attributes:
        counts: articles added, unchanged, changed (new text) and updated (new metadata).
        errors: what could not be read, each naming file, record and remedy.
    """

    counts: AddCounts
    errors: tuple[InputError, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A passage that two articles share, and what was changed between the copies.

    Attributes:
        match: the passage, `a` and `b` as `compare` was asked for them.
        edits: from the copy in a to the copy in b, equal stretches included.
    """

    match: Match
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles side by side.

    Attributes:
        passages: what they share, by place in a.
        links: what is known of who had it from whom, between the two or through a third.
        relation: how the two stand to each other, in a word of `model.Relation` or "siblings" or "none".
        why: that in a sentence.
    """

    a: Article
    b: Article
    passages: tuple[Compared, ...]
    links: tuple[Link, ...]
    relation: str
    why: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article with all that is known of it."""

    article: Article
    attributions: tuple[Attribution, ...]
    passages: tuple[Passage, ...]
    links: tuple[Link, ...]
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What `run` did, and how much the collection holds now.

    Attributes:
        added: what adding did.
        articles: articles held.
        clusters: passages shared, furniture apart.
        furniture: clusters of page furniture.
        attributions: statements that somebody says something.
        links: links by relation.
        chains: chains.
    """

    added: AddReport
    articles: int
    clusters: int
    furniture: int
    attributions: int
    links: dict[str, int] = field(default_factory=dict)
    chains: int = 0
