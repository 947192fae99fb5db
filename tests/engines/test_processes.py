"""Attribution in several processes: the same rows in the same order, and no process left behind."""

from __future__ import annotations

import dataclasses
import io
import threading
from collections.abc import Iterator, Sequence

import pytest

from provenance.attribution import Attributor, Gazetteer
from provenance.attribution.outlets import Outlet
from provenance.engines import processes
from provenance.engines.local import LocalEngine
from provenance.engines.processes import Processes
from provenance.engines.worker import attributor_of, receive, send, task_of
from provenance.errors import ProvenanceError
from provenance.model import Article, Attribution
from provenance.settings import EngineSettings, Settings

ARTICLES = [
    Article(f"{number}", f"The Larn Whistle reported that {number} boats sank. “{number} boats,” said Ann Cole.")
    for number in range(40)
]
SETTINGS = dataclasses.replace(Settings(), engine=EngineSettings(processes=2, spread_articles=10, articles_at_once=3))


def _attributor() -> Attributor:
    gazetteer = Gazetteer.default().with_outlets([Outlet("Larn Whistle", "agency", ("LW",), "lw.example")])
    return Attributor(dataclasses.replace(SETTINGS.attribution, minimum_confidence=0.4), gazetteer)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[processes._Worker]:
    """The processes that a test starts."""
    found: list[processes._Worker] = []
    start = processes._Worker.__init__

    def noting(self: processes._Worker) -> None:
        start(self)
        found.append(self)

    monkeypatch.setattr(processes._Worker, "__init__", noting)
    return found


def _all_ended(started: list[processes._Worker]) -> bool:
    return all(worker.process.poll() is not None for worker in started)


def test_several_processes_give_what_one_gives(started: list[processes._Worker]) -> None:
    attributor = _attributor()
    found = list(LocalEngine(SETTINGS).attribute(iter(ARTICLES), attributor))
    assert found == [(article.id, attributor.attribute(article)) for article in ARTICLES]
    assert found[0][1][0].chain[0].kind == "agency"
    # this process is one of them
    assert len(started) == 1
    assert _all_ended(started)


def test_few_articles_start_no_process(started: list[processes._Worker]) -> None:
    assert len(list(LocalEngine(SETTINGS).attribute(ARTICLES[:9], _attributor()))) == 9
    assert not started


def test_an_attributor_of_ones_own_stays_in_this_process(started: list[processes._Worker]) -> None:
    class Own(Attributor):
        def attribute(self, article: Article) -> list[Attribution]:
            return []

    found = list(LocalEngine(SETTINGS).attribute(ARTICLES, Own(SETTINGS.attribution)))
    assert found == [(article.id, []) for article in ARTICLES]
    assert not started


def test_a_caller_that_stops_leaves_no_process_behind(started: list[processes._Worker]) -> None:
    reading = LocalEngine(SETTINGS).attribute(ARTICLES, _attributor())
    assert next(reading)[0] == "0"
    reading.close()
    assert len(started) == 1
    assert _all_ended(started)


def test_an_error_among_the_articles_comes_through(started: list[processes._Worker]) -> None:
    def broken() -> Iterator[Article]:
        yield from ARTICLES[:30]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(LocalEngine(SETTINGS).attribute(broken(), _attributor()))
    assert _all_ended(started)


def test_a_process_that_dies_is_an_error_that_names_the_articles(started: list[processes._Worker]) -> None:
    reading = LocalEngine(SETTINGS).attribute(iter(ARTICLES * 10), _attributor())
    next(reading)
    for worker in started:
        worker.process.kill()
    with pytest.raises(ProvenanceError, match=r"to \d+: a process that reads attributions ended .*processes = 1"):
        list(reading)
    assert _all_ended(started)


def test_this_process_reads_while_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def never(_: object, articles: Sequence[Article]) -> list[processes.Told]:
        asked.extend(article.id for article in articles)
        gone.wait(10)
        return [(article.id, []) for article in articles]

    gone = threading.Event()
    monkeypatch.setattr(processes.Processes, "_ask", never)
    with Processes(1, _attributor()) as pool:
        attribute = pool._attributor.attribute

        def noting(article: Article) -> list[Attribution]:
            if article is ARTICLES[-1]:
                gone.set()
            return attribute(article)

        monkeypatch.setattr(pool._attributor, "attribute", noting)
        found = list(pool.read(ARTICLES, 4))
    assert [document for document, _ in found] == [article.id for article in ARTICLES]
    assert [document for document, rows in found if not rows] == sorted(asked, key=int)
    assert len(asked) < len(ARTICLES)


def test_what_a_process_says_last_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_START", "raise SystemExit('the cues are gone')")
    with pytest.raises(ProvenanceError, match="the cues are gone"), Processes(1, _attributor()) as pool:
        list(pool.read(ARTICLES * 500, 3000))


def test_an_interpreter_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes.sys, "executable", "/nowhere/python")
    with pytest.raises(ProvenanceError, match="no process can be started"), Processes(1, _attributor()):
        pass


def test_a_task_makes_an_attributor_that_reads_alike() -> None:
    attributor = _attributor()
    made = attributor_of(task_of(attributor))
    assert made.settings == attributor.settings
    assert made.gazetteer.outlets == attributor.gazetteer.outlets


def test_messages() -> None:
    stream = io.BytesIO()
    send(stream, ["\ud800", None, 0.1])
    data = stream.getvalue()
    assert receive(io.BytesIO(data)) == ["\ud800", None, 0.1]
    assert receive(io.BytesIO(data[:-1])) is None
    assert receive(io.BytesIO()) is None
