"""A megabyte of anything is read in bounded time.

Timings are no tests, so the reading runs in a process that is ended after a time that only work growing faster than the
text can use up: all of it takes some seconds.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

HARD_LIMIT = 240
SIZE = 1_000_000

READ = """
import sys
from provenance.attribution import Attributor
from provenance.model import Article
from provenance.settings import AttributionSettings

pieces = eval(sys.stdin.read())
size = int(sys.argv[1])
attributor = Attributor(AttributionSettings())
for piece, language in pieces:
    text = (piece * (size // len(piece) + 1))[:size]
    for one in attributor.attribute(Article("x", text, language=language)):
        for span in one.content:
            if not 0 <= span.start < span.end <= len(text):
                sys.exit(f"{one.kind}: {span} of {len(text)} in {piece[:20]!r}")
"""

MEDLEY = [
    "said ",
    "said said said.\n\n",
    "according to Reuters, citing AP, which quoted TASS as saying, told RT in an interview with CNN, ",
    '"',
    "“",
    "“”",
    "“‘",
    "“he said ‘she said ",
    "' ",
    "([{",
    ")",
    "A",
    "Alpha Beta ",
    "Ab Cd Ef (ACE) said so. ACE ",
    "x" * 5000,
    "the chairman of the guild of ",
    "Ann Cole, ",
    "— - ",
    "\n",
    "a\n\n",
    "Ann said that it is so. He said it was. It added that. ",
    "who said that ",
    "S: “C” ",
    "\u200b\u0301",
    "\ud800",
    "a.com.",
    "قال وأعلن نقلا عن ",
    "ا",
    "新华社说据报道称",
    "“新华社”说：“据报道”。",
    "«ТАСС» сообщил со ссылкой на ",
    "Videos posted by Reuters seen by Reuters showed ",
    "Mayor Denies Claims Of ",
    "según fuentes citadas por EFE, ",
    "selon une source à l'AFP ",
    "wie der Sprecher der dpa sagte, ",
    "сообщили в МВД в беседе с ТАСС генерал ",
    "9 ",
]
CREDITS = [
    "Via Reuters\n\n",
    "Source: Reuters\n\n",
    "The harbour was closed for the whole of the winter because of heavy ice and wind in it. (Source: Reuters)\n\n",
    "The post a appeared first on ",
    "The post appeared first appeared first on \n\n",
    "and and and , ; contributed to this \n\n",
    "LONDON (Reuters) - a\n\n",
    "Reuters Monday 3 Oct 2016 ",
    "© © © Copyright Copyright\n\n",
    "this article this article this article originally originally published published at at\n\n",
    "home > ",
    "By By By, By\n\n",
]


def read(pieces: list[tuple[str, str | None]], size: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(size)],
        input=ascii(pieces),
        text=True,
        encoding="utf-8",
        capture_output=True,
        timeout=HARD_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_one_megabyte_of_everything_hostile() -> None:
    share = SIZE // (len(MEDLEY) + len(CREDITS))
    medley = "\n\n".join((piece * (share // len(piece) + 1))[:share] for piece in [*MEDLEY, *CREDITS])
    read([(medley, None)], SIZE)


@pytest.mark.parametrize("piece", CREDITS[:3])
def test_a_megabyte_of_credit_lines(piece: str) -> None:
    read([(piece, None)], SIZE)


def test_many_sentences_as_long_as_are_read() -> None:
    pieces: list[tuple[str, str | None]] = [
        ((piece * 4000)[:3700].replace("\n", " ") + " Ann Cole said so.\n\n", None) for piece in MEDLEY
    ]
    read(pieces, 40_000)


@pytest.mark.parametrize("language", ["ar", "de", "es", "fr", "ru", "zh"])
def test_in_every_language(language: str) -> None:
    read([(piece, language) for piece in MEDLEY], 8_000)
