"""``litmus_core.forecast`` and what it returns."""
