"""A table's profile: what each column holds, and how much it says about the target."""
