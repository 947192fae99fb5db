"""The command line: what each command prints, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from provenance.cli import main
from provenance.export.rows import FIELDS

ROOT = Path(__file__).parent.parent
HARBOUR = ROOT / "examples" / "harbour" / "articles"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "harbour.db"
    result = CliRunner().invoke(main, ["run", str(HARBOUR), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


def call(*words: str, database: Path | None = None, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [*words, *(["--db", str(database)] if database else [])], input=given)


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from provenance.cli import main; "
        "CliRunner().invoke(main, ['--help']); "
        "print([m for m in ('numpy', 'rich', 'trafilatura', 'sqlite_utils', 'datasketch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", list(main.commands))
def test_help_has_an_example_of_each_command(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert f"provenance {command}" in result.output.split("Examples:", 1)[1]


def test_exit_codes_are_documented() -> None:
    assert "Exit codes:" in call("--help").output


def test_run_without_a_path_is_wrong_usage(tmp_path: Path) -> None:
    assert call("run", database=tmp_path / "x.db").exit_code == 2


@pytest.mark.parametrize("command", ["documents", "passages", "attributions", "chains", "sources"])
def test_lists_as_json_and_csv(command: str, database: Path) -> None:
    rows = json.loads(call(command, "--json", database=database).stdout)
    assert rows
    table = list(csv.DictReader(io.StringIO(call(command, "--csv", database=database).stdout)))
    assert len(table) == len(rows)
    assert set(table[0]) == set(rows[0])


@pytest.mark.parametrize("command", ["documents", "passages", "attributions", "chains", "sources"])
def test_lists_for_people(command: str, database: Path) -> None:
    result = call(command, database=database)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 5


@pytest.mark.parametrize("what", list(FIELDS))
def test_export_has_the_fixed_fields(what: str, database: Path) -> None:
    rows = [json.loads(line) for line in call("export", what, database=database).stdout.splitlines()]
    assert rows
    assert all(tuple(row) == FIELDS[what] for row in rows)
    as_json = json.loads(call("export", what, "--format", "json", database=database).stdout)
    assert as_json == rows


def test_export_to_a_file(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "links.csv"
    assert call("export", "links", "--format", "csv", "-o", str(target), database=database).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("upstream,upstream_name,downstream")


def test_export_to_a_place_that_cannot_be_written(database: Path, tmp_path: Path) -> None:
    result = call("export", "links", "-o", str(tmp_path / "none" / "links.jsonl"), database=database)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_passages_of_one_cluster(database: Path) -> None:
    clusters = json.loads(call("passages", "--json", database=database).stdout)
    result = call("passages", str(clusters[0]["cluster"]), database=database)
    assert clusters[0]["document"] in result.stdout


def test_show_marks_an_article(database: Path) -> None:
    result = call("show", "veld-voice", database=database)
    assert "Coastline Monitor ← The Breakwater ← Rolf Aske" in result.stdout
    row = json.loads(call("show", "veld-voice", "--json", database=database).stdout)[0]
    assert row["text"].startswith("If you wondered why")


def test_show_marks_sources_cues_and_contents_without_colour(database: Path) -> None:
    shown = call("show", "veld-voice", database=database).stdout
    assert "Marked: ‹content› [source] {cue}" in shown
    row = json.loads(call("show", "veld-voice", "--json", database=database).stdout)[0]
    sources = [each["source"]["text"] for each in row["attributions"] if each["source"] and each["cue"]]
    assert sources
    words = " ".join(shown.split())
    assert [source for source in sources if f"[{source}]" not in words] == []
    assert "\x1b" not in shown


def test_attributions_are_filtered(database: Path) -> None:
    def rows(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(call("attributions", *words, "--json", database=database).stdout)
        return found

    every = rows()
    source = every[0]["chain"][-1]
    assert rows("--source", source) == [row for row in every if source.casefold() in map(str.casefold, row["chain"])]
    kind = every[0]["kind"]
    assert rows("--kind", kind) == [row for row in every if row["kind"] == kind]
    assert rows("--stance", "deny") == [row for row in every if row["stance"] == "deny"]
    assert rows("--document", "veld-voice") == [row for row in every if row["document"] == "veld-voice"]
    nameless = {"anonymous", "collective", "unnamed"}
    anonymous = rows("--anonymous")
    assert anonymous == [row for row in every if row["chain_kinds"][-1] in nameless]
    assert 0 < len(anonymous) < len(every)
    assert "No attribution." in call("attributions", "--source", "nobody at all", database=database).stdout


OWN = """[[outlet]]
name = "The Breakwater"
kind = "outlet"
tags = ["known mirror"]

[[outlet]]
name = "Coastline Monitor"
kind = "outlet"
tags = ["watched", "state media"]
"""


def test_tags_of_the_users_own_are_kept_and_shown_everywhere(tmp_path: Path) -> None:
    database, own = tmp_path / "tags.db", tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    ran = call("run", str(HARBOUR), "--outlets", str(own), database=database)
    assert ran.exit_code == 0, ran.output
    assert "Coastline Monitor {watched, state media}" in ran.stdout
    own.unlink()
    tagged = {"The Breakwater": ["known mirror"], "Coastline Monitor": ["watched", "state media"]}
    assert "{known mirror}" in call("show", "veld-voice", database=database).stdout
    for what in ("documents", "attributions", "links", "chains", "sources"):
        words = ("export", what, "--format", "json") if what == "links" else (what, "--json")
        rows = json.loads(call(*words, database=database).stdout)
        with_tags = [row["tags"] for row in rows if row["tags"]]
        assert with_tags, what
        if what in {"documents", "sources"}:
            assert all(tags in tagged.values() for tags in with_tags)
        else:
            assert all(tags in tagged.values() for each in with_tags for tags in each.values())
    assert "{" in call("sources", database=database).stdout


def test_outlets_of_the_users_own_change_what_is_read(tmp_path: Path) -> None:
    database, own = tmp_path / "own.db", tmp_path / "own.csv"
    article = tmp_path / "article.txt"
    article.write_text("Ann Cole told Quay Lane that the port of Easton was closed.\n", encoding="utf-8")
    assert call("run", str(article), database=database).exit_code == 0

    def chains() -> list[list[str]]:
        return [row["chain"] for row in json.loads(call("attributions", "--json", database=database).stdout)]

    before = chains()
    assert ["Quaywatch", "Ann Cole"] not in before
    own.write_text("name,kind,aliases\nQuaywatch,outlet,Quay Lane\n", encoding="utf-8")
    assert call("analyze", "--outlets", str(own), database=database).exit_code == 0
    assert ["Quaywatch", "Ann Cole"] in chains()
    assert call("analyze", database=database).exit_code == 0
    assert ["Quaywatch", "Ann Cole"] in chains()
    own.write_text("name,kind\n", encoding="utf-8")
    assert call("analyze", "--outlets", str(own), database=database).exit_code == 0
    assert chains() == before


def test_a_bad_file_of_outlets_changes_nothing(tmp_path: Path) -> None:
    database, own = tmp_path / "bad.db", tmp_path / "own.csv"
    own.write_text("name,kind\nQuaywatch,paper\n", encoding="utf-8")
    result = call("run", str(HARBOUR), "--outlets", str(own), database=database)
    assert result.exit_code == 3
    assert "own.csv, line 2" in result.stderr
    assert "agency or outlet" in result.stderr
    assert json.loads(call("documents", "--json", database=database).stdout) == []


def test_compare_shows_what_was_changed(database: Path) -> None:
    result = call("compare", "vpa-0312", "ostrand-beacon", database=database)
    assert "uncredited-copy" in result.stdout
    assert "400" in result.stdout
    row = json.loads(call("compare", "vpa-0312", "ostrand-beacon", "--json", database=database).stdout)[0]
    assert any(edit["b_text"].find("400") >= 0 for passage in row["passages"] for edit in passage["edits"])


def test_trace_for_people_and_programs(database: Path) -> None:
    claim = "About 40 tonnes of heavy fuel oil leaked into the harbour of Skelhaven"
    result = call("trace", claim, database=database)
    assert result.exit_code == 0
    for words in ("Earliest copy held", "Earliest publisher credited", "Ultimate speaker", "vpa-0312"):
        assert words in result.stdout
    row = json.loads(call("trace", claim, "--json", database=database).stdout)[0]
    assert row["earliest_held"]["document"] == "vpa-0312"


def test_trace_of_what_nobody_says(database: Path) -> None:
    result = call("trace", "Quantum walnuts elected the archbishop of Saturn", database=database)
    assert result.exit_code == 0
    assert "does not hold" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("trace",),
        ("trace", "a claim", "--document", "vpa-0312"),
        ("trace", "a claim", "--span", "1:5"),
        ("trace", "--document", "vpa-0312", "--span", "9:3"),
        ("trace", "--document", "vpa-0312", "--span", "all"),
        ("export", "everything"),
        ("passages", "first"),
        ("attributions", "--kind", "gossip"),
        ("attributions", "--stance", "shy"),
        ("nonsense",),
    ],
)
def test_wrong_usage(words: tuple[str, ...], database: Path) -> None:
    result = call(*words, database=database) if words != ("nonsense",) else call(*words)
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("show", "nobody"),
        ("compare", "vpa-0312", "nobody"),
        ("passages", "99999"),
        ("chains", "--document", "nobody"),
        ("attributions", "--document", "nobody"),
        ("trace", "--document", "nobody"),
        ("trace", "--document", "vpa-0312", "--span", "5:99999"),
    ],
)
def test_what_is_not_there_is_named(words: tuple[str, ...], database: Path) -> None:
    result = call(*words, database=database)
    assert result.exit_code == 5, result.output
    assert "Error:" in result.stderr


def test_no_database_yet(tmp_path: Path) -> None:
    result = call("documents", database=tmp_path / "none.db")
    assert result.exit_code == 5
    assert "provenance run" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes" * 200, encoding="utf-8")
    result = call("documents", database=path)
    assert result.exit_code == 4
    assert path.read_text(encoding="utf-8").startswith("these are notes")


def test_bad_input_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("A good article, according to its author.", encoding="utf-8")
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "bad.jsonl").write_text('{"id": "a"}\n{"id": "b", "text": "A second good one."}\n', encoding="utf-8")
    result = call("run", str(folder), str(tmp_path / "missing"), database=tmp_path / "x.db")
    assert result.exit_code == 3
    for words in ("empty.txt", "image.png", "bad.jsonl", "missing", "4 of the inputs"):
        assert words in result.stderr
    held = json.loads(call("documents", "--json", database=tmp_path / "x.db").stdout)
    assert len(held) == 2


def test_standard_input(tmp_path: Path) -> None:
    given = "The bridge is closed, the mayor said on Monday. Nobody knows until when."
    result = call("run", "-", database=tmp_path / "x.db", given=given)
    assert result.exit_code == 0, result.output
    assert "mayor" in result.stdout


def test_a_changed_file_is_a_new_version(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("The bridge is closed, the mayor said.", encoding="utf-8")
    call("run", str(file), database=tmp_path / "x.db")
    file.write_text("The bridge is open, the engineer said.", encoding="utf-8")
    result = call("add", str(file), database=tmp_path / "x.db")
    assert "1 changed" in result.stderr
    shown = call("run", str(file), database=tmp_path / "x.db")
    assert "engineer" in shown.stdout
    assert "mayor" not in shown.stdout


def test_settings_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("[reuse]\nminimum_words = 5000\n", encoding="utf-8")
    bad.write_text("[reuse]\nminimum_wrods = 5\n", encoding="utf-8")
    result = call("run", str(HARBOUR), "--settings", str(good), database=tmp_path / "x.db")
    assert "No two of these articles share a passage of 5000 words" in result.stdout
    result = call("run", str(HARBOUR), "--settings", str(bad), database=tmp_path / "y.db")
    assert result.exit_code == 2
    assert "minimum_wrods" in result.stderr


def test_the_database_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVENANCE_DB", str(tmp_path / "env.db"))
    assert call("add", str(HARBOUR)).exit_code == 0
    assert (tmp_path / "env.db").exists()


def test_hostile_words_reach_no_terminal(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    hostile = "\x1b[31mred\x1b[0m \u202egnorw [bold]markup[/bold] \x07"
    record = {"id": f"a{hostile}", "title": hostile, "outlet": hostile, "text": f"{hostile} happened, {hostile} said."}
    file.write_text(json.dumps(record), encoding="utf-8")
    result = call("run", str(file), database=tmp_path / "x.db")
    assert result.exit_code == 0
    for command in (("documents",), ("chains",), ("sources",), ("show", f"a{hostile}")):
        output = call(*command, database=tmp_path / "x.db").stdout
        assert "\x1b" not in output
        assert "\u202e" not in output
        assert "\x07" not in output
    assert "[bold]markup[/bold]" in call("documents", database=tmp_path / "x.db").stdout
    failed = call("show", f"b{hostile}", database=tmp_path / "x.db")
    assert failed.exit_code == 5
    assert "\x1b" not in failed.stderr


def test_analyze_brings_up_to_date_and_remove_deletes(tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    report = "The old lighthouse at Carn Head will be moved forty metres inland before the winter storms set in."
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(report, encoding="utf-8")
    assert call("add", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), database=database).exit_code == 0
    [row] = json.loads(call("analyze", "--json", database=database).stdout)
    assert (row["articles"], row["clusters"]) == (2, 1)
    assert call("add", str(tmp_path / "c.txt"), database=database).exit_code == 0
    result = call("analyze", "--full", database=database)
    assert result.exit_code == 0
    assert "3 articles" in result.stdout
    assert len(json.loads(call("passages", "--json", database=database).stdout)) == 3
    removed = call("remove", "a.txt", "b.txt", database=database)
    assert "2 removed" in removed.stderr
    [row] = json.loads(call("analyze", "--json", database=database).stdout)
    assert (row["articles"], row["clusters"]) == (1, 0)


def test_remove_names_what_is_not_there_and_deletes_nothing(tmp_path: Path) -> None:
    database = tmp_path / "c.db"
    (tmp_path / "a.txt").write_text("The bells rang all night.", encoding="utf-8")
    call("run", str(tmp_path / "a.txt"), database=database)
    result = call("remove", "a.txt", "nobody", database=database)
    assert result.exit_code == 5
    assert "nobody" in result.stderr
    assert len(json.loads(call("documents", "--json", database=database).stdout)) == 1
