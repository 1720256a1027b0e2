"""Certificates: a bundle measured in an environment of its own, and judged."""
