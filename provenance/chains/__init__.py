"""Who had it from whom, and where a claim comes from."""
