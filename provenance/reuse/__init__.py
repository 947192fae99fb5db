"""Which text is shared: fingerprints, families, candidates, alignment, passages."""

from provenance.reuse.detector import Detection, detect

__all__ = ["Detection", "detect"]
