"""Deployment of candidates: certified bundles, exports and endpoints."""
