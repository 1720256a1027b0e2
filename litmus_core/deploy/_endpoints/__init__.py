"""Endpoints: named bundles, and the processes that serve them."""
