"""Which language a text is written in.

By py3langid (a fork of langid.py; Lui and Baldwin, "langid.py: an off-the-shelf language identification tool", ACL
2012): naive Bayes over byte n-grams, loaded on first use.
"""

from __future__ import annotations

import re

from provenance.settings import IngestSettings

_DEFAULTS = IngestSettings()

# Members of macrolanguages that the model tells apart and ISO 639-1 does not (ISO 639-3 tables).
_MACROLANGUAGES = {
    **dict.fromkeys(("ary", "arz", "arb", "apc", "acm", "ajp", "aeb", "ars"), "ar"),
    **dict.fromkeys(("wuu", "yue", "cmn", "hak", "gan", "nan", "lzh"), "zh"),
    **dict.fromkeys(("nb", "nn"), "no"),
    "als": "sq",
    "ekk": "et",
    "lvs": "lv",
    "pes": "fa",
    "azj": "az",
    "uzn": "uz",
    "khk": "mn",
    "npi": "ne",
    "plt": "mg",
    "swh": "sw",
    "zsm": "ms",
}
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_LETTERS_A_CJK_CHARACTER = 3  # what one stands for in an alphabet, roughly; the setting's reason says so


def detect_language(text: str, settings: IngestSettings | None = None) -> str | None:
    """The ISO 639-1 code of a text's language, or None where it cannot be told.

    None is given for texts with too few letters, for languages without a two-letter code, and where the best language
    is hardly better than the next. The same text always gives the same answer.

    Args:
        text: of which only the first `language_sample_chars` code points are looked at.
        settings: the thresholds `language_*`; the defaults where None.
    """
    chosen = settings or _DEFAULTS
    sample = text[: chosen.language_sample_chars]
    if _letters(sample) < chosen.language_minimum_letters:
        return None
    from py3langid import rank  # noqa: PLC0415 - the model takes half a second to load

    scores: dict[str, float] = {}
    for code, score in rank(_encodable(sample)):
        family = _MACROLANGUAGES.get(code, code)
        scores[family] = max(float(score), scores.get(family, float(score)))
    (best, first), (_, second) = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))[:2]
    if first - second < chosen.language_minimum_margin or len(best) != 2:
        return None
    return best


def _letters(text: str) -> int:
    count = sum(map(str.isalpha, text))
    if text.isascii():
        return count
    return count + len(_CJK.findall(text)) * (_LETTERS_A_CJK_CHARACTER - 1)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
