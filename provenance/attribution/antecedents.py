"""Who has spoken in an article and which outlets it has named: what pronouns and definite phrases point back to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.attribution.outlets import looks_like_outlet
from provenance.model import Source
from provenance.settings import AttributionSettings

_JOINING: Final = frozenset(["of", "for", "on", "in", "at", "to", "and"])
REMEMBERED: Final = 60
"""Speakers looked back over; bounds the work on long texts."""


@dataclass(slots=True)
class Speaker:
    """Somebody who has spoken in this article."""

    source: Source
    plural: bool
    paragraph: int
    gender: str = ""
    at: int = 0
    """Where the sentence starts in which he spoke last."""


class Antecedents:
    """The speakers and outlets of one article, in the order they came.

    Attributes:
        own: the article's own outlet.
        spoken: who has spoken.
        outlets: the outlets named as such, each with its paragraph.
        hidden: the speaker of the quotation that is being read, whom its pronouns do not mean.
        here: the paragraph that is being read.
        before: where the sentence before the one that is being read starts.
    """

    def __init__(self, lexicon: Lexicon, settings: AttributionSettings, own: Source | None):
        self.lexicon = lexicon
        self.settings = settings
        self.own = own
        self.spoken: list[Speaker] = []
        self.outlets: list[tuple[Source, int]] = []
        self.hidden: Source | None = None
        self.here = 0
        self.before = 0

    def remember(self, source: Source, paragraph: int, *, plural: bool = False, gender: str = "", at: int = 0) -> None:
        """Note that somebody spoke, for later pronouns."""
        if source.kind == "unnamed":
            return
        if self.spoken and self.spoken[-1].source == source:
            self.spoken[-1].paragraph = paragraph
            self.spoken[-1].gender = self.spoken[-1].gender or gender
            self.spoken[-1].at = max(at, self.spoken[-1].at)
        else:
            self.spoken.append(Speaker(source, plural, paragraph, gender, at))

    def has_spoken(self, word: str) -> bool:
        """Whether a capitalised word is in the name of somebody who has spoken."""
        return any(word in speaker.source.name.split() for speaker in self.spoken[-REMEMBERED:])

    def named_in_full(self, words: list[str]) -> Source | None:
        """The organisation that has spoken whose name a short one is: "the Observatory" for Human Rights."""
        for speaker in reversed(self.spoken[-REMEMBERED:]):
            full = speaker.source.name.split()
            if speaker.source.kind != "organization" or len(full) <= len(words) or not set(words) <= set(full):
                continue
            head = next((at for at, word in enumerate(full) if word in _JOINING), len(full)) - 1
            if full[head] == words[-1]:
                return speaker.source
        return None

    def recall(self, source: Source) -> None:
        """Note that somebody who spoke is the one who goes on to speak."""
        for place in range(len(self.spoken) - 1, max(-1, len(self.spoken) - REMEMBERED), -1):
            if self.spoken[place].source == source:
                self.spoken.append(self.spoken.pop(place))
                return

    def mention(self, chain: Iterable[Source]) -> None:
        """Note which outlets a chain names, for "the newspaper" and "the Courier" further on."""
        for source in chain:
            if source.kind in {"agency", "outlet"} and (not self.outlets or self.outlets[-1] != (source, self.here)):
                self.outlets.append((source, self.here))

    def short_named(self, words: list[str], tags: str) -> Source | None:
        """An outlet named again by its last word: "the Courier" of the Skelhaven Courier."""
        if tags not in {"dN", "N"} or (tags == "dN" and words[0].lower() not in self.lexicon.definites):
            return None
        if tags == "N" and self.lexicon.definites:
            return None
        for outlet in (self.own, *(outlet for outlet, _ in reversed(self.outlets[-REMEMBERED:]))):
            if outlet is not None and _short_form(outlet.name, words[-1]):
                return outlet
        return None

    def spoken_by(self, word: str, paragraph: int) -> Speaker | None:
        """The one person who spoke last and whom "he" or "she" may mean."""
        for speaker in reversed(self.spoken[-REMEMBERED:]):
            if paragraph - speaker.paragraph > self.settings.antecedent_paragraphs:
                break
            if speaker.source.kind not in {"person", "anonymous", "author"} or not self._may_mean(
                speaker, plural=False
            ):
                continue
            gender = speaker.gender or self.gender_of(speaker.source.name)
            if (not gender or gender == word) and self._is_person(speaker.source):
                return speaker
        return None

    def gender_of(self, name: str) -> str:
        """The pronoun that a given name shows; empty where it shows none."""
        return self.lexicon.given.get(name.split(" ", 1)[0].lower(), "")

    def _is_person(self, source: Source) -> bool:
        """Whether somebody without a name can be "he", by a word for what a person is: "an official", not "a list"."""
        if source.kind != "anonymous" or not self.lexicon.definites or self.lexicon.inverts:
            return True
        if source.name.islower() and " " not in source.name:
            return True
        return any(self.lexicon.kinds(word) & {"person", "anonymous"} for word in source.name.lower().split())

    def gendered(self, speaker: Speaker, word: str) -> Source:
        """The speaker that a pronoun was found to mean, who keeps it from then on."""
        speaker.gender = word
        return speaker.source

    def last(self, kinds: frozenset[str] | set[str], paragraph: int) -> Speaker | None:
        """Who of these kinds spoke last, not too long ago."""
        for speaker in reversed(self.spoken[-REMEMBERED:]):
            if paragraph - speaker.paragraph > self.settings.antecedent_paragraphs:
                return None
            if speaker.source.kind in kinds and speaker.source != self.hidden:
                return speaker
        return None

    def _may_mean(self, speaker: Speaker, *, plural: bool) -> bool:
        """Whether somebody is of the number wanted and is not the one who is being quoted."""
        return speaker.plural == plural and speaker.source != self.hidden

    def outlet_again(self, words: list[str], tags: str, paragraph: int) -> Source | None:
        """The outlet that "the newspaper", "our paper" or "агентства" means, one that the article has named before."""
        first, head = words[0].lower(), words[-1].lower()
        kinds = self.lexicon.kinds(head)
        if "outlet" not in kinds or (tags[-1] == "N" and not self.lexicon.capital_nouns):
            return None
        if len(words) == 2 and first in self.lexicon.ours:
            return self.own
        # where there are no articles the bare noun points back
        bare = len(words) == 1 and not self.lexicon.definites
        if not bare and not (len(words) == 2 and tags[0] == "d" and first in self.lexicon.definites):
            return None
        for outlet, named in reversed(self.outlets[-REMEMBERED:]):
            if paragraph - named > self.settings.antecedent_paragraphs:
                break
            # "the agency" is as likely an authority as a news agency
            if outlet.kind == "agency" or "organization" not in kinds:
                return outlet
        return None


def _short_form(name: str, word: str) -> bool:
    """Whether one word is an outlet's name but for what stands before it: "Courier" of the Skelhaven Courier."""
    words = name.split()
    return len(words) > 1 and words[-1] == word and looks_like_outlet(name)
