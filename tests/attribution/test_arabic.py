"""Arabic: what its table of sentences does not show: spans, stances, whole articles."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())


def read(text: str) -> list[Attribution]:
    return ATTRIBUTOR.attribute(Article("x", text))


def names(found: list[Attribution]) -> list[tuple[str, ...]]:
    return [tuple(node.name for node in one.chain) for one in found]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("قال وزير النقل سامر حسن إن الجسر آمن.", "وزير النقل سامر حسن", "قال", ["الجسر آمن"]),
        ("أغلق الجسر صباح اليوم، بحسب شهود عيان.", "شهود عيان", "بحسب", ["أغلق الجسر صباح اليوم"]),
        ("نفت وزارة الدفاع صحة التقارير.", "وزارة الدفاع", "نفت", ["صحة التقارير"]),
        ("«الجسر آمن، ولا داعي للقلق»، قال سامر حسن.", "سامر حسن", "قال", ["«الجسر آمن، ولا داعي للقلق»"]),
        ("وقالت الشرطة إن الطريق مغلق.", "الشرطة", "قالت", ["الطريق مغلق"]),
    ],
)
def test_spans(text: str, source: str, cue: str, content: list[str]) -> None:
    (found,) = read(text)
    assert found.source is not None
    assert found.cue is not None
    assert (found.source.text, found.cue.text) == (source, cue)
    assert [text[span.start : span.end] for span in found.content] == content


@pytest.mark.parametrize(
    ("text", "stance", "kind"),
    [
        ("نفت وزارة الدفاع صحة التقارير.", "deny", "denial"),
        ("زعم الجيش أن المبنى كان مقراً عسكرياً.", "distanced", "verb-before"),
        ("توقع خبراء أن ترتفع الأسعار.", "conjecture", "verb-before"),
        ("قال سامر حسن لرويترز إن الجسر آمن.", "assert", "told-outlet"),
        ("قال سامر حسن في مقابلة مع رويترز إن الجسر آمن.", "assert", "interview"),
        ("بحسب رويترز، أغلق الجسر.", "assert", "according-to"),
        ("نقلت رويترز عن مصدر أمني قوله إن الجسر مغلق.", "assert", "citing"),
        ("رويترز: إغلاق الجسر حتى أيار", "assert", "headline-colon"),
    ],
)
def test_stance_and_kind(text: str, stance: str, kind: str) -> None:
    (found,) = read(text)
    assert (found.stance, found.kind) == (stance, kind)


def test_an_article() -> None:
    text = (
        "موسكو-سانا\n\n"
        "أعلنت وزارة الطوارئ الروسية اليوم غرق سفينة شحن قبالة الميناء.\n\n"
        "وقال المتحدث باسم الوزارة إيفان بيتروف لوكالة تاس إن السفينة كانت تحمل القمح، مضيفاً أن البحث مستمر.\n\n"
        "وأضاف بيتروف أن حالة البحر سيئة.\n\n"
        "وفي تصريحات لشبكة سي إن إن، أكد السيناتور جون سميث أن الكونغرس لم يبلغ.\n\n"
        "وبحسب صحيفة «كوميرسانت» فإن السفينة قديمة. وذكرت الصحيفة أن التحقيق مستمر.\n\n"
        "ولم يصدر أي تعليق من السلطات حتى الآن."
    )
    assert names(read(text)) == [
        ("SANA",),
        ("وزارة الطوارئ الروسية",),
        ("TASS", "إيفان بيتروف"),
        ("TASS", "إيفان بيتروف"),
        ("إيفان بيتروف",),
        ("CNN", "جون سميث"),
        ("Kommersant",),
        ("Kommersant",),
    ]


def test_vowel_marks_and_forms_of_alef_change_nothing() -> None:
    plain = names(read("ذكرت وكالة سانا أن مصدرا قال إن الطريق مغلق."))
    assert names(read("ذَكَرَت وكالة سانا أنَّ مصدراً قال إنّ الطريق مغلق.")) != []
    assert len(plain) == len(names(read("ذكرت وكالة سانا ان مصدراً قال ان الطريق مغلق.")))


def test_an_anonymous_source_is_no_person() -> None:
    assert read("قال مصدر أمني إن القصف توقف.")[0].chain[0].kind == "anonymous"
    assert read("أفاد ناشطون بأن القصف توقف.")[0].chain[0].kind == "collective"


def test_a_speaker_inside_a_quotation_is_one_level_deeper() -> None:
    found = names(read("قال سامر حسن: «أمس ذكرت وكالة سانا أن الجسر مغلق، ولا صحة لذلك»."))
    assert found == [("سامر حسن",), ("سامر حسن", "SANA")]


@pytest.mark.parametrize("unit", ["قال ", "وفقا ل", "نقلت رويترز عن ", "مصدر في ", "لوكالة ", "لل", "في مقابلة مع "])
def test_long_hostile_text_is_read(unit: str) -> None:
    line = (unit * 4000)[:3900]
    found = read(".\n".join([line] * 10))
    assert len(found) <= 10 * AttributionSettings().clauses_a_sentence * 2
