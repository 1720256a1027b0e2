"""What a verdict rests on: scores of the rows that judge, earlier looks at them, and what the data hide."""
