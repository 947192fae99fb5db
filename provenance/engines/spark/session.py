"""The Spark session, and the folder of tables that a job reads and writes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from provenance.errors import MissingExtraError, ProvenanceError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_NEEDED: Final = ("pyspark", "pyarrow", "pandas")
_SUBMITTED: Final = "PYSPARK_GATEWAY_PORT"
"""Set in the environment where spark-submit started this process, and with it the virtual machine."""
_BATCH_ROWS: Final = 256
"""Rows that Spark hands to Python together; texts may be large. It decides no result."""
_MEMORY: Final = "3g"
"""Of the virtual machine on this one, where no configuration says otherwise; Spark's own default is 1 GB."""
_LAST_WORDS: Final = 2000


def check_installed() -> None:
    """See that Spark can run here.

    Raises:
        MissingExtraError: the extra, or Java, is not installed.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        what = f"the Spark engine needs {', '.join(missing)}"
        raise MissingExtraError(what, remedy="pip install 'provenance[spark]'")
    # under spark-submit the virtual machine runs already
    if _SUBMITTED in os.environ:
        return
    home = os.environ.get("JAVA_HOME")
    java = os.path.join(home, "bin", "java") if home else shutil.which("java")  # noqa: PTH118 - Java's own layout
    if not java or shutil.which(java) is None:
        remedy = "install Java 17 or later, or name its folder in JAVA_HOME"
        raise MissingExtraError("the Spark engine needs Java, which was not found", remedy=remedy)


@contextmanager
def session(master: str | None = None, *, quiet: bool = True) -> Iterator[SparkSession]:
    """A Spark session, stopped afterwards if it was begun here.

    Args:
        master: such as `local[2]` or `yarn`; None for what spark-submit says, else all cores of this machine.
        quiet: whether Spark's own messages are kept from standard error.

    Raises:
        MissingExtraError: the extra, or Java, is not installed.
        ProvenanceError: Spark could not be started, or failed at what it was asked.
    """
    check_installed()
    from py4j.protocol import Py4JError, Py4JNetworkError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile()) if quiet else None
        try:
            spark = stack.enter_context(_started(master, log))
            yield spark
        except (ConnectionError, Py4JNetworkError) as error:
            remedy = "give it more memory (spark.driver.memory in spark-defaults.conf or SPARK_CONF_DIR), and run again"
            raise ProvenanceError("Spark's virtual machine ended", remedy=remedy) from error
        except (PySparkException, Py4JError) as error:
            raise ProvenanceError(f"Spark failed: {_reason(str(error))}", remedy="-v shows what Spark says") from error


@contextmanager
def _started(master: str | None, log: Any) -> Iterator[SparkSession]:
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.sql import SparkSession  # noqa: PLC0415

    running = SparkSession.getActiveSession()
    with _to_file(log):
        builder: Any = SparkSession.builder
        builder = builder.appName("provenance")
        submitted = _SUBMITTED in os.environ
        master = master or (None if submitted else "local[*]")
        if master is not None:
            builder = builder.master(master)
        if master is not None and master.startswith("local") and not submitted:
            # its Python processes are this interpreter, unless somebody says otherwise
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            # the virtual machine only moves bytes: to compile its code thoroughly costs more than it saves
            builder = builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
            builder = builder.config("spark.sql.codegen.wholeStage", "false")
            if "SPARK_CONF_DIR" not in os.environ:
                builder = builder.config("spark.driver.memory", _MEMORY).config("spark.driver.maxResultSize", "0")
            builder = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "localhost")
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        before = signal.getsignal(signal.SIGINT)
        spark: SparkSession = builder.getOrCreate()
        if before is not None and threading.current_thread() is threading.main_thread():
            # Spark puts its own in its place for good; ours stops the session, and with it what runs there
            signal.signal(signal.SIGINT, before)
    if log is not None:
        spark.sparkContext.setLogLevel("ERROR")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(_BATCH_ROWS))
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    if running is None and str(spark.sparkContext.master).startswith("local"):
        spark.conf.set("spark.sql.shuffle.partitions", str(spark.sparkContext.defaultParallelism))
    try:
        yield spark
    finally:
        if running is None:
            # one whose machine is gone cannot be stopped
            with suppress(ConnectionError, Py4JError):
                spark.stop()


@contextmanager
def _to_file(log: Any) -> Iterator[None]:
    """Have the virtual machine, which takes this process's standard error with it, write to a file."""
    if log is None:
        yield
        return
    kept = os.dup(2)
    try:
        os.dup2(log.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _reason(message: str) -> str:
    """What a message of Spark's ends with: that is where the error of a kernel stands."""
    lines = [line.strip() for line in message[-_LAST_WORDS:].splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("at ", "File ", "..."))]
    return (telling or lines or ["no reason given"])[-1]


@dataclass(frozen=True, slots=True)
class Tables:
    """A folder of Parquet tables, at any path that Spark reads and writes.

    Attributes:
        spark: the session.
        root: the folder.
    """

    spark: SparkSession
    root: str

    def path(self, name: str) -> str:
        """Where a table is."""
        return f"{self.root.rstrip('/')}/{name}"

    def put(self, name: str, frame: DataFrame) -> DataFrame:
        """Write a table in place of one of that name, and read it back: what follows does not work it out again."""
        frame.write.mode("overwrite").parquet(self.path(name))
        return self.get(name)

    def put_sorted(self, name: str, frame: DataFrame, by: str) -> DataFrame:
        """Write a table in the order of a column.

        Sorting looks at the rows twice, so they are worked out and kept first.
        """
        kept = self.put(f"work/{name}", frame)
        sorted_ = self.put(name, kept.orderBy(by))
        self.drop(f"work/{name}")
        return sorted_

    def get(self, name: str) -> DataFrame:
        """Read a table."""
        return self.spark.read.parquet(self.path(name))

    def holds(self, name: str) -> bool:
        """Whether there is a table that was written to its end."""
        return bool(self._files().exists(self._place(f"{self.path(name)}/_SUCCESS")))

    def drop(self, name: str) -> None:
        """Remove a table, or a folder of such."""
        self._files().delete(self._place(self.path(name)), True)

    def _place(self, path: str) -> Any:
        return self._machine().org.apache.hadoop.fs.Path(path)

    def _files(self) -> Any:
        context: Any = self.spark.sparkContext
        return self._place(self.root).getFileSystem(context._jsc.hadoopConfiguration())

    def _machine(self) -> Any:
        context: Any = self.spark.sparkContext
        return context._jvm
