"""What each column adds to a model's margin, exactly."""
