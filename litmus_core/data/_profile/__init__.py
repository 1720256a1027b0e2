"""A table's profile: what each column holds, and how strongly it relates to the target."""
