"""How alike rows, texts and labels are."""
