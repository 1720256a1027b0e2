"""The contents of a run's folder: models, their compiled forms and fitted values."""
