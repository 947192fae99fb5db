"""Reporting clauses as patterns over tags: the grammar of languages whose cue file brings its own.

A cue file of this sort holds `[[patterns]]`, regular expressions over the tag string of a sentence, tried in order; a
token that is the cue of one statement is not the cue of a second. This is a finite-state cascade (Abney, "Partial
parsing via finite-state cascades", 1996): tokens, phrases, clauses, each a regular language over the level below.

Groups of a pattern: `s` who says it, `c` the cue, `r` who relays it, `d` whom `s` has it from, `t` who was told it,
`g` and `h` stretches in which `[[links]]` look for more of `r`, `d` and `t`, `k` where the content starts. Without `s`
the subject of the reporting clause before goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from provenance.attribution.lexicon import Lexicon, VerbClass
from provenance.attribution.segmenting import Tokens
from provenance.model import Stance

Range = tuple[int, int]
_MACRO: Final = re.compile(r"\{([A-Z]+)\}")
_DEEPEST_MACRO: Final = 4
_BETWEEN: Final = ",;kw"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a cue file.

    Attributes:
        content: `behind`, `before`, `auto` (before the source where nothing follows the cue), or `lead` (behind at
            the start of a sentence, before at its end).
        verbs: the classes of verbs it is for; all where empty.
        needs: tags of which a sentence must hold one.
    """

    name: str
    kind: str
    tags: re.Pattern[str]
    content: str
    prior: float
    verbs: frozenset[str]
    needs: str


@dataclass(slots=True)
class Clause:
    """One reporting clause: token ranges, before names are resolved.

    Attributes:
        source: None where the subject of the clause before goes on.
        content: token ranges of what is said.
        first: its first token; behind: the token behind source, cue and what hangs on them.
    """

    name: str
    kind: str
    cue: Range
    source: Range | None
    content: list[Range]
    stance: Stance
    prior: float
    first: int
    behind: int
    relayers: list[Range] = field(default_factory=list)
    deeper: list[Range] = field(default_factory=list)
    told: list[Range] = field(default_factory=list)
    verb: VerbClass | None = None
    lemma: str = ""
    before: bool = False
    lead: bool = False


class Cascade:
    """The patterns of one language, compiled once."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon, fold: Mapping[str, VerbClass]):
        self.lexicon = lexicon
        self.verbs = fold
        self.macros = {name: str(value) for name, value in data.get("macros", {}).items()}
        self.keys = frozenset(str(data.get("keys", "")))
        self.patterns = tuple(self._pattern(table) for table in data["patterns"])
        self.links = tuple(
            (str(table["role"]), re.compile(self._expanded(str(table["tags"])))) for table in data.get("links", ())
        )

    def _expanded(self, tags: str) -> str:
        for _ in range(_DEEPEST_MACRO):
            tags = _MACRO.sub(lambda match: self.macros[match.group(1)], tags)
        return tags

    def _pattern(self, table: Mapping[str, Any]) -> Pattern:
        return Pattern(
            name=str(table["name"]),
            kind=str(table["kind"]),
            tags=re.compile(self._expanded(str(table["tags"]))),
            content=str(table["content"]),
            prior=float(table["prior"]),
            verbs=frozenset(str(table.get("verbs", "")).split()),
            needs=str(table["needs"]),
        )

    def clauses(self, tokens: Tokens, limit: int) -> list[Clause]:
        """The reporting clauses of one sentence, by position, `limit` of them at most."""
        found: list[Clause] = []
        taken: set[int] = set()
        for pattern in self.patterns:
            if not any(letter in tokens.tags for letter in pattern.needs):
                continue
            for match in pattern.tags.finditer(tokens.tags):
                cue = match.span("c")
                if not taken.isdisjoint(range(*cue)):
                    continue
                clause = self._clause(tokens, pattern, match)
                if clause is not None:
                    found.append(clause)
                    taken.update(range(*cue))
                    taken.update(at for at in range(*match.span()) if tokens.tags[at] in self.keys)
        found.sort(key=lambda clause: (clause.first, clause.cue))
        return found[:limit]

    def _clause(self, tokens: Tokens, pattern: Pattern, match: re.Match[str]) -> Clause | None:
        groups = {name: match.span(name) for name, value in match.groupdict().items() if value}
        cue, source = groups["c"], groups.get("s")
        verb, lemma = self._verb(tokens, cue)
        if pattern.verbs and (verb is None or verb.name not in pattern.verbs):
            return None
        clause = Clause(
            name=pattern.name,
            kind=pattern.kind,
            cue=cue,
            source=source,
            content=[],
            stance=verb.stance if verb is not None else "assert",
            prior=pattern.prior * (verb.prior / 0.9 if verb is not None else 1.0),
            first=min(cue[0], source[0]) if source else cue[0],
            behind=match.end(),
            verb=verb,
            lemma=lemma,
        )
        if clause.stance == "deny" and clause.kind.startswith("verb-"):
            clause.kind = "denial"
        for group, ranges in (("r", clause.relayers), ("d", clause.deeper), ("t", clause.told)):
            if group in groups:
                ranges.append(groups[group])
        for group in ("g", "h"):
            if group in groups:
                self._linked(tokens, groups[group], clause)
        self._content(tokens, pattern, groups, clause)
        return clause if clause.content else None

    def _verb(self, tokens: Tokens, cue: Range) -> tuple[VerbClass | None, str]:
        for index in range(cue[1] - 1, cue[0] - 1, -1):
            verb = self.verbs.get(tokens.forms[index])
            if verb is not None:
                return verb, tokens.forms[index]
        return None, tokens.forms[cue[0]]

    def _linked(self, tokens: Tokens, where: Range, clause: Clause) -> None:
        for role, pattern in self.links:
            for match in pattern.finditer(tokens.tags, *where):
                ranges = clause.deeper if role == "citing" else clause.told
                if match.span("t") not in ranges:
                    ranges.append(match.span("t"))
                if clause.kind.startswith("verb-") and role != "told":
                    clause.kind = role

    def _content(self, tokens: Tokens, pattern: Pattern, groups: Mapping[str, Range], clause: Clause) -> None:
        tags = tokens.tags
        length = len(tags.rstrip("."))
        start = groups["k"][0] if "k" in groups else clause.behind
        while start < length and (tags[start] in ",;:K" or tags[start : start + 2] == "wK"):
            start += 1
        first = clause.first
        while first > 0 and tags[first - 1] in _BETWEEN:
            first -= 1
        clause.lead = not tags[:first].strip("rT")
        if clause.lead:
            first = 0
        behind = [(start, length)] if start < length else []
        before = [(0, first)] if first > 0 else []
        if pattern.content == "behind":
            clause.content = behind
        elif pattern.content == "before":
            clause.content, clause.before = before, True
        elif pattern.content == "lead":
            tail = not behind and bool(before)
            clause.content, clause.before = (before if tail else behind), tail
            if behind and before:
                clause.content = [*before, *behind]
        elif behind and not (first > 0 and tags[first - 1] == "Q"):
            clause.content = behind
        elif before and (not behind or tags[first - 1] == "Q"):
            # “C1,” S said, “C2”
            clause.content = [*before, *behind] if behind and tags[start] in "Qq" else before
            clause.before = True


def join(tokens: Tokens, clauses: list[Clause]) -> list[tuple[Clause, int | None]]:
    """Each clause with the index of the one whose content holds it, and contents cut where a new speaker begins.

    Straight behind the cue a second statement belongs to the first speaker; later in the sentence only what an outlet
    reports does.
    """
    placed: list[tuple[Clause, int | None]] = []
    for index, clause in enumerate(clauses):
        host = None
        for at in range(index - 1, -1, -1):
            outer = clauses[at]
            if any(first <= clause.first and clause.cue[1] <= behind for first, behind in outer.content):
                straight = any(first == clause.first for first, _ in outer.content)
                contrast = tokens.tags[max(0, clause.first - 1) : clause.first] in {"k", "w"}
                media = (
                    clause.source is not None and outer.source is not None and not contrast and _media(tokens, outer)
                )
                if not outer.before and (straight or media):
                    host = at
                    break
                if not outer.before:
                    _cut(tokens, outer, clause)
        placed.append((clause, host))
    return placed


def _media(tokens: Tokens, clause: Clause) -> bool:
    first, behind = clause.source if clause.source is not None else (0, 0)
    return bool(set("Ouq") & set(tokens.tags[first:behind]))


def _cut(tokens: Tokens, outer: Clause, clause: Clause) -> None:
    """End a statement's content where another clause begins."""
    kept = []
    for first, behind in outer.content:
        end = behind
        if first <= clause.first < behind:
            end = clause.first
            while end > first and tokens.tags[end - 1] in _BETWEEN:
                end -= 1
        if first < end:
            kept.append((first, end))
    outer.content = kept
