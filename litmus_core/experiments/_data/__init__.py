"""Tables of a workspace: imported, checked, versioned and removed."""
