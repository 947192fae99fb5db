"""Where the work runs: on this machine, or on a cluster with the same kernels and the same results."""
