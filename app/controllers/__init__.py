"""What each page does on user input, one module per page."""
