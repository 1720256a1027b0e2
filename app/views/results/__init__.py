"""Results: the verdict, the models, their mistakes, and predictions."""
