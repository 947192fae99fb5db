"""Tells where a text comes from: shared passages, credited sources, syndication chains, each with its evidence."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from provenance.version import VERSION

if TYPE_CHECKING:
    from provenance.corpus import Corpus
    from provenance.errors import ProvenanceError
    from provenance.model import (
        Article,
        Attribution,
        Chain,
        DateInterval,
        Evidence,
        Hop,
        Link,
        Match,
        Passage,
        Source,
        Span,
    )
    from provenance.reports import AddReport, ArticleView, Comparison, RunReport
    from provenance.settings import Settings

__version__ = VERSION

_HOMES = {
    "AddReport": "reports",
    "Article": "model",
    "ArticleView": "reports",
    "Attribution": "model",
    "Chain": "model",
    "Comparison": "reports",
    "Corpus": "corpus",
    "DateInterval": "model",
    "Evidence": "model",
    "Hop": "model",
    "Link": "model",
    "Match": "model",
    "Passage": "model",
    "ProvenanceError": "errors",
    "RunReport": "reports",
    "Settings": "settings",
    "Source": "model",
    "Span": "model",
}
"""Where each public name lives; loaded when first asked for, so that `import provenance` costs next to nothing."""

__all__ = [
    "AddReport",
    "Article",
    "ArticleView",
    "Attribution",
    "Chain",
    "Comparison",
    "Corpus",
    "DateInterval",
    "Evidence",
    "Hop",
    "Link",
    "Match",
    "Passage",
    "ProvenanceError",
    "RunReport",
    "Settings",
    "Source",
    "Span",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"provenance.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
