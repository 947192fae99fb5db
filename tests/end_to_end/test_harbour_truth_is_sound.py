"""The truth of the harbour collection holds in its texts, checked by plain counting of shared words."""

from __future__ import annotations

import functools
import itertools
import json
import re
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

HARBOUR = Path(__file__).resolve().parents[2] / "examples" / "harbour"
TRUTH: dict[str, Any] = json.loads((HARBOUR / "truth.json").read_text(encoding="utf-8"))
RUN = 8
"""Words in a row that two articles do not share by chance."""
COPIES = {"credited-copy", "uncredited-copy", "update"}
LINK_FIELDS = {"upstream", "upstream_name", "downstream", "relation", "credited"}


@dataclass(frozen=True)
class Held:
    text: str
    raw: str
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    invented: bool = False


class Paragraphs(HTMLParser):
    """The paragraphs of a page's article element, and its JSON-LD."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.json_ld = ""
        self.canonical = ""
        self._open: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.add(tag)
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical = given["href"] or ""
        if tag == "p" and "article" in self._open:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.discard(tag)

    def handle_data(self, data: str) -> None:
        if {"article", "p"} <= self._open:
            self.paragraphs[-1] += data
        if "script" in self._open:
            self.json_ld += data


@functools.cache
def page() -> tuple[str, str, dict[str, Any]]:
    """The text, canonical link and NewsArticle node of the one HTML page."""
    parser = Paragraphs()
    parser.feed((HARBOUR / "articles" / "estuary-dispatch.html").read_text(encoding="utf-8"))
    node = json.loads(parser.json_ld)["@graph"][0]
    return "\n\n".join(parser.paragraphs), parser.canonical, node


@functools.cache
def held() -> dict[str, Held]:
    """Every article by id, read without the package."""
    folder = HARBOUR / "articles"
    articles: dict[str, Held] = {}
    for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        keys = {"outlet", "published", "url", "invented"} & record.keys()
        assert record["id"] not in articles
        articles[record["id"]] = Held(record["text"], record["text"], **{key: record[key] for key in keys})
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        articles[path.name] = Held(text, text, invented=True)
    letter = (folder / "hollin-letter.md").read_text(encoding="utf-8")
    matter = dict(line.split(": ", 1) for line in letter.split("---")[1].strip().splitlines())
    invented = "Invented" in matter["description"]
    articles["hollin-letter.md"] = Held(letter, letter, matter["outlet"], matter["date"], invented=invented)
    text, _, node = page()
    raw = (folder / "estuary-dispatch.html").read_text(encoding="utf-8")
    outlet, published = node["publisher"]["name"], node["datePublished"]
    articles["estuary-dispatch.html"] = Held(text, raw, outlet, published, invented="Invented" in raw)
    return articles


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def grams(text: str) -> set[tuple[str, ...]]:
    tokens = words(text)
    return {tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)}


def shared_runs(text: str, other: str) -> list[list[str]]:
    """The runs of at least RUN words of `text` whose every RUN words in a row stand in `other` too."""
    known, tokens = grams(other), words(text)
    hits = [i for i in range(len(tokens) - RUN + 1) if tuple(tokens[i : i + RUN]) in known]
    runs: list[list[str]] = []
    for _, group in itertools.groupby(enumerate(hits), lambda pair: pair[1] - pair[0]):
        positions = [position for _, position in group]
        runs.append(tokens[positions[0] : positions[-1] + RUN])
    return runs


def longest(a: str, b: str) -> int:
    return max(map(len, shared_runs(held()[a].text, held()[b].text)), default=0)


def names_of(name: str) -> list[str]:
    return [name, *TRUTH["names"].get(name, [])]


def names_it(text: str, name: str) -> bool:
    return any(re.search(rf"\b{re.escape(form)}\b", text, re.IGNORECASE) for form in names_of(name))


def rows(*relations: str) -> list[dict[str, Any]]:
    return [row for row in TRUTH["links"] if row["relation"] in relations]


def directed() -> list[dict[str, Any]]:
    """The rows with an arrow between two held texts, those of the acceptable alternatives included."""
    accepted = [row for place in TRUTH["undecidable"] for row in place["accept"]]
    return [row for row in [*TRUTH["links"], *accepted] if row["upstream"] and row["relation"] in COPIES]


def moment(article: Held) -> datetime:
    """When it was published; a date without a time zone is the end of its day."""
    assert article.published
    stamp = article.published
    return datetime.fromisoformat(stamp if "T" in stamp else f"{stamp}T23:59:59+01:00")


def label(row: dict[str, Any]) -> str:
    return f"{row.get('document') or row['downstream']}: {row.get('claim') or row['relation']}"


def test_shared_runs_are_counted_to_the_word() -> None:
    left = "zero one two three four five six seven eight nine ten left"
    right = "nothing, one two three “Four” five six seven eight nine ten - right"
    assert [len(run) for run in shared_runs(left, right)] == [10]
    assert shared_runs("one two three four five six seven", "one two three four five six seven") == []


def test_every_article_has_a_role_and_the_outlet_it_gives() -> None:
    assert held().keys() == TRUTH["articles"].keys()
    for name, article in held().items():
        assert article.outlet == TRUTH["articles"][name]["outlet"], name
        assert TRUTH["articles"][name]["role"], name


def test_articles_are_short_marked_as_invented_and_at_reserved_addresses() -> None:
    for name, article in held().items():
        assert 100 <= len(words(article.text)) <= 510, name
        assert article.invented, name
        addresses = re.findall(r"https?://([^/\"\s]+)", f"{article.raw} {article.url or ''}")
        assert {host for host in addresses if not host.endswith(".example")} <= {"schema.org"}, name


def test_undated_articles_are_exactly_the_two_texts_of_unknown_origin() -> None:
    undated = {name for name, article in held().items() if article.published is None}
    assert undated == {"phone-message.txt", "waterside-notice.txt"}
    assert all(held()[name].outlet is None for name in undated)


def test_rows_name_held_articles_and_have_the_fields_of_the_export() -> None:
    accepted = [row for place in TRUTH["undecidable"] for row in place["accept"]]
    for row in [*TRUTH["links"], *accepted]:
        assert row.keys() >= LINK_FIELDS, row
        assert row["downstream"] in held(), row
        if row["upstream"] is not None:
            assert held()[row["upstream"]].outlet == row["upstream_name"], row
    keys = [(row["downstream"], row["upstream"], row["upstream_name"]) for row in TRUTH["links"]]
    assert len(set(keys)) == len(keys)


def test_undecidable_places_offer_several_rows_that_the_links_do_not_hold() -> None:
    for place in TRUTH["undecidable"]:
        bare = [{key: row[key] for key in LINK_FIELDS} for row in TRUTH["links"]]
        assert len(place["accept"]) >= 2
        for row in place["accept"]:
            assert row["downstream"] == place["downstream"]
            assert row not in bare


@pytest.mark.parametrize("row", directed(), ids=label)
def test_a_copy_shares_long_runs_with_its_upstream_and_is_not_older(row: dict[str, Any]) -> None:
    upstream, downstream = held()[row["upstream"]], held()[row["downstream"]]
    assert longest(row["downstream"], row["upstream"]) >= 25
    assert sum(map(len, shared_runs(downstream.text, upstream.text))) >= 60
    if upstream.published and downstream.published:
        assert moment(upstream) < moment(downstream)


@pytest.mark.parametrize("row", rows("credited-copy", "uncredited-copy"), ids=label)
def test_a_copy_names_its_upstream_if_and_only_if_it_is_credited(row: dict[str, Any]) -> None:
    raw = held()[row["downstream"]].raw
    assert names_it(raw, row["upstream_name"]) is row["credited"]
    assert row["credited"] is (row["relation"] == "credited-copy")


def test_no_copy_has_two_parents_and_no_arrow_leads_back() -> None:
    parent = {row["downstream"]: row["upstream"] for row in directed()}
    assert len(parent) == len(directed())
    for start in parent:
        path = [start]
        while path[-1] in parent:
            path.append(parent[path[-1]])
            assert path[-1] not in path[:-1], path


def test_an_update_is_by_the_same_outlet_and_closer_to_it_than_to_any_other() -> None:
    (row,) = rows("update")
    update, first = row["downstream"], row["upstream"]
    assert held()[update].outlet == held()[first].outlet
    extent = {
        name: sum(map(len, shared_runs(held()[update].text, article.text)))
        for name, article in held().items()
        if name != update
    }
    assert max(extent, key=lambda name: extent[name]) == first


def test_uncredited_copies_of_the_agency_hold_what_no_reprint_holds_whole() -> None:
    """Ostrand Beacon and Aldery Ledger can be led back to the agency itself, not to one of its reprints."""
    for row in rows("uncredited-copy"):
        if row["upstream"] != "vpa-0312":
            continue
        text = held()[row["downstream"]].text
        root = grams(text) & grams(held()["vpa-0312"].text)
        for other in rows("credited-copy"):
            if other["upstream"] == "vpa-0312":
                assert root - grams(held()[other["downstream"]].text), (row["downstream"], other["downstream"])


@pytest.mark.parametrize("entry", TRUTH["peculiarities"], ids=lambda entry: entry["text"])
def test_a_peculiarity_is_shared_by_the_two_and_unknown_at_the_root(entry: dict[str, str]) -> None:
    parent = {row["downstream"]: row["upstream"] for row in directed()}
    root = parent[entry["upstream"]]
    holders = {name for name, article in held().items() if entry["text"] in article.text}
    assert holders == {entry["upstream"], entry["downstream"]}
    assert root not in holders


def test_the_shared_quotation_is_all_that_its_article_shares() -> None:
    (row,) = rows("quotation")
    text = held()[row["downstream"]].text
    quoted = [" ".join(words(speech)) for speech in re.findall(r"“([^”]*)”", text)]
    assert names_it(text, row["upstream_name"])
    found = False
    for name, article in held().items():
        if name == row["downstream"]:
            continue
        for run in shared_runs(text, article.text):
            assert any(" ".join(run) in speech for speech in quoted), (name, run)
            found = found or len(run) >= 20
    assert found


def test_articles_of_a_common_source_credit_it_and_not_each_other() -> None:
    members = rows("common-source")
    by_source: dict[str, list[str]] = {}
    for row in members:
        assert row["upstream"] is None
        assert row["upstream_name"] not in {article.outlet for article in held().values()}
        assert names_it(held()[row["downstream"]].text, row["upstream_name"])
        by_source.setdefault(row["upstream_name"], []).append(row["downstream"])
    for documents in by_source.values():
        assert len(documents) >= 2
        for a, b in itertools.combinations(documents, 2):
            assert longest(a, b) >= 30
            for one, other in ((a, b), (b, a)):
                outlet = held()[other].outlet
                assert outlet is not None
                assert not names_it(held()[one].text, outlet)


def test_credit_without_text_names_the_outlet_and_shares_no_run_with_it() -> None:
    accepted = [row for place in TRUTH["undecidable"] for row in place["accept"]]
    for row in [*TRUTH["links"], *accepted]:
        if row["relation"] != "credit-only":
            continue
        text = held()[row["downstream"]].text
        assert names_it(text, row["upstream_name"])
        for article in held().values():
            if article.outlet == row["upstream_name"]:
                assert shared_runs(text, article.text) == []


def test_the_undetermined_article_is_undated_names_no_outlet_and_shares_a_paragraph() -> None:
    (row,) = rows("undetermined")
    assert held()[row["downstream"]].published is None
    assert longest(row["downstream"], row["with"]) >= 30
    for article in held().values():
        if article.outlet is not None:
            assert not names_it(held()[row["downstream"]].text, article.outlet)
    # One run, word for word in a reprint too: no variant that would tell which of them it is closest to.
    runs = shared_runs(held()[row["downstream"]].text, held()[row["with"]].text)
    assert len(runs) == 1
    assert " ".join(runs[0]) in " ".join(words(held()["courier-tanker"].text))


def test_unseen_sources_are_credited_and_not_held() -> None:
    outlets = {article.outlet for article in held().values()}
    names = {row["upstream_name"] for row in rows("common-source", "credit-only")} - outlets
    assert {entry["name"] for entry in TRUTH["unseen"]} == names
    for entry in TRUTH["unseen"]:
        credited_by = {name for name, article in held().items() if names_it(article.raw, entry["name"])}
        assert credited_by == set(entry["credited_by"])


def families() -> dict[str, int]:
    """A number for each article; articles with the same number may share text."""
    joined = [(row["upstream"], row["downstream"]) for row in directed()]
    joined += [(row["with"], row["downstream"]) for row in rows("undetermined")]
    by_source = itertools.groupby(sorted(rows("common-source"), key=label), lambda row: row["upstream_name"])
    for _, members in by_source:
        joined += itertools.pairwise(row["downstream"] for row in members)
    family = {name: number for number, name in enumerate(sorted(held()))}
    for a, b in joined:
        old, new = family[b], family[a]
        family = {name: new if number == old else number for name, number in family.items()}
    return family


def test_unrelated_articles_share_no_run_of_words() -> None:
    family = families()
    quoting = {row["downstream"] for row in rows("quotation")}
    furniture = [" ".join(words(entry["text"])) for entry in TRUTH["furniture"]]
    for a, b in itertools.combinations(sorted(held()), 2):
        if family[a] == family[b] or {a, b} & quoting:
            continue
        for run in shared_runs(held()[a].text, held()[b].text):
            assert any(" ".join(run) in block for block in furniture), (a, b, run)


def test_the_letter_of_the_same_event_has_no_row_and_names_no_outlet() -> None:
    accepted = [row for place in TRUTH["undecidable"] for row in place["accept"]]
    assert "hollin-letter.md" not in {row["downstream"] for row in [*TRUTH["links"], *accepted]}
    for article in held().values():
        if article.outlet not in {None, "Hollin Parish Letter"}:
            assert not names_it(held()["hollin-letter.md"].text, str(article.outlet))


def test_furniture_stands_in_articles_of_one_outlet_only() -> None:
    for entry in TRUTH["furniture"]:
        assert len(words(entry["text"])) >= 30
        assert [name for name in sorted(held()) if entry["text"] in held()[name].text] == entry["documents"]
        assert len({held()[name].outlet for name in entry["documents"]}) == 1
        assert len(entry["documents"]) >= 2


@pytest.mark.parametrize("row", TRUTH["chains"], ids=label)
def test_a_chain_speaks_of_words_that_stand_once_and_of_names_that_the_article_gives(row: dict[str, Any]) -> None:
    article = held()[row["document"]]
    assert article.text.count(row["claim"]) == 1
    assert row["stance"] in {"assert", "distanced", "deny", "conjecture", "contested"}
    assert row["scope"] in {"document", "passage"}
    assert row["chain"]
    for name in row["chain"]:
        assert names_it(article.raw, name), name
        assert name != article.outlet


def test_chains_cover_the_articles_that_say_who_says_it() -> None:
    assert len(TRUTH["chains"]) >= 25
    assert held().keys() - {row["document"] for row in TRUTH["chains"]} == {"hollin-letter.md", "phone-message.txt"}


def test_chains_agree_with_the_credits_of_the_links() -> None:
    """What a credited copy relays of its upstream's words stands behind the upstream's outlet."""
    upstream = {row["downstream"]: row for row in rows("credited-copy")}
    claims = {(row["document"], row["claim"]): row["chain"] for row in TRUTH["chains"]}
    compared = 0
    for (document, claim), chain in claims.items():
        row = upstream.get(document)
        if row is not None and (row["upstream"], claim) in claims:
            assert chain == [row["upstream_name"], *claims[row["upstream"], claim]]
            compared += 1
    assert compared >= 10


def test_denials_and_figures_stand_in_the_text() -> None:
    chains = {(row["document"], row["claim"]): row for row in TRUTH["chains"]}
    for denial in TRUTH["denials"]:
        chain = chains[denial["document"], denial["claim"]]
        assert chain["stance"] == "deny"
        assert chain["chain"] == [name for name in (denial["to"], denial["by"]) if name]
    for figure in TRUTH["figures"]:
        assert len({value["text"] for value in figure["values"]}) >= 2
        for value in figure["values"]:
            assert value["text"] in held()[value["document"]].text, value


def test_the_page_credits_another_host_in_its_head_only() -> None:
    text, canonical, node = page()
    report = held()["vpa-0312"]
    assert canonical == node["isBasedOn"] == report.url
    assert node["creditText"] == report.outlet
    assert "Veldmark Press Agency" not in text


def test_the_trace_gives_three_answers_that_the_texts_bear_out() -> None:
    trace = TRUTH["trace"]
    earliest = held()[trace["earliest_held"]]
    holders = [article for article in held().values() if shared_runs(trace["text"], article.text)]
    assert all(moment(earliest) <= moment(article) for article in holders if article.published)
    assert earliest in holders
    assert any(names_it(article.raw, trace["earliest_credited"]) for article in holders if article is not earliest)
    assert names_it(earliest.text, trace["ultimate_speaker"])
