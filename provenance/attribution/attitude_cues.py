"""The `[[attitudes]]` of a cue file: words that show a belief, a wish or a stance, and how each is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provenance.attribution.inflection import inflected
from provenance.model import Stance


@dataclass(frozen=True, slots=True)
class Attitude:
    """How one word is read as a belief, a wish or a stance; see `[[attitudes]]` in `cues/en.toml`.

    Attributes:
        form: `verb`, `base` (the form without ending, which needs its subject before it), `passive` (behind a form of
            be), `adjective` or `noun`.
        behind: words of which one must follow at once; empty where anything may.
        before: words of which one must stand among the three before; empty where anything may.
        unnamed: nobody is named who holds it ("is expected to", "seems").
        reporting: it is a report after all, which the strict grammar did not take.
        silent: with an infinitive of saying it is silence ("refused to say").
        negated: not to have it is an attitude as well ("does not want", "is not expected").
    """

    name: str
    form: str
    prior: float
    stance: Stance
    behind: frozenset[str]
    before: frozenset[str]
    unnamed: bool
    reporting: bool
    silent: bool
    negated: bool


def read_attitudes(tables: Iterable[Mapping[str, Any]], language: str) -> dict[str, tuple[Attitude, ...]]:
    """The readings of each word, in the order of the file, with the words that open a sentence.

    Args:
        tables: the tables as the file has them; its comments say what the keys mean.
        language: which verbs are inflected regularly.

    Raises:
        KeyError: a table has no name or no prior.
    """
    found: dict[str, tuple[Attitude, ...]] = {}
    for table in tables:
        made = {form: _attitude(table, form) for form in ("verb", "base", "passive", "adjective", "noun")}
        readings: list[tuple[str, str]] = []
        for entry in _words(table, "lemmas"):
            lemma, forms = inflected(entry, language)
            readings.extend((word, "verb") for word in sorted({*forms.values()}))
            readings.append((lemma, "base"))
        for form in ("passive", "adjective", "noun", "verb"):
            readings.extend((word, form) for word in _words(table, form))
        for word, form in readings:
            known = found.get(word, ())
            if made[form] not in known:
                found[word] = (*known, made[form])
    found.update({word[0].upper() + word[1:]: readings for word, readings in found.items()})
    return found


def _attitude(table: Mapping[str, Any], form: str) -> Attitude:
    return Attitude(
        name=str(table["name"]),
        form=form,
        prior=float(table["prior"]),
        stance=table.get("stance", "assert"),
        behind=frozenset(_words(table, "behind")),
        before=frozenset(_words(table, "before")),
        unnamed=bool(table.get("unnamed")),
        reporting=bool(table.get("reporting")),
        silent=bool(table.get("silent")),
        negated=bool(table.get("negated")),
    )


def _words(table: Mapping[str, Any], key: str) -> list[str]:
    return str(table.get(key, "")).split()
