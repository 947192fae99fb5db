"""Which language's cues an article is read with."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from provenance.attribution.lexicon import LANGUAGES
from provenance.model import Article


def _words(text: str) -> list[str]:
    return text.split()


_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)
_ARABIC: Final = re.compile("[\u0620-\u064a]")
# words of an alphabet are some five letters, so a third of the letters is more than names in passing
_HAN: Final = re.compile("[\u3400-\u9fff]")
_FUNCTION_WORDS: Final = {
    "en": frozenset(
        _words("the and of to in is that with for was are a i he she it said on by at his as not have had")
    ),
    "de": frozenset(
        _words("der die das und nicht ist sind mit von auch ein eine sich dem den wurde wurden laut nach sei im wie")
    ),
    "es": frozenset(_words("el los las del que con una por para se su al fue según como más y de la en")),
    "fr": frozenset(_words("le les des du et que dans pour une sur par qui au est selon avec ce de la en été")),
}
_LANGUAGE_SAMPLE: Final = 1200


def language_of(article: Article) -> str:
    """The language whose cues are read: as the record says, else by script and function words."""
    if article.language:
        code = article.language[:2].lower()
        if code in LANGUAGES:
            return code
    sample = article.text[:_LANGUAGE_SAMPLE]
    if not sample.isascii():
        for code, script in (("ru", _CYRILLIC), ("ar", _ARABIC), ("zh", _HAN)):
            if len(script.findall(sample)) * 3 > len(sample):
                return code
    words = Counter(sample.lower().replace("'", " ").replace("’", " ").split())
    counts = {code: sum([words[word] for word in known & words.keys()]) for code, known in _FUNCTION_WORDS.items()}
    # of equals the first is taken: English where nothing tells
    return max(counts, key=lambda code: counts[code])
