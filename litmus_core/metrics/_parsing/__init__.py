"""Parsing of metrics and bars: names, parameters, signs and numbers."""
