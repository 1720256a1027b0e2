"""Views draw the frozen data they are given and return the visitor's request."""
