"""Which text is shared: fingerprints, families, candidates, alignment, passages."""
