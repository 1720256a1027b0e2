"""Similarity of rows, texts and labels."""
