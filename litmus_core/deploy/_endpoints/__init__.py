"""Endpoints: bundles behind a name, and the processes that serve them."""
