"""What is known of single columns before anything is learned: whether the question allows it."""
