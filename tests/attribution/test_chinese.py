"""Chinese: what its table of sentences does not show: spans, stances, whole articles."""

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
        ("外交部发言人汪文斌表示，中方不接受这一指控。", "外交部发言人汪文斌", "表示", ["中方不接受这一指控"]),
        ("路透社援引一名官员的话说，大桥将开放。", "路透社", "援引一名官员的话说", ["大桥将开放"]),
        ("港口大桥已经封闭，据路透社报道。", "路透社", "据", ["港口大桥已经封闭"]),
        (
            "“大桥是安全的，”张海生强调，“没有人应该担心。”",
            "张海生",
            "强调",
            ["“大桥是安全的，”", "“没有人应该担心。”"],
        ),
        ("国防部否认了这一指控。", "国防部", "否认了", ["这一指控"]),
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
        ("国防部否认了这一指控。", "deny", "denial"),
        ("反对派声称，政府军首先开火。", "distanced", "verb-before"),
        ("分析人士估计，谈判不会很快结束。", "conjecture", "verb-before"),
        ("张海生告诉路透社记者，大桥是安全的。", "assert", "told-outlet"),
        ("张海生接受路透社采访时说，大桥是安全的。", "assert", "interview"),
        ("据路透社报道，大桥已经封闭。", "assert", "according-to"),
        ("外媒：港口大桥将在五月开放", "assert", "headline-colon"),
    ],
)
def test_stance_and_kind(text: str, stance: str, kind: str) -> None:
    (found,) = read(text)
    assert (found.stance, found.kind) == (stance, kind)


def test_an_article() -> None:
    text = (
        "新华社莫斯科11月3日电（记者李明）紧急情况部通报说，一艘货轮在北部海域沉没。\n\n"
        "紧急情况部发言人伊万·彼得罗夫告诉塔斯社记者，船上载有小麦。“船体大量进水，船员来不及关闭水密门。”\n\n"
        "他说，搜救工作仍在进行，直升机无法起飞。\n\n"
        "据以色列《国土报》15日报道，海事专家认为事故与老化有关。报道称，类似事故频发。\n\n"
        "航运公司否认船只存在隐患，并称证书均在有效期内。目前公司尚未公布名单。"
    )
    assert names(read(text)) == [
        ("Xinhua",),
        ("紧急情况部",),
        ("TASS", "伊万·彼得罗夫"),
        ("TASS", "伊万·彼得罗夫"),
        ("伊万·彼得罗夫",),
        ("Haaretz", "海事专家"),
        ("Haaretz",),
        ("航运公司",),
        ("航运公司",),
    ]


def test_an_anonymous_source_is_no_person() -> None:
    assert read("消息人士称，谈判已经中断。")[0].chain[0].kind == "anonymous"
    assert read("当地媒体报道称，港口发生火灾。")[0].chain[0].kind == "collective"


def test_a_speaker_inside_a_quotation_is_one_level_deeper() -> None:
    found = names(read("张海生说：“昨天塔斯社报道说，大桥已经封闭。”"))
    assert found == [("张海生",), ("张海生", "TASS")]


@pytest.mark.parametrize("unit", ["据", "路透社说", "据官员，", "并称，", "“说", "（新", "接受路透社"])
def test_long_hostile_text_is_read(unit: str) -> None:
    line = (unit * 4000)[:3900]
    found = read("。\n".join([line] * 10))
    assert len(found) <= 10 * AttributionSettings().clauses_a_sentence * 2
