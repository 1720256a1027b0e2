"""Draw many targets: the questions before training, and what came of it."""
