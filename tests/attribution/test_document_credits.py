"""Every kind of whole-document credit, each with three ways to write it and three lines that only look like it."""

from __future__ import annotations

import pytest

from provenance.attribution import Attributor
from provenance.model import Article, PageCredit
from provenance.settings import AttributionSettings

ATTRIBUTOR = Attributor(AttributionSettings())
SENTENCE = "The harbour was closed for the whole of the winter because of heavy ice in the bay."
BODY = "\n\n".join([SENTENCE] * 6)

Found = list[tuple[str, tuple[str, ...]]]

AP = "Associated Press"
AFP = "Agence France-Presse"


def credits_of(text: str, **fields: object) -> Found:
    found = ATTRIBUTOR.attribute(Article("x", text, **fields))  # type: ignore[arg-type]
    return [(one.kind, tuple(node.name for node in one.chain)) for one in found if one.scope == "document"]


@pytest.mark.parametrize(
    ("line", "kind", "chain"),
    [
        # via, hat tip
        ("Via The Cradle", "via-line", ("The Cradle",)),
        ("(via Reuters)", "via-line", ("Reuters",)),
        ("Hat tip: Quaywatch", "via-line", ("Quaywatch",)),
        # originally published
        ("Originally published at The Cradle.", "republish-notice", ("The Cradle",)),
        ("A version of this column originally appeared in The Hill newspaper.", "republish-notice", ("The Hill",)),
        ("Editor's note: This article first appeared on Quaywatch.", "republish-notice", ("Quaywatch",)),
        # republished from
        ("Republished from Quaywatch under a licence.", "republish-notice", ("Quaywatch",)),
        ("Cross-posted from Quaywatch", "republish-notice", ("Quaywatch",)),
        ("Reposted with permission from The Cradle.", "republish-notice", ("The Cradle",)),
        # authored by N, via O
        ("Authored by Ann Cole via Quaywatch,", "republish-notice", ("Quaywatch", "Ann Cole")),
        ("Written by Ann Cole of Harbour Times", "republish-notice", ("Harbour Times", "Ann Cole")),
        ("Submitted by Ann Cole of Harbour Times", "republish-notice", ("Harbour Times", "Ann Cole")),
        # submitted by O
        ("Submitted by Harbour Times", "republish-notice", ("Harbour Times",)),
        ("Submitted by Reuters", "republish-notice", ("Reuters",)),
        ("Submitted by Reuters, on Monday", "republish-notice", ("Reuters",)),
        # agency bylines
        ("By Reuters", "agency-byline", ("Reuters",)),
        ("By AFP", "agency-byline", (AFP,)),
        ("By Ann Cole, Associated Press", "agency-byline", (AP,)),
        # source lines
        ("Source: Quaywatch", "source-line", ("Quaywatch",)),
        ("Source: Reuters, 12 May", "source-line", ("Reuters",)),
        ("[Source: TASS]", "source-line", ("TASS",)),
    ],
)
def test_lines_at_the_head(line: str, kind: str, chain: tuple[str, ...]) -> None:
    assert credits_of(f"Harbour closed\n\n{line}\n\n{BODY}") == [(kind, chain)]


@pytest.mark.parametrize(
    "line",
    [
        # routes, apps and pictures
        "via WhatsApp",
        "Via Turkey and on to Greece they went",
        "Via Getty Images",
        # what was published elsewhere is not this article
        "He showed drawings, some of which were first published in the Harbour Times.",
        "The map had originally appeared in the Harbour Times, he said.",
        "They read an English version of the report published on Reuters in May.",
        # a word that ends as another begins, an article for a name, another edition
        "Dock Worker Accused Of Using Force",
        "REPRINTED FROM AN EARLIER CHRISTMAS",
        "Used of old by the sailors",
        # people and their plans
        "Authored by a committee of pilots",
        "Written by hand, via a clerk",
        "The plan was submitted by the guild",
        "Submitted by post",
        "Submitted by the mayor, Ann Cole",
        "Submitted by Ann Cole",
        # sentences that end with an outlet, pictures, people
        "Ann Cole is editor of National Review.",
        "The mayor speaks with Univision and Telemundo",
        "The interview appears in the May issue of The New Republic.",
        # what figures rest on, papers, headlines
        "Sources: harbour master, Reuters, the Census Bureau",
        "Source: Cole A.J., et al. Measuring Ice",
        "Source: Mayor, pilots change tone",
        "Source: Bureau of Harbour Statistics",
    ],
)
def test_lines_that_only_look_like_credit(line: str) -> None:
    found = [one for one in credits_of(f"Harbour closed\n\n{line}\n\n{BODY}") if one[0] != "byline-credit"]
    assert found == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        # the post … appeared first on
        ("The post Ice closes harbour appeared first on Quaywatch.", [("republish-notice", ("Quaywatch",))]),
        ("The post Ice first appeared on Harbour Times", [("republish-notice", ("Harbour Times",))]),
        ("The post “What now?” appeared first on The Cradle.", [("republish-notice", ("The Cradle",))]),
        # contributed: each outlet by itself, people passed over, a letter wrong or missing
        ("Reuters contributed to this report.", [("contributed", ("Reuters",))]),
        (
            "Reuters and The Associated Press contributed to this report.",
            [("contributed", (AP,)), ("contributed", ("Reuters",))],
        ),
        ("Quay News' Ann Cole, Tom Reed and Reuters contributed to this report", [("contributed", ("Reuters",))]),
        ("The Associate Press contributed to this report.", [("contributed", (AP,))]),
        ("• Associated Press writer Ann Cole in Easton contributed to this report.", [("contributed", (AP,))]),
        ("Cole reported from Easton. Associated Press writer Tom Reed contributed.", [("contributed", (AP,))]),
        ("With reporting by Reuters.", [("contributed", ("Reuters",))]),
        # distributed by
        ("Distributed by Tribune Content Agency.", [("sign-off", ("Tribune Content Agency",))]),
        ("Provided by SyndiGate Media Inc.", [("sign-off", ("SyndiGate Media Inc",))]),
        ("Syndicated by Harbour News Agency", [("sign-off", ("Harbour News Agency",))]),
        # copyright of a wire
        ("Copyright 2013 The Associated Press. All rights reserved.", [("sign-off", (AP,))]),
        ("© 2024 AFP", [("sign-off", (AFP,))]),
        ("(c) 2019 Reuters", [("sign-off", ("Reuters",))]),
        # sign-offs
        ("The ice is gone. /TASS/", [("sign-off", ("TASS",))]),
        ("The ice is gone. (ANI)", [("sign-off", ("ANI",))]),
        (f"{SENTENCE} --Reuters", [("sign-off", ("Reuters",))]),
        (f"“{SENTENCE}” — AFP", [("sign-off", (AFP,))]),
        (f"{SENTENCE} Source Reuters", [("source-line", ("Reuters",))]),
    ],
)
def test_lines_at_the_end(line: str, found: Found) -> None:
    assert credits_of(f"{BODY}\n\n{line}") == found


@pytest.mark.parametrize(
    "line",
    [
        "The post office was the first to appear on the new quay.",
        "The post appeared first, on Monday, in a shop window.",
        "The post on ice drew replies.",
        "Ann Cole contributed to this report.",
        "Reuters contributed to the confusion.",
        "The storm contributed to this.",
        "Leaflets were distributed by the pilots.",
        "Distributed by hand",
        "Power is provided by the town.",
        "Copyright law was changed.",
        "© Ann Cole",
        "The ice is gone (see above).",
        "The ice is gone. (Reuters photo)",
        "The ice is gone. /and so is the snow/",
        f"{SENTENCE} The pilots had told Reuters",
        f"{SENTENCE} It was a source of pride - Easton",
        f"{SENTENCE} A non-Reuters",
        "Photo: AFP",
        "Image credit: Reuters",
        "Ann Cole/Reuters",
    ],
)
def test_endings_that_only_look_like_credit(line: str) -> None:
    assert credits_of(f"{BODY}\n\n{line}") == []


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("LONDON (Reuters) - The harbour was closed.", "Reuters"),
        ("EASTON, Maine, Dec. 3 (UPI) -- The harbour was closed.", "United Press International"),
        ("MOSCOW, December 16. /TASS/. The harbour was closed.", "TASS"),
        # a tag that a copier left
        ("(Reuters) The harbour was closed.", "Reuters"),
        ("[AFP] The harbour was closed.", AFP),
        ("(Xinhua) The harbour was closed.", "Xinhua"),
        # lines that a page has run together
        ("Ice closes harbour Pilots AFP Monday 9 Feb 2015 The harbour was closed.", AFP),
        ("Ice closes harbour Reuters Feb 9, 2015 The harbour was closed.", "Reuters"),
        ("Ice closes harbour AP Tuesday, 10 February 2015 The harbour was closed.", AP),
    ],
)
def test_openings(start: str, name: str) -> None:
    assert [chain for _, chain in credits_of(f"{start}\n\n{BODY}")] == [(name,)]


@pytest.mark.parametrize(
    "start",
    [
        "The harbour (Reuters, the pilots say) was closed.",
        "Ann Cole (Easton High School, Easton, Kan.): The harbour was closed.",
        "The harbour (old) - closed.",
        "[Laughs] The harbour was closed.",
        "(Reuters was not there.) The harbour was closed.",
        "(Photo: AFP) The harbour was closed.",
        "The mayor told Reuters Monday 9 Feb 2015 that the harbour was closed.",
        "In a letter to AFP, Feb 9, 2015, the mayor wrote of the ice.",
        "Ice closes harbour NGO Monday 9 Feb 2015 The harbour was closed.",
    ],
)
def test_openings_that_only_look_like_credit(start: str) -> None:
    assert credits_of(f"{start}\n\n{BODY}") == []


@pytest.mark.parametrize("line", ["Reuters", "CNN", "The Associated Press"])
def test_a_bare_name_in_the_middle_is_no_byline(line: str) -> None:
    assert credits_of(f"{BODY}\n\n{line}\n\n{BODY}\n\n{BODY}") == []


@pytest.mark.parametrize("line", ["CNN", "Ann Cole\n\nCNN", "Ann Cole\n\nAP"])
def test_a_bare_name_opens_the_text_or_follows_its_author(line: str) -> None:
    assert [kind for kind, _ in credits_of(f"{line}\n\n{BODY}")] == ["agency-byline"]


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("This article first appeared on Quaywatch Pro.", "Quaywatch"),
        ("Originally published in Quaywatch Magazine.", "Quaywatch"),
        ("Copyright 2019 Quaywatch", "Quaywatch"),
    ],
)
def test_a_part_of_the_own_outlet_is_no_credit(line: str, outlet: str) -> None:
    assert credits_of(f"{BODY}\n\n{line}", outlet=outlet) == []


COPY = "https://copy.example/a"


@pytest.mark.parametrize(
    ("credit", "chain"),
    [
        (PageCredit("canonical", "…", url="https://thecradle.co/a"), ("The Cradle",)),
        (PageCredit("canonical", "…", url="https://www.rt.com/news/1?utm_source=x"), ("RT",)),
        (PageCredit("canonical", "…", url="https://quay.example/a"), ("quay.example",)),
        (PageCredit("syndication-source", "…", url="https://www.reuters.com/a"), ("Reuters",)),
        (PageCredit("original-source", "…", url="https://apnews.com/a"), (AP,)),
        (PageCredit("original-source", "…", name="TASS"), ("TASS",)),
        (PageCredit("is-based-on", "…", name="a report", url="https://tass.com/a"), ("TASS",)),
        (PageCredit("is-based-on", "…", name="Harbour Times"), ("Harbour Times",)),
        (PageCredit("is-based-on", "…", url="https://quay.example/a"), ("quay.example",)),
        (PageCredit("credit-text", "…", name="Reuters"), ("Reuters",)),
        (PageCredit("credit-text", "…", name="the Associated Press"), (AP,)),
        (PageCredit("credit-text", "…", name="Harbour Times"), ("Harbour Times",)),
        (PageCredit("source-organization", "…", name="AFP"), (AFP,)),
        (PageCredit("source-organization", "…", name="Quaywatch", url="https://www.rt.com/"), ("RT",)),
        (PageCredit("source-organization", "…", name="Harbour News Agency"), ("Harbour News Agency",)),
    ],
)
def test_page_credit(credit: PageCredit, chain: tuple[str, ...]) -> None:
    assert credits_of(BODY, credits=(credit,), url=COPY) == [("page-credit", chain)]


@pytest.mark.parametrize(
    "credit",
    [
        PageCredit("canonical", "…", url="https://copy.example/b"),
        PageCredit("canonical", "…", url="https://www.copy.example/a?utm_source=x"),
        PageCredit("canonical", "…", name=None, url=None),
        PageCredit("syndication-source", "…", url="https://copy.example/a"),
        PageCredit("original-source", "…", name="Getty Images"),
        PageCredit("is-based-on", "…", url="https://copy.example/old"),
        PageCredit("credit-text", "…", name="Shutterstock"),
        PageCredit("credit-text", "…", name="an unknown hand"),
        PageCredit("source-organization", "…", name="Copy Daily"),
        PageCredit("byline", "…", name="Ann Cole"),
    ],
)
def test_page_matter_that_is_no_credit(credit: PageCredit) -> None:
    assert credits_of(BODY, credits=(credit,), url=COPY, outlet="Copy Daily") == []
