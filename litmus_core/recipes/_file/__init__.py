"""A recipe's file: read, checked field by field, with a sentence for each problem."""
