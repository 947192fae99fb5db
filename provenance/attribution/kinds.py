"""The kinds of attribution."""

from __future__ import annotations

from typing import Final

KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("via-line", "a line that says through whom the text came: Via O, H/T O"),
    ("republish-notice", "originally published at O, republished from O, The post … appeared first on O"),
    ("source-line", "Source: O"),
    ("source-link", "a link to a source that the text does not name"),
    ("agency-byline", "an agency or outlet as the author: By Reuters"),
    ("byline-credit", "a person named as the author"),
    ("dateline", "CITY (Reuters) -, MOSCOW, December 16. /TASS/"),
    ("sign-off", "an agency's mark at the end: /TASS/, (ANI), Distributed by O"),
    ("contributed", "O contributed to this report: part of the text"),
    ("page-credit", "what the page's head, data or footer says of its origin"),
    ("verb-before", "S said that C"),
    ("verb-after", "C, S said"),
    ("inverted", "C, said S"),
    ("told-outlet", "S told O"),
    ("interview", "in an interview with O, in a comment to O"),
    ("according-to", "according to S"),
    ("citing", "O, citing S, reported"),
    ("quoted-as-saying", "O quoted S as saying, S was quoted as saying"),
    ("reported-by", "as reported by O, first reported by O"),
    ("passive", "C was announced by S"),
    ("relative", "S, who said that C"),
    ("participle", "…, saying that C"),
    ("belief", "S believes that C"),
    ("denial", "S denied C"),
    ("criticism", "S accused T of C; T is the target"),
    (
        "attitude",
        "S supports, hopes, knows C, or C is expected, seems so: a stance, not a statement; no chain rests on it",
    ),
    ("claim-noun", "claims by S that C, S's claim that C"),
    ("headline-colon", "S: C"),
    ("floating-quotation", "a paragraph that is only a quotation, of the speaker before"),
)
"""Each kind of attribution with one line that says what it is."""
