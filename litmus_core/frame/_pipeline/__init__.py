"""The feature pipeline: from raw rows to features, the same in training and in production."""
