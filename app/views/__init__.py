"""Views: they draw frozen data and return the visitor's request."""
