"""Post-processing steps: checking, fitting, storing and reporting them."""
