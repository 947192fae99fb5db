"""How records become HTML: one Jinja environment that escapes everything, its filters, and the words pages use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from shlex import quote
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from provenance.pages import words
from provenance.pages.addresses import outside
from provenance.pages.naming import named
from provenance.pages.visible import bare, count, cut, day, percent, plain, quoted, share, shown

__all__ = [
    "bare",
    "count",
    "cut",
    "day",
    "environment",
    "percent",
    "plain",
    "quoted",
    "rendered",
    "share",
    "shown",
    "static",
]

_HERE: Final = Path(__file__).parent


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment of all templates: everything escaped, what is not defined an error, blocks trimmed.

    Strings are printed through `shown`, whether a template says so or not.
    """
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_final,
    )
    made.filters.update(
        relation=words.RELATIONS.__getitem__,
        shell=quote,
        bare=bare,
        shown=shown,
        day=day,
        share=share,
        percent=percent,
        count=count,
        cut=cut,
        quoted=quoted,
    )
    made.globals.update(
        RELATIONS=words.RELATIONS,
        MEANINGS=words.MEANINGS,
        KINDS=words.KINDS,
        MATCHES=words.MATCHES,
        STANCES=words.STANCES,
        STEPS=words.STEPS,
        CONFIDENCE=words.CONFIDENCE,
        LEAD=words.LEAD,
        named=named,
        outside=outside,
    )
    return made


def _final(value: Any) -> Any:
    """What a template prints: strings go through `shown`."""
    return shown(value) if isinstance(value, str) else value


def rendered(template: str, **context: Any) -> Markup:
    """A template of ours filled in."""
    return Markup(environment().get_template(template).render(**context))  # noqa: S704 - the template escapes


def static(name: str) -> str:
    """The text of a static file: `provenance.css` or `provenance.js`."""
    return (_HERE / "static" / name).read_text(encoding="utf-8")
