"""The basis of a verdict: scores on the judging rows, earlier evaluations, and problems of the data."""
