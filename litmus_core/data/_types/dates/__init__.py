"""Recognise dates in texts, and say how they were read."""
