"""What came true of the answers of endpoints: outcomes, verdicts, causes, and the ways back."""
