"""Controllers: they read, present, draw and act on user input, one module per page."""
