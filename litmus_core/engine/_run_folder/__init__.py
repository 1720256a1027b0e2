"""What a run's folder holds: models, their compiled forms and fitted values."""
