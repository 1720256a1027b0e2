"""Plug-ins of a workspace: found, trusted, checked and copied for runs."""
