"""Which outlet or agency a phrase names: by its name, its staff and stations, or its shape."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution.antecedents import Antecedents
from provenance.attribution.lexicon import Lexicon
from provenance.attribution.names import (
    POSSESSIVE,
    Names,
    as_source,
)
from provenance.attribution.outlet_phrases import STAFF, of_the_outlet, programme
from provenance.attribution.outlets import Gazetteer, looks_like_outlet
from provenance.attribution.phrases import Range
from provenance.attribution.tagging import Sentence
from provenance.model import Source

_NAMING: Final = frozenset("NnqQj")
_NAMED: Final = frozenset("Njq9")
_SAME_OUTLET: Final = frozenset(
    ["newspaper", "agency", "news", "tv", "television", "channel", "magazine", "website", "network", "radio", "online"]
)
"""Behind an outlet's name they describe it, and make no other name of it."""
_PAPERS_TEXT: Final = """
the daily mail news times star express post telegraph sun mirror sunday herald press tribune journal gazette record
"""
_PAPERS: Final = frozenset(_PAPERS_TEXT.split())
"""Words of which the names of papers in many towns are made."""
_NATION: Final = re.compile("(?:ish|ian|ese|can|ench|eek)$")
_AIRED: Final = frozenset(["station", "channel", "network", "broadcaster", "radio", "television", "tv"])
"""A local one is mostly meant, named in a way that no gazetteer knows."""
_PRINTED_TEXT: Final = """
times post journal tribune herald star telegraph guardian monitor courier gazette mail mirror sun examiner chronicle
inquirer globe independent today express observer press record review dispatch sentinel bee ledger
"""
_PRINTED: Final = frozenset(_PRINTED_TEXT.split())
"""Words in the names of papers, which "the newspaper" may mean without a name before it."""


class NamedOutlets:
    """Reads outlets off the phrases of one article.

    Args:
        lexicon: the language's words.
        gazetteer: the outlets.
        names: the article's persons and outlets by their short names.
        heard: who has spoken before.
    """

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer, names: Names, heard: Antecedents) -> None:
        self.lexicon = lexicon
        self.gazetteer = gazetteer
        self.names = names
        self.heard = heard

    def outlet_of(self, words: list[str], tags: str) -> Source | None:  # noqa: PLR0911 - a list of refusals
        """The outlet or agency that a phrase names as its head, or as the name in apposition to a descriptor."""
        if _NAMING.isdisjoint(tags):
            return None
        if _NAMED.isdisjoint(tags) and self.gazetteer.alias_openings.isdisjoint(words):
            # a common noun is an outlet only where an alias is written just so
            return None
        names = words
        if "j" in tags:
            names = [POSSESSIVE.sub("", word) if tag == "j" else word for word, tag in zip(words, tags, strict=True)]
        affiliate = self._affiliate(names, tags) if "affiliate" in names[:-1] else None
        found = self.gazetteer.within(names)
        if affiliate is not None or found is None:
            return affiliate or self._outlet_by_shape(names, tags)
        outlet, first, behind = found
        outlet = self.names.outlet_meant(outlet, names[first:behind], self.heard.own)
        if self._part_of_name(names, tags, first, behind):
            return self._outlet_by_shape(names, tags)
        if behind - first == 1 and self.names.is_person(names[first]):
            return None
        if not set("Njq") & set(tags[first:behind]) and " ".join(names[first:behind]) not in outlet.aliases:
            return None
        rest = tags[behind:]
        if first and names[first - 1].rstrip(".").lower() in self.lexicon.titles:
            return None
        theirs = bool(rest) and of_the_outlet(names, tags, behind)
        if tags[behind - 1] == "j" and rest:
            return as_source(outlet) if theirs else None
        if theirs or not rest or all(self._descriptor(word) for word in names[behind:]) or rest[0] == ",":
            return as_source(outlet)
        if rest[0] == "(" or (rest[0] in "op" and not set("op") & set(tags[:first])):
            return as_source(outlet)
        return None

    def _affiliate(self, names: list[str], tags: str) -> Source | None:
        """The station of "CNN affiliate WFAA", which the network named before it is not."""
        at = names.index("affiliate")
        if set(tags[at + 1 :]) != {"N"} or "N" not in tags[:at]:
            return None
        name = " ".join(names[at + 1 :])
        known = self.gazetteer.lookup(name)
        return as_source(known) if known is not None else Source(name, "outlet", name)

    def _part_of_name(self, names: list[str], tags: str, first: int, behind: int) -> bool:
        """Whether a doubtful name is a part of a longer one: "The National" of the National Defense University."""
        named_before = first > 0 and tags[first - 1] == "N"
        if not named_before and tags[behind : behind + 1] != "N":
            return False
        papers = named_before and all(name.casefold() in _PAPERS for name in names[first:behind])
        if papers and not _NATION.search(names[first - 1]):
            # the Easton Daily Mail is not the Daily Mail
            return True
        longer = named_before or names[behind].lower() not in _SAME_OUTLET
        longer = longer and tags[behind - 1] != "j"
        bare = behind - first == 2 and names[first].lower() == "the"
        return bool(longer) and (bare or self.gazetteer.ambiguous(" ".join(names[first:behind])))

    def _descriptor(self, word: str) -> bool:
        kinds = self.lexicon.kinds(word.lower())
        return "outlet" in kinds or "statement" in kinds or word.lower() in {"news", "state", "interview"}

    def _outlet_by_shape(self, names: list[str], tags: str) -> Source | None:
        owned = self._lost_apostrophe(names, tags)
        if owned is not None or tags[-1] not in "N9":
            return owned
        # the last run of capitalised words: "the report in the Globe" has one of one word
        start = len(tags.rstrip("N9"))
        name = " ".join(names[start:])
        formed = looks_like_outlet(name)
        described = any(
            tag == "n" and "outlet" in self.lexicon.kinds(word) for word, tag in zip(names, tags, strict=True)
        )
        misspelt = self.gazetteer.misspelt(name) if formed or described else None
        if misspelt is not None:
            return as_source(misspelt)
        if not formed:
            return None
        hosted = self.gazetteer.by_host(name) if "." in name else None
        if hosted is not None:
            return as_source(hosted)
        return Source(name, "outlet", name)

    def _lost_apostrophe(self, names: list[str], tags: str) -> Source | None:
        """The outlet of "SANAs reporter", where the apostrophe was lost on the way."""
        if len(names) < 2 or names[1].lower() not in STAFF or tags[0] != "N" or not names[0].endswith("s"):
            return None
        known = self.gazetteer.lookup(names[0][:-1]) if tags[2:3] in {"", "o", "p", ","} else None
        return as_source(known) if known is not None else None

    def addressee_outlet(self, sentence: Sentence, where: Range) -> Source | None:
        """The outlet that was told something; None where the one told is no outlet (reporters, a court, a person)."""
        words, tags = sentence.words[where[0] : where[1]], sentence.tags[where[0] : where[1]]
        shown = programme(words[0], self.gazetteer) if tags in {"q", "Q"} else None
        found = as_source(shown) if shown is not None else None
        found = found or self.outlet_of(words, tags) or self.heard.short_named(words, tags)
        if found is None and where[0]:
            found = self._contracted(sentence.lowered[where[0] - 1], words)
        if found is None:
            found = self.heard.outlet_again(words, tags, self.heard.here)
        if found is not None:
            return found
        if tags[0] == "d" and words[0].lower() in self.lexicon.definites and tags[1:] == "n":
            # "told the newspaper" where no other one has been named
            own = self.heard.own
            printed = own is not None and not _PRINTED.isdisjoint(own.name.casefold().split())
            named = self.lexicon.kinds(words[1].lower()) == {"outlet"} and words[1].lower() not in _AIRED
            return own if named and printed else None
        names = [name for name, tag in zip(words, tags, strict=True) if tag in "Nq"]
        if names and tags[-1] in "nN" and "outlet" in self.lexicon.kinds(words[-1].lower()):
            name = " ".join(word for word, tag in zip(words, tags, strict=True) if tag != "d")
            return Source(name, "outlet", name)
        within = self.gazetteer.within(words) if names else None
        if within is not None and self._part_of_name(words, tags, within[1], within[2]):
            return None
        if within is not None and within[1] <= 1 and tags[within[2] - 1] != "j":
            rest = words[within[2] :]
            if (
                not rest
                or tags[within[2]] == "N"
                or self.lexicon.kinds(rest[0].lower()) & {"outlet", "person", "statement"}
            ):
                return as_source(within[0])
        return None

    def _contracted(self, before: str, words: list[str]) -> Source | None:
        """The outlet that "du Monde", "au Monde" names: "de Le Monde", "à Le Monde"."""
        known = self.gazetteer.lookup(f"Le {' '.join(words)}") if before.lower() in self.lexicon.contracted else None
        return as_source(known) if known is not None else None

    def outlets_own(self, sentence: Sentence, where: Range) -> tuple[Range, Range] | None:
        """The outlet and its source in "источник «Коммерсанта»", in languages that put them side by side."""
        first, behind = where
        words, tags = sentence.words[first:behind], sentence.tags[first:behind]
        if self.lexicon.definites or len(words) < 2 or not set(tags[1:]) <= set("Nq"):
            return None
        if "anonymous" not in self.lexicon.kinds(words[0].lower()) or self.outlet_of(words[1:], tags[1:]) is None:
            return None
        return (first + 1, behind), (first, first + 1)
