"""Which text is shared: fingerprints, families, candidates, alignment, passages."""

from provenance.reuse.detector import Detection, detect
from provenance.reuse.index import INDEX_SCHEME, goes_on

__all__ = ["INDEX_SCHEME", "Detection", "detect", "goes_on"]
