"""What checks look at: the table, and the analyses that several of them share."""
