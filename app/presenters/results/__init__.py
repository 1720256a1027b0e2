"""Results: the verdict, the models, what they get wrong, and what they would answer."""
