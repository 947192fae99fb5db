"""Web Annotations: every stretch is where it says it is, twice."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from provenance import Corpus
from provenance.errors import NotFoundError

MOTIVATIONS = {"describing", "linking"}
PURPOSES = {"describing", "tagging", "identifying", "classifying", "commenting", "linking"}


def collected(corpus: Corpus, document: str) -> dict[str, Any]:
    out = io.StringIO()
    count = corpus.export("annotations", out, document=document)
    read: dict[str, Any] = json.loads(out.getvalue())
    assert read["total"] == count == len(read["first"]["items"])
    return read


def items(corpus: Corpus, document: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = collected(corpus, document)["first"]["items"]
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def stretches(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in (*item["body"], *listed(item["target"])):
        if isinstance(resource.get("selector"), list):
            yield resource


def test_every_stretch_is_where_it_says(corpus: Corpus) -> None:
    for article in corpus.documents():
        for item in items(corpus, article.id):
            for resource in stretches(item):
                place, quote = resource["selector"]
                assert (place["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
                start, end = place["start"], place["end"]
                assert quote["exact"] == article.text[start:end]
                assert article.text[:start].endswith(quote["prefix"])
                assert article.text[end:].startswith(quote["suffix"])


def test_it_is_a_collection_of_the_model(corpus: Corpus) -> None:
    for article in corpus.documents():
        read = collected(corpus, article.id)
        assert read["@context"] == "http://www.w3.org/ns/anno.jsonld"
        assert (read["type"], read["first"]["type"]) == ("AnnotationCollection", "AnnotationPage")
        names = [item["id"] for item in read["first"]["items"]]
        assert len(set(names)) == len(names)
        for item in read["first"]["items"]:
            assert item["type"] == "Annotation"
            assert item["motivation"] in MOTIVATIONS
            assert listed(item["target"])
            assert {body["type"] for body in item["body"]} <= {"TextualBody", "SpecificResource"}
            assert {body["purpose"] for body in item["body"]} <= PURPOSES


def test_everything_known_of_an_article_is_there(harbour: Corpus) -> None:
    view = harbour.show("veld-voice")
    kinds = Counter(item["id"].split("/")[1] for item in items(harbour, "veld-voice"))
    wanted = {"attribution": len(view.attributions), "passage": len(view.passages), "chain": len(view.chains)}
    assert kinds == wanted


def test_an_attribution_says_who_and_where(harbour: Corpus) -> None:
    item = next(
        each
        for each in items(harbour, "ledger-denial")
        if "/attribution/" in each["id"] and each["body"][0]["value"].startswith("Aldery Business Daily ← Anneke Rusk")
    )
    words = {body["purpose"]: body["selector"][1]["exact"] for body in item["body"] if "selector" in body}
    assert "Anneke Rusk" in words["identifying"] or "Rusk" in words["identifying"]
    assert words["classifying"]


def test_a_credit_outside_the_text_is_given_as_words(harbour: Corpus) -> None:
    found = items(harbour, "estuary-dispatch.html")
    words = [body["value"] for item in found for body in item["body"] if body.get("purpose") == "commenting"]
    assert any("isBasedOn" in each for each in words)
    whole = [item for item in found if "selector" not in listed(item["target"])[0]]
    assert whole
    assert all(target["source"]["type"] == "Text" for item in whole for target in listed(item["target"]))


def test_a_passage_leads_to_its_other_copies(harbour: Corpus) -> None:
    item = next(each for each in items(harbour, "coastline-monitor") if "/passage/" in each["id"])
    linked = {body["source"] for body in item["body"] if body["purpose"] == "linking"}
    assert "urn:provenance:article:breakwater-pilots" in linked


def test_only_web_addresses_are_scopes(hostile: Corpus) -> None:
    scopes = {
        resource.get("scope", "")
        for article in hostile.documents()
        for item in items(hostile, article.id)
        for resource in listed(item["target"])
    }
    assert all(scope == "" or scope.startswith("https://x.example/%22%3E%3Cscript%3E") for scope in scopes)
    assert len(scopes) == 2


def test_an_article_that_is_not_held_or_not_named(harbour: Corpus) -> None:
    with pytest.raises(NotFoundError, match="no article"):
        harbour.export("annotations", io.StringIO(), document="nobody")
    with pytest.raises(NotFoundError, match="one article"):
        harbour.export("annotations", io.StringIO())
