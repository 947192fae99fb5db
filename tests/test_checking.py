"""A check finds what is wrong, all of it and nothing else; a repair and an analysis bring back what a fresh run has."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from provenance import Article, Corpus, DateInterval, ProvenanceError, Settings
from provenance.checking import Finding, check, reading, repair
from provenance.cli import main
from provenance.export.rows import FIELDS
from provenance.progress import COSTS, READING, REWORDINGS
from provenance.settings import EngineSettings
from provenance.store import Store
from provenance.store.findings import FindingKind

ROOT = Path(__file__).parent.parent
HARBOUR = ROOT / "examples" / "harbour" / "articles"
OUTLETS = ROOT / "examples" / "harbour" / "outlets.csv"
SETTINGS = replace(Settings(), engine=EngineSettings(processes=1))
REPORT = "新华社报道，港口的漏油事故已经造成四百吨重油泄漏，当地居民表示担忧。发言人王明说：“清理工作将持续三周。”"
DAY = DateInterval("2024-03-05T00:00:00Z", "2024-03-06T00:00:00Z", "day", "metadata")


def analysed(path: Path) -> Path:
    """A collection with rows in every table: English articles, two Chinese ones that share text, one changed."""
    with Corpus(path, SETTINGS) as corpus:
        corpus.use_outlets(OUTLETS)
        corpus.add([HARBOUR])
        corpus.add_articles([Article("zh-1", "An earlier text.", outlet="新华社", published=DAY)])
        corpus.add_articles([Article("zh-1", REPORT, outlet="新华社", published=DAY), Article("zh-2", REPORT + "完")])
        corpus.update()
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysed(tmp_path_factory.mktemp("good") / "good.db")


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(good, tmp_path / "copy.db"))


def changed(path: Path, *statements: str) -> None:
    """Change a database behind the back of the program, against its rules where need be."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)


def found(path: Path, *, deep: bool = False, settings: Settings = SETTINGS) -> list[Finding]:
    with reading(path, settings.store) as store:
        return list(check(store, settings, deep=deep))


def kinds(findings: list[Finding]) -> set[tuple[str, str]]:
    # SQLite finds some rows that break a CHECK and not others, by its version
    return {(each.kind, each.table) for each in findings if not each.what.startswith("CHECK")}


def exported(corpus: Corpus) -> dict[str, list[str]]:
    rows = {}
    for what in FIELDS:
        out = io.StringIO()
        corpus.export(what, out)
        rows[what] = out.getvalue().splitlines()
    return rows


ONE = "(SELECT min(rowid) FROM {})"
KEY_OF = "(SELECT article_id FROM articles WHERE id = '{}')"
TEXT_EVIDENCE = "(SELECT min(evidence_id) FROM evidence WHERE found_in = 'text' AND attribution_id NOTNULL)"
LINK_EVIDENCE = "(SELECT min(evidence_id) FROM evidence WHERE link_id NOTNULL AND found_in = 'text')"

MUTATIONS: dict[str, tuple[list[str], set[tuple[str, str]]]] = {
    # texts
    "a letter of a text": (
        [f"UPDATE versions SET text = text || '!' WHERE version_id = {ONE.format('versions')}"],
        {("text", "versions")},
    ),
    "a hash": (
        [f"UPDATE versions SET sha256 = 'ab' WHERE version_id = {ONE.format('versions')}"],
        {("text", "versions")},
    ),
    "the text of a version of before": (
        ["UPDATE versions SET text = 'Another one.' WHERE text = 'An earlier text.'"],
        {("text", "versions")},
    ),
    "a text that is not UTF-8": (
        ["UPDATE versions SET text = CAST(x'ff41' AS TEXT) WHERE text = 'An earlier text.'"],
        {("text", "versions")},
    ),
    "a date": (
        ["UPDATE versions SET published_end = '1999' WHERE article_id = 3"],
        {("value", "versions"), ("summary", "clusters")},
    ),
    "half a date": (["UPDATE versions SET published_end = NULL WHERE article_id = 3"], {("value", "versions")}),
    "credits": (["UPDATE versions SET credits = '[[1]]' WHERE version_id = 4"], {("value", "versions")}),
    "an article without its version": (
        ["UPDATE articles SET version_id = 9999 WHERE id = 'zh-2'"],
        {
            ("reference", "articles"),
            ("summary", "clusters"),
            ("summary", "published"),
            ("search", "character_search"),
        },
    ),
    # spans
    **{
        f"{column} of {table}": (
            [f"UPDATE {table} SET {column} = 1000000 WHERE rowid = {ONE.format(table)}"],
            {("offset", table)} | extra,
        )
        for table, column, extra in (
            ("passages", "end_offset", {("summary", "clusters")}),
            ("matches", "a_end", set()),
            ("matches", "b_end", set()),
            ("chains", "claim_end", set()),
            ("attributions", "cue_end", set()),
        )
    },
    "an end before its start": (
        [f"UPDATE passages SET end_offset = start_offset - 1 WHERE rowid = {ONE.format('passages')}"],
        {("offset", "passages"), ("reference", "matches"), ("summary", "clusters")},
    ),
    "an empty span": (
        [f"UPDATE matches SET a_end = a_start WHERE match_id = {ONE.format('matches')}"],
        {("offset", "matches"), ("reference", "matches")},
    ),
    "the start of a source": (
        ["UPDATE attributions SET source_start = -5 WHERE attribution_id = 3 AND source_start NOTNULL"],
        {("offset", "attributions")},
    ),
    "a source one letter on": (
        ["UPDATE attributions SET source_start = source_start + 1 WHERE attribution_id = 3 AND source_start NOTNULL"],
        {("words", "attributions")},
    ),
    "a cue of other words": (
        ["UPDATE attributions SET cue_text = 'zzz' WHERE attribution_id = 3"],
        {("words", "attributions")},
    ),
    "a source without an end": (
        ["UPDATE attributions SET source_end = NULL WHERE attribution_id = 3"],
        {("offset", "attributions")},
    ),
    "content out of the text": (
        ["UPDATE attributions SET content = '[[5,1000000]]' WHERE attribution_id = 3"],
        {("offset", "attributions")},
    ),
    "content that is no JSON": (
        ["UPDATE attributions SET content = '[[5,' WHERE attribution_id = 3"],
        {("value", "attributions")},
    ),
    "content without ends": (
        ["UPDATE attributions SET content = '[5]' WHERE attribution_id = 3"],
        {("value", "attributions")},
    ),
    "evidence of other words": (
        [f"UPDATE evidence SET text = 'zzz' WHERE evidence_id = {TEXT_EVIDENCE}"],
        {("words", "evidence")},
    ),
    "evidence of a link out of its text": (
        [f"UPDATE evidence SET end_offset = 1000000 WHERE evidence_id = {LINK_EVIDENCE}"],
        {("offset", "evidence")},
    ),
    "evidence from the page within the text": (
        ["UPDATE evidence SET end_offset = 5 WHERE found_in = 'page'"],
        {("offset", "evidence")},
    ),
    "evidence in another article": (
        [f"UPDATE evidence SET article_id = article_id % 5 + 6 WHERE evidence_id = {TEXT_EVIDENCE}"],
        {("words", "evidence"), ("reference", "evidence")},
    ),
    "a claim of other words": (
        [
            """UPDATE chains SET claim_text = 'zzz'
            WHERE chain_id = (SELECT min(chain_id) FROM chains WHERE claim_start NOTNULL)"""
        ],
        {("words", "chains")},
    ),
    # values
    **{
        f"{column} of {table} above 1": (
            [f"UPDATE {table} SET {column} = 1.5 WHERE rowid = {ONE.format(table)}"],
            {("value", table)},
        )
        for table, column in (
            ("matches", "similarity"),
            ("attributions", "confidence"),
            ("links", "confidence"),
            ("chains", "confidence"),
        )
    },
    **{
        f"{column} of {table} is unknown": (
            [f"UPDATE {table} SET {column} = 'zzz' WHERE rowid = {ONE.format(table)}"],
            {("value", table)} | extra,
        )
        for table, column, extra in (
            ("matches", "kind", set()),
            ("passages", "kind", set()),
            ("attributions", "stance", set()),
            ("attributions", "scope", set()),
            ("chains", "stance", set()),
            ("hops", "kind", set()),
            ("hops", "name_key", set()),
            ("sources", "name_key", set()),
        )
    },
    "a relation that is unknown": (
        [f"UPDATE links SET relation = 'zzz' WHERE link_id = {ONE.format('links')}"],
        {("value", "links"), ("summary", "counts")},
    ),
    "an outlet's key": (
        ["UPDATE sources SET outlet_key = 'zzz' WHERE outlet NOTNULL"],
        {("value", "sources"), ("summary", "most_credited")},
    ),
    "an infinite margin": (["UPDATE links SET margin = 9e999 WHERE link_id = 1"], {("value", "links")}),
    "a link with itself": (
        ["UPDATE links SET upstream_id = downstream_id WHERE relation = 'uncredited-copy'"],
        {("value", "links")},
    ),
    "a link half credited": (["UPDATE links SET credited = 2 WHERE link_id = 1"], {("value", "links")}),
    "evidence of two things": (
        [f"UPDATE evidence SET link_id = 1, place = 99 WHERE evidence_id = {TEXT_EVIDENCE}"],
        {("value", "evidence"), ("incomplete", "evidence")},
    ),
    "clusters of a link that are no JSON": (
        ["UPDATE links SET clusters = '[' WHERE link_id = 1"],
        {("value", "links")},
    ),
    "state that is no JSON": (["UPDATE state SET value = '[' WHERE name = 'detection'"], {("value", "state")}),
    "own outlets that cannot be read": (
        ["UPDATE state SET value = '[[1]]' WHERE name = 'own_outlets'"],
        {("value", "state")},
    ),
    # references
    "a source that is gone": (
        ["DELETE FROM sources WHERE source_id = 2"],
        {("reference", "attribution_sources")},
    ),
    "a source that nobody names": (
        ["INSERT INTO sources VALUES (99999, 'Zed', 'person', NULL, 'zed', NULL)"],
        {("incomplete", "sources")},
    ),
    "a chain that is gone": (["DELETE FROM chains WHERE chain_id = 2"], {("reference", "hops"), ("summary", "counts")}),
    "a link that is gone": (
        ["DELETE FROM links WHERE link_id = (SELECT max(link_id) FROM links WHERE relation = 'credit-only')"],
        {("reference", "link_documents"), ("reference", "evidence"), ("summary", "counts")},
    ),
    "a copy of an article that is gone": (
        [f"UPDATE passages SET article_id = 9999 WHERE passage_id = {ONE.format('passages')}"],
        {("reference", "passages"), ("reference", "matches"), ("summary", "clusters")},
    ),
    "a hop to an article that is gone": (
        ["UPDATE hops SET article_id = 9999 WHERE hop_id = 1"],
        {("reference", "hops")},
    ),
    "a hop's attribution that is gone": (
        [
            """UPDATE hops SET attribution_id = 9999
            WHERE hop_id = (SELECT min(hop_id) FROM hops WHERE attribution_id NOTNULL)"""
        ],
        {("reference", "hops")},
    ),
    "a match of a cluster that is gone": (
        [f"UPDATE matches SET cluster = 9999 WHERE match_id = {ONE.format('matches')}"],
        {("reference", "matches")},
    ),
    "a family of an article that is gone": (
        ["UPDATE word_index SET representative_id = 9999 WHERE article_id = 3"],
        {("reference", "word_index")},
    ),
    "a link on a cluster that is gone": (
        [
            """UPDATE links SET clusters = '[9999]'
            WHERE link_id = (SELECT max(link_id) FROM links WHERE clusters <> '[]')"""
        ],
        {("reference", "links")},
    ),
    "a runner-up that is gone": (
        ["UPDATE links SET runner_up = 'gone.txt' WHERE link_id = 1"],
        {("reference", "links")},
    ),
    "articles of a link": (
        [
            """UPDATE link_documents SET article_id = 1 + (article_id = 1)
            WHERE link_id = (SELECT min(link_id) FROM links WHERE relation = 'credit-only')"""
        ],
        {("incomplete", "link_documents")},
    ),
    # what belongs together
    "an attribution without sources": (
        ["DELETE FROM attribution_sources WHERE attribution_id = 3"],
        {("incomplete", "attributions"), ("summary", "most_credited")},
    ),
    "a chain without hops": (["DELETE FROM hops WHERE chain_id = 2"], {("incomplete", "chains")}),
    "an attribution that is gone": (
        ["DELETE FROM hops WHERE attribution_id = 1", "DELETE FROM attributions WHERE attribution_id = 1"],
        {
            ("reference", "attribution_sources"),
            ("reference", "evidence"),
            ("incomplete", "attributions"),
            ("incomplete", "chains"),
            ("summary", "counts"),
            ("summary", "most_credited"),
        },
    ),
    "a match twice": (
        [
            """INSERT INTO matches (a_id, a_start, a_end, b_id, b_start, b_end, similarity, kind, cluster, alignment)
            SELECT a_id, a_start, a_end, b_id, b_start, b_end, similarity, kind, cluster, alignment
            FROM matches WHERE match_id = 1"""
        ],
        {("incomplete", "matches")},
    ),
    "a copy twice": (
        [
            """INSERT INTO passages (cluster, article_id, start_offset, end_offset, kind) SELECT cluster, article_id,
            start_offset, end_offset, kind FROM passages WHERE passage_id = 1"""
        ],
        {("incomplete", "passages"), ("summary", "clusters")},
    ),
    "a source twice": (
        ["INSERT INTO sources SELECT 99999, name, kind, outlet, name_key, outlet_key FROM sources WHERE source_id = 1"],
        {("incomplete", "sources")},
    ),
    "a cluster with one copy": (
        [
            """DELETE FROM passages WHERE cluster = 2
            AND passage_id <> (SELECT min(passage_id) FROM passages WHERE cluster = 2)"""
        ],
        {("incomplete", "passages"), ("reference", "matches"), ("summary", "clusters")},
    ),
    # stages
    "an article whose attributions were not read": (
        ["DELETE FROM document_stages WHERE stage = 'attribution' AND article_id = 3"],
        {("stage", "document_stages")},
    ),
    "an article that was not linked": (
        ["DELETE FROM document_stages WHERE stage = 'links' AND article_id = 3"],
        {("stage", "document_stages")},
    ),
    "attributions read with other settings": (
        ["UPDATE document_stages SET signature = 'zzz' WHERE stage = 'attribution' AND article_id = 3"],
        {("stage", "document_stages")},
    ),
    "a stage without the one before": (["DELETE FROM stages WHERE stage = 'reuse'"], {("stage", "stages")}),
    "a stage that is none": (["INSERT INTO stages VALUES ('zzz', '')"], {("value", "stages")}),
    "an article without its outlets": (
        ["DELETE FROM outlet_traces WHERE article_id = 3"],
        {("incomplete", "outlet_traces")},
    ),
    "clusters as links were made": (
        ["DELETE FROM linked_clusters WHERE cluster = 2"],
        {("incomplete", "linked_clusters")},
    ),
    # indexes
    "the words of an article": (
        ["UPDATE word_index SET words = zeroblob(length(words)) WHERE article_id = 3"],
        {("index", "word_index")},
    ),
    "half a word": (
        ["UPDATE word_index SET words = substr(words, 5) WHERE article_id = 3"],
        {("value", "word_index"), ("index", "word_index")},
    ),
    "a signature": (
        ["UPDATE word_index SET sketch = zeroblob(length(sketch)) WHERE article_id = 3"],
        {("index", "word_index")},
    ),
    "an article that is not in the index": (
        ["DELETE FROM word_index WHERE article_id = 3"],
        {("incomplete", "word_index")},
    ),
    "an alignment": (
        [
            """UPDATE matches SET alignment = CAST(x'00000000ffffff7f' || substr(alignment, 9) AS BLOB) WHERE match_id =
            (SELECT min(match_id) FROM matches WHERE length(alignment) > 0)"""
        ],
        {("index", "matches")},
    ),
    "an alignment cut short": (
        [
            """UPDATE matches SET alignment = x'0102' WHERE match_id =
            (SELECT min(match_id) FROM matches WHERE length(alignment) > 0)"""
        ],
        {("index", "matches")},
    ),
    "a script": (
        [f"UPDATE versions SET unspaced = 1 WHERE article_id = {KEY_OF.format('courier-tanker')}"],
        {("search", "versions"), ("search", "word_search"), ("search", "character_search")},
    ),
    "an article that is not in the full-text index": (
        [
            """INSERT INTO word_search (word_search, rowid, title, text) SELECT 'delete', article_id, title, text
            FROM word_search_content WHERE article_id = 3"""
        ],
        {("search", "word_search")},
    ),
    "an article in the full-text index that is not held": (
        ["INSERT INTO character_search (rowid, title, text) VALUES (9999, NULL, '中 国')"],
        {("search", "character_search")},
    ),
    "an article indexed with other words": (
        [
            """INSERT INTO word_search (word_search, rowid, title, text) SELECT 'delete', article_id, title, text
            FROM word_search_content WHERE article_id = 3""",
            """INSERT INTO word_search (rowid, title, text) SELECT article_id, title, 'zzz ' || text
            FROM word_search_content WHERE article_id = 3""",
        ],
        {("search", "word_search")},
    ),
    "a full-text index of nothing": (["DELETE FROM word_search_data WHERE id > 10"], {("search", "word_search")}),
    "a full-text index without its head": (["DELETE FROM word_search_data WHERE id = 10"], {("page", "")}),
    "a full-text index of garbage": (
        ["UPDATE character_search_data SET block = x'00ff00ff' WHERE id > 10"],
        {("search", "word_search")},
    ),
    "an index that is missing": (["DROP INDEX passages_by_cluster"], {("schema", "passages")}),
    "a view that is missing": (["DROP VIEW shared_text"], {("schema", "shared_text")}),
    "a table that is missing": (["DROP TABLE outlet_brackets"], {("schema", "outlet_brackets")}),
    # summaries
    "a cluster left out": (
        ["DELETE FROM clusters WHERE cluster = 2"],
        {("summary", "clusters"), ("summary", "counts")},
    ),
    "a cluster too many": (
        ["INSERT INTO clusters SELECT 9999, kind, 1, 1, 1, 1, 0, 1, 0, NULL FROM clusters LIMIT 1"],
        {("summary", "clusters"), ("summary", "counts")},
    ),
    **{
        f"summary {table}": ([statement], {("summary", table.strip())})
        for table, statement in (
            ("clusters", "UPDATE clusters SET copies = copies + 1 WHERE cluster = 2"),
            ("counts", "UPDATE counts SET number = number + 1 WHERE name = 'articles'"),
            ("published", "UPDATE published SET articles = articles + 1 WHERE day <> ''"),
            ("most_credited", "UPDATE most_credited SET articles = 999 WHERE place = 1"),
            ("most_credited ", "DELETE FROM most_credited WHERE place = 2"),
            ("uncredited", "DELETE FROM uncredited"),
            ("uncredited ", "UPDATE uncredited SET share = 2.0"),
        )
    },
}


# nothing else is found ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deep", [False, True])
def test_an_analysed_collection_is_clean(good: Path, deep: bool) -> None:
    assert found(good, deep=deep) == []


def test_a_collection_is_clean_after_every_command(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Corpus(path, SETTINGS) as corpus:
        assert found(path) == []
        corpus.add([HARBOUR])
        assert found(path) == []
        corpus.update()
        corpus.use_outlets(OUTLETS)
        assert found(path) == []
        corpus.update()
        assert found(path) == []
        texts = {article.id: article for article in corpus.documents()}
        corpus.remove(["vpa-0312", "courier-tanker"])
        assert found(path) == []
        corpus.add_articles([replace(texts["veld-voice"], text=texts["vpa-0312"].text + " Signed.", title="漏油")])
        assert found(path) == []
        corpus.update()
        assert found(path) == []
        corpus.add_articles([replace(texts["ostrand-beacon"], outlet="Another Outlet")])
        assert found(path) == []
        corpus.update(full=True)
        assert found(path, deep=True) == []


def test_a_collection_that_detection_went_on_from_is_clean(tmp_path: Path) -> None:
    settings = replace(SETTINGS, reuse=replace(SETTINGS.reuse, incremental_articles=2, incremental_share=1.0))
    path = tmp_path / "a.db"
    files = sorted(HARBOUR.iterdir())
    with Corpus(path, settings) as corpus:
        corpus.run(files[:14])
        corpus.remove([corpus.store.article_ids()[3]])
        corpus.run(files[14:])
    assert found(path, deep=True, settings=settings) == []


def test_a_collection_is_clean_wherever_an_analysis_stops(tmp_path: Path) -> None:
    store = replace(SETTINGS.store, batch_articles=3)
    settings = replace(SETTINGS, store=store, chains=replace(SETTINGS.chains, linked_together=5))
    path = tmp_path / "a.db"
    with Corpus(path, settings) as corpus:
        corpus.add([HARBOUR])
        for stage in [stage for stage in COSTS if stage not in {READING, REWORDINGS}]:
            told: list[str] = []

            def progress(name: str, _share: float, stage: str = stage, told: list[str] = told) -> None:
                told.append(name)
                if name == stage and (told.count(name) == 5 or name not in {"reading attributions", "linking"}):
                    raise KeyboardInterrupt

            with contextlib.suppress(KeyboardInterrupt):
                corpus.update(progress)
            assert stage in told
            assert found(path, settings=settings) == [], stage
        corpus.update()
    assert found(path, deep=True, settings=settings) == []


def test_an_empty_collection_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Corpus(path, SETTINGS) as corpus:
        corpus.update()
    assert found(path, deep=True) == []


def test_a_sample_looks_at_some_articles_and_deep_at_all(copy: Path) -> None:
    sparing = replace(SETTINGS, store=replace(SETTINGS.store, checked_articles=1, checked_together=1))
    assert found(copy, settings=sparing) == []
    changed(copy, "UPDATE word_index SET words = zeroblob(length(words)) WHERE article_id = 3")
    assert found(copy, settings=sparing) == []
    deep = found(copy, settings=sparing, deep=True)
    assert [(each.kind, each.table, each.row) for each in deep] == [("index", "word_index", 3)]


def test_an_index_of_other_settings_is_left_alone(copy: Path) -> None:
    changed(copy, "UPDATE word_index SET words = zeroblob(length(words)) WHERE article_id = 3")
    other = replace(SETTINGS, reuse=replace(SETTINGS.reuse, family_permutations=32))
    assert found(copy, settings=other) == []


# everything is found ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_fault_is_found_and_nothing_but_what_follows_from_it(copy: Path, name: str) -> None:
    statements, expected = MUTATIONS[name]
    changed(copy, *statements)
    findings = found(copy)
    assert kinds(findings) == expected, [finding.what for finding in findings]
    assert all(finding.remedy for finding in findings)


@pytest.mark.parametrize("table", ["passages", "attributions", "chains", "word_index", "links"])
def test_a_finding_names_the_row_and_its_article(copy: Path, table: str) -> None:
    key, column, owner = {
        "passages": ("passage_id", "kind", "article_id"),
        "attributions": ("attribution_id", "stance", "article_id"),
        "chains": ("chain_id", "stance", "article_id"),
        "word_index": ("article_id", "representative_id", "article_id"),
        "links": ("link_id", "confidence", "downstream_id"),
    }[table]
    with closing(sqlite3.connect(copy)) as connection:
        row, document = connection.execute(
            f"SELECT t.{key}, id FROM {table} t JOIN articles a ON a.article_id = t.{owner} ORDER BY 1 DESC LIMIT 1"
        ).fetchone()
    changed(copy, f"UPDATE {table} SET {column} = 999 WHERE {key} = {row}")
    finding = next(each for each in found(copy) if each.table == table)
    assert (finding.row, finding.document) == (row, document)


def test_who_takes_from_whom_is_counted_anew_when_asked(copy: Path) -> None:
    changed(copy, "UPDATE exchanges SET uncredited = uncredited + 1 WHERE place = 1")
    assert found(copy) == []
    assert kinds(found(copy, deep=True)) == {("summary", "exchanges")}


@pytest.mark.parametrize("change", ["page = 'zzz'", "plain = 1 - plain", "outlet = ''"])
def test_what_an_article_contributes_to_the_outlets(copy: Path, change: str) -> None:
    changed(copy, f"UPDATE outlet_traces SET {change} WHERE article_id = 3")
    assert kinds(found(copy)) == {("index", "outlet_traces")}


def test_an_index_of_sqlites_own_that_is_not_of_its_table(copy: Path) -> None:
    changed(
        copy,
        "PRAGMA writable_schema = ON",
        """UPDATE sqlite_master SET sql = replace(sql, '(downstream_id)', '(link_id)')
            WHERE name = 'links_by_downstream'""",
    )
    findings = found(copy)
    assert ("entry", "links") in kinds(findings)
    assert all(finding.repairable for finding in findings)
    status, _, err = ran("check", "--db", str(copy), "--repair")
    assert (status, "SQLite's own indexes were made anew" in err) == (0, True)


# damaged files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_gives_findings_or_an_error(good: Path, tmp_path: Path, seed: int) -> None:
    whole, chance = good.read_bytes(), random.Random(seed)
    path = tmp_path / "a.db"
    for _ in range(13):
        damaged = bytearray(whole)
        place = chance.randrange(len(whole))
        length = chance.choice([1, 1, 64, 4096])
        damaged[place : place + length] = chance.randbytes(length)
        if chance.random() < 0.1:
            del damaged[place:]
        path.write_bytes(damaged)
        with contextlib.suppress(ProvenanceError):
            assert all(finding.what and finding.remedy for finding in found(path))
        for beside in tmp_path.glob("a.db-*"):
            beside.unlink()


def test_a_page_of_garbage_is_named(good: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        page, size = (
            connection.execute(sql).fetchone()[0]
            for sql in ("SELECT rootpage FROM sqlite_master WHERE name = 'evidence'", "PRAGMA page_size")
        )
    content = bytearray(copy.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    copy.write_bytes(content)
    findings = found(copy)
    assert ("page", "") in kinds(findings)
    assert not any(finding.repairable for finding in findings if finding.kind == "page")
    with Store(copy, SETTINGS.store) as store:
        report = repair(store, findings)
    assert (report.done, report.left) == ([], len(findings))


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + b"\x00" * 84, b"\x00" * 5000])
def test_what_is_no_database_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(ProvenanceError) as caught:
        found(path)
    assert caught.value.exit_code == 4
    assert path.read_bytes() == content


def test_a_database_of_another_version_is_an_error(copy: Path) -> None:
    changed(copy, "PRAGMA user_version = 2")
    with pytest.raises(ProvenanceError, match="earlier version"):
        found(copy)
    changed(copy, "PRAGMA user_version = 999")
    with pytest.raises(ProvenanceError, match="later version"):
        found(copy)


def test_others_read_and_write_meanwhile(copy: Path) -> None:
    with reading(copy, SETTINGS.store) as store:
        findings = check(store, SETTINGS)
        with Corpus(copy, SETTINGS) as corpus:
            first = next(findings, None)
            corpus.remove(["vpa-0312"])
        assert first is None
        assert list(findings) == []
    assert found(copy) == []


def test_a_check_changes_nothing(copy: Path) -> None:
    before = copy.read_bytes()
    found(copy, deep=True)
    assert copy.read_bytes() == before


# repair -------------------------------------------------------------------------------------------------------------

REPAIRED = [
    "end_offset of passages",
    "content that is no JSON",
    "evidence in another article",
    "a source that is gone",
    "a chain that is gone",
    "a copy of an article that is gone",
    "an attribution that is gone",
    "attributions read with other settings",
    "an article without its outlets",
    "the words of an article",
    "a script",
    "a full-text index of garbage",
    "an index that is missing",
]


@pytest.fixture(scope="module")
def fresh(good: Path) -> dict[str, list[str]]:
    with Corpus(good, SETTINGS) as corpus:
        return exported(corpus)


@pytest.mark.parametrize("name", REPAIRED)
def test_repaired_and_analysed_again_it_has_the_rows_of_a_fresh_run(
    copy: Path, fresh: dict[str, list[str]], name: str
) -> None:
    changed(copy, *MUTATIONS[name][0])
    findings = found(copy)
    with Store(copy, SETTINGS.store) as store:
        report = repair(store, findings)
    assert (report.found, report.left) == (len(findings), 0)
    assert report.done
    assert found(copy) == []
    with Corpus(copy, SETTINGS) as corpus:
        corpus.update()
        assert exported(corpus) == fresh
    assert found(copy, deep=True) == []


def test_texts_are_never_touched(copy: Path) -> None:
    changed(
        copy, "UPDATE versions SET text = text || '!' WHERE article_id = 3", "DELETE FROM passages WHERE article_id = 3"
    )
    texts = "SELECT version_id, text, sha256 FROM versions ORDER BY version_id"
    with closing(sqlite3.connect(copy)) as connection:
        before = connection.execute(texts).fetchall()
    findings = found(copy)
    with Store(copy, SETTINGS.store) as store:
        report = repair(store, findings)
    assert report.left == 1
    assert kinds(found(copy)) == {("text", "versions")}
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute(texts).fetchall() == before


def test_a_repair_that_fails_changes_nothing(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(copy, "UPDATE chains SET stance = 'zzz' WHERE chain_id = 1", "DELETE FROM clusters")
    findings = found(copy)
    with Store(copy, SETTINGS.store) as store:
        rows = store.counts()
        monkeypatch.setattr(Store, "_clear_stages", lambda *_: (_ for _ in ()).throw(ProvenanceError("no")))
        with pytest.raises(ProvenanceError, match="no"):
            repair(store, findings)
        assert store.counts() == rows
    assert found(copy) == findings


def test_nothing_to_repair(copy: Path) -> None:
    with Store(copy, SETTINGS.store) as store:
        assert repair(store, []).done == []


# the command --------------------------------------------------------------------------------------------------------


def ran(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_check_says_that_nothing_is_wrong(good: Path) -> None:
    assert ran("check", "--db", str(good)) == (0, "Nothing is wrong.\n", "")
    assert ran("check", "--db", str(good), "--json") == (0, "[]\n", "")


def test_check_names_faults_and_remedies(copy: Path) -> None:
    changed(copy, "UPDATE chains SET stance = 'z\x1bz'", "UPDATE versions SET sha256 = '' WHERE version_id = 1")
    status, out, err = ran("check", "--db", str(copy), "--limit", "3")
    assert status == 4
    assert "text       versions 1 (" in out
    assert "analyze --full" in out
    assert "restore a backup" in out
    assert "more (--limit shows more, --json all)" in err
    assert "\x1b" not in out
    status, out, _ = ran("check", "--db", str(copy), "--json")
    rows = json.loads(out)
    assert status == 4
    assert list(rows[0]) == ["kind", "table", "row", "document", "what", "remedy"]
    status, out, _ = ran("check", "--db", str(copy), "--csv")
    assert (status, len(out.splitlines())) == (4, len(rows) + 1)


def test_check_repairs(copy: Path) -> None:
    changed(copy, "UPDATE chains SET stance = 'zzz'", "DELETE FROM published")
    status, out, err = ran("check", "--db", str(copy), "--repair")
    assert status == 0, err
    assert "faults. What to do:" in out
    assert "Repaired: links and chains were removed.\n" in err
    assert "Nothing is wrong any more." in err
    assert ran("check", "--db", str(copy))[0] == 0


def test_check_says_what_it_could_not_repair(copy: Path) -> None:
    changed(copy, "UPDATE versions SET sha256 = '' WHERE version_id = 1", "DELETE FROM published")
    status, _, err = ran("check", "--db", str(copy), "--repair")
    assert status == 4
    assert "1 left that cannot be repaired here:\n  text" in err


def test_check_of_no_database(tmp_path: Path) -> None:
    status, _, err = ran("check", "--db", str(tmp_path / "none.db"))
    assert (status, "there is no database" in err) == (5, True)
    assert list(tmp_path.iterdir()) == []


def told_of(path: Path) -> list[str]:
    settings = replace(SETTINGS, store=replace(SETTINGS.store, checked_together=2))
    stages: list[str] = []
    with reading(path, settings.store) as store:
        assert list(check(store, settings, progress=lambda stage, _: stages.append(stage))) == []
    return list(dict.fromkeys(stages))


def test_every_kind_of_fault_is_told_of() -> None:
    page = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    assert [kind for kind in get_args(FindingKind) if f"| `{kind}` |" not in page] == []


def test_progress_is_told(good: Path) -> None:
    assert told_of(good) == [
        "checking pages",
        "checking rows",
        "checking texts",
        "checking words",
        "checking outlets",
        "checking search",
    ]
