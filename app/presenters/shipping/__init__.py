"""Models in production: exports, endpoints, certificates and scorings."""
