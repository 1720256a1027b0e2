"""What people decide after a score is known."""
