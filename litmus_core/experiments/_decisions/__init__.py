"""Decisions that people make after a score is known."""
