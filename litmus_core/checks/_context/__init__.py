"""What checks examine: the table, and analyses that several of them share."""
