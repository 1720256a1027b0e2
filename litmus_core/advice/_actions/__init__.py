"""Actions that may be proposed next, one module a kind."""
