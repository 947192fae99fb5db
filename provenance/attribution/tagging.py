"""A sentence as a string of tags, one letter a word, so that the grammar is a set of regular expressions over it.

Quotations are one tag each. The letters: `d` determiner, `P` pronoun, `N` name (capitalised), `n` other word, `j`
possessive, `9` number, `v` verb that is no cue, `g` other -ing word, `r` adverb, `T` time word, `p` preposition, `o`
of, `b` by, `i` to, `a` as, `c` and/or, `k` subordinator, `t` that, `w` relative pronoun, `H` question word, `h`
have, `z` be, `m` modal, `M` negated modal, `!` negation, `e` claim noun, `A` relay key, `V X Y U Z G E` forms of cue
verbs (past, third person, third person that is a noun too, base, base that is a noun too, -ing, participle), `Q`
quotation, `q` name or scare quote, and punctuation as itself (`, ; : - ( ) /`), `.` stop, `x` anything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from provenance.attribution.lexicon import Lexicon
from provenance.text.quotations import Quotation

# a stop with a capital behind it, inside a sentence, belongs to an abbreviation: the splitter has seen to the others
_TOKEN: Final = re.compile(
    # most words end at a space, which the first look ahead sees at once
    r"\w+(?:(?=[-'’.&/,])(?:[-'’.&/]\w+|(?<=\d),\d{3})*(?:\.(?:(?= [^\W_a-z])|(?<=\.\w\.))|[’'](?<=s.)(?=\s))?)?"
    r"|[^\w\s]+"
)
_PUNCTUATION: Final = {
    ",": ",", ";": ";", ":": ":", "-": "-", "–": "-", "—": "-", "--": "-", "(": "(", ")": ")", "[": "(", "]": ")",
    "/": "/", ".": ".", "?": ".", "!": ".", "...": ".", "…": ".", "،": ",", ").": ")", "),": ")", ".)": ")", ".),": ")",
    "%,": ",", "%.": ".", "%;": ";", "€,": ",", "€.": ".", "$,": ",", "$.": ".",
    "&": "c", "$": "9", "%": "n", "£": "9", "€": "9", ":-": ":", "؛": ";",
}  # fmt: skip
# pronoun and verb in one token: no subject that a source could be read from
_CONTRACTION: Final = re.compile(
    r"(?:i|we|you|he|she|it|they|that|there|who|what|where|here|how|let|this|these|those)['’](?:s|m|re|ve|ll|d)$",
    re.IGNORECASE,
)
_CACHE: Final = 200_000
_OPENERS: Final = frozenset(["Meanwhile", "However", "Moreover"])
"""With a capital inside a sentence they open one whose stop was lost, behind a heading say."""
_NEAR: Final = 4


class Tags(dict[str, str]):
    """Words to tags; what the lexicon does not know is tagged by its shape and remembered up to a bound."""

    def __init__(self, lexicon: Lexicon):
        super().__init__(_PUNCTUATION)
        self.update(lexicon.tags)
        self.claims = frozenset(lexicon.claims)
        self.common = frozenset(lexicon.nouns)
        self.capital_nouns = lexicon.capital_nouns
        self.inverts = lexicon.inverts
        # inside a sentence a capital verb is a name, and where nouns have no capitals a capital article part of one
        self.names = frozenset("VXYGd") if lexicon.head_first else frozenset("VXYG")
        self.verb_shapes = lexicon.verb_shapes or not lexicon.head_first
        self.token = lexicon.token or _TOKEN
        self.turns = lexicon.turns
        self.verb_endings = lexicon.verb_endings
        self.inner = _Inner(self)

    def __missing__(self, word: str) -> str:
        tag = _shape(word)
        if not self.verb_shapes and tag in "vgr":
            # the endings looked at are those of English
            tag = "N" if word[0].isupper() else "n"
        if self.verb_endings and tag == "n" and word.endswith(self.verb_endings):
            tag = "v"
        if len(self) < _CACHE and len(word) < 40:
            self[word] = tag
        return tag


class _Inner(dict[str, str]):
    """The tags of words that do not open a sentence: a capital "Per", "Will" or "Without" there is part of a name."""

    def __init__(self, opening: Tags):
        super().__init__()
        self.opening = opening

    def __missing__(self, word: str) -> str:
        tag = self.opening[word]
        if word[:1].isupper() and (tag in "pm" or (self.opening.inverts and tag in self.opening.names)):
            tag = "N"
        elif word in _OPENERS:
            tag = "k"
        if len(self) < _CACHE and len(word) < 40:
            self[word] = tag
        return tag


def _shape(word: str) -> str:  # noqa: PLR0911 - one return a shape reads best
    first = word[0]
    if not (first.isalnum() or first == "_"):
        return "." if first in ".?!…。！？؟" else "," if first in ",،、，" else "x"
    if "'" in word or "’" in word:
        if _CONTRACTION.match(word):
            return "x"
        if word.endswith(("'s", "’s", "s’", "s'")):
            return "j"
    if first.isupper():
        return "r" if word.endswith("ly") and len(word) > 6 and word[1:].islower() else "N"
    if first.isdigit():
        return "N" if word[-1].isalpha() and word.isupper() and "-" in word else "9"
    if any(letter.isupper() for letter in word):
        return "N"
    if word.endswith("ed") and len(word) > 4 and "-" not in word:
        return "v"
    if word.endswith("ing") and len(word) > 4:
        return "g"
    if word.endswith("ly") and len(word) > 4:
        return "r"
    if first.islower():
        return "n"
    return "N" if word[:3] in {"al-", "el-"} else "n"


class Sentence:
    """One sentence: its words, their tags, and their bounds as code points into the text, found when first asked."""

    __slots__ = (
        "_lowered",
        "_notable",
        "_starts",
        "_tail",
        "backward",
        "bounds",
        "capital_nouns",
        "quoted",
        "tags",
        "text",
        "words",
    )

    def __init__(
        self,
        text: str,
        bounds: tuple[int, int],
        words: list[str],
        tags: str,
        quoted: dict[int, Quotation],
        *,
        capital_nouns: bool = False,
    ):
        self.text = text
        self.bounds = bounds
        self.words = words
        self.tags = tags
        self.backward = tags[::-1]
        self.quoted = quoted
        self.capital_nouns = capital_nouns
        # found from either end, as far as anybody has asked; the tail from the last token backwards
        self._starts: list[int] = []
        self._tail: list[int] = []
        self._lowered: list[str] = []
        self._notable: frozenset[str] | None = None

    def start(self, index: int) -> int:
        """Where a token starts."""
        count = len(self.words)
        if index + index < count:
            if index >= len(self._starts):
                self._ahead(index)
            return self._starts[index]
        back = count - 1 - index
        if back >= len(self._tail):
            self._backwards(back)
        return self._tail[back]

    def end(self, index: int) -> int:
        """Where a token ends."""
        return self.start(index) + len(self.words[index])

    def _ahead(self, index: int) -> None:
        """Find the tokens up to one. Between tokens stands nothing but white space, so each is the next of its kind."""
        text, words, starts = self.text, self.words, self._starts
        known = len(starts)
        at = starts[-1] + len(words[known - 1]) if known else self.bounds[0]
        for word in words[known : index + 1]:
            at = text.index(word, at)
            starts.append(at)
            at += len(word)

    def _backwards(self, back: int) -> None:
        """Find the last tokens, from the end to the one with `back` behind it."""
        text, words, tail = self.text, self.words, self._tail
        at = tail[-1] if tail else self.bounds[1]
        for index in range(len(words) - 1 - len(tail), len(words) - 2 - back, -1):
            at = text.rindex(words[index], self.bounds[0], at)
            tail.append(at)

    @property
    def lowered(self) -> list[str]:
        """The words in lower case."""
        if not self._lowered:
            self._lowered = list(map(str.lower, self.words))
        return self._lowered

    def notable(self, known: frozenset[str]) -> frozenset[str]:
        """Those of its words that are among the known ones, always the same: what most readings ask for first."""
        if self._notable is None:
            self._notable = known.intersection(self.words)
        return self._notable

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """Bounds in the text of tokens first to behind (exclusive)."""
        return self.start(first), self.end(behind - 1)


def tag_sentence(
    text: str, start: int, end: int, quoted: Sequence[Quotation], tags: Tags, *, headline: bool = False
) -> Sentence:
    """Tokenise and tag one sentence, its outermost quotations as one token each.

    Args:
        text: the whole text.
        start: the sentence's start.
        end: its end, exclusive.
        quoted: the outermost quotations that start within it, in order.
        tags: the tag table of the language.
        headline: look capitalised words up in lower case, since every word has a capital.
    """
    token = tags.token
    if not quoted:
        words = token.findall(text, start, end)
        letters = _letters(words, tags, headline=headline)
        if letters[:1] == "N":
            lower = words[0].lower()
            if lower in tags.claims:
                letters = "e" + letters[1:]
            elif lower in tags.common:
                letters = "n" + letters[1:]
        if tags.turns:
            letters = _turned(words, letters, tags)
        return Sentence(text, (start, end), words, letters, {}, capital_nouns=tags.capital_nouns)
    words = []
    letters = ""
    held: dict[int, Quotation] = {}
    position = start
    for quotation in quoted:
        before = token.findall(text, position, quotation.span.start)
        words += before
        letters += _letters(before, tags, headline=headline, opening=not letters)
        held[len(words)] = quotation
        words.append(text[quotation.span.start : min(quotation.span.end, end)])
        letters += "Q" if quotation.kind == "speech" else "q"
        position = quotation.span.end
    if tags.inverts and letters[:1] == "N" and words[0].lower() in tags.common:
        letters = "n" + letters[1:]
    after = token.findall(text, position, end) if position < end else []
    words += after
    letters += _letters(after, tags, headline=headline, opening=False)
    if tags.turns:
        letters = _turned(words, letters, tags)
    return Sentence(text, (start, end), words, letters, held, capital_nouns=tags.capital_nouns)


def _turned(words: list[str], letters: str, tags: Tags) -> str:
    """The tags with those changed that hang on a word's neighbours, from the end to the start."""
    turned = list(letters)
    for index in range(len(words) - 1, -1, -1):
        for turn in tags.turns.get(words[index].lower(), ()):
            before, behind = turned[max(0, index - _NEAR) : index], turned[index + 1 : index + 1 + _NEAR]
            if turn.before.search("".join(before)) and turn.behind.match("".join(behind)):
                turned[index] = turn.tag
                break
    return "".join(turned)


def _opened(words: list[str], inner: str, tags: Tags) -> str:
    """The tags with those of the first word as it opens a sentence."""
    if "N" not in inner[:2]:
        return inner
    first = 1 if words[0][0].isalnum() else 2
    return "".join(map(tags.__getitem__, words[:first])) + inner[first:]


def _letters(words: list[str], tags: Tags, *, headline: bool, opening: bool = True) -> str:
    if not headline:
        inner = "".join(map(tags.inner.__getitem__, words))
        return _opened(words, inner, tags) if opening else inner
    letters = []
    for word in words:
        tag = tags[word]
        lower = word.lower()
        if word[0].isupper() and not word.isupper() and lower in tags and tags[lower] not in "vgrn":
            tag = tags[lower]
        letters.append(tag)
    return "".join(letters)
