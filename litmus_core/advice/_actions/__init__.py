"""Proposed actions, one module for each kind."""
