"""Scripts that put no spaces between words, for full-text search.

FTS5's unicode61 tokenizer takes an unbroken run of Chinese for one word, so that no part of it is ever found; its
trigram tokenizer finds nothing shorter than three characters, and most Chinese words have two. So articles with such
scripts are indexed with every character a token of its own, and a word of a query is looked up as a phrase of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence

_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # iteration marks, Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"  # Han
)
_ASCII = bytes(range(128))
_CHARACTER = re.compile(f"[{_UNSPACED}]")
_TOKEN = re.compile(f"[{_UNSPACED}]|(?:[^\\W_{_UNSPACED}]|[\u0300-\u036f])+")
_PIECE = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}]+")


def unspaced(title: str | None, text: str) -> bool:
    """Whether an article holds a character of a script without spaces."""
    return _holds(text) or (title is not None and _holds(title))


def _holds(text: str) -> bool:
    # bytes.translate drops ASCII twenty times faster than the pattern walks over it
    rest = text.encode("utf-8").translate(None, _ASCII).decode("utf-8")
    return _CHARACTER.search(rest) is not None


def separated(text: str) -> str:
    """The text with a space on both sides of every character of a script without spaces."""
    return _CHARACTER.sub(r" \g<0> ", text)


def pieces(word: str) -> list[str]:
    """A word of a query as the tokens of `separated`: single characters, and stretches of other scripts."""
    return _PIECE.findall(word)


def tokens(text: str) -> list[str]:
    """The tokens of a text without case and accents, much as FTS5 sees them."""
    return [_folded(found.group()) for found in _TOKEN.finditer(text)]


def occurrences(text: str, phrases: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Where phrases of tokens stand in a text, as offsets in ascending order, none overlapping the one before.

    FTS5's own `highlight` copies the whole text for each word found, which takes quadratic time, and loses its place
    behind a NUL character. This takes linear time; where it parts words differently from FTS5, nothing is marked.
    """
    by_last: dict[str, list[Sequence[str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        by_last.setdefault(phrase[-1], []).append(phrase)
    recent: deque[tuple[str, int]] = deque(maxlen=max(map(len, phrases), default=1))
    last_end = 0
    for found in _TOKEN.finditer(text):
        token = _folded(found.group())
        recent.append((token, found.start()))
        for phrase in by_last.get(token, ()):
            if len(phrase) <= len(recent):
                tail = list(recent)[-len(phrase) :]
                if tail[0][1] >= last_end and all(a == b for (a, _), b in zip(tail, phrase, strict=True)):
                    last_end = found.end()
                    yield tail[0][1], last_end
                    break


def _folded(token: str) -> str:
    if token.isascii():
        return token.lower()
    decomposed = unicodedata.normalize("NFD", token)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).casefold() or token
