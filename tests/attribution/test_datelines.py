from __future__ import annotations

import pytest

from provenance.attribution import Gazetteer
from provenance.attribution.datelines import dateline, sign_off
from provenance.model import Span

GAZETTEER = Gazetteer.default()


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("新华社北京12月16日电（记者李明）大桥封闭。", "Xinhua", "新华社北京12月16日电（记者李明）"),
        ("【环球网报道】大桥封闭。", "Global Times", "【环球网报道】"),
        ("دمشق-سانا", "SANA", "دمشق-سانا"),
        ("برلين (د ب أ) - أغلق الجسر.", "Deutsche Presse-Agentur", "برلين (د ب أ) -"),
    ],
)
def test_the_agency_is_named_and_the_formula_is_the_span(text: str, name: str, words: str) -> None:
    credit = dateline(text, Span(0, len(text)), GAZETTEER)
    assert credit is not None
    assert credit.chain[0].name == name
    assert text[credit.span.start : credit.span.end] == words
    assert credit.named.start >= credit.span.start


@pytest.mark.parametrize(
    "text",
    [
        "大桥于12月16日封闭。",
        "【公告】大桥封闭。",
        "دمشق-حلب طريق طويل",
        "القاهرة (وزارة النقل) - أغلق الجسر.",
        "London (Reuters) - It",
    ],
)
def test_other_openings_are_none(text: str) -> None:
    assert dateline(text, Span(0, len(text)), GAZETTEER) is None


def test_a_sign_off_stands_at_the_end() -> None:
    text = "大桥已经封闭。（新华社）"
    credit = sign_off(text, Span(0, len(text)), GAZETTEER)
    assert credit is not None
    assert credit.chain[0].name == "Xinhua"
    assert sign_off("大桥已经封闭（见图）", Span(0, 10), GAZETTEER) is None
