"""The parser of recipe files, which checks each field and reports all problems."""
