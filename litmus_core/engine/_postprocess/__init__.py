"""Post-processing steps: checked, fitted, stored and reported."""
