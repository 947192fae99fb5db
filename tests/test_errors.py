"""The exception tree and what its messages say."""

from __future__ import annotations

import inspect

import pytest

from provenance import errors
from provenance.errors import InputError, MalformedError, NotFoundError, ProvenanceError, SettingsError, StoreError

EVERY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ProvenanceError)]


def test_a_message_names_where_what_and_the_remedy() -> None:
    error = MalformedError("no field 'text'", where="news.jsonl, line 7", remedy="give every record a text")
    assert str(error) == "news.jsonl, line 7: no field 'text' (give every record a text)"
    assert (error.where, error.what, error.remedy) == (
        "news.jsonl, line 7",
        "no field 'text'",
        "give every record a text",
    )


def test_what_is_unknown_is_left_out_of_the_message() -> None:
    assert str(StoreError("locked")) == "locked"
    assert str(StoreError("locked", remedy="wait")) == "locked (wait)"
    assert str(StoreError("locked", where="a.db")) == "a.db: locked"


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_is_caught_as_the_base_and_has_an_exit_code(kind: type[ProvenanceError]) -> None:
    with pytest.raises(ProvenanceError) as caught:
        raise kind("wrong", where="here", remedy="so")
    assert caught.value.exit_code in range(1, 126)
    assert kind.__doc__


def test_families_of_errors_have_exit_codes_of_their_own() -> None:
    families = [kind for kind in EVERY if kind is ProvenanceError or ProvenanceError in kind.__bases__]
    codes = [kind.exit_code for kind in families]
    assert len(set(codes)) == len(codes)
    assert all(kind.exit_code == InputError.exit_code for kind in EVERY if issubclass(kind, InputError))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    parents = {}
    stack: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        names = [word for word in line.split() if word.isidentifier() and word in {kind.__name__ for kind in EVERY}]
        if names and (line.strip() == names[0] or "──" in line):
            depth = line.index(names[0])
            stack = [entry for entry in stack if entry[0] < depth]
            parents[names[0]] = stack[-1][1] if stack else None
            stack.append((depth, names[0]))
    assert parents == {kind.__name__: None if kind is ProvenanceError else kind.__bases__[0].__name__ for kind in EVERY}


def test_kinds_are_apart() -> None:
    assert not issubclass(SettingsError, InputError)
    assert not issubclass(NotFoundError, StoreError)
