"""From a candidate to certified bundles, exports and endpoints."""
