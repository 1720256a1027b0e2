"""Models in use: exports, endpoints, certificates and scorings."""
