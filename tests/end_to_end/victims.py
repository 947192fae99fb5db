"""Runs to be killed, starved and disturbed: a server that has imported everything once and forks a process for each.

Jobs come as JSON on standard input, one a line, and are answered on standard output. A job is a number of command
lines, one after the other in one process, with what is to befall it:

    {"commands": [["run", "articles", "--db", "a.db"]], "kill": {"commit": 3}, ...}

What the process does is seen from outside of the product: SQLite's trace of statements, the progress that it tells,
and the transactions that it closes, after each of which it writes down how much every table holds. Killed processes
and what they started are waited for here (they become children of this process, see `adopt`).
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import io
import json
import mmap
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from provenance import Corpus, Settings, cli, options
from provenance.export.rows import FIELDS
from provenance.store.connection import Connection

UNCOMPARED = {"runs", "migrations", "sqlite_stat1", "sqlite_sequence"}
PATIENCE = 5.0
"""Seconds after which nothing that a killed process started may be there any more."""
_SET_CHILD_SUBREAPER = 36
_CAPABILITIES_VERSION = 0x20080522
_LEAST_FILE = 4096

_known: dict[str, dict[str, int]] = {}
"""How much the tables of a database held when it was last looked at."""


# in the process that is to be disturbed ---------------------------------------------------------------------------


class Diary:
    """What a process tells of itself, in memory that it shares with the server and that outlives it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1 << 23)
        self._written = 0

    def tell(self, kind: str, what: Any) -> None:
        line = json.dumps([kind, what]).encode() + b"\n"
        self._memory[self._written : self._written + len(line)] = line
        self._written += len(line)

    def read(self) -> list[Any]:
        """What was told; a line that death cut short is left out."""
        whole, _, _ = self._memory[:].partition(b"\0")[0].rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()]


class Fate:
    """Counts what happens and kills the process, or takes its disk away, where it is told to."""

    def __init__(self, job: dict[str, Any], diary: Diary) -> None:
        self.kill, self.starve, self.diary = job.get("kill") or {}, job.get("starve") or {}, diary
        self.statements = self.commits = self.stages = self.workers = 0
        self.paused = self.committed = False

    def dies(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        if self.paused:
            return
        self.statements += 1
        if self.committed and self.kill.get("committed") == self.commits:
            self.dies()
        self.committed = False
        if sql.lstrip().upper().startswith("COMMIT"):
            self.commits += 1
            self.committed = True
            if self.kill.get("commit") == self.commits:
                self.dies()
        if self.kill.get("statement") == self.statements:
            self.dies()

    def progress(self, stage: str, share: float) -> None:
        self.stages += 1
        self.diary.tell("stage", stage)
        if self.starve.get("stage") == stage:
            self.take_the_disk()
        if self.kill.get("stage") == stage or self.kill.get("progress") == self.stages:
            self.dies()

    def take_the_disk(self) -> None:
        """From now on no file grows: by a limit, or because a file takes all the room that is left."""
        if "filler" not in self.starve:
            limit_files(_LEAST_FILE)
            return
        with contextlib.suppress(OSError), Path(self.starve["filler"]).open("ab", buffering=0) as file:
            while True:
                # written as far as it goes
                if file.write(bytes(1 << 16)) < 1 << 16:
                    break
        with contextlib.suppress(OSError), Path(self.starve["filler"]).open("ab", buffering=0) as file:
            while True:
                file.write(bytes(1))

    def worker(self) -> None:
        self.workers += 1
        if self.kill.get("worker") == self.workers:
            threading.Timer(self.kill.get("later", 0.0), self.dies).start()


def limit_files(largest: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


def bind_to_permissions() -> None:
    """Have root mind the permissions of files like anybody else, by giving up all capabilities."""
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capset")


def amounts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows the tables hold, empty ones left out."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    names = sorted(row[0] for row in tables.fetchall())
    found = {}
    for name in names:
        if name not in UNCOMPARED and "_search" not in name:
            count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            if count:
                found[name] = count
    return found


def watch(fate: Fate) -> None:
    """Have a fate told of the statements, transactions and stages of this process."""
    connect, writing, summarize = sqlite3.connect, Connection._writing, Corpus.summarize
    start_process = subprocess.Popen.__init__

    def traced(database: Any, *given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(database, *given, **named)
        if database != ":memory:":
            connection.set_trace_callback(fate.statement)
        return connection

    @contextlib.contextmanager
    def watched(store: Any) -> Any:
        nested = store._connection.in_transaction
        with writing(store):
            yield
            if not nested:
                note("due", store)
        if not nested:
            note("done", store)

    def note(kind: str, store: Any) -> None:
        fate.paused = True
        fate.diary.tell(kind, amounts(store._connection))
        fate.paused = False

    def summarized(corpus: Any) -> None:
        fate.progress("summaries", 0.0)
        summarize(corpus)

    def born(process: Any, *given: Any, **named: Any) -> None:
        start_process(process, *given, **named)
        fate.worker()

    subprocess.Popen.__init__ = born  # type: ignore[method-assign]
    sqlite3.connect = traced  # type: ignore[assignment, misc]
    Connection._writing = watched  # type: ignore[method-assign]
    Corpus.summarize = summarized  # type: ignore[method-assign]
    options._no_progress = fate.progress


def turn_back_the_clock(seed: int) -> None:
    """Let every question for the time be answered by an earlier time than the last, by hours or years."""
    import datetime as dates

    rng = random.Random(seed)
    now, moment = time.time(), dates.datetime

    def earlier() -> float:
        nonlocal now
        now -= rng.choice([0.0, 1.0, 3600.0, 86400.0, 10_000_000.0])
        return max(now, 1.0)

    class Clock(moment):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return moment.fromtimestamp(earlier(), tz)

    time.time = earlier
    time.time_ns = lambda: int(earlier() * 1e9)
    for module in list(sys.modules.values()):
        if getattr(module, "datetime", None) is moment and module.__name__.startswith("provenance"):
            module.datetime = Clock  # type: ignore[attr-defined]


def live(job: dict[str, Any], diary: Diary) -> int:
    """Do a job in this process; its exit status."""
    os.setpgid(0, 0)
    output = os.open(job["output"], os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    fate = Fate(job, diary)
    os.environ["TMPDIR"] = job["temporary"]
    tempfile.tempdir = None
    if "clock" in job:
        turn_back_the_clock(job["clock"])
    watch(fate)
    if "largest" in job:
        limit_files(job["largest"])
    if job.get("bound"):
        bind_to_permissions()
    status = 0
    for command in job["commands"]:
        status = _status(command if job.get("bound") else _present(command))
        if status:
            break
    fate.diary.tell("end", [fate.statements, fate.commits, fate.stages])
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _present(command: list[str]) -> list[str]:
    """A command line as it is, but that only articles are removed that are held."""
    if command[0] != "remove":
        return command
    database = command[command.index("--db") + 1]
    with contextlib.closing(sqlite3.connect(database)) as connection:
        held = {row[0] for row in connection.execute("SELECT id FROM articles")}
    named = command[1 : command.index("--db")]
    wanted = [one for one in named if one in held]
    return ["remove", *wanted, *command[command.index("--db") :]] if wanted else ["--version"]


def _status(command: list[str]) -> int:
    if command[0] == "hold":
        return _hold(command[1], command[2], float(command[3]))
    try:
        cli.main(command)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _hold(database: str, how: str, seconds: float) -> int:
    """Be another program that has a transaction open on the database."""
    with contextlib.closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN" if how == "read" else "BEGIN IMMEDIATE")
        before = amounts(connection)
        Path(f"{database}.held").touch()
        time.sleep(seconds)
        same = amounts(connection) == before
        connection.execute("ROLLBACK")
    return 0 if same else 99


# in the server ----------------------------------------------------------------------------------------------------


def adopt() -> bool:
    """Become the parent of what killed processes leave behind, where the system offers that (Linux does)."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def start(job: dict[str, Any]) -> tuple[int, Diary]:
    diary = Diary()
    # on a busy machine the child can be killed before it has opened this
    Path(job["output"]).touch(mode=0o600)
    child = os.fork()
    if child == 0:
        status = 70
        try:
            status = live(job, diary)
        except BaseException:  # noqa: BLE001 - nothing of this process is to go on
            import traceback

            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    return child, diary


def finish(child: int, diary: Diary, job: dict[str, Any], *, others: bool = False) -> dict[str, Any]:
    """Wait for a process, kill it when its time has come, and look at what it left."""
    moment = (job.get("kill") or {}).get("moment")
    if moment is not None:
        deadline = time.monotonic() + moment
        while time.monotonic() < deadline and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            time.sleep(0.002)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    lines = diary.read()
    stages = [what for kind, what in lines if kind == "stage"]
    ends = [what for kind, what in lines if kind == "end"]
    said = Path(job["output"]).read_text(encoding="utf-8", errors="replace")
    return {
        "status": status,
        "stage": stages[-1] if stages else "opening",
        "events": ends[-1] if ends else None,
        # they would be waited for as well
        "left": 0 if others else _left(),
        "said": said[-4000:],
        "lines": lines,
    }


def _left() -> int:
    """How many processes are left of what was started, after a time in which all should have ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return 0
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    left = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                left += 1
                os.kill(int(status.parent.name), signal.SIGKILL)
    return left


def begun_with(database: str) -> dict[str, int]:
    """How much the tables of a database hold that no process has worked on yet."""
    if not Path(database).exists():
        return {}
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return amounts(connection)


def examine(database: str, lines: list[Any]) -> list[str]:
    """What is wrong with a database after a process that wrote the lines of a diary was killed; looks at a copy."""
    path = Path(database)
    if not path.exists():
        return []
    found = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for end in ("", "-wal", "-journal"):
            if path.with_name(path.name + end).exists():
                shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
        # a journal left of a first transaction is that of a file with this name
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            check = connection.execute("PRAGMA integrity_check").fetchall()
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            held = amounts(connection)
            if "articles" in held:
                for table, rank in (("word_search", 1), ("character_search", 0)):
                    try:
                        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', {rank})")
                    except sqlite3.DatabaseError as error:  # noqa: PERF203 - both are looked at
                        found.append(f"{table}: {error}")
                connection.rollback()
        if check != [("ok",)]:
            found.append(f"integrity: {check[:5]}")
        if broken:
            found.append(f"foreign keys: {broken[:5]}")
        with Corpus(copy) as corpus:
            corpus.store.counts()
    told = [(kind, what) for kind, what in lines if kind in {"due", "done"}]
    done = [what for kind, what in told if kind == "done"]
    possible = [done[-1] if done else _known.get(database, {})]
    if told and told[-1][0] == "due":
        possible.append(told[-1][1])
    if held not in possible:
        found.append(f"committed: {possible}, held: {held}")
    _known[database] = held
    return found


DUMPED = {
    "versions": "SELECT id, number, sha256, title, outlet, url, author, published_start, published_end, "
    "published_precision, published_origin, language, credits, unspaced, text "
    "FROM versions JOIN articles USING (article_id)",
    "current": "SELECT id, number FROM articles JOIN versions ON versions.version_id = articles.version_id",
    "word_index": "SELECT one.id, scheme, two.id, sampled, hex(sketch), hex(words) FROM word_index "
    "JOIN articles one USING (article_id) LEFT JOIN articles two ON two.article_id = representative_id",
    "alignments": "SELECT a.id, a_start, b.id, b_start, cluster, hex(alignment) FROM matches "
    "JOIN articles a ON a.article_id = a_id JOIN articles b ON b.article_id = b_id",
    "outlet_traces": "SELECT id, outlet, host, names_itself, plain, page FROM outlet_traces "
    "JOIN articles USING (article_id)",
    "outlet_brackets": "SELECT id, place, acronym, preceding FROM outlet_brackets JOIN articles USING (article_id)",
    "sources": "SELECT name, kind, outlet, name_key, outlet_key FROM sources",
    "linked_clusters": "SELECT cluster, digest FROM linked_clusters",
    "clusters": "SELECT clusters.*, first.id, earliest.id FROM (SELECT cluster, kind, copies, articles, characters, "
    "start_offset, end_offset, dated FROM clusters) clusters JOIN (SELECT cluster c, article_id, earliest_id FROM "
    "clusters) keys ON c = cluster LEFT JOIN articles first ON first.article_id = keys.article_id "
    "LEFT JOIN articles earliest ON earliest.article_id = earliest_id",
    "uncredited": "SELECT up.id, down.id, words, share, hours FROM uncredited JOIN links USING (link_id) "
    "JOIN articles up ON up.article_id = upstream_id JOIN articles down ON down.article_id = downstream_id",
    "exchanges": "SELECT * FROM exchanges",
    "most_credited": "SELECT * FROM most_credited",
    "published": "SELECT * FROM published",
    "counts": "SELECT * FROM counts",
    "stages": "SELECT stage, signature FROM stages",
    "document_stages": "SELECT id, stage, signature FROM document_stages JOIN articles USING (article_id)",
    "state": "SELECT name, value FROM state",
}
"""What the exports do not show, with the keys replaced by the ids that they stand for."""


def dump(database: str, settings: str) -> dict[str, Any]:
    """Everything a database holds but times and runs: how many rows of each kind, and a hash of them."""
    found: dict[str, list[str]] = {}
    with Corpus(database, Settings.from_toml(Path(settings))) as corpus:
        for what in FIELDS:
            out = io.StringIO()
            corpus.export(what, out)
            found[what] = out.getvalue().splitlines()
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for name, sql in DUMPED.items():
            found[name] = sorted(json.dumps(row) for row in connection.execute(sql))
    if "PROVENANCE_DUMP" in os.environ:
        Path(os.environ["PROVENANCE_DUMP"], f"{Path(database).name}.json").write_text(json.dumps(found, indent=1))
    return {name: [len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()] for name, rows in found.items()}


def main() -> None:
    """Answer jobs until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    running: dict[int, tuple[Diary, dict[str, Any]]] = {}
    print(json.dumps({"adopts": adopt()}), file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        answer: Any
        if job["do"] == "warm":
            # what every run loads is loaded once, here, and not in each process
            with Corpus(job["database"]) as corpus:
                corpus.run(job["paths"])
            answer = True
        elif job["do"] == "dump":
            answer = dump(job["database"], job["settings"])
        elif job["do"] == "start":
            answer, diary = start(job)
            running[answer] = diary, job
        elif job["do"] == "finish":
            answer = finish(job["process"], *running.pop(job["process"]), others=bool(running))
        else:
            if "database" in job and job["database"] not in _known:
                _known[job["database"]] = begun_with(job["database"])
            answer = finish(*start(job), job, others=bool(running))
            if "database" in job:
                answer["wrong"] = examine(job["database"], answer["lines"])
        if isinstance(answer, dict):
            answer.pop("lines", None)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
