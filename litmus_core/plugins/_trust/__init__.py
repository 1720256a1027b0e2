"""Trust in custom source: which code may run, its location, its hash and its signature."""
