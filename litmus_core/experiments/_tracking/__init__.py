"""Runs mirrored to an MLflow tracking server."""
