from __future__ import annotations

import csv
import io
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution import KINDS, Attributor
from provenance.attribution.calibration import (
    NAMES,
    Calibration,
    default_calibration,
    features_of,
    logit,
    read_table,
    values_of,
)
from provenance.model import Article
from provenance.settings import AttributionSettings


def shape(**changed: object) -> tuple[tuple[str, str], ...]:
    given_ones: dict[str, object] = {
        "kind": "verb-before",
        "rule": "verb-before:say:that",
        "stance": "assert",
        "speaker": "person",
        "through": [],
        "source": "Ann Cole",
        "cue": "Said",
        "content": ["that the bridge was safe"],
    }
    return features_of(**{**given_ones, **changed})  # type: ignore[arg-type]


def test_what_is_looked_at() -> None:
    assert dict(shape()) == {
        "kind": "verb-before",
        "rule": "verb-before:say:that",
        "stance": "assert",
        "speaker": "person",
        "through": "nobody",
        "source": "name",
        "cue": "said",
        "content": "plain",
        "length": "short",
    }


@pytest.mark.parametrize(
    ("changed", "feature"),
    [
        ({"source": ""}, ("source", "none")),
        ({"source": "the mayor"}, ("source", "noun")),
        ({"content": []}, ("content", "no content")),
        ({"content": ["“Safe,”"]}, ("content", "quoted")),
        ({"content": ["x" * 200]}, ("length", "long")),
        ({"through": ["agency"]}, ("through", "outlet")),
        ({"through": ["person"]}, ("through", "others")),
    ],
)
def test_each_feature(changed: dict[str, object], feature: tuple[str, str]) -> None:
    assert feature in shape(**changed)


def test_log_odds_are_added_and_unknown_values_count_for_nothing() -> None:
    table = {("all", ""): 0.5, ("prior", ""): 1.0, ("kind", "verb-before"): 0.25, ("cue", "said"): -0.75}
    calibration = Calibration(table)
    assert calibration.confidence(0.8, shape()) == pytest.approx(0.8)
    assert logit(calibration.confidence(0.8, shape(cue="added"))) == pytest.approx(logit(0.8) + 0.75)


@pytest.mark.parametrize("changed", [{"kind": "unheard-of"}, {"through": ["outlet"]}])
def test_what_was_not_fitted_keeps_its_prior(changed: dict[str, object]) -> None:
    assert Calibration({("all", ""): 3.0}).confidence(0.61, shape(**changed)) == 0.61


@settings(max_examples=50)
@given(
    st.floats(0, 1),
    st.sampled_from(["verb-before", "verb-after", "attitude", "unheard-of"]),
    st.sampled_from(["", "outlet", "person"]),
    st.sampled_from(["", "the mayor", "Ann Cole"]),
    st.sampled_from([[], ["“Safe,”"], ["x" * 200]]),
)
def test_remembered_weights_give_what_the_features_give(
    prior: float, kind: str, nearest: str, source: str, content: list[str]
) -> None:
    values = values_of(kind, "verb-before:say:that", "assert", "person", nearest, source, "said", content)
    calibration = default_calibration()
    plain = calibration.confidence(prior, tuple(zip(NAMES, values, strict=True)))
    assert calibration.of_values(prior, values) == plain == calibration.of_values(prior, values)


@settings(max_examples=50)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1e6, 1e6))
def test_a_confidence_is_a_share_and_grows_with_the_prior(one: float, other: float, odds: float) -> None:
    calibration = Calibration({("all", ""): odds, ("prior", ""): 0.7, ("kind", "verb-before"): 0.0})
    low, high = (calibration.confidence(prior, shape()) for prior in sorted((one, other)))
    assert 0 <= low <= high < 1


def test_the_table_of_the_package() -> None:
    file = resources.files("provenance.attribution") / "calibration.csv"
    text = file.read_text(encoding="utf-8")
    table = read_table(text)
    names = {feature for feature, _ in table}
    assert len(table) == text.count("\n") - 1
    assert names == {
        "all",
        "prior",
        "kind",
        "rule",
        "stance",
        "speaker",
        "through",
        "source",
        "cue",
        "content",
        "length",
    }
    assert {value for feature, value in table if feature == "kind"} <= {kind for kind, _ in KINDS}
    assert table["prior", ""] > 0
    assert all(abs(odds) < 6 for odds in table.values())
    assert all(int(row["seen"]) >= 15 for row in csv.DictReader(io.StringIO(text)))
    assert ("through", "outlet") not in table


def confidence_of(text: str, *, calibrated: bool = True, **fields: object) -> list[float]:
    attributor = Attributor(AttributionSettings(calibrated=calibrated))
    return [one.confidence for one in attributor.attribute(Article("x", text, **fields))]  # type: ignore[arg-type]


def test_the_extractor_gives_calibrated_confidences() -> None:
    text = "“The bridge is safe and will stay open,” Ann Cole said."
    (prior,), (confidence,) = confidence_of(text, calibrated=False), confidence_of(text)
    assert confidence != prior
    assert confidence > 0.9


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ann Cole told Reuters that the bridge was safe.", "en"),
        ("Der Sprecher sagte, die Brücke sei sicher.", "de"),
    ],
)
def test_relays_and_other_languages_keep_their_priors(text: str, language: str) -> None:
    found = confidence_of(text, language=language)
    assert found
    assert found == confidence_of(text, language=language, calibrated=False)


def test_a_statement_within_a_quotation_keeps_its_prior() -> None:
    text = "“The mayor said that the bridge was safe,” Ann Cole said."
    raw, calibrated = confidence_of(text, calibrated=False), confidence_of(text)
    assert len(raw) == 2
    assert sum(one in calibrated for one in raw) == 1


def test_the_calibration_is_read_once() -> None:
    assert default_calibration() is default_calibration()
