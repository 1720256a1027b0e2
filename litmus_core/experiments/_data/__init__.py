"""Tables of a workspace: import, check, fix, version and remove them."""
