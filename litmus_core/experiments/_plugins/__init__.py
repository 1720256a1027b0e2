"""Plug-ins of a workspace: discover, trust, check, and copy them for runs."""
