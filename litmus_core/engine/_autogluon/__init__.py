"""The interface to AutoGluon: metadata, scorers, loading and patches."""
