"""The patterns of credit lines and page furniture, as the cue files of all languages have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from provenance.attribution.lexicon import LANGUAGES, cue_file

_NAME: Final = r"(?P<name>[^\s:;,|()\[\]\"“”][^\n:;|()\[\]\"“”]{0,70}?)"
_PERSON: Final = r"(?P<person>[A-ZÀ-ÞА-ЯЁ][\w.’'-]*(?:\s+(?:[A-ZÀ-ÞА-ЯЁ][\w.’'-]*|de|van|von|bin|al|el|la)){1,4})"
_NAMES: Final = r"(?P<names>[^\n]{2,150}?)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of a credit line, where it is tried and what it may name."""

    kind: str
    pattern: re.Pattern[str]
    prior: float
    where: str
    accept: str
    needs: tuple[str, ...]
    longest: int
    before: re.Pattern[str] | None
    refuse: frozenset[str]


@dataclass(frozen=True, slots=True)
class Furniture:
    """The patterns of page furniture; `line` is for text in lower case, `words` are those that it needs one of."""

    line: re.Pattern[str]
    tail: re.Pattern[str]
    image: re.Pattern[str]
    breadcrumb: re.Pattern[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def credit_rules() -> tuple[tuple[Rule, ...], Furniture, frozenset[str]]:
    """The rules and the furniture of all cue files, and the words that no source's name may hold."""
    rules: list[Rule] = []
    keys = ("line", "tail", "image", "breadcrumb")
    words: set[str] = set()
    furniture: dict[str, list[str]] = {key: [] for key in keys}
    refused: set[str] = set()
    for language in LANGUAGES:
        data = cue_file(language)
        rules.extend(_rule(table) for table in data.get("credits", ()))
        refused.update(str(data.get("not_sources", {}).get("words", "")).split())
        if "furniture" in data:
            table = data["furniture"]
            words.update(str(table["words"]).split())
            for key in keys:
                furniture[key].append(table[key])
    # furniture lines are the costliest to look for; in lower-case lines it is done without folding each letter
    joined = {
        key: re.compile("|".join(f"(?:{part})" for part in furniture[key]), 0 if key == "line" else re.IGNORECASE)
        for key in keys
    }
    return tuple(rules), Furniture(words=frozenset(words), **joined), frozenset(refused)


def _rule(table: dict[str, Any]) -> Rule:
    pattern = str(table["pattern"]).replace("{NAMES}", _NAMES).replace("{NAME}", _NAME).replace("{PERSON}", _PERSON)
    pattern = pattern.replace("(?P<person>[A-ZÀ-ÞА-ЯЁ]", "(?P<person>(?-i:[A-ZÀ-ÞА-ЯЁ])").replace(
        "(?:[A-ZÀ-ÞА-ЯЁ][\\w", "(?:(?-i:[A-ZÀ-ÞА-ЯЁ])[\\w"
    )
    return Rule(
        str(table["kind"]),
        re.compile(pattern, re.IGNORECASE),
        float(table["prior"]),
        table["where"],
        table["accept"],
        tuple(str(table.get("needs", "")).split()),
        int(table.get("longest", 400)),
        re.compile(str(table["before"]), re.IGNORECASE) if "before" in table else None,
        frozenset(str(table.get("refuse", "")).split()),
    )
