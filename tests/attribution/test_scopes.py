from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, Attribution
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
RUNNING = "The harbour was closed on Monday after a ship hit the quay and three men were hurt below a crane there."
OTHER = "The ferry went on as it had before, from the old pier, with as many people on board as on other days."


def credits_of(text: str) -> list[Attribution]:
    return [one for one in ATTRIBUTOR.attribute(Article("x", text)) if one.kind in {"source-line", "via-line"}]


@pytest.mark.parametrize(
    "text",
    [
        f"{RUNNING}\n\n{OTHER}\n\n(Source: Reuters)",
        f"{RUNNING}\n\n{OTHER} (Source: Reuters)",
        f"Via Reuters\n\n{RUNNING}\n\n{OTHER}",
        "A headline as long as headlines of news sites are nowadays, with eighty letters or more\n\nVia Reuters\n\n"
        + "\n\n".join([RUNNING, OTHER] * 3),
        f"{RUNNING}\n\n{OTHER}\n\nVia Reuters\n\nRelated Posts\n\n{OTHER}",
    ],
)
def test_a_source_at_the_start_or_the_end_speaks_for_the_document(text: str) -> None:
    (found,) = credits_of(text)
    assert (found.scope, found.content) == ("document", ())
    assert found.chain[0].name == "Reuters"


@pytest.mark.parametrize(
    "text",
    [
        f"{RUNNING} (Source: Reuters)\n\n{OTHER}\n\n{OTHER}",
        f"{RUNNING} (via Reuters).\n\n{OTHER}\n\n{OTHER}",
        f"{RUNNING}\n\n(Source: Reuters)\n\n{OTHER}\n\n{OTHER}",
    ],
)
def test_a_source_in_the_middle_speaks_for_the_paragraph_before(text: str) -> None:
    (found,) = credits_of(text)
    assert found.scope == "passage"
    assert [text[part.start : part.end].strip() for part in found.content] == [RUNNING]


@pytest.mark.parametrize("bracket", ["(Source: a friend)", "(see page 4)", "(Source:)", "()", "(via the back door)"])
def test_other_brackets_are_no_credit(bracket: str) -> None:
    assert credits_of(f"{RUNNING} {bracket}\n\n{OTHER}\n\n{OTHER}") == []
