"""Words of scripts without capitals: Arabic with its clitics, Chinese without spaces, as tokens with one tag each.

Arabic writes the conjunctions و and ف, the prepositions ل and ب and the article ال onto the next word; they are split
off where what is left is known (Habash, "Introduction to Arabic Natural Language Processing", 2010, ch. 4). Chinese is
cut by forward maximum matching against the words of the cue file and the outlets of the gazetteer (Chen and Liu, "Word
identification for Mandarin Chinese sentences", COLING 1992); what neither knows stays one unknown token.

The tags that code relies on: `n` person, `o` organisation, `u` outlet noun, `s` statement or artefact, `O` outlet of
the gazetteer, `x` unknown word, `X` one with the Arabic article, `q` words in name or title marks, `Q` quotation, `b`
short bracket, `9` number, `,:;.` punctuation, `V` finite reporting verb, `F` its participle. All other letters are the
cue file's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from provenance.attribution.lexicon import GERUND, Lexicon
from provenance.attribution.outlets import Gazetteer
from provenance.text.quotations import Quotation

_PUNCTUATION: Final = {
    "،": ",", ",": ",", "，": ",", "؛": ";", ";": ";", "；": ";", ":": ":", "：": ":", "、": "c", "-": ",", "–": ",",
    "—": ",", "/": ",", ".": ".", "。": ".", "!": ".", "！": ".", "?": ".", "？": ".", "؟": ".", "…": ".",
}  # fmt: skip
_BRACKET: Final = r"[(（][^()（）\n]{1,40}[)）]"
_SPACED: Final = re.compile(rf"{_BRACKET}|\d[\d.,٫]*|[\w\u064b-\u065f\u0670]+(?:[-.&'’]\w+)*|[^\w\s]")
_CONTINUOUS: Final = re.compile(
    rf"(?P<b>{_BRACKET})|(?P<T>(?:\d{{1,4}}(?:年|月|日|号|时|点|分)){{1,6}})|(?P<n>\d[\d.,%]*)"
    r"|(?P<w>[\u3400-\u9fff·•]+)"
    r"|(?P<latin>[^\W\d\u3400-\u9fff][^\W\u3400-\u9fff]*(?:[.&'’ -][A-Z][^\W\u3400-\u9fff]*){0,4})|(?P<p>\S)"
)
_HAN: Final = re.compile("[\u3400-\u9fff]")
_MARKS: Final = re.compile("[\u064b-\u065f\u0670\u0640]")
_ALEFS: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"})
_KIND_TAGS: Final = (
    ("outlet", "u"),
    ("organization", "o"),
    ("person", "n"),
    ("anonymous", "n"),
    ("collective", "n"),
    ("statement", "s"),
    ("artefact", "s"),
)
_LEAST_LEFT: Final = 2
_ARTICLE: Final = 3
_LONGEST_PHRASE: Final = 4


def folded_arabic(word: str) -> str:
    """A word without vowel marks and stretching, the forms of alef alike: أَكَّدَ and اكد are one."""
    if _MARKS.search(word):
        word = _MARKS.sub("", word)
    return word.translate(_ALEFS)


@dataclass(slots=True)
class Tokens:
    """A sentence in tokens: bounds in the text, forms as the cue file has them, one tag letter each."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    tags: str = ""
    quoted: dict[int, Quotation] = field(default_factory=dict)

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """Bounds in the text of tokens first to behind (exclusive)."""
        return self.starts[first], self.ends[behind - 1]

    def words(self, first: int, behind: int) -> str:
        """The text of tokens first to behind (exclusive)."""
        return self.text[self.starts[first] : self.ends[behind - 1]]


_Token = tuple[int, int, str, str]


class Segmenter:
    """Cuts sentences of one language into tagged tokens; made once for a language and a gazetteer."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon, gazetteer: Gazetteer):
        self.gazetteer = gazetteer
        self.continuous = data["writing"] == "continuous"
        self.table: dict[str, str] = {}
        for word, kinds in lexicon.nouns.items():
            self.table[self.fold(word)] = next(tag for kind, tag in _KIND_TAGS if kind in kinds)
        for word, verb in lexicon.verbs.items():
            self.table[self.fold(word)] = "F" if verb.tag == GERUND else "V"
        for tag, words in data["words"].items():
            self.table.update((self.fold(word), tag) for word in str(words).split())
        self.phrases = self._phrases(data.get("phrases", {}))
        self.lengths: dict[str, tuple[int, ...]] = {}
        if self.continuous:
            self._index()
        else:
            self._index_names()

    def fold(self, word: str) -> str:
        """A word as the table has it."""
        return word if self.continuous else folded_arabic(word)

    def _phrases(self, tables: Mapping[str, Any]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for tag, phrases in tables.items():
            for phrase in str(phrases).split("|"):
                words = tuple(self.fold(word) for word in phrase.split())
                found.setdefault(words[0], []).append((words, tag))
        return {first: sorted(rows, key=lambda row: -len(row[0])) for first, rows in found.items()}

    def _index_names(self) -> None:
        """Names of outlets that hold a cue ("سي إن إن") made one unknown word."""
        for names in self.gazetteer.tables():
            for name in names:
                words = tuple(self.fold(word) for word in name.split())
                if len(words) > 1 and any(self.table.get(word, "n") not in "nous" for word in words):
                    self.phrases.setdefault(words[0], []).append((words, "x"))
        for rows in self.phrases.values():
            rows.sort(key=lambda row: -len(row[0]))

    def _index(self) -> None:
        for names in self.gazetteer.tables():
            for name in names:
                if len(name) > 1 and _HAN.match(name) and name not in self.table:
                    self.table[name] = "O"
        lengths: dict[str, set[int]] = {}
        for word in self.table:
            lengths.setdefault(word[0], set()).add(len(word))
        self.lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def tokens(self, text: str, start: int, end: int, quoted: Sequence[Quotation]) -> Tokens:
        """The tokens of one sentence, each of its outermost quotations as one.

        Args:
            text: the whole text.
            start: the sentence's start.
            end: its end, exclusive.
            quoted: the outermost quotations that start within it, in order.
        """
        found: list[_Token] = []
        held: dict[int, Quotation] = {}
        position = start
        for quotation in quoted:
            found.extend(self._run(text, position, quotation.span.start))
            held[len(found)] = quotation
            tag = "Q" if quotation.kind == "speech" else "q"
            inner = text[quotation.inner.start : quotation.inner.end]
            found.append((quotation.span.start, quotation.span.end, inner, tag))
            position = quotation.span.end
        if position < end:
            found.extend(self._run(text, position, end))
        tokens = Tokens(text, quoted=held)
        for first, behind, form, _ in found:
            tokens.starts.append(first)
            tokens.ends.append(behind)
            tokens.forms.append(form)
        tokens.tags = "".join(token[3] for token in found)
        return tokens

    def _run(self, text: str, start: int, end: int) -> list[_Token]:
        if self.continuous:
            return list(self._matched(text, start, end))
        return self._joined(list(self._spaced(text, start, end)))

    def _spaced(self, text: str, start: int, end: int) -> Iterable[_Token]:
        for match in _SPACED.finditer(text, start, end):
            word, first = match.group(), match.start()
            if not (word[0].isalnum() or word[0] == "ـ"):
                tag = "b" if len(word) > 1 and word[0] in "(（" else _PUNCTUATION.get(word, ";")
                yield first, match.end(), word, tag
            elif word[0].isdigit():
                yield first, match.end(), word, "9"
            else:
                yield from self._clitics(word, first)

    def _clitics(self, word: str, at: int) -> Iterable[_Token]:
        """One written word with its clitics split off where what is left is known."""
        form = folded_arabic(word) or word
        tag = self._known(form)
        if not tag and form[0] in "وف" and len(form) > _LEAST_LEFT:
            rest = form[1:]
            if (
                self._known(rest)
                or rest in self.phrases
                or (rest[0] in "لب" and self._known(rest[1:]))
                or rest.startswith("لل")
            ):
                cut = _behind_letter(word, 0)
                yield at, at + cut, form[0], "w"
                word, at, form = word[cut:], at + cut, rest
                tag = self._known(form)
        if not tag and form[0] in "لب" and len(form) > _LEAST_LEFT:
            cut = _behind_letter(word, 0)
            letter = "L" if form[0] == "ل" else "B"
            rest, left = form[1:], word[cut:]
            article = form.startswith("لل")
            if article:
                rest = f"ا{rest}"
            outlet = self.gazetteer.lookup(_MARKS.sub("", left)) or (article and self.gazetteer.lookup(rest))
            if article or self._known(rest) or outlet or "ـ" in word[:cut]:
                yield at, at + cut, form[0], letter
                word, at, form = left, at + cut, rest
                tag = self._known(form)
        yield at, at + len(word), form, tag or ("X" if form.startswith("ال") and len(form) > _ARTICLE else "x")

    def _known(self, form: str) -> str:
        """The tag of a form, with or without the article and the accusative's alef; empty where it is not known."""
        tag = self.table.get(form, "")
        if not tag and form.startswith("ال"):
            tag = self.table.get(form[2:], "")
            tag = tag if tag in "nousi" else ""
        if not tag and form.endswith("ا"):
            tag = self.table.get(form[:-1], "")
            tag = tag if tag in "nous" else ""
        return tag

    def _joined(self, tokens: list[_Token]) -> list[_Token]:
        """Words that are one cue together made one token."""
        found: list[_Token] = []
        index = 0
        while index < len(tokens):
            size, tag = 1, tokens[index][3]
            for words, phrase_tag in self.phrases.get(tokens[index][2], ()):
                if tuple(token[2] for token in tokens[index : index + len(words)]) == words:
                    size, tag = len(words), phrase_tag
                    break
            last = tokens[index + size - 1]
            found.append((tokens[index][0], last[1], " ".join(t[2] for t in tokens[index : index + size]), tag))
            index += size
        return found

    def _matched(self, text: str, start: int, end: int) -> Iterable[_Token]:
        for match in _CONTINUOUS.finditer(text, start, end):
            word, first = match.group(), match.start()
            kind = match.lastgroup
            if kind == "w":
                yield from self._longest(text, first, match.end())
            elif kind == "latin":
                yield first, match.end(), word, "O" if self.gazetteer.lookup(word) is not None else "x"
            elif kind == "p":
                yield first, match.end(), word, _PUNCTUATION.get(word, ";")
            else:
                yield first, match.end(), word, {"b": "b", "T": "T"}.get(kind or "", "9")

    def _longest(self, text: str, start: int, end: int) -> Iterable[_Token]:
        """Forward maximum matching: the longest known word at each place, what lies between as unknown."""
        position = unknown = start
        while position < end:
            for length in self.lengths.get(text[position], ()):
                word = text[position : position + length]
                known = position + length <= end and word in self.table
                if known and not self._syllable(text, unknown, position, end, word):
                    if unknown < position:
                        yield unknown, position, text[unknown:position], "x"
                    yield position, position + length, word, self.table[word]
                    position += length
                    unknown = position
                    break
            else:
                position += 1
        if unknown < end:
            yield unknown, end, text[unknown:end], "x"

    def _syllable(self, text: str, unknown: int, position: int, end: int, word: str) -> bool:
        """Whether one letter that is a country's or an outlet's is part of a word that is not known: 德 in 谭德塞."""
        tag = self.table[word]
        if len(word) > 1 or tag not in "Gu" or (unknown == position and tag == "G"):
            return False
        behind = position + 1
        for length in self.lengths.get(text[behind], ()) if behind < end else ():
            following = self.table.get(text[behind : behind + length])
            if following is not None and behind + length <= end:
                # 德总理 is the chancellor; in 马哈茂德说 a name ends
                return tag == "G" and following not in "no"
        return tag == "G" or behind < end


def _behind_letter(word: str, index: int) -> int:
    """Behind a letter of a word, the vowel marks and stretching on it."""
    index += 1
    while index < len(word) and _MARKS.match(word[index]):
        index += 1
    return index
