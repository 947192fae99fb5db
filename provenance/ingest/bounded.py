"""Bounds on what one input can cost: errors that are listed, records that fail in a row, attributes of a tag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from provenance.errors import InputError, TooLargeError
from provenance.settings import IngestSettings

_Item = TypeVar("_Item")

_TAG: Final = re.compile(r"<[A-Za-z][^\s/>]*")
# names and values as the HTML Standard reads them (section 13.2.5.32 to 38); the tag ends at the first > outside both
_ATTRIBUTE: Final = r"""(?:[\s/]*(?:=[^\s/>=]*|[^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?)"""


def listed(items: Iterable[_Item], where: str, settings: IngestSettings) -> Iterator[_Item | InputError]:
    """The items of one file with no more errors among them than anybody reads; the rest is counted.

    Args:
        items: articles and errors of a file.
        where: its name.
        settings: `maximum_listed_errors` and `maximum_errors_in_a_row`.

    Raises:
        InputError: what `items` raise; or that too many records in a row could not be used.
    """
    failed = in_a_row = 0
    stopped: InputError | None = None
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            break
        except InputError as error:
            stopped = error
            break
        if not isinstance(item, InputError):
            in_a_row = 0
            yield item
            continue
        failed += 1
        in_a_row += 1
        if failed <= settings.maximum_listed_errors:
            yield item
        if in_a_row >= settings.maximum_errors_in_a_row:
            what = f"{in_a_row:,} records in a row could not be used; what comes behind them was not read"
            stopped = TooLargeError(what, where=where, remedy="check that it is what its name says")
            break
    more = failed - settings.maximum_listed_errors
    if more > 0:
        yield InputError(f"{more:,} more records could not be used", where=where, remedy="mend those listed first")
    if stopped is not None:
        raise stopped


def few_attributes(markup: str, most: int) -> str:
    """A page or feed in which no tag has more than `most` attributes; those beyond are cut.

    libxml2 compares each attribute of a tag with all before it: 100,000 of them take minutes. Linear in the text.
    """
    if len(markup) < 2 * most:
        return markup
    attributes = re.compile(rf"{_ATTRIBUTE}{{0,{most}}}")
    kept: list[str] = []
    copied = at = 0
    while tag := _TAG.search(markup, at):
        at = _end(attributes, markup, tag.end())
        behind = _end(attributes, markup, at)
        if behind > at:
            kept.append(markup[copied:at])
            while (further := _end(attributes, markup, behind)) > behind:
                behind = further
            copied = at = behind
    return "".join([*kept, markup[copied:]]) if kept else markup


def _end(pattern: re.Pattern[str], markup: str, at: int) -> int:
    found = pattern.match(markup, at)
    return found.end() if found else at
