"""The parts of the Forecast page."""
