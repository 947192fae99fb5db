from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from provenance.engines.spark.linking import pack_chain, pack_link, unpack_chain, unpack_link
from provenance.model import Chain, Evidence, Hop, Link, Span

_text = st.text(max_size=5)
_count = st.integers(0, 99)
_weight = st.floats(-5, 5)
_evidence = st.builds(Evidence, _text, _count, _count, _text, _text, st.sampled_from(["text", "page"]), _weight)
_several = st.lists(_evidence, max_size=3).map(tuple)
_link = st.builds(
    Link,
    upstream=st.none() | _text,
    upstream_name=_text,
    downstream=_text,
    relation=st.sampled_from(["update", "quotation"]),
    credited=st.booleans(),
    confidence=_weight,
    evidence=_several,
    documents=st.lists(_text, max_size=3).map(tuple),
    clusters=st.lists(_count, max_size=3).map(tuple),
    margin=_weight,
    runner_up=_text,
)
_hop = st.builds(Hop, _text, st.none() | _text, _text, st.sampled_from(["person", "agency"]), _several)
_chain = st.builds(
    Chain,
    _text,
    st.none() | st.builds(Span, _count, _count),
    _text,
    st.sampled_from(["assert", "deny"]),
    st.lists(_hop, max_size=3).map(tuple),
    _weight,
)


@given(_link)
def test_links_come_back_as_they_were(link: Link) -> None:
    assert unpack_link(json.loads(json.dumps(pack_link(link)))) == link


@given(_chain)
def test_chains_come_back_as_they_were(chain: Chain) -> None:
    packed = json.loads(json.dumps(pack_chain(chain, {}, {})))
    assert unpack_chain(packed, None) == chain


def test_evidence_of_attributions_is_referred_to() -> None:
    shown = (Evidence("a", 0, 3, "RT ", "rule"),)
    equal = (Evidence("a", 0, 3, "RT ", "rule"),)
    hops = (Hop("RT", None, "told", "outlet", shown), Hop("RT", None, "told", "outlet", equal))
    chain = Chain("a", None, "", "assert", hops, 0.5)
    packed = json.loads(json.dumps(pack_chain(chain, {id(shown): 4}, {id(shown): "a"})))
    kept = {("a", 4): shown}
    found = unpack_chain(packed, lambda document, place: kept[document, place])
    assert found == chain
    assert found.hops[0].evidence is shown
    assert found.hops[1].evidence is not shown
