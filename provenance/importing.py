"""Results of the Spark engine brought into a database, which then is as if the local engine had made it.

Everything is taken over with what the next analysis goes on from; summaries are made here, from the database.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from provenance import errors
from provenance.attribution.collection import TRACE_METHOD
from provenance.attribution.outlet_files import extended, read_back
from provenance.attribution.outlets import Gazetteer
from provenance.attribution.renewal import TraceRow, outdate, renewed_gazetteer
from provenance.collector import without_collector
from provenance.corpus import Corpus
from provenance.engines.packing import unpack_attributions
from provenance.errors import (
    InputError,
    MalformedError,
    MissingExtraError,
    SettingsError,
    StoreError,
    UnreadableError,
)
from provenance.model import Attribution, Evidence
from provenance.recording import recording
from provenance.reports import AddReport, RunReport
from provenance.reuse import INDEX_SCHEME
from provenance.settings import Settings, group_of
from provenance.signatures import METHOD, signature_of
from provenance.store import IndexUpdate

if TYPE_CHECKING:
    from provenance.reuse.detector import Progress

LAYOUT: Final = 1
"""Of the tables that can be read (`engines.spark.job.LAYOUT`)."""
_UNFINISHED: Final = "importing"
"""Under which the run's state keeps which result is being brought in: one that was stopped goes on."""
_OUTLETS: Final = "own_outlets"


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """A folder that `engines.spark.job.run_job` wrote.

    Attributes:
        folder: where it is.
        told: its manifest.
    """

    folder: Path
    told: dict[str, Any]

    @classmethod
    def of(cls, folder: Path) -> Result:
        """Open a result.

        Raises:
            MissingExtraError: there is nothing to read Parquet with.
            UnreadableError: there is no whole result.
            MalformedError: its manifest is damaged.
            StoreError: another version made it.
        """
        manifest = folder / "manifest"
        if not (manifest / "_SUCCESS").exists():
            remedy = "name the folder that `provenance run --engine spark --output` wrote to its end"
            raise UnreadableError("no whole result of the Spark engine", where=str(folder), remedy=remedy)
        told = _read(manifest)
        made = told.get("layout"), told.get("method"), told.get("scheme")
        if made != (LAYOUT, METHOD, INDEX_SCHEME):
            what = f"made by provenance {told.get('version')}, whose results differ"
            raise StoreError(what, where=str(folder), remedy="run the job again with the version installed here")
        result = cls(folder, told)
        result.check()
        return result

    def check(self) -> None:
        """Refuse a manifest that says what no job writes, before anything is taken over.

        Raises:
            MalformedError: it does; the message names the field.
        """
        try:
            _ = self.settings(Settings()), self.errors
        except SettingsError as error:
            raise _damaged(self._manifest, f"settings: {error.what}") from error
        outlets, job = self.told.get("outlets"), self.told.get("job")
        if not (isinstance(job, str) and (outlets is None or isinstance(outlets, str))):
            raise _damaged(self._manifest, "job or outlets is no text")
        try:
            Gazetteer(read_back(outlets))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(self._manifest, f"outlets: {error}") from error

    def settings(self, given: Settings) -> Settings:
        """Settings with those of the job where results depend on them."""
        told = self.told.get("settings")
        kept = {}
        for name in ("ingest", "reuse", "attribution", "chains"):
            table = told.get(name) if isinstance(told, dict) else None
            if not isinstance(table, dict):
                raise _damaged(self._manifest, f"no settings of {name}")
            kept[name] = group_of(Settings, name, table, self._manifest)
        kept["attribution"] = dataclasses.replace(kept["attribution"], outlets="")
        return dataclasses.replace(given, **kept)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table."""
        import pyarrow.dataset as ds  # noqa: PLC0415 - an extra

        if not (self.folder / table).is_dir():
            return
        for batch in ds.dataset(self.folder / table, format="parquet", exclude_invalid_files=False).to_batches():
            yield from batch.to_pylist()

    @property
    def errors(self) -> tuple[InputError, ...]:
        """What the job could not use."""
        listed = self.told.get("errors")
        if not isinstance(listed, list):
            raise _damaged(self._manifest, "no list of errors")
        return tuple(self._error(one) for one in listed)

    def _error(self, told: Any) -> InputError:
        if not (isinstance(told, list) and len(told) == 4 and all(isinstance(part, str) for part in told)):
            raise _damaged(self._manifest, "an error is not its kind, place, text and remedy")
        name, where, what, remedy = told
        kind = getattr(errors, name, None)
        if not (isinstance(kind, type) and issubclass(kind, InputError)):
            raise _damaged(self._manifest, f"no error of what was read is named {name!r:.80}")
        return kind(what, where=where, remedy=remedy)

    @property
    def _manifest(self) -> Path:
        return self.folder / "manifest"


def _read(manifest: Path) -> dict[str, Any]:
    """What a manifest says."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.dataset as ds  # noqa: PLC0415
    except ImportError as error:
        remedy = "pip install 'provenance[spark]'"
        raise MissingExtraError("reading Parquet needs pyarrow", remedy=remedy) from error
    try:
        told = json.loads(ds.dataset(manifest, format="parquet").to_table()["manifest"][0].as_py())
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise _damaged(manifest, f"it cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise _damaged(manifest, "it holds no fields")
    return told


def _damaged(manifest: Path, what: str) -> MalformedError:
    remedy = "run the job again, or copy its folder anew"
    return MalformedError(f"the manifest is damaged: {what}", where=str(manifest), remedy=remedy)


def taking(result: Result, database: Path, given: Settings) -> Corpus:
    """The collection that a result is to be brought into, with the job's settings; to be closed by who asks.

    Args:
        result: what a job left.
        database: a new one, or one that was stopped while it took in the same result.
        given: settings on which no result depends.

    Raises:
        StoreError: the database holds other articles.
    """
    settings = result.settings(given)
    with Corpus(database, settings) as corpus:
        store = corpus.store
        if store.held() and store.state(_UNFINISHED) != result.told["job"]:
            remedy = "import into a new database, and add to it what else there is"
            raise StoreError("it holds articles already", where=str(store.path), remedy=remedy)
        store.set_state(_UNFINISHED, result.told["job"])
        if result.told["outlets"] is not None:
            store.set_state(_OUTLETS, result.told["outlets"])
    # opened anew, it knows these outlets
    return Corpus(database, settings)


def import_result(corpus: Corpus, result: Result, progress: Progress) -> RunReport:
    """Bring a result into a database, and make summaries.

    Args:
        corpus: what `taking` gives.
        result: what a job left.
        progress: is told how far the work is.
    """
    with recording(corpus, "import") as run, corpus.store.working():
        told = run.told(progress)
        told("storing articles", 0.0)
        counts = corpus.store.add_articles(_articles(result))
        told("storing passages", 0.0)
        _take_passages(corpus, result)
        told("storing attributions", 0.0)
        with without_collector():
            _take_attributions(corpus, result)
        told("storing links", 0.0)
        with without_collector():
            _take_links(corpus, result)
        corpus.update(told)
        corpus.store.set_state(_UNFINISHED, None)
        added = AddReport(counts, result.errors)
        run.took(added)
        return corpus.report(added)


def _articles(result: Result) -> Iterator[Any]:
    from provenance.engines.spark.reading import ARTICLE, article_of  # noqa: PLC0415 - an extra

    return (article_of([row[name] for name in ARTICLE]) for row in result.rows("documents"))


def _take_passages(corpus: Corpus, result: Result) -> None:
    store, reuse = corpus.store, corpus.settings.reuse
    signature = signature_of(reuse)
    if store.stage_signature("reuse") == signature:
        return
    scheme = signature_of(reuse, INDEX_SCHEME)
    from provenance.engines.spark.engine import index_of, match_of, passage_of  # noqa: PLC0415 - an extra

    alignments = (row["alignment"] for row in result.rows("matches"))
    index = IndexUpdate(scheme, map(index_of, result.rows("index")), alignments, True, store.index_counts(scheme))
    matches, passages = map(match_of, result.rows("matches")), map(passage_of, result.rows("passages"))
    store.replace_matches(matches, passages, signature=signature, index=index)


def _take_attributions(corpus: Corpus, result: Result) -> None:
    store = corpus.store
    given = extended(Gazetteer.default(), read_back(store.state(_OUTLETS)))
    settled = (dataclasses.replace(corpus.settings.attribution, outlets=""), given.signature())
    store.put_traces(_traces(result), TRACE_METHOD)
    gazetteer = renewed_gazetteer(store, given)
    signature = signature_of(*settled, gazetteer.reach())
    outdate(store, given, gazetteer, signature)
    pending = frozenset(store.pending(signature))
    texts = _texts(corpus)

    def said() -> Iterator[tuple[str, list[Attribution]]]:
        for row in result.rows("attributions"):
            document = row["document"]
            if document in pending:
                yield document, unpack_attributions(json.loads(row["attributions"]), document, texts(document))

    store.replace_attributions_of(said(), signature=signature)
    store.set_stage_signature("attribution", signature_of(*settled))


def _take_links(corpus: Corpus, result: Result) -> None:
    from provenance.engines.spark.linking import unpack_chain, unpack_link  # noqa: PLC0415 - an extra

    store, settings = corpus.store, corpus.settings.chains
    signature = signature_of(settings, [store.stage_signature(stage) or "" for stage in ("reuse", "attribution")])
    if store.stage_signature("chains") == signature:
        return
    scheme = signature_of(settings)
    signed = {row["document"]: f"{scheme}:{row['signature']}" for row in result.rows("link_signatures")}
    clusters = {row["cluster"]: row["digest"] for row in result.rows("link_clusters")}
    for row in result.rows("link_names"):
        store.begin_linking(None, clusters, json.loads(row["names"]))
    for row in result.rows("linked"):
        links = [unpack_link(one) for one in json.loads(row["links"])]
        told = json.loads(row["chains"])
        batch = sorted(row["documents"])
        said = store.said(batch)
        evidence = _evidence(said)
        chains = [unpack_chain(one, evidence) for one in told]
        store.relink({document: signed[document] for document in batch}, links, chains, said)
    for stage in ("links", "chains"):
        store.set_stage_signature(stage, signature)


def _evidence(said: Sequence[tuple[int, Attribution]]) -> Callable[[str, int], tuple[Evidence, ...]]:
    """Gives the evidence of the attribution at a place of an article's list: the store keeps the job's order."""
    held: dict[str, list[Attribution]] = {}
    for _, attribution in said:
        held.setdefault(attribution.document, []).append(attribution)
    return lambda document, place: held[document][place].evidence


def _texts(corpus: Corpus) -> Any:
    return lambda document: corpus.store.article(document).text


def _traces(result: Result) -> Iterator[TraceRow]:
    for row in result.rows("traces"):
        brackets = [(acronym, before) for acronym, before in json.loads(row["brackets"] or "[]")]
        names = (row["document"], row["outlet"], row["host"], row["names_itself"], row["plain"], row["page"])
        yield (*names, brackets)
