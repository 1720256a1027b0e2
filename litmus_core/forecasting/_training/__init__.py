"""Training: rolling origins, every model at each of them, the ensemble, its intervals and its verdict."""
