"""PROV: read back by the `prov` library from both formats, and no relation that was not found."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import prov.model
import pytest

from provenance import Article, Corpus
from provenance.export import identifiers
from provenance.export.plain import without_controls

DERIVED = prov.model.PROV_DERIVATION
INFLUENCED = prov.model.PROV_INFLUENCE


def written(corpus: Corpus, form: str) -> str:
    out = io.StringIO()
    assert corpus.export("prov", out, form) > 0
    return out.getvalue()


def read(corpus: Corpus, form: str) -> Any:
    name, options = {"json": ("json", {}), "provn": ("provn", {"profile": "strict"})}[form]
    return prov.model.ProvDocument.deserialize(content=written(corpus, form), format=name, **options)


def pairs(document: Any, kind: Any, wanted: str) -> set[tuple[str, str]]:
    """Both ends of the relations of one kind that have a type."""
    return {
        tuple(str(value) for _, value in record.formal_attributes[:2])
        for record in document.get_records()
        if record.get_type() == kind and wanted in {str(each) for each in record.get_asserted_types()}
    }


@pytest.fixture(scope="module")
def document(harbour: Corpus) -> Any:
    return read(harbour, "json")


def test_both_formats_say_the_same(corpus: Corpus) -> None:
    one, two = read(corpus, "json"), read(corpus, "provn")
    # relations have names of their own in PROV-JSON, which mean nothing
    assert {_plain(record) for record in one.records} == {_plain(record) for record in two.records}


def _plain(record: Any) -> tuple[Any, ...]:
    # PROV-N has no escape for controls; they are replaced there
    values = ((str(name), without_controls(str(value))) for name, value in record.attributes)
    return (str(record.get_type()), str(record.identifier), tuple(sorted(values)))


def test_whatever_is_related_is_declared(corpus: Corpus) -> None:
    document = read(corpus, "json")
    declared = {record.identifier for record in document.records if record.identifier}
    ends = {value for record in document.records if record.is_relation() for _, value in record.formal_attributes[:2]}
    assert ends <= declared


def test_identifiers_are_those_of_the_other_exports(document: Any, harbour: Corpus) -> None:
    entities = {each.identifier.uri for each in document.get_records(prov.model.ProvEntity)}
    assert {identifiers.iri(identifiers.article(one.id)) for one in harbour.documents()} <= entities


def test_copies_and_updates_are_derivations(document: Any, harbour: Corpus) -> None:
    for relation in ("credited-copy", "uncredited-copy", "update"):
        wanted = {
            (identifiers.article(link.downstream), identifiers.article(link.upstream or ""))
            for link in harbour.links()
            if link.relation == relation
        }
        assert pairs(document, DERIVED, f"terms:{relation}") == wanted
        assert wanted
    assert pairs(document, DERIVED, "prov:Revision") == pairs(document, DERIVED, "terms:update")


def test_words_of_a_speaker_are_quotations(document: Any) -> None:
    quoted = pairs(document, DERIVED, "terms:quotation")
    assert {below for below, _ in quoted} == {"article:radio-skel", "article:vpa-0312"}
    assert quoted <= pairs(document, DERIVED, "prov:Quotation")


def test_two_articles_with_a_common_source_derive_from_one_unseen_text(document: Any) -> None:
    common = pairs(document, DERIVED, "terms:common-source")
    assert {below for below, _ in common} == {"article:brinnock-argus", "article:ferry-and-quay"}
    assert len({above for _, above in common}) == 1


def test_an_undecided_order_is_no_relation(document: Any) -> None:
    ends = {"article:waterside-notice.txt", "article:vpa-0312"}
    related = (
        {str(value) for _, value in record.formal_attributes[:2]} for record in document.records if record.is_relation()
    )
    assert ends not in list(related)
    [entity] = document.get_record("article:waterside-notice.txt")
    assert [str(each) for each in entity.get_attribute("terms:sharesTextWith")] == ["article:vpa-0312"]


def test_a_mention_is_no_derivation(document: Any) -> None:
    assert ("article:ledger-denial", "outlet:aldery%20business%20daily") in pairs(
        document, INFLUENCED, "terms:credit-only"
    )


def chains_of(document: Any, article: str) -> Iterator[tuple[str, Any]]:
    for entity in document.get_records(prov.model.ProvEntity):
        if str(entity.identifier).startswith(f"claim:{article}/"):
            [value] = entity.get_attribute("prov:value")
            yield value, entity.identifier


def test_a_chain_ends_at_its_ultimate_source(document: Any) -> None:
    claims = {text: str(name) for text, name in chains_of(document, "veld-voice")}
    claim = next(name for text, name in claims.items() if text.startswith("“We were not asking"))
    sources = {above for below, above in pairs(document, DERIVED, "prov:PrimarySource") if below == claim}
    said = {
        str(record.formal_attributes[0][1]): str(record.formal_attributes[1][1])
        for record in document.get_records(prov.model.ProvAttribution)
    }
    assert {said[above] for above in sources} == {"source:person/rolf%20aske"}


def test_no_relation_between_two_articles_is_told_twice(document: Any) -> None:
    told = [
        tuple(str(value) for _, value in record.formal_attributes[:2])
        for record in document.get_records(prov.model.ProvDerivation)
        if "prov:PrimarySource" not in {str(each) for each in record.get_asserted_types()}
    ]
    between = [pair for pair in told if pair[0].startswith("article:") and pair[1].startswith("article:")]
    assert len(set(between)) == len(between)


def test_who_denies_a_claim_is_not_its_source(document: Any) -> None:
    denied = pairs(document, INFLUENCED, "terms:denial")
    assert denied
    assert not denied & pairs(document, DERIVED, "prov:PrimarySource")
    for _, above in denied:
        [entity] = document.get_record(above)
        assert "terms:denial" in {str(each) for each in entity.get_asserted_types()}


def test_articles_and_statements_are_attributed(document: Any) -> None:
    attributed = {
        tuple(str(value) for _, value in record.formal_attributes[:2])
        for record in document.get_records(prov.model.ProvAttribution)
    }
    assert ("article:vpa-0312", "outlet:veldmark%20press%20agency") in attributed
    kinds = {
        str(each.identifier): {str(one) for one in each.get_asserted_types()}
        for each in document.get_records(prov.model.ProvAgent)
    }
    assert "prov:Person" in kinds["source:person/ingrid%20tolland"]
    assert "prov:Organization" in kinds["outlet:veldmark%20press%20agency"]


def test_hostile_words_stay_within_their_strings(hostile: Corpus) -> None:
    document = read(hostile, "provn")
    articles = {one.id for one in hostile.documents()}
    identified = {
        str(value)
        for entity in document.get_records(prov.model.ProvEntity)
        for value in entity.get_attribute("schema:datePublished")
    }
    assert len(identified) == 2
    assert len(
        [e for e in document.get_records(prov.model.ProvEntity) if str(e.identifier).startswith("article:")]
    ) == len(articles)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", written(hostile, "provn"))


def test_an_empty_collection_is_an_empty_document(tmp_path: Any) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        for form in ("json", "provn"):
            out = io.StringIO()
            assert corpus.export("prov", out, form) == 0
            assert not prov.model.ProvDocument.deserialize(content=out.getvalue(), format=form).records


def test_a_claim_in_the_speakers_own_words_is_a_quotation(tmp_path: Any) -> None:
    with Corpus(tmp_path / "c.db") as corpus:
        corpus.add_articles(
            [Article("a", "“The bridge will stay shut until the spring,” mayor Ann Lee said on Monday.", language="en")]
        )
        corpus.update()
        document = read(corpus, "json")
    assert pairs(document, DERIVED, "prov:Quotation") == pairs(document, DERIVED, "prov:PrimarySource") != set()
