"""What checks share: the table, and analyses of it."""
