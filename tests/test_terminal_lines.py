"""Long lines are printed as rich prints them, however long they are."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from provenance.terminal_lines import lines_of, printed

_PIECE = st.tuples(
    st.one_of(
        st.text(max_size=12), st.sampled_from(["pier ", "港口的报纸", "😀" * 50, "x" * 130, "\n", " ", "é", "\t"])
    ),
    st.sampled_from(["", "bold", "underline bold cyan"]),
)


def _console(width: int, *, terminal: bool) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    made = Console(
        file=out,
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    return made, out


@limits(max_examples=150, deadline=None)
@given(
    pieces=st.lists(_PIECE, max_size=30),
    times=st.sampled_from([1, 1, 40]),
    width=st.integers(2, 100),
    terminal=st.booleans(),
)
def test_it_is_printed_as_rich_does(pieces: list[tuple[str, str]], times: int, width: int, terminal: bool) -> None:
    text = Text.assemble(*(pieces * times))
    wanted, wanted_written = _console(width, terminal=terminal)
    wanted.print(text)
    out, written = _console(width, terminal=terminal)
    printed(out, text)
    assert written.getvalue() == wanted_written.getvalue()


def test_little_is_given_to_rich_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    out, written = _console(80, terminal=False)
    given: list[int] = []
    whole = Console.print

    def noting(self: Console, text: Text, **options: bool | str) -> None:
        given.append(len(text.plain))
        whole(self, text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Console, "print", noting)
    printed(out, Text("😀" * 40_000))
    assert written.getvalue() == ("😀" * 40 + "\n") * 1000
    assert max(given) <= 100 * 81


def test_a_million_empty_lines_are_shown_as_two() -> None:
    text = "One.\n" + "\n" * 1_000_000 + "Two.\n\nThree."
    shown = [text[start:end] for start, end in lines_of(text)]
    assert shown == ["One.", "", "", "Two.", "", "Three."]
