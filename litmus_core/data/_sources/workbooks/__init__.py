"""Excel and OpenDocument workbooks, read in a process of their own."""
