"""Which language's cues an article is read with."""

from __future__ import annotations

import re
from typing import Final

from provenance.attribution.lexicon import LANGUAGES
from provenance.model import Article

_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)
_GERMAN: Final = re.compile(
    r"\b(?:der|die|das|und|nicht|ist|sind|mit|von|auch|ein|eine|sich|dem|den|wurde|wurden|laut|nach|sei|im|wie)\b"
)
_ENGLISH: Final = re.compile(r"\b(?:the|and|of|to|in|is|that|with|for|was|are)\b", re.IGNORECASE)
_LANGUAGE_SAMPLE: Final = 1200


def language_of(article: Article) -> str:
    """The language whose cues are read: as the record says, else by script and function words."""
    if article.language:
        code = article.language[:2].lower()
        if code in LANGUAGES:
            return code
    sample = article.text[:_LANGUAGE_SAMPLE]
    if len(_CYRILLIC.findall(sample)) * 3 > len(sample):
        return "ru"
    return "de" if len(_GERMAN.findall(sample)) > len(_ENGLISH.findall(sample)) else "en"
