from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.attribution.outlet_files import extended, read_back, read_outlets, written
from provenance.attribution.outlets import Gazetteer, Outlet
from provenance.errors import InputError, MalformedError, UnreadableError

CSV = """name,kind,aliases,domain,country,tags
TASS,agency,Tassy,,,state media|watched
Quaywatch,outlet,QW|Quay Watch,WWW.quay.example,gb,known mirror
"""
TOML = """
[[outlet]]
name = "TASS"
kind = "agency"
aliases = ["Tassy"]
tags = ["state media", "watched"]

[[outlet]]
name = "Quaywatch"
kind = "outlet"
aliases = ["QW", "Quay Watch"]
domain = "quay.example"
country = "GB"
tags = ["known mirror"]
"""


def saved(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_toml_say_the_same(tmp_path: Path) -> None:
    one = read_outlets(saved(tmp_path, "own.csv", CSV))
    assert one == read_outlets(saved(tmp_path, "own.toml", TOML))
    assert one[0].tags == ("state media", "watched")
    assert (one[1].domain, one[1].country) == ("quay.example", "GB")


def test_entries_extend_and_override_those_of_the_package(tmp_path: Path) -> None:
    base = Gazetteer.default()
    own = extended(base, read_outlets(saved(tmp_path, "own.csv", CSV)))
    tass, quay = own.lookup("ТАСС"), own.lookup("QW")
    assert tass is not None
    assert (tass.name, tass.domain, tass.tags) == ("TASS", "tass.com", ("state media", "watched"))
    assert own.lookup("Tassy") == tass
    assert own.by_host("https://quay.example/1") == quay
    assert len(own.outlets) == len(base.outlets) + 1
    assert base.lookup("Tassy") is None


def test_an_alias_of_the_package_names_the_outlet_it_means() -> None:
    own = extended(Gazetteer.default(), [Outlet("Zero Hedge", "outlet", tags=("watched",))])
    found = own.lookup("ZeroHedge")
    assert found is not None
    assert (found.name, found.tags) == ("ZeroHedge", ("watched",))
    assert found == own.lookup("Zero Hedge")


def test_a_doubtful_alias_of_the_package_becomes_an_outlet_of_its_own() -> None:
    own = extended(Gazetteer.default(), [Outlet("The Journal", "outlet", domain="journal.example")])
    found, other = own.lookup("The Journal"), own.lookup("Wall Street Journal")
    assert found is not None
    assert other is not None
    assert (found.name, other.name) == ("The Journal", "Wall Street Journal")


def test_tags_alone_do_not_change_what_attributions_are_read_with() -> None:
    known = Outlet("Quaywatch", "outlet")
    tagged = Outlet("Quaywatch", "outlet", tags=("known mirror",))
    base = Gazetteer([])
    assert extended(base, [known]).signature() == extended(base, [tagged]).signature()
    assert extended(base, []) is base


@pytest.mark.parametrize(
    ("name", "text", "place", "remedy"),
    [
        ("a.csv", "name\nA\n", "a.csv", "columns"),
        ("a.csv", "name,kind,colour\nA,outlet,red\n", "a.csv", "columns"),
        ("a.csv", "name,kind\nA,outlet\nB,paper\n", "line 3", "agency or outlet"),
        ("a.csv", "name,kind\n,outlet\n", "line 2", "name"),
        ("a.csv", "name,kind\nA,outlet,x\n", "line 2", "quote"),
        ("a.csv", "name,kind\nA,outlet\nthe A,outlet\n", "line 3", "one row"),
        ("a.csv", "name,kind,domain\nA,outlet,https://a.example/\n", "line 2", "without https"),
        ("a.csv", "name,kind,country\nA,outlet,England\n", "line 2", "two letters"),
        ("a.csv", "name,kind,ambiguous\nA,outlet,B\n", "line 2", "aliases"),
        ("a.csv", 'name,kind,tags\nA,outlet,"a\x1b[1m"\n', "line 2", "mend"),
        ("a.csv", 'name,kind\n"A,outlet\n', "line 2", "quote"),
        ("a.toml", "name = 1", "a.toml", "[[outlet]]"),
        ("a.toml", "= 1", "a.toml", "[[outlet]]"),
        ("a.toml", "outlet = [1]", "outlet 1", "[[outlet]]"),
        ("a.toml", '[[outlet]]\nname = "A"\nkind = "outlet"\ntags = "x"', "outlet 1", "list"),
        ("a.toml", '[[outlet]]\nname = "A"\nkind = "outlet"\ntagz = []', "outlet 1", "one of"),
    ],
)
def test_a_bad_file_names_place_and_remedy(tmp_path: Path, name: str, text: str, place: str, remedy: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read_outlets(saved(tmp_path, name, text))
    assert name in str(caught.value)
    assert place in str(caught.value)
    assert remedy in str(caught.value)


def test_a_missing_file_and_one_of_another_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"none\.csv"):
        read_outlets(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MalformedError, match=r"bad\.csv"):
        read_outlets(tmp_path / "bad.csv")


@settings(max_examples=50)
@given(text=st.text(max_size=200), name=st.sampled_from(["x.csv", "x.toml"]))
def test_any_text_gives_outlets_or_an_error_of_input(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    path = tmp_path_factory.mktemp("outlets") / name
    path.write_text(text, encoding="utf-8", errors="replace")
    with contextlib.suppress(InputError):
        assert all(outlet.name for outlet in read_outlets(path))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    own = read_outlets(saved(tmp_path, "own.csv", CSV))
    assert read_back(written(own)) == own
    assert read_back(None) == ()


def test_further_hosts_are_read_kept_and_joined(tmp_path: Path) -> None:
    text = "name,kind,domain,hosts\nTASS,agency,tass.example,WWW.tass-mirror.example|tass-mirror.example\n"
    own = read_outlets(saved(tmp_path, "own.csv", text))
    assert own[0].hosts == ("tass-mirror.example",)
    assert read_back(written(own)) == own
    toml = '[[outlet]]\nname = "TASS"\nkind = "agency"\ndomain = "tass.example"\nhosts = ["tass-mirror.example"]\n'
    assert read_outlets(saved(tmp_path, "own.toml", toml)) == own
    joined = extended(Gazetteer.default(), own)
    for host in ("tass.example", "tass-mirror.example", "tass.com", "tass.ru"):
        found = joined.by_host(host)
        assert found is not None
        assert found.name == "TASS"
    with pytest.raises(MalformedError, match="no domain"):
        read_outlets(saved(tmp_path, "bad.csv", "name,kind,hosts\nQ,outlet,https://q.example/\n"))


def test_outlets_kept_by_an_earlier_version_are_read() -> None:
    kept = '[["Quaywatch","outlet",["QW"],"quay.example","GB",[],["mirror"]]]'
    (one,) = read_back(kept)
    assert (one.name, one.tags, one.hosts) == ("Quaywatch", ("mirror",), ())
