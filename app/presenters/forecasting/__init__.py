"""Forecasts in words: what a table holds, what a forecast is worth, what it drew at earlier times."""
