"""Serve an exported forecast: ``POST /forecast`` takes newer values and answers the next ones."""
