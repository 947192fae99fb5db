from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.settings import IngestSettings
from provenance.text.languages import detect_language

SENTENCES = {
    "en": "The harbour master told the council that the ferry would not sail before the storm had passed.",
    "ru": "Начальник порта сообщил совету, что паром не выйдет в море, пока не закончится шторм.",
    "ar": "قال مدير الميناء للمجلس إن العبارة لن تبحر قبل أن تهدأ العاصفة.",
    "es": "El jefe del puerto dijo al consejo que el transbordador no zarparía antes de que pasara la tormenta.",
    "fr": "Le chef du port a dit au conseil que le bac ne partirait pas avant la fin de la tempête.",
    "de": "Der Hafenmeister sagte dem Rat, dass die Fähre nicht auslaufen werde, bevor der Sturm vorbei sei.",
    "zh": "港口负责人告诉委员会，在暴风雨过去之前渡轮不会启航。",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_tells_the_seven_languages_of_one_sentence(code: str) -> None:
    assert detect_language(SENTENCES[code]) == code


@pytest.mark.parametrize("code", SENTENCES)
def test_tells_them_when_repeated_and_wrapped(code: str) -> None:
    assert detect_language("\n\n".join([SENTENCES[code]] * 30)) == code


@pytest.mark.parametrize("text", ["", "   \n", "Via RT", "1234 5678 --- !!!" * 20, "😀" * 200, "港口"])
def test_does_not_guess_without_letters(text: str) -> None:
    assert detect_language(text) is None


def test_one_chinese_character_counts_for_more_than_a_letter() -> None:
    assert detect_language("部长星期一对记者这样说") == "zh"


@pytest.mark.parametrize(
    ("ranked", "code"),
    [
        ([("ceb", -10.0), ("en", -90.0)], None),  # no two-letter code
        ([("arz", -10.0), ("ar", -11.0), ("fa", -90.0)], "ar"),  # relatives of one macrolanguage do not compete
        ([("no", -10.0), ("da", -11.0)], None),
    ],
)
def test_what_the_model_says_is_put_into_two_letters(
    monkeypatch: pytest.MonkeyPatch, ranked: list[tuple[str, float]], code: str | None
) -> None:
    monkeypatch.setattr("py3langid.rank", lambda _: ranked)
    assert detect_language(SENTENCES["en"]) == code


def test_only_the_sample_is_looked_at() -> None:
    text = SENTENCES["en"] * 2 + SENTENCES["ru"] * 50
    short = dataclasses.replace(IngestSettings(), language_sample_chars=len(SENTENCES["en"]))
    assert detect_language(text, short) == "en"
    assert detect_language(text, dataclasses.replace(short, language_sample_chars=len(text))) == "ru"


def test_a_wide_margin_makes_it_abstain() -> None:
    strict = dataclasses.replace(IngestSettings(), language_minimum_margin=1e9)
    assert detect_language(SENTENCES["en"], strict) is None


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_gives_a_code_or_none_and_always_the_same(text: str) -> None:
    found = detect_language(text)
    assert found is None or (len(found) == 2 and found.isascii() and found.islower())
    assert detect_language(text) == found


def test_the_model_is_loaded_on_first_use_only() -> None:
    program = "import sys, provenance.text.languages; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
