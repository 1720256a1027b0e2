"""What each page does when someone acts on it, one module a page."""
