"""Endpoints: bundles with a name, and the processes that serve them."""
