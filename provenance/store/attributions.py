"""Attributions and the sources they name."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, get_args

from provenance.errors import StoreError
from provenance.model import Attribution, Evidence, Mention, Source, SourceKind, Span, Stance
from provenance.ordering import in_order
from provenance.store.articles import CREDITS_COUNTED
from provenance.store.connection import Row, in_batches
from provenance.store.counted import Counted
from provenance.store.records import Stage
from provenance.store.traces import TraceStore

_KINDS = frozenset({"agency", "outlet", "person", "organization", "statement", "author"})
_OUTLET_KINDS = frozenset({"agency", "outlet"})
_KINDS = frozenset(get_args(SourceKind))

_INSERT_ATTRIBUTION = f"""
    INSERT INTO attributions (attribution_id, article_id, place, scope, kind, stance, source_start, source_end,
        source_text, source_name, cue_start, cue_end, cue_text, cue_name, content, confidence, rule)
    VALUES ({", ".join("?" * 17)})"""
_READ = """
    SELECT attribution_id, article_id, scope, kind, stance, source_start, source_end, source_text, source_name,
        cue_start, cue_end, cue_text, cue_name, content, confidence, rule
    FROM attributions WHERE attribution_id IN {keys}"""
_SOURCES_NAMED = "SELECT source_id, name, kind, outlet FROM sources WHERE name IN ({marks})"
_NAMES_AT_ONCE = 500
"""SQLite's default limit on variables was 999 before 3.32."""
_READ_SOURCES = """
    SELECT attribution_id, source_id FROM attribution_sources
    WHERE attribution_id IN {keys} ORDER BY attribution_id, place"""
_DOOMED = """
    SELECT attribution_id FROM temp.doomed CROSS JOIN attributions ON attributions.article_id = doomed.article_id"""
_NAMED = """
    SELECT attribution_id FROM attribution_sources WHERE source_id IN (
        SELECT source_id FROM sources WHERE name_key = ? UNION SELECT source_id FROM sources WHERE outlet_key = ?)"""


def name_key(name: str) -> str:
    """What a source's name is compared by: apart from case, composition of accents and white space."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class AttributionStore(TraceStore):
    """The part of `Store` that holds attributions, and evidence of every kind."""

    def replace_attributions(
        self, document: str, attributions: Iterable[Attribution], *, signature: str | None = None
    ) -> None:
        """Replace the attributions of one article; `replace_attributions_of` for many.

        Raises:
            NotFoundError: the store does not hold the article, or one that evidence refers to.
            StoreError: an attribution is of another article, or cannot be stored; everything is as before then.
        """
        self.replace_attributions_of([(document, list(attributions))], signature=signature)

    def replace_attributions_of(
        self, found: Iterable[tuple[str, Sequence[Attribution]]], *, signature: str | None = None
    ) -> None:
        """Replace the attributions of many articles, each as a whole; an empty sequence is a result too.

        Batches of `StoreSettings.batch_articles` articles are committed one by one. Links and chains that rest on
        these articles are removed with the attributions they may have been inferred from.

        Args:
            found: article id and its attributions; an article named twice has those named last.
            signature: kept for each article as that of the stage `attribution`, in the same transaction, for
                `pending`: a run that was stopped can go on where it was.

        Raises:
            NotFoundError: the store does not hold one of the articles; the batches before are kept.
            StoreError: an attribution is of another article, or cannot be stored; the batches before are kept.
        """
        sources = _SourceKeys()
        for pairs in in_batches(found, self.settings.batch_articles):
            batch = dict(pairs)
            with self._writing():
                self._clear_stages("attribution", "links", "chains")
                self._replace_batch(batch, sources)
                self._mark("attribution", list(batch), signature)
            if len(sources.keys) > self.settings.sources_remembered:
                sources.forget()

    def _replace_batch(self, batch: dict[str, Sequence[Attribution]], sources: _SourceKeys) -> None:
        key = self._keyed(batch)
        self._doom(key(document) for document in batch)
        self._forget_inferred()
        self._note_sources(_DOOMED)
        removed = self._run(
            "DELETE FROM attributions WHERE article_id IN (SELECT article_id FROM temp.doomed)"
        ).rowcount
        number = self._next_key("attributions", "attribution_id")
        rows: list[Row] = []
        chains: list[tuple[int, int, Source]] = []
        evidence: list[Row] = []
        for document, attributions in batch.items():
            for place, attribution in enumerate(in_order(attributions)):
                if attribution.document != document:
                    what = f"an attribution of {attribution.document!r} among those of {document!r}"
                    raise StoreError(what, where=str(self.path), remedy="group attributions by their document")
                rows.append(_row(number, key(document), place, attribution))
                chains += [(number, step, named) for step, named in enumerate(attribution.chain)]
                evidence += evidence_rows("attribution", number, attribution.evidence, key)
                number += 1
        self._enter_sources([named for _, _, named in chains], sources)
        self._many(_INSERT_ATTRIBUTION, rows, article_at=1)
        self._many(
            "INSERT INTO attribution_sources (attribution_id, place, source_id) VALUES (?, ?, ?)",
            [(owner, step, sources.keys[named]) for owner, step, named in chains],
        )
        self._add_evidence(evidence)
        if removed:
            self.set_state(CREDITS_COUNTED, None)
            self._drop_sources()
            # some of those known may be gone
            sources.forget()

    def _enter_sources(self, named: Iterable[Source], known: _SourceKeys) -> None:
        """Give every source its key, a new one where the store does not hold it; `known` learns them."""
        new = [source for source in dict.fromkeys(named) if source not in known.keys]
        number = self._next_key("sources", "source_id")
        # where all that the table holds is known, nothing needs looking up
        known.complete = known.complete and known.highest == number - 1
        found = {} if known.complete else self._sources_named({source.name for source in new})
        rows: list[Row] = []
        for source in new:
            if source.kind not in _KINDS:
                what = f"the source {source.name!r} is of an unknown kind, {source.kind!r}"
                raise StoreError(what, where=str(self.path), remedy=f"one of {', '.join(sorted(_KINDS))}")
            if source in found:
                known.keys[source] = found[source]
                continue
            outlet = None if source.outlet is None else name_key(source.outlet)
            rows.append((number, source.name, source.kind, source.outlet, name_key(source.name), outlet))
            known.keys[source] = number
            number += 1
        known.highest = number - 1
        insert = "INSERT INTO sources (source_id, name, kind, outlet, name_key, outlet_key) VALUES (?, ?, ?, ?, ?, ?)"
        self._many(insert, rows)

    def _sources_named(self, names: Collection[str]) -> dict[Source, int]:
        """The keys of the sources of some names."""
        found: dict[Source, int] = {}
        for batch in in_batches(sorted(names), _NAMES_AT_ONCE):
            sql = _SOURCES_NAMED.format(marks=", ".join("?" * len(batch)))
            found.update((Source(*row[1:]), row[0]) for row in self._rows(sql, batch))
        return found

    def _add_evidence(self, rows: Sequence[Row]) -> None:
        self._many(
            """INSERT INTO evidence (attribution_id, link_id, hop_id, place, article_id, start_offset, end_offset,
                text, rule, found_in, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
            article_at=4,
        )

    def _evidence(self, owner: str, keys: Sequence[int], names: Names) -> dict[int, tuple[Evidence, ...]]:
        """The evidence of attributions, links or hops, under their keys."""
        groups = self._grouped(
            f"""SELECT {owner}_id, article_id, start_offset, end_offset, text, rule, found_in, weight
                FROM evidence WHERE {owner}_id IN {{keys}} ORDER BY {owner}_id, place""",
            keys,
        )
        return {key: tuple([Evidence(names[row[1]], *row[2:]) for row in rows]) for key, rows in groups.items()}

    # which articles a stage has done ----------------------------------------------------------------------------

    def _mark(self, stage: Stage, documents: Sequence[str], signature: str | None) -> None:
        rows = [(key, stage) for key in self._keys_of(documents).values()]
        self._many("DELETE FROM document_stages WHERE article_id = ? AND stage = ?", rows)
        if signature is not None:
            marked = [(*row, signature) for row in rows]
            self._many("INSERT INTO document_stages (article_id, stage, signature) VALUES (?, ?, ?)", marked)

    def pending(self, signature: str, stage: Stage = "attribution") -> list[str]:
        """The ids, sorted, of articles that a stage has not done with this signature since they last changed."""
        sql = """SELECT id FROM articles WHERE article_id NOT IN (
            SELECT article_id FROM document_stages WHERE stage = ? AND signature = ?) ORDER BY id"""
        return [row[0] for row in self._rows(sql, (stage, signature))]

    # reading ----------------------------------------------------------------------------------------------------

    def attributions(
        self,
        document: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        stance: Stance | None = None,
    ) -> Counted[Attribution]:
        """Attributions, all or those that fit every condition given.

        Ordered by article, then by the first offset of source, cue or content (those without any first), then by
        the remaining fields.

        Args:
            document: an article's id.
            source: the name, or the outlet, of any source in the chain, apart from case.
            kind: the rule family.
            stance: how the source stands to the content.

        Raises:
            NotFoundError: the store does not hold the article.
        """
        conditions, values = ["1"], list[Any]()
        if document is not None:
            conditions.append("attributions.article_id = ?")
            values.append(self._key_of(document))
        if source is not None:
            conditions.append(f"attribution_id IN ({_NAMED})")
            values += [name_key(source)] * 2
        for column, value in (("kind", kind), ("stance", stance)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        keys = self._keys(
            f"""SELECT attribution_id FROM attributions JOIN articles ON articles.article_id = attributions.article_id
                WHERE {" AND ".join(conditions)} ORDER BY id, place""",
            values,
        )
        return Counted(self._attributions(keys), len(keys))

    def _attributions(self, keys: Sequence[int]) -> Iterator[Attribution]:
        names, sources = Names(self._id_of), dict[int, Source]()
        for batch in in_batches(keys, self.settings.batch_rows):
            named = self._grouped(_READ_SOURCES, batch)
            missing = {row[1] for group in named.values() for row in group} - sources.keys()
            for row in self._by_key(
                "SELECT source_id, name, kind, outlet FROM sources WHERE source_id IN {keys}", sorted(missing)
            ):
                sources[row[0]] = Source(*row[1:])
            evidence = self._evidence("attribution", batch, names)
            rows = list(self._by_key(_READ, batch))
            # parsed together, which takes a fifth of the time
            contents = json.loads(f"[{','.join([row[13] for row in rows])}]")
            for row, content in zip(rows, contents, strict=True):
                chain = tuple([sources[key] for _, key in named.get(row[0], ())])
                yield _attribution(row, names[row[1]], content, evidence.get(row[0], ()), chain)


class _SourceKeys:
    """Keys of sources while attributions are written.

    Attributes:
        keys: of those entered or looked up so far.
        highest: the highest that any had when the last ones were entered.
        complete: whether `keys` holds all that the table does, if nobody else has entered any since.
    """

    def __init__(self) -> None:
        self.keys: dict[Source, int] = {}
        self.highest = 0
        self.complete = True

    def forget(self) -> None:
        """Start anew; from now on sources are looked up."""
        self.keys.clear()
        self.complete = False


class Names(dict[int, str]):
    """Ids of articles by their integer keys, each looked up once; for one read."""

    def __init__(self, look_up: Callable[[int], str]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, key: int) -> str:
        name = self[key] = self._look_up(key)
        return name


def evidence_rows(owner: str, number: int, evidence: Sequence[Evidence], key: Callable[[str], int]) -> list[Row]:
    """Rows of the evidence table for one attribution, link or hop."""
    owners = tuple(number if owner == name else None for name in ("attribution", "link", "hop"))
    return [
        (*owners, place, key(one.document), one.start, one.end, one.text, one.rule, one.where, one.weight)
        for place, one in enumerate(evidence)
    ]


def _row(number: int, article: int, place: int, attribution: Attribution) -> Row:
    content = ",".join(f"[{span.start},{span.end}]" for span in attribution.content)
    return (
        number,
        article,
        place,
        attribution.scope,
        attribution.kind,
        attribution.stance,
        *_mention_columns(attribution.source),
        *_mention_columns(attribution.cue),
        f"[{content}]",
        attribution.confidence,
        attribution.rule,
    )


def _mention_columns(mention: Mention | None) -> Row:
    return (None,) * 4 if mention is None else (mention.span.start, mention.span.end, mention.text, mention.name)


def _mention(start: int | None, end: int, text: str, name: str) -> Mention | None:
    return None if start is None else Mention(Span(start, end), text, name)


def _attribution(
    row: Row, document: str, content: Sequence[Sequence[int]], evidence: tuple[Evidence, ...], chain: tuple[Source, ...]
) -> Attribution:
    return Attribution(
        document,
        row[2],
        row[3],
        row[4],
        None if row[5] is None else _mention(*row[5:9]),
        None if row[9] is None else _mention(*row[9:13]),
        tuple([Span(start, end) for start, end in content]),
        evidence,
        chain,
        row[14],
        row[15],
    )
