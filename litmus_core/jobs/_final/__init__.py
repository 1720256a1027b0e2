"""After the verdict: the judged model is fitted again on every row, and that one is put to work."""
