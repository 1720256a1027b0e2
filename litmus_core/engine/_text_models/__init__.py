"""Model families for text columns."""
