"""Web addresses: which belong to one house, and whether a site's name can be that of a host.

Two hosts belong to one house where their registrable domains agree, or where they carry one label under a country's
domain or `.com` (`bbc.co.uk` and `bbc.com`). The registrable domain is found by rules instead of the Public Suffix
List: a country's usual second labels and the large blog platforms. Where a suffix is not known to the rules two hosts
are taken for one house, and a credit is missed rather than invented.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

# Second labels under which countries register domains (co.uk, com.br, or.jp, …)
# fmt: off
_SECOND_LEVEL = frozenset({
    "ac", "art", "asn", "biz", "co", "com", "edu", "ed", "eng", "firm", "gen", "go", "gob", "gouv", "gov", "gv",
    "id", "ind", "inf", "info", "ltd", "me", "med", "mil", "mod", "net", "ne", "nhs", "nic", "nom", "nsw", "or",
    "org", "orgs", "plc", "press", "pro", "pub", "qld", "sch", "tm", "tv", "vic", "web", "wa",
})
# fmt: on
# Hosts that give every customer a subdomain: each is a house of its own
# fmt: off
_PLATFORMS = frozenset({
    "blogspot.com", "wordpress.com", "substack.com", "tumblr.com", "livejournal.com", "typepad.com",
    "weebly.com", "wixsite.com", "ghost.io", "github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev",
    "web.app", "medium.com", "over-blog.com", "blogs.com", "squarespace.com", "beehiiv.com", "hatenablog.com",
    "altervista.org", "blogfree.net", "canalblog.com", "jimdofree.com", "webflow.io", "neocities.org",
})
# fmt: on
# Addresses of copies and services, which say nothing of whose page it is
_PROXIES = ("cdn.ampproject.org", "translate.goog", "googleusercontent.com", "archive.org", "archive.ph", "archive.is")
_VARIANTS = frozenset({"www", "www2", "www3", "amp", "m", "mobile", "wap", "touch"})
# fmt: off
_GENERIC_WORDS = frozenset({
    "the", "and", "news", "daily", "post", "times", "online", "com", "net", "org", "www", "press", "media",
    "radio", "today", "world", "global", "international", "english", "national", "official", "website", "site",
    "web", "blog", "magazine", "journal", "network", "channel", "live", "info", "report",
})
# fmt: on
_ARTICLES = frozenset({"the", "die", "der", "das", "le", "la", "les", "el", "los", "il", "al"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{1,14}[a-z_]{0,5}/(https?:/{1,2}.{1,2000})", re.IGNORECASE)
_IP_ADDRESS = re.compile(r"[\d.]+|.*:.*")
# what browsers pass over in an address and around it (WHATWG URL Standard, section 4.4)
_PASSED_OVER = re.compile(r"[\t\r\n]")
_AROUND = "".join(map(chr, range(0x21))) + "\u200b\ufeff"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_MAXIMUM_ADDRESS = 2000  # what browsers and search engines still follow


def absolute(address: str | None, base: str | None = None) -> str | None:
    """An address as an absolute http or https address without surrounding space, or None where it is none.

    Copies in the Internet Archive are taken for the page they copy.
    """
    if not address:
        return None
    cleaned = _PASSED_OVER.sub("", address.strip().strip(_AROUND))
    if not cleaned or len(cleaned) > _MAXIMUM_ADDRESS or _CONTROLS.search(cleaned):
        return None
    try:
        if cleaned.startswith("//"):
            cleaned = f"https:{cleaned}"
        elif base is not None:
            cleaned = urljoin(base, cleaned)
        archived = _ARCHIVED.fullmatch(cleaned)
        if archived is not None:
            cleaned = archived.group(1)
        parts = urlsplit(cleaned)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "." not in parts.hostname:
            return None
    except ValueError:  # such as an unclosed bracket around an IPv6 address
        return None
    return None if _IP_ADDRESS.fullmatch(parts.hostname) else cleaned


def host(address: str | None) -> str | None:
    """The host of an absolute address in lower case, without `www.`, `amp.` and `m.`; None for proxies and the rest."""
    full = absolute(address)
    if full is None:
        return None
    name = (urlsplit(full).hostname or "").rstrip(".").lower()
    labels = name.split(".")
    while len(labels) > 2 and labels[0] in _VARIANTS:
        labels = labels[1:]
    name = ".".join(labels)
    if any(name == proxy or name.endswith(f".{proxy}") for proxy in _PROXIES):
        return None
    return name


def has_path(address: str) -> bool:
    """Whether an absolute address names a page and not only a site."""
    parts = urlsplit(address)
    return bool(parts.path.strip("/") or parts.query)


def _split_suffix(name: str) -> tuple[str, str]:
    """The registered label of a host and the suffix it is registered under."""
    labels = name.split(".")
    keep = 1
    if (len(labels) > 2 and ".".join(labels[-2:]) in _PLATFORMS) or (
        len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    ):
        keep = 2
    return (labels[-keep - 1] if len(labels) > keep else "", ".".join(labels[-keep:]))


def registrable(name: str) -> str:
    """The registrable domain of a host: `news.bbc.co.uk` gives `bbc.co.uk`."""
    label, suffix = _split_suffix(name)
    return f"{label}.{suffix}" if label else suffix


def same_house(first: str, second: str) -> bool:
    """Whether two hosts belong to one publisher as far as their names tell."""
    first_label, first_suffix = _split_suffix(first)
    second_label, second_suffix = _split_suffix(second)
    if first_label != second_label:
        return False
    return first_suffix == second_suffix or (_national(first_suffix) and _national(second_suffix))


def _national(suffix: str) -> bool:
    """Under which a publisher registers its name a second time: `.com`, a country's domain, a blog platform."""
    last = suffix.rpartition(".")[2]
    return suffix == "com" or len(last) == 2 or suffix in _PLATFORMS


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))


def name_fits_host(name: str, address_host: str) -> bool:
    """Whether a site of this name may live at this host; True where the names cannot be compared.

    `The New York Times` fits `nytimes.com`, `Deutsche Welle` fits `dw.com`; `Zero Hedge` does not fit `thecradle.co`.
    """
    letters = [char for char in name if char.isalpha()]
    if not letters or sum(char < "\u0250" for char in letters) * 2 < len(letters):
        return True  # written in another alphabet than the host
    label, suffix = _split_suffix(address_host)
    labels = [part.replace("-", "") for part in address_host.removesuffix(suffix).split(".") if part] or [label]
    # hosts write ä as ae or as a
    spellings = (_words(name), _words(name.casefold().translate(_GERMAN)))
    return any(_fits(words, part) for words in spellings for part in labels)


def _fits(words: list[str], label: str) -> bool:
    own = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
    short, bare = "".join(own), label.removeprefix("the")
    if not bare or len(short) < 2 or bare in "".join(words) or short in label:
        return True
    distinctive = [word for word in own if word not in _GENERIC_WORDS]
    if any(len(word) >= 3 and word in label for word in distinctive):
        return True
    if own[0] in distinctive and short[:4] == bare[:4]:
        return True
    for chosen in (
        words,
        own,
        [word for word in own if word not in _ARTICLES and word not in {"of", "and", "for", "de"}],
    ):
        initials = "".join(word[0] for word in chosen)
        if len(initials) >= 2 and bare.startswith(initials):
            return True
    return bare[0] == short[0] and _is_subsequence(bare, short)


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)
