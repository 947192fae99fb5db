"""Who had it from whom, and where a claim comes from."""

from provenance.chains.changes import Change
from provenance.chains.claims import Answer, Denial, Telling, Trace, trace
from provenance.chains.figures import Figure
from provenance.chains.links import link
from provenance.chains.pairs import pair_relation
from provenance.chains.resolution import chains

__all__ = ["Answer", "Change", "Denial", "Figure", "Telling", "Trace", "chains", "link", "pair_relation", "trace"]
