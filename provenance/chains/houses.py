"""Which names and sites belong to one publisher, by what a collection itself shows.

Collections name one publisher in several ways ("Fox News", "Fox Online News"; a guest's name over an article on a
paper's own site). Two names are one house where they differ in nothing but a word such as "News" or "Online" and no
address speaks against it; two articles are one house's where they stand on one site.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

_TAILS: Final = ("news", "online", "com", "web", "website", "digital", "editorial")
"""What names of one publisher are written with and without, at the end and without spaces."""

_SHORTEST_CORE: Final = 3
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"})

_SHARED_SITES: Final = frozenset(
    {
        "blogspot.com",
        "github.io",
        "livejournal.com",
        "medium.com",
        "substack.com",
        "tumblr.com",
        "typepad.com",
        "weebly.com",
        "wixsite.com",
        "wordpress.com",
    }
)
"""Domains under which everybody may have a site."""


def core(form: str) -> str:
    """A folded name without the words that a publisher's names differ by: `foxonlinenews` is `fox`."""
    shorter = form.endswith(_TAILS)
    while shorter:
        shorter = False
        for tail in _TAILS:
            if form.endswith(tail) and len(form) - len(tail) >= _SHORTEST_CORE:
                form, shorter = form.removesuffix(tail), True
    return form


@lru_cache(maxsize=65536)
def site(where: str) -> str:
    """The domain that a host belongs to and one publisher owns: `blogs.news.example.co.uk` gives `example.co.uk`."""
    labels = where.split(".")
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    if ".".join(labels[-size:]) in _SHARED_SITES:
        size += 1
    return ".".join(labels[-size:])


def one_house(sites: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Put together the names of one publisher.

    Args:
        sites: each outlet's key to the sites its articles stand on.

    Returns:
        Each key to the one that stands for its house: the shortest.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for key in sorted(sites, key=lambda key: (len(key), key)):
        alike[core(key)].append(key)
    found: dict[str, str] = {}
    for keys in alike.values():
        houses: list[tuple[str, set[str]]] = []
        for key in keys:
            for head, known in houses:
                if not known or not sites[key] or not known.isdisjoint(sites[key]):
                    known.update(sites[key])
                    found[key] = head
                    break
            else:
                houses.append((key, set(sites[key])))
                found[key] = key
    return found


def owners(placed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Whose each site is: the outlet of more than half of its articles.

    Args:
        placed: the site and outlet key of each article that has both.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for where, key in placed:
        counted[where][key] += 1
    found: dict[str, str] = {}
    for where in sorted(counted):
        (key, count), *_ = counted[where].most_common(1)
        if 2 * count > counted[where].total():
            found[where] = key
    return found
