"""Many targets: a run for each, judged together, exported as one folder."""
