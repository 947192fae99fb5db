from __future__ import annotations

import re
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
AE AF AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BN BO BR BT BW BY CA CD CG CH CI CL CM CN CO CU CY CZ DE DK DO DZ EC EE
EG ES ET FI FJ FR GB GE GH GR GT HK HR HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KP KR KW KZ LA LB LK LR LT LU LV LY
MA MD ME MG MK MM MN MR MT MU MW MX MY MZ NA NG NI NL NO NP NZ OM PE PH PK PL PR PS PT PY QA RO RS RU RW SA SD SE SG SI
SK SN SO SV SY TH TJ TN TR TT TW TZ UA UG US UY UZ VA VE VN XK YE ZA ZM ZW
"""


def test_the_package_has_a_large_gazetteer_without_faults() -> None:
    countries = set(COUNTRIES_TEXT.split())
    assert len(GAZETTEER.outlets) >= 400
    assert sum(outlet.kind == "agency" for outlet in GAZETTEER.outlets) >= 100
    names = [outlet.name for outlet in GAZETTEER.outlets]
    assert len({folded(name) for name in names}) == len(names)
    domains = [outlet.domain for outlet in GAZETTEER.outlets if outlet.domain]
    assert len(set(domains)) == len(domains)
    for outlet in GAZETTEER.outlets:
        assert outlet.country in countries | {""}, outlet
        assert not outlet.domain or re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", outlet.domain), outlet
        assert not outlet.tags, outlet


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
