"""What a confidence means: how many in a hundred attributions like this one a careful reader would make as well.

Rules come with priors, and doubts (a pronoun, a statement within a quotation) lower them. That product is no share of
anything. It is one feature among others of a logistic regression, whose table of log-odds is `calibration.csv`;
`benchmarks/calibrate_attributions.py` fits it on annotated English articles and writes it. Whole-document credit, other
languages, relays through outlets and kinds that those articles do not decide keep their priors.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

FITTED_LANGUAGE: Final = "en"
Feature = tuple[str, str]
"""What is looked at and what is found there, such as `("speaker", "person")`."""
Values = tuple[str, str, str, str, str, str, str, str, str]
NAMES: Final = ("kind", "rule", "stance", "speaker", "through", "source", "cue", "content", "length")
"""What is looked at; the first says whether the others count."""

_QUOTES: Final = frozenset("\"'“”„«»‘’「」『』")
_OUTLETS: Final = frozenset(["agency", "outlet"])
_RELAYED: Final = ("through", "outlet")
_SURE: Final = 0.99
_SHORT: Final = 25
_LONG: Final = 80
_REMEMBERED: Final = 20_000


def features_of(  # noqa: PLR0913 - what is known of an attribution
    *,
    kind: str,
    rule: str,
    stance: str,
    speaker: str,
    through: Sequence[str],
    source: str,
    cue: str,
    content: Sequence[str],
) -> tuple[Feature, ...]:
    """What the confidence of an attribution in a sentence depends on, besides its prior.

    Args:
        kind: its kind.
        rule: the rule that found it.
        stance: its stance.
        speaker: the kind of its ultimate source.
        through: the kinds of those it came through, nearest first; empty where the source itself said it.
        source: the words that name its source; empty where none do.
        cue: its cue; empty where it has none.
        content: the stretches of what is said.
    """
    values = values_of(kind, rule, stance, speaker, through[0] if through else "", source, cue, content)
    return tuple(zip(NAMES, values, strict=True))


def values_of(  # noqa: PLR0913, PLR0917 - what is known of an attribution; by place, since it is asked for each
    kind: str, rule: str, stance: str, speaker: str, nearest: str, source: str, cue: str, content: Sequence[str]
) -> Values:
    """The values of `features_of`, in the order of `NAMES`; `nearest` is the kind of the nearest relayer, or empty."""
    if not content:
        quoted, length = "no content", "none"
    else:
        quoted = "quoted" if content[0][:1] in _QUOTES or content[-1][-1:] in _QUOTES else "plain"
        count = sum(map(len, content))
        length = "short" if count < _SHORT else "long" if count > _LONG else "medium"
    through = "nobody" if not nearest else "outlet" if nearest in _OUTLETS else "others"
    written = "none" if not source else "name" if _has_name(source) else "noun"
    return kind, rule, stance, speaker, through, written, cue.lower(), quoted, length


def _has_name(words: str) -> bool:
    """Whether any word starts with a capital."""
    return not words.islower() and any(word[0].isupper() for word in words.split())


def logit(share: float) -> float:
    """Log-odds of a share strictly between 0 and 1."""
    return math.log(share / (1 - share))


class Calibration:
    """A table of log-odds by feature; values that it does not have count for nothing."""

    def __init__(self, table: Mapping[Feature, float]):
        self.table = dict(table)
        self._constant = self.table.get(("all", ""), 0.0)
        self._slope = self.table.get(("prior", ""), 0.0)
        self._weights: dict[Values, tuple[float, ...] | None] = {}

    def confidence(self, prior: float, features: Sequence[Feature]) -> float:
        """The confidence of an attribution with this prior and these features, 0 to 1.

        What came through an outlet, and a kind that is not in the table, was not fitted and keeps its prior.
        """
        return self._confidence(prior, self._weights_of(features))

    def of_values(self, prior: float, values: Values) -> float:
        """`confidence` by the values alone, whose weights are remembered: attributions look much alike."""
        if values not in self._weights:
            weights = self._weights_of(tuple(zip(NAMES, values, strict=True)))
            if len(self._weights) >= _REMEMBERED:
                return self._confidence(prior, weights)
            self._weights[values] = weights
        return self._confidence(prior, self._weights[values])

    def _weights_of(self, features: Sequence[Feature]) -> tuple[float, ...] | None:
        if features[0] not in self.table or _RELAYED in features:
            return None
        return tuple([self.table[feature] for feature in features if feature in self.table])

    def _confidence(self, prior: float, weights: tuple[float, ...] | None) -> float:
        if weights is None:
            return prior
        odds = self._constant + self._slope * logit(min(max(prior, 1 - _SURE), _SURE))
        for weight in weights:
            odds += weight
        return min(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), _SURE)


def read_table(text: str) -> dict[Feature, float]:
    """The table as `calibration.csv` has it: feature, value, log_odds, seen."""
    return {(row["feature"], row["value"]): float(row["log_odds"]) for row in csv.DictReader(io.StringIO(text))}


@lru_cache(maxsize=1)
def default_calibration() -> Calibration:
    """The table that comes with the package."""
    file = resources.files("provenance.attribution") / "calibration.csv"
    return Calibration(read_table(file.read_text(encoding="utf-8")))
