"""What the grammar finds in one sentence, before names are resolved: token ranges, cue, stance, prior."""

from __future__ import annotations

from dataclasses import dataclass, field

from provenance.attribution.lexicon import VerbClass
from provenance.attribution.phrases import Range
from provenance.model import Stance


@dataclass(slots=True)
class Frame:
    """One statement that somebody says something.

    Attributes:
        source: the tokens naming who says it; None where an earlier statement's source goes on.
        relayers: tokens of those it came through, nearest first, all before `source` in the chain.
        deeper: tokens of those `source` has it from, in order.
        relay_kind: `interview` or `citing` where such a phrase hangs on it.
        unnamed: a relayer must exist that is not named ("was quoted as saying").
        addressee: tokens of the one told, a relayer if it is an outlet.
        content: token ranges of what is said.
        anaphoric: what is said is the sentence before ("This was reported by O").
        dropped: the subject is left out, and `source` is the verb.
        aside: it stands behind all that is said, as a relay does (", as O reported").
        shown: tokens that show it, besides source, cue and the start of the content.
        after: whether the content stands before the source and the cue.
    """

    kind: str
    rule: str
    cue: Range
    source: Range | None
    content: list[Range]
    stance: Stance
    prior: float
    lemma: str = ""
    verb_class: VerbClass | None = None
    relayers: list[Range] = field(default_factory=list)
    deeper: list[Range] = field(default_factory=list)
    addressee: Range | None = None
    relay_kind: str = ""
    unnamed: bool = False
    elided: bool = False
    after: bool = False
    quoted: bool = False
    outlet_only: bool = False
    subordinate: bool = False
    anaphoric: bool = False
    dropped: bool = False
    aside: bool = False
    shown: list[Range] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first token of source and cue."""
        return self.cue[0] if self.source is None else min(self.cue[0], self.source[0])

    @property
    def behind(self) -> int:
        """The token behind source and cue."""
        return self.cue[1] if self.source is None else max(self.cue[1], self.source[1])
