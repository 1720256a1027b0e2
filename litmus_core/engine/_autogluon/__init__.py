"""The borders with AutoGluon: metadata, scorers, loading and patches."""
