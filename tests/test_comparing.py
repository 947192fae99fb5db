"""Comparisons read only what concerns the two articles, and say the same as the whole collection would."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from provenance import Corpus
from provenance.chains import pair_relation
from provenance.comparing import compare
from provenance.errors import NotFoundError

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour"


def test_every_pair_stands_as_all_links_together_say(tmp_path: Path) -> None:
    with Corpus(tmp_path / "harbour.db") as corpus:
        corpus.run([HARBOUR / "articles"])
        every = tuple(corpus.links())
        ids = [article.id for article in corpus.documents()]
        for a, b in combinations(ids, 2):
            found = compare(corpus.store, corpus.settings.reuse, a, b, passages=False)
            assert (found.relation, found.why) == pair_relation(a, b, every)
            assert found.links == tuple(link for link in every if a in link.documents and b in link.documents)
        ready = compare(
            corpus.store,
            corpus.settings.reuse,
            "vpa-0312",
            "ostrand-beacon",
            links_of=lambda document: [link for link in every if document in (link.downstream, *link.documents)],
        )
        assert ready == corpus.compare("vpa-0312", "ostrand-beacon")
        with pytest.raises(NotFoundError, match="nonsense"):
            corpus.compare("vpa-0312", "nonsense")
