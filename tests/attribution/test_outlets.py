from __future__ import annotations

import csv
import io
import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.attribution.outlets import Gazetteer, Outlet, folded, host_of, looks_like_outlet, one_letter_apart
from provenance.errors import MalformedError, UnreadableError

GAZETTEER = Gazetteer.default()


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("TASS", "TASS"),
        ("the Associated Press", "Associated Press"),
        ("AP", "Associated Press"),
        ("New York Post", "New York Post"),
        ("The New York Post", "New York Post"),
        ("«Интерфакс»", "Interfax"),
        ("Интерфаксу", "Interfax"),
        ("РИА Новости", "RIA Novosti"),
        ("سانا", "SANA"),
        ("dpa", "Deutsche Presse-Agentur"),
        ("Press TV", "Press TV"),
        ("Ma’an News Agency", "Ma'an News Agency"),
    ],
)
def test_names_are_found(name: str, canonical: str) -> None:
    found = GAZETTEER.lookup(name)
    assert found is not None
    assert found.name == canonical


@pytest.mark.parametrize("name", ["map", "app", "aa", "Nobody Times", "", "the", "ap"])
def test_words_are_no_names(name: str) -> None:
    assert GAZETTEER.lookup(name) is None


def test_ambiguous_names_are_marked() -> None:
    assert GAZETTEER.ambiguous("RT")
    assert GAZETTEER.ambiguous("The Cradle")
    assert not GAZETTEER.ambiguous("Reuters")


def test_some_names_are_names_only_with_their_article() -> None:
    found = GAZETTEER.lookup("The Hill")
    assert found is not None
    assert found == GAZETTEER.lookup("the Hill")
    assert GAZETTEER.lookup("Hill") is None
    assert GAZETTEER.lookup("the hill") is None


def test_hosts() -> None:
    for url in ("https://www.reuters.com/x", "reuters.com", "http://uk.reuters.com:80/"):
        found = GAZETTEER.by_host(url)
        assert found is not None
        assert found.name == "Reuters"
    assert GAZETTEER.by_host("https://example.org/reuters.com") is None
    assert GAZETTEER.by_host("http://[") is None
    assert host_of("https://www.Example.org/a") == "example.org"


def test_the_longest_name_in_a_phrase() -> None:
    found = GAZETTEER.within(["Russian", "news", "agency", "RIA", "Novosti"])
    assert found is not None
    assert (found[0].name, found[1], found[2]) == ("RIA Novosti", 3, 5)
    assert GAZETTEER.within(["the", "mayor"]) is None
    assert GAZETTEER.within([]) is None


def test_outlets_are_added_and_the_old_one_is_unchanged() -> None:
    more = GAZETTEER.with_outlets(["Quaywatch", Outlet("Veld Agency", "agency", ("VA",)), "Reuters", " "])
    assert more.lookup("quaywatch") is not None
    assert more.lookup("VA") == more.lookup("Veld Agency")
    assert GAZETTEER.lookup("Quaywatch") is None
    assert GAZETTEER.with_outlets([]) is GAZETTEER
    assert len(more.outlets) == len(GAZETTEER.outlets) + 2


def test_every_row_of_the_package_is_found_by_its_name() -> None:
    for outlet in GAZETTEER.outlets:
        assert GAZETTEER.lookup(outlet.name) is not None, outlet.name
        assert outlet.ambiguous <= {outlet.name, *outlet.aliases}, outlet.name


def test_a_csv_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("name,kind,aliases,domain\nQuaywatch,outlet,QW|Quay Watch,quay.example\n", encoding="utf-8")
    own = Gazetteer.from_csv(path)
    assert own.lookup("Quay Watch") == own.lookup("QW") == own.by_host("https://quay.example/1")


@pytest.mark.parametrize(
    "content",
    [b"name\nA\n", b"name,kind\nA,paper\n", b"name,kind\n,outlet\n", b"\xff\xfe\x00", b""],
)
def test_a_bad_csv_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(MalformedError) as caught:
        Gazetteer.from_csv(path)
    assert "bad.csv" in str(caught.value)


def test_a_missing_csv_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"none\.csv"):
        Gazetteer.from_csv(tmp_path / "none.csv")


def test_forms_of_unknown_outlets() -> None:
    for name in ("Harbour Times", "the Easton Herald", "Radio Easton", "Vesta-24", "quaywatch.com"):
        assert looks_like_outlet(name), name
    for name in ("", "Ann Cole", "Times", "the mayor", "the harbour times"):
        assert not looks_like_outlet(name), name


def test_one_letter_apart() -> None:
    assert one_letter_apart("Rossiva-24", "Rossiya-24", 6)
    assert not one_letter_apart("RT", "RA", 6)
    assert not one_letter_apart("Interfax", "Interflex", 6)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(name: str) -> None:
    once = folded(name)
    assert GAZETTEER.lookup(name) is None or once
    assert folded(once) == once or once.startswith("the ")


COUNTRIES_TEXT = """
AD AE AF AG AI AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO
CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FO FR GA GB GD GE GH GI GL GM GN GQ GR GT GW GY HK HN HR HT
HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK
ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB
SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS
XK YE ZA ZM ZW
"""


def test_the_package_has_a_large_gazetteer_without_faults() -> None:
    countries = set(COUNTRIES_TEXT.split())
    assert len(GAZETTEER.outlets) >= 1500
    assert sum(outlet.kind == "agency" for outlet in GAZETTEER.outlets) >= 200
    names = [outlet.name for outlet in GAZETTEER.outlets]
    assert len({folded(name) for name in names}) == len(names)
    hosts = [host for outlet in GAZETTEER.outlets for host in (outlet.domain, *outlet.hosts) if host]
    assert len(set(hosts)) == len(hosts)
    for outlet in GAZETTEER.outlets:
        assert outlet.country in countries | {""}, outlet
        assert outlet.domain or not outlet.hosts, outlet
        assert not outlet.tags, outlet
        for host in filter(None, (outlet.domain, *outlet.hosts)):
            assert re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,24}", host), outlet
            assert host_of(host) == host


def test_what_was_checked_is_known_and_said() -> None:
    table = resources.files("provenance.attribution") / "outlets.csv"
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["name"] for row in rows] == [outlet.name for outlet in GAZETTEER.outlets]
    document = (Path(__file__).parents[2] / "docs" / "gazetteer.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(\w+)` \|", document.partition("| key |")[2], re.MULTILINE))
    checked = [row["checked"].split("|") for row in rows if row["checked"]]
    assert {key for keys in checked for key in keys} == described
    assert all(len(set(keys)) == len(keys) for keys in checked)
    assert all(row["domain"] for row in rows if row["checked"])
    assert len(checked) >= 1200
    assert f"Of {len(rows):,} rows {len(checked):,} are checked" in document
    assert sum(row["kind"] == "agency" and bool(row["checked"]) for row in rows) >= 90


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("https://www.bbc.com/news/1", "BBC"),
        ("https://tass.ru/politika/1", "TASS"),
        ("https://swentr.site/news/1", "RT"),
        ("https://arabic.rt.com/world/1", "RT"),
        ("http://paper.people.com.cn/1", "People's Daily"),
        ("https://alalamtv.net/news/1", "Al-Alam"),
    ],
)
def test_further_hosts_are_the_outlets_own(host: str, name: str) -> None:
    found = GAZETTEER.by_host(host)
    assert found is not None
    assert found.name == name


def test_further_hosts_from_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "name,kind,domain,hosts,checked\nQuaywatch,outlet,quay.example,quay2.example|q.example,x\n", encoding="utf-8"
    )
    own = Gazetteer.from_csv(path)
    assert own.outlets[0].hosts == ("quay2.example", "q.example")
    assert own.by_host("https://a.q.example/1") == own.by_host("quay.example") == own.outlets[0]
    assert own.signature() != Gazetteer([Outlet("Quaywatch", "outlet", domain="quay.example")]).signature()


def test_no_name_or_alias_of_the_package_means_two_outlets() -> None:
    means: dict[tuple[str, str], set[str]] = {}
    for outlet in GAZETTEER.outlets:
        for name in (outlet.name, *outlet.aliases):
            key = folded(name)
            if name.startswith("The ") and " " not in key:
                place = ("articled", key)
            elif name.isupper() and len(name) <= 5:
                place = ("exact", name)
            else:
                place = ("name", key)
            means.setdefault(place, set()).add(outlet.name)
    assert not {place: found for place, found in means.items() if len(found) > 1}


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("رويترز", "Reuters"),
        ("الأناضول", "Anadolu Agency"),
        ("路透社", "Reuters"),
        ("塔斯社", "TASS"),
        ("半岛电视台", "Al Jazeera"),
        ("新华社", "Xinhua"),
        ("Блумберг", "Bloomberg"),
        ("News Front", "News Front"),
        ("Strategic Culture Foundation", "Strategic Culture Foundation"),
        ("Global Research", "Global Research"),
        ("Grayzone", "The Grayzone"),
        ("MintPress", "MintPress News"),
        ("Réseau Voltaire", "Voltaire Network"),
        ("Folha de São Paulo", "Folha de S.Paulo"),
        ("Yeni Safak", "Yeni Şafak"),
    ],
)
def test_outlets_of_the_world_and_their_names_in_other_scripts(name: str, canonical: str) -> None:
    found = GAZETTEER.lookup(name)
    assert found is not None
    assert found.name == canonical
