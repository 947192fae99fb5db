"""Outlets of the user's own: read from CSV or TOML, kept in the database, joined with those of the package.

A CSV file has a head line with `name` and `kind`, and any of `aliases`, `domain`, `country`, `ambiguous`, `tags`
and `hosts` (lists parted by `|`; hosts are further ones beside the domain, such as a mirror). A TOML file has one table
an outlet:

    [[outlet]]
    name = "Quaywatch"
    kind = "outlet"
    aliases = ["QW", "Quay Watch"]
    domain = "quaywatch.example"
    tags = ["known mirror"]

Tags are the user's own words; nothing is inferred from them, and every view shows them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from provenance.attribution.outlets import Gazetteer, Outlet, folded
from provenance.errors import MalformedError, TooLargeError, UnreadableError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same parser under its older name
    import tomli as tomllib

LISTS: Final = ("aliases", "ambiguous", "tags", "hosts")
FIELDS: Final = ("name", "kind", "aliases", "domain", "country", "ambiguous", "tags", "hosts")
_DOMAIN: Final = re.compile(r"(?:[^\W_][\w-]{0,62}\.){1,6}[^\W\d_][\w-]{1,62}")
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_LARGEST: Final = 16 * 1024 * 1024
_LONGEST: Final = 200
"""Characters of a name, a tag or a host; more is a damaged file."""


def read_outlets(path: Path) -> tuple[Outlet, ...]:
    """Read outlets from a file: TOML where its name ends in `.toml`, else CSV.

    Raises:
        UnreadableError: the file cannot be read.
        TooLargeError: it has more than 16 MB.
        MalformedError: not UTF-8, not TOML, a column missing, or a row that cannot be used; the first one is named.
    """
    where = str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise TooLargeError(f"more than {_LARGEST:,} bytes", where=where, remedy="name a file of outlets")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(
            str(error.strerror), where=where, remedy="name a readable CSV or TOML file of outlets"
        ) from error
    except UnicodeDecodeError as error:
        raise MalformedError("not UTF-8", where=where, remedy="save it as UTF-8") from error
    rows = _toml_rows(text, where) if path.suffix.casefold() == ".toml" else _csv_rows(text, where)
    found: dict[str, Outlet] = {}
    for place, row in rows:
        outlet = _outlet(row, place)
        if folded(outlet.name) in found:
            raise MalformedError(
                f"{outlet.name!r} stands there twice", where=place, remedy="write one row for each outlet"
            )
        found[folded(outlet.name)] = outlet
    return tuple(found.values())


def extended(gazetteer: Gazetteer, own: Iterable[Outlet]) -> Gazetteer:
    """A gazetteer with outlets of the user's own, which go before those that it knows.

    An outlet of a name, or with an alias for its name, that the gazetteer has as an outlet's own name extends that
    one: kind, domain and country are the new ones where given, aliases and doubts about names are added. Names
    and aliases of others that a user's outlet bears mean the user's.
    """
    known = {folded(outlet.name): outlet for outlet in gazetteer.outlets}
    first = []
    taken = set()
    for outlet in own:
        held = known.get(folded(outlet.name))
        if held is None:
            found = gazetteer.lookup(outlet.name)
            held = found if found is not None and not gazetteer.ambiguous(outlet.name) else None
        if held is None:
            first.append(outlet)
            continue
        taken.add(held.name)
        first.append(
            replace(
                outlet,
                name=held.name,
                aliases=tuple(dict.fromkeys((*_other_names(outlet, held), *outlet.aliases, *held.aliases))),
                domain=outlet.domain or held.domain,
                country=outlet.country or held.country,
                ambiguous=outlet.ambiguous | held.ambiguous,
                hosts=tuple(dict.fromkeys((*outlet.hosts, *_former(outlet, held), *held.hosts))),
            )
        )
    if not first:
        return gazetteer
    return Gazetteer((*first, *(outlet for outlet in gazetteer.outlets if outlet.name not in taken)))


def _former(outlet: Outlet, held: Outlet) -> tuple[str, ...]:
    """The domain that the package knows, where the user gives another one."""
    return (held.domain,) if held.domain and outlet.domain not in {"", held.domain} else ()


def _other_names(outlet: Outlet, held: Outlet) -> tuple[str, ...]:
    return () if folded(outlet.name) == folded(held.name) else (outlet.name,)


def written(outlets: Iterable[Outlet]) -> str:
    """Outlets as JSON, for keeping them."""
    rows = [
        [one.name, one.kind, one.aliases, one.domain, one.country, sorted(one.ambiguous), one.tags, one.hosts]
        for one in outlets
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_back(kept: str | None) -> tuple[Outlet, ...]:
    """Outlets from what `written` made of them; none from None."""
    return tuple(
        # a database of an earlier version has no hosts
        Outlet(name, kind, tuple(aliases), domain, country, frozenset(ambiguous), tuple(tags), tuple(*hosts))
        for name, kind, aliases, domain, country, ambiguous, tags, *hosts in (json.loads(kept) if kept else ())
    )


def _csv_rows(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise MalformedError(f"not CSV: {error}", where=where, remedy="save it as CSV") from error
    if not {"name", "kind"} <= set(names):
        raise MalformedError(
            "the head line lacks name or kind", where=where, remedy=f"the columns are {', '.join(FIELDS)}"
        )
    unknown = sorted(set(names) - set(FIELDS))
    if unknown:
        what = f"no column is named {unknown[0]!r}"
        raise MalformedError(what, where=where, remedy=f"the columns are {', '.join(FIELDS)}")
    reader.fieldnames = names
    while True:
        place = f"{where}, line {reader.line_num + 1}"
        try:
            row: dict[str | None, Any] | None = next(reader, None)
        except csv.Error as error:
            raise MalformedError(f"not CSV: {error}", where=place, remedy="quote cells with commas") from error
        if row is None:
            return
        if None in row:
            raise MalformedError("more cells than columns", where=place, remedy="quote cells with commas in them")
        cells = {str(name): (value or "").strip() for name, value in row.items()}
        yield place, {name: _split(value) if name in LISTS else value for name, value in cells.items()}


def _toml_rows(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, lists within lists without end
        raise MalformedError(f"not TOML: {error}", where=where, remedy="one [[outlet]] table for each") from error
    rows = tables.pop("outlet", None)
    if tables or not isinstance(rows, list):
        what = f"it has {next(iter(tables))!r}" if tables else "it has no [[outlet]]"
        raise MalformedError(what, where=where, remedy="one [[outlet]] table for each outlet, and nothing else")
    for number, row in enumerate(rows, 1):
        place = f"{where}, outlet {number}"
        if not isinstance(row, dict):
            raise MalformedError("not a table", where=place, remedy="write [[outlet]] and its fields below")
        for name, value in row.items():
            if name not in FIELDS:
                raise MalformedError(f"no field is named {name!r}", where=place, remedy=f"one of {', '.join(FIELDS)}")
            listed = isinstance(value, list) and all(isinstance(part, str) for part in value)
            if not (listed if name in LISTS else isinstance(value, str)):
                wanted = 'a list of strings, ["…"]' if name in LISTS else 'a string, "…"'
                raise MalformedError(f"{name} is {_shown(value)}", where=place, remedy=f"{name} is {wanted}")
        yield place, row


def _shown(value: object) -> str:
    return "a number" if type(value) is int else f"{value!r:.80}"  # Python writes no number of thousands of digits


def _outlet(row: Mapping[str, Any], where: str) -> Outlet:
    """One row as an outlet.

    Raises:
        MalformedError: naming the place and what to mend.
    """
    name, kind = row.get("name", "").strip(), row.get("kind", "").strip()
    if not folded(name):
        raise MalformedError("no name", where=where, remedy="give the outlet's name")
    if kind not in {"agency", "outlet"}:
        raise MalformedError(f"kind is {kind!r}", where=where, remedy="kind is agency or outlet")
    domain, *hosts = (
        host.strip().casefold().removeprefix("www.") for host in (row.get("domain", ""), *row.get("hosts", ()))
    )
    for host in (domain, *hosts):
        if host and not _DOMAIN.fullmatch(host):
            raise MalformedError(f"{host!r} is no domain", where=where, remedy="such as example.org, without https://")
    country = row.get("country", "").strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise MalformedError(f"{country!r} is no country", where=where, remedy="two letters as in ISO 3166, or nothing")
    aliases, doubts, tags = (tuple(map(str.strip, row.get(field, ()))) for field in ("aliases", "ambiguous", "tags"))
    strange = sorted(set(doubts) - {name, *aliases})
    if strange:
        what = f"{strange[0]!r} is ambiguous but neither the name nor an alias"
        raise MalformedError(what, where=where, remedy="list it among the aliases too")
    for text in (name, *aliases, *tags):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise MalformedError(
                f"{text[:40]!r} is empty, too long or not printable", where=where, remedy="mend or remove it"
            )
    return Outlet(
        name=name,
        kind="agency" if kind == "agency" else "outlet",
        aliases=aliases,
        domain=domain,
        country=country,
        ambiguous=frozenset(doubts),
        tags=tuple(dict.fromkeys(tags)),
        hosts=tuple(dict.fromkeys(filter(None, hosts))),
    )


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split("|") if part.strip()]
